"""Proposals: one administrator changes the calendar, another publishes exactly that, file and all."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.access.roles import Role
from scheduler.ledger.tables import ChangeRow, DecisionRow, OccurrenceRow
from scheduler.notify.tables import NoticeRow
from scheduler.publishing.tables import ProposalRow
from scheduler.settings import Settings
from tests.planned import calendar_in
from tests.web import changed
from tests.web.people import signed_in
from tests.web.proposing import CALENDAR, NEW, OLD, PAGE, ROW, in_use, propose, publish
from web.access.operator import carry_out


@pytest.fixture
def config(tmp_path) -> Settings:
    """A site with a calendar.yaml of its own, that it may write."""
    return Settings(data_dir=tmp_path, calendar=calendar_in(tmp_path, CALENDAR))


def log(engine):
    with Session(engine) as session:
        rows = session.scalars(select(DecisionRow).order_by(DecisionRow.id))
        told = ("propose", "publish", "unpropose")
        return [
            (r.action, r.actor, r.reason, r.detail["proposal"]) for r in rows if r.action in told
        ]


def test_a_proposal_shows_what_it_leads_to_and_changes_nothing(engine, config, first, second):
    before = config.calendar.read_bytes()
    answer = propose(first, engine)
    assert (answer.status_code, answer.location) == (303, f"{PAGE}/forslag/1")
    page = second.get(f"{PAGE}/forslag/1").text
    for words in (
        "To frister flyttes, 15 fylker berøres.",
        "15.02.2027",
        "12.02.2027",
        "lørdag",
        "Alle fylker",
        "15 varsler",
        "Slik er dagen funnet:",
        "Er i gang og forblir godkjent",
        "Udir ba om det.",
    ):
        assert words in page, words
    assert page.count('class="added"') == page.count('class="removed"') == 1
    assert in_use(engine).number == 1
    assert config.calendar.read_bytes() == before
    with Session(engine) as session:
        assert session.scalars(select(NoticeRow)).all() == []


def test_another_administrator_publishes_it_and_the_file_follows(engine, config, first, second):
    before = config.calendar.read_text(encoding="utf-8")
    propose(first, engine)
    answer = publish(second, engine)
    assert (answer.status_code, answer.location) == (303, f"{PAGE}/forslag/1")
    version = in_use(engine)
    assert (version.number, version.published_by, version.why) == (2, "Ola", "Udir ba om det.")
    assert (
        config.calendar.read_text(encoding="utf-8") == version.text == before.replace(OLD, NEW, 1)
    )
    with Session(engine) as session:
        moved = session.get_one(OccurrenceRow, changed.moved_key("46"))
        assert str(moved.due) == "2027-02-12"
        assert len(session.scalars(select(NoticeRow)).all()) == 15
        assert session.scalars(select(ChangeRow).where(ChangeRow.version == 2)).all() != []
    assert log(engine) == [
        ("propose", "Kari", "Udir ba om det.", 1),
        ("publish", "Ola", "Sett på", 1),
    ]
    page = second.get(f"{PAGE}/forslag/1").text
    assert "Versjon 2: hva som ble endret" in page
    assert 'name="gjerning"' not in page


def test_a_proposal_that_this_release_cannot_read_is_told_of(engine, first, second):
    propose(first, engine)
    with Session(engine) as session, session.begin():
        session.get_one(ProposalRow, 1).text += "et-nytt-felt: 1\n"
    page = second.get(f"{PAGE}/forslag/1")
    assert page.status_code == 422
    assert "«et-nytt-felt» er ikke et felt her" in page.text
    assert 'value="trekk"' in page.text
    answer = publish(second, engine)
    assert answer.status_code == 422
    assert in_use(engine).number == 1


def test_it_is_published_once(engine, first, second):
    propose(first, engine)
    publish(second, engine)
    again = publish(second, engine)
    assert again.status_code == 422
    assert "Forslag 1 er alt publisert." in again.text
    assert in_use(engine).number == 2


def test_what_is_saved_in_the_last_moment_stands_and_is_told_of(
    engine, config, first, second, monkeypatch
):
    """The commit is done then, and the version in use is the one in the database."""
    propose(first, engine)

    def and_then_saved(act):
        fault = carry_out(act)
        config.calendar.write_text("noe annet", encoding="utf-8")
        return fault

    monkeypatch.setattr("web.calendar.publishing.carry_out", and_then_saved)
    assert publish(second, engine).status_code == 303
    assert in_use(engine).number == 2
    assert config.calendar.read_text(encoding="utf-8") == "noe annet"
    assert "Noen har endret den" in second.get(f"{PAGE}/forslag/1").text


def test_who_proposed_cannot_publish_alone(engine, config, first):
    propose(first, engine)
    assert 'value="publiser"' not in first.get(f"{PAGE}/forslag/1").text
    answer = publish(first, engine)
    assert answer.status_code == 422
    assert "Be en annen administrator" in answer.text
    assert in_use(engine).number == 1
    assert NEW not in config.calendar.read_text(encoding="utf-8")


def test_only_what_was_seen_is_published(engine, config, first, second):
    propose(first, engine)
    answer = publish(second, engine, sha256="1" * 64)
    assert answer.status_code == 422
    assert "et annet enn det du så" in answer.text
    assert publish(second, engine, grunn="").status_code == 422
    assert in_use(engine).number == 1
    assert NEW not in config.calendar.read_text(encoding="utf-8")


def test_a_file_that_somebody_has_edited_stops_it_with_a_way_on(engine, config, first, second):
    propose(first, engine)
    text = config.calendar.read_text(encoding="utf-8") + "# en merknad\n"
    config.calendar.write_text(text, encoding="utf-8")
    answer = publish(second, engine)
    assert answer.status_code == 422
    assert "calendar publish" in answer.text
    assert in_use(engine).number == 1
    assert config.calendar.read_text(encoding="utf-8") == text
    assert "Noen har endret den" in second.get(PAGE).text


def test_a_file_that_is_gone_stops_it_with_a_way_on(engine, config, first, second):
    propose(first, engine)
    config.calendar.unlink()
    answer = publish(second, engine)
    assert answer.status_code == 422
    assert "mangler eller kan ikke leses" in answer.text
    assert in_use(engine).number == 1
    assert not config.calendar.exists()


def test_a_file_that_cannot_be_written_leaves_everything_as_it_is(engine, config, first, second):
    propose(first, engine)
    before = config.calendar.read_bytes()
    config.calendar.unlink()
    config.calendar.mkdir()
    try:
        answer = publish(second, engine)
    finally:
        config.calendar.rmdir()
        config.calendar.write_bytes(before)
    assert answer.status_code == 422
    assert "ingenting er publisert" in answer.text
    assert in_use(engine).number == 1


def test_an_older_file_is_brought_up_to_what_is_published(engine, config, first, second):
    """It holds nothing that is not kept: an earlier version is in the database."""
    changed.edit(engine, "# Årshjulet: hver frist", "# Årshjulet: kvar frist")
    assert "eldre enn versjonen i bruk" in second.get(PAGE).text
    propose(first, engine)
    assert publish(second, engine).status_code == 303
    assert config.calendar.read_text(encoding="utf-8") == in_use(engine).text


def test_a_proposal_from_an_older_version_is_made_anew(engine, first, second):
    propose(first, engine)
    changed.edit(engine, "# Årshjulet: hver frist", "# Årshjulet: kvar frist")
    page = second.get(f"{PAGE}/forslag/1").text
    assert "bygger på versjon 1, og versjon 2 er i bruk" in page
    assert 'value="publiser"' not in page
    assert publish(second, engine).status_code == 422
    anew = first.get(f"{PAGE}/rad/{ROW}?forslag=1").text
    assert NEW in anew
    assert 'name="over" value="2"' in anew


def test_a_form_from_an_older_version_is_refused_and_can_be_sent_again(engine, first):
    over = in_use(engine).number
    changed.edit(engine, "# Årshjulet: hver frist", "# Årshjulet: kvar frist")
    answer = propose(first, engine, over=over)
    assert answer.status_code == 422
    assert "Versjon 2 ble publisert mens du skrev" in answer.text
    assert 'name="over" value="2"' in answer.text
    assert NEW in answer.text


def test_a_proposal_is_taken_back_and_stays_in_the_list(engine, first, second):
    propose(first, engine)
    answer = first.post(f"{PAGE}/forslag/1", data={"gjerning": "trekk", "grunn": "Feil dag"})
    assert answer.status_code == 303
    assert log(engine)[-1] == ("unpropose", "Kari", "Feil dag", 1)
    assert publish(second, engine).status_code == 422
    assert "alt trukket tilbake" in publish(second, engine).text
    assert in_use(engine).number == 1
    assert "Trukket tilbake" in second.get(PAGE).text


def test_the_coordinator_looks_and_changes_nothing(app, engine, first):
    propose(first, engine)
    client = signed_in(app.test_client(), engine, Role.COORDINATOR)
    for path in (PAGE, f"{PAGE}/rad/{ROW}", f"{PAGE}/forslag/1"):
        page = client.get(path)
        assert page.status_code == 200
        assert 'method="post"' not in page.text
    assert publish(client, engine).status_code == 403


def test_a_proposal_waits_in_the_inbox(client, engine, first):
    propose(first, engine)
    assert f'href="{PAGE}/forslag/1"' in client.get("/drift").text
    first.post(f"{PAGE}/forslag/1", data={"gjerning": "trekk", "grunn": "Feil dag"})
    assert f'href="{PAGE}/forslag/1"' not in client.get("/drift").text


@pytest.mark.parametrize("path", ["/rad/finnes-ikke", "/forslag/9"])
def test_what_is_not_there_is_not_found(first, path):
    assert first.get(PAGE + path).status_code == 404
