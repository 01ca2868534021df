"""Telling a number that identifies somebody where it stands among other words: it may be written into sealed fields only."""

from __future__ import annotations

import re
from typing import Any

from django.db import models

from zugong.base.records import Kept
from zugong.base.rules import Reason, Refused
from zugong.base.sealing import Sealed

LONG, SHORT, BLOT = 18, 11, "＊＊＊"
PHONE_AMONG = re.compile(r"(?<![0-9A-Za-z])1[3-9]\d{9}(?![0-9A-Za-z])")
SECRET = re.compile(r"\d{15}|\d{17}[\dXx]|1[3-9]\d{9}")
SECRET_AMONG = re.compile(rf"(?<!\d)(?:{SECRET.pattern})(?!\d)")
ID_AMONG = re.compile(r"(?<!\d)\d{6}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?!\d)")


def is_secret(text: str) -> bool:
    """Whether a text is a whole resident ID or mobile number, which never goes into an address."""
    return bool(SECRET.fullmatch(re.sub(r"\s", "", text)))


def holds_secret(text: str) -> bool:
    """Whether such a number stands in a text, alone, among other words, or with blanks in it."""
    return bool(SECRET_AMONG.search(text) or SECRET_AMONG.search(re.sub(r"\s", "", text)))


def holds_id(text: Any) -> bool:
    """Whether a resident ID stands in a text; whether its last digit is right does not matter, it points at somebody."""
    return isinstance(text, str) and len(text) >= LONG and bool(ID_AMONG.search(re.sub(r"[\s\-]", "", text)))


def insist_on_none(record: Kept, names: Any) -> None:
    """Raises Refused, naming the fields but not the number, where a resident ID was written into a field that is kept in
    the open (GB/T 35273-2020 6.3 b asks for sensitive data to be encrypted)."""
    wrong = []
    for name in names:
        field = record._meta.get_field(name)
        text = isinstance(field, models.CharField | models.TextField) and not isinstance(field, Sealed)
        if text and holds_id(getattr(record, field.attname)):
            wrong.append(str(field.verbose_name))
    if wrong:
        raise Refused(*(Reason(f"{title}：里面有证件号码。这一项不加密保存，没有收下；请删去号码再保存") for title in wrong))


def without_numbers(value: Any) -> Any:
    """The same with every resident ID and mobile number blotted out of its texts."""
    if isinstance(value, dict):
        return {key: without_numbers(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [without_numbers(one) for one in value]
    if not isinstance(value, str) or len(value) < SHORT:
        return value
    return PHONE_AMONG.sub(BLOT, ID_AMONG.sub(BLOT, value))
