"""A process that works without pause, as the proofs of the backup need it: uploads files, writes them, mends settings.

Run as a program with a name; tells on its standard output each name that was committed, once it was.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import sys
import tempfile
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zugong.settings")
django.setup()

from zugong.base import department  # noqa: E402 (records need the set-up before)
from zugong.base.rules import Refused  # noqa: E402
from zugong.desk.clock import today  # noqa: E402
from zugong.desk.prepare import operator  # noqa: E402
from zugong.intake import actions  # noqa: E402
from zugong.intake.actions import Incoming  # noqa: E402

HEADINGS = "序号,标题,栏目,报送单位,发布平台,发布时间,阅读量"


def main(name: str) -> None:
    """Work until killed."""
    by = operator()
    by.day = today()
    with tempfile.TemporaryDirectory() as folder:
        for n in itertools.count():
            path = Path(folder) / f"{name}-{n}.csv"
            rows = (f"{i},{name}第{n}批第{i}篇,工作动态,组织科,公众号,2023-05-24,{i}" for i in range(1, 16))
            path.write_text("\n".join([HEADINGS, *rows]), "utf-8")
            batch = actions.stage(by=by, on=by.day, files=[Incoming(path, path.name)])
            actions.commit(by=by, on=by.day, batch=batch)
            with contextlib.suppress(Refused):  # somebody else mended it in this moment
                department.settle(by=by, on=by.day, values={"signature": path.name})
            sys.stdout.write(f"{path.name}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
