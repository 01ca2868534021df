"""Where the master keys come from: a file of ours, the environment, or a module of somebody else's (an HSM).

The keys form a ring: the newest seals, the older ones open what was sealed before. One key a line, in base64, the oldest
first. A key is called by an id that follows from it and gives nothing of it away.
"""

from __future__ import annotations

import base64
import functools
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn, Protocol

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.module_loading import import_string

from zugong.base import keyfiles
from zugong.base.rules import Refused

KEY_SIZE, ID_SIZE = 32, 5
NO_KEYS = "从备份恢复整个 keys 文件夹"


class Provider(Protocol):
    """Who keeps the master keys. A hardware module may derive inside itself: nobody asks it for a master key.

    ZUGONG_KEY_PROVIDER names the class, made without arguments. Errors for the reader are raised as `rules.Refused`,
    without any part of a key in the sentence.
    """

    def keys(self) -> Sequence[str]:
        """The ids of all keys, the oldest first; the last one seals. Ten hex digits each, never used for another key."""

    def subkey(self, key_id: str, purpose: str, size: int) -> bytes:
        """`size` bytes that follow from a key and a purpose, always the same ones, and from which the key does not."""

    def stamp(self) -> object:
        """Something that is no longer equal once keys were added or destroyed; asked often."""

    def add(self) -> str:
        """Make a new key, which seals from now on, and return its id. Raises Refused where keys are made elsewhere."""

    def destroy(self, key_id: str) -> None:
        """Forget an older key for good. Raises Refused where keys are destroyed elsewhere."""


class Lines:
    """Keys written down one a line, wherever the text comes from."""

    def text(self) -> bytes:
        """What is written."""
        raise NotImplementedError

    @property
    def name(self) -> str:
        """What the place is called in a sentence."""
        raise NotImplementedError

    def by_id(self) -> Mapping[str, bytes]:
        """The keys by their ids. Raises Refused before anything is sealed under what is no key."""
        try:
            found = [base64.b64decode(line, validate=True) for line in self.text().split()]
        except ValueError:
            found = []
        if not found or any(len(key) != KEY_SIZE for key in found):
            raise Refused(f"{self.name}不完整，没有读写任何加密的内容。请{NO_KEYS}。")
        return {id_of(key): key for key in found}

    def keys(self) -> Sequence[str]:
        """The ids, the oldest first."""
        return list(self.by_id())

    def subkey(self, key_id: str, purpose: str, size: int) -> bytes:
        """Derived by HKDF-SM3."""
        return derived(self.by_id()[key_id], purpose, size)


class FileKeys(Lines):
    """Keys in a file that only its owner may read; made on first use."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def name(self) -> str:
        """The file."""
        return f"密钥文件“{self.path}”"

    def text(self) -> bytes:
        """The file's content; a file others may read is refused."""
        found = keyfiles.kept(self.path, _fresh)
        keyfiles.insist_on_privacy(self.path)
        return found

    @property
    def missing(self) -> bool:
        """Whether there is no file yet, or no more."""
        return not self.path.exists()

    def refuse_another(self) -> NoReturn:
        """Say that the file is lost, where what it guards is there: a new key would open none of it."""
        raise Refused(
            f"{self.name}不见了，而数据库里有用它加密或封印的内容。没有造新的密钥，什么也没有读写：新密钥打不开原来的内容。"
            f"请先停下服务，{NO_KEYS}，再启动；只有 keys 文件夹搬了地方的，请核对 ZUGONG_HOME 和 ZUGONG_KEYS。"
        )

    def stamp(self) -> object:
        """Which file it is, and when it was written."""
        return _stamp(self.path)

    def add(self) -> str:
        """One more line."""
        fresh = _fresh()
        self._write([*self.by_id().values(), base64.b64decode(fresh)])
        return id_of(base64.b64decode(fresh))

    def destroy(self, key_id: str) -> None:
        """One line less."""
        self._write([key for id, key in self.by_id().items() if id != key_id])

    def _write(self, keys: Sequence[bytes]) -> None:
        keyfiles.written(self.path, b"".join(base64.b64encode(key) + b"\n" for key in keys))


class GivenKeys(Lines):
    """Keys given from outside in ZUGONG_MASTER_KEY: the keys themselves, or a file that holds them (a systemd credential)."""

    def __init__(self, said: str) -> None:
        self._said = said
        self._path = Path(said) if os.sep in said and Path(said).is_file() else None

    @property
    def name(self) -> str:
        """The variable or the file, never what it says."""
        return f"环境变量 ZUGONG_MASTER_KEY 指的文件“{self._path}”" if self._path else "环境变量 ZUGONG_MASTER_KEY 里的密钥"

    def text(self) -> bytes:
        """The keys as given. A file is as private as our own; one that systemd hands over is guarded by systemd."""
        if self._path is None:
            return self._said.replace(",", " ").encode()
        credentials = os.environ.get("CREDENTIALS_DIRECTORY")
        if not credentials or Path(credentials) not in self._path.parents:
            keyfiles.insist_on_privacy(self._path)
        return self._path.read_bytes()

    def stamp(self) -> object:
        """A variable does not change while the program runs."""
        return _stamp(self._path) if self._path else ()

    def add(self) -> str:
        """Not ours to make."""
        raise Refused(
            f"{self.name}由外面给定，程序不能添。请用 openssl rand -base64 32 生成一把，加在原来的后面（一行一把，"
            "旧的不要删），重启服务，再运行 zugong keys rotate。"
        )

    def destroy(self, key_id: str) -> None:
        """Not ours to destroy."""
        raise Refused(
            f"{self.name}由外面给定，程序不能销毁。已经核对过，没有别的内容还要用它：请您把它从那里删去，再重启服务。"
        )


def id_of(key: bytes) -> str:
    """What a key is called: ten hex digits that follow from it."""
    return derived(key, "zugong key id", ID_SIZE).hex()


def derived(key: bytes, purpose: str, size: int) -> bytes:
    """A subkey by HKDF-SM3."""
    return HKDF(hashes.SM3(), size, salt=None, info=purpose.encode()).derive(key)


def provider() -> Provider:
    """The provider in use."""
    if settings.ZUGONG_KEY_PROVIDER:
        return _made(settings.ZUGONG_KEY_PROVIDER)
    if settings.ZUGONG_MASTER_KEY:
        return GivenKeys(settings.ZUGONG_MASTER_KEY)
    return FileKeys(Path(settings.ZUGONG_KEYS) / "master.key")


@functools.cache
def _made(path: str) -> Provider:
    try:
        made = import_string(path)()
    except ImportError:
        raise Refused(f"ZUGONG_KEY_PROVIDER 指的“{path}”找不到，没有读写任何加密的内容。请核对写法：包.模块.类。") from None
    return made  # type: ignore[no-any-return]


def _fresh() -> bytes:
    return base64.b64encode(os.urandom(KEY_SIZE))


def _stamp(path: Path) -> tuple[object, ...]:
    try:
        found = path.stat()
    except FileNotFoundError:
        return (path,)
    return path, found.st_ino, found.st_mtime_ns, found.st_size, found.st_mode
