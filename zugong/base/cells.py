"""Reading one cell: what people type into spreadsheets, and the value they meant.

Each reader takes a cell as the sheet reader gives it (text, number, date, None) and returns a clean value, None for
"nothing", or raises BadCell with what is wrong and how to mend it.
"""

from __future__ import annotations

import functools
import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from zugong.base.wording import words

Reader = Callable[[Any], Any]

NOTHING = frozenset(
    words(r"/ // \ - -- --- — —— – 无 空 暂无 没有 未填 不详 待定 / null none n/a #n/a nan " "至今 目前 现在 长期 ／ 〇 无。")
) | {""}
ERRORS = frozenset(words("#REF! #VALUE! #NAME? #DIV/0! #NUM! #NULL! #SPILL! #CALC!"))
SPACES = re.compile(r"[\s\u3000\u200b\ufeff\xa0\x00-\x1f\x7f]+")
EPOCH = date(1899, 12, 30)
FIRST_SERIAL = 7_306  # 1920-01-01: a smaller number in a date column is a year or a count, not a day


class BadCell(ValueError):
    """A cell that cannot be taken: `reason` says what is wrong, `hint` how to mend it."""

    def __init__(self, reason: str, hint: str) -> None:
        super().__init__(reason)
        self.reason, self.hint = reason, hint


def written(cell: Any) -> str:
    """The cell as a person sees it: whole numbers without .0, dates as 2023-06-30."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime):
        return str(cell.date()) if not (cell.hour or cell.minute or cell.second) else str(cell)
    return str(cell)


def text(cell: Any) -> str | None:
    """Text with tidy spaces; the ways to write "nothing" become None."""
    found = SPACES.sub(" ", written(cell)).strip()
    return None if found.lower() in NOTHING else found


def compact(cell: Any) -> str | None:
    """Names of organizations, units, kinds: text without any spaces."""
    found = SPACES.sub("", written(cell))
    return None if found.lower() in NOTHING else found


def name(cell: Any) -> str | None:
    """A person's name: no spaces inside Chinese names, one form of the middle dot."""
    found = SPACES.sub(" ", unicodedata.normalize("NFKC", written(cell))).strip()
    if not found.isascii():
        found = found.replace(" ", "")
    found = re.sub(r"[•・‧⋅∙．]", "·", found)
    return None if found.lower() in NOTHING else found


def names(cell: Any) -> list[str] | None:
    """Several names in one cell, separated by 、，,；; or line breaks."""
    found = [name(part) for part in re.split(r"[、，,；;/\n]+", written(cell))]
    return [one for one in found if one] or None


def code(cell: Any) -> str | None:
    """A code: no spaces, no .0, capitals."""
    found = SPACES.sub("", unicodedata.normalize("NFKC", written(cell))).upper().lstrip("'’`")
    return None if found.lower() in NOTHING else re.sub(r"\.0$", "", found)


def choice(values: Iterable[str], synonyms: Mapping[str, Iterable[str]] | None = None) -> Reader:
    """One of the field's own words; synonyms become them, other words stay as written."""
    meant = {SPACES.sub("", value).lower(): value for value in values}
    for value, others in (synonyms or {}).items():
        meant |= {SPACES.sub("", other).lower(): value for other in others}

    def read(cell: Any) -> str | None:
        found = compact(cell)
        return meant.get(found.lower(), found) if found else None

    return read


def flag(cell: Any) -> bool | None:
    """是/否 and the marks used for them."""
    found = compact(cell)
    if found is None:
        return None
    if found.lower() in {"是", "有", "已", "√", "✓", "y", "yes", "1", "true", "已形成", "已完成", "形成"}:
        return True
    if found.lower() in {"否", "未", "×", "✗", "x", "n", "no", "0", "false", "未形成", "未完成"}:
        return False
    raise BadCell(f"“{found}”看不出是“是”还是“否”", "请填“是”或“否”。")


def number(cell: Any) -> float | int | None:
    """A number that may carry a measure word or separators: 12人, 1,234, 16学时, 7.5."""
    if isinstance(cell, bool):
        raise BadCell("不是数字", "请填数字。")
    if isinstance(cell, int | float):
        return int(cell) if float(cell).is_integer() else float(cell)
    found = unicodedata.normalize("NFKC", written(cell)).replace(",", "")
    found = SPACES.sub("", found)
    if found.lower() in NOTHING:
        return None
    if m := re.fullmatch(r"(?:约|共|计)?(-?\d+(?:\.\d+)?)(万)?[^\d.]{0,4}", found):
        value = float(m[1]) * (10_000 if m[2] else 1)
        return int(value) if value.is_integer() else value
    raise BadCell(f"“{found}”不是数字", "请只填数字，例如 12。")


def whole(cell: Any) -> int | None:
    """A count: a whole number, zero or more."""
    found = number(cell)
    if found is None:
        return None
    if not isinstance(found, int) or found < 0:
        raise BadCell(f"“{written(cell)}”不是整数", "请填 0 或正整数。")
    return found


