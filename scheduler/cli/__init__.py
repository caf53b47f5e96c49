"""The command line `aarshjul`; each command's module is imported only when it is called."""

import ast
import importlib
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

from scheduler.settings import SettingsError

# Command -> module that holds a click command of that attribute name.
COMMANDS = {
    "accounts": ("scheduler.cli.accounts", "accounts"),
    "api": ("scheduler.cli.api", "api"),
    "backup": ("scheduler.cli.backup", "backup"),
    "calendar": ("scheduler.cli.calendar", "calendar"),
    "cancel": ("scheduler.cli.deeds", "cancel"),
    "cards": ("scheduler.cli.cards", "cards"),
    "channels": ("scheduler.cli.channels", "channels"),
    "contacts": ("scheduler.cli.contacts", "contacts"),
    "db": ("scheduler.cli.database", "db"),
    "deliver": ("scheduler.cli.delivering", "deliver"),
    "demo": ("scheduler.cli.demo", "demo"),
    "feedback": ("scheduler.cli.feedback", "feedback"),
    "feeds": ("scheduler.cli.feeds", "feeds"),
    "forwarded": ("scheduler.cli.deeds", "forwarded"),
    "import": ("scheduler.cli.importing", "import_"),
    "inbox": ("scheduler.cli.inbox", "inbox"),
    "keys": ("scheduler.cli.keys", "keys"),
    "messages": ("scheduler.cli.messages", "messages"),
    "notices": ("scheduler.cli.notify", "notices"),
    "pause": ("scheduler.cli.pausing", "pause"),
    "pauses": ("scheduler.cli.pausing", "pauses"),
    "persons": ("scheduler.cli.persons", "persons"),
    "plan": ("scheduler.cli.operate", "plan"),
    "quality": ("scheduler.cli.data", "quality"),
    "reminders": ("scheduler.cli.notify", "reminders"),
    "report": ("scheduler.cli.notify", "report"),
    "resolve": ("scheduler.cli.deeds", "resolve"),
    "restore": ("scheduler.cli.backup", "restore"),
    "resume": ("scheduler.cli.pausing", "resume"),
    "retry": ("scheduler.cli.deeds", "retry"),
    "risk": ("scheduler.cli.risk", "risk"),
    "run": ("scheduler.cli.deeds", "run"),
    "runs": ("scheduler.cli.operate", "runs"),
    "scheduler": ("scheduler.cli.serve", "scheduler"),
    "senders": ("scheduler.cli.senders", "senders"),
    "serve": ("scheduler.cli.serve", "serve"),
    "sftp": ("scheduler.cli.serve", "sftp"),
    "show": ("scheduler.cli.operate", "show"),
    "simulate": ("scheduler.cli.simulate", "simulate"),
    "synth": ("scheduler.cli.data", "synth"),
    "transfer": ("scheduler.cli.transfer", "transfer"),
    "verify": ("scheduler.cli.verify", "verify"),
    "waive": ("scheduler.cli.deeds", "waive"),
    "web": ("scheduler.cli.serve", "web"),
}


class LazyGroup(click.Group):
    """A group that knows its commands' names and imports a command when it is asked for."""

    def __init__(self, *words: Any, modules: Mapping[str, tuple[str, str]], **options: Any) -> None:
        super().__init__(*words, **options)
        self.modules = modules

    def list_commands(self, context: click.Context) -> list[str]:
        return sorted({*super().list_commands(context), *self.modules})

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in self.modules:
            return super().get_command(context, name)
        module, attribute = self.modules[name]
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands, each with the sentence that its source has: to import them all takes two seconds."""
        told = {name: click.Command(name, help=_help(*of)) for name, of in self.modules.items()}
        click.Group(commands={**self.commands, **told}).format_commands(context, formatter)


def _help(module: str, attribute: str) -> str | None:
    """The docstring of a function at the top of a module, which is not imported."""
    spec = find_spec(module)
    source = Path(spec.origin).read_text(encoding="utf-8") if spec and spec.origin else ""
    functions = (node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef))
    return next((ast.get_docstring(each) for each in functions if each.name == attribute), None)


@click.group(
    cls=LazyGroup, modules=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(package_name="aarshjul")
def cli() -> None:
    """Årshjul: årshjulet for data i videregående opplæring, som tjeneste.

    Frister, importer, leveringer og kvittering på ett sted. `aarshjul demo` viser det hele med
    syntetiske data.
    """


def main() -> Any:
    """Run the command line; a known fault ends in one readable line and exit code 1."""
    try:
        return cli(prog_name="aarshjul")
    except SettingsError as error:
        click.echo(f"Feil i innstillingene: {error}", err=True)
    except OSError as error:
        click.echo(f"{error.filename or 'Systemet'}: {error.strerror or error}", err=True)
    sys.exit(1)
