"""Card forwarding: what became of the passing-on of a delivery's files, in words."""

from collections.abc import Iterator

from scheduler.cards.card import Card
from scheduler.cards.facts import Forwarding, PassedOn
from web.deadlines.passing import WENT_OF_ONE, Went
from web.deliveries.card_parts import Cell, roles_in_words, when
from web.site import Ledger
from web.words import text
from web.words.dates import long_date
from web.words.language import gettext as _


def forwarding_facts(at: Ledger, card: Card, forwarding: Forwarding) -> Iterator[tuple[str, Cell]]:
    """When it is planned, or who said that it was done, and of what."""
    receiver, passed = text.party(forwarding.receiver, at.calendar), forwarding.passed
    if passed is None:
        planned = _(
            "planlagt %(day)s til %(receiver)s; ingen har bekreftet den",
            day=long_date(forwarding.due),
            receiver=receiver,
        )
        yield _("Videresending"), Cell(planned)
        return
    done = _(
        "%(passed)s til %(receiver)s; bekreftet %(said)s av %(who)s",
        passed=when(passed.passed_at),
        receiver=receiver,
        said=when(passed.said_at),
        who=roles_in_words(passed.roles),
    )
    yield _("Videresendt"), Cell(done)
    yield _("Videresendt innhold"), _content(card, passed)
    yield _("Alt som ble videresendt (SHA-256)"), Cell(passed.sha256, code=True)
    if passed.reference:
        yield _("Referanse for videresendingen"), Cell(passed.reference, authors=True)


def _content(card: Card, passed: PassedOn) -> Cell:
    """Whether what the receiver has of this delivery was among it."""
    received = [sending.manifest_sha256 for sending in card.sendings if sending.confirmed_at]
    if not passed.manifest_sha256:
        went = Went.NOT_YET
    elif received and received[-1] != passed.manifest_sha256:
        went = Went.CHANGED
    else:
        went = Went.ON
    return Cell(_(WENT_OF_ONE[went]))
