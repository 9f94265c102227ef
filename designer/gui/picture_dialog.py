"""The drawing as a file or on paper: a small dialog asks what of it, and how."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
)

from designer.graph.blocks import uses
from designer.gui.actions import Desk
from designer.gui.canvas.items.marks import STICKY
from designer.gui.canvas.picture import Picture, Subject, page, pixels, write
from designer.gui.panels.widgets import text_label
from designer.gui.theme import dark, light

SCALES = (1.0, 2.0, 3.0)
WIDTH = 300
"""Of the fields, in pixels."""
MILLIMETRES = 25.4 / 72
"""For one point."""


class Kind(Enum):
    """What a drawing is written as."""

    PNG = "PNG"
    SVG = "SVG"
    PDF = "PDF"
    PAPER = ""


MEANT = {
    Kind.SVG: "SVG: for web pages and drawing programs",
    Kind.PDF: "PDF: for papers and print",
    Kind.PNG: "PNG: for everything else",
}


def export_picture(desk: Desk) -> None:
    """Ask how the drawing is to be written, and write it."""
    PictureDialog(desk, paper=False).open()


def print_picture(desk: Desk) -> None:
    """Ask what of the drawing is to be printed, and show the preview."""
    PictureDialog(desk, paper=True).open()


class PictureDialog(QDialog):
    """Nothing is drawn before it is accepted; the size that it tells is that of what stands on the canvas."""

    def __init__(self, desk: Desk, *, paper: bool) -> None:
        super().__init__(desk.canvas.window())
        self._desk, self._paper = desk, paper
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Print the drawing" if paper else "Export the drawing")
        self.kind, self.part, self.look = QComboBox(), QComboBox(), QComboBox()
        self.scale, self.own = QComboBox(), QDoubleSpinBox()
        self.clear = QCheckBox("Transparent ground")
        self.size_told = text_label(muted=True)
        self.accept_button = QPushButton("Preview…" if paper else "Export…")
        self._fill()
        self._lay_out()
        for field in (self.kind, self.part, self.scale):
            field.currentIndexChanged.connect(self._show)
        self.own.valueChanged.connect(self._show)
        self._show()

    def _fill(self) -> None:
        for kind, meant in MEANT.items():
            self.kind.addItem(meant, kind)
        self.kind.setMinimumWidth(WIDTH)
        self.part.setMinimumWidth(WIDTH)
        self.part.addItem("All that the canvas shows", False)
        if self._desk.canvas.workspace.selection or self._desk.canvas.design.marks.chosen:
            self.part.addItem("What is selected", True)
        self.part.setEnabled(self.part.count() > 1)
        self.look.addItem("Light", False)
        self.look.addItem("Dark", True)
        self.look.setCurrentIndex(int(self._desk.appearance.theme.dark and not self._paper))
        for scale in SCALES:
            self.scale.addItem(f"{scale:g}x", scale)
        self.scale.addItem("Other", None)
        self.scale.setCurrentIndex(1)
        self.own.setRange(0.1, 16.0)
        self.own.setSingleStep(0.5)
        self.own.setValue(4.0)
        self.own.setSuffix("x")
        self.own.setAccessibleName("Other scale")
        self.accept_button.setProperty("main", True)
        self.accept_button.setDefault(True)

    def _lay_out(self) -> None:
        form = self._form = QFormLayout()
        scales = QHBoxLayout()
        scales.addWidget(self.scale, 1)
        scales.addWidget(self.own, 1)
        form.addRow("Write as", self.kind)
        form.addRow("Draw", self.part)
        form.addRow("Colours", self.look)
        form.addRow("Scale", scales)
        form.addRow("", self.clear)
        form.addRow("", self.size_told)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for field in (self.kind, self.part, self.look, self.scale):
            label = form.labelForField(scales if field is self.scale else field)
            field.setAccessibleName(label.text() if isinstance(label, QLabel) else "")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        buttons.addButton(self.accept_button, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        form.setRowVisible(self.kind, not self._paper)
        form.setRowVisible(self.clear, not self._paper)
        form.setRowVisible(self.size_told, not self._paper)
        column = QVBoxLayout(self)
        column.setSizeConstraint(QVBoxLayout.SizeConstraint.SetFixedSize)
        column.addLayout(form)
        column.addWidget(buttons)
        self._scales = scales

    @property
    def _chosen(self) -> Kind:
        return Kind.PAPER if self._paper else self.kind.currentData()

    @property
    def _factor(self) -> float:
        """Pixels of an image for one of the scene."""
        scale: float | None = self.scale.currentData()
        return self.own.value() if scale is None else scale

    def _subject(self) -> Subject:
        canvas = self._desk.canvas
        told, steps = uses(canvas.workspace.document), canvas.design.look.steps
        if not self.part.currentData():
            return Subject(uses=told, steps=steps)
        marks = canvas.design.marks
        nodes = canvas.workspace.selection | marks.cargo()[0]
        return Subject(nodes, [key for kind, key in marks.chosen if kind == STICKY], told, steps)

    def _show(self) -> None:
        """Show the fields that count, and how large the file's picture will be."""
        self._form.setRowVisible(self._scales, self._chosen is Kind.PNG)
        self.own.setVisible(self.scale.currentData() is None and self._chosen is Kind.PNG)
        area = self._subject().area(self._desk.canvas.design).size()
        if self._chosen is Kind.PNG:
            size = pixels(area, self._factor)
            self.size_told.setText(f"{size.width():,} x {size.height():,} pixels")
        elif self._chosen is Kind.PDF:
            points = page(area)
            self.size_told.setText(f"{points.width() * MILLIMETRES:,.0f} x {points.height() * MILLIMETRES:,.0f} mm")
        else:
            self.size_told.setText(f"{area.width():,.0f} x {area.height():,.0f} pixels, sharp at every size")

    def accept(self) -> None:
        """Draw it, and write or show it."""
        super().accept()
        desk, kind, factor = self._desk, self._chosen, self._factor
        theme = dark() if self.look.currentData() else light()
        # Paper is white: light colours need no ground there, and dark ones cannot do without.
        ground = bool(self.look.currentData()) if self._paper else not self.clear.isChecked()
        picture = Picture(desk.canvas.workspace.shown_report, theme, self._subject(), ground=ground)
        if kind is Kind.PAPER:
            # Printing is loaded when somebody prints: a start of the program does without it.
            from designer.gui.printing import Preview

            Preview(picture, desk.canvas.window()).open()
        else:
            draw = {Kind.SVG: picture.svg, Kind.PDF: picture.pdf, Kind.PNG: lambda: picture.png(factor)}[kind]
            desk.exports.picture(kind.value, lambda path: write(path, draw()))
