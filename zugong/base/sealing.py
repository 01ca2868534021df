"""What keeps personal values unreadable at rest: sealed values and the blind index to find them by.

A sealed value is SM4-GCM under a subkey of one of the ring's keys, bound to the field it belongs to, so it cannot be
moved to another; it says which key. Values from before there was a ring (version 1) are under its first key.
"""

from __future__ import annotations

import base64
import os
import time
from collections.abc import Sequence
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.apps import apps
from django.db import connection, models

from zugong.base.providers import ID_SIZE, FileKeys, Provider, provider

FIRST_VERSION, VERSION = b"\x01", b"\x02"
HEAD = len(VERSION) + ID_SIZE  # bytes, eight characters in base64: what a sealed text begins with
IV, TAG = 12, 16
LOOK_AGAIN = 0.5  # seconds after which the provider is asked whether its keys are still the same


class BadSeal(ValueError):
    """A sealed value that was altered, moved to another field, or sealed under a key that is not in the ring."""


class Ring:
    """The keys as they are now, with what follows from them worked out once."""

    def __init__(self, source: Provider) -> None:
        self.stamp = source.stamp()
        self.keys = tuple(source.keys())
        self._source = source
        self._machines: dict[str, algorithms.SM4] = {}
        self._markers: dict[tuple[str, str], hmac.HMAC] = {}
        self.head = VERSION + bytes.fromhex(self.current)

    @property
    def current(self) -> str:
        """The key that seals."""
        return self.keys[-1]

    def cipher(self, key_id: str) -> algorithms.SM4:
        """What seals and opens under a key. Raises KeyError for one that is not here."""
        found = self._machines.get(key_id)
        if found is None:
            if key_id not in self.keys:
                raise KeyError(key_id)
            found = self._machines[key_id] = algorithms.SM4(self._source.subkey(key_id, "seal", 16))
        return found

    def marker(self, key_id: str, field: str) -> hmac.HMAC:
        """What marks values of a field; to be copied."""
        found = self._markers.get((key_id, field))
        if found is None:
            secret = self._source.subkey(key_id, f"index:{field}", 32)
            found = self._markers[key_id, field] = hmac.HMAC(secret, hashes.SM3())
        return found


_ring: Ring | None = None
_looked = 0.0


def ring(*, again: bool = False) -> Ring:
    """The ring in use; another process may have added a key to it since."""
    global _ring, _looked
    now = time.monotonic()
    if _ring is None or again or now - _looked > LOOK_AGAIN:
        source = provider()
        if _ring is None or source.stamp() != _ring.stamp:
            if isinstance(source, FileKeys) and source.missing and anything_sealed():
                source.refuse_another()
            _ring = Ring(source)
        _looked = now
    return _ring


def anything_sealed() -> bool:
    """Whether the database holds a sealed value, or names a sealed file. Asked only where there is no key."""
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
        for model in apps.get_models():
            fields: Any = model._meta.concrete_fields if model._meta.db_table in there else ()
            for field in fields:
                if isinstance(field, Sealed):
                    table, name = map(connection.ops.quote_name, (model._meta.db_table, field.column))
                    cursor.execute(f"SELECT 1 FROM {table} WHERE {name} <> '' LIMIT 1")  # noqa: S608 our own names
                    if cursor.fetchone():
                        return True
    return False


def seal(value: bytes, field: str) -> bytes:
    """`value` readable only to the key holder and only as `field`: version, key, IV (12 bytes), ciphertext, tag (16)."""
    keys, iv = ring(), os.urandom(IV)
    machine = Cipher(keys.cipher(keys.current), modes.GCM(iv)).encryptor()
    machine.authenticate_additional_data(field.encode())
    sealed = machine.update(value) + machine.finalize()
    return keys.head + iv + sealed + machine.tag


def unseal(sealed: bytes, field: str) -> bytes:
    """The value behind `seal`; raises BadSeal."""
    key_id = key_of(sealed)
    start = HEAD if sealed[:1] == VERSION else len(FIRST_VERSION)
    iv, body, tag = sealed[start : start + IV], sealed[start + IV : -TAG], sealed[-TAG:]
    if not key_id or len(sealed) < start + IV + TAG:
        raise BadSeal(field)
    machine = Cipher(_cipher(key_id, field), modes.GCM(iv, tag)).decryptor()
    machine.authenticate_additional_data(field.encode())
    try:
        return machine.update(body) + machine.finalize()
    except InvalidTag:
        raise BadSeal(field) from None


