"""The printed description of formats, rules and code lists, made from the data.

`python -m jobs.imports.docs` writes docs/formats.md and docs/code-lists.md anew; a test keeps the
committed pages current.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple
from pathlib import Path
from typing import Any

import polars as pl

from jobs.codelists import FOLDER, table
from jobs.imports.layout import (
    DEFAULT,
    Field,
    FieldType,
    Layout,
    layout_names,
    line_types,
    load_layout,
)
from jobs.quality.derived import SPREAD, VOCABULARY, WHOLE_FILE
from jobs.quality.rules import EVERY_FRAME, Rule, load_rules, undecided

PAGES = Path(__file__).resolve().parents[2] / "docs"
INTRODUCTION = """\
# Filformat og kontrollregler

Siden er laget av `python -m jobs.imports.docs` fra oppsettene i `jobs/imports/layouts/` og reglene
i `jobs/quality/catalogue/`. Rett der, og lag siden på nytt. [Kodelistene](code-lists.md) har sin egen side.

Kilder: **P** offentlig, **S** oppgitt av eieren, **G** allment kjent, **I** vårt eget valg.
"""
RULES = """\
## Kontrollregler

Et sant predikat er et brudd; det som ikke kan avgjøres (tomme felt), er ikke et brudd. ERROR setter
personen til side med alle linjer, WARN og INFO lastes og meldes. Regler som heter EGEN- er våre
egne. Eksemplene er endringer i én riktig person; testene kjører dem.
"""
UNDECIDED = """\
## Regler som ikke kontrolleres

Publiserte regler om filene som innholdet i én fil ikke kan avgjøre, og hva som mangler. En
rapport uten brudd sier ingenting om dem.
"""
COLUMNS = """\
## Avledede kolonner

Kolonner som predikatene kan bruke, i tillegg til feltene i oppsettet.
"""
CODE_LISTS = """\
# Kodelister

Siden er laget av `python -m jobs.imports.docs` fra listene i `jobs/codelists/`. Rett der, og lag
siden på nytt. Listene er det offentlige kilder viser; en kode som ikke står her, er en advarsel og
ikke en feil. Fra og til er første og siste dag koden gjelder, og tomt er uten kjent grense.
Skoleregisteret (`schools.csv`) er syntetisk og ikke tatt med.

Kilder: **P** offentlig, **S** oppgitt av eieren, **G** allment kjent, **I** vårt eget valg.
"""


def formats_page() -> str:
    """The whole page as Markdown."""
    names = [DEFAULT, *(name for name in layout_names() if name != DEFAULT)]
    parts = [INTRODUCTION]
    parts += [_layout(load_layout(name)) for name in names]
    parts += [RULES, *(_rule(rule) for rule in load_rules())]
    parts += [UNDECIDED, _rows(("Regel", "Sier", "Mangler"), map(astuple, undecided()))]
    parts += [COLUMNS, *_columns()]
    return "\n".join(parts)


def _rows(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(
        f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |\n" for line in lines
    )


def _layout(layout: Layout) -> str:
    name = {"utf-8": "UTF-8", "iso-8859-1": "ISO-8859-1"}.get(layout.encoding, layout.encoding)
    default = " (forvalgt)" if layout.id == DEFAULT else ""
    settings = f"Skilletegn `{layout.separator}`, tegnsett {name}, linjeslutt CR LF (LF godtas), datoer ÅÅÅÅMMDD. Felt 1 er linjetypen.\n"
    notes = "".join(f"- {note}\n" for note in layout.notes)
    records = [
        f"### {layout.id}: `{kind}` {record.title}, {record.field_count} felt\n\n{_fields(record.fields)}"
        for kind, record in layout.records.items()
    ]
    return "\n".join([f"## {layout.title}: `{layout.id}`{default}\n", settings, notes, *records])


def _fields(fields: Iterable[Field]) -> str:
    head = ("Nr", "Felt", "Innhold", "Form", "Krav", "Kodeliste", "Kilde")
    return _rows(
        head,
        (
            (
                str(field.nr),
                f"`{field.name}`",
                field.meaning,
                _form(field),
                "J" if field.required else "N",
                f"[{field.codes}](code-lists.md#{field.codes})" if field.codes else "",
                field.evidence,
            )
            for field in fields
        ),
    )


def _form(field: Field) -> str:
    """The form as the handbook writes it: X(n) text, 9(n) digits."""
    if field.type is FieldType.DATE:
        return "ÅÅÅÅMMDD"
    letter = "9" if field.type is FieldType.NUMBER else "X"
    return f"{letter}({field.length})"


def _rule(rule: Rule) -> str:
    severity = ", ".join(f"{occasion}: {level}" for occasion, level in rule.alvor.items())
    predicates = "".join(
        f"- Brudd på {_reads(frame)}: `{' '.join(text.split())}`\n"
        for frame, text in rule.brudd.items()
    )
    examples = "- Eksempelet står i testene: regelen gjelder mange elever om gangen.\n"
    if rule.eksempel:
        broken, mended = _example(rule.eksempel.brudd), _example(rule.eksempel.gyldig)
        examples = f"- Bryter: {broken}\n- Holder: {mended}\n"
    return (
        f"### {rule.id} {rule.tittel}\n\n{rule.setning}. {rule.tiltak}\n\n"
        f"- Alvor: {severity}. Kilde: {rule.evidens}.\n{predicates}"
        f"{examples}"
    )


def _reads(frame: str) -> str:
    names = {
        WHOLE_FILE: "alle personer i filen",
        SPREAD: "hele filens fordeling",
        EVERY_FRAME: "linjer av alle slag",
    }
    return names.get(frame) or line_types()[frame]


def _example(edits: Mapping[str, Any]) -> str:
    return "; ".join(f"{line_types()[frame]} {_lines(edit)}" for frame, edit in edits.items())


def _lines(edit: Mapping[str, str] | list[Mapping[str, str]]) -> str:
    if isinstance(edit, list):
        return " og ".join(map(_lines, edit)) or "mangler"
    changes = ", ".join(f"{name} = {value or 'tom'}" for name, value in edit.items())
    return f"`{changes}`" if changes else "uendret"


def _columns() -> Iterator[str]:
    for frame, columns in VOCABULARY.items():
        rows = [(f"`{name}`", meaning) for name, meaning in columns.items()]
        title = line_types().get(frame) or _reads(frame).capitalize()
        yield f"### {title}\n\n{_rows(('Kolonne', 'Betydning'), rows)}"


def code_lists_page() -> str:
    """Every code list, with validity and evidence, as one page."""
    names = sorted(path.stem for path in FOLDER.glob("*.csv") if path.stem != "schools")
    return "\n".join([CODE_LISTS, *map(_code_list, names)])


def _code_list(name: str) -> str:
    heading = (
        line.removeprefix("# ")
        for line in (FOLDER / f"{name}.csv").read_text(encoding="utf-8").splitlines()
        if line.startswith("# ")
    )
    listed = table(name).with_columns(
        pl.format("`{}`", "kode").alias("kode"),
        pl.col("fra", "til").str.to_date().dt.strftime("%d.%m.%Y"),
    )
    titles = [column.replace("_", " ").capitalize() for column in listed.columns]
    rows = _rows(titles, listed.fill_null("").iter_rows())
    return f"## {name}\n\n{' '.join(heading)}\n\n{rows}"


if __name__ == "__main__":
    (PAGES / "formats.md").write_text(formats_page(), encoding="utf-8")
    (PAGES / "code-lists.md").write_text(code_lists_page(), encoding="utf-8")
