"""One at a time: what two processes may not do side by side."""

from __future__ import annotations

import zlib

from django.db import connection

INTAKE = "intake"  # bringing people in, so that nobody is kept twice


def hold(name: str) -> None:
    """Wait until nobody else holds `name`, and hold it to the end of this transaction.

    SQLite lets one transaction write at a time already (BEGIN IMMEDIATE), so nothing is to be done there.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [zlib.crc32(name.encode())])
