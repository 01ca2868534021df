"""Handing over a file somebody once gave: as an attachment, never shown in the page, whatever it says it is."""

from __future__ import annotations

import io

from django.http import FileResponse


def attachment(content: bytes, name: str) -> FileResponse:
    """The bytes under a name, to be saved; the browser is told nothing by which it would open them itself."""
    answer = FileResponse(io.BytesIO(content), as_attachment=True, filename=name, content_type="application/octet-stream")
    answer["Cache-Control"] = "no-store"
    return answer
