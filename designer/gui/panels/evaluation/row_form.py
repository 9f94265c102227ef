"""A form for one row of a table: a field for each number, a choice for each category."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from designer.gui.panels.editors import CalmCombo
from designer.gui.panels.widgets import MARGIN, text_label
from designer.protocol import Column

MOST = 60
"""More columns are not typed in; they come from a file."""


class RowForm(QScrollArea):
    """`changed` tells of every key; what is typed is taken as it stands."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fields: dict[str, QLineEdit | CalmCombo] = {}
        self.setWidgetResizable(True)
        self.setMinimumWidth(140)

    def show_columns(self, columns: Sequence[Column], usual: Mapping[str, str]) -> None:
        """Make fields for other columns; `usual` is what numbers begin with."""
        page = QWidget()
        column_layout, form = QVBoxLayout(page), QFormLayout()
        column_layout.setContentsMargins(MARGIN, 4, MARGIN, 4)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.setVerticalSpacing(4)
        self.fields = {}
        for column in columns:
            field = self._field(column, usual.get(column.name, ""))
            field.setAccessibleName(column.name)
            label = text_label(column.name)
            label.setBuddy(field)
            form.addRow(label, field)
            self.fields[column.name] = field
        column_layout.addLayout(form)
        column_layout.addStretch(1)
        self.setWidget(page)

    def _field(self, column: Column, usual: str) -> QLineEdit | CalmCombo:
        if column.values:
            choice = CalmCombo()
            choice.addItems(list(column.values))
            choice.currentIndexChanged.connect(self.changed)
            return choice
        line = QLineEdit(usual)
        line.textEdited.connect(self.changed)
        return line

    def row(self) -> dict[str, str]:
        """What is typed and chosen, by column."""
        return {
            name: field.text() if isinstance(field, QLineEdit) else field.currentText()
            for name, field in self.fields.items()
        }

    @property
    def complete(self) -> bool:
        """Whether every field has something."""
        return bool(self.fields) and all(self.row().values())
