"""People who put frames around layers, write notes and colour things."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from somebody import MODIFIERS, NUMBERS, SEVERAL, WAYS, Modifiers, Somebody

KINDS = st.sampled_from(["drag", "click", "double_click"])
WORDS = st.sampled_from(["", "Encoder", "**Why** so", "a\nb"])


class Marker(Somebody):
    """Whoever writes on the canvas for others to read."""

    @precondition(lambda self: self.drawn)
    @rule(numbers=SEVERAL, title=WORDS)
    def frame_some(self, numbers: Sequence[int], title: str) -> None:
        self.select(numbers)
        self.do("frame")
        self.answer(title)

    @precondition(lambda self: bool(self.workspace.shown.frames))
    @rule(number=NUMBERS, kind=KINDS, keys=MODIFIERS, title=WORDS, **WAYS)
    def use_a_frame(self, number: int, kind: str, keys: Modifiers, title: str, dx: int, dy: int) -> None:
        key = self.among(list(self.workspace.shown.frames), number)
        bar = self.canvas.design.marks.frames[key].bar
        at = self.hand.at(bar.center().x(), bar.center().y())
        self.act(kind, at, keys, QPointF(dx, dy))
        self.answer(title)

    @precondition(lambda self: bool(self.workspace.shown.frames))
    @rule(number=NUMBERS, frame=NUMBERS, keys=MODIFIERS)
    def drag_a_node_into_a_frame(self, number: int, frame: int, keys: Modifiers) -> None:
        key = self.among(list(self.workspace.shown.frames), frame)
        middle = self.canvas.design.marks.frames[key].rect.center()
        self.hand.drag(self.hand.node(self.pick(number)), self.hand.at(middle.x(), middle.y()), keys=keys)

    @precondition(lambda self: bool(self.workspace.shown.frames))
    @rule(number=NUMBERS, action=st.sampled_from(["leave_frame", "remove_frame", "rename_frame", "duplicate", "cut"]),
          title=WORDS)  # fmt: skip
    def do_something_to_a_frame(self, number: int, action: str, title: str) -> None:
        frame = self.among(list(self.workspace.shown.frames.values()), number)
        self.workspace.select(frame.members[: 1 + number % len(frame.members)])
        self.do(action)
        self.answer(title)

    @rule(text=WORDS, end=st.booleans())
    def write_a_note(self, text: str, end: bool) -> None:
        self.do("sticky")
        field = self.canvas.marks.field
        if field is not None:
            field.setPlainText(text)
            if end:
                QTest.keyClick(field, Qt.Key.Key_Escape)

    @precondition(lambda self: bool(self.workspace.shown.stickies))
    @rule(number=NUMBERS, kind=KINDS, corner=st.booleans(), keys=MODIFIERS, text=WORDS, **WAYS)
    def use_a_note(self, number: int, kind: str, corner: bool, keys: Modifiers, text: str, dx: int, dy: int) -> None:
        key = self.among(list(self.workspace.shown.stickies), number)
        rect = self.canvas.design.marks.stickies[key].rect
        place = rect.bottomRight() - QPointF(4, 4) if corner else rect.center()
        self.act(kind, self.hand.at(place.x(), place.y()), keys, QPointF(dx, dy))
        if self.canvas.marks.field is not None:
            self.canvas.marks.field.setPlainText(text)

    @rule(numbers=SEVERAL, color=st.sampled_from(["usual", "red", "teal"]))
    def colour_some(self, numbers: Sequence[int], color: str) -> None:
        self.select(numbers)
        self.do(f"color_{color}")

    def act(self, kind: str, at: QPointF, keys: Modifiers, way: QPointF) -> None:
        """Drag, click or double-click at a place."""
        if kind == "drag":
            self.hand.drag(at, at + way, keys=keys)
        elif kind == "click":
            self.hand.click(at, keys)
        else:
            self.hand.double_click(at)
