"""Accounts: one for each role, with a password that everybody may know."""

from datetime import datetime

from sqlalchemy.orm import Session

from scheduler.access import accounts
from scheduler.access.roles import Grant, Role

PASSWORD = "aarshjul-demo"  # noqa: S105 - shown to everybody, and only in the demonstration
COUNTY = "46"
ACCOUNTS = (
    ("leser", Grant(Role.VIEWER)),
    ("fylke", Grant(Role.COUNTY, COUNTY)),
    ("ot", Grant(Role.OT, COUNTY)),
    ("ot-skjermet", Grant(Role.OT_PROTECTED, COUNTY)),
    ("drift", Grant(Role.OPERATOR)),
    ("koordinator", Grant(Role.COORDINATOR)),
    ("administrator", Grant(Role.ADMINISTRATOR)),
    ("administrator-2", Grant(Role.ADMINISTRATOR)),  # a changed calendar takes two
)


def seed_accounts(session: Session, now: datetime) -> None:
    """Make the accounts of the demonstration; safe to repeat."""
    for name, grant in ACCOUNTS:
        if accounts.named(session, name) is None:
            made = accounts.add(session, name, PASSWORD, "demo", now)
            accounts.give(session, made, grant, "demo", now)
