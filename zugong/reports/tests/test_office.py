"""LibreOffice missing, failing, hanging: the reader is told, nothing else is harmed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from zugong.base.rules import Refused
from zugong.reports import office

posix_only = pytest.mark.skipif(os.name == "nt", reason="the stand-in for LibreOffice is a shell script")


@pytest.fixture
def written(tmp_path: Path) -> Path:
    path = tmp_path / "报告.docx"
    path.write_bytes(b"never read")
    return path


def stand_in(monkeypatch: pytest.MonkeyPatch, folder: Path, script: str) -> None:
    program = folder / "soffice"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setattr(office, "find_soffice", lambda: str(program))


def test_without_libreoffice_the_reader_is_told_what_to_do(written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "find_soffice", lambda: None)
    with pytest.raises(Refused, match=r"没有安装 LibreOffice"):
        office.to_pdf(written, written.parent)


@posix_only
def test_a_failure_leaves_an_older_pdf_alone(written: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(monkeypatch, tmp_path, "echo 'no space left'; exit 1")
    old = tmp_path / "报告.pdf"
    old.write_bytes(b"old")
    with pytest.raises(Refused, match=r"没有把“报告.docx”转换成 PDF。它的提示：no space left"):
        office.to_pdf(written, tmp_path)
    assert old.read_bytes() == b"old"


@posix_only
def test_a_hanging_libreoffice_is_ended(written: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(monkeypatch, tmp_path, "sleep 60 & wait")
    with pytest.raises(Refused, match=r"在 0.3 秒内没有完成"):
        office.to_pdf(written, tmp_path, patience=0.3)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"没有安装|没有找到"):
        office.to_pdf(tmp_path / "nichts.docx", tmp_path)


@posix_only
def test_a_program_that_cannot_start_is_refused(written: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "find_soffice", lambda: str(tmp_path / "gone"))
    with pytest.raises(Refused, match=r"不能启动"):
        office.to_pdf(written, tmp_path)
