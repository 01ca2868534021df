"""What only the demo does: accounts with a known password, in a home that says it is a demo."""

from __future__ import annotations

from datetime import date

from zugong.base.access import Permission
from zugong.base.accounts import create_account
from zugong.base.actions import action
from zugong.base.department import told
from zugong.base.models import User
from zugong.base.rules import Refused


@action(Permission.ACCOUNTS_MANAGE)
def open_demo_account(
    *, by: User, on: date, username: str, name: str, role: str, password: str, organization_code: str = ""
) -> User:
    """An account for the demo with a password everybody knows. Refused anywhere but in a demo home."""
    if not told("demo_day"):
        raise Refused("这不是演示用的数据，不能开通演示账号。")
    user, _ = create_account(
        by=by, on=on, username=username, name=name, role=role, organization_code=organization_code, reason="演示账号"
    )
    user.set_password(password)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    return user
