"""A dry run: the same reading and rules as a transfer, nobody transferred.

Its counts are kept, and its candidates until the next run, for the follow-up service to look at.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from jobs.ot import basis, store
from jobs.ot.candidates import Found, find
from jobs.ot.catalogue import Category
from jobs.ot.transfer import Transfer


@dataclass(frozen=True, slots=True)
class DryRun:
    """What a transfer would do: the categories it would refuse, with sentences, and the candidates."""

    refused: dict[Category, list[str]]
    found: Found


def dry_run(
    engine: Engine, transfer: Transfer, word: Mapping[Category, Mapping[str, str]], now: datetime
) -> DryRun:
    """Find the candidates of the categories that are not refused, and note that it was done.

    `word` has the categories asked for, each with what `basis.missing` takes as somebody's word.
    """
    with Session(engine.execution_options(read_only=True)) as session:
        refused = {
            category: missing
            for category, said in word.items()
            for missing in basis.missing(session, transfer, [category], said).values()
        }
    asked = [category for category in word if category not in refused]
    found = find(engine, transfer, asked)
    if asked:
        run_id = f"prøve/{transfer.skolear}/{transfer.fylkesnummer}/{now:%Y-%m-%dT%H%M%S.%f}"
        with Session(engine) as session, session.begin():
            writer = store.Writer(run_id, now)
            store.note(session, transfer, asked, found.told, writer, dry=True)
            store.on_the_way(session, transfer, found.candidates, asked, writer)
    return DryRun(refused, found)
