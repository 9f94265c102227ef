"""People who choose from menus and panels: undo, lay out, mend, replace, compare, look at things in another way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from somebody import NUMBERS, SEVERAL, WAYS, Somebody

from designer.graph import files
from designer.graph.variables import set_variable
from designer.graph.writing import dumps
from designer.gui.canvas.editing.menu import menu_for
from designer.gui.finder.popup import Finder
from designer.gui.panels.replacing import ReplaceDialog
from designer.gui.theme import DARK, LIGHT

ACTIONS = (
    "undo", "redo", "cut", "copy", "paste", "duplicate", "delete", "dissolve", "select_all", "bypass", "straighten",
    "fit_all", "fit_selection", "zoom_in", "zoom_out", "zoom_reset", "card", "colour_by_macs", "colour_by_memory",
    "colour_by_parameters", "colour_by_trainable", "colour_by_field", "colour_by_category", "group", "ungroup",
    "first_fix", "fix_selected", "next_problem", "previous_problem", "next_difference", "previous_difference",
    "enter", "settings", "rename", "repeat_group", "rename_frame", "frame", "sticky", "add_here", "connect",
    "nudge_far_left", "nudge_far_down", "canvas_alone", "next_panel", "previous_panel", "add_layer",
    "paste_linked", "duplicate_linked", "select_inverse", "select_upstream", "select_downstream", "select_linked",
    "select_alike", "back", "forward", "find_next", "find_previous", "minimap", "show_all", "show_selected",
)  # fmt: skip
"""The actions that ask nothing, and some whose field or list is left open."""
LINING_UP = (
    "align_left", "align_centre", "align_right", "align_top", "align_middle", "align_bottom", "distribute_across",
    "distribute_down",
)  # fmt: skip
PANELS = ("inspector", "problems", "code", "parameters", "variables", "history", "outline", "lesson", "palette")


class Chooser(Somebody):
    """Whoever chooses what to do from a list."""

    @rule(action=st.sampled_from(ACTIONS))
    def choose_an_action(self, action: str) -> None:
        self.do(action)

    @rule(action=st.sampled_from(["undo", "redo"]), times=st.integers(1, 4))
    def go_back_and_forth(self, action: str, times: int) -> None:
        for _ in range(times):
            self.do(action)

    @rule(number=NUMBERS)
    def go_to_a_step_of_the_history(self, number: int) -> None:
        self.workspace.go_to_step(number % len(self.workspace.history.states))

    @precondition(lambda self: bool(self.workspace.report.problems))
    @rule(number=NUMBERS)
    def mend_a_problem(self, number: int) -> None:
        fixes = [fix for problem in self.workspace.report.problems for fix in problem.fixes]
        if fixes:
            self.workspace.fix(self.among(fixes, number))

    @precondition(lambda self: self.drawn)
    @rule(number=NUMBERS)
    def mend_a_node(self, number: int) -> None:
        self.workspace.select((self.pick(number),))
        self.do("fix_selected")

    @precondition(lambda self: self.drawn)
    @rule(action=st.sampled_from(["layout", "layout_down"]), whole=st.booleans(), number=NUMBERS, **WAYS)
    def lay_out_and_go_on(self, action: str, whole: bool, number: int, dx: int, dy: int) -> None:
        """While nodes still glide to their places, one is dragged."""
        if whole:
            self.workspace.select(())
        self.do(action)
        if number % 2 and self.drawn:
            start = self.hand.node(self.pick(number))
            self.hand.drag(start, start + QPointF(dx, dy))

    @precondition(lambda self: self.drawn)
    @rule(numbers=SEVERAL, action=st.sampled_from(LINING_UP))
    def line_up_some(self, numbers: Sequence[int], action: str) -> None:
        self.select(numbers)
        self.do(action)

    @rule(text=st.sampled_from(["", "conv", "block", "8 x 8", "nowhere"]), steps=st.integers(0, 3))
    def find_something(self, text: str, steps: int) -> None:
        self.do("find")
        for finder in self.canvas.findChildren(Finder):
            self.choose(finder, text, steps)

    @rule(x=NUMBERS, y=NUMBERS)
    def go_to_a_place_on_the_map(self, x: int, y: int) -> None:
        minimap = self.canvas.minimap
        if minimap.isVisible():
            room = minimap.rect()
            place = QPoint(x % room.width(), y % room.height())
            QTest.mousePress(minimap, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
            QTest.mouseRelease(minimap, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place / 2)

    @rule(number=NUMBERS, x=NUMBERS, y=NUMBERS, on_node=st.booleans())
    def choose_from_the_context_menu(self, number: int, x: int, y: int, on_node: bool) -> None:
        if on_node and not self.drawn:
            return
        at = self.hand.node(self.pick(x)) if on_node else QPointF(x, y)
        spot = self.canvas.spot_at(at)
        if spot.node is not None and spot.node not in self.workspace.selection:
            self.workspace.select((spot.node,))
        menu = menu_for(self.canvas, spot, self.canvas.to_scene(at))
        self.among([action for action in _entries(menu) if action.isEnabled()], number).trigger()
        menu.deleteLater()

    @precondition(lambda self: self.drawn)
    @rule(what=NUMBERS, by=NUMBERS, where=NUMBERS)
    def replace_layers(self, what: int, by: int, where: int) -> None:
        self.do("replace")
        dialog = self.window.findChild(ReplaceDialog)
        if dialog is not None:
            for field, number in ((dialog.where, where), (dialog.what, what), (dialog.by, by)):
                field.setCurrentIndex(number % max(1, field.count()))
            dialog.replace()
            dialog.close()

    @rule(number=NUMBERS)
    def compare_with_an_earlier_design(self, number: int) -> None:
        earlier = self.among(self.workspace.history.states, number).document
        self.window.compared.begin(earlier, "an earlier one")

    @rule()
    def end_comparing(self) -> None:
        self.do("end_comparison")

    @rule(name=st.sampled_from(["n", "width"]), value=st.sampled_from([1, 3, "=2*width", "=nonsense"]))
    def set_a_variable(self, name: str, value: int | str) -> None:
        self.workspace.commit(lambda document: set_variable(document, name, value), f"Set {name}")

    @rule(dark=st.booleans())
    def change_the_theme(self, dark: bool) -> None:
        self.window.choose_appearance(DARK if dark else LIGHT)

    @rule(name=st.sampled_from(PANELS))
    def look_at_a_panel(self, name: str) -> None:
        self.window.show_panel(name)

    @rule()
    def write_and_read(self) -> None:
        again = files.loads(dumps(self.workspace.document))
        assert dumps(again) == dumps(self.workspace.document)
        self.workspace.commit_whole(lambda _: again, "Read again")


def _entries(menu: QMenu) -> Iterator[QAction]:
    """All that can be chosen in a menu and the menus in it."""
    for action in menu.actions():
        inner = action.menu()
        if isinstance(inner, QMenu):
            yield from _entries(inner)
        elif not action.isSeparator():
            yield action
