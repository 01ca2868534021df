"""What keeps personal values unreadable at rest: sealed values and the blind index to find them by.

A provider holds the key; by default the key lies in a file beside the database (mode 600).
A sealed value is SM4-GCM under a subkey, bound to the field it belongs to, so it cannot be moved to another.
"""

from __future__ import annotations

import base64
import functools
import os
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import models

from zugong.base import keyfiles
from zugong.base.rules import Refused

KEY_SIZE = 32
VERSION = b"\x01"


class BadSeal(ValueError):
    """A sealed value that was altered, moved to another field, or sealed under another key."""


class Provider(Protocol):
    """Where the master key comes from; a hardware module would answer the same question."""

    def key(self) -> bytes:
        """The 32-byte master key."""


class FileKey:
    """The key in a file that only its owner may read; made on first use."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def key(self) -> bytes:
        """The key; raises Refused for a file that does not hold one, before anything is sealed under a wrong key."""
        try:
            found = base64.b64decode(keyfiles.kept(self.path, _fresh).strip(), validate=True)
        except ValueError:
            found = b""
        if len(found) != KEY_SIZE:
            raise Refused(f"密钥文件“{self.path}”不完整，没有读写任何加密的内容。请从备份恢复整个 keys 文件夹。")
        return found


def _fresh() -> bytes:
    return base64.b64encode(os.urandom(KEY_SIZE))


def provider() -> Provider:
    """The provider in use."""
    return FileKey(Path(settings.ZUGONG_KEYS) / "master.key")


@functools.cache
def _subkey(purpose: str, size: int) -> bytes:
    return HKDF(hashes.SM3(), size, salt=None, info=purpose.encode()).derive(provider().key())


def seal(value: bytes, field: str) -> bytes:
    """`value` readable only to the key holder and only as `field`: version, IV (12 bytes), ciphertext, tag (16)."""
    iv = os.urandom(12)
    machine = Cipher(algorithms.SM4(_subkey("seal", 16)), modes.GCM(iv)).encryptor()
    machine.authenticate_additional_data(field.encode())
    sealed = machine.update(value) + machine.finalize()
    return VERSION + iv + sealed + machine.tag


def unseal(sealed: bytes, field: str) -> bytes:
    """The value behind `seal`; raises BadSeal."""
    iv, body, tag = sealed[1:13], sealed[13:-16], sealed[-16:]
    if sealed[:1] != VERSION or len(tag) != 16:
        raise BadSeal(field)
    machine = Cipher(algorithms.SM4(_subkey("seal", 16)), modes.GCM(iv, tag)).decryptor()
    machine.authenticate_additional_data(field.encode())
    try:
        return machine.update(body) + machine.finalize()
    except InvalidTag:
        raise BadSeal(field) from None


def sealed(text: str, field: str) -> str:
    """`seal` for text, as text."""
    return base64.b64encode(seal(text.encode(), field)).decode("ascii")


def unsealed(text: str, field: str) -> str:
    """`unseal` for text; raises BadSeal."""
    return unseal(base64.b64decode(text), field).decode()


def index(value: str, field: str) -> str:
    """A blind index: equal values of one field give equal marks, and a mark gives nothing away. 64 hex digits."""
    return _marker(field)(value)


@functools.cache
def _marker(field: str) -> Callable[[str], str]:
    prepared = hmac.HMAC(_subkey(f"index:{field}", 32), hashes.SM3())

    def mark(value: str) -> str:
        machine = prepared.copy()
        machine.update(value.encode())
        return machine.finalize().hex()

    return mark


def digest(*parts: bytes) -> str:
    """SM3 over the parts, 64 hex digits."""
    machine = hashes.Hash(hashes.SM3())
    for part in parts:
        machine.update(part)
    return machine.finalize().hex()


class SealedField(models.TextField):
    """Text that is sealed in the database and plain in Python. It cannot be searched; keep a blind index beside it."""

    def _bound_to(self) -> str:
        return f"{self.model._meta.label_lower}.{self.attname}"

    def from_db_value(self, value: str | None, expression: object, connection: object) -> str | None:
        return unsealed(value, self._bound_to()) if value else value

    def get_prep_value(self, value: str | None) -> str | None:
        return sealed(str(value), self._bound_to()) if value else value

    def get_lookup(self, lookup_name: str) -> type | None:
        if lookup_name != "isnull":
            raise TypeError(f"{self._bound_to()} is sealed: search its blind index")
        return super().get_lookup(lookup_name)  # type: ignore[no-any-return]
