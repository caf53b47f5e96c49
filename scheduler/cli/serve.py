"""`aarshjul scheduler`, `web`, `sftp` and `serve`: the processes of the service."""

import os
import socket
import sys
from contextlib import closing

import click

from scheduler.cli.supervise import Child, run_together
from scheduler.logs import log_as_set
from scheduler.settings import Settings, settings


@click.command()
def scheduler() -> None:
    """Kjør planleggeren: tikk, importer og leveringer (til den får SIGTERM)."""
    from sqlalchemy.exc import OperationalError  # noqa: PLC0415 - heavy, as are the next

    from scheduler import daemon  # noqa: PLC0415 - only this command needs it
    from scheduler.engine.pulse import NameTakenError  # noqa: PLC0415

    log_as_set(settings())
    try:
        daemon.run(settings())
    except NameTakenError as error:
        raise click.ClickException(str(error)) from error
    except OperationalError as error:  # at the start; a tick tells its own
        where = settings().ledger_url.rpartition("@")[2]
        raise click.ClickException(
            f"Databasen {where} kan ikke åpnes ({error.orig}). Rett AARSHJUL_DATABASE_URL."
        ) from error


@click.command()
def web() -> None:
    """Vis nettstedet: tavle, hjul, forekomster, feeder (til det får SIGTERM)."""
    check_port_is_free(settings())
    check_sign_in(settings())
    command = web_command(settings())
    os.execv(command[0], command)  # noqa: S606 - our own interpreter; signals reach the server itself


@click.command()
def sftp() -> None:
    """Ta imot filer over SFTP (til den får SIGTERM); krever AARSHJUL_SFTP_PORT."""
    from scheduler.sftp import keys, serving  # noqa: PLC0415 - heavy, and only this command needs it

    config = settings()
    if config.sftp_port is None:
        raise click.ClickException("Sett porten SFTP skal svare på, som AARSHJUL_SFTP_PORT=2222.")
    check_sftp_port_is_free(config)
    log_as_set(config)
    fingerprint = keys.host_key(config.data_dir).get_fingerprint()
    click.echo(f"SFTP: {config.sftp_host} port {config.sftp_port}, vertsnøkkel {fingerprint}")
    serving.run(config)


@click.command()
def serve() -> None:
    """Kjør planlegger, nettsted og SFTP på én maskin; den som dør, startes på nytt."""
    config = settings()
    check_port_is_free(config)
    check_sftp_port_is_free(config)
    check_sign_in(config)
    run_together(processes(config), f"Nettstedet: {address(config)}", config.drain_seconds)


def processes(config: Settings) -> list[Child]:
    """The scheduler, the site, and SFTP when it has a port."""
    ours = [sys.executable, "-m", "scheduler.cli"]
    both = [
        Child("Planleggeren", [*ours, "scheduler"]),
        Child("Nettstedet", web_command(config)),
    ]
    return both if config.sftp_port is None else [*both, Child("SFTP", [*ours, "sftp"])]


def web_command(config: Settings) -> list[str]:
    """The web server's command line for these settings."""
    server = [sys.executable, "-m", "granian", "--interface", "wsgi", "--log-level", "warning"]
    listen = ["--host", config.host, "--port", str(config.port), "--workers", "1"]
    return [*server, *listen, "--blocking-threads", "4", "web.wsgi:app"]


def address(config: Settings) -> str:
    return f"http://{config.host}:{config.port}"


def check_sign_in(config: Settings) -> None:
    """Say now, with its line, what is wrong in the sign-in file."""
    if config.sign_in is not None:
        from web.access.providers import read_providers  # noqa: PLC0415 - only with such a file

        read_providers(config.sign_in)


def check_port_is_free(config: Settings) -> None:
    """Say so now, in words, instead of letting the web server fail later."""
    _must_be_free(config.host, config.port, "AARSHJUL_PORT=8001")


def check_sftp_port_is_free(config: Settings) -> None:
    """The same for SFTP, when it is on."""
    if config.sftp_port is not None:
        _must_be_free(config.sftp_host, config.sftp_port, "AARSHJUL_SFTP_PORT=2222")


def _must_be_free(host: str, port: int, remedy: str) -> None:
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise click.ClickException(
                f"Port {port} på {host} kan ikke brukes ({error.strerror}). "
                f"Stopp det som bruker den, eller velg en annen: {remedy}"
            ) from error
