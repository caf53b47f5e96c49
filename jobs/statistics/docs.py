"""The printed description of the deliveries, made from the declarations.

`python -m jobs.statistics.docs` writes docs/deliveries.md anew; a test keeps the page current.
"""

from collections.abc import Iterable, Sequence

from jobs.imports.docs import PAGES
from jobs.statistics.deliveries import FIRST, deliveries
from jobs.statistics.feedback_list import EVIDENCE, MEANING, columns_of
from jobs.statistics.layout import Field, Layout, layouts
from jobs.statistics.receivers import receivers
from jobs.statistics.rules import outgoing_rules

INTRODUCTION = """\
# Leveringer til SSB og Udir

Siden er laget av `python -m jobs.statistics.docs` fra oppsettene i `jobs/statistics/`. Kilder: **P**
offentlig, **S** oppgitt av eieren, **I** vårt eget valg; «P/I» er en offentlig variabel på en plass vi
har valgt. Filene kontrolleres også av [importenes regler](formats.md). Ingen verdi settes i anførselstegn.
"""

FEEDBACK = """\
## Tilbakemeldinger på en første levering ({})

En liste fra mottakeren er tekst i UTF-8 med semikolon, og er om én fil: nøkkelen til raden, slik den står i filen,
og tre kolonner til. Ingen mottaker har publisert en slik liste; formen er vår. Den tas inn med
`aarshjul feedback take KEY LISTE` eller på siden til leveringen, alle linjer eller ingen. Hver linje kobles til raden i leveringen. En linje
er rettet når en import har gjort raden til en annen, eller tatt den ut. Er raden riktig, kan linjen begrunnes alene: på siden eller med
`aarshjul feedback explain KEY LISTE LINJE --why "…"` (`feedback list KEY` viser numrene). Den endelige leveringen som har en rad uendret
som ingen har begrunnet, må begrunnes (EGEN-LEV-07). Siden viser fil, felt, mottakerens kode og hvor linjen står, aldri nøkkelen eller meldingen.
"""

FORWARDING = """\
## Videresending

Det fylkene har levert, sendes videre til Utdanningsdirektoratet neste arbeidsdag. Årshjulet sender det ikke og ser
det ikke, så videresendingen blir ferdig når den som driver tjenesten bekrefter den, og er forsinket til da. Siden til fristen viser hver levering
som er kvittert siden forrige videresending, med SHA-256 av manifestet, og én sum av dem alle; bekreftelsen er bundet til
summen og sier når det ble sendt videre, hvem som sier det og hvorfor. Den gis under «Styr fristen», i API-et (`forwarded`) eller med
`aarshjul forwarded KEY --sha256 SUM --at 2026-10-26T08:30 --why "…"`. Sendes en levering på nytt etterpå, kan også det bekreftes.
Leveringskortet sier om innholdet var med.
"""

WHOLE_YEAR = """\
## Et helt år av leveringer, uten virkelige data

To kommandoer leverer hver fil, første og endelige, fra syntetiske uttrekk, med kvittering og videresending, og pakker årets
leveringskort i én fil:

```
aarshjul simulate --school-year 2026-2027 --years 2 --data whole --faults none --keep simulering
AARSHJUL_DATA_DIR=simulering aarshjul cards --school-year 2027-2028 --out leveringskort.zip
```

Det må to skoleår til: den endelige ssbResultat i september er av skoleåret før, så den går først i det andre. I det første stoppes den, og
UdirFormidling i juli og august, fordi ingen har levert året før. Med `--data whole` leverer alle i tide og svarer på alt;
`small` trekker hvem som er sen, tar feil eller ikke leverer. `--counties 46` er ett fylke og noen minutter.
"""


def deliveries_page() -> str:
    """The whole page as Markdown."""
    sent = [(d.title, ", ".join(d.files), d.receiver, f"`{d.job}`") for d in deliveries().values()]
    forms = [
        (name, f"`{c.separator}`", c.encoding.value, c.line_end.value, c.evidence)
        for name, c in receivers().items()
    ]
    rules = [
        (
            r.id,
            f"{r.setning}. {r.tiltak}",
            ", ".join(f"{k}: {v}" for k, v in r.alvor.items()),
            r.evidens,
        )
        for r in outgoing_rules()
    ]
    parts = [INTRODUCTION, _rows(("Levering", "Filer", "Mottaker", "Jobb"), sent)]
    parts += [_rows(("Mottaker", "Skilletegn", "Tegnsett", "Linjeslutt", "Kilde"), forms)]
    parts += [_layout(layout) for layout in layouts().values()]
    parts += [FEEDBACK.format(EVIDENCE), _rows(("Om filen", "Første linje"), _headings())]
    parts += [_rows(("Kolonne", "Innhold"), [(f"`{n}`", said) for n, said in MEANING.items()])]
    parts += [FORWARDING, WHOLE_YEAR]
    parts += ["## Regler for leveringer\n", _rows(("Regel", "Sier", "Alvor", "Kilde"), rules)]
    return "\n".join(parts)


def _headings() -> list[tuple[str, str]]:
    """The heading of a list about each file that has a first delivery and a final one."""
    paired = [d for d in deliveries().values() if FIRST in d.preliminary and d.has_reference_date]
    kinds = dict.fromkeys(kind for delivery in paired for kind in delivery.files)
    return [(kind, f"`{';'.join(columns_of(kind))}`") for kind in kinds]


def _rows(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _layout(layout: Layout) -> str:
    notes = "".join(f"- {note}\n" for note in layout.notes)
    head = ("Nr", "Felt", "Innhold", "Form", "Krav", "Kodeliste", "Fra registeret", "Kilde")
    fields = _rows(head, map(_field, layout.fields))
    title = f"## {layout.title} ({layout.evidence})\n\nTelledato: {layout.reference}."
    return f"{title} Sortert etter {', '.join(layout.order)}.\n\n{notes}\n{fields}"


def _field(field: Field) -> tuple[str, ...]:
    return (
        field.nr,
        f"`{field.variable}`",
        field.title,
        f"{field.type.value}({field.most_characters})",
        "J" if field.required else "N",
        f"[{field.codes}](code-lists.md#{field.codes})" if field.codes else "",
        field.source or "tomt",
        field.evidence,
    )


if __name__ == "__main__":
    (PAGES / "deliveries.md").write_text(deliveries_page(), encoding="utf-8")
