"""Some training pictures, each above what augmentation makes of it; the worker makes them while no run is under way."""

from __future__ import annotations

from msgspec import structs
from PySide6.QtCore import QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from designer.catalogue.tensor import Misfit
from designer.compiler.lowering.augmentation import augmentations
from designer.compiler.lowering.looking import source_to_look_at, split_to_look_at
from designer.gui.panels.examples.pictures import images, side_by_side
from designer.gui.panels.widgets import text_label
from designer.gui.runner import BUSY, Runner
from designer.gui.theme import Appearance
from designer.gui.workspace import Workspace
from designer.protocol import Event, Seen, Varied, Vary

COUNT = 6
GAP = 3
LARGEST = 72
PATIENCE = 150
"""Milliseconds after the last change of a setting before pictures are asked for."""


class Pictures(QWidget):
    """A row of pictures before, and below it the same ones after."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self.rows: tuple[Seen, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Pictures before and after augmentation")

    def show_rows(self, *rows: Seen) -> None:
        """Show pictures, row by row."""
        self.rows = rows
        self._fit()
        self.update()

    def _side(self) -> int:
        return max(8, min(LARGEST, (self.width() + GAP) // COUNT - GAP))

    def _fit(self) -> None:
        wanted = len(self.rows) * (self._side() + GAP)
        if wanted != self.minimumHeight():
            self.setFixedHeight(wanted)

    def resizeEvent(self, _event: object) -> None:
        """Pictures are as large as there is room for."""
        self._fit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """One row below the other."""
        painter = QPainter(self)
        for place, row in enumerate(self.rows):
            parts = images(row, self._appearance.theme)
            painter.drawPixmap(
                0, place * (self._side() + GAP), side_by_side(parts, self._side(), self.devicePixelRatioF())
            )
        painter.end()


class Preview(QWidget):
    """Asks for pictures where it can be seen, and once more when a setting changes or when it is pressed."""

    def __init__(self, workspace: Workspace, appearance: Appearance, runner: Runner) -> None:
        super().__init__()
        self._workspace, self._runner = workspace, runner
        self.pictures = Pictures(appearance)
        self.note = text_label(muted=True, parent=self)
        self.again = QPushButton("Draw anew")
        self.again.setToolTip("The same pictures, changed by other random numbers")
        self._seed = 0
        self._wanted, self._in_front = False, True
        self._asked: Vary | None = None
        self._number = 0
        self._timer = QTimer(self, singleShot=True, interval=PATIENCE)
        self._timer.timeout.connect(self._ask)
        row = QHBoxLayout()
        row.addWidget(self.again)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.pictures)
        column.addWidget(self.note)
        column.addLayout(row)
        self.again.clicked.connect(self._draw_anew)
        runner.told.connect(self._follow)
        runner.state_changed.connect(self._later)
        appearance.changed.connect(self.pictures.update)

    def show_design(self, *, wanted: bool) -> None:
        """The design may have changed; pictures are `wanted` where something is chosen and can be made."""
        self._wanted = wanted
        self.setVisible(wanted)
        self._later()

    def set_in_front(self, in_front: bool) -> None:
        """What cannot be seen is not asked for."""
        self._in_front = in_front
        self._later()

    def _later(self) -> None:
        if self._wanted and self._in_front:
            self._timer.start()

    def _draw_anew(self) -> None:
        self._seed += 1
        self._ask()

    def _ask(self) -> None:
        document = self._workspace.document
        source = source_to_look_at(document.data, self._workspace.home)
        try:
            augment = tuple(each.call() for each in augmentations(document.data))
        except Misfit:
            return
        if source is None or not self._wanted:
            return
        busy = self._runner.state in BUSY
        self.again.setEnabled(not busy)
        if busy:
            self.note.setText("Shown again when the run is over.")
            self.note.show()
            return
        split = split_to_look_at(document.data)
        request = Vary("", source, augment, split, COUNT, self._seed)
        if request != self._asked:
            self._asked, self._number = request, self._number + 1
            self._runner.vary(structs.replace(request, key=f"preview {self._number}"))

    def _follow(self, event: Event) -> None:
        if not isinstance(event, Varied) or event.key != f"preview {self._number}":
            return
        self.note.setText(event.problem)
        self.note.setVisible(bool(event.problem))
        if event.before is not None and event.after is not None:
            self.pictures.show_rows(event.before, event.after)