def _cipher(key_id: str, field: str) -> algorithms.SM4:
    try:
        return ring().cipher(key_id)
    except KeyError:
        pass
    try:
        return ring(again=True).cipher(key_id)  # a key made this moment by another process
    except KeyError:
        raise BadSeal(f"{field}: key {key_id} is not in the ring") from None


def key_of(sealed: bytes) -> str:
    """The id of the key a value is sealed under, "" for what is no sealed value. What it begins with is enough."""
    if sealed[:1] == VERSION and len(sealed) >= HEAD:
        return sealed[len(VERSION) : HEAD].hex()
    return ring().keys[0] if sealed[:1] == FIRST_VERSION else ""


def sealed(text: str, field: str) -> str:
    """`seal` for text, as text."""
    return base64.b64encode(seal(text.encode(), field)).decode("ascii")


def unsealed(text: str, field: str) -> str:
    """`unseal` for text; raises BadSeal."""
    return unseal(base64.b64decode(text), field).decode()


def text_head(key_id: str) -> str:
    """What every text sealed under a key begins with."""
    return base64.b64encode(VERSION + bytes.fromhex(key_id)).decode("ascii")


def index(value: str, field: str, key_id: str = "") -> str:
    """A blind index: equal values of one field give equal marks, and a mark gives nothing away. It says under which key
    it was made (the one in use unless another is said): ten hex digits, a colon, 64 hex digits."""
    keys = ring()
    key_id = key_id or keys.current
    machine = keys.marker(key_id, field).copy()
    machine.update(value.encode())
    return f"{key_id}:{machine.finalize().hex()}"


def digest(*parts: bytes) -> str:
    """SM3 over the parts, 64 hex digits."""
    running = Digest()
    for part in parts:
        running.update(part)
    return running.hex()


class Digest:
    """An SM3 digest of what comes piece by piece."""

    def __init__(self) -> None:
        self._machine = hashes.Hash(hashes.SM3())

    def update(self, part: bytes) -> None:
        """One more piece."""
        self._machine.update(part)

    def hex(self) -> str:
        """The digest of all of it, 64 hex digits; nothing can be added afterwards."""
        return self._machine.finalize().hex()


class Sealed:
    """A column of which every value is sealed, and bound to it: what the rotation of keys goes over."""

    model: type[models.Model]
    attname: str
    column: str

    def bound_to(self) -> str:
        """The field a value belongs to; its seal opens as no other."""
        return f"{self.model._meta.label_lower}.{self.attname}"


class SealedField(Sealed, models.TextField):
    """Text that is sealed in the database and plain in Python. It cannot be searched; keep a blind index beside it."""

    def from_db_value(self, value: str | None, expression: object, connection: object) -> str | None:
        return unsealed(value, self.bound_to()) if value else value

    def get_prep_value(self, value: str | None) -> str | None:
        return sealed(str(value), self.bound_to()) if value else value

    def get_lookup(self, lookup_name: str) -> type | None:
        if lookup_name != "isnull":
            raise TypeError(f"{self.bound_to()} is sealed: search its blind index")
        return super().get_lookup(lookup_name)  # type: ignore[no-any-return]


class SealedText(Sealed, models.TextField):
    """Text its room seals and opens itself (`sealed(text, field.bound_to())`), because that is long work of its own."""


class SealedFile(Sealed, models.CharField):
    """The name of a file under ZUGONG_FILES whose bytes are sealed, as what part of the record is said by `part`."""

    def __init__(self, *args: Any, part: str = "bytes", **options: Any) -> None:
        self.part = part
        super().__init__(*args, **options)

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        return name, path, args, {**options, "part": self.part}

    def bound_to(self) -> str:
        return f"{self.model._meta.label_lower}.{self.part}"


class BlindIndex(models.CharField):
    """The blind index of a sealed field of the same record, which the rotation of keys makes anew."""

    def __init__(self, *args: Any, of: str = "", **options: Any) -> None:
        self.of = of
        super().__init__(*args, **{"max_length": 80, **options})

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        return name, path, args, {**options, "of": self.of}

    def marks(self, value: str, keys: Sequence[str] = ()) -> list[str]:
        """The marks of a value under some keys, by default under the one in use."""
        field = f"{self.model._meta.label_lower}.{self.of}"
        return [index(value, field, key) for key in keys or ("",)]
