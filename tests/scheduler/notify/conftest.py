"""Fixtures: a ledger with the small calendar published, on both databases."""

import pytest
from sqlalchemy.orm import Session

from tests.scheduler.notify.setting import put_in_use


@pytest.fixture
def session(database):
    with Session(database) as opened, opened.begin():
        put_in_use(opened)
        yield opened
