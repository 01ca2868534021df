"""The form that takes files in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from zugong.base.sheets import READABLE

MOST_FILES = settings.DATA_UPLOAD_MAX_NUMBER_FILES
MOST_MEGABYTES = 50
NONE_CHOSEN = "还没有选文件。请把台账文件拖进框里，或者点“选择文件”。"
TOO_MANY = f"一次最多 {MOST_FILES} 个文件，这次选的不止这些，都没有读入。请分几次放进来。"


class FilesInput(forms.FileInput):
    """Several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several spreadsheets; each that cannot be taken gets its sentence."""

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = [one for one in data or () if one]
        if not files:
            raise forms.ValidationError(NONE_CHOSEN)
        faults = [fault for one in files for fault in _faults(one)]
        if len(files) > MOST_FILES:
            faults.insert(0, TOO_MANY)
        if faults:
            raise forms.ValidationError(faults)
        return files


class DropForm(forms.Form):
    """The files of one batch."""

    files = FilesField(
        label="台账文件",
        widget=FilesInput(
            attrs={"accept": ",".join(READABLE), "class": "form-control", "aria-describedby": "files-help", "data-files": ""}
        ),
    )


def _faults(one: UploadedFile) -> Iterator[str]:
    megabytes = one.size / 1024 / 1024
    if one.name.startswith("~$"):
        yield f"“{one.name}”是 Excel 打开着文件时留下的临时文件，不是台账。请去掉它再选。"
    elif Path(one.name).suffix.lower() not in READABLE:
        yield f"“{one.name}”不是 .xlsx、.xls 或 .csv 文件，这一次都没有读入。请另存为 .xlsx，或者去掉它再选。"
    elif not one.size:
        yield f"“{one.name}”是空文件，这一次都没有读入。请去掉它再选。"
    elif megabytes > MOST_MEGABYTES:
        yield (
            f"“{one.name}”有 {megabytes:.0f} MB，超过 {MOST_MEGABYTES} MB，这一次都没有读入。"
            "请去掉里面的图片，或者拆成几个文件再选。"
        )
