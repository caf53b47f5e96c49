"""Accounts: the people who may sign in, and the roles they have; every change is kept with who made it."""

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.access import sign_ins
from scheduler.access.passwords import hashed
from scheduler.access.roles import Grant, Role
from scheduler.access.tables import AccountRow, GrantRow
from scheduler.ledger.runs import LedgerError

LOCAL = "local"
MAX_NAME = 80
# Characters of a fingerprint: enough that no two people of a provider ever share one.
FINGERPRINT = 12


def as_read(name: str) -> str:
    """A name as accounts are known by it, however it was typed: blanks make no other account."""
    return " ".join(name.split())


def add(session: Session, name: str, password: str, by: str, now: datetime) -> AccountRow:
    """A new account with a password here; raises LedgerError for a name that cannot be used or is taken."""
    cleaned = as_read(name)
    if not cleaned or len(cleaned) > MAX_NAME or not cleaned.isprintable():
        raise LedgerError(f"Navnet på kontoen må ha mellom 1 og {MAX_NAME} tegn som vises.")
    if named(session, cleaned):
        raise LedgerError(f"En konto heter alt «{cleaned}». Velg et annet navn.")
    return _added(session, cleaned, LOCAL, cleaned, by, now, hashed(password))


def of_provider(
    session: Session, provider: str, subject: str, name: str, now: datetime
) -> AccountRow:
    """The account of whoever a provider calls `subject`, made at the first sign-in.

    It is named by the provider and a fingerprint, since the name stands in a log that many can read.
    """
    known = hashlib.sha256(f"{provider} {subject}".encode()).hexdigest()
    query = select(AccountRow).where(AccountRow.provider == provider, AccountRow.subject == known)
    found = session.scalars(query).one_or_none()
    if found is None:
        handle = f"{provider} {known[:FINGERPRINT]}"
        found = _added(session, handle, provider, known, provider, now)
    found.shown = as_read(name)[:MAX_NAME]
    return found


def _added(
    session: Session,
    name: str,
    provider: str,
    subject: str,
    by: str,
    now: datetime,
    password: str = "",
) -> AccountRow:
    row = AccountRow(
        name=name,
        provider=provider,
        subject=subject,
        password=password,
        created_at=now,
        created_by=by,
    )
    session.add(row)
    session.flush()
    return row


def named(session: Session, name: str) -> AccountRow | None:
    """The account of that name, also one that is disabled."""
    return session.scalars(select(AccountRow).where(AccountRow.name == name)).one_or_none()


def must_be_named(session: Session, name: str) -> AccountRow:
    """The account of that name; raises LedgerError when there is none."""
    found = named(session, name)
    if found is None:
        raise LedgerError(f"Ingen konto heter «{name}». `aarshjul accounts list` viser dem.")
    return found


def listed(session: Session) -> Sequence[AccountRow]:
    """Every account, by name."""
    return session.scalars(select(AccountRow).order_by(AccountRow.name)).all()


def grants_of(session: Session, account: AccountRow) -> frozenset[Grant]:
    """The roles the account has now."""
    return frozenset(Grant(Role(row.role), row.county) for row in _held(session, account))


def holders(session: Session, grant: Grant) -> Sequence[AccountRow]:
    """The accounts that can use a role now, by name."""
    query = (
        select(AccountRow)
        .join(GrantRow, GrantRow.account_id == AccountRow.id)
        .where(
            GrantRow.role == grant.role,
            GrantRow.county == grant.county,
            GrantRow.taken_at.is_(None),
            AccountRow.disabled_at.is_(None),
        )
    )
    return session.scalars(query.order_by(AccountRow.name)).all()


def give(session: Session, account: AccountRow, grant: Grant, by: str, now: datetime) -> None:
    """Give a role; raises LedgerError when the account has it. Ends what is signed in, as take does."""
    if any(_is(row, grant, "") for row in _held(session, account)):
        raise LedgerError(f"«{account.name}» har alt rollen {grant}.")
    _give(session, account, grant, "", by, now)
    sign_ins.end_all(session, account.id, now)


def take(session: Session, account: AccountRow, grant: Grant, by: str, now: datetime) -> None:
    """Take a role back, whoever gave it; raises LedgerError when the account has not got it."""
    rows = [row for row in _held(session, account) if Grant(Role(row.role), row.county) == grant]
    if not rows:
        raise LedgerError(f"«{account.name}» har ikke rollen {grant}.")
    for row in rows:
        row.taken_at, row.taken_by = now, by
    sign_ins.end_all(session, account.id, now)


def align(
    session: Session, account: AccountRow, wanted: Collection[Grant], source: str, now: datetime
) -> None:
    """Make what a provider has given be `wanted`; what a person gave stays."""
    held = [row for row in _held(session, account) if row.source == source]
    gone = [row for row in held if Grant(Role(row.role), row.county) not in wanted]
    for row in gone:
        row.taken_at, row.taken_by = now, source
    new = [grant for grant in wanted if not any(_is(row, grant, source) for row in held)]
    for grant in new:
        _give(session, account, grant, source, source, now)
    if gone or new:
        sign_ins.end_all(session, account.id, now)


def set_password(session: Session, account: AccountRow, password: str, now: datetime) -> None:
    """Another password; raises LedgerError for an account of a provider. Ends what is signed in."""
    if account.provider != LOCAL:
        raise LedgerError(
            f"«{account.name}» logger inn hos {account.provider} og har intet passord."
        )
    account.password = hashed(password)
    sign_ins.end_all(session, account.id, now)


def disable(session: Session, account: AccountRow, by: str, now: datetime) -> None:
    """Shut the account out, from this instant."""
    account.disabled_at, account.disabled_by = now, by
    sign_ins.end_all(session, account.id, now)


def enable(account: AccountRow) -> None:
    """Let the account in again, with the roles it has."""
    account.disabled_at, account.disabled_by = None, ""


def _held(session: Session, account: AccountRow) -> Sequence[GrantRow]:
    query = select(GrantRow).where(GrantRow.account_id == account.id, GrantRow.taken_at.is_(None))
    return session.scalars(query.order_by(GrantRow.id)).all()


def _is(row: GrantRow, grant: Grant, source: str) -> bool:
    return (row.role, row.county, row.source) == (grant.role, grant.county, source)


def _give(
    session: Session, account: AccountRow, grant: Grant, source: str, by: str, now: datetime
) -> None:
    session.add(
        GrantRow(
            account_id=account.id,
            role=grant.role,
            county=grant.county,
            source=source,
            given_at=now,
            given_by=by,
        )
    )
    session.flush()
