"""What all commands share: who acts, from which day, in which frame; JSON or a table; sentences for errors."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandParser
from rich.console import Console
from rich.table import Table

from zugong.base import exports, refusals, trail
from zugong.base.access import ROLES, Permission
from zugong.base.department import DEMO, everything
from zugong.base.exports import NeedsAgreement
from zugong.base.grants import LOCAL, established
from zugong.base.models import User
from zugong.base.periods import BadPeriod, Frame, day_said
from zugong.base.rules import NotAllowed, Refused
from zugong.base.standards import Standards
from zugong.desk.clock import now, today
from zugong.desk.framing import demo_day
from zugong.desk.prepare import home_ready, operator
from zugong.regulations.models import entered
from zugong.statistics.frames import frame_of, may_frame, widest

DONE, REFUSED, UNUSABLE, ROWS_REFUSED, NOT_SUBMITTED = 0, 1, 2, 3, 4
UNWATCHED_WIDTH = 160  # columns of a table written to a file or another program
WRONG_USE = (  # what the standard parser complains of, in our words
    (r"the following arguments are required: (.+)", r"缺少 \1"),
    (r"unrecognized arguments: (.+)", r"不认得 \1"),
    (r"argument ([^:]+): expected one argument", r"\1 后面要写一个值"),
    (r"argument ([^:]+): expected at least one argument", r"\1 后面至少写一个值"),
    (r"argument ([^:]+): invalid choice: '?([^']*)'? \(choose from (.+)\)", r"\1 不能写“\2”，可写 \3"),
    (r"argument ([^:]+): invalid int value: '(.*)'", r"\1 要写数字，不能写“\2”"),
    (r"argument ([^:]+): (.+)", r"\1：\2"),
)


class ChineseParser(CommandParser):
    """Wrong use answers with one sentence; help is in Chinese."""

    def __init__(self, **given: Any) -> None:
        super().__init__(add_help=False, **given)
        self._positionals.title, self._optionals.title = "要写的", "可以加的"
        self.add_argument("-h", "--help", action="help", help="看这个命令的写法")

    def format_help(self) -> str:
        """The help, beginning with how the command is written."""
        return super().format_help().replace("usage: ", "写法：", 1)

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and how to see the right use."""
        said = next((re.sub(known, ours, message) for known, ours in WRONG_USE if re.fullmatch(known, message)), message)
        self.exit(UNUSABLE, f"命令写得不对：{said}。用 zugong {self.prog.split()[-1]} --help 看写法。\n")


