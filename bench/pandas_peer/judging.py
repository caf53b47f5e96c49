"""The control: parse, derive, judge by the rules that count in October, set pupils aside.

Leaves out what only makes a service of it: the line pass, counts by school, bounded memory.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from bench.pandas_peer.deriving import Frames, derive
from bench.pandas_peer.reading import read
from jobs.imports.expected import Expected
from jobs.imports.layout import load_layout
from jobs.quality.derived import WHOLE_FILE
from jobs.quality.rules import load_rules

LINE_TYPES = {"elev": "EL", "kurs": "EK", "fag": "KL"}
HOURS = r"NOR300[1-3]|ENG300[1-3]|NOR18(?:0[1-9]|1[0-8])|UPF|IOP|TEO9000|YSL|YFF4[12]90"
NAME = r"(?:[^\W\d_]|[ .,'’-])+"
FIELDS = {"EGEN-FELT-01": "mangler", "EGEN-FELT-02": "form", "EGEN-FELT-03": "kode"}
Broken = dict[str, pd.Series]  # rule to whether each line breaks it


@dataclass(frozen=True)
class Judged:
    """Clean frames, what was found, and the lines set aside."""

    frames: Frames
    violations: pd.DataFrame
    quarantined: pd.DataFrame


def control(path: Path, expected: Expected, on: date) -> Judged:
    layout = load_layout()
    lines = path.read_text(encoding=layout.encoding).split("\n")
    frames = derive(read(lines, layout, expected.first_day), expected, on)
    judged = {"elev": _pupils, "kurs": _courses, "fag": _subjects}
    broken = {name: judged[name](frame) | _fields(frame) for name, frame in frames.items()}
    assert set().union(*broken.values()) == counted(expected.occasion), (
        "other rules than the catalogue's"
    )
    found = pd.concat(
        _told(name, frame, broken[name], expected.occasion) for name, frame in frames.items()
    )
    aside = _set_aside(frames, found, lines)
    clean = {name: frame[~frame["linje"].isin(aside["linje"])] for name, frame in frames.items()}
    return Judged(clean, found.sort_values(["linje", "regel"]), aside)


def counted(occasion: str) -> set[str]:
    """The rules of the catalogue that count for a file of pupils on an occasion."""
    rules = (rule for rule in load_rules() if rule.severity(occasion))
    return {rule.id for rule in rules if any(map(rule.reads, (*LINE_TYPES, WHOLE_FILE)))}


def _fields(frame: pd.DataFrame) -> Broken:
    return {rule: frame[f"felt_{fault}"].notna() for rule, fault in FIELDS.items()}


def _pupils(elev: pd.DataFrame) -> Broken:
    name = elev["navn"]
    return {
        "CR-FNR-01": elev["fodselsnummer"].notna() & ~elev["godtatt"],
        "CR-NAME-01": name.notna() & ~name.str.fullmatch(NAME, na=False),
        "EGEN-DUP-01": elev["like"] > 1,
        "CR-DUP-02": elev["navnesosken"] > 1,
    }


def _courses(kurs: pd.DataFrame) -> Broken:
    status, code, series = kurs["elevstatus"], kurs["fullfortkode"], kurs["serie"]
    start, end = kurs["startdato"], kurs["avbruddsdato"]
    return {
        "CR-DUP-01": kurs["like"] > 1,
        "CR-KURS-01": kurs["lopende"] & (kurs["antall_lopende"] > 1),
        "CR-KODE-02": kurs["programomradekode"].str.len().fillna(10) != 10,
        "CR-KODE-05": ~kurs["i_fylket"]
        | ((series == "fagopplaring") & ~status.isin(["L", "K"]))
        | ((series == "privatist") & (status != "P")),
        "CR-STAT-01": ((status == "S") & end.isna())
        | ((status == "X") & (kurs["antall_faglinjer"] > 0)),
        "CR-STAT-03": (status == "V") & ~kurs["fagstatuser"].str.contains("V"),
        "CR-STAT-04": status.isin(["U", "I"]),
        "CR-DATE-01": (end < start) | (kurs["i_aret"] & kurs["utenfor"]),
        "CR-DATE-02": end.notna() & (code != "S"),
        "CR-DATE-05": (status == "P") & start.notna(),
        "CR-DATE-09": end.isna() != kurs["avbruddsarsak"].isna(),
        "CR-FULL-01": kurs["felt_kode_streng"].notna()
        | (code.isin(["L", "K"]) & (series.notna() & (series != "fagopplaring"))),
        "CR-FULL-03": (code == "S") & end.isna(),
        "EGEN-AAR-01": kurs["skolear"].notna() & ~kurs["i_aret"],
        "EGEN-FAG-01": kurs["antall_faglinjer"] > 60,
        "EGEN-KOBL-01": kurs["fodselsnummer"].notna() & ~kurs["har_elev"],
    }


def _subjects(fag: pd.DataFrame) -> Broken:
    status, end, course_end = fag["fagstatus"], fag["avbruddsdato"], fag["kurs_avbruddsdato"]
    ended = (status == "S") & (end == course_end)
    return {
        "CR-DATE-02": course_end.notna() & ~fag["vurdert"] & ~ended & (status.notna() | end.isna()),
        "CR-DATE-06": status.notna() & (end.notna() != (status == "S")),
        "CR-DATE-08": (fag["kurs_elevstatus"] == "P") & end.notna(),
        "CR-TIMER-01": fag["timer"].isna() & fag["fagkode"].str.match(HOURS, na=False),
        "CR-KAR-01": fag["felt_kode_streng"].notna(),
        "CR-KAR-06": fag["fagkode"].str.startswith("IOP", na=False)
        & (fag["fagmerknad"] == "FAM05"),
        "EGEN-DUP-02": fag["like"] > 1,
        "EGEN-KOBL-02": fag["uten_kurs"],
    }


def _told(name: str, frame: pd.DataFrame, broken: Broken, occasion: str) -> pd.DataFrame:
    """The broken rules as rows of the register's table."""
    rules = {rule.id: rule for rule in load_rules()}
    told = []
    for number, wrong in broken.items():
        rule, lines = rules[number], frame[wrong]
        detail = ": " + lines["grunn"] if rule.detalj else ""
        told.append(
            pd.DataFrame(
                {
                    "linje": lines["linje"],
                    "regel": number,
                    "alvor": str(rule.severity(occasion)),
                    "linjetype": LINE_TYPES[name],
                    "skolenummer": lines["skolenummer"].where(
                        lines["skolenummer"].str.fullmatch("[0-9]{5}", na=False)
                    ),
                    "felt": lines[rule.felt_fra] if rule.felt_fra else rule.felt,
                    "forklaring": rule.setning + detail + ".",
                }
            )
        )
    return pd.concat(told)


def _set_aside(frames: Frames, found: pd.DataFrame, lines: list[str]) -> pd.DataFrame:
    """Every line of a pupil with an ERROR, as received, with the rules that pupil broke."""
    errors = found.loc[found["alvor"] == "ERROR", ["linje", "regel"]]
    owners = pd.concat(frame[["linje", "fodselsnummer"]] for frame in frames.values())
    owned = errors.merge(owners, on="linje").drop_duplicates(["fodselsnummer", "regel", "linje"])
    listed = owned.sort_values("regel").drop_duplicates(["fodselsnummer", "regel"])
    rules = listed.dropna().groupby("fodselsnummer")["regel"].agg(",".join).rename("regler")
    of_pupils = owners.merge(rules.reset_index(), on="fodselsnummer")
    nobodys = owned[owned["fodselsnummer"].isna()].sort_values("regel")
    nobodys = nobodys.groupby("linje")["regel"].agg(",".join).rename("regler").reset_index()
    aside = pd.concat([of_pupils, nobodys]).rename(columns={"fodselsnummer": "eier"})
    return aside.assign(raw=[lines[number - 1] for number in aside["linje"]])
