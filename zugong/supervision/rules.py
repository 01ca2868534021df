"""When a problem may enter the register, and when it may leave it. Decisions only."""

from __future__ import annotations

from collections.abc import Sized
from dataclasses import dataclass
from datetime import date

from zugong.base.rules import Reason, Verdict


def may_enter(words: str, office: str, grounds: Sized, already_open: bool) -> Verdict:
    """Whether a problem may be accepted: worded, owned, with a record behind it, and not in the register already."""
    said = []
    if not words.strip():
        said.append(Reason("问题：还没有写是什么问题。"))
    if not office.strip():
        said.append(Reason("责任科室：还没有定哪个科室负责。"))
    if not len(grounds):
        said.append(Reason("没有记录作依据的，不能列入。请从一条记录或者“从数据看”里列。"))
    if already_open:
        said.append(Reason("这个问题已经在册，还没有解决，不用再列一次。"))
    return Verdict(tuple(said))


def may_decline(reason: str, already_open: bool) -> Verdict:
    """Whether it may be noted that something is no problem: with a reason, and not while the register says that it is one."""
    said = []
    if not reason.strip():
        said.append(Reason("不采纳的理由：还没有写为什么不列入。"))
    if already_open:
        said.append(Reason("这个问题已经在册，还没有解决，不能再记为不采纳。"))
    return Verdict(tuple(said))


@dataclass(frozen=True)
class Answer:
    """A task put forward as what solved a problem: what it answers, when it was done, how many records show it."""

    answers: str
    done_on: date | None
    records: int


def may_close(problem: str, answer: Answer, on: date, words: str) -> Verdict:
    """Whether a problem may be closed: by a task that answers it, is done by then, and shows by which record."""
    said = []
    if answer.answers != problem:
        said.append(Reason("这项任务不是为这个问题列的，不能用它销掉问题。"))
    if answer.done_on is None or answer.done_on > on:
        said.append(Reason("这项任务还没有完成，问题还不能算解决。"))
    if not answer.records:
        said.append(Reason("这项任务还没有挂上佐证的记录。请先在任务里挂上。"))
    if not words.strip():
        said.append(Reason("怎么解决的：还没有写。"))
    return Verdict(tuple(said))
