"""Files that a person takes in by command: their faults by line, on the screen."""

from pathlib import Path

import click

from jobs.imports.lines import FileFault


def nothing_changed(file: Path, fault: FileFault) -> click.ClickException:
    """Tell each fault with its line; gives what ends the command, since all lines hold or none."""
    for line, sentence in fault.faults:
        where = f"{file.name}, linje {line}" if line else file.name
        click.echo(f"{where}: {sentence}", err=True)
    return click.ClickException("Ingenting er endret.")
