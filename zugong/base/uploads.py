"""Files somebody gives to be kept: told by their content and not their ending, refused when marked as a state secret, sealed
in the files' folder under random names, and given back only as they came."""

from __future__ import annotations

import io
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from zugong.base import asides, pdfwords, sealing, secrecy
from zugong.base.packages import BadPackage, Package
from zugong.base.rules import Refused

LARGEST = 10 * 1024 * 1024
MOST_UNPACKED = 50 * 1024 * 1024
DOCUMENT = "word/document.xml"
BEGINNINGS = ((b"%PDF-", "pdf"), (b"\xff\xd8\xff", "jpg"), (b"\x89PNG\r\n\x1a\n", "png"))
TAG, PARAGRAPH = re.compile(r"<[^>]*>"), re.compile(r"</w:p>|<w:br ?/>")
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


@dataclass(frozen=True)
class Upload:
    """A file that was looked at and may be kept: what it is called, what is in it, and its words where they can be read."""

    name: str
    content: bytes
    text: str = ""


def looked_at(name: str, content: bytes, *, called: str, kinds: frozenset[str], wanted: str) -> Upload:
    """The file as it may be kept, of one of some kinds (pdf, jpg, png, docx, txt). Raises Refused for what is too large, of
    another kind (`wanted` says which are taken), or marked as a state secret; nothing is kept then."""
    shown = Path(name.replace("\\", "/")).name[-150:] or called
    if len(content) > LARGEST:
        raise Refused(f"{called}“{shown}”超过 10 MB，没有收下。请压缩图片，或者只交有用的几页。")
    kind = next((kind for start, kind in BEGINNINGS if content.startswith(start)), "")
    text = pdfwords.words(content) if kind == "pdf" else ""
    if not kind and content.startswith(b"PK"):
        kind, text = "docx", _words(shown, content, wanted)
    elif not kind and "txt" in kinds:
        kind, text = "txt", _plain(shown, content, wanted)
    if kind not in kinds:
        raise Refused(f"“{shown}”{wanted}")
    if mark := secrecy.marked_paper(shown, text):
        raise Refused(secrecy.refusal(shown, mark))
    return Upload(f"{shown.rpartition('.')[0] or shown}.{kind}", content, text)


def _words(name: str, content: bytes, wanted: str) -> str:
    """The words of a Word file. Raises Refused for anything else."""
    try:
        package = Package(io.BytesIO(content), MOST_UNPACKED)
        part = next(part for part in package.parts if part.filename == DOCUMENT)
        raw = b"".join(package.pieces(part))
        asides.insist_on_no_programs(package)
        beside = secrecy.marked(asides.of_package(package))
    except (BadPackage, StopIteration):
        raise Refused(f"“{name}”{wanted}") from None
    if beside:
        raise Refused(secrecy.refusal(name, beside))
    return TAG.sub("", PARAGRAPH.sub("\n", raw.decode("utf-8", "replace")))


def _plain(name: str, content: bytes, wanted: str) -> str:
    """The words of a plain text. Raises Refused for bytes that are none."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not CONTROLS.search(text):
            return text.replace("\r\n", "\n")
    raise Refused(f"“{name}”{wanted}")


def kept(upload: Upload, field: str) -> str:
    """Seal a file into the files' folder for a field (`SealedFile.bound_to`); gives the name it lies under."""
    name = secrets.token_hex(16)
    folder = Path(settings.ZUGONG_FILES)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(sealing.seal(upload.content, field))
    return name


def gone(name: str) -> None:
    """Delete a kept file."""
    if name:
        (Path(settings.ZUGONG_FILES) / name).unlink(missing_ok=True)


def opened(name: str, field: str) -> bytes:
    """A kept file as it came."""
    return sealing.unseal((Path(settings.ZUGONG_FILES) / name).read_bytes(), field)
