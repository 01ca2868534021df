"""What tests of the intake's pages share: dropping files, reading the pages that come of it."""

from __future__ import annotations

import re
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from zugong.intake.models import StagedSheet

ID = re.compile(r"(?<!\d)\d{17}[\dX](?!\d)")


def upload(who: Client, *files: object):
    """Drop files (paths, or uploads made on the spot) and go where that leads."""
    opened = [SimpleUploadedFile(f.name, f.read_bytes()) if isinstance(f, Path) else f for f in files]
    return who.post(reverse("intake:receive"), {"files": opened}, follow=True)


def csv(name: str, *lines: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, "\n".join(lines).encode())


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def sheet_of(batch: int, ledger: str) -> StagedSheet:
    return StagedSheet.objects.get(file__batch=batch, ledger=ledger)


def rows_page(who: Client, batch: int, ledger: str, state: str = "", **more: object) -> str:
    query = {"sheet": sheet_of(batch, ledger).pk, **({"state": state} if state else {}), **more}
    return text_of(who.get(reverse("intake:batch", args=[batch]), query))
