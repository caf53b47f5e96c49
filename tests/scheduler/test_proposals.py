"""Proposals on both databases: bound to a hash and a version, published once, by another person."""

import threading
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.calendar import CalendarError
from scheduler.calendar.block import block_of, replaced
from scheduler.ledger.history import versions
from scheduler.ledger.runs import LedgerError
from scheduler.ledger.tables import DecisionRow
from scheduler.publishing import proposals
from scheduler.publishing.tables import ProposalRow
from tests.scheduler.small import EARLIER, NOW, RENAMED, SMALL, published

ROW, NAME = "en-import", "calendar.yaml"
LATER = NOW + timedelta(days=1)
BLOCK = block_of(EARLIER, ROW).text


def made(database, block=BLOCK, over=1, by="Kari"):
    """Propose the row; the proposal's number and hash."""
    with Session(database) as session, session.begin():
        rewrite = partial(replaced, part=ROW, block=block, name=NAME)
        row = proposals.propose(session, ROW, rewrite, over, by, "Avtalt", NOW)
        return row.id, row.sha256


def approved(database, number, sha256, by="Ola"):
    with Session(database) as session, session.begin():
        return proposals.approve(session, number, sha256, by, "Sett på", LATER, name=NAME).number


def test_a_proposal_is_the_whole_text_and_becomes_the_version(database):
    published(database)
    assert approved(database, *made(database)) == 2
    with Session(database) as session:
        newest, _ = versions(session)
        (row,) = proposals.proposals(session)
        actions = session.scalars(select(DecisionRow.action).order_by(DecisionRow.id)).all()
        assert (newest.by, newest.why, newest.sha256) == ("Ola", "Avtalt", row.sha256)
        assert (row.text, row.version, row.settled_at) == (EARLIER, 2, LATER)
        assert (actions[0], actions[-1]) == ("propose", "publish")
        assert [row for row in proposals.proposals(session) if row.outcome is None] == []


@pytest.mark.parametrize(
    ("block", "over", "fault"),
    [
        (block_of(SMALL, ROW).text, 1, "som før"),
        (BLOCK, 2, "Versjon 1 ble publisert mens du skrev"),
        (BLOCK.replace("8. oktober", "38. oktober"), 1, "38. oktober"),
    ],
)
def test_what_cannot_be_proposed_leaves_nothing(database, block, over, fault):
    published(database)
    with pytest.raises((LedgerError, CalendarError), match=fault):
        made(database, block, over)
    with Session(database) as session:
        assert proposals.proposals(session) == []


def test_it_holds_only_for_its_hash_another_person_and_the_version_it_was_made_from(database):
    published(database)
    number, sha256 = made(database)
    for wrong, by, fault in [("1" * 64, "Ola", "annet enn det du så"), (sha256, "Kari", "selv")]:
        with pytest.raises(LedgerError, match=fault):
            approved(database, number, wrong, by)
    published(database, RENAMED, LATER)
    with pytest.raises(LedgerError, match="Versjon 2 er publisert siden"):
        approved(database, number, sha256)
    with Session(database) as session:
        assert session.get_one(ProposalRow, number).outcome is None


def test_what_is_taken_back_is_settled(database):
    published(database)
    number, sha256 = made(database)
    with Session(database) as session, session.begin():
        proposals.withdraw(session, number, "Kari", "Feil dag", LATER)
    with pytest.raises(LedgerError, match="alt trukket tilbake"):
        approved(database, number, sha256)
    with pytest.raises(LedgerError, match="ikke noe forslag 9"):
        approved(database, 9, sha256)


def test_two_who_approve_at_once_publish_once(database):
    published(database)
    number, sha256 = made(database)
    together, said = threading.Barrier(2), []

    def one(by):
        together.wait()
        try:
            said.append(approved(database, number, sha256, by))
        except LedgerError as fault:
            said.append(str(fault))

    threads = [threading.Thread(target=one, args=(by,)) for by in ("Ola", "Per")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said, key=str) == [2, f"Forslag {number} er alt publisert."]
    with Session(database) as session:
        assert len(versions(session)) == 2
