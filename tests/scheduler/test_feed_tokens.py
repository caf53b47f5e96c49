"""Feed tokens in the ledger: made, listed, taken back, with a name that one can point at."""

from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from scheduler.access import feed_tokens
from scheduler.access.feed_tokens import FeedTokenError

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
CHOSEN = {"fylke": ["46", "03", "46"], "omrade": [], "rolle": ["fylke-ot"]}


@pytest.fixture
def session(database):
    with Session(database) as session, session.begin():
        yield session


def test_a_token_is_long_and_only_its_hash_is_kept(session):
    token = feed_tokens.create(session, "OT i Vestland", CHOSEN, "kari", NOW)
    (row,) = feed_tokens.tokens(session)
    assert len(token) == 43
    assert row.sha256 == feed_tokens.fingerprint(token)
    assert token not in str(vars(row))
    assert row.selection == {"fylke": ["03", "46"], "rolle": ["fylke-ot"]}
    assert (row.created_by, row.created_at, row.revoked_at) == ("kari", NOW, None)
    assert feed_tokens.create(session, "En annen", CHOSEN, "kari", NOW) != token


def test_a_token_is_taken_back_once_and_its_name_is_free_again(session):
    feed_tokens.create(session, "OT", CHOSEN, "kari", NOW)
    with pytest.raises(FeedTokenError, match="«OT» har allerede en adresse"):
        feed_tokens.create(session, " OT ", CHOSEN, "kari", NOW)
    feed_tokens.revoke(session, "OT", "ola", NOW)
    with pytest.raises(FeedTokenError, match="ingen adresse med navnet «OT»"):
        feed_tokens.revoke(session, "OT", "ola", NOW)
    feed_tokens.create(session, "OT", CHOSEN, "kari", NOW)
    states = [known["revoked"] for known in feed_tokens.register(session).values()]
    assert sorted(states) == [False, True]


@pytest.mark.parametrize("name", ["", "  \n ", "x" * 81, "OT\u202e46"])
def test_a_name_that_cannot_be_shown_is_refused(session, name):
    with pytest.raises(FeedTokenError, match="mellom 1 og 80 tegn"):
        feed_tokens.create(session, name, CHOSEN, "kari", NOW)
