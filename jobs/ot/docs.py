"""The page docs/ot.md, made from the declared rules, gates, inputs and facts."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from jobs.ot.catalogue import Category, gates, inputs, rules
from jobs.ot.facts import VOCABULARY

PAGE = Path(__file__).parent.parent.parent / "docs" / "ot.md"
HEAD = """# Overføring til oppfølgingstjenesten (OT)

Siden er laget av `python -m jobs.ot.docs` fra `rules.yaml`, `gates.yaml` og `inputs.yaml` i `jobs/ot/`.
Rett der, og lag siden på nytt.

Kilder: **S** oppgitt av eieren, **P** offentlig, **I** vår lesning, **T** tynt, må avklares. En regel
har to: for gruppen og for vilkåret.

Den første statusen er alltid `OTUK`. En åpen OT-linje røres aldri av en overføring, så rådgiverens
status står. Gradert adresse stenger ikke: linjen legges til fylkets sentrale enhet og holdes utenfor
vanlige lister. `aarshjul transfer ot --county 46 --dry-run` viser hver kandidat med én setning.
OSMO overføres bare i fylker som har sett en prøvekjøring og valgt det (`aarshjul transfer osmo`).
"""
JOBS = {
    Category.APPLICANTS: "søkere (`transfer-ot-applicants`)",
    Category.BROKEN_OFF: "avsluttede elevkurs og kontrakter (`transfer-ot-broken-off`)",
    Category.YOUTH: "ungdom i eget fylke, OSMO (`transfer-ot-youth`)",
}


def page() -> str:
    """The whole page."""
    return "\n".join([HEAD, *_rules(), *_gates(), *_inputs(), *_facts()])


def _rules() -> Iterable[str]:
    yield "## Regler, den sterkeste først\n"
    for rule in rules():
        sub = ", ".join(f"`{name}` når `{text}`" for name, text in (rule.undergrunn or {}).items())
        yield f"### {rule.id} {rule.tittel}\n"
        yield f"- Kategori: {JOBS[rule.kategori]}. Gruppe i årshjulet: `{rule.gruppe}`."
        yield f"- Når: `{' '.join(rule.nar.split())}`"
        if rule.unntatt:
            yield f"- Bare når ingen av disse gjelder: {', '.join(rule.unntatt)}."
        yield f"- Tilmeldingskode: `{rule.tilmeldingskode}`{f', undergrunn {sub}' if sub else ''}."
        yield f"- Bevis som tas vare på: {', '.join(f'`{name}`' for name in rule.bevis)}."
        yield f"- Kilde: gruppen {rule.kilde}, vilkåret {rule.vilkar}.\n"


def _gates() -> Iterable[str]:
    yield "## Porter, i rekkefølge\n"
    rows = [
        (
            gate.id,
            gate.tittel,
            f"`{gate.stanser}`",
            ", ".join(gate.gjelder) or "alle",
            gate.feilkilde,
            gate.kilde,
        )
        for gate in gates()
    ]
    yield _table(("Port", "", "Stanser når", "Gjelder", "Feilkilde", "Kilde"), rows)


def _inputs() -> Iterable[str]:
    yield "## Hva som må være lest inn\n\nMangler det, nektes kategorien.\n"
    rows = [
        (
            ", ".join(entry.kategorier),
            " eller ".join(f"`{row}`" for row in entry.rader),
            " ".join(
                [
                    f"høyst {entry.hoyst_dager} dager gammelt" * bool(entry.hoyst_dager),
                    f"fra {entry.fra}" * bool(entry.fra),
                    f"til {entry.til}" * bool(entry.til),
                ]
            ).strip()
            or "i skoleåret",
            entry.kilde,
        )
        for entry in inputs()
    ]
    yield _table(("Kategorier", "Rad i årshjulet", "Når", "Kilde"), rows)


def _facts() -> Iterable[str]:
    yield "## Ordene i vilkårene\n"
    yield _table(("Ord", "Betydning"), [(f"`{name}`", text) for name, text in VOCABULARY.items()])


def _table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heading, ["---"] * len(heading), *rows]
    return "\n".join(f"| {' | '.join(row)} |" for row in lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
