"""Whose account is whose, and what a person does with the data held of them: look closely, take a copy along.

Two rights meet in a link and neither gives the other: the security administrator opens an account with the role
“oneself” and sees no records; an office says whose account it is and opens none. Without both nobody reads anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from zugong.base.access import Permission
from zugong.base.actions import action, create, entry, remove
from zugong.base.exports import record_export
from zugong.base.marks import Mark
from zugong.base.models import User
from zugong.base.rules import NotAllowed, Refused
from zugong.people.models import AccountLink, Person


def person_of(user: User) -> Person | None:
    """The person an account is the own account of; None where nobody said so, or the right to read it has ended."""
    if not user.may_somewhere(Permission.OWN_READ):
        return None
    return Person.objects.filter(account_link__user=user).first()


def insist_own(by: User, person: Person) -> None:
    """Insist that an account is this person's own. Raises NotAllowed."""
    if person_of(by) != person:
        raise NotAllowed(f"账号“{by.username}”不是这个人的本人账号，没有办理。")


@action(Permission.PEOPLE_EDIT, at="person")
def link_account(*, by: User, on: date, person: Person, username: str) -> AccountLink:
    """Say that an account is a person's own. Refused for an account that is not there, bears another name, cannot read
    its own record, or belongs to somebody; and for one's own account, which a colleague links."""
    user = User.objects.filter(username=username.strip(), is_active=True).first()
    if user is None:
        raise Refused(f"没有“{username.strip()}”这个在用的账号，没有对应。请向安全管理员核对账号名。")
    if user.pk == by.pk:
        raise Refused("不能把自己的账号对应到人，没有改动。请由另一位同事办理。")
    if user.name.strip() != person.name:
        raise Refused(f"账号的姓名是“{user.name}”，和“{person.name}”不一样，没有对应。请核对是不是同一个人。")
    user.day = on
    if not user.may_somewhere(Permission.OWN_READ):
        raise Refused("这个账号没有“干部、党员、人才本人”的授权，没有对应。请先找安全管理员授权。")
    if held := AccountLink.objects.filter(user=user).first() or AccountLink.objects.filter(person=person).first():
        whose = "这个人已经有本人账号" if held.person_id == person.pk else "这个账号已经是别人的本人账号"
        raise Refused(f"{whose}，没有对应。请先解除原来的。")
    return create(AccountLink(person=person, user=user, linked_on=on))


@action(Permission.PEOPLE_EDIT, at="link")
def unlink_account(*, by: User, on: date, link: AccountLink) -> None:
    """An account is no longer a person's own: it reads nothing from then on."""
    if link.user_id == by.pk:
        raise Refused("不能解除自己的账号，没有改动。请由另一位同事办理。")
    remove(link)


@action(None)
def read_own(*, by: User, on: date, person: Person, fields: Sequence[str]) -> None:
    """Note that a person looked at what is restricted about them. Needs no purpose: it is theirs."""
    insist_own(by, person)
    entry().subject = person.key
    entry().note(fields=list(fields))


@action(None)
def take_copy(*, by: User, on: date, person: Person, form: str, records: int) -> Mark:
    """Note that a person takes a copy of everything shown to them (个人信息保护法 45): in which form, how many records.
    Returns the mark the copy bears; it needs nobody's agreement."""
    insist_own(by, person)
    entry().subject = person.key
    entry().note(form=form, rows=records)
    return record_export(
        by=by, on=on, read=Permission.OWN_READ, register=person.key, filters={"方式": f"本人副本 {form}"}, columns=(),
        rows=records, free=True,
    )  # fmt: skip
