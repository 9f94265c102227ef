"""People who draw links, take them off, bend and cut them."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from people_who_draw import STEPS, TEXTS
from PySide6.QtCore import QPointF, Qt
from somebody import MODIFIERS, NUMBERS, WAYS, Modifiers, Somebody

SHARES = st.integers(0, 20)


class Linker(Somebody):
    """Whoever links nodes."""

    def port(self, number: int, side: str, which: int) -> QPointF | None:
        """Where one of a node's ports is; None where it has none on this side."""
        name = self.pick(number)
        ports = getattr(self.workspace.shown_report.nodes[name], side)
        return self.hand.port(name, side, which % len(ports)) if ports else None

    @precondition(lambda self: self.drawn)
    @rule(one=NUMBERS, other=NUMBERS, ports=st.tuples(NUMBERS, NUMBERS), keys=MODIFIERS)
    def draw_a_link(self, one: int, other: int, ports: tuple[int, int], keys: Modifiers) -> None:
        start, end = self.port(one, "outputs", ports[0]), self.port(other, "inputs", ports[1])
        if start is not None and end is not None:
            self.hand.drag(*((start, end) if ports[0] % 5 else (end, start)), keys=keys)
            self.hand.key(Qt.Key.Key_Escape)

    @precondition(lambda self: self.drawn)
    @rule(one=NUMBERS, other=NUMBERS, which=NUMBERS, side=st.sampled_from(["inputs", "outputs"]), keys=MODIFIERS)
    def take_links_to_another_port(self, one: int, other: int, which: int, side: str, keys: Modifiers) -> None:
        """With Ctrl all links of the port; from an input the last one; else a link from one side to the same side."""
        start, end = self.port(one, side, which), self.port(other, side, which // 7)
        if start is not None and end is not None:
            self.hand.drag(start, end, keys=keys)
            self.hand.key(Qt.Key.Key_Escape)

    @precondition(lambda self: self.drawn)
    @rule(one=NUMBERS, which=NUMBERS, side=st.sampled_from(["inputs", "outputs"]), text=TEXTS, steps=STEPS, **WAYS)
    def drop_a_link_on_nothing(self, one: int, which: int, side: str, text: str, steps: int, dx: int, dy: int) -> None:
        start = self.port(one, side, which)
        if start is not None:
            self.hand.drag(start, start + QPointF(dx, dy), keys=Modifiers.ShiftModifier)
            self.choose(self.canvas.quick_add.finder, text, steps)

    @precondition(lambda self: self.drawn)
    @rule(number=NUMBERS, action=st.sampled_from(["connect", "connect_from"]), text=st.sampled_from(["", "c", "sum"]),
          steps=STEPS)  # fmt: skip
    def connect_by_picking(self, number: int, action: str, text: str, steps: int) -> None:
        self.workspace.select((self.pick(number),))
        self.do(action)
        self.choose(self.canvas.picker.finder, "", steps)
        self.choose(self.canvas.picker.finder, text, steps)

    @precondition(lambda self: self.linked)
    @rule(number=NUMBERS, share=SHARES, keys=MODIFIERS, **WAYS)
    def drag_a_link(self, number: int, share: int, keys: Modifiers, dx: int, dy: int) -> None:
        """Bends it, drags a dot that is there, or takes off the end that is near."""
        at = self.point_on(self.pick_link(number), share / 20)
        self.hand.drag(at, at + QPointF(dx, dy), keys=keys)
        self.hand.key(Qt.Key.Key_Escape)

    @precondition(lambda self: self.linked)
    @rule(number=NUMBERS, other=NUMBERS, which=NUMBERS, source=st.booleans())
    def plug_an_end_elsewhere(self, number: int, other: int, which: int, source: bool) -> None:
        end = self.port(other, "outputs" if source else "inputs", which)
        if end is not None:
            self.hand.drag(self.point_on(self.pick_link(number), 0.15 if source else 0.85), end)
            self.hand.key(Qt.Key.Key_Escape)

    @precondition(lambda self: self.linked)
    @rule(number=NUMBERS, share=SHARES, keys=MODIFIERS)
    def click_a_link(self, number: int, share: int, keys: Modifiers) -> None:
        self.hand.click(self.point_on(self.pick_link(number), share / 20), keys)

    @precondition(lambda self: self.linked)
    @rule(number=NUMBERS, share=SHARES)
    def put_a_dot_on_a_link(self, number: int, share: int) -> None:
        self.hand.double_click(self.point_on(self.pick_link(number), share / 20))

    @precondition(lambda self: bool(self.workspace.shown.routes))
    @rule(number=NUMBERS, which=NUMBERS, kind=st.sampled_from(["drag", "click", "double_click"]), keys=MODIFIERS,
          **WAYS)  # fmt: skip
    def use_a_dot(self, number: int, which: int, kind: str, keys: Modifiers, dx: int, dy: int) -> None:
        at = self.hand.at(*self.among(self.among(list(self.workspace.shown.routes.values()), number), which))
        if kind == "drag":
            self.hand.drag(at, at + QPointF(dx, dy), keys=keys)
        elif kind == "click":
            self.hand.click(at, keys)
        else:
            self.hand.double_click(at)

    @precondition(lambda self: self.linked)
    @rule(number=NUMBERS, share=SHARES, kind=st.sampled_from(["alt", "knife", "right"]), **WAYS)
    def cut_links(self, number: int, share: int, kind: str, dx: int, dy: int) -> None:
        at, way = self.point_on(self.pick_link(number), share / 20), QPointF(dx, dy)
        if kind == "alt":
            self.hand.click(at, Modifiers.AltModifier)
        elif kind == "knife":
            self.hand.drag(at - way, at + way, keys=Modifiers.AltModifier)
        else:
            self.hand.drag(at - way, at + way, Qt.MouseButton.RightButton, Modifiers.ControlModifier)
        self.hand.key(Qt.Key.Key_Escape)
