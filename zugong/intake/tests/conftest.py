"""Fixtures of the intake: a folder for uploads, work done at once, a clerk's browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from zugong.intake import received, running


@pytest.fixture(autouse=True)
def incoming(monkeypatch, tmp_path) -> Path:
    """A folder of this test's own for what is uploaded."""
    monkeypatch.setattr(received, "root", lambda: tmp_path / "incoming")
    return tmp_path / "incoming"


@pytest.fixture
def at_once(monkeypatch):
    """Background work is done in the request's own thread, so that it sees the test's data."""
    monkeypatch.setattr(running, "launch", running.carry_out)


@pytest.fixture
def clerk(at_once, door) -> Client:
    """A clerk's browser."""
    return door("office")
