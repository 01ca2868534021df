"""The addresses of a register, under its room: /<room>/<slug>/ and below."""

from __future__ import annotations

from django.urls import URLPattern, path

from zugong.ui.acts import Acts
from zugong.ui.pages import page
from zugong.ui.registers import Register
from zugong.ui.views import Pages


def addresses(*registers: Register) -> list[URLPattern]:
    """Addresses for each register; pages it has no action for are absent."""
    return [pattern for register in registers for pattern in _of(register)]


def _of(register: Register) -> list[URLPattern]:
    pages, slug = Pages(register), register.slug
    acts = Acts(pages)
    name = register.model._meta.model_name
    read = page(register.read)
    found = [
        path(f"{slug}/", read(pages.listed), name=f"{name}-list"),
        path(f"{slug}/export/", read(pages.export), name=f"{name}-export"),
        path(f"{slug}/views/", read(acts.views), name=f"{name}-views"),
        path(f"{slug}/selected/", read(acts.selected), name=f"{name}-selected"),
    ]
    if register.remove:
        found.append(path(f"{slug}/removed/", page(register.remove.permission)(acts.removed), name=f"{name}-removed"))
    if any(f.name == "name" for f in register.model._meta.concrete_fields):  # a record chosen by its name elsewhere
        found.append(path(f"{slug}/find/", read(pages.find), name=f"{name}-find"))
    if register.add and not register.add_name:
        found.append(path(f"{slug}/add/", page(register.add.permission)(pages.add), name=f"{name}-add"))
    if not register.own_page:
        found.append(path(f"{slug}/<int:pk>/", read(pages.record), name=name))
    if register.edit and register.editable:
        found.append(path(f"{slug}/<int:pk>/edit/", page(register.edit.permission)(pages.edit), name=f"{name}-edit"))
    if register.sensitive:
        found.append(path(f"{slug}/<int:pk>/reveal/", read(pages.reveal), name=f"{name}-reveal"))
    return found
