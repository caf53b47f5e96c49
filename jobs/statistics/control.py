"""Control of a delivery before it is sent: every rule that counts, held against the written files.

The rules of the imports judge the files as they stand, and rules of our own what only a delivery
shows. A finding names file and line, never a person.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import polars as pl

from jobs.identity import PRODUCTION, SYNTHETIC_ONLY
from jobs.imports.expected import Expected
from jobs.quality.derived import DERIVE, WHOLE_FILE, derive_people
from jobs.quality.engine import violations
from jobs.quality.rules import Severity
from jobs.register.datasets import DATASETS
from jobs.statistics.derived import derive_outgoing
from jobs.statistics.extract import Extract, WrittenFile
from jobs.statistics.frames import Frames, absent_columns, register_frames
from jobs.statistics.layout import layouts
from jobs.statistics.reader import read
from jobs.statistics.rules import outgoing_rules

LINES_SHOWN = 10
# The dataset whose rules judge a file, and the occasion they count on.
JUDGED_AS: Mapping[str, tuple[str, str]] = {
    **dict.fromkeys(("ssbElev", "ssbElevFag"), ("school", "telling")),
    **dict.fromkeys(("ssbResultat", "ssbResultatFag"), ("school", "slutt")),
    **dict.fromkeys(("ssbKontrakt", "ssbAvlagteProver"), ("apprentices", "fagopplaring")),
    **dict.fromkeys(("NOR", "Larebedrifter"), ("apprentices", "fagopplaring")),
    **dict.fromkeys(("Sokerdata", "Inntaksdata", "UdirFormidling"), ("applicants", "soker")),
    "Voksensokere": ("adults", "voksen"),
}
PRELIMINARY, FINAL = "forelopig", "endelig"


@dataclass(frozen=True, slots=True)
class Finding:
    """A broken rule in a file: how often, and the first lines it stands on."""

    regel: str
    alvor: str
    fil: str
    setning: str
    antall: int = 1
    linjer: tuple[int, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "linjer": list(self.linjer)}

    def __str__(self) -> str:
        lines = ", ".join(map(str, self.linjer))
        more = " …" if self.antall > len(self.linjer) > 0 else ""
        where = f" (linje {lines}{more})" if lines else ""
        times = "1 gang" if self.antall == 1 else f"{self.antall} ganger"
        return f"{self.regel} er brutt {times} i {self.fil}{where}: {self.setning}"


def control(
    written: Iterable[WrittenFile], extract: Extract, folder: Path, *, real_people: bool = False
) -> list[Finding]:
    """Read the written files back and judge them; the most serious findings first."""
    convention = extract.delivery.convention
    files = {
        file.kind: read(folder / file.name, layouts()[file.kind], convention) for file in written
    }
    found = pl.concat(
        [_by_the_imports_rules(files, extract, real_people), _by_ours(files, extract)]
    )
    return findings(found)


def occasion_of(extract: Extract) -> str:
    """The occasion that the delivery's rules count on, with its stage ("slutt.endelig")."""
    _dataset, occasion = JUDGED_AS[extract.delivery.files[0]]
    return f"{occasion}.{PRELIMINARY if extract.is_preliminary else FINAL}"


def _by_the_imports_rules(
    files: Mapping[str, pl.DataFrame], extract: Extract, real_people: bool
) -> pl.DataFrame:
    dataset, count = JUDGED_AS[extract.delivery.files[0]][0], extract.count
    expected = Expected(
        count.fylkesnummer,
        count.period,
        accept=PRODUCTION if real_people else SYNTHETIC_ONLY,
        occasion=occasion_of(extract),
    )
    wanted = tuple(target.frame for target in DATASETS[dataset].targets)
    frames = register_frames(files, wanted)
    derived = DERIVE[dataset](frames, expected, count.telledato)
    derived |= _everyone(frames, files)
    return violations(derived, expected.occasion, absent=absent_columns(files))


def _everyone(frames: Frames, files: Mapping[str, pl.DataFrame]) -> Frames:
    """The people of the files, where they carry names."""
    if "elev" not in frames or not any("elevnavn" in rows.columns for rows in files.values()):
        return {}
    people = frames["elev"].select("linje", "navn", "fodselsnummer", "linjetype")
    return {WHOLE_FILE: derive_people(people.with_columns(skolenummer=pl.lit(None, pl.String)))}


def _by_ours(files: Mapping[str, pl.DataFrame], extract: Extract) -> pl.DataFrame:
    frames = derive_outgoing(files, extract.count)
    return violations(frames, occasion_of(extract), outgoing_rules())


def findings(found: pl.DataFrame) -> list[Finding]:
    """Violations by rule and file."""
    grouped = found.group_by("regel", "alvor", "linjetype", "forklaring").agg(
        antall=pl.len(), linjer=pl.col("linje").drop_nulls().sort().head(LINES_SHOWN)
    )
    order = {severity.value: place for place, severity in enumerate(Severity)}
    rows = [
        Finding(regel, alvor, fil, text, antall, tuple(linjer))
        for regel, alvor, fil, text, antall, linjer in grouped.iter_rows()
    ]
    return sorted(rows, key=lambda row: (order[row.alvor], row.regel, row.fil, row.setning))
