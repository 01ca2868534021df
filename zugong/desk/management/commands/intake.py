"""zugong intake PATH…: read ledgers, show what each row would do, and with --commit write it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from zugong.base.access import Permission
from zugong.base.rules import Refused
from zugong.base.sheets import READABLE
from zugong.desk.commands import ROWS_REFUSED, UNUSABLE, ZugongCommand
from zugong.intake import actions, results, returned
from zugong.intake.actions import Incoming, UnusableFile


class Command(ZugongCommand):
    help = "导入台账：先看每一行会怎样，加 --commit 一次写入"
    permission = Permission.INTAKE_COMMIT
    leaves = True

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("paths", nargs="+", metavar="文件或文件夹")
        parser.add_argument("--commit", action="store_true", help="看过就写入")
        parser.add_argument("--refused-out", metavar="文件夹", default="", help="把退回的行写成标红的工作簿放到这里")

    def act(self, **options: Any) -> int | None:
        files, skipped = found_files(options["paths"])
        try:
            with self.progress() as progress:
                batch = actions.stage(by=self.by, on=self.day, files=files, progress=progress)
                if options["commit"]:
                    batch = actions.commit(by=self.by, on=self.day, batch=batch, progress=progress)
        except UnusableFile as unusable:
            unusable.exit_code = UNUSABLE  # type: ignore[attr-defined]
            raise
        written = returned.write_all(batch, Path(options["refused_out"]), self.by) if options["refused_out"] else []
        document = results.document(batch)
        if self.json:
            self.out({**document, **({"skipped": skipped} if skipped else {})})
        else:
            self._tell(document, skipped, written)
        return ROWS_REFUSED if document["refused"] else None

    def _tell(self, document: dict[str, Any], skipped: list[str], written: list[Path]) -> None:
        names = ("file", "sheet", "ledger", "new", "changed", "same", "refused", "warnings")
        heads = ("文件", "工作表", "台账", "新增", "变更", "相同", "退回", "提醒")
        self.table(f"批次 {document['batch']}：{document['state']}", heads, ([f[n] for n in names] for f in document["files"]))
        if document["refused"]:
            heads = ("文件", "单元格", "内容", "原因", "怎么改")
            rows = ([r["file"], r["cell"], r["value"], r["reason"], r["hint"]] for r in document["refused"])
            self.table("退回的行", heads, rows)
        for name in skipped:
            self.stdout.write(f"跳过 {name}：不是 {'、'.join(READABLE)} 文件。")
        for path in written:
            self.stdout.write(f"退回的行已标红写在 {path}")
        if document["state"] == "待写入":
            self.stdout.write(f"还没有写入。确认无误后运行：zugong commit {document['batch']}")


def found_files(paths: list[str]) -> tuple[list[Incoming], list[str]]:
    """The spreadsheets among the paths (a folder means those in it), and what was skipped. Raises Refused."""
    files, skipped = [], []
    for path in map(Path, paths):
        if not path.exists():
            raise _unusable(f"找不到“{path}”。请核对路径；没有写入任何数据。")
        inside = sorted(path.iterdir()) if path.is_dir() else [path]
        for one in inside:
            if one.suffix.lower() in READABLE and one.is_file() and not one.name.startswith(("~$", ".")):
                files.append(Incoming(one, one.name))
            elif path.is_dir():
                skipped.append(one.name)
            else:
                raise _unusable(f"“{one.name}”不是 {'、'.join(READABLE)} 文件，没有写入任何数据。请另存为 .xlsx 后再导入。")
    if not files:
        raise _unusable("没有可导入的文件（.xlsx、.xls、.csv）。")
    return files, skipped


def _unusable(sentence: str) -> Refused:
    refusal = Refused(sentence)
    refusal.exit_code = UNUSABLE  # type: ignore[attr-defined]
    return refusal
