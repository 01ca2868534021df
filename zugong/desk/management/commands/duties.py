"""zugong duties --period 2023H1: what is missed, due, met or exempt, for every subject."""

from __future__ import annotations

from typing import Any

from zugong.base.access import Permission
from zugong.base.duties import OPEN, STATE_WORDS
from zugong.base.parameters import Parameter
from zugong.base.rules import Refused
from zugong.base.standards import Entered
from zugong.desk.commands import ZugongCommand
from zugong.desk.dues import DUTIES, document, findings
from zugong.desk.owing import missing_words
from zugong.desk.trying import Trial, adhoc, adjustable, documents
from zugong.regulations.models import Kind, StandardLine


class Command(ZugongCommand):
    help = "应办事项：谁、什么事、哪天到期、依据哪条"
    permission = Permission.DESK_READ
    framed = True

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--period", required=True, metavar="期间")
        parser.add_argument(
            "--try",
            dest="trying",
            default="",
            metavar="标准=数",
            help="只试算：某个标准换成这个数，或者一条拟定的编号，谁会不一样",
        )

    def act(self, **options: Any) -> int | None:
        frame = self.frame(options["period"], options["scope"])
        if options.get("trying"):
            return self.tried(Trial(frame, self.by, *asked(options["trying"])))
        found = findings(frame, self.by)
        if self.json:
            self.out([document(one) for one in found])
            return None
        rows = [
            (DUTIES[f.duty].name, f.subject, STATE_WORDS[f.state], f.due_on, missing_words(f.missing), f.source.cite())
            for f in found
            if f.state in OPEN
        ]
        self.table(f"{frame.period.title}（截至 {frame.day}）", ("事项", "对象", "状态", "到期日", "缺", "依据"), rows)
        return None

    def tried(self, trial: Trial) -> int | None:
        """What comes out otherwise, side by side."""
        if self.json:
            self.out(list(documents(trial)))
            return None
        rows = [
            (one.duty.name, one.subject, one.before.word, one.before.missing, one.after.word, one.after.missing)
            for one in trial.changes
        ]
        title = f"试算：{trial.parameter.meaning} {trial.tried.line.value} {trial.parameter.unit}，截至 {trial.frame.day}。"
        title += f"{trial.units} 个对象、{len(rows)} 项结果不一样，没有改动任何记录。"
        self.table(title, ("事项", "对象", "现在", "缺", "按新的", "缺"), rows)
        return None


def asked(said: str) -> tuple[Parameter, Entered]:
    """What `--try` names: a number to be, 标准=数, or a draft by its number. Raises Refused."""
    key, _, number = said.partition("=")
    line = StandardLine.objects.filter(pk=int(said)).exclude(kind=Kind.CHECK).first() if is_number(said) else None
    parameter = adjustable().get(line.parameter if line else key.strip())
    if parameter is None or not (line or is_number(number)):
        known = "、".join(adjustable())
        raise Refused(f"看不懂“{said}”。写成 标准=数，例如 meetings.general_meetings_a_quarter=2。可以试的标准：{known}。")
    return parameter, line.as_entered() if line else adhoc(parameter, int(number))


def is_number(said: str) -> bool:
    """Whether it is a whole number that can be meant."""
    return said.strip().isascii() and said.strip().isdigit() and len(said.strip()) < 10
