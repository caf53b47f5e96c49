"""`aarshjul demo`: replay a school year with synthetic data, then serve it and go on live."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from scheduler.cli.serve import address, check_port_is_free, processes
from scheduler.cli.supervise import run_together
from scheduler.logs import log_to_stderr
from scheduler.settings import Settings, read_settings, settings

MARK = "dette-er-en-demo"


@click.command()
@click.option("--keep", is_flag=True, help="Fortsett på forrige demo i stedet for en ny.")
def demo(keep: bool) -> None:
    """Vis hele tjenesten: syntetiske data, et avspilt skoleår, nettsted og planlegger.

    Alt skjer i mappa var/demo. Ingen ekte data er med, og mappa kan slettes når som helst.
    """
    config = _demo_settings()
    check_port_is_free(config)
    with _alone(config.data_dir):
        _show(config, keep=keep)


def _show(config: Settings, *, keep: bool) -> None:
    replayed = keep and (config.data_dir / MARK).exists()
    if not replayed:
        _start_afresh(config.data_dir)
        _replay(config)
    _go_live(config)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the demo's lock, so that a second demo never deletes the data of a running one."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_name(f"{folder.name}.lock").open("w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise click.ClickException(
                f"En demo kjører alt i {folder}. Stopp den, eller gi den nye en egen mappe med "
                "AARSHJUL_DATA_DIR."
            ) from error
        yield


def _demo_settings() -> Settings:
    folder = settings().data_dir / "demo"
    return read_settings(
        data_dir=folder, database_url="", mail_folder=folder / "mail", demo=True, tick_seconds=2
    )


def _start_afresh(folder: Path) -> None:
    """An empty demo folder; a folder that is not a demo of ours is never deleted."""
    if folder.exists():
        if any(folder.iterdir()) and not (folder / MARK).exists():
            raise click.ClickException(
                f"{folder} inneholder noe som ikke er en demo. Flytt det, eller velg en annen "
                "mappe med AARSHJUL_DATA_DIR."
            )
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    (folder / MARK).write_text("Laget av `aarshjul demo`; kan slettes.\n", encoding="utf-8")


def _replay(config: Settings) -> None:
    from sqlalchemy.orm import Session  # noqa: PLC0415 - heavy, and --help need not wait for it

    from scheduler.demo.accounts import seed_accounts  # noqa: PLC0415
    from scheduler.demo.replaying import replay  # noqa: PLC0415
    from scheduler.simulate.clock import LedClock  # noqa: PLC0415
    from scheduler.simulate.led import LedService  # noqa: PLC0415

    log_to_stderr("ERROR")
    now = datetime.now(UTC)
    clock = LedClock(now)
    columns = (TextColumn("{task.description}"), BarColumn(bar_width=24), TimeElapsedColumn())
    # What the replay publishes, and when, is part of the story; a saved file waits until it is over.
    led = config.model_copy(update={"publish": "by-command"})
    with LedService(led, clock) as service, Progress(*columns) as progress:
        task = progress.add_task("Spiller av skoleåret …", total=None)
        events = replay(service, clock, now)
        for event in events:
            progress.update(task, description=f"{event.at:%d.%m.%Y} {event.told}", advance=1)
        with Session(service.database) as session, session.begin():
            seed_accounts(session, now)
        progress.update(task, description="Skoleåret er spilt av", total=1, completed=1)


def _go_live(config: Settings) -> None:
    from scheduler.demo.accounts import ACCOUNTS, PASSWORD  # noqa: PLC0415

    os.environ.update(
        AARSHJUL_DATA_DIR=str(config.data_dir),
        AARSHJUL_DATABASE_URL=config.ledger_url,
        AARSHJUL_DEMO="true",
        AARSHJUL_MAIL_FOLDER=str(config.mail_folder),
        AARSHJUL_LOG_LEVEL="ERROR",
        AARSHJUL_TICK_SECONDS=str(config.tick_seconds),
    )
    run_together(
        processes(config),
        f"Demoen er klar: {address(config)}\n"
        f"Logg inn som {', '.join(name for name, _ in ACCOUNTS)}, alle med passordet {PASSWORD}.\n"
        "Endre en dato i calendar.yaml, lagre, og se den på siden. Avslutt med Ctrl+C.",
        config.drain_seconds,
    )
