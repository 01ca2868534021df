"""zugong audit verify: whether every entry of the trail stands where and as it was written."""

from __future__ import annotations

from typing import Any

from zugong.base.access import Permission
from zugong.base.models import TrailEntry
from zugong.base.rules import NotAllowed
from zugong.base.trail import faults
from zugong.desk.commands import REFUSED, ZugongCommand


class Command(ZugongCommand):
    help = "核对留痕：有没有哪一条被改过、删过、插进来"

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("what", choices=["verify"], metavar="verify", help="从第一条起逐条核对")

    def act(self, **options: Any) -> int | None:
        if not self.by.may_somewhere(Permission.TRAIL_READ):
            raise NotAllowed(f"账号“{self.by.username}”没有查看留痕的权限。")
        with self.progress() as progress:
            progress("逐条核对留痕")
            found, entries = faults(), TrailEntry.objects.count()
        if self.json:
            self.out({"entries": entries, "faults": found})
        else:
            self.stdout.write("\n".join(found) if found else f"共 {entries} 条，条条相扣，没有发现改动。")
        return REFUSED if found else None
