"""Nodes on the clipboard: the text of a design file, readable by people and by other programs.

Plain text alone, which Qt holds by itself: a QMimeData made in Python is freed after Python has ended, and the
program dies of it at its exit.
"""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication

from designer.compiler.project import without_defaults
from designer.graph import files
from designer.graph.document import Document
from designer.graph.excerpts import design_in
from designer.graph.writing import dumps


def to_clipboard(fragment: Document) -> None:
    """Put nodes and links on the clipboard."""
    QGuiApplication.clipboard().setText(dumps(fragment))


def from_clipboard() -> Document:
    """The nodes and links on the clipboard, also among other words.

    Raises UserError with one sentence where there are none.
    """
    return without_defaults(files.loads(design_in(QGuiApplication.clipboard().text()), "The clipboard"))
