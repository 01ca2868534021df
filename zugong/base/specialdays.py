"""Days that are otherwise than the calendar of working days has them, as a person read them in a notice."""

from __future__ import annotations

from django.db import models

from zugong.base.access import Permission, Privacy
from zugong.base.records import Record

I = Privacy.INTERNAL


class SpecialDay(Record):
    """A day off, or a day worked, by a notice. `whole_year`: all of that year's days off and make-up days were entered
    together, so that the year can be counted although the calendar does not know it yet."""

    PRIVACY = dict(day=I, working=I, basis=I, whole_year=I)
    READ = Permission.SETTINGS_CHANGE

    day = models.DateField("日期", unique=True)
    working = models.BooleanField("上班", default=False)
    basis = models.CharField("依据", max_length=200)
    whole_year = models.BooleanField("全年安排", default=False)

    class Meta:
        verbose_name = "工作日历"

    def __str__(self) -> str:
        return f"{self.day}{'上班' if self.working else '放假'}"
