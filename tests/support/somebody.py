"""Somebody at the window, for the test in which anything is done in any order: what all people there have in common."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from hand import Hand
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.exceptions import capture_exceptions
from same_scene import assert_same_as_new, assert_shows_its_design
from whole_design import assert_whole, plain

from designer.compiler.checking.report import Report
from designer.compiler.cost import training_cost
from designer.compiler.lowering.lower import lower
from designer.compiler.printing.source import source
from designer.compiler.project import examine
from designer.graph import files
from designer.graph.comparing import compare
from designer.graph.document import Document, Link
from designer.graph.writing import dumps
from designer.gui.canvas.floating.overlays import NameField
from designer.gui.finder.popup import Finder
from designer.gui.theme import LIGHT

if TYPE_CHECKING:
    from designer.gui.main_window import MainWindow

NUMBERS = st.integers(0, 999)
"""Choose among what is there at the moment."""
SEVERAL = st.lists(NUMBERS, min_size=1, max_size=4)
WAYS = {"dx": st.integers(-300, 300), "dy": st.integers(-200, 200)}
Modifiers = Qt.KeyboardModifier
MODIFIERS = st.sampled_from([Modifiers.NoModifier, Modifiers.ShiftModifier, Modifiers.ControlModifier])
Thing = TypeVar("Thing")


class Somebody(RuleBasedStateMachine):
    """One person at one window. Numbers choose among what is there at the moment."""

    def __init__(self, window: MainWindow, start: Path) -> None:
        super().__init__()
        self.window, self.workspace, self.canvas = window, window.workspace, window.canvas
        self.hand = Hand(window.canvas)
        self.workspace.new()
        assert window.file.open_sample(start)
        assert window.drawing
        QGuiApplication.clipboard().clear()
        self.start = self.workspace.document
        self.checked: tuple[Document, Report] | tuple[None, None] = (None, None)
        if window.appearance.mode != LIGHT:
            window.choose_appearance(LIGHT)
        self.do("colour_by_category")
        self.canvas.fit_all()
        self.canvas.setFocus()
        self.capturing = capture_exceptions()
        self.raised: list[Any] = self.capturing.__enter__()

    # What is there.

    @staticmethod
    def among(things: Sequence[Thing], number: int) -> Thing:
        return things[number % len(things)]

    def pick(self, number: int) -> str:
        """One of the nodes that are shown."""
        return self.among(self.workspace.shown.ids, number)

    def pick_link(self, number: int) -> Link:
        """One of the links that are shown."""
        return self.among(self.workspace.shown.links, number)

    @property
    def drawn(self) -> bool:
        return bool(self.workspace.shown.nodes)

    @property
    def linked(self) -> bool:
        return bool(self.workspace.shown.links)

    @property
    def groups(self) -> list[str]:
        """The groups that are shown and can be entered."""
        whole, found = self.workspace.document, []
        for name, node in self.workspace.shown.nodes.items():
            try:
                whole.inside_of(node)
            except KeyError:
                continue
            found.append(name)
        return found

    # What hands do.

    def do(self, action: str) -> None:
        """Choose an action of the menus; it does nothing where it cannot be done."""
        self.window.all_actions[action].trigger()

    def select(self, numbers: Sequence[int]) -> None:
        self.workspace.select({self.pick(number) for number in numbers} if self.drawn else ())

    def point_on(self, link: Link, share: float) -> QPointF:
        """A place of the viewport, so far along a link."""
        return QPointF(self.canvas.mapFromScene(self.canvas.design.links[link].path.pointAtPercent(share)))

    def answer(self, text: str) -> None:
        """Type into the field that is open over the canvas, and press Enter; Escape where it is not taken."""
        for field in self.canvas.findChildren(NameField):
            if field.isVisible():
                field.setText(text)
                QTest.keyClick(field, Qt.Key.Key_Return)
                if field.isVisible():
                    QTest.keyClick(field, Qt.Key.Key_Escape)

    def choose(self, finder: Finder | None, text: str, steps: int) -> None:
        """Type into a list that is open, go down some rows, and press Enter."""
        if finder is not None:
            finder.field.setText(text)
            for _ in range(steps):
                QTest.keyClick(finder.field, Qt.Key.Key_Down)
            QTest.keyClick(finder.field, Qt.Key.Key_Return)
            self.hand.key(Qt.Key.Key_Escape) if finder.isVisible() else None

    # What always holds.

    @invariant()
    def shows_what_is_there(self) -> None:
        QApplication.processEvents()
        assert not self.raised, self.raised
        self.canvas.arranging.settle()
        assert_shows_its_design(self.canvas)
        document, report, shown = self.workspace.document, self.workspace.report, self.workspace.shown_report
        if document is self.checked[0] and shown is self.checked[1]:
            return
        self.checked = (document, shown)
        assert_same_as_new(self.canvas)
        assert_whole(document)
        assert report.document is document
        assert plain(report) == plain(examine(document))
        assert training_cost(report).weights >= 0

    def teardown(self) -> None:
        self.capturing.__exit__(None, None, None)
        assert not self.raised, self.raised
        self.can_be_kept(self.workspace.document)
        while self.workspace.history.undo_label is not None:
            self.workspace.undo()
        assert self.workspace.document is self.start
        assert_shows_its_design(self.canvas)
        while self.workspace.history.redo_label is not None:
            self.workspace.redo()
        assert_shows_its_design(self.canvas)

    def can_be_kept(self, document: Document) -> None:
        """A file gives the design back as it was; what can run can be written as Python."""
        again = files.loads(dumps(document))
        assert dumps(again) == dumps(document)
        assert compare(again, document).same
        report = self.workspace.report
        if report.nodes and report.sound:
            compile(source(lower(report)), "exported", "exec")
