"""What stands in a log: no number of a person, no password, no key, whoever writes it and however it fails."""

from __future__ import annotations

import base64
import logging
import logging.config
import os
from io import StringIO

import pytest
from django.conf import settings

from zugong.base.accounts import one_time_password
from zugong.base.logs import masked

ID, MOBILE, BANK = "11010519491231002X", "13800138000", "6222021234567890123"
SECRETS = [
    ID,
    "110105 19491231 002X",
    "110105491231002",
    MOBILE,
    "138 0013 8000",
    "0871-63112233",
    BANK,
    base64.b64encode(os.urandom(32)).decode(),
    os.urandom(32).hex(),
    "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
    one_time_password(),
]


@pytest.mark.parametrize("secret", SECRETS, ids=[f"secret{n}" for n in range(len(SECRETS))])  # some are made anew each time
@pytest.mark.parametrize("around", ["号码{}。", "Key (x)=({}) already exists", "{}", "'{}', 5"])
def test_numbers_and_keys_are_masked_wherever_they_stand(secret, around):
    said = masked(around.format(secret))
    assert secret not in said
    assert "［" in said


@pytest.mark.parametrize(
    "words", ["password=hunter2", "密码：hunter2", "'token': 'hunter2'", "postgres://zugong:hunter2@db:5432/x"]
)
def test_what_is_called_a_password_is_masked(words):
    assert "hunter2" not in masked(words)


def test_what_everybody_may_read_stays():
    plain = "2026-11-30 08:15:02 第 1234567 条，端口 8000，党组织 42990100100200，用时 0.25 秒，Not Found: /people/persons/17/"
    assert masked(plain) == plain


@pytest.fixture
def written() -> StringIO:
    """What the handler of our settings writes."""
    logging.config.dictConfig(settings.LOGGING)
    handler = next(one for one in logging.getLogger().handlers if any(type(f).__name__ == "Masked" for f in one.filters))
    old = handler.setStream(StringIO())
    yield handler.stream
    handler.setStream(old)


@pytest.mark.parametrize("name", ["zugong.intake", "django.request", "django.db.backends", "waitress", "axes", "anything"])
def test_every_logger_goes_through_the_mask(written, name):
    log = logging.getLogger(name)
    log.warning("%s and %s", ID, MOBILE)
    log.warning("does not fit %s %s", ID)
    try:
        raise ValueError(f"row of {ID}") from KeyError(MOBILE)
    except ValueError:
        log.exception("failed", stack_info=True)
    said = written.getvalue()
    assert "failed" in said, "or nothing was written"
    assert "ValueError" in said
    assert not any(one in said for one in (ID, MOBILE))


def test_no_other_handler_writes():
    logging.config.dictConfig(settings.LOGGING)
    loggers = [logging.getLogger(name) for name in ("django", "django.server", "django.request", "waitress")]
    found = [h for one in loggers for h in one.handlers if type(h).__name__ not in ("NullHandler", "LogCaptureHandler")]
    assert [h for h in found if not any(type(f).__name__ == "Masked" for f in h.filters)] == []
