"""What surrounds the text in a .docx: an empty document without the library's template, and a file free of chance.

The same paper must give the same bytes on every run, and the file must not tell who wrote it or on which machine.
"""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from pathlib import Path

import docx
from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.package import OpcPackage
from docx.opc.rel import _Relationship

from .word_styles import Fonts, fonts_xml, replace_children, settings_xml, styles_xml

KEPT = (RELATIONSHIP_TYPE.STYLES, RELATIONSHIP_TYPE.SETTINGS, RELATIONSHIP_TYPE.FONT_TABLE)
KEPT_OUTSIDE = (RELATIONSHIP_TYPE.OFFICE_DOCUMENT, RELATIONSHIP_TYPE.CORE_PROPERTIES)
STAMP = (1980, 1, 1, 0, 0, 0)  # the first moment a zip can name
UNIX = 3  # the system a zip entry claims to come from; zipfile would write the one it runs on


def blank(fonts: Fonts) -> Document:
    """An empty document that holds our styles and settings and nothing of python-docx's template.

    Theme, numbering, thumbnail and custom XML go: a theme brings back 等线, the thumbnail shows another paper.
    """
    document = docx.Document()
    forget(document.part.rels, KEPT)
    forget(document.part.package.rels, KEPT_OUTSIDE)
    replace_children(document.styles.element, lambda: styles_xml(fonts))
    replace_children(document.settings.element, settings_xml)
    document.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)._blob = fonts_xml(fonts)
    return document


def forget(relationships: dict[str, _Relationship], kept: tuple[str, ...]) -> None:
    """Drop every relationship whose type is not kept; a part nobody points to is not written."""
    for key in [key for key, one in relationships.items() if one.reltype not in kept]:
        del relationships[key]


def name_nobody(document: Document, title: str, day: date) -> None:
    """Core properties: the title and the paper's own day; no author, no editor, no clock."""
    moment = datetime(day.year, day.month, day.day)
    properties = document.core_properties
    properties.author = properties.last_modified_by = properties.comments = properties.keywords = ""
    properties.title = title[:255]
    properties.revision = 1
    properties.created = properties.modified = moment
    properties.language = "zh-CN"


def save(package: OpcPackage, path: Path) -> None:
    """Write the package with constant times, so that two runs give the same bytes. Raises OSError."""
    written = io.BytesIO()
    package.save(written)
    result = io.BytesIO()
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(result, "w") as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, STAMP)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = UNIX
            entry.external_attr = 0o600 << 16
            target.writestr(entry, source.read(name))
    path.write_bytes(result.getvalue())
