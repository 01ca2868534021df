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
from zugong.base.rules import Refused
from zugong.base.sealing import FileKey


def test_of_many_that_come_first_one_makes_the_key(tmp_path):
    path = tmp_path / "keys" / "master.key"
    with ThreadPoolExecutor(8) as many:
        found = list(many.map(lambda _: FileKey(path).key(), range(40)))
    assert len(set(found)) == 1
    assert [one.name for one in path.parent.iterdir()] == ["master.key"]


def test_nobody_else_may_look(tmp_path):
    path = tmp_path / "home" / "keys" / "session.key"
    keyfiles.kept(path, lambda: b"x")
    assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0
    assert stat.S_IMODE(path.parent.stat().st_mode) & 0o077 == 0


@pytest.mark.parametrize("content", [b"", base64.b64encode(b"short"), b"not base64 at all", base64.b64encode(bytes(33))])
def test_a_file_that_holds_no_key_is_never_taken_for_one(tmp_path, content):
    (tmp_path / "master.key").write_bytes(content)
    with pytest.raises(Refused, match="密钥文件"):
        FileKey(tmp_path / "master.key").key()


def test_a_key_restored_by_hand_may_end_in_a_line_break(tmp_path):
    (tmp_path / "master.key").write_bytes(base64.b64encode(bytes(range(32))) + b"\n")
    assert FileKey(tmp_path / "master.key").key() == bytes(range(32))


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
    assert len(FileKey(path).key()) == 32
