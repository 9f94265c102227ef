"""The lesson panel: the card of what is selected."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from pytestqt.qtbot import QtBot

from designer.gui.offers import offers
from designer.gui.panels.lesson import LessonPanel
from designer.gui.theme import Appearance
from designer.gui.workspace import Workspace
from designer.resources import resource


@pytest.fixture
def panel(qtbot: QtBot, workspace: Workspace, appearance: Appearance) -> LessonPanel:
    panel = LessonPanel(workspace, appearance)
    qtbot.addWidget(panel)
    panel.show()
    return panel


def test_a_selected_node_shows_the_card_of_its_layer(panel: LessonPanel, workspace: Workspace) -> None:
    workspace.select(("conv1",))
    assert panel.offer is offers()["Conv2d"]
    text = panel.page.toPlainText()
    assert text.startswith("Convolution 2D")
    assert "In PyTorch" in text


def test_nodes_of_different_layers_show_none(panel: LessonPanel, workspace: Workspace) -> None:
    workspace.select(("conv1", "fc1"))
    assert panel.offer is None
    assert not panel.page.isVisible()


def test_in_a_group_its_own_card_is_read_while_nothing_is_selected(panel: LessonPanel, workspace: Workspace) -> None:
    workspace.select(("conv1",))
    name = workspace.add("residual")
    workspace.enter((name,))
    assert panel.offer is offers()["residual"]
    workspace.select(("norm1",))
    assert panel.offer is offers()["BatchNorm2d"]
    workspace.enter(())
    workspace.select(())
    assert panel.offer is None


def test_a_card_is_read_from_the_resources_as_it_stands() -> None:
    assert offers()["Linear"].card() == resource("notes", "Linear.md").read_text(encoding="utf-8")


def test_the_colours_follow_the_appearance(panel: LessonPanel, workspace: Workspace, appearance: Appearance) -> None:
    workspace.select(("conv1",))
    before = panel.page.toHtml()
    appearance.choose("dark")
    assert panel.page.toPlainText().startswith("Convolution 2D")
    assert panel.page.document().defaultStyleSheet().count(appearance.theme.accent.name()) == 1
    assert before


def test_only_pages_of_the_web_are_opened(panel: LessonPanel, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda address: opened.append(address.toString()))
    for address in ("https://pytorch.org/", "file:///bin/sh", "smb://elsewhere/program.exe", "relative.md"):
        panel.page.anchorClicked.emit(QUrl(address))
    assert opened == ["https://pytorch.org/"]
