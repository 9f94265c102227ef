"""The inspector's page for the design itself: its name, its notes and its totals."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from designer.compiler.summary import beyond
from designer.graph import edits
from designer.gui.panels.editors import HintedLine
from designer.gui.panels.node_facts import table, trainable_row
from designer.gui.panels.notes import Notes
from designer.gui.panels.texts import count_text
from designer.gui.panels.widgets import MARGIN, heading, text_label
from designer.gui.theme import Theme
from designer.gui.workspace import Workspace


class DesignPage(QWidget):
    """What the inspector shows while nothing is selected."""

    def __init__(self, workspace: Workspace, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._theme = theme
        self.name = HintedLine(self)
        self.name.setPlaceholderText("A name, such as Digit reader")
        self.name.setAccessibleName("Name of the design")
        self.name.setToolTip("The design's name; the exported class is called after it.")
        self.notes = Notes(theme, self)
        self.totals = QLabel(self)
        self.totals.setTextFormat(Qt.TextFormat.RichText)
        self.totals.setWordWrap(True)
        self._lay_out()
        self.name.textEdited.connect(self._edit_name)
        self.name.editingFinished.connect(workspace.settle)
        self.notes.edited.connect(self._edit_notes)
        self.notes.settled.connect(workspace.settle)
        self.refresh()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.setSpacing(6)
        column.addWidget(heading("Design", self))
        column.addWidget(self.name)
        column.addWidget(self.notes, 1)
        column.addWidget(self.totals)
        column.addWidget(text_label("Select a layer to see and change its settings.", muted=True, parent=self))

    def _edit_name(self, text: str) -> None:
        self._workspace.commit_whole(lambda document: edits.describe(document, name=text), "Name the design", "name")

    def _edit_notes(self, text: str) -> None:
        self._workspace.commit_whole(lambda document: edits.describe(document, notes=text), "Write notes", "notes")

    def refresh(self) -> None:
        """Show the design as it is now; a text that says so already keeps its cursor."""
        document, report = self._workspace.document, self._workspace.report
        if self.name.text() != document.name:
            self.name.setText(document.name)
        self.notes.show_notes(document.notes)
        rows = [
            ("layers", count_text(sum(1 for _ in report.rows()))),
            ("links", count_text(len(document.links))),
            ("parameters", count_text(report.parameters)),
            *trainable_row(report),
            ("multiply-adds", count_text(report.macs) + beyond(report)),
            ("problems", count_text(len(report.problems)) if report.problems else "none"),
        ]
        self.totals.setText(table("", rows, self._theme))

    def restyle(self, theme: Theme) -> None:
        """Take the colours of another theme."""
        self._theme = theme
        self.notes.restyle(theme)
        self.refresh()
