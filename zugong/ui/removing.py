"""Taking chosen rows out of a register, all of them or none, and putting them back."""

from __future__ import annotations

from datetime import date

from zugong.base.actions import action, amend, entry
from zugong.base.models import User
from zugong.base.removing import Going, going, packed, put_back
from zugong.base.rules import NotAllowed, Refused
from zugong.ui.models import Removal
from zugong.ui.registers import REGISTERS, Register
from zugong.ui.selection import Selection

NAMED = 10


def along_words(found: Going) -> str:
    """What goes with the rows: 意见建议 3 条."""
    counted = ((rows.model._meta.verbose_name, rows.count()) for rows in found.along)
    return "、".join(f"{title} {n} 条" for title, n in counted)


@action(None)
def remove_selected(*, by: User, on: date, selection: Selection) -> Removal:
    """Hand the chosen rows to the register's own removing action, which checks the right for each of them; what is
    taken out is kept sealed, so that it can be put back. Raises Refused or NotAllowed, and keeps all."""
    register, rows = selection.register, selection.plain()
    if not selection.held:
        raise Refused("选中的记录已经不在了，或者不在您能看到的范围里。没有删除。")
    found = going(rows)
    names = [str(record) for record in selection.fetched(selection.held[:NAMED], register.facts)]
    removal = Removal(
        user=by, register=register.label, number=len(selection.held), along=along_words(found)[:200],
        names="、".join(names), content=packed(found), removed_on=on,
        reach="\n".join(sorted(by.codes(register.remove.permission))),
    )  # fmt: skip
    register.remove(by=by, on=on, **{register.remove_argument: rows})
    removal.save()
    entry().subject = removal.key
    entry().note(register=register.label, rows=removal.number, along=removal.along)
    return removal


@action(None)
def restore(*, by: User, on: date, removal: Removal) -> Register:
    """Put one's own removal back as it was. Raises Refused where something has taken its place, NotAllowed where the
    right is no longer there."""
    register = REGISTERS[removal.register]
    if removal.user_id != by.pk:
        raise NotAllowed("这是别人删除的，没有恢复。")
    if removal.restored_on is not None:
        raise Refused("这些记录已经恢复过了，没有改动。")
    rows = put_back(removal.content)[0]
    if rows.held_by(by, register.remove.permission).count() != rows.count():
        raise NotAllowed("这些记录里有您现在没有权限办理的，没有恢复。")
    amend(removal, restored_on=on)
    return register
