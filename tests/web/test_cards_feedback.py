"""Feedback on a delivery stands on its card as counts, with the imports that mended it, and nobody's row."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from jobs.register.feedback import Feedback
from jobs.register.tables import Delivery
from scheduler.ledger import runs
from tests.web import seed
from tests.web.cards_seeded import LATER, SOURCE_SHA, sent
from tests.web.pdf_text import text_of
from tests.web.test_cards import FINAL, FIRST, page, pdf

OF, SECRET = "ssbElev+ssbElevFag/46/20262027/2026-10-01", "den hemmelige nøkkelen"
RECEIPT = {"kind": "delivery", "receiver": "ssb", "reference": "R-7", "detail": {}}


def feedback_line(session, outbound, line, **values):
    """A line about the delivery; `line` is its number in the list."""
    session.add(
        Feedback(
            delivery_id=session.scalars(select(Delivery.id)).first(),
            linje=line,
            outbound_id=outbound.id,
            speaks_for=OF,
            fil="ssbElev",
            nokkel=[SECRET],
            rad_sha256="0" * 64,
            felt="",
            kode="A1",
            melding=SECRET,
            taken_at=LATER,
            **values,
        )
    )


def test_feedback_is_told_as_counts_with_the_imports_that_mended_it(client, engine):
    with Session(engine) as session, session.begin():
        outbound = sent(session, FIRST, speaks_for=OF)
        session.flush()
        by = session.scalars(select(Delivery).filter_by(sha256=SOURCE_SHA)).one()
        by.run_id = by_run()
        for line in (2, 3):
            feedback_line(session, outbound, line, mended_by=by.id, mended_at=LATER)
        feedback_line(session, outbound, 4)
    shown, told = page(client, FIRST), client.get(f"/kort/{FIRST}.json").json["feedback"]
    assert (told["open"], told["mended"], told["explained"]) == (1, 2, 0)
    assert [(m["run_id"], m["lines"]) for m in told["mendings"]] == [(by_run(), 2)]
    assert "er verken rettet eller begrunnet" in shown
    assert by_run() in shown
    assert by_run() in "".join(text_of(pdf(client, FIRST)).replace("\u200b", "").split())
    for everything in (shown, client.get(f"/kort/{FIRST}.json").text, text_of(pdf(client, FIRST))):
        assert SECRET not in everything
    with Session(engine) as session, session.begin():
        run = seed.request(session, FINAL, LATER)
        last = {"speaks_for": OF, "intended_at": LATER, "received_at": LATER}
        sent(session, FINAL, stage="END", **last)
        runs.settle_done(session, run.id, RECEIPT, LATER)
    for key in (FIRST, FINAL):
        told = client.get(f"/kort/{key}.json").json["feedback"]
        assert (told["open"], told["mended"], told["explained"]) == (0, 2, 1)
    assert "er verken rettet eller begrunnet" not in page(client, FINAL)


def by_run():
    return f"{seed.import_key('46')}#2"
