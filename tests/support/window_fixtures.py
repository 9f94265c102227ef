"""What the tests of the window share: the whole window with a real worker, and a person's hands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QSettings, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from designer.graph import files
from designer.graph.document import Document, Link, Node
from designer.gui.runner import Runner

if TYPE_CHECKING:
    from designer.gui.main_window import MainWindow


@pytest.fixture(autouse=True)
def home(home: Path) -> Path:
    """No test of the window touches the home of whoever runs it."""
    return home


@pytest.fixture
def settings(home: Path) -> QSettings:
    return QSettings(str(home / "settings.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def open_window(qtbot: QtBot, settings: QSettings) -> Iterator[Callable[[], MainWindow]]:
    """Opens windows as the program does; closes them at the end, whatever is unsaved."""
    # Here, so that the tests of a single panel do without the window around it.
    from designer.gui.application import make_application, make_window

    windows: list[MainWindow] = []

    def make() -> MainWindow:
        window = make_window(make_application(), settings)
        windows.append(window)
        window.show()
        qtbot.waitActive(window)
        return window

    yield make
    for window in windows:
        for sheet in list(window.file.sheets.all)[1:]:
            window.file.sheets.drop(sheet)
        window.workspace.new()
        window.close()
        window.runner.deleteLater()
        window.appearance.deleteLater()
        window.deleteLater()
    windows.clear()
    # Without an event loop nobody deletes what waits for it, and every window left restyles with the next one.
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def window(open_window: Callable[[], MainWindow]) -> MainWindow:
    return open_window()


@pytest.fixture
def runner(qapp: QApplication) -> Iterator[Runner]:
    runner = Runner(qapp)
    yield runner
    runner.shutdown()


@pytest.fixture
def iris() -> Document:
    """A small network on the iris flowers, sound and ready to train."""
    nodes = [
        Node("measures", "Input", {"shape": (4,)}),
        Node("hidden", "Linear", {"out_features": 8}),
        Node("relu", "ReLU"),
        Node("scores", "Linear", {"out_features": 3}),
        Node("species", "Output", {"loss": "CrossEntropyLoss"}),
    ]
    links = tuple(Link(one.id, other.id) for one, other in pairwise(nodes))
    places = {node.id: (220.0 * place, 0.0) for place, node in enumerate(nodes)}
    return Document(
        {node.id: node for node in nodes}, links, places, name="Iris", data={"source": "iris"},
        training={"epochs": 3, "optimizer": {"kind": "Adam", "lr": 0.01}},
    )  # fmt: skip


@pytest.fixture
def file(iris: Document, tmp_path: Path) -> Path:
    """The iris design in a file."""
    path = tmp_path / "iris.netwright"
    files.write(iris, path)
    return path


@pytest.fixture
def press(window: MainWindow) -> Callable[[str], None]:
    """Presses the shortcut of an action, given by its id."""

    def press(name: str) -> None:
        QTest.keySequence(window, window.all_actions[name].shortcut())

    return press


@pytest.fixture
def answer() -> Callable[[QMessageBox.StandardButton], None]:
    """Answers the next question of the program with a button, as soon as it is asked."""

    def answer(button: QMessageBox.StandardButton) -> None:
        def look() -> None:
            box = QApplication.activeModalWidget()
            if isinstance(box, QMessageBox):
                QTest.mouseClick(box.button(button), Qt.MouseButton.LeftButton)
            else:
                QTimer.singleShot(10, look)

        QTimer.singleShot(0, look)

    return answer
