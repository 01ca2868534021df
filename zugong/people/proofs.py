"""Files that prove something: what they are is told by their content, they lie sealed in the files' folder under
random names, and come back only as they came. Takes pictures, PDF and Word."""

from __future__ import annotations

import io
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from zugong.base import asides, sealing, secrecy
from zugong.base.packages import BadPackage, Package
from zugong.base.rules import Refused
from zugong.people.models import Correction

FIELD = "people.correction.proof"
LARGEST = 10 * 1024 * 1024
MOST_UNPACKED = 50 * 1024 * 1024
DOCUMENT = "word/document.xml"
BEGINNINGS = ((b"%PDF-", "pdf"), (b"\xff\xd8\xff", "jpg"), (b"\x89PNG\r\n\x1a\n", "png"))
TAG, PARAGRAPH = re.compile(r"<[^>]*>"), re.compile(r"</w:p>|<w:br ?/>")


@dataclass(frozen=True)
class Proof:
    """A file that was looked at and may be kept: what it is called, and what is in it."""

    name: str
    content: bytes


def looked_at(name: str, content: bytes) -> Proof:
    """The file as it may be kept. Raises Refused for what is too large, of another kind, or marked as a state secret;
    nothing is kept then."""
    shown = Path(name.replace("\\", "/")).name[-150:] or "证明材料"
    if len(content) > LARGEST:
        raise Refused(f"证明材料“{shown}”超过 10 MB，没有收下。请压缩图片，或者只交有用的几页。")
    kind = next((kind for start, kind in BEGINNINGS if content.startswith(start)), "")
    text = "" if kind else _words(shown, content)
    mark = secrecy.marked_paper(shown, text)
    if mark:
        raise Refused(secrecy.refusal(shown, mark))
    return Proof(f"{shown.rpartition('.')[0] or shown}.{kind or 'docx'}", content)


def _words(name: str, content: bytes) -> str:
    """The words of a Word file. Raises Refused for anything else."""
    try:
        package = Package(io.BytesIO(content), MOST_UNPACKED)
        part = next(part for part in package.parts if part.filename == DOCUMENT)
        raw = b"".join(package.pieces(part))
        asides.insist_on_no_programs(package)
        beside = secrecy.marked(asides.of_package(package))
    except (BadPackage, StopIteration):
        raise Refused(
            f"“{name}”不是 PDF、JPG、PNG 或者 Word（.docx）文件，没有收下。看的是文件内容，不是后缀；请拍照或扫描后再交。"
        ) from None
    if beside:
        raise Refused(secrecy.refusal(name, beside))
    return TAG.sub("", PARAGRAPH.sub("\n", raw.decode("utf-8", "replace")))


def kept(proof: Proof) -> str:
    """Seal a proof into the files' folder; gives the name it lies under."""
    name = secrets.token_hex(16)
    folder = Path(settings.ZUGONG_FILES)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(sealing.seal(proof.content, FIELD))
    return name


def gone(name: str) -> None:
    """Delete a kept proof."""
    if name:
        (Path(settings.ZUGONG_FILES) / name).unlink(missing_ok=True)


def opened(name: str) -> bytes:
    """A kept proof as it came."""
    return sealing.unseal((Path(settings.ZUGONG_FILES) / name).read_bytes(), FIELD)


def forget_proofs(corrections: Iterable[Correction]) -> None:
    """Delete the proofs of requests; called inside an action that erases."""
    for one in corrections:
        gone(one.proof_as)
        type(one).objects.filter(pk=one.pk).update(proof_as="")