def resident_id(cell: Any) -> str | None:
    """An 18-digit resident ID that passes its checksum (GB 11643)."""
    if isinstance(cell, int | float):
        if math.isnan(cell) or cell == 0:
            return None
        raise BadCell(*_stored_as_number(cell))
    found = SPACES.sub("", unicodedata.normalize("NFKC", written(cell))).upper().strip("'’`")
    if found.lower() in NOTHING:
        return None
    found = found.replace("×", "X").replace("Х", "X")
    if re.fullmatch(r"\d(\.\d+)?E\+\d+", found):
        raise BadCell(*_stored_as_number(found))
    if len(found) != 18:
        raise BadCell(f"证件号码应为 18 位，这里是 {len(found)} 位", "请对照身份证填写 18 位号码。")
    if not re.fullmatch(r"\d{17}[\dX]", found):
        raise BadCell("证件号码里有不该出现的字符", "前 17 位只能是数字，末位是数字或 X。")
    if not id_is_sound(found):
        raise BadCell("证件号码校验不符，有一位或几位写错了", "请对照身份证逐位核对后改正。")
    return found


def _stored_as_number(cell: Any) -> tuple[str, str]:
    return (
        "证件号码在表格里存成了数字，末尾几位已经丢失",
        "请先把这一列设为“文本”格式，再重新填写 18 位号码；丢掉的几位无法由程序补回。",
    )


WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def id_is_sound(found: str) -> bool:
    """Whether the last character is the checksum of the first seventeen."""
    return "10X98765432"[sum(w * int(d) for w, d in zip(WEIGHTS, found, strict=False)) % 11] == found[17]


def id_birth(found: str) -> date | None:
    """The birth date inside a resident ID; None when it is no date."""
    try:
        return date(int(found[6:10]), int(found[10:12]), int(found[12:14]))
    except ValueError:
        return None


def id_sex(found: str) -> str:
    """The sex inside a resident ID."""
    return "男" if int(found[16]) % 2 else "女"


CHINESE_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
DATE_FORMS = (
    re.compile(r"(\d{4})[-./年。．、](\d{1,2})[-./月。．、](\d{1,2})[日号]?"),
    re.compile(r"(\d{4})(\d{2})(\d{2})"),
)
MONTH_FORMS = (re.compile(r"(\d{4})[-./年。．、](\d{1,2})月?"), re.compile(r"(\d{4})(\d{2})"))


def day(cell: Any) -> date | None:
    """A date in any form seen: 2023-06-30, 2023.6.30, 2023年6月30日, 20230630, 2023/6/30, an Excel serial."""
    return _date(cell, month_will_do=False)


def day_or_month(cell: Any) -> date | None:
    """Like `day`; a year and month are enough and mean the first of that month."""
    return _date(cell, month_will_do=True)


def _date(cell: Any, *, month_will_do: bool) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, timedelta | bool):
        raise BadCell("不是日期", "请写成 2023-06-30。")
    return _date_of_text(written(cell), month_will_do)


@functools.lru_cache(maxsize=50_000)
def _date_of_text(raw: str, month_will_do: bool) -> date | None:
    found = SPACES.sub("", unicodedata.normalize("NFKC", raw))
    found = re.sub(r"(?<=[\d日号])(T|上午|下午)?\d{1,2}:\d{2}(:\d{2})?(\.\d+)?$", "", found) if ":" in found else found
    if found.lower() in NOTHING:
        return None
    if re.search(r"[〇○零一二三四五六七八九十]", found):
        found = _from_chinese(found)
    if parts := _match(DATE_FORMS, found):
        return _real_date(raw, *parts)
    if parts := _match(MONTH_FORMS, found):
        return _month(raw, parts, month_will_do)
    if re.fullmatch(r"\d{4,5}(\.\d+)?", found) and FIRST_SERIAL <= float(found) < 73_051:
        return EPOCH + timedelta(days=int(float(found)))
    raise BadCell(f"“{raw}”看不懂是哪一天", "请写成 2023-06-30 这样的日期。")


def _match(forms: tuple[re.Pattern[str], ...], found: str) -> tuple[int, ...] | None:
    for form in forms:
        if m := form.fullmatch(found):
            return tuple(int(part) for part in m.groups())
    return None


def _month(raw: str, parts: tuple[int, ...], month_will_do: bool) -> date:
    if 1900 <= parts[0] <= 2100 and 1 <= parts[1] <= 12:
        if month_will_do:
            return date(parts[0], parts[1], 1)
        raise BadCell(f"“{raw}”只有年月，这一列要写到日", "请补上日，写成 2023-06-30。")
    raise BadCell(f"“{raw}”不是存在的日期", "请核对年、月、日。")


def _real_date(raw: str, year: int, month: int, of_month: int) -> date:
    try:
        found = date(year, month, of_month)
    except ValueError:
        found = None
    if found is None or not 1900 <= year <= 2100:
        raise BadCell(f"“{raw}”不是存在的日期", "请核对年、月、日。")
    return found


def _from_chinese(found: str) -> str:
    """二〇二三年六月三十日 as 2023年6月30日."""

    def digits(m: re.Match[str]) -> str:
        return m[0].translate(CHINESE_DIGITS)

    def tens(m: re.Match[str]) -> str:
        head = int(m[1].translate(CHINESE_DIGITS)) if m[1] else 1
        return str(head * 10 + (int(m[2].translate(CHINESE_DIGITS)) if m[2] else 0))

    found = re.sub(r"([一二三])?十([一二三四五六七八九])?", tens, found)
    return re.sub(r"[〇○零一二三四五六七八九]+", digits, found)
