"""The examination of what is kept: one line a check, in order, each with what to do about what it finds. Changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.db import Error as DatabaseError
from django.db import connection

from zugong.base.rules import Refused
from zugong.desk.background import looking
from zugong.desk.prepare import pending, restoring
from zugong.desk.upkeep import contents, surroundings

TOLD = 5  # findings that are told one by one


@dataclass(frozen=True)
class Checked:
    """A check and what it found; nothing found is well."""

    name: str
    found: tuple[str, ...]
    mend: str

    @property
    def well(self) -> bool:
        """Whether nothing is to be done."""
        return not self.found

    def __str__(self) -> str:
        if self.well:
            return f"正常　　{self.name}"
        more = f"等 {len(self.found)} 处" if len(self.found) > TOLD else ""
        return f"要处理　{self.name}：{'；'.join(self.found[:TOLD])}{more}。{self.mend}"


@dataclass(frozen=True)
class Asked:
    """What the examination is about: the moment, whether everything sealed is opened or a sample."""

    now: datetime
    thorough: bool


Check = tuple[str, Callable[[Asked], Iterator[str]], str]
RESTORE = "请停下服务，把最近一份备份恢复到新的数据文件夹（zugong restore），不要在坏的数据上继续办"


def _pending(asked: Asked) -> Iterator[str]:
    yield from (f"{app} {name} 还没有做" for app, name in sorted(pending()))


def _whole(asked: Asked) -> Iterator[str]:
    if restoring().exists():
        yield "恢复没有做完"
    if connection.vendor == "sqlite" and not Path(settings.DATABASES["default"]["NAME"]).exists():
        yield f"“{settings.ZUGONG_HOME}”里没有数据库"


FIRST: Check = ("数据文件夹", _whole, "请核对 ZUGONG_HOME；恢复没有做完的，再运行一次同样的 zugong restore")
CHECKS: tuple[Check, ...] = (
    ("数据库完好", lambda asked: contents.broken(), RESTORE),
    ("数据库版本", _pending, "请先备份，再随便运行一条命令（例如 zugong batches），程序会自己升级"),
    ("记录之间的联系", lambda asked: contents.dangling(), RESTORE),
    ("记录合乎规定", lambda asked: contents.unlawful(), "请在页面上打开这些记录改正"),
    ("数据库里的约束", lambda asked: contents.unguarded(), RESTORE),
    ("留痕的链", lambda asked: contents.chain_faults(), "请先不要动数据，告诉审计管理员，运行 zugong audit verify 看是哪几条"),
    (
        "密钥和加密的内容",
        lambda asked: contents.unopened(asked.thorough),
        "请从密钥包恢复 keys 文件夹；密钥对而打不开的，从备份恢复",
    ),
    ("原文件", lambda asked: contents.lost_files(), "请从备份里找回这些文件，放进 files 文件夹"),
    ("没有人认领的文件", lambda asked: contents.stray_files(asked.now), "是导入中断留下的，核对后可以从 files 文件夹删去"),
    (
        "密钥文件的权限",
        lambda asked: surroundings.open_keys(),
        "请在服务器上改成只有运行程序的用户能读：chmod 600（文件夹 700）",
    ),
    ("残留", lambda asked: surroundings.leftovers(asked.now), "没有命令在运行的话，可以删去；incoming 里的，重启服务会清掉"),
    ("磁盘空间", lambda asked: surroundings.short_of_room(), "请清理或扩大磁盘，至少要放得下一份备份"),
    ("时钟", lambda asked: contents.in_the_future(asked.now), "请核对服务器的时间；这些记录的时间不能改，办理时请注意"),
    (
        "后台作业",
        lambda asked: looking.stuck(asked.now),
        "请看页面“后台作业”；没有后台进程的，运行 zugong worker",
    ),
    ("三员分设", lambda asked: contents.together(asked.now.date()), "请安全管理员结束其中一项授权"),
)


def examine(asked: Asked) -> Iterator[Checked]:
    """Check after check; what cannot be looked into is something to be done, never a failure of the doctor."""
    first = _done(FIRST, asked)
    yield first
    if first.well:
        _only_read()
        yield from (_done(check, asked) for check in CHECKS)


def _only_read() -> None:
    """From here on the database itself refuses to be changed by us."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET default_transaction_read_only = on")
        else:
            cursor.execute("PRAGMA query_only = ON")


def _done(check: Check, asked: Asked) -> Checked:
    name, find, mend = check
    try:
        return Checked(name, tuple(find(asked)), mend)
    except (DatabaseError, OSError, Refused, ValueError, FieldDoesNotExist) as error:
        said = str(error).splitlines() or [type(error).__name__]
        return Checked(name, (f"查不成：{said[0][:200]}",), mend)
