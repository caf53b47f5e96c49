"""Stage a controlled file: its lines as the register keys them, put beside it and counted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import polars as pl
from sqlalchemy import Engine

from jobs.codelists import schools
from jobs.imports.expected import NATIONAL
from jobs.register.datasets import Extent, Target
from jobs.register.staging import LINE, PARENT, QUARANTINED, VIOLATIONS, Staging

DUPLICATE_RULE = "REG-DUP-01"
SCHOOL_COUNTS = "school_counts.parquet"
COUNT_NAMES = {"elev": "elever", "kurs": "elevkurs", "fag": "faglinjer"}


class Slice(Protocol):
    """A part of a controlled file that holds whole people: clean frames, and what was found."""

    @property
    def frames(self) -> Mapping[str, pl.DataFrame]: ...
    @property
    def violations(self) -> pl.DataFrame: ...
    @property
    def quarantined(self) -> pl.DataFrame: ...
    @property
    def rows(self) -> int: ...


@dataclass
class Tally:
    """What a file held, counted slice by slice."""

    rows: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    per_school: list[pl.DataFrame] = field(default_factory=list)

    def add(self, part: Slice, frames: Mapping[str, pl.DataFrame], found: pl.DataFrame) -> None:
        self.rows += part.rows
        severity = found["alvor"]
        noted = {COUNT_NAMES.get(name, name): frame.height for name, frame in frames.items()} | {
            "karantene": part.quarantined.height,
            "satt_til_side": part.quarantined["eier"].n_unique(),
            "feil": int((severity == "ERROR").sum()),
            "advarsler": int((severity == "WARN").sum()),
        }
        self.counts = {name: self.counts.get(name, 0) + count for name, count in noted.items()}
        self.per_school += [
            frame.group_by("skolenummer").agg(antall=pl.len()).with_columns(frame=pl.lit(name))
            for name, frame in frames.items()
            if "skolenummer" in frame.columns
        ]

    def schools(self) -> pl.DataFrame:
        """Lines by school and frame: skolenummer, frame, antall."""
        schema = {"skolenummer": pl.String, "antall": pl.UInt32, "frame": pl.String}
        together = pl.concat([pl.DataFrame(schema=schema), *self.per_school])
        known = together.filter(pl.col("skolenummer").is_not_null())
        return known.group_by("skolenummer", "frame").agg(pl.col("antall").sum()).sort(pl.all())


def stage(
    engine: Engine, parts: Iterable[Slice], extent: Extent, delivery_id: int, folder: Path
) -> Tally:
    """Put a controlled file beside the register, ready for `load`; safe to do again."""
    tally, dataset = Tally(), extent.dataset
    with Staging(engine, dataset, delivery_id, folder) as staging:
        for part in parts:
            frames, found = register_frames(part, extent)
            tally.add(part, frames, found)
            placed = {t.frame: _placed(t, frames) for t in dataset.targets}
            staging.append({**placed, VIOLATIONS: found, QUARANTINED: part.quarantined})
    tally.schools().write_parquet(folder / SCHOOL_COUNTS)
    return tally


def register_frames(part: Slice, extent: Extent) -> tuple[dict[str, pl.DataFrame], pl.DataFrame]:
    """The frames as the register keys them, and what is to be reported.

    A line given twice is reported and left out, whatever the rules said of it.
    """
    frames, found = {}, [part.violations]
    for target in extent.dataset.targets:
        frame = _filled(part.frames[target.frame], target, extent.fylkesnummer)
        first = frame.unique(list(target.key), keep="first", maintain_order=True)
        if first.height < frame.height:
            repeated = frame.join(first, on=LINE, how="anti")
            found.append(_repeated(repeated, part.violations.schema))
        frames[target.frame] = first
    return frames, pl.concat(found)


def _filled(frame: pl.DataFrame, target: Target, county: str) -> pl.DataFrame:
    """Key columns are never null, and every row lies in a county."""
    if "eksamenstermin" in frame.columns:
        frame = frame.with_columns(pl.col("eksamenstermin").fill_null(""))
    if "fylkesnummer" not in target.table.columns:
        return frame
    if county != NATIONAL:
        return frame.with_columns(fylkesnummer=pl.lit(county))
    places = schools().select("skolenummer", "fylkesnummer")
    return frame.drop("fylkesnummer", strict=False).join(
        places, on="skolenummer", how="left", maintain_order="left"
    )


def _repeated(lines: pl.DataFrame, schema: pl.Schema) -> pl.DataFrame:
    sentence = (
        "Faget står flere ganger i samme elevkurs og eksamenstermin; bare den første linjen er "
        "lastet. Slett den overflødige linjen."
    )
    return lines.select(
        regel=pl.lit(DUPLICATE_RULE),
        alvor=pl.lit("WARN"),
        linje=pl.col("linje"),
        linjetype=pl.lit("KL"),
        skolenummer=pl.col("skolenummer"),
        felt=pl.lit("fagkode"),
        forklaring=pl.lit(sentence),
    ).cast(schema)


def _placed(target: Target, frames: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """The frame with its parents' lines."""
    frame = frames[target.frame]
    if not target.parent:
        return frame
    parents = frames[target.parent].select(pl.col(LINE).alias(PARENT), *target.parent_key)
    return frame.join(parents, on=list(target.parent_key), how="left", maintain_order="left")
