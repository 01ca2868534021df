"""Loaded before everything else (pyproject: -p tests.home): tests live in a home of their own, never in var/."""

import os
import tempfile

os.environ.setdefault("ZUGONG_HOME", tempfile.mkdtemp(prefix="zugong-test-"))
