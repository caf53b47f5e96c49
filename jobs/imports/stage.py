"""Stage a controlled file: its lines as the register keys them, put beside it and counted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import polars as pl
from sqlalchemy import Engine

from jobs.channels.files import whole_file
from jobs.codelists import schools
from jobs.imports.expected import NATIONAL
from jobs.imports.layout import line_types
from jobs.register.datasets import Dataset, Extent, Target
from jobs.register.staging import LINE, PARENT, QUARANTINED, VIOLATIONS, Staging, is_staged

DUPLICATE_RULE = "REG-DUP-01"
SCHOOL_COUNTS = "school_counts.parquet"


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

    dataset: Dataset
    rows: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    per_school: list[pl.DataFrame] = field(default_factory=list)

    def add(self, part: Slice, frames: Mapping[str, pl.DataFrame], found: pl.DataFrame) -> None:
        self.rows += part.rows
        severity = found["alvor"]
        noted = {t.many: frames[t.frame].height for t in self.dataset.targets} | {
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
    tally, dataset = Tally(extent.dataset), extent.dataset
    with Staging(engine, dataset, delivery_id, folder) as staging:
        for part in parts:
            frames, found = register_frames(part, extent)
            tally.add(part, frames, found)
            placed = {t.frame: _placed(t, frames) for t in dataset.targets}
            staging.append({**placed, VIOLATIONS: found, QUARANTINED: part.quarantined})
    with whole_file(folder / SCHOOL_COUNTS) as file:
        tally.schools().write_parquet(file)
    return tally


def is_whole(engine: Engine, extent: Extent, delivery_id: int, folder: Path) -> bool:
    """Whether all that `stage` puts down is still there: a crash or a restore may have taken some."""
    counted = (folder / SCHOOL_COUNTS).is_file()  # written last
    return counted and is_staged(engine, extent.dataset, delivery_id, folder)


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
            found.append(_repeated(repeated, target, part.violations.schema))
        frames[target.frame] = first
    return frames, pl.concat(found)


def _filled(frame: pl.DataFrame, target: Target, county: str) -> pl.DataFrame:
    """Key columns are never null, and every row lies in a county."""
    if "eksamenstermin" in frame.columns:
        frame = frame.with_columns(pl.col("eksamenstermin").fill_null(""))
    if "fylkesnummer" not in target.table.columns:
        return frame
    if county != NATIONAL or "skolenummer" not in frame.columns:
        return frame.with_columns(fylkesnummer=pl.lit(county))
    places = schools().select("skolenummer", "fylkesnummer")
    return frame.drop("fylkesnummer", strict=False).join(
        places, on="skolenummer", how="left", maintain_order="left"
    )


def _repeated(lines: pl.DataFrame, target: Target, schema: pl.Schema) -> pl.DataFrame:
    sentence = (
        "Linjen står flere ganger med samme nøkkel; bare den første er lastet. "
        "Slett den overflødige linjen."
    )
    school = "skolenummer" if "skolenummer" in lines.columns else pl.lit(None, pl.String)
    return lines.select(
        regel=pl.lit(DUPLICATE_RULE),
        alvor=pl.lit("WARN"),
        linje=pl.col("linje"),
        linjetype=pl.lit(line_types()[target.frame]),
        skolenummer=school,
        felt=pl.lit(target.distinct),
        forklaring=pl.lit(sentence),
    ).cast(schema)


def _placed(target: Target, frames: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """The frame with its parents' lines."""
    frame = frames[target.frame]
    if not target.parent:
        return frame
    parents = frames[target.parent].select(pl.col(LINE).alias(PARENT), *target.parent_key)
    return frame.join(parents, on=list(target.parent_key), how="left", maintain_order="left")
