"""What the files outside the database say about the trail, and what they have against it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from zugong.base import anchors, attesting

WORDS = {
    "missing": "{}缺失：被删掉了",
    "edited": "{}被改动过：内容和摘要不符",
    "moved": "{}不在原来的位置：{detail}",
    "forged": "{}不是程序写的：封印不对",
    "unlinked": "{}与上一条接不上",
    "index": "{}的索引被改动过：看单条记录的经过时会少了它，它本身没有变",
    "cut": "{}不见了：链尾被截去，或者数据库退回到了旧的样子（{detail}）",
    "rewritten": "{}里有改写：与锚定的摘要不符（{detail}）",
    "head": "{detail}",
    "unanchored": "{}是 {detail} 写的，那天没有锚定：锚定文件少了这一行，或者当天写不进去",
    "anchor": "锚定文件不对：{detail}",
}


@dataclass(frozen=True)
class Fault:
    """What is wrong, from which entry to which (0 where it is no entry), and more about it."""

    kind: str
    first: int = 0
    last: int = 0
    detail: str = ""

    def __str__(self) -> str:
        which = f"第 {self.first} 条" if self.first == self.last else f"第 {self.first} 条到第 {self.last} 条"
        return WORDS[self.kind].format(which, detail=self.detail)


@dataclass
class Outside:
    """The trail's end at several numbers, where the seals begin, and what is wrong with the files themselves."""

    lines: list[anchors.Anchor] = field(default_factory=list)
    head: anchors.Anchor | None = None
    sealed_after: int = 0
    faults: list[Fault] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    there: bool = False

    @classmethod
    def read(cls) -> Outside:
        """Read the files and judge them by themselves: the beginning first, every line signed after the one before."""
        lines = anchors.read()
        found = cls([line for line in lines if line is not None], anchors.read_head(), there=True)
        found._judge_lines(lines)
        found._judge_head()
        found._forget_what_a_restore_undid()
        if found.sealed_after:
            found.remarks.append(f"前 {found.sealed_after} 条写于有封印之前：升级那天以后动过的会发现，那以前的不能证明。")
        return found

    def _judge_lines(self, lines: list[anchors.Anchor | None]) -> None:
        if not lines:
            self._fault(f"文件“{anchors.lines_file()}”不在")
            return
        before, first = "", lines[0]
        for n, line in enumerate(lines, start=1):
            if line is None or not line.holds(before):
                self._fault(f"第 {n} 行被改动过，或者它前面少了一行")
            before = line.signature if line else ""
        if first is not None and first.kind == anchors.BEGIN:
            self.sealed_after = first.number
        else:
            self._fault("没有开头的一行，文件可能被换过")
        if any(line.key != attesting.public_key() for line in self.lines):
            self._fault("是用另一把密钥签的：keys/trail.key 被换过，或者文件来自别处")

    def _judge_head(self) -> None:
        if self.head is None:
            self._fault(f"文件“{anchors.head_file()}”不在")
        elif not self.head.holds("") or self.head.key != attesting.public_key():
            self._fault(f"文件“{anchors.head_file()}”被改动过")

    def _fault(self, detail: str) -> None:
        self.faults.append(Fault("anchor", detail=detail))

    def _forget_what_a_restore_undid(self) -> None:
        kept: list[anchors.Anchor] = []
        for line in self.lines:
            if line.kind == anchors.RESTORED:
                last = max((one.number for one in kept), default=0)
                kept = [one for one in kept if one.number <= line.number]
                lost = f"，当时已有的第 {line.number + 1} 条到至少第 {last} 条不在库里了" if last > line.number else ""
                self.remarks.append(f"{line.day} 恢复过备份，恢复到第 {line.number} 条{lost}。")
            kept.append(line)
        self.lines = kept

    def marks(self) -> dict[int, set[str]]:
        """The marks that must stand at certain numbers; two at one number cannot both."""
        told: dict[int, set[str]] = {}
        for line in self._all():
            told.setdefault(line.number, set()).add(line.mark)
        return told

    def _all(self) -> list[anchors.Anchor]:
        return [*self.lines, *([self.head] if self.head else [])]

    def against(
        self, end: int, seen: dict[int, str], days: dict[str, tuple[int, int]], blamed: Callable[[int], bool]
    ) -> Iterator[Fault]:
        """What the files have against the entries: cut off or rolled back, rewritten, days without a line."""
        if not self.there:
            return
        last = max(self._all(), key=lambda line: line.number, default=None)
        if last is not None and last.number > max(end, 0):
            yield Fault("cut", max(end, 0) + 1, last.number, f"锚定文件在 {last.day} 记到第 {last.number} 条")
        good = 0
        for line in sorted(self._all(), key=lambda line: line.number):
            if line.number not in seen or seen[line.number] == line.mark:
                good = line.number
            elif not blamed(line.number):
                yield Fault("rewritten", good + 1, line.number, f"{line.day} 记下的")
                break
        told = {line.day for line in self.lines}
        for day, (first, end_of_day) in days.items():
            if day not in told:
                yield Fault("unanchored", first, end_of_day, day)
