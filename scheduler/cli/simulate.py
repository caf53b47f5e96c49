"""`aarshjul simulate`: replay whole school years, with troubles, and judge what came of them."""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from scheduler.calendar import CalendarError, SchoolYear, parse_calendar
from scheduler.logs import log_to_stderr
from scheduler.settings import settings
from scheduler.simulate.scenario import FEW, MANY, Data, Fault, Scenario

MOST_YEARS = 20
SETS: dict[str, dict[Fault, int]] = {"none": {}, "few": FEW, "many": MANY}


def _year(_context: click.Context, _option: click.Parameter, value: str | None) -> str:
    try:
        return str(SchoolYear(value) if value else SchoolYear.of(datetime.now(UTC).date()))
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


def _faults(_context: click.Context, _option: click.Parameter, value: str) -> dict[Fault, int]:
    if value in SETS:
        return SETS[value]
    try:
        return dict.fromkeys((Fault(name.strip()) for name in value.split(",")), 1)
    except ValueError as error:
        known = ", ".join([*SETS, *(fault.value for fault in Fault)])
        raise click.BadParameter(f"Velg blant {known}.") from error


@click.command()
@click.option("--school-year", "year", callback=_year, help="Det første skoleåret; uten: årets.")
@click.option("--years", type=click.IntRange(1, MOST_YEARS), default=1, help="Hvor mange skoleår.")
@click.option("--seed", type=int, default=1, help="Frøet som alt trekkes fra.", show_default=True)
@click.option(
    "--faults",
    callback=_faults,
    default="few",
    show_default=True,
    help="none, few, many, eller feil med komma mellom, som crash-in-step,outage-3d.",
)
@click.option("--counties", default="", help="Fylkesnumre med komma mellom; uten: alle.")
@click.option(
    "--data",
    type=click.Choice([data.value for data in Data]),
    default=Data.NONE.value,
    show_default=True,
    help="Om fylkene leverer filer: none er uten, small er små syntetiske uttrekk, whole er alle i tide.",
)
@click.option("--json", "output", help="Skriv hele regnskapet hit; - er til skjermen.")
@click.option(
    "--keep",
    type=click.Path(path_type=Path, file_okay=False),
    help="Behold mappa med basen; den må være tom eller ikke finnes.",
)
def simulate(
    year: str,
    years: int,
    seed: int,
    faults: dict[Fault, int],
    counties: str,
    data: str,
    output: str | None,
    keep: Path | None,
) -> None:
    """Spill av skoleår på en simulert klokke, og se om noe ble tapt eller gjort dobbelt.

    Planlegger, motor, jobber, bevis og påminnelser er de virkelige; alt skjer i en egen mappe. Samme
    frø gir samme regnskap, byte for byte. Avslutter med 1 når noe ikke stemmer.
    """
    from scheduler.cli.simulated import show  # noqa: PLC0415 - heavy
    from scheduler.simulate.living import live  # noqa: PLC0415

    log_to_stderr("CRITICAL")
    text = settings().calendar.read_text(encoding="utf-8-sig")
    scenario = Scenario(year, years, seed, _chosen(text, counties), Data(data), faults)
    console = Console(stderr=output == "-")
    with _folder(keep) as folder, _progress(console) as progress:
        task = progress.add_task(year, total=None)

        def told(at: datetime, number: int, total: int) -> None:
            progress.update(task, description=f"{at:%d.%m.%Y}", completed=number, total=total)

        lived = live(scenario, folder, text, told)
    if output == "-":
        click.echo(lived.content, nl=False)
    elif output:
        Path(output).write_bytes(lived.content)
    show(lived, console)
    sys.exit(1 if lived.faults else 0)


def _chosen(text: str, counties: str) -> tuple[str, ...]:
    """The counties' numbers, in order; all must be in the calendar."""
    try:
        known = parse_calendar(text, settings().calendar.name).counties
    except CalendarError as error:
        raise click.ClickException(str(error)) from error
    wanted = sorted({number.strip() for number in counties.split(",") if number.strip()})
    for number in wanted:
        if number not in known:
            raise click.BadParameter(
                f"«{number}» er ikke et fylkesnummer i årshjulet.", param_hint="--counties"
            )
    return tuple(wanted)


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep is None:
        with tempfile.TemporaryDirectory(prefix="aarshjul-simulering-") as folder:
            yield Path(folder)
        return
    if keep.exists() and any(keep.iterdir()):
        raise click.ClickException(f"{keep} er ikke tom. Velg en annen mappe med --keep.")
    keep.mkdir(parents=True, exist_ok=True)
    yield keep


def _progress(console: Console) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(bar_width=40), MofNCompleteColumn())
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
