"""What the rules read beside the fields, with merge and groupby."""

from datetime import date

import numpy as np
import pandas as pd

from jobs.codelists import schools
from jobs.identity import WEIGHTS_1, WEIGHTS_2, classify
from jobs.imports.expected import Expected
from jobs.quality.status import Course, elevstatus

COURSE = ["fodselsnummer", "skolear", "skolenummer", "programomradekode"]
SUBJECT = [*COURSE, "fagkode", "eksamenstermin"]
ASSESSED = ["termin2", "standpunkt", "skriftlig", "muntlig", "annen"]
STATUS_OF = ["avbrutt", "er_voksen", "bedrift", "kategori", "fagstatuser"]
Frames = dict[str, pd.DataFrame]


def derive(read: Frames, expected: Expected, on: date) -> Frames:
    """The frames with their derived columns; `on` is the day the file was written."""
    elev, fag = read["elev"], read["fag"].assign(eksamenstermin=_or_empty(read["fag"]))
    kurs = _courses(read["kurs"], elev, fag, expected)
    return {"elev": _pupils(elev, kurs, on), "kurs": kurs, "fag": _subjects(fag, kurs)}


def _or_empty(fag: pd.DataFrame) -> pd.Series:
    return fag["eksamenstermin"].fillna("")


def _pupils(elev: pd.DataFrame, kurs: pd.DataFrame, on: date) -> pd.DataFrame:
    number = elev["fodselsnummer"]
    placed = kurs.drop_duplicates("fodselsnummer").set_index("fodselsnummer")["skolenummer"]
    accepted = _is_synthetic(number)
    said = {n: ", ".join(classify(n, on).reasons) for n in number[~accepted].dropna().unique()}
    day = number.str[0].replace({"4": "0", "5": "1", "6": "2", "7": "3"})
    name, born = elev["navn"].str.lower(), day + number.str[1:6]
    return elev.assign(
        skolenummer=number.map(placed),
        godtatt=accepted,
        grunn=number.map(said).replace("", "slaget nummer er ikke tillatt her"),
        like=elev.groupby("fodselsnummer")["linje"].transform("size"),
        navnesosken=number.groupby([name, born], dropna=False).transform("nunique"),
    )


def _is_synthetic(number: pd.Series) -> pd.Series:
    """Whether the number is a synthetic one (month + 80) that holds by the rule until 2032."""
    formed = number.str.fullmatch("[0-9]{11}", na=False)
    value = number.where(formed, "0").astype("int64").to_numpy()

    def part(start: int, length: int) -> np.ndarray:
        return value // 10 ** (11 - start - length) % 10**length

    holds = [
        sum(part(n, 1) * w for n, w in enumerate(weights)) % 11 == 0
        for weights in (WEIGHTS_1, WEIGHTS_2)
    ]
    day, month, short, individual = part(0, 2) % 40, part(2, 2) - 80, part(4, 2), part(6, 3)
    year = np.select(
        [
            individual < 500,
            (individual < 750) & (short >= 54),
            short < 40,
            individual >= 900,
        ],
        [short + 1900, short + 1800, short + 2000, short + 1900],
        0,
    )
    born = pd.DataFrame({"year": year, "month": month, "day": day}, number.index)
    exists = pd.to_datetime(born, errors="coerce").notna()
    return formed & (part(0, 1) < 8) & holds[0] & holds[1] & exists


def _courses(
    kurs: pd.DataFrame, elev: pd.DataFrame, fag: pd.DataFrame, expected: Expected
) -> pd.DataFrame:
    known = fag.dropna(subset=COURSE)
    letters = known.drop_duplicates([*COURSE, "fagstatus"]).dropna(subset="fagstatus")
    below = known.groupby(COURSE).size().rename("antall_faglinjer").reset_index()
    kinds = letters.sort_values("fagstatus").groupby(COURSE)["fagstatus"].agg("".join)
    register = pd.DataFrame(schools().to_dicts())[["skolenummer", "fylkesnummer", "serie"]]
    kurs = (
        kurs.merge(below, on=COURSE, how="left")
        .merge(kinds.rename("fagstatuser").reset_index(), on=COURSE, how="left")
        .merge(register, on="skolenummer", how="left")
    )
    day = pd.Timestamp(expected.telledato)
    start, end = kurs["startdato"], kurs["avbruddsdato"]
    running = (start.isna() | (start <= day)) & (end.isna() | (end > day))
    several = kurs[running].drop_duplicates(["fodselsnummer", *COURSE[2:]])
    kurs = kurs.assign(
        fullfortkode=kurs["fullfortkode"].fillna("X"),
        antall_faglinjer=kurs["antall_faglinjer"].fillna(0),
        fagstatuser=kurs["fagstatuser"].fillna(""),
        i_aret=kurs["skolear"] == expected.skolear,
        i_fylket=kurs["fylkesnummer"] == expected.fylkesnummer,
        utenfor=_outside(start, expected) | _outside(end, expected),
        har_elev=kurs["fodselsnummer"].isin(elev["fodselsnummer"].dropna()),
        like=kurs.groupby(COURSE)["linje"].transform("size"),
        lopende=running,
        antall_lopende=kurs["fodselsnummer"].map(several.groupby("fodselsnummer").size()),
    )
    return _with_status(kurs)


def _outside(day: pd.Series, expected: Expected) -> pd.Series:
    return (day < pd.Timestamp(expected.first_day)) | (day > pd.Timestamp(expected.last_day))


def _with_status(kurs: pd.DataFrame) -> pd.DataFrame:
    """Compute elevstatus once for each distinct kind of course."""
    seen = kurs.assign(
        avbrutt=kurs["avbruddsdato"].notna(),
        er_voksen=kurs["voksen"] == "J",
        bedrift=kurs["skolenummer"].str.endswith("000", na=False),
        kategori=kurs["programomradekode"].str[6:8].fillna(""),
    )
    kinds = seen[STATUS_OF].drop_duplicates()
    statuses = [elevstatus(Course(*kind)) for kind in kinds.itertuples(index=False)]
    return seen.merge(kinds.assign(elevstatus=statuses), on=STATUS_OF, how="left")


def _subjects(fag: pd.DataFrame, kurs: pd.DataFrame) -> pd.DataFrame:
    courses = kurs.dropna(subset=COURSE).drop_duplicates(COURSE)
    courses = courses[[*COURSE, "avbruddsdato", "elevstatus"]].rename(
        columns={"avbruddsdato": "kurs_avbruddsdato", "elevstatus": "kurs_elevstatus"}
    )
    fag = fag.merge(courses, on=COURSE, how="left", indicator="kurs")
    return fag.assign(
        uten_kurs=(fag["kurs"] == "left_only") & fag[COURSE].notna().all(axis=1),
        vurdert=fag[ASSESSED].notna().any(axis=1),
        like=fag.groupby(SUBJECT)["linje"].transform("size"),
    )
