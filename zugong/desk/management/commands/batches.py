"""zugong batches: what was imported."""

from __future__ import annotations

from typing import Any

from zugong.base.access import Permission
from zugong.desk.commands import ZugongCommand
from zugong.intake import results
from zugong.intake.models import Batch


class Command(ZugongCommand):
    help = "列出导入的批次"
    permission = Permission.INTAKE_READ

    def act(self, **options: Any) -> int | None:
        batches = results.summaries(Batch.objects.visible_to(self.by).order_by("-pk")[:200])
        if self.json:
            self.out(batches)
        else:
            names = ("batch", "state", "on", "account", "files", "new", "changed", "same", "refused")
            heads = ("批次", "状态", "导入之日", "账号", "文件", "新增", "变更", "相同", "退回")
            self.table("导入批次", heads, ([one[n] for n in names] for one in batches))
        return None
