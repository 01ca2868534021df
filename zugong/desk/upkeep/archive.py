"""The file a backup is: a zip of the database, the kept files and the anchors, with a manifest that digests every member.

Read with suspicion: names, sizes and digests are held against the manifest before anything is taken out, and the manifest
against its seal, which only the holder of the keys can have made.
"""

from __future__ import annotations

import json
import os
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes

from zugong.base import sealing
from zugong.base.rules import Refused

FORMAT = 1
MANIFEST = "manifest.json"
SEAL = "desk.backup.manifest"
DATABASES = {"sqlite": "database.sqlite3", "postgresql": "database.pgdump"}
NAMES = re.compile(r"(?:database\.(?:sqlite3|pgdump)|(?:files|anchors|keys)/[0-9A-Za-z][0-9A-Za-z._-]{0,119})\Z")
LARGEST_MANIFEST = 256 << 20  # bytes: a million kept files
PIECE = 1 << 20


class BadArchive(Refused):
    """A file that is no backup, or one that was altered or cut off."""


@dataclass
class Manifest:
    """What a backup holds and how it came about."""

    format: int = FORMAT
    program: str = ""
    database: str = ""
    made_at: str = ""
    made_by: str = ""
    system_user: str = ""
    trail: dict[str, Any] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    migrations: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    members: dict[str, list[Any]] = field(default_factory=dict)  # name: size, SM3
    seal: str = ""

    def digest(self) -> str:
        """SM3 over everything but the seal."""
        said = {name: value for name, value in asdict(self).items() if name != "seal"}
        return sealing.digest(json.dumps(said, ensure_ascii=False, sort_keys=True).encode())

    def sealed(self) -> Manifest:
        """Seal it: nobody without the keys can make another one that passes."""
        self.seal = sealing.sealed(self.digest(), SEAL)
        return self

    def insist_on_seal(self) -> None:
        """Raises BadArchive where the keys in use did not make the seal, or it was made for another manifest."""
        try:
            known = sealing.unsealed(self.seal, SEAL)
        except (sealing.BadSeal, ValueError):
            raise BadArchive(
                "密钥打不开这份备份的封签：密钥不是这份备份的，或者备份的清单被改过，没有恢复。请换与它同时取走的密钥。"
            ) from None
        if known != self.digest():
            raise BadArchive("备份的清单和它的封签对不上，被改动过，没有恢复。请换一份备份。")


class Writer:
    """Writes members into a new archive, each with its digest."""

    def __init__(self, path: Path) -> None:
        path.touch(0o600)
        self._zip = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=4)
        self.members: dict[str, list[Any]] = {}

    def add(self, name: str, source: Path) -> None:
        """Copy a file in. Sealed files do not get smaller; only the database is packed."""
        info = zipfile.ZipInfo(name)
        info.external_attr = (stat.S_IFREG | 0o600) << 16
        info.compress_type = zipfile.ZIP_DEFLATED if name == DATABASES["sqlite"] else zipfile.ZIP_STORED
        machine, size = hashes.Hash(hashes.SM3()), 0
        with source.open("rb") as read, self._zip.open(info, "w", force_zip64=True) as write:
            while piece := read.read(PIECE):
                write.write(piece)
                machine.update(piece)
                size += len(piece)
        self.members[name] = [size, machine.finalize().hex()]

    def close(self, manifest: Manifest) -> None:
        """Write the manifest and the end of the archive."""
        manifest.members = self.members
        text = json.dumps(asdict(manifest.sealed()), ensure_ascii=False, indent=1)
        self._zip.writestr(MANIFEST, text)
        self._zip.close()

    def abandon(self) -> None:
        """Let go of the file; whoever made it deletes it."""
        if self._zip.fp is not None:
            self._zip.fp.close()
            self._zip.fp = None


class Archive:
    """A backup as it lies there. Opening it holds names and sizes against the manifest; `verify` the contents, too."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._zip = zipfile.ZipFile(path)
            self.manifest = self._read_manifest()
        except (zipfile.BadZipFile, zlib.error, ValueError, TypeError, KeyError, EOFError, NotImplementedError, RuntimeError):
            raise BadArchive(f"“{path}”不是组工台的备份，或者不完整，没有恢复。请换一份备份。") from None
        self._insist_on_shape()

    def _read_manifest(self) -> Manifest:
        info = self._zip.getinfo(MANIFEST)
        if info.file_size > LARGEST_MANIFEST:
            raise ValueError("manifest too large")
        manifest = Manifest(**json.loads(self._zip.read(info)))
        if manifest.format != FORMAT:
            raise BadArchive(
                f"“{self.path}”的格式是 {manifest.format}，这个版本的程序不认得。请用做备份的那个版本，或更新的版本。"
            )
        return manifest

    def _insist_on_shape(self) -> None:
        names = [info.filename for info in self._zip.infolist()]
        odd = [name for name in names if name != MANIFEST and not NAMES.match(name)]
        if odd or len(set(names)) != len(names) or set(names) - {MANIFEST} != set(self.manifest.members):
            raise BadArchive(f"“{self.path}”里的文件和清单对不上，被改动过，没有恢复。请换一份备份。")
        for info in self._zip.infolist():
            plain = stat.S_IFMT(info.external_attr >> 16) in (0, stat.S_IFREG)
            size = self.manifest.members.get(info.filename, [info.file_size])[0]
            if not plain or info.file_size != size:
                raise BadArchive(f"“{self.path}”里的“{info.filename}”和清单对不上，被改动过，没有恢复。请换一份备份。")

    @property
    def size(self) -> int:
        """Bytes it takes unpacked."""
        return sum(size for size, _ in self.manifest.members.values())

    def verify(self) -> None:
        """Read every member and hold it against the manifest. Raises BadArchive; writes nothing."""
        for name in self.manifest.members:
            for _ in self._pieces(name):
                pass

    def take_out(self, name: str, target: Path) -> None:
        """Write a member to a new file of our own, checked while it is read."""
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(target, "xb", opener=_private) as write:
            for piece in self._pieces(name):
                write.write(piece)

    def _pieces(self, name: str) -> Iterator[bytes]:
        size, digest = self.manifest.members[name]
        machine, read = hashes.Hash(hashes.SM3()), 0
        try:
            with self._zip.open(name) as member:
                while piece := member.read(PIECE):
                    read += len(piece)
                    if read > size:
                        break
                    machine.update(piece)
                    yield piece
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as error:
            if isinstance(error, OSError) and error.errno is not None:
                raise
            raise BadArchive(f"“{self.path}”里的“{name}”读不出来，备份坏了，没有恢复。请换一份备份。") from None
        if read != size or machine.finalize().hex() != digest:
            raise BadArchive(f"“{self.path}”里的“{name}”和清单里的摘要对不上，没有恢复。请换一份备份。")


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
