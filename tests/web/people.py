"""People: accounts to sign in with, and clients where they have."""

from functools import cache
from unittest.mock import patch

from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from scheduler.access import accounts, passwords, sign_ins
from scheduler.access.roles import Grant, Role
from tests.web import seed
from web.access.who import WORD

PASSWORD = "et langt nok passord"
# A hash is slow on purpose, and most tests want an account, not its password.
_hashed_once = cache(passwords.hashed)


def new_account(engine: Engine, name: str, *grants: Grant) -> int:
    """An account whose password is PASSWORD; its number."""
    with (
        Session(engine) as session,
        session.begin(),
        patch.object(accounts, "hashed", _hashed_once),
    ):
        row = accounts.add(session, name, PASSWORD, "test", seed.NOW)
        for grant in grants:
            accounts.give(session, row, grant, "test", seed.NOW)
        return row.id


def let_in(client: FlaskClient, engine: Engine, account: int) -> FlaskClient:
    """The client as a browser where the account has signed in."""
    with Session(engine) as session, session.begin():
        word = sign_ins.begin(session, account, seed.NOW)
    with client.session_transaction() as cookie:
        cookie[WORD] = word
    return client


def signed_in(
    client: FlaskClient, engine: Engine, role: Role, county: str = "", name: str = ""
) -> FlaskClient:
    """The client signed in with a new account in this role, called the role unless named."""
    number = new_account(engine, name or f"{role} {county}".strip(), Grant(role, county))
    return let_in(client, engine, number)
