"""Loaded before everything else (pyproject: -p tests.home): tests live in homes of their own, one a process, never in var/."""

import os
import tempfile
from pathlib import Path

home = Path(os.environ.get("ZUGONG_HOME") or tempfile.mkdtemp(prefix="zugong-test-"))
os.environ["ZUGONG_HOME"] = str(home / os.environ.get("PYTEST_XDIST_WORKER", "alone"))
os.environ["ZUGONG_LIMITS"] = ",".join(  # a test is quicker than any hand; those of the limits set their own
    f"{kind}=0/0/60" for kind in ("login", "code", "search", "typing", "export", "upload", "correction")
)