class ZugongCommand(BaseCommand):
    """A command that acts as an account or, without one, as the local operator, who does everything while a home is being
    prepared and only runs it once there are three administrators.

    `permission` is what the command needs somewhere, or any of several; what it then reads and writes goes through
    `visible_to` and actions. A command that says nothing is for whoever runs the house.
    """

    requires_system_checks: Sequence[str] = ()
    framed = False
    permission: Permission | tuple[Permission, ...] = Permission.SYSTEM_RUN
    prepares = True  # whether the home is made ready first; what works on an empty or a broken one acts for no account
    leaves = False  # whether something may leave the house by it, which may need somebody's agreement

    def create_parser(self, prog_name: str, subcommand: str, **options: Any) -> CommandParser:
        parser = ChineseParser(prog=f"zugong {subcommand}", description=self.help, formatter_class=argparse.HelpFormatter)
        hidden = {"settings": None, "pythonpath": None, "traceback": False, "no_color": False, "force_color": False}
        parser.set_defaults(verbosity=1, skip_checks=True, **hidden)
        self.add_arguments(parser)
        parser.add_argument("--json", action="store_true", help="在标准输出上只打印一个 JSON 文档")
        parser.add_argument("--as", dest="account", metavar="账号", default="", help="以这个账号的权限办理，系统用户另记")
        parser.add_argument("--on", type=_date, default=None, metavar="日期", help="把这一天当作今天，写成 2023-06-30")
        if self.leaves:
            parser.add_argument("--purpose", default="", metavar="用途", help="行数超过限额时，用这个用途申请部领导同意")
        if self.framed:
            parser.add_argument("--scope", default="", metavar="代码", help="只看这个党组织及其下级")
        return parser

    def execute(self, *args: Any, **options: Any) -> None:
        """Run, and answer every refusal with its sentence and exit code."""
        with trail.coming_by(trail.COMMANDS):
            self.carry_out(**options)

    def carry_out(self, **options: Any) -> None:
        """Prepare the home, find out who acts on which day, do the work."""
        self.json = options["json"]
        try:
            self.day = options["on"] or today()
            if self.prepares:
                home_ready()
                self.by = self._actor(options["account"])
                self._insist()
            code = self.act(**options)
        except NeedsAgreement as needs:
            self._end(self._asked(needs, options.get("purpose", "")), REFUSED)
        except NotAllowed as refusal:
            if not refusal.noted:
                self._note_turned_away()
            self._end(str(refusal), REFUSED)
        except Refused as refusal:
            self._end(str(refusal), getattr(refusal, "exit_code", REFUSED))
        except BadPeriod as bad:
            self._end(str(bad), UNUSABLE)
        if code:
            sys.exit(code)

    def act(self, **options: Any) -> int | None:
        """Do the command's work; returns an exit code."""
        raise NotImplementedError

    def _asked(self, needs: NeedsAgreement, purpose: str) -> str:
        """Ask for the agreement an export needs, where a purpose was given; what to tell whoever runs the command."""
        if not purpose:
            return f"{needs}在命令后面加 --purpose 用途，就提出申请。"
        command = " ".join(["zugong", *sys.argv[1:]])
        try:
            exports.ask_export(by=self.by, on=self.day, wanted=needs.wanted, purpose=purpose, again={"command": command})
        except Refused as refusal:
            return str(refusal)
        return f"这次有 {needs.wanted.rows} 行，没有导出，已向部领导提出申请。同意之后，把这条命令原样再运行一次。"

    def _actor(self, account: str) -> User:
        user = User.objects.filter(username=account, is_active=True).first() if account else operator()
        if user is None:
            raise Refused(f"没有“{account}”这个账号，或已停用。")
        user.day, user.now = today(), now()  # what is granted holds on the day it is, whatever day is looked at
        settings = everything()
        user.shown_day = demo_day(settings) if settings[DEMO] else None
        return user

    def _insist(self) -> None:
        """Refuse an account without the command's right, and say who has it."""
        needed = (self.permission,) if isinstance(self.permission, Permission) else self.permission
        if any(map(self.by.may_somewhere, needed)):
            return
        able = "、".join(r.title for r in ROLES.values() if r.permissions.intersection(needed) and r.code != "operator")
        said = "、".join(needed)
        if self.by.username == LOCAL and established():
            raise NotAllowed(
                f"三名管理员开通以后，命令行自己只管运行。请加 --as 账号，用有这个权限（{said}）的账号办：{able}。"
            )
        held = "、".join(role.title for role in self.by.roles()) or "没有授权"
        raise NotAllowed(f"账号“{self.by.username}”（{held}）没有办理此事的权限（{said}），未作任何改动。能办的角色：{able}。")

    def frame(self, period: str, scope: str = "") -> Frame:
        """The frame the options ask for; without a scope, the widest the account may see."""
        frame = frame_of(period, self.day, scope).by(Standards(entered))
        if not scope:
            return replace(frame, scope=widest(self.by, frame.day))
        if not may_frame(self.by, frame):
            raise NotAllowed(f"账号“{self.by.username}”看不到代码为“{scope}”的党组织。")
        return frame

    def _note_turned_away(self) -> None:
        command, by = type(self).__module__.rpartition(".")[2], self.by.username
        asked: dict[str, str] = {}
        refusals.turned_away(
            account=by, on=self.day, page=f"zugong {command}", subject="", method="命令", status=1, asked=asked
        )

    def _end(self, sentence: str, code: int) -> NoReturn:
        print(sentence, file=sys.stderr)
        sys.exit(code)

    def out(self, document: Any) -> None:
        """Print the one JSON document."""
        print(json.dumps(document, ensure_ascii=False, indent=1, default=str))

    def table(self, title: str, headings: Iterable[str], rows: Iterable[Iterable[Any]]) -> None:
        """Print a table for people; a cell that is too long goes on in the next line, never cut."""
        table = Table(title=title, title_justify="left")
        for heading in headings:
            table.add_column(heading, overflow="fold")
        for row in rows:
            table.add_row(*("" if cell is None else str(cell) for cell in row))
        Console(width=None if sys.stdout.isatty() else UNWATCHED_WIDTH).print(table)

    @contextmanager
    def progress(self) -> Iterator[Any]:
        """A line on standard error that says what is being done; quiet where nobody watches."""
        if not sys.stderr.isatty():
            yield lambda text: None
            return
        with Console(stderr=True).status("……") as status:
            yield status.update


def told(made: Iterable[tuple[User, str, str]]) -> str:
    """Newly opened administrators with their one-time passwords, as they are printed once."""
    lines = [f"  {ROLES[role].title}　账号：{user.username}　一次性密码：{password}" for user, role, password in made]
    last = "请分别交给三个人，第一次登录要改密码；密码只显示这一次。此后命令行自己只管运行，办业务要加 --as 账号。"
    return "\n".join([*lines, last])


def _date(text: str) -> date:
    try:
        return day_said(text)
    except BadPeriod as bad:
        raise argparse.ArgumentTypeError(str(bad).removesuffix("。")) from None
