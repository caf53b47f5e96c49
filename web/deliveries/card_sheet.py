"""Card sheet: what a delivery's card says, in words, the same for the page and for the PDF."""

from scheduler.calendar.occurrence import DateStatus
from scheduler.cards.card import Card, Standing
from scheduler.cards.facts import Answer
from scheduler.ledger.words import ACTIONS, RUN_STATES
from web.deliveries.card_forwarding import forwarding_facts
from web.deliveries.card_parts import NONE, Cell, Part, Sheet, Table, amount, hash_or, when, who
from web.deliveries.card_sending import sent_part
from web.site import Ledger
from web.words import text
from web.words.dates import clock_time, day_and_date, long_date
from web.words.language import gettext as _
from web.words.language import message

STANDING = {
    Standing.CONFIRMED: message("Kvittert av mottakeren"),
    Standing.UNCONFIRMED: message("Sendt eller på vei, uten kvittering"),
    Standing.REJECTED: message("Avvist av mottakeren"),
    Standing.NOT_SENT: message("Ikke sendt"),
    Standing.NOT_NEEDED: message("Skal ikke leveres"),
}


def sheet_of(at: Ledger, card: Card) -> Sheet:
    """The card in the language of the page."""
    o = card.occurrence
    sendings = tuple(sent_part(at, card, sending) for sending in card.sendings)
    return Sheet(
        card.name,
        text.scope(o.scope, at.counties),
        text.cycle(o.cycle),
        _(STANDING[card.standing]),
        (
            _times(at, card),
            *(sendings or (_nothing_sent(card),)),
            *((_feedback(at, card.feedback),) if card.feedback else ()),
            _decisions(card),
            _runs(card),
        ),
        o.key,
    )


def _times(at: Ledger, card: Card) -> Part:
    o = card.occurrence
    confirmed = o.date_status is DateStatus.CONFIRMED
    facts = [
        (_("I kalenderen"), Cell(day_and_date(o.nominal))),
        (_("Frist"), Cell(" ".join((day_and_date(card.due), clock_time(o.clock_time))).strip())),
        (_("Datoen er"), Cell(_("bekreftet dato") if confirmed else _("foreslått dato"))),
        (_("Telledato"), Cell(long_date(o.reference_date) if o.reference_date else NONE)),
        (_("Levert"), Cell(when(card.outcome_at if card.outcome == "done" else None))),
    ]
    forwarded = (fact for each in card.forwardings for fact in forwarding_facts(at, card, each))
    return Part(_("Tider"), (*facts, *forwarded))


def _nothing_sent(card: Card) -> Part:
    """In place of what was sent."""
    said = {
        "waived": message("Leveringen er fritatt, og ingenting er sendt."),
        "nothing": message("Fylket har ingenting å levere, og ingenting er sendt."),
        "done": message("Leveringen er kvittert, men hva som ble sendt, er ikke notert."),
    }
    missing = said.get(card.outcome or "", message("Ingenting er sendt, og ingenting er kvittert."))
    return Part(_("Det som ble sendt"), lacks=(_(missing),))


def _feedback(at: Ledger, said: Answer) -> Part:
    """What the receiver found wrong in the first delivery, as counts."""
    facts = (
        (_("Åpne"), amount(said.open)),
        (_("Rettet i en import"), amount(said.mended)),
        (_("Begrunnet"), amount(said.explained)),
    )
    rows = tuple(
        (
            Cell(text.row_name(mending.deliverable, at.calendar), authors=True),
            Cell(when(mending.at)),
            Cell(mending.run_id, code=True),
            amount(mending.lines),
        )
        for mending in said.mendings
    )
    columns = (_("Innlesing"), _("Lest inn"), _("Kjøring"), _("Linjer rettet"))
    table = Table(_("Importer som rettet"), columns, rows, _("Ingen import har rettet noe ennå."))
    lacks = (_("Noe mottakeren meldte feil i, er verken rettet eller begrunnet."),)
    return Part(_("Tilbakemeldinger"), facts, lacks if said.open else (), (table,))


def _decisions(card: Card) -> Part:
    rows = tuple(
        (
            Cell(when(decided.at)),
            Cell(_(ACTIONS.get(decided.action, decided.action))),
            Cell(who(decided)),
            Cell(decided.reason, authors=True),
            hash_or(decided.sha256, NONE),
        )
        for decided in card.decisions
    )
    columns = (_("Når"), _("Hva"), _("Rolle"), _("Begrunnelse"), _("Gjelder (SHA-256)"))
    table = Table(_("Beslutninger"), columns, rows, _("Ingen har bestemt noe om leveringen."))
    return Part(_("Hva mennesker har bestemt"), tables=(table,))


def _runs(card: Card) -> Part:
    rows = tuple(
        (
            amount(run.number),
            Cell(_(RUN_STATES[run.state])),
            Cell(when(run.ordered_at)),
            Cell(when(run.finished_at)),
            amount(run.version),
        )
        for run in card.runs
    )
    columns = (_("Kjøring"), _("Stand"), _("Bestilt"), _("Avsluttet"), _("Kalenderversjon"))
    table = Table(_("Kjøringer"), columns, rows, _("Ingen kjøringer ennå."))
    return Part(_("Kjøringer"), tables=(table,))
