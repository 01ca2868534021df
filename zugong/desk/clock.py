"""The only place that reads the clock."""

from __future__ import annotations

from datetime import date

from django.utils import timezone


def today() -> date:
    """The day it is here."""
    return timezone.localdate()
