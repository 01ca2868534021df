"""Fixtures for the whole house: a home of its own, the example county, the operator and a reader of every role."""

from __future__ import annotations

import datetime
import functools
from pathlib import Path

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher, make_password
from django.core.cache import cache
from django.test import Client

from zugong.base import department, exports, refusals
from zugong.base.access import ROLES
from zugong.base.factors import TOTP_CODE
from zugong.base.models import Grant, User
from zugong.base.records import writing_allowed
from zugong.base.sessions import PASSWORD as PASSWORD_WAY
from zugong.base.sessions import STANDING
from zugong.desk import offices
from zugong.desk.clock import now, today
from zugong.desk.prepare import operator as local_operator
from zugong.intake import actions as intake
from zugong.intake.actions import Incoming
from zugong.intake.models import Batch

ROOT = Path(__file__).resolve().parent
YUNXI = ROOT / "examples" / "yunxi"
SHARED = ROOT.parent / "shared"
IMPORT_DAY = datetime.date(2026, 11, 22)
PASSWORD = "Yunxi-2023-half"
# Passwords are hashed many times here; how long one run takes is no question of the tests.
Argon2PasswordHasher.time_cost, Argon2PasswordHasher.memory_cost, Argon2PasswordHasher.parallelism = 1, 64, 1


@functools.cache
def hashed() -> str:
    """The accounts' password as it is kept; hashing it anew for each of a thousand accounts cost minutes."""
    return make_password(PASSWORD)


def ledgers(folder: Path = YUNXI) -> list[Incoming]:
    """The spreadsheets of a folder, as they are handed in."""
    kinds = (".xlsx", ".xls", ".csv")
    return [Incoming(path, path.name) for path in sorted(folder.iterdir()) if path.suffix in kinds]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of an empty house come before the first that wants the county, which takes seconds to be taken back."""
    items.sort(key=lambda one: "empty" not in getattr(one, "fixturenames", ()))


@pytest.fixture(autouse=True)
def nothing_counted():
    """No knock at the door is remembered from another test."""
    cache.clear()


@pytest.fixture(autouse=True)
def nobody_was_turned_away_yet() -> None:
    """What one test was refused is no repetition in the next."""
    refusals._same.clear()
    refusals._accounts.clear()


@pytest.fixture
def operator(db) -> User:
    """The local operator, acting on the day of import."""
    found = local_operator()
    found.day = IMPORT_DAY
    return found


@pytest.fixture(scope="session")
def county(django_db_setup, django_db_blocker):
    """The example county, imported once; `yunxi` gives it to a test."""
    with django_db_blocker.unblock():
        by = local_operator()
        by.day = IMPORT_DAY
        batch = intake.stage(by=by, on=IMPORT_DAY, files=ledgers())
        intake.commit(by=by, on=IMPORT_DAY, batch=batch)
    return batch.pk


@pytest.fixture
def yunxi(county, db) -> int:
    """The example county is there; what the test changes is taken back. Gives the batch's number."""
    return county


@pytest.fixture
def empty(operator) -> User:
    """A house with nothing kept, whatever other tests imported; gives the operator."""
    for batch in Batch.objects.filter(state="committed").order_by("-pk"):
        intake.undo(by=operator, on=IMPORT_DAY, batch=batch)
    return operator


def come_in(client: Client, user: User, *, factor: str = TOTP_CODE) -> Client:
    """Give a browser an account's session that was used just now. `factor` says what was shown besides the password: by
    default a code; NONE for an account that has no authenticator, ASKED for one whose code is still to come."""
    client.user = user
    with writing_allowed():  # a login notes its day on the account
        client.force_login(user)
    session, at = client.session, int(now().timestamp())
    session[STANDING] = {"way": PASSWORD_WAY, "begun": at, "seen": at, "factor": factor}
    session.save()
    return client


@pytest.fixture
def account(db):
    """Make an account with a role at an organization's code ("" is everything)."""

    def make(role: str, code: str = "", username: str = "") -> User:
        with writing_allowed():
            user = User(username=username or f"{role}-{code or 'all'}", name=ROLES[role].title, password=hashed())
            user.save()
            Grant.objects.create(user=user, role=role, organization_code=code)
        user.day = IMPORT_DAY
        return user

    return make


@pytest.fixture
def door(account):
    """Sign in as a role at an organization's code; gives a browser (Django's test client) with its `user`."""
    made: dict[tuple[str, str], Client] = {}

    def sign_in(role: str, code: str = "") -> Client:
        if (role, code) not in made:
            client = come_in(Client(), account(role, code))
            client.user.day = today()
            made[role, code] = client
        return made[role, code]

    return sign_in


@pytest.fixture
def rail_uncounted(monkeypatch) -> None:
    """The rail does not count what waits: for walks over every page, which ask for something else. What it counts is asked
    in tests/test_workbench.py."""
    monkeypatch.setattr(offices, "counts", lambda user, frame: {})


@pytest.fixture
def freely(monkeypatch) -> None:
    """No number of rows needs anybody's agreement: for tests of what is in a file, not of whether it may leave."""
    monkeypatch.setattr(exports, "allowance", lambda holds, on: 10**9)


@pytest.fixture
def clerk(yunxi, operator, door) -> Client:
    """A clerk's browser in a department that has a name."""
    department.settle(by=operator, on=IMPORT_DAY, values={"department": "中共云溪县委组织部"})
    return door("office")


@pytest.fixture
def head(door) -> Client:
    """The head's browser."""
    return door("head")


@pytest.fixture
def shared() -> Path:
    """The material beside the checkout; the test is skipped where it is not."""
    if not SHARED.exists():
        pytest.skip("no ../shared beside this checkout; examples/ covers the same ground")
    return SHARED
