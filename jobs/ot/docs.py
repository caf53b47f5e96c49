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

## Hvem som ser personene

`/ot` viser bare antall. Derfra kommer fylkets OT-kontakt (rollen `ot`) og driften til `/ot/<fylke>/personer`:
hvem som er på vei inn etter den siste kjøringen, hvem som er holdt utenfor og ved hvilken port, og de eldste
med `OTUK`; hver med setningen som forklarer det, og en side om hver person med historikken i fylket.

- Før noen vises, velges et formål; det gjelder til utlogging og står på siden.
- Hver person som vises, er en rad i leseloggen: konto, person, side, fylke, formål og tidspunkt. Raden skrives
  før navnet leses og i samme transaksjon, så ingenting vises uten den. Databasen nekter å endre rader, og å slette andre
  enn de gamle. Administrator ser loggen på `/drift/lesninger`, eller med `aarshjul persons reads [--person N]`.
- Lesinger slettes når de er fem år gamle (`AARSHJUL_READS_KEPT_YEARS`). Tiden er vårt forslag (I): ingen kilde vi har
  funnet, fastsetter den. Tjenesten rydder én gang i døgnet og skriver først en linje som blir stående, med antallet
  og den siste dagen. Uten linjen nekter databasen slettingen, og linjen kan hverken endres eller slettes.
- Adressen til en side har registerets eget nummer, aldri fødselsnummeret. Listene viser navn og fødselsår,
  personsiden også fødselsdato og de seks første sifrene. Adresse vises aldri, og det rådgiverne har skrevet,
  vises bare for OT i fylket.
- En prøvekjøring (`--dry-run`) tar vare på kandidatene til neste kjøring av kategorien; en generalprøve teller bare.

## Adressebeskyttelse

Merkene `K6` (strengt fortrolig) og `K7` (fortrolig) kommer i fil: `aarshjul persons marks FILE --by NAVN --why GRUNN`,
linjer med `fodselsnummer;personmerke;fra;til` (oppsettet er vårt, I), alle linjer eller ingen. Et merke som
gjelder, tar personen ut av de vanlige listene med en gang, og åpne OT-linjer flyttes til fylkets sentrale enhet, også tilbake når merket slutter.
De vanlige sidene viser bare hvor mange det er, og hos hvem: rollen `ot-protected` i fylket, som gis til dem
som følger dem opp. Ingen annen rolle ser dem, heller ikke driften. Bosted, skole, enhet og andre fylker vises
ikke. En mottaker av OT-data får dem hele, som de andre (Udir er et offentlig organ; om strengt fortrolig
adresse krever mer, må avklares, T: filen har enheten, men ingen adresse).

## OT-data: leveringskortet

Leveringen av OT-data har et [leveringskort](deliveries.md) som statistikken: fil, SHA-256, kontroller, kvittering og tider,
uten personer, og et antall under 5 vises som «få». Overføringene til OT er ikke leveringer: de skriver OT-linjer i
registeret, har ingen fil med en hash, og kvitteringen står på siden til fristen.

## OT-data: kontaktdato

`kontakt_dato` er den første dagen med kontakt siden tilmeldingen, slik statusfilen oppgir den; uten oppgitt dag er
det dagen statusen gjelder fra, når den bare kan gis etter kontakt. Statusene utenfor målgruppen krever ikke
kontakt (I), så de gir ingen dato.

## Tallene, og et syntetisk nasjonalt år

`/ot` og OT-data teller målgruppen etter fylke, enhet, kjønn, aldersgruppe, status og grunn; de fem grunnene summerer
til målgruppen. Har registeret hverken tilmeldte eller en overføring fra i fjor, sier siden at tallene fra i fjor ikke er der.

`jobs/synth/nation` lager et syntetisk land: hver person i en livssituasjon (`situations.csv`), 15 fylker, om lag 190 000
elever, 210 000 søkere og 48 000 kontrakter. Filene leses inn som ellers, og de ekte overføringene går gjennom året: søkere
15.09, 05.11 og 05.06, sluttere fire ganger (i årshjulet ukentlig), OSMO 20.10 i sju fylker (S; hvilke er vårt valg),
alderskuttet 01.01 og rådgivernes statuser i mai. Tallene per 15.06 holdes mot eierens (`seeds.csv`, med tillatt avvik).
`python -m bench ot_year` gjør det for hele landet i to skoleår, og tabellen står i [bench/README.md](../bench/README.md);
en test gjør det for en hundredel.

Det meste av formen er styrt: hvor mange som er utenfor uten å ha søkt, som takker nei, som ikke møter (OSMO), andelen
gutter og fordelingen av statuser er valgt etter eierens tall, og viser bare at regler og porter hverken mister eller
legger til noen. Det som kommer ut, er avbruddene (av 3–4 % sluttere, I), søkerne uten læreplass (P), grunnene
etter alder og virkningen av aldersgrensen fra 2024 (aldersfordelingen i hver situasjon er vårt anslag, I), alderskuttet, og at ingen med elevkurs, kontrakt, voksensøknad eller kompetanse får en linje,
selv om mer enn 70 000 av dem er kandidater. Fordelingen på fylke følger elevtallet (I); eieren har ikke oppgitt den.
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
