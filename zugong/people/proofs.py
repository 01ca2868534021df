"""Files that prove something: pictures, PDF and Word, kept as `base.uploads` keeps what is given to the house."""

from __future__ import annotations

from collections.abc import Iterable

from zugong.base import uploads
from zugong.base.uploads import LARGEST, Upload
from zugong.people.models import Correction

__all__ = ["LARGEST", "Proof", "forget_proofs", "gone", "kept", "looked_at", "opened"]

Proof = Upload
FIELD = "people.correction.proof"
KINDS = frozenset({"pdf", "jpg", "png", "docx"})
WANTED = "不是 PDF、JPG、PNG 或者 Word（.docx）文件，没有收下。看的是文件内容，不是后缀；请拍照或扫描后再交。"
gone = uploads.gone


def looked_at(name: str, content: bytes) -> Proof:
    """The file as it may be kept. Raises Refused for what is too large, of another kind, or marked as a state secret;
    nothing is kept then."""
    return uploads.looked_at(name, content, called="证明材料", kinds=KINDS, wanted=WANTED)


def kept(proof: Proof) -> str:
    """Seal a proof into the files' folder; gives the name it lies under."""
    return uploads.kept(proof, FIELD)


def opened(name: str) -> bytes:
    """A kept proof as it came."""
    return uploads.opened(name, FIELD)


def forget_proofs(corrections: Iterable[Correction]) -> None:
    """Delete the proofs of requests; called inside an action that erases."""
    for one in corrections:
        gone(one.proof_as)
        type(one).objects.filter(pk=one.pk).update(proof_as="")
