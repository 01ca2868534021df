"""Adopted texts: reading a file or pasted words, and the structure of a report with character offsets.

Everything downstream (slots, names, period words) points into `Text.text`, the text as read: line ends are
\\n, a byte order mark is gone, nothing else is changed.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from pathlib import Path

from docx import Document

from zugong.base import asides, secrecy
from zugong.base.packages import XML, BadPackage, Package, TooMuch
from zugong.base.rules import Refused

CHINESE = "一二三四五六七八九十百"
HEADING_MARKS = (
    (1, re.compile(rf"[{CHINESE}]+(?:、|[ \u3000]+(?=[\u4e00-\u9fff]))|【(?=[^】\n]{{2,20}}】\s*$)|第[{CHINESE}]+(?:部分|章)")),
    (2, re.compile(rf"[（(][{CHINESE}]+[）)]")),
    (3, re.compile(r"\d{1,2}(?:[.．、])(?!\d)")),
    (4, re.compile(r"[（(]\d{1,2}[）)]|[①-⑳]")),
)
RUN_IN_LEVEL = 5
RUN_IN = re.compile(rf"(?:^|(?<=[。；：\n]))(?:[{CHINESE}]+[是要]|第[{CHINESE}]，|首先，|其次，|再次，|最后，)", re.M)
TITLE_WORDS = re.compile(r"总结|报告|情况|小结|汇报|综述|要点|述职|自查|纪实|简报|材料")
LONGEST_TEXT = 200_000
MOST_UNPACKED = 100 << 20  # bytes of a .docx with its pictures
MOST_MARKUP = 24 << 20  # bytes of its XML: the longest text with all its formatting is a quarter of that
LONGEST_TITLE = 60
LONGEST_HEADING = 40


class Unreadable(Refused):
    """A file that is no text we can read; the message is a sentence for the reader."""

    exit_code = 2


@dataclass(frozen=True)
class Span:
    """A stretch of the text as read."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Heading(Span):
    """A heading: level 1 is 一、, 2 （一）, 3 1., 4 （1）, 5 the run-in 一是; `marker` is what numbers it."""

    level: int
    marker: str


@dataclass(frozen=True)
class Sentence(Span):
    """A sentence; `paragraph` counts from 0. Its clauses lie between commas and semicolons."""

    paragraph: int

    @property
    def clauses(self) -> tuple[Span, ...]:
        """The clauses of the sentence, separators left out."""
        found = re.finditer(r"[^，；：,;:\n]+", self.text)
        return tuple(Span(self.start + m.start(), self.start + m.end(), m[0]) for m in found)


@dataclass(frozen=True)
class Text:
    """A report as read, with its title (None where it has none), headings, paragraphs and sentences."""

    text: str
    title: Span | None
    headings: tuple[Heading, ...]
    paragraphs: tuple[Span, ...]
    sentences: tuple[Sentence, ...]

    @cached_property
    def _starts(self) -> tuple[list[int], list[int]]:
        return [s.start for s in self.sentences], [h.start for h in self.headings]

    def sentence_at(self, offset: int) -> Sentence:
        """The sentence an offset lies in (the one before it where it lies between two)."""
        return self.sentences[max(0, bisect_right(self._starts[0], offset) - 1)]

    def headings_over(self, offset: int) -> tuple[Heading, ...]:
        """The headings an offset stands under, outermost first."""
        open_ones: dict[int, Heading] = {}
        for heading in self.headings[: bisect_right(self._starts[1], offset)]:
            open_ones = {level: h for level, h in open_ones.items() if level < heading.level}
            open_ones[heading.level] = heading
        return tuple(open_ones[level] for level in sorted(open_ones))


def read(path: Path) -> str:
    """The text of a .txt (UTF-8, GB18030) or .docx file; raises Unreadable."""
    if not path.is_file():
        raise Unreadable(f"找不到文件“{path}”。")
    return from_bytes(path.name, path.read_bytes())


def from_bytes(name: str, data: bytes) -> str:
    """The text in the bytes of a file called `name`; raises Unreadable, also for one marked as a state secret."""
    text = _decoded(name, data)
    if len(text) > LONGEST_TEXT:
        raise Unreadable(f"“{name}”里的文字{overlong(text)}")
    if mark := secrecy.marked_paper(name, text):
        raise Unreadable(secrecy.refusal(name, mark))
    return text


def overlong(text: str) -> str:
    """What to say of a text that is too long."""
    return f"有 {len(text)} 个字以上，超过 {LONGEST_TEXT}，没有收下。请拆成几份。"


