"""The register of tasks."""

from __future__ import annotations

from zugong.base.access import Privacy
from zugong.tasks import actions
from zugong.tasks.models import STATES, Task
from zugong.ui.filters import Choice, Days
from zugong.ui.registers import Register
from zugong.ui.shown import Column, Kind

TASKS = Register(
    model=Task,
    slug="tasks",
    title="重点任务",
    office="重点工作",
    unit="项",
    what="年度重点工作清单：谁牵头，什么时候完成。",
    ledger="重点工作清单",
    order="deadline",
    rows=lambda rows, frame: rows.with_state(frame.day),
    columns=(
        "title",
        "office",
        Column("deadline", sort=True),
        Column("done_on", sort=True),
        Column("state", "状态", Kind.STATE, Privacy.INTERNAL),
    ),
    filters=(Choice("state", "状态", STATES), Choice("office"), Days("deadline"), Days("done_on")),
    search=("title", "office"),
    search_words="搜索任务或科室",
    edit=actions.edit,
    remove=actions.remove,
    editable=("title", "office", "deadline", "done_on"),
    add=actions.assign,
    add_title="新列一项任务",
)
