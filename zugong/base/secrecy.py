"""Marks of state secrets (国家秘密标志). This system takes none: a file that bears one is turned away, whatever is in it.

A mark is a level with a star (秘密★1年), or a level standing alone where titles stand. The words inside a sentence or a
longer word (保密工作, 保守国家秘密, 秘密投票) are no mark. Pure: texts in, the mark found or "" out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

LEVEL = r"(?:绝\s*密|机\s*密|秘\s*密)"
TERM = r"(?:长期|\d+\s*(?:年|个?月|[日天]))"
NAMED = r"密\s*级\s*[:：]\s*"
STAMP = re.compile(rf"(?:{NAMED})?{LEVEL}\s*[★☆](?:\s*{TERM})?|{NAMED}{LEVEL}(?!\w)")
ALONE = re.compile(rf"[【\[（(〔]?\s*{LEVEL}\s*[级件]?\s*(?:[★☆*＊]?\s*{TERM})?\s*[*＊]?\s*[】\]）)〕]?")
ENDING = re.compile(r"\.[A-Za-z0-9]{1,5}$")
BETWEEN = re.compile(r"[\s/\\\-_—–~·.,，。、;；:：()（）\[\]【】〔〕《》<>“”\"'+&★☆*＊]+")
PART_OF_NAME = re.compile(rf"{LEVEL}(?:级|件|文件|{TERM})?")
FIRST_LINES = 10


def stamped(texts: Iterable[str]) -> str:
    """The first mark with a star, or named as the level of secrecy, anywhere in the texts."""
    found = (STAMP.search(text) for text in texts)
    return next((one[0] for one in found if one), "")


def marked(texts: Iterable[str]) -> str:
    """The first mark among titles: with a star anywhere, or a level that is all a line says."""
    for text in texts:
        for line in text.split("\n"):
            if mark := stamped([line]) or (line.strip() if ALONE.fullmatch(line.strip()) else ""):
                return mark
    return ""


def marked_name(name: str) -> str:
    """The mark a file's name bears: with a star, or as a part of its own."""
    stem = ENDING.sub("", name)
    alone = (part for part in BETWEEN.split(stem) if PART_OF_NAME.fullmatch(part))
    return stamped([stem]) or next(alone, "")


def marked_paper(name: str, text: str) -> str:
    """The mark a paper bears: in its name, or in its first lines."""
    return marked_name(name) or marked(_first_lines(text))


def _first_lines(text: str) -> Iterator[str]:
    lines = (line for line in re.finditer(r"[^\n]*\S[^\n]*", text))
    for _, line in zip(range(FIRST_LINES), lines, strict=False):
        yield line[0]


def refusal(name: str, mark: str) -> str:
    """The sentence that turns a marked file away."""
    return f"“{name}”标有“{mark}”。本系统只处理非涉密信息，没有读入，也没有留下。请按保密规定在涉密设备上办理。"