def _decoded(name: str, data: bytes) -> str:
    suffix = Path(name).suffix.lower()
    if suffix == ".docx":
        return _from_docx(name, data)
    if suffix in (".doc", ".wps", ".pdf"):
        raise Unreadable(f"“{name}”是 {suffix} 文件，读不出文字。请另存为 .docx 或 .txt 再收。")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return as_read(data.decode(encoding))
        except UnicodeDecodeError:
            continue
    raise Unreadable(f"“{name}”既不是 UTF-8 也不是 GB18030 的文本。请另存为 .docx 或 UTF-8 的 .txt 再收。")


def as_read(text: str) -> str:
    """Pasted or decoded words with the line ends this program counts offsets by."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _from_docx(name: str, data: bytes) -> str:
    try:
        _insist_on_bounds(data)
        mark = secrecy.marked(asides.of_package(Package(BytesIO(data), MOST_UNPACKED)))
        lines, length = [], 0
        for paragraph in Document(BytesIO(data)).paragraphs:
            lines.append(paragraph.text)
            length += len(lines[-1]) + 1
            if length > LONGEST_TEXT + 1:
                break
    except TooMuch:
        raise Unreadable(
            f"“{name}”展开后太大，没有收下。请去掉图片、接受全部修订，另存一份再收，或者把文字复制出来粘贴。"
        ) from None
    except BadPackage as error:
        why = "里带有宏或控件" if str(error) == "programs" else "打不开，不是完好的 .docx 文件"
        raise Unreadable(f"“{name}”{why}，没有收下。请用 Word 或 WPS 打开，另存为不带宏的 .docx 再收。") from None
    except Exception as error:  # a document that is not sound fails in many ways, all meaning the same to the sender
        raise Unreadable(f"“{name}”打不开，不是完好的 .docx 文件。请用 Word 或 WPS 打开，另存为 .docx 再收。") from error
    if mark:
        raise Unreadable(secrecy.refusal(name, mark))
    return as_read("\n".join(lines))


def _insist_on_bounds(data: bytes) -> None:
    """Raises TooMuch, BadPackage before anything is taken apart."""
    package = Package(BytesIO(data), MOST_UNPACKED)
    asides.insist_on_no_programs(package)
    if "[Content_Types].xml" not in package.names:
        raise BadPackage("kind")
    markup = 0
    for part in package.parts:
        is_markup = part.filename.lower().endswith(XML)
        for piece in package.texts(part) if is_markup else package.pieces(part):
            markup += len(piece) if is_markup else 0
            if markup > MOST_MARKUP:
                raise TooMuch("markup")


def parse(text: str) -> Text:
    """The structure of a text as read."""
    paragraphs = tuple(Span(m.start(), m.end(), m[0]) for m in re.finditer(r"[^\n]*\S[^\n]*", text))
    title = _title(paragraphs)
    body = [p for p in paragraphs if not title or p.start >= title.end]
    headings = tuple(sorted((h for p in body for h in _headings(p)), key=lambda h: h.start))
    sentences = tuple(s for number, p in enumerate(paragraphs) for s in _sentences(p, number))
    return Text(text, title, headings, paragraphs, sentences)


def _title(paragraphs: tuple[Span, ...]) -> Span | None:
    """One or two short first lines that say what the paper is and end without a full stop."""
    for lines in (1, 2):
        first = paragraphs[:lines]
        if len(first) < lines or any(_is_body(p.text) for p in first):
            return None
        if TITLE_WORDS.search(first[-1].text):
            words = "\n".join(p.text for p in first)
            return Span(first[0].start, first[-1].end, words)
    return None


def _is_body(line: str) -> bool:
    bare = line.strip()
    return len(bare) > LONGEST_TITLE or bare.endswith(("。", "；", "，", "：")) or bool(HEADING_MARKS[0][1].match(bare))


def _headings(paragraph: Span) -> Iterator[Heading]:
    indent = len(paragraph.text) - len(paragraph.text.lstrip(" \u3000\t"))
    for level, mark in HEADING_MARKS:
        if found := mark.match(paragraph.text, indent):
            yield _heading(paragraph, found, level)
            break
    for found in RUN_IN.finditer(paragraph.text):
        yield _heading(paragraph, found, RUN_IN_LEVEL)


def _heading(paragraph: Span, found: re.Match[str], level: int) -> Heading:
    """From the marker to the full stop, where that comes soon; a heading on its own line is all of the line."""
    rest = paragraph.text[found.end() :]
    stop = re.search(r"[。；：:]", rest)
    length = stop.start() if stop else len(rest)
    end = found.end() + (length if length <= LONGEST_HEADING else 0)
    start = paragraph.start + found.start()
    return Heading(start, paragraph.start + end, paragraph.text[found.start() : end], level, found[0])


def _sentences(paragraph: Span, number: int) -> Iterator[Sentence]:
    for found in re.finditer(r"[^。！？!?]*[。！？!?]?[”’」』）]?", paragraph.text):
        if found[0].strip():
            yield Sentence(paragraph.start + found.start(), paragraph.start + found.end(), found[0], number)
