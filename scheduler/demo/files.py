"""Files: what counties deliver of adults, applicants and contracts, and Waade of private schools."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from jobs.imports.intakes import intakes
from jobs.synth import write_kind, write_private
from scheduler.calendar import SchoolYear
from scheduler.calendar.occurrence import NATIONAL
from scheduler.daemon import Service
from scheduler.simulate.files import Folder

FINNMARK = "56"


@dataclass(frozen=True, slots=True)
class Filed:
    """A day on which a row's files are delivered: month, day and years after the autumn."""

    deliverable: str
    month: int
    day: int
    later: int = 0
    without: tuple[str, ...] = ()

    def on(self, cycle: str) -> date:
        return date(SchoolYear(cycle).start_year + self.later, self.month, self.day)


FILED = (
    Filed("vok-inschool-aug", 8, 12, without=(FINNMARK,)),  # nobody is registered for adults there
    Filed("inn-sokere-vigo-host", 8, 20),
    Filed("fag-kontrakter-vigo", 9, 30),
    Filed("fag-kontrakter-vigo", 11, 30),
    Filed("fag-kontrakter-vigo", 1, 4, later=1),
    Filed("vok-inschool-feb", 1, 28, later=1, without=(FINNMARK,)),
    Filed("inn-sokere-vigo-var", 3, 9, later=1),
    Filed("inn-sokere-vigo-var", 5, 24, later=1),
    Filed("fag-kontrakter-vigo", 5, 31, later=1),
    Filed("inn-sokere-vigo-var", 7, 7, later=1),
)
# From the one sender that all private schools have.
PRIVATE = (
    Filed("skole-priv-programomrader-sep", 9, 8),
    Filed("skole-priv-telling-okt", 10, 8),
    Filed("skole-priv-slutt-start-nov", 11, 4),
    Filed("skole-priv-slutt-start-jan", 1, 14, later=1),
    Filed("skole-priv-termin1-feb", 2, 12, later=1),
    Filed("skole-priv-telling-apr", 4, 8, later=1),
    Filed("skole-priv-slutt-jun", 6, 23, later=1),
)


Delivered = tuple[date, str, Callable[[Service], None]]


def files_of(
    cycle: str, counties: Sequence[str], seed: int, then: Callable[[Service], None]
) -> Iterator[Delivered]:
    """The day, what is told, and the deed, of every file in a school year; `then` takes them in."""
    for filed in FILED:
        yield (
            filed.on(cycle),
            "Voksne, søkere og kontrakter",
            _drop(filed, cycle, counties, seed, then),
        )
    for filed in PRIVATE:
        yield filed.on(cycle), "Private skoler", _drop(filed, cycle, (NATIONAL,), seed, then)


def _drop(
    filed: Filed,
    cycle: str,
    senders: Sequence[str],
    seed: int,
    then: Callable[[Service], None],
) -> Callable[[Service], None]:
    def act(service: Service) -> None:
        calendar = service.ticker.calendar
        if calendar is None:
            return
        intake = intakes()[calendar.deliverables[filed.deliverable].job or ""]
        for sender in senders:
            if sender in filed.without:
                continue
            kind = partial(
                write_kind,
                kind=intake.layout,
                county=sender,
                period=intake.period.of(cycle),
                written=filed.on(cycle),
                seed=seed,
            )
            private = partial(write_private, cycle=cycle, seed=seed)
            name = f"{filed.deliverable}_{sender}_{filed.on(cycle):%d%m}.txt"
            folder = Folder(service.settings.data_dir, sender, filed.deliverable)
            folder.put(name, private if sender == NATIONAL else kind, service.clock())
        then(service)

    return act
