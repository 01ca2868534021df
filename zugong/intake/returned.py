"""Refused rows on their way back: the sender's own workbook with the cells marked, or a new one with those rows."""

from __future__ import annotations

import io
from pathlib import Path

from zugong.intake.models import Batch

__all__ = ["write_all"]


def write_all(batch: Batch, folder: Path) -> list[Path]:
    return []


_ = io
