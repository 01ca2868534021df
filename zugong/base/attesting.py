"""What proves that the program itself wrote something: seals over the trail's marks, signatures under its anchors.

The key lies outside the database (keys/trail.key, mode 600). Whoever can write the database but not read the key can break
the trail, but not mend it again. It is no key for reading: it opens nothing, so it never has to be changed for another.
"""

from __future__ import annotations

import functools
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

from zugong.base.models import TrailEntry
from zugong.base.providers import FileKeys, Provider


def provider() -> Provider:
    """Where the key comes from; a hardware module would answer the same question. Raises Refused where it is lost: a new
    one would make every entry there is look forged."""
    found = FileKeys(Path(settings.ZUGONG_KEYS) / "trail.key")
    if found.missing and TrailEntry.objects.exclude(seal="").exists():
        found.refuse_another()
    return found


@functools.cache
def _subkey(purpose: str) -> bytes:
    source = provider()
    return source.subkey(source.keys()[0], f"trail:{purpose}", 32)


@functools.cache
def _sealer() -> hmac.HMAC:
    return hmac.HMAC(_subkey("seal"), hashes.SM3())


def seal(mark: str) -> str:
    """The seal of an entry: HMAC-SM3 over its mark, 64 hex digits."""
    machine = _sealer().copy()
    machine.update(mark.encode())
    return machine.finalize().hex()


@functools.cache
def _signer() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(_subkey("anchor"))


def public_key() -> str:
    """The key by which anybody can check a signature, and nobody make one: 64 hex digits."""
    return _signer().public_key().public_bytes_raw().hex()


def sign(text: str) -> str:
    """The Ed25519 signature of a text, 128 hex digits."""
    return _signer().sign(text.encode()).hex()


def signed(text: str, signature: str, key: str) -> bool:
    """Whether a signature over a text was made by the holder of what belongs to a public key."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(bytes.fromhex(signature), text.encode())
    except (InvalidSignature, ValueError):
        return False
    return True
