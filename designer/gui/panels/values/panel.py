"""The values panel: which example goes through the network, what comes out at the end, and one node large."""

from __future__ import annotations

import re

from PySide6.QtCore import QSignalBlocker
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from designer.gui.example_values import ExampleValues
from designer.gui.panels.editors import CalmCombo
from designer.gui.panels.values.large import LargeValues
from designer.gui.panels.widgets import MARGIN, heading, text_label
from designer.gui.theme import Appearance
from designer.gui.value_painting import number_text
from designer.gui.workspace import Workspace
from designer.protocol import Number, Value, Values

PARTS = (("validation", "Validation"), ("test", "Test"), ("train", "Training"))
WHOSE = {
    "run": "The weights of the run after {step:,} steps.", "file": "The best weights of the last run.",
    "fresh": "Fresh weights: nothing is learned yet.",
}  # fmt: skip
NO_NODE = "Select a layer to see all that comes out of it, and its weights."
MOST = 2**31 - 1


class ValuesPanel(QScrollArea):
    """Asks for values while it can be seen; the selected node is the one shown large."""

    def __init__(self, workspace: Workspace, appearance: Appearance, values: ExampleValues) -> None:
        super().__init__()
        self._workspace, self._appearance, self._values = workspace, appearance, values
        self.part = CalmCombo(self)
        self.part.setAccessibleName("Part of the data")
        for key, title in PARTS:
            self.part.addItem(title, key)
        self.row = QSpinBox(self)
        self.row.setAccessibleName("Number of the example")
        self.row.setRange(1, MOST)
        self.row.setPrefix("example ")
        self.note, self.whose, self.wanted = text_label(muted=True), text_label(muted=True), text_label()
        self.typed = QLineEdit()
        self.typed.setAccessibleName("The numbers that go in")
        self.typed.setToolTip("What goes into the network; type other numbers and press Enter.")
        self.back = QPushButton("Back to the example")
        self.outputs, self.node = LargeValues(appearance), LargeValues(appearance)
        self.node_heading, self.no_node = heading(""), text_label(NO_NODE, muted=True)
        self._refusal = ""
        self._lay_out()
        self._connect()
        self._show()

    def _lay_out(self) -> None:
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        page, choice, row = QWidget(), QHBoxLayout(), QHBoxLayout()
        choice.addWidget(self.part)
        choice.addWidget(self.row)
        choice.addStretch(1)
        row.addWidget(self.typed, 1)
        row.addWidget(self.back)
        self._both = QBoxLayout(QBoxLayout.Direction.TopToBottom, page)
        self._both.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        self._both.setSpacing(2 * MARGIN)
        example = self._column(self.note, self.whose, self.outputs, self.wanted)
        example.insertLayout(0, choice)
        example.insertLayout(1, row)
        self._column(self.node_heading, self.no_node, self.node)
        self.setWidget(page)

    def _column(self, *parts: QWidget) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(8)
        for part in parts:
            column.addWidget(part)
        column.addStretch(1)
        self._both.addLayout(column, 1)
        return column

    def _connect(self) -> None:
        self.part.activated.connect(self._choose)
        self.row.valueChanged.connect(self._choose)
        self.typed.returnPressed.connect(self._type_in)
        self.typed.textEdited.connect(lambda: self._refuse())
        self.back.clicked.connect(self._choose)
        self._values.changed.connect(self._show)
        self._workspace.selection_changed.connect(self._look_at)
        self._workspace.place_changed.connect(self._look_at)
        self._appearance.changed.connect(self._show)

    def set_in_front(self, in_front: bool) -> None:
        """What is not seen is not asked for."""
        if in_front:
            self._look_at()
        self._values.want(self, in_front)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A wide panel has the node beside the example, a high one below it."""
        super().resizeEvent(event)
        wide = event.size().width() > 1.6 * event.size().height()
        self._both.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)

    # What the user does.

    def _choose(self) -> None:
        self.typed.setModified(False)
        self._values.choose(self.part.currentData(), self.row.value() - 1)

    def _type_in(self) -> None:
        """Send what was typed; what is no number is said, and nothing is sent."""
        texts = re.split(r"[;,\s]+", self.typed.text().strip())
        try:
            numbers = tuple(float(text) for text in texts if text)
        except ValueError:
            self._refuse("These are not all numbers. Separate them by commas: 5.1, 3.5, 1.4")
            return
        self.typed.setModified(False)
        self._values.type_in((numbers,))

    def _refuse(self, why: str = "") -> None:
        """Say why what was typed is not taken, until something else is typed."""
        self._refusal = why
        self._show()

    def _look_at(self) -> None:
        """The selected node, with its groups before its name."""
        chosen = self._workspace.selection
        node = ".".join((*self._workspace.place, *chosen)) if len(chosen) == 1 else ""
        self._values.look_at(node)
        self._show()

    # What the worker says.

    def _show(self) -> None:
        answer, note = self._values.answer, self._refusal or self._values.note
        self.note.setText(note)
        self.note.setVisible(bool(note))
        for part in (self.part, self.row):
            part.setEnabled(answer is not None or not note)
        if answer is None:
            answer = Values("")
        self._show_choice(answer)
        self.whose.setText(WHOSE.get(answer.weights, "").format(step=answer.step))
        self.whose.setVisible(bool(answer.weights))
        self._show_outputs(answer)
        self._show_node(answer)

    def _show_choice(self, answer: Values) -> None:
        with QSignalBlocker(self.row):
            self.row.setMaximum(max(1, answer.examples) if answer.weights else MOST)
            self.row.setSuffix(f" of {answer.examples:,}" if answer.weights else "")
        single = len(answer.given) == 1 and next(iter(answer.given.values()))
        if single and answer.values[next(iter(answer.given))].form == "picture":
            single = False  # nobody types a picture
        self.typed.setVisible(bool(single))
        self.back.setVisible(bool(single) and bool(self._values.given))
        if single and not self.typed.isModified():
            self.typed.setText(", ".join(map(number_text, single)))
            self.typed.setCursorPosition(0)

    def _show_outputs(self, answer: Values) -> None:
        """What comes out at the end, and what is right."""
        ends = [name for name, node in self._workspace.report.nodes.items() if node.layer is not None]
        found = {name: answer.values[name] for name in ends if name in answer.values and self._is_output(name)}
        names = {name: self._values.class_names(name) for name in found}
        self.outputs.show_values(found, next(iter(names.values()), ()) if len(found) == 1 else ())
        right = [f"{field} {self._said(field, numbers)}" for field, numbers in answer.wanted.items()]
        self.wanted.setText("Right: " + "; ".join(right) if right else "")
        self.wanted.setVisible(bool(right))

    def _is_output(self, name: str) -> bool:
        layer = self._workspace.report.nodes[name].layer
        return layer is not None and layer.role == "output"

    def _said(self, field: str, numbers: tuple[Number, ...]) -> str:
        facts = self._workspace.report.facts
        known = facts.fields.get(field) if facts is not None else None
        if known is not None and known.classes and len(numbers) == 1 and numbers[0] is not None:
            place = int(numbers[0])
            return known.classes[place] if 0 <= place < len(known.classes) else str(place)
        return ", ".join(map(number_text, numbers[:12])) + (" …" if len(numbers) > 12 else "")

    def _show_node(self, answer: Values) -> None:
        """The node that is selected, large, and its weights."""
        node, large = self._values.node, answer.large
        self.node_heading.setText(node)
        self.node_heading.setVisible(bool(node) and large is not None)
        self.no_node.setVisible(bool(answer.weights) and large is None)
        shown: dict[str, Value] = {"output": large} if large is not None else {}
        self.node.show_values({**shown, **(answer.own if large is not None else {})})
