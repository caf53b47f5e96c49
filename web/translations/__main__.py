"""Bring the catalogues up to date: `python -m web.translations update`.

New sentences come in untranslated, those that nothing says any more go out. Says what is lacking,
and ends with 1 if anything is.
"""

import sys

import click
from babel.messages.pofile import write_po

from web.translations.sentences import faults, path_of, template, written
from web.words.language import NAMES, SOURCE

WIDTH = 100


@click.group()
def main() -> None:
    """Katalogene med nynorsk og engelsk."""


@main.command()
def update() -> None:
    """Ta inn nye setninger, ta ut dem ingen bruker, og si hva som mangler."""
    lacking = 0
    for code in NAMES:
        if code == SOURCE:
            continue
        catalogue = written(code)
        catalogue.update(template(), no_fuzzy_matching=True)
        with path_of(code).open("wb") as file:
            write_po(
                file,
                catalogue,
                width=WIDTH,
                no_location=True,
                omit_header=True,
                sort_output=True,
                ignore_obsolete=True,
            )
        found = faults(code)
        lacking += len(found)
        for fault in found:
            click.echo(f"{code}: {fault}")
    sys.exit(1 if lacking else 0)


if __name__ == "__main__":
    main()
