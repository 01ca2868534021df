"""What a clerk fills in: a text to adopt, another binding for a slot, a number by hand."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django import forms
from django.http import QueryDict

from zugong.base.figures import Time
from zugong.reports import texts
from zugong.reports.deciding import OTHER, Binding
from zugong.reports.texts import Unreadable
from zugong.statistics.catalogue import FIGURES
from zugong.ui.forms import RegisterForm

LARGEST = 20 * 1024 * 1024
UNHOLDABLE = "\x00"  # no text holds it, and a database may not


class AdoptForm(RegisterForm):
    """A text to adopt: a file or pasted words, and what to call it."""

    def __init__(
        self, data: Mapping[str, Any] | None = None, files: Any = None, initial: Mapping[str, Any] | None = None
    ) -> None:
        fields = {
            "file": forms.FileField(
                label="选一个文件", required=False, help_text="收 .docx 和 .txt。.doc、.wps 请先另存为 .docx。"
            ),
            "pasted": forms.CharField(label="或者把稿子粘贴在这里", required=False, strip=False, widget=forms.Textarea),
            "name": forms.CharField(label="给它起个名", required=False, max_length=200, help_text="不填就用标题或文件名。"),
        }
        super().__init__(fields, data, initial)
        self.files = files or {}
        self.fields["file"].widget.attrs["accept"] = ".docx,.txt"
        self.fields["pasted"].widget.attrs |= {"rows": 14, "spellcheck": "false"}
        self.fields["name"].widget.attrs |= {"placeholder": "例如：2023年上半年工作总结", "autocomplete": "off"}

    def clean(self) -> dict[str, Any]:
        """Read the text, from one of the two ways it can come."""
        given = super().clean()
        file, pasted = given.get("file"), given.get("pasted") or ""
        if "file" in self.errors:
            return given
        if file and pasted.strip():
            self.add_error("file", "文件和粘贴只用一样。请去掉其中一样再收。")
        elif not file and not pasted.strip():
            self.add_error("file", "请选一个文件，或者把稿子粘贴在下面。")
        else:
            given["text"] = self._read(file) if file else pasted
            if len(given["text"]) > texts.LONGEST_TEXT:
                self.add_error("pasted", f"稿子{texts.overlong(given['text'])}")
        return given

    def _read(self, file: Any) -> str:
        if file.size > LARGEST:
            self.add_error("file", f"“{file.name}”超过 20 MB，没有收下。去掉里面的图片另存一份再收。")
            return ""
        try:
            text = texts.from_bytes(file.name, file.read())
        except Unreadable as why:
            self.add_error("file", str(why))
            return ""
        if UNHOLDABLE in text:
            self.add_error("file", f"“{file.name}”里面不是文字，没有收下。请用 Word 打开，另存为 .docx 再收。")
        elif not text.strip():
            self.add_error("file", f"“{file.name}”里没有读到文字。文字若在表格或图片里，请复制出来粘贴。")
        return text

    @property
    def text(self) -> str:
        """The words to adopt."""
        return self.cleaned_data["text"].replace(UNHOLDABLE, "")

    @property
    def name(self) -> str:
        """What the text is called: as said, by its title, by its file, by its first words."""
        said, file = self.cleaned_data.get("name"), self.cleaned_data.get("file")
        title = texts.parse(texts.as_read(self.text)).title
        first = self.text.strip()[:20].partition("\n")[0]
        return said or (title.text.replace("\n", "") if title else "") or (Path(file.name).stem if file else f"{first}…")


class NumberForm(RegisterForm):
    """A number written by hand, with the reason."""

    def __init__(self, data: Mapping[str, Any] | None = None, initial: Mapping[str, Any] | None = None) -> None:
        fields = {
            "value": forms.CharField(label="写什么数", max_length=40),
            "reason": forms.CharField(label="理由", max_length=200),
        }
        super().__init__(fields, data, initial)
        self.fields["value"].widget.attrs |= {"autocomplete": "off", "inputmode": "decimal"}
        self.fields["reason"].widget.attrs["placeholder"] = "例如：台账还没报全，人才科电话核实"
        self.fields["reason"].help_text = "理由会显示在内部版里，也会留痕。"


def binding_given(post: QueryDict) -> Binding:
    """Another binding as it was sent: a figure, for each of its facets known values and words beside them."""
    figure = post.get("figure", OTHER)
    of = FIGURES.get(figure)
    facets = {name: _words(post, name) for name in of.facets} if of else {}
    time = post.get("time", "")
    return Binding(figure, {n: w for n, w in facets.items() if w}, time if time in list(Time) else "", "prior" in post)


def _words(post: QueryDict, name: str) -> list[str]:
    free = post.get(f"words-{name}", "").strip()
    return [*post.getlist(f"facet-{name}"), *([free] if free else [])]
