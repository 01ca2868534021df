"""Forms made from a register: its editable fields, and the arguments of an action that adds a record."""

from __future__ import annotations

import inspect
import json
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.http import HttpRequest, QueryDict
from django.urls import reverse

from zugong.base.access import Privacy
from zugong.base.cells import BadCell
from zugong.base.models import User
from zugong.base.records import Record
from zugong.base.rules import Refused
from zugong.base.sealing import SealedField
from zugong.ui.registers import Register
from zugong.ui.shown import field_of, value_of
from zugong.ui.typeahead import found, label_of

LONG = 120  # from this many characters on, a text gets several lines
CLASSES = {forms.Select: "form-select", forms.CheckboxInput: "form-check-input"}
Fields = dict[str, forms.Field]


def sent(request: HttpRequest) -> QueryDict | None:
    """What a form was sent with; None while it is only asked for."""
    return request.POST if request.method == "POST" else None


class DayInput(forms.DateInput):
    """A day, chosen in the browser's own calendar."""

    input_type = "date"

    def format_value(self, value: Any) -> str | None:
        return value.isoformat() if hasattr(value, "isoformat") else value


def type_ahead(find: str, name: str, options: str) -> dict[str, str]:
    """The attributes by which an input fills its list of options while something is typed."""
    return {
        "list": options,
        "hx-get": find,
        "hx-trigger": "input changed delay:250ms",
        "hx-target": f"#{options}",
        "hx-vals": json.dumps({"of": name}),
    }


class TypeAhead(forms.Field):
    """A record chosen by typing part of its name, among `rows`; the browser offers what the address named `find` answers.

    `held` is the record chosen before: its words stand for it even where the reader could not choose it anew.
    """

    def __init__(self, *, rows: models.QuerySet, find: str = "", held: Any = None, **options: Any) -> None:
        self.find = reverse(find or f"{rows.model._meta.app_label}:{rows.model._meta.model_name}-find")
        self.rows, self.held = rows, held
        super().__init__(widget=forms.TextInput(attrs={"autocomplete": "off"}), **options)

    def prepare_value(self, value: Any) -> Any:
        return label_of(value) if isinstance(value, models.Model) else value

    def clean(self, value: Any) -> Any:
        words = super().clean((value or "").strip())
        if not words:
            return None
        if self.held is not None and words == label_of(self.held):
            return self.held
        matches = found(self.rows, words)
        if not matches:
            raise forms.ValidationError(f"没有找到“{words}”。请输入名称中的几个字，再从列表里选。")
        if len(matches) > 1:
            raise forms.ValidationError(f"叫“{words}”的不止一个。请从列表里选带括号的那一项。")
        return matches[0]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (self.prepare_value(initial) or "") != (data or "").strip()


def form_field(field: models.Field, user: User, choices: Sequence[str] = (), held: Any = None) -> forms.Field:
    """The input for a model field, never a select of every row there is."""
    common: dict[str, Any] = {"label": str(field.verbose_name), "required": not field.blank}
    if isinstance(field, models.ForeignKey):
        return TypeAhead(rows=field.related_model.objects.visible_to(user), held=held, **common)
    if choices:
        return forms.ChoiceField(choices=_pairs(choices, held, field.blank), **common)
    if isinstance(field, models.DateField):
        return forms.DateField(widget=DayInput, **common)
    if isinstance(field, models.BooleanField):
        return forms.BooleanField(label=common["label"], required=False)
    if isinstance(field, SealedField):
        return forms.CharField(widget=forms.TextInput(attrs={"autocomplete": "off"}), **common)
    made = field.formfield(label=common["label"])
    if isinstance(made, forms.CharField) and (field.max_length or 0) > LONG:
        made.widget = forms.Textarea(attrs={"rows": 2, "maxlength": field.max_length})
    return made


def _pairs(choices: Sequence[str], held: Any, blank: bool) -> list[tuple[str, str]]:
    """The words offered, with the word held now even where it is not among them."""
    words = list(dict.fromkeys([*choices, *([held] if held else [])]))
    first = [("", "（未填）" if blank else "请选择")] if blank or not held else []
    return [*first, *((word, word) for word in words)]


class RegisterForm(forms.Form):
    """A form of given fields that can take a refusal: each sentence goes beside its field, or above all."""

    required_css_class = "required"

    def __init__(self, made: Fields, data: Mapping[str, Any] | None = None, initial: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial, label_suffix="")
        self.fields |= made
        for name, field in self.fields.items():
            field.widget.attrs.setdefault("class", CLASSES.get(type(field.widget), "form-control"))
            field.error_messages["required"] = f"“{field.label}”还没有填。"
            if isinstance(field, TypeAhead):
                field.widget.attrs |= type_ahead(field.find, name, f"id_{name}-list")

    def refuse(self, refusal: Refused) -> None:
        """Show why nothing was saved."""
        titles = {field.label: name for name, field in self.fields.items()}
        for reason in refusal.reasons:
            title, _, sentence = str(reason).partition("：")
            self.add_error(titles.get(title), sentence if title in titles else str(reason))


class EditForm(RegisterForm):
    """The editable fields of one record. What the reader may not see is not asked; what is restricted starts empty."""

    def __init__(self, register: Register, record: Record, user: User, data: Mapping[str, Any] | None = None) -> None:
        made: Fields = {"revision": forms.IntegerField(widget=forms.HiddenInput)}
        held: dict[str, Any] = {"revision": record.revision}
        self.secret: set[str] = set()
        self.readers = register.readers
        for lookup in register.editable:
            field, privacy = field_of(register.model, lookup)
            privacy = privacy if "__" in lookup else record.class_of(lookup)
            if not record.shows(user, privacy):
                continue
            name = lookup.rpartition("__")[2]
            held[name] = "" if privacy == Privacy.RESTRICTED else value_of(record, lookup)
            made[name] = form_field(field, user, register.choices.get(name, ()), held[name])
            if privacy == Privacy.RESTRICTED:
                self.secret.add(name)
                made[name].required = False
                made[name].help_text = "出于保密，这里不显示现有内容；留空表示不改。"
        super().__init__(made, data, held)

    def clean(self) -> dict[str, Any]:
        """Tidy what was typed where the register says how."""
        for name, read in self.readers.items():
            if self.cleaned_data.get(name):
                try:
                    self.cleaned_data[name] = read(self.cleaned_data[name]) or ""
                except BadCell as bad:
                    self.add_error(name, f"{bad.reason}。{bad.hint}")
        return self.cleaned_data

    def changes(self) -> dict[str, Any]:
        """The fields that were changed, with their new values; a secret left empty stays as it is."""
        names = [n for n in self.changed_data if n != "revision" and (n not in self.secret or self.cleaned_data[n])]
        return {name: self.cleaned_data[name] for name in names}

    def titles(self) -> list[str]:
        """What the changed fields are called."""
        return [str(self.fields[name].label) for name in self.changes()]


def add_fields(register: Register, user: User) -> Fields:
    """The fields for a new record: the room's own, or one for each argument of the adding action that is a field."""
    if register.add_fields is not None:
        return register.add_fields(user)
    made: Fields = {}
    for name, argument in inspect.signature(register.add).parameters.items():
        if name in ("by", "on"):
            continue
        try:
            field = register.model._meta.get_field(name)
        except FieldDoesNotExist:
            raise TypeError(f"{register.label}: no field for the argument {name} of {register.add.verb}") from None
        made[name] = form_field(field, user, register.choices.get(name, ()))
        made[name].required = argument.default is inspect.Parameter.empty
    return made
