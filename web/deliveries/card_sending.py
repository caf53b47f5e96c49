"""Card sending: one content that was sent, in words: its files, what the control found, its receipts."""

from scheduler.cards.card import Card
from scheduler.cards.facts import Lack, Receipt, Sending, Version
from web.deliveries.card_parts import NONE, Cell, Part, Table, amount, hash_or, when, who
from web.site import Ledger
from web.words import text
from web.words.dates import clock
from web.words.language import gettext as _
from web.words.language import message

LACKS = {
    Lack.FILES: message("Filene og kontrollene er ikke notert: den ble sendt før de ble det."),
    Lack.APPROVAL: message("Ingen har godkjent dette innholdet, enda det har advarsler."),
    Lack.RECEIPT: message("Kvitteringen fra mottakeren mangler."),
}
CHANNELS = {
    "outbox": message("utboksen"),
    "sftp": message("SFTP til mottakeren"),
    "https": message("HTTPS til mottakeren"),
    "": message("ikke notert"),
}
RECEIPTS = {
    "delivery": message("Kvittering"),
    "slip-matched": message("Kvitteringsfil, for dette innholdet"),
    "slip-faulty": message("Kvitteringsfil, ikke hel"),
    "slip-stray": message("Kvitteringsfil, for et annet innhold"),
    "slip-replaced": message("Kvitteringsfil, erstattet av en nyere"),
    "slip-settled": message("Kvitteringsfil, gjort opp av et menneske"),
}


def sent_part(at: Ledger, card: Card, sending: Sending) -> Part:
    several = len(card.sendings) > 1
    title = (
        _("Det som ble sendt, kjøring %(number)s", number=sending.run)
        if several
        else _("Det som ble sendt")
    )
    return Part(
        title,
        _facts(at, sending),
        tuple(_(LACKS[lack]) for lack in sending.lacks),
        (_files(sending), _controls(sending), _receipts(sending), _sources(at, sending)),
    )


def _facts(at: Ledger, sending: Sending) -> tuple[tuple[str, Cell], ...]:
    counts = sending.counts
    judged = _(
        "feil: %(errors)s, advarsler: %(warnings)s, opplysninger: %(notes)s",
        errors=_times(counts["ERROR"]),
        warnings=_times(counts["WARN"]),
        notes=_times(counts["INFO"]),
    )
    return (
        (_("Mottaker"), Cell(text.party(sending.receiver, at.calendar), authors=True)),
        (_("Kalenderen da"), Cell(_version(sending.version))),
        (_("Kjøringen bestilt"), Cell(when(sending.ordered_at))),
        (_("Sendt"), Cell(when(sending.sent_at))),
        (_("Kvittert"), Cell(when(sending.confirmed_at))),
        (_("Kanal"), Cell(_(CHANNELS[sending.channel]))),
        (_("Manifest (SHA-256)"), Cell(sending.manifest_sha256, code=True)),
        (_("Konvolutt (SHA-256)"), hash_or(sending.envelope_sha256, _("sendt uten konvolutt"))),
        (_("Kontrollen"), Cell(judged)),
        (_("Godkjent"), Cell(_approval(sending))),
        *(((_("Begrunnelse"), Cell(a.reason, authors=True)),) if (a := sending.approval) else ()),
    )


def _times(count: int | None) -> str:
    return _("få") if count is None else text.number(count)


def _version(version: Version | None) -> str:
    if version is None:
        return NONE
    return _(
        "versjon %(number)s, i bruk fra %(when)s, SHA-256 %(sha256)s",
        number=version.number,
        when=clock(version.in_use_since),
        sha256=version.sha256[:12],
    )


def _approval(sending: Sending) -> str:
    if sending.approval is None:
        return _("nei") if sending.must_be_signed else _("ikke nødvendig")
    return _(
        "%(when)s av %(who)s, for dette manifestet",
        when=clock(sending.approval.at),
        who=who(sending.approval),
    )


def _files(sending: Sending) -> Table:
    rows = tuple(
        (
            Cell(file.name, code=True),
            amount(file.rows),
            amount(file.bytes),
            Cell(file.layout),
            Cell(file.sha256, code=True),
        )
        for file in sending.files
    )
    columns = (_("Fil"), _("Rader"), _("Byte"), _("Oppsett"), _("SHA-256"))
    return Table(_("Filer"), columns, rows, _("Ingen filer er notert."))


def _controls(sending: Sending) -> Table:
    rows = tuple(
        (
            Cell(found.rule, code=True),
            Cell(_(text.SEVERITIES[found.severity])),
            Cell(found.file, code=True),
            Cell(_times(found.count), number=True),
        )
        for found in sending.controls
    )
    columns = (_("Regel"), _("Alvor"), _("Fil"), _("Ganger"))
    return Table(_("Brutte regler"), columns, rows, _("Ingen regler er brutt."))


def _receipts(sending: Sending) -> Table:
    rows = tuple(
        (
            Cell(when(receipt.at)),
            Cell(_kind(receipt)),
            Cell(receipt.reference, code=True),
            hash_or(receipt.sha256, NONE),
        )
        for receipt in sending.receipts
    )
    columns = (_("Når"), _("Slag"), _("Referanse"), _("SHA-256"))
    return Table(_("Kvitteringer"), columns, rows, _("Ingen kvittering er kommet."))


def _kind(receipt: Receipt) -> str:
    if receipt.by_word:
        return _("Kvittering, oppgitt av et menneske")
    return _(RECEIPTS.get(receipt.kind, RECEIPTS["delivery"]))


def _sources(at: Ledger, sending: Sending) -> Table:
    rows = tuple(
        (
            Cell(text.row_name(source.deliverable, at.calendar), authors=True),
            Cell(when(source.received_at)),
            amount(source.rows),
            Cell(source.sha256, code=True),
        )
        for source in sending.sources
    )
    columns = (_("Innlesing"), _("Mottatt"), _("Linjer"), _("SHA-256"))
    return Table(_("Filer radene kommer fra"), columns, rows, _("Ingen kilder er notert."))
