"""`aarshjul api`: the description of the API, for tools and for people."""

import json
from pathlib import Path

import click

OUT = click.option("--out", type=click.Path(path_type=Path), help="Skriv til denne filen.")


@click.group()
def api() -> None:
    """API-et: skriv beskrivelsen av det."""


@api.command()
@OUT
def describe(out: Path | None) -> None:
    """Skriv OpenAPI-beskrivelsen som JSON."""
    from web.api import description  # noqa: PLC0415 - loads the site

    _write(json.dumps(description(), ensure_ascii=False, indent=2) + "\n", out)


@api.command()
@OUT
def docs(out: Path | None) -> None:
    """Skriv oppslagssiden om API-et."""
    from web.api import description  # noqa: PLC0415 - loads the site
    from web.api.reference import reference_page  # noqa: PLC0415

    _write(reference_page(description()), out)


def _write(text: str, out: Path | None) -> None:
    if out:
        out.write_text(text, encoding="utf-8")
    else:
        click.echo(text, nl=False)
