"""The only place that reads the clock."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone


def today() -> date:
    """The day it is here."""
    return timezone.localdate()


def now() -> datetime:
    """The moment it is."""
    return timezone.now()
