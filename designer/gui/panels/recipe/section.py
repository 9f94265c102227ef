"""A part of a panel that can be folded away; folded, it says what differs from the defaults inside."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from designer.gui.panels.widgets import ElidedLabel


class Section(QWidget):
    """A heading that opens and closes what stands below it."""

    def __init__(self, title: str, *parts: QWidget, opened: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.head = QToolButton(self)
        self.head.setText(title)
        self.head.setAutoRaise(True)
        self.head.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.head.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        font = self.head.font()
        font.setBold(True)
        self.head.setFont(font)
        self.summary = ElidedLabel(self)
        self.summary.setForegroundRole(self.palette().ColorRole.PlaceholderText)
        self.summary.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.body = QWidget(self)
        inside = QVBoxLayout(self.body)
        inside.setContentsMargins(0, 0, 0, 6)
        inside.setSpacing(6)
        for part in parts:
            inside.addWidget(part)
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self.head)
        row.addWidget(self.summary, 100)
        row.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(row)
        column.addWidget(self.body)
        self.opened: bool = opened
        self.head.clicked.connect(lambda: self.unfold(not self.opened))
        self.unfold(opened)

    def tell(self, text: str) -> None:
        """What is said beside the heading while the section is folded."""
        self.summary.setText(text)
        self.summary.setToolTip(text)

    def unfold(self, opened: bool) -> None:
        """Show what stands below the heading, or fold it away."""
        self.opened = opened
        self.head.setArrowType(Qt.ArrowType.DownArrow if opened else Qt.ArrowType.RightArrow)
        self.head.setAccessibleName(f"{self.head.text()}, {'open' if opened else 'folded'}")
        self.body.setVisible(opened)
        self.summary.setVisible(not opened)
