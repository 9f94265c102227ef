"""Nodes on the clipboard: the text of a design file, readable by people and by other programs."""

from __future__ import annotations

from PySide6.QtCore import QMimeData

from designer.compiler.project import without_defaults
from designer.graph import files
from designer.graph.document import Document

DESIGN_MIME = "application/x-netwright-design"
"""The same text as text/plain, so that what is pasted is known to be a design."""


def to_clipboard(fragment: Document) -> QMimeData:
    """What copying these nodes and links puts on the clipboard."""
    text = files.dumps(fragment)
    data = QMimeData()
    data.setText(text)
    data.setData(DESIGN_MIME, text.encode())
    return data


def from_clipboard(data: QMimeData) -> Document:
    """The nodes and links on the clipboard; raises UserError with one sentence where there are none."""
    text = data.data(DESIGN_MIME).data() if data.hasFormat(DESIGN_MIME) else data.text().encode()
    return without_defaults(files.loads(bytes(text), "The clipboard"))
