"""Forms of the collection of house rules: a paper with its file, a new version of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from zugong.regulations.models import PaperKind
from zugong.ui.forms import DayInput, Fields, RegisterForm


def version_form(data: Mapping[str, Any] | None = None, files: Any = None) -> RegisterForm:
    """A version: since when, the file, what was changed."""
    return _with_files(_version(), data, files)


def paper_form(data: Mapping[str, Any] | None = None, files: Any = None) -> RegisterForm:
    """A paper: what it is called, what it is, whose, and its first version."""
    made: Fields = {
        "title": forms.CharField(label="名称", max_length=120),
        "kind": forms.ChoiceField(label="类别", choices=PaperKind.choices),
        "office": forms.CharField(label="主办科室", required=False, max_length=60),
    }
    return _with_files({**made, **_version()}, data, files)


def _version() -> Fields:
    takes = "收 .docx、.pdf 和 .txt，最大 10 MB；标有密级的不收。扫描成图片的 PDF 读不出字，只能按名称找。"
    return {
        "since": forms.DateField(label="施行日", widget=DayInput),
        "file": forms.FileField(label="文件", help_text=takes, widget=forms.FileInput(attrs={"accept": ".docx,.pdf,.txt"})),
        "note": forms.CharField(label="修订说明", required=False, max_length=300),
    }


def _with_files(made: Fields, data: Mapping[str, Any] | None, files: Any) -> RegisterForm:
    form = RegisterForm(made, data)
    form.files = files or {}
    return form
