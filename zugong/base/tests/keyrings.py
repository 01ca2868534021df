"""Key rings of a test's own, and a provider as a maker of hardware modules would write one."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from zugong.base import keyfiles, providers, rotating, sealing


@contextmanager
def own_ring(settings, folder: Path, **given: str) -> Iterator[Path]:
    """Keys in a folder, from the environment or from somebody else's module, for the time of a test."""
    kept = {name: getattr(settings, name) for name in ("ZUGONG_KEYS", "ZUGONG_MASTER_KEY", "ZUGONG_KEY_PROVIDER")}
    settings.ZUGONG_KEYS = folder
    for name, value in given.items():
        setattr(settings, name, value)
    if not given:  # the tests' database holds values under another key, so that none is made by itself
        keyfiles.kept(folder / "master.key", providers._fresh)
    sealing.ring(again=True)
    try:
        yield folder / "master.key"
    finally:
        for name, value in kept.items():
            setattr(settings, name, value)
        rotating._settled.clear()
        rotating._asked.clear()
        sealing.ring(again=True)


class Module:
    """A key store that derives inside itself: it has no method that gives a key away."""

    secrets: list[bytes] = [b"the module's own"]

    def keys(self) -> list[str]:
        return [hashlib.sha256(s).hexdigest()[:10] for s in self.secrets]

    def subkey(self, key_id: str, purpose: str, size: int) -> bytes:
        secret = dict(zip(self.keys(), self.secrets, strict=True))[key_id]
        return hmac.digest(secret, purpose.encode(), "sha256")[:size]

    def stamp(self) -> object:
        return len(self.secrets)

    def add(self) -> str:
        self.secrets.append(b"another %d" % len(self.secrets))
        return self.keys()[-1]

    def destroy(self, key_id: str) -> None:
        del self.secrets[self.keys().index(key_id)]
