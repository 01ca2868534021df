"""The `zugong` command: run one command and turn every failure into one sentence and an exit code.

Exit codes: 0 done, 1 refused, 2 wrong use or an unusable file, 3 rows refused, 4 not submitted.
"""

from __future__ import annotations

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import ManagementUtility, get_commands
from django.db import Error as DatabaseError

from zugong.base.logs import masked


def main() -> None:
    """Run the command named on the command line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zugong.settings")
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        sys.exit(run(sys.argv))
    except KeyboardInterrupt:
        _say("已中断，没有写完的改动不会生效。")
        sys.exit(130)


def run(argv: list[str]) -> int:
    """Run a command; every failure becomes a sentence on standard error."""
    try:
        Zugong(argv).execute()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (DatabaseError, ImproperlyConfigured) as error:
        _say(f"数据库出错，本次没有改动任何数据：{_first_line(error)}")
        return 1
    except OSError as error:
        _say(f"读写文件出错，本次没有改动任何数据：{error.strerror or _first_line(error)} {error.filename or ''}")
        return 1
    except Exception as error:
        if os.environ.get("ZUGONG_DEBUG") == "1":
            raise
        what = f"{type(error).__name__} {_first_line(error)}"
        _say(f"程序出错，本次没有改动任何数据：{what}。请把这一行发给维护人员（设 ZUGONG_DEBUG=1 可看详情）。")
        return 1
    return 0


class Zugong(ManagementUtility):
    """Finds our commands and no others: the framework's own could write past the actions. An unknown one gets a sentence."""

    def fetch_command(self, subcommand: str):  # type: ignore[no-untyped-def]
        if subcommand not in _commands():
            _say(f"没有“{subcommand}”这个命令。用 zugong help 看有哪些。")
            sys.exit(2)
        return super().fetch_command(subcommand)

    def main_help_text(self, commands_only: bool = False) -> str:
        """The commands there are, each with its sentence."""
        names = _commands()
        if commands_only:
            return "\n".join(names)
        lines = [f"  {name:<10} {self.fetch_command(name).help}" for name in names]
        return "\n".join(["组工台的命令（zugong help 命令 看写法）：", "", *lines])


def _commands() -> list[str]:
    return sorted(name for name, app in get_commands().items() if app == "zugong.desk")


def _first_line(error: BaseException) -> str:
    return masked((str(error).splitlines() or [""])[0][:200])


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr)
