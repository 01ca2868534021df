"""What a log may say: no number that belongs to a person, no password, no key. Put before every handler (settings.LOGGING)."""

from __future__ import annotations

import logging
import re
import traceback

PERSONAL, SECRET = "［号码］", "［密］"
NAMES = "(?:password|passwd|secret|token|[a-z_]*key|csrf[a-z]*|密码|口令|密钥)"
MASKS = (
    (re.compile(r"(?<![0-9A-Za-z])1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)"), PERSONAL),  # a mobile number
    (re.compile(r"(?<!\d)0\d{2,3}-\d{7,8}(?!\d)"), PERSONAL),  # a telephone with its area
    (re.compile(r"(?<!\d)\d{6}[ ]?\d{8}[ ]?\d{3}[\dXx](?![0-9A-Za-z])"), PERSONAL),  # a resident ID, with blanks, too
    (re.compile(r"\d{15,}[Xx]?"), PERSONAL),  # an old resident ID, a bank account
    (re.compile(r"(?<=://)[^\s/@:]*:[^\s/@]+(?=@)"), SECRET),  # the account in an address of a database
    (re.compile(rf"(?i)({NAMES}[\"']?\s*[=:：]\s*)[^\s,;，；。)}}\]]+"), rf"\1{SECRET}"),
    (re.compile(r"(?<![0-9a-z-])[a-z2-9]{4}(?:-[a-z2-9]{4}){3}(?![0-9a-z-])"), SECRET),  # a one-time password
    (re.compile(r"(?<![0-9A-Za-z])(?:[0-9a-fA-F]{64,}|[A-Z2-7]{32,}|[0-9A-Za-z+/_-]{43}=)(?![0-9A-Za-z=])"), SECRET),  # keys
)


def masked(text: str) -> str:
    """A text without numbers of persons, passwords and keys."""
    for pattern, instead in MASKS:
        text = pattern.sub(instead, text)
    return text


class Masked(logging.Filter):
    """Masks a record before it is written: its message, the exception that goes with it, and where it stood."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record through, masked."""
        try:
            said = record.getMessage()
        except (TypeError, ValueError):  # a message that does not fit its values: its words alone
            said = str(record.msg)
        record.msg, record.args = masked(said), None
        if record.exc_info and record.exc_info[0] is not None:
            record.exc_text = masked("".join(traceback.format_exception(*record.exc_info)).rstrip())
            record.exc_info = None
        if record.stack_info:
            record.stack_info = masked(record.stack_info)
        return True
