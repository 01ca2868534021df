"""Rules and templates of the house (制度汇编): given as files, kept in versions, found by their words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from zugong.base import uploads
from zugong.base.access import Permission
from zugong.base.actions import action, amend, create, entry
from zugong.base.models import User
from zugong.base.numbers import without_numbers
from zugong.base.rules import NotAllowed, Refused
from zugong.base.uploads import Upload
from zugong.regulations.models import Paper, PaperVersion

FIELD = PaperVersion._meta.get_field("kept_as").bound_to()  # type: ignore[union-attr]
KINDS = frozenset({"pdf", "docx", "txt"})
WANTED = "不是 Word（.docx）、PDF 或者纯文本（.txt）文件，没有收下。看的是文件内容，不是后缀；.doc 和 .wps 请另存为 .docx。"
LONGEST_TEXT = 100_000  # so much of the words is searched; the file is kept whole
AROUND = 30
BROKEN = re.compile(r"(?<=[\u4e00-\u9fff]) *\n *(?=[\u4e00-\u9fff])")  # a line ends where the paper does, not the word
MOST_WORDS = 5
EDIT = Permission.REGULATIONS_EDIT


def looked_at(name: str, content: bytes) -> Upload:
    """The file as it may be kept. Raises Refused for what is too large, of another kind, or marked as a state secret."""
    return uploads.looked_at(name, content, called="制度文件", kinds=KINDS, wanted=WANTED)


@action(EDIT)
def add_paper(*, by: User, on: date, title: str, kind: str, office: str, since: date, upload: Upload, note: str = "") -> Paper:
    """Take a rule or template into the collection, with its first version."""
    paper = create(Paper(title=title.strip(), kind=kind, office=office.strip(), entered_on=on))
    add_version(by=by, on=on, paper=paper, since=since, upload=upload, note=note)
    return paper


@action(EDIT)
def add_version(*, by: User, on: date, paper: Paper, since: date, upload: Upload, note: str = "") -> PaperVersion:
    """A new version of a paper; the ones before it stay. Raises Refused where the same file is kept already."""
    if paper.ended_on is not None:
        raise Refused(f"“{paper}”已经废止，不再加新版。")
    last = paper.versions.order_by("-number").first()
    if last is not None and opened(last) == upload.content:
        raise Refused(f"和第 {last.number} 版的文件一模一样，没有再存一份。")
    text = without_numbers(BROKEN.sub("", upload.text)[:LONGEST_TEXT])
    version = PaperVersion(
        paper=paper, number=last.number + 1 if last else 1, since=since, name=upload.name, text=text, words=len(text),
        note=note.strip(), entered_by=str(by), entered_on=on, kept_as=uploads.kept(upload, FIELD),
    )  # fmt: skip
    try:
        return create(version)
    except BaseException:
        uploads.gone(version.kept_as)
        raise


@action(EDIT)
def end_paper(*, by: User, on: date, paper: Paper) -> Paper:
    """Say that a paper holds no longer; its versions stay to be looked up."""
    if paper.ended_on is not None:
        raise Refused(f"“{paper}”已经废止。")
    return amend(paper, ended_on=on)


@action(None)
def hand_over(*, by: User, on: date, version: PaperVersion) -> bytes:
    """The file of a version as it came, for whoever reads regulations anywhere; the trail says who took it."""
    if not by.may_somewhere(Permission.REGULATIONS_READ):
        raise NotAllowed("您的账号没有看制度的权限，没有交出文件。")
    entry().subject = version.key
    return opened(version)


def opened(version: PaperVersion) -> bytes:
    """The file of a version as it came."""
    return uploads.opened(version.kept_as, FIELD)


@dataclass(frozen=True)
class Found:
    """A paper with its newest version, and where the words stand in it."""

    paper: Paper
    version: PaperVersion
    before: str = ""
    word: str = ""
    after: str = ""


def search(papers: QuerySet, words: str) -> Iterator[Found]:
    """The papers whose newest version holds every word, in the title or the text; without words all of them."""
    asked = list(dict.fromkeys(words.split()))[:MOST_WORDS]
    versions = PaperVersion.objects.filter(paper__in=papers).order_by("paper__kind", "paper__title", "-number")
    newest: dict[int, PaperVersion] = {}
    for one in versions.defer("text").select_related("paper"):
        newest.setdefault(one.paper_id, one)
    holding = PaperVersion.objects.filter(pk__in=[one.pk for one in newest.values()])
    titled = papers
    for word in asked:
        titled = titled.filter(title__icontains=word)
        holding = holding.filter(text__icontains=word)
    texts = dict(holding.values_list("pk", "text")) if asked else {}
    hits = set(titled.values_list("pk", flat=True))
    for one in newest.values():
        if one.paper_id in hits or one.pk in texts:
            yield Found(one.paper, one, *excerpt(texts.get(one.pk, ""), asked[0] if asked else ""))


def excerpt(text: str, word: str) -> tuple[str, str, str]:
    """The words around the first place a word stands; nothing where it stands nowhere."""
    found = re.search(re.escape(word), text, re.IGNORECASE) if word else None
    if found is None:
        return "", "", ""
    before, after = text[max(0, found.start() - AROUND) : found.start()], text[found.end() : found.end() + AROUND]
    return re.sub(r"\s+", " ", before), found[0], re.sub(r"\s+", " ", after)
