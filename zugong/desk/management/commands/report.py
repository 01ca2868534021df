"""zugong report --template FILE --period 2023H1 --out FILE.docx: this period's report from last period's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db import transaction

from zugong.base.access import Permission
from zugong.base.rules import NotAllowed, Refused
from zugong.desk.commands import UNUSABLE, ZugongCommand
from zugong.reports import actions, handing, texts
from zugong.reports.producing import INTERNAL, PUBLIC, RENDITIONS, SUBMITTED, Filled, Produced, Put, number_of


class Command(ZugongCommand):
    help = "由上一期的稿子写出这一期的总结报告"
    permission = Permission.REPORTS_WRITE
    leaves = True
    framed = True

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--template", required=True, metavar="文件", help="底稿，.txt 或 .docx")
        parser.add_argument("--period", required=True, metavar="期间")
        parser.add_argument(
            "--rendition", default=INTERNAL, choices=list(RENDITIONS), metavar="版本", help="、".join(RENDITIONS)
        )
        parser.add_argument("--out", required=True, metavar="文件.docx")
        parser.add_argument("--evidence", default="", metavar="文件.xlsx", help="数据依据：一个指标一张表")

    def act(self, **options: Any) -> int | None:
        rendition, out = options["rendition"], Path(options["out"])
        proof = Path(options["evidence"]) if options["evidence"] else None
        _insist_on_files(out, proof, rendition)
        template = Path(options["template"])
        if rendition == SUBMITTED and not self.by.may(Permission.REPORTS_SUBMIT):
            raise NotAllowed(f"账号“{self.by.username}”没有报送的权限（{Permission.REPORTS_SUBMIT}），什么都没有做。")
        frame = self.frame(options["period"], options["scope"])
        text = actions.adopt(by=self.by, on=self.day, name=template.name, text=texts.read(template))
        report = actions.draft(by=self.by, on=self.day, text=text, frame=frame)
        made = actions.produced(report, frame, rendition)
        with transaction.atomic():  # where a file may not leave, the report is not submitted either
            if rendition == SUBMITTED:
                actions.submit(by=self.by, on=self.day, report=report, frame=frame)
            word = handing.word_file(report, frame, rendition, self.by, self.day).content
            evidence = handing.evidence_file(report, frame, rendition, self.by).content if proof else b""
        out.write_bytes(word)
        if proof:
            proof.write_bytes(evidence)
        self._tell(made, out, rendition)
        return None

    def _tell(self, made: Produced, out: Path, rendition: str) -> None:
        if self.json:
            self.out(document(made, out, rendition))
            return
        rows = ([s.number, s.text, s.answer.status, s.figure, s.phrase[:40]] for s in made.slots)
        self.table(f"{made.title}（{RENDITIONS[rendition]}）", ("序号", "数", "状态", "指标", "所在的话"), rows)
        for remark in made.remarks if rendition != PUBLIC else ():
            self.stdout.write(f"· {remark}")
        self.stdout.write(f"已写好：{out}")


def document(made: Produced, out: Path, rendition: str) -> dict[str, Any]:
    """The report as one JSON document; a public rendition gives no value away."""
    hidden = rendition == PUBLIC
    return {
        "title": made.title,
        "slots": [_slot(one, hidden) for one in made.slots],
        "names": [_put(one) for one in made.names],
        "periods": [_put(one) for one in made.periods],
        "remarks": [] if hidden else list(made.remarks),
        "text": made.text,
        "out": str(out),
    }


def _slot(one: Filled, hidden: bool) -> dict[str, Any]:
    return {
        "start": one.start, "end": one.end, "text": one.written, "phrase": one.phrase, "state": one.state,
        "figure": one.figure, "facets": {name: list(words) for name, words in one.facets.items()},
        "value": None if hidden else number_of(one.answer.value), "status": one.answer.status.value,
        "out_start": one.out_start, "out_end": one.out_end,
        **({"typed": one.typed.value} if one.typed and not hidden else {}),
    }  # fmt: skip


def _put(one: Put) -> dict[str, Any]:
    return {
        "start": one.start, "end": one.end, "text": one.written, "figure": one.figure, "value": one.text, "note": one.note,
        "out_start": one.out_start, "out_end": one.out_end,
    }  # fmt: skip


def _insist_on_files(out: Path, proof: Path | None, rendition: str) -> None:
    """Raise Refused, before anything is written, for files that cannot or may not be."""
    if out.suffix.lower() != ".docx" or not out.parent.is_dir():
        raise _wrong(f"“{out}”应是一个 .docx 文件，所在文件夹要先有；没有写任何文件。")
    if proof and (proof.suffix.lower() != ".xlsx" or not proof.parent.is_dir()):
        raise _wrong(f"“{proof}”应是一个 .xlsx 文件，所在文件夹要先有；没有写任何文件。")
    if proof and rendition == PUBLIC:
        raise NotAllowed("公开版不能附数据依据：依据里有遮去的数。没有写任何文件。")


def _wrong(sentence: str) -> Refused:
    refusal = Refused(sentence)
    refusal.exit_code = UNUSABLE  # type: ignore[attr-defined]
    return refusal
