"""Sowing: some plain pupils of an extract get a defect each."""

from collections.abc import Iterable

import polars as pl

from jobs.synth.defects import DEFECTS
from jobs.synth.pupil import Pupil, Row
from jobs.synth.pupils import Extract

PUPILS_PER_DEFECT = 4000  # one of each sort, and one more for every so many pupils


def sow(
    extract: Extract, rules: tuple[str, ...], county: str, seed: int
) -> tuple[Extract, Extract]:
    """Take some plain pupils out of an extract and give them back with a defect each."""
    if unknown := set(rules) - set(DEFECTS):
        raise ValueError(f"no defect is known for {', '.join(sorted(unknown))}")
    copies = 1 + extract.elev.height // PUPILS_PER_DEFECT if rules else 0
    wanted = list(rules) * copies
    chosen = _spread(_plain(extract), len(wanted), seed)
    pupils = [
        _changed(extract, number, rule, county) for number, rule in zip(chosen, wanted, strict=True)
    ]
    return _without(extract, chosen), _sown(extract, pupils)


def _plain(extract: Extract) -> list[int]:
    """Ordinary pupils in their first course, neither late nor gone."""
    ordinary = extract.fag.group_by("eiernr").agg(
        plain=pl.col("fagstatus").is_in(["B", "E", "F", "G", "N"]).all()
    )
    running = pl.col("avbruddsdato").is_null() & pl.col("startdato").is_null()
    courses = extract.kurs.filter(running, pl.col("voksen") == "N")
    plain = courses.join(ordinary.filter("plain"), on="eiernr", how="semi")
    return plain["eiernr"].sort().to_list()


def _spread(numbers: list[int], count: int, seed: int) -> list[int]:
    """Pick so many of the numbers, evenly over the file, another set for another seed."""
    if count > len(numbers):
        raise ValueError(f"{count} defects do not fit in {len(numbers)} plain pupils")
    first = seed % len(numbers)
    return [numbers[(first + n * len(numbers) // count) % len(numbers)] for n in range(count)]


def _changed(extract: Extract, number: int, rule: str, county: str) -> Pupil:
    tables = (extract.elev, extract.kurs, extract.fag)
    elev, kurs, fag = (table.filter(eiernr=number).to_dicts() for table in tables)
    pupil = Pupil(rule, county, kurs[0]["skolear"][:4], elev, kurs, fag)
    DEFECTS[rule](pupil)
    return pupil


def _without(extract: Extract, numbers: Iterable[int]) -> Extract:
    others = ~pl.col("eiernr").is_in(list(numbers))
    return Extract(*(table.filter(others) for table in (extract.elev, extract.kurs, extract.fag)))


def _sown(extract: Extract, pupils: list[Pupil]) -> Extract:
    def table(model: pl.DataFrame, rows: list[Row]) -> pl.DataFrame:
        given = dict.fromkeys((name for row in rows for name in row), pl.String)
        return pl.DataFrame(rows, schema={"regel": pl.String, **given, **model.schema})

    return Extract(
        table(extract.elev, [row for pupil in pupils for row in pupil.elev]),
        table(extract.kurs, [row for pupil in pupils for row in pupil.kurs]),
        table(extract.fag, [row for pupil in pupils for row in pupil.fag]),
    )
