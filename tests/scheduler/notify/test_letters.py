"""Letters: every kind of message, whole, against its golden file.

After an intended change: UPDATE_GOLDEN=1 pytest tests/scheduler/notify/test_letters.py
"""

import os
import re
from email.headerregistry import HeaderRegistry
from pathlib import Path

import pytest
from sqlalchemy import select

from scheduler.notify.receipts import report_nothing
from scheduler.notify.reminders import remind
from scheduler.notify.tables import MessageRow
from scheduler.notify.warnings import warn
from scheduler.settings import settings
from tests.scheduler.notify.setting import CALENDAR, KEY, changed, introduce, oslo, put_in_use

GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture(autouse=True)
def _site(monkeypatch):
    monkeypatch.setenv("AARSHJUL_PUBLIC_URL", "https://aarshjul.example")
    settings.cache_clear()
    yield
    settings.cache_clear()


def one(session, start, address=None):
    query = select(MessageRow).where(MessageRow.id.startswith(start)).order_by(MessageRow.id)
    rows = [row for row in session.scalars(query) if address in (None, row.address)]
    assert rows, start
    return rows[0]


def reminder(session):
    remind(session, CALENDAR, oslo(10, 20))
    return one(session, f"purring/{KEY}")


def due_today(session):
    remind(session, CALENDAR, oslo(10, 23))
    return one(session, f"purring/{KEY}")


def not_followed(session):
    remind(session, CALENDAR, oslo(10, 30))
    return one(session, "purring/vitnemal/2026-2027/only/46")


def overdue(session):
    remind(session, CALENDAR, oslo(10, 26))
    return one(session, f"purring/{KEY}", "skole@fylke46.example")


def coordinator(session):
    remind(session, CALENDAR, oslo(10, 30))
    return one(session, f"purring/{KEY}", "koordinator@nasjonal.example")


def digest(session):
    remind(session, CALENDAR, oslo(10, 26))
    return one(session, "oversikt/", "inntak@fylke46.example")


def notice(session):
    calendar, text = changed("date: 24. oktober", "date: 21. oktober")
    put_in_use(session, oslo(10, 1, 12), calendar, text)
    return one(session, "endring/2/46")


def withdrawn(session):
    calendar, text = changed("kind: forwarding", 'activity: "no"\n    kind: forwarding')
    put_in_use(session, oslo(10, 1, 12), calendar, text, by="calendar.yaml", why="")
    return one(session, "endring/2/national/ist")


def raised(session):
    notice(session)
    remind(session, changed("date: 24. oktober", "date: 21. oktober")[0], oslo(10, 6))
    return one(session, "endring/2/46/fylke-skole/2/")


def receipt(session):
    report_nothing(session, CALENDAR, KEY, "Skolekontoret", "Ingen elever.", oslo(10, 20))
    return one(session, "ingenting/")


def warning(session):
    warn(session, [("2027-2028", 30)], oslo(7, 2, year=2027))
    return one(session, "advarsel/")


LETTERS = (
    *(reminder, due_today, not_followed, overdue, coordinator, digest),
    *(notice, withdrawn, raised, receipt, warning),
)


@pytest.mark.parametrize("made", LETTERS, ids=lambda made: made.__name__)
@pytest.mark.parametrize("form", ["txt", "html"])
def test_a_letter_is_as_it_was_approved(session, made, form):
    introduce(session)
    message = made(session)
    body = message.text if form == "txt" else message.html
    written = re.sub(r"/(kvitter|svar)/[\w-]{20,64}", r"/\1/TOKEN", f"{message.subject}\n\n{body}")
    path = GOLDEN / f"{made.__name__}.{form}"
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(written, encoding="utf-8")
    assert written == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("made", LETTERS, ids=lambda made: made.__name__)
def test_a_letter_is_safe_to_send(session, made):
    introduce(session)
    message = made(session)
    assert message.subject == " ".join(message.subject.split())
    assert HeaderRegistry()("Subject", message.subject) == message.subject
    assert all(len(line) <= 100 or "https://" in line for line in message.text.splitlines())
    assert "http-equiv" not in message.html
    assert "<img" not in message.html
    assert message.payload["url"].startswith("https://aarshjul.example/")
    assert "None" not in message.text


def test_what_people_wrote_is_shown_and_never_run(session):
    introduce(session)
    calendar, text = changed("date: 24. oktober", "date: 21. oktober")
    put_in_use(session, oslo(10, 1), calendar, text, by="<b>Kari</b>", why="<script>x()</script>")
    message = one(session, "endring/2/46")
    assert "<script>" not in message.html
    assert "&lt;script&gt;" in message.html
    assert "<script>x()</script>" in message.text
