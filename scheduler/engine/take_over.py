"""Taking over: the runs of a node that is away go on elsewhere, from their last finished step.

1. A node is away when it has ended in order, or when its last beat is older than the limit, by the
   database's clock.
2. Only a node that has itself beaten all the while may judge: after an outage of the database, all
   beats are old, and nobody is dead.
3. The sessions of the node are ended first. One that only stood still can write nothing more through
   them, and holds no lock that its successor would wait for.
4. Its name is held meanwhile: by one peer at a time, and never beside a process that begins anew.
5. A run that was begun is handed on; its earlier execution owns it no longer, whatever comes of it.
6. Runs whose process has died twice in the same step go on one by one, in a queue of their own: what
   only died along with another ends there, and the one that kills nodes kills none of them.
7. A run whose process has died too often in the same step is given up and shown; the others go on.
"""

import logging
import shutil
from dataclasses import dataclass

from sqlalchemy.orm import Session

from jobs.api import work_folder
from scheduler.engine.durable.handing import Api, Left, busy, give_up, hand_on, left_by
from scheduler.engine.runtime import RuntimeParts
from scheduler.engine.terms import SUSPECTS
from scheduler.ledger import nodes, take_overs
from scheduler.ledger.database import reading
from scheduler.ledger.run_ids import key_of, number_of
from scheduler.ledger.tables import RehearsalRow, RunRow
from scheduler.ledger.take_overs import Died, Fate

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class TakeOver:
    """One node's eye on the others, and its hand for what they leave."""

    parts: RuntimeParts
    node: str

    def look(self, api: Api) -> None:
        """Take over what nodes that are away have begun."""
        with nodes.own_connection(self.parts.database) as connection:
            away = nodes.away(connection)
            away.pop(self.node, None)
            for name in busy(api, list(away)):
                nodes.cut_off(connection, name)
                with nodes.held_name(connection, name) as held:
                    if held:
                        self.succeed(api, name, died=not away[name])

    def succeed(self, api: Api, name: str, *, died: bool) -> None:
        """Hand on all that a node has left; its name must be held. Deaths are noted on the runs."""
        for left in left_by(api, [name]):
            fate = self._note(name, left) if died else Fate.GOES_ON
            if fate is Fate.GIVEN_UP:
                self._forget(left.run_id)
                give_up(api, left.run_id)
            else:
                queue = SUSPECTS.name if fate is Fate.GOES_ON_ALONE else left.queue
                hand_on(api, {left.run_id: queue})

    def _forget(self, run_id: str) -> None:
        """Remove what a rehearsal has written for its later steps: people's data that nobody needs now.

        A run keeps its own, since a person may let it go on from there.
        """
        with reading(self.parts.database) as session:
            rehearsed = session.get(RehearsalRow, run_id)
        if rehearsed:
            shutil.rmtree(work_folder(self.parts.data_dir, run_id), ignore_errors=True)

    def _note(self, name: str, left: Left) -> Fate:
        """What becomes of a run whose process died."""
        with Session(self.parts.database) as session, session.begin():
            run = session.get(RunRow, left.run_id)
            step = self._step(run, left) if run else ("", "")
            fate = take_overs.note(
                session, Died(left.run_id, name, *step), self.node, self.parts.clock()
            )
        said = {"action": "take-over", "node": name, "occurrence": key_of(left.run_id)}
        log.warning(
            "%s was left by %s in step %s, and %s",
            left.run_id,
            name,
            step[0] or "?",
            fate,
            extra={**said, "attempt": number_of(left.run_id)},
        )
        return fate

    def _step(self, run: RunRow, left: Left) -> tuple[str, str]:
        """Name and title of the first step that is not finished; none when all are."""
        job = self.parts.jobs.get(run.job)
        steps = [step for step in job.steps if step.name not in left.finished] if job else []
        return (steps[0].name, steps[0].title) if steps else ("", "")
