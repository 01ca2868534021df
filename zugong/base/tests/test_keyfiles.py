"""Secrets on disk: one for all processes, whole or not at all, for nobody else's eyes."""

from __future__ import annotations

import base64
import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from zugong.base import keyfiles
from zugong.base.providers import FileKeys
from zugong.base.rules import Refused


def private(path, content):
    path.write_bytes(content)
    path.chmod(0o600)


def test_of_many_that_come_first_one_makes_the_key(tmp_path):
    path = tmp_path / "keys" / "master.key"
    with ThreadPoolExecutor(8) as many:
        found = list(many.map(lambda _: FileKeys(path).keys()[0], range(40)))
    assert len(set(found)) == 1
    assert [one.name for one in path.parent.iterdir()] == ["master.key"]


def test_nobody_else_may_look(tmp_path):
    path = tmp_path / "home" / "keys" / "session.key"
    keyfiles.kept(path, lambda: b"x")
    assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0
    assert stat.S_IMODE(path.parent.stat().st_mode) & 0o077 == 0


@pytest.mark.parametrize("content", [b"", base64.b64encode(b"short"), b"not base64 at all", base64.b64encode(bytes(33))])
def test_a_file_that_holds_no_key_is_never_taken_for_one(tmp_path, content):
    private(tmp_path / "master.key", content)
    with pytest.raises(Refused, match="密钥文件"):
        FileKeys(tmp_path / "master.key").keys()


def test_a_key_restored_by_hand_may_end_in_a_line_break(tmp_path):
    key = bytes(range(32))
    private(tmp_path / "master.key", base64.b64encode(key) + b"\n")
    assert list(FileKeys(tmp_path / "master.key").by_id().values()) == [key]


def test_whoever_dies_while_making_it_leaves_no_key_behind(tmp_path):
    path = tmp_path / "master.key"
    dying = """
import os, pathlib
from zugong.base import keyfiles
keyfiles.kept(pathlib.Path(os.environ["KEY"]), lambda: os._exit(9))
"""
    done = subprocess.run([sys.executable, "-c", dying], env={**os.environ, "KEY": str(path)}, check=False)
    assert done.returncode == 9
    assert not path.exists()
    assert len(FileKeys(path).keys()) == 1


@pytest.mark.skipif(os.name != "posix", reason="only POSIX says by the mode who may read")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o666])
def test_a_key_others_may_read_is_refused_with_a_way_to_mend_it(tmp_path, mode):
    path = tmp_path / "master.key"
    (key,) = FileKeys(path).keys()
    path.chmod(mode)
    with pytest.raises(Refused, match=f"chmod 600 {path}"):
        FileKeys(path).subkey(key, "seal", 16)
    path.chmod(0o600)
    assert FileKeys(path).keys() == [key]
