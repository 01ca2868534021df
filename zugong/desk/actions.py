"""What is done at the front desk itself: the demo's accounts with a known password, and when jobs are due."""

from __future__ import annotations

from datetime import date, time

from zugong.base.access import Permission
from zugong.base.accounts import create_account
from zugong.base.actions import action, amend, create
from zugong.base.department import DEMO, told
from zugong.base.grants import Given
from zugong.base.models import JobTime, Setting, User
from zugong.base.rules import Refused
from zugong.intake.models import Batch
from zugong.organizations.models import PartyOrganization


@action(Permission.SETTINGS_CHANGE)
def begin_demo(*, by: User, on: date) -> None:
    """Mark an empty home as a demo for good: its accounts need no second factor, their passwords do not grow old, every page
    says so. Refused where anything is kept, or anybody but the local operator has an account: no real home becomes one."""
    others = User.objects.exclude(pk=by.pk).exists()
    if others or Batch.objects.exists() or PartyOrganization.objects.exists() or Setting.objects.exists():
        raise Refused("这里已经有数据或账号了，演示要用空的目录：设 ZUGONG_HOME 指到别处再运行。")
    create(Setting(name=DEMO, value="演示"))


@action(Permission.ACCOUNTS_MANAGE)
def open_demo_account(
    *, by: User, on: date, username: str, name: str, role: str, password: str, organization_code: str = ""
) -> User:
    """An account for the demo with a password everybody knows. Refused anywhere but in a demo home."""
    if not told(DEMO):
        raise Refused("这不是演示用的数据，不能开通演示账号。")
    given = Given(role, organization_code, reason="演示账号")
    user, _ = create_account(by=by, on=on, username=username, name=name, given=given)
    user.set_password(password)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    return user


@action(Permission.SYSTEM_RUN)
def set_job_time(*, by: User, on: date, job: str, every: str, at: time, weekday: int = 0, off: bool = False) -> JobTime:
    """Set when a background job is due in this house, or that it is not done."""
    held = JobTime.objects.filter(job=job).first()
    if held is None:
        return create(JobTime(job=job, every=every, at=at, weekday=weekday, off=off))
    return amend(held, every=every, at=at, weekday=weekday, off=off)
