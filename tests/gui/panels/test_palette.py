"""The palette, used as a person would: typing, arrow keys, Enter, double click, dragging."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QModelIndex, Qt
from pytestqt.qtbot import QtBot

from designer.catalogue import CATEGORIES
from designer.compiler.project import without_defaults
from designer.graph.document import Link
from designer.gui.offers import offers
from designer.gui.panels.palette import NAME, PalettePanel
from designer.gui.search import matches
from designer.gui.theme import Appearance
from designer.gui.workspace import LAYER_MIME, Workspace
from designer.resources import resource


@pytest.fixture
def palette(qtbot: QtBot, workspace: Workspace, appearance: Appearance) -> PalettePanel:
    panel = PalettePanel(workspace, appearance)
    qtbot.addWidget(panel)
    panel.resize(280, 600)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


def found(panel: PalettePanel) -> list[str]:
    return [panel.model.item(row).data(NAME) for row in range(panel.model.rowCount())]


def index_of(panel: PalettePanel, layer: str) -> QModelIndex:
    start = panel.model.index(0, 0)
    flags = Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive
    return panel.model.match(start, NAME, layer, 1, flags)[0]


def test_every_layer_stands_below_its_category(palette: PalettePanel) -> None:
    for name, offer in offers().items():
        index = index_of(palette, name)
        assert index.data() == offer.title
        assert index.parent().data() == offer.category


def test_search_finds_titles_class_names_and_aliases(qtbot: QtBot, palette: PalettePanel) -> None:
    for query, layer in (("max pool", "MaxPool2d"), ("conv2D", "Conv2d"), ("dense", "Linear"), ("CNN", "Conv2d")):
        palette.search.clear()
        qtbot.keyClicks(palette.search, query)
        assert layer in found(palette)


def test_a_name_that_begins_with_the_query_comes_before_one_that_holds_it() -> None:
    names = [offer.name for offer in matches(offers().values(), "max")]
    assert names.index("MaxPool2d") < names.index("Softmax")
    assert next(matches(offers().values(), "relu")).name == "ReLU"


@pytest.mark.parametrize(("query", "layer"), [("Dense", "Linear"), ("fc", "Linear"), ("fully connected", "Linear")])
def test_another_name_of_a_layer_comes_before_names_that_only_begin_so(query: str, layer: str) -> None:
    assert next(matches(offers().values(), query)).name == layer


def test_a_search_without_an_answer_says_so(qtbot: QtBot, palette: PalettePanel) -> None:
    qtbot.keyClicks(palette.search, "zebra")
    assert palette.empty.isVisible()
    assert "zebra" in palette.empty.text()


def test_enter_in_the_search_adds_the_best_answer_after_the_selected_node(
    qtbot: QtBot, palette: PalettePanel, workspace: Workspace
) -> None:
    workspace.select(("relu1",))
    qtbot.keyClicks(palette.search, "drop")
    qtbot.keyClick(palette.search, Qt.Key.Key_Return)
    assert workspace.selection == {"dropout1"}
    assert Link("relu1", "dropout1") in workspace.document.links


def test_enter_in_an_empty_search_adds_nothing(qtbot: QtBot, palette: PalettePanel, workspace: Workspace) -> None:
    before = workspace.document
    qtbot.keyClick(palette.search, Qt.Key.Key_Return)
    assert workspace.document is before


def test_down_goes_to_the_list_and_enter_adds(qtbot: QtBot, palette: PalettePanel, workspace: Workspace) -> None:
    qtbot.keyClicks(palette.search, "pool")
    second = found(palette)[1]
    qtbot.keyClick(palette.search, Qt.Key.Key_Down)
    assert palette.tree.hasFocus()
    qtbot.keyClick(palette.tree, Qt.Key.Key_Down)
    qtbot.keyClick(palette.tree, Qt.Key.Key_Return)
    (added,) = workspace.selection
    assert workspace.document.nodes[added].layer == second


def test_up_from_the_first_row_returns_to_the_search(qtbot: QtBot, palette: PalettePanel) -> None:
    qtbot.keyClicks(palette.search, "pool")
    qtbot.keyClick(palette.search, Qt.Key.Key_Down)
    qtbot.keyClick(palette.tree, Qt.Key.Key_Up)
    assert palette.search.hasFocus()


def test_escape_empties_the_search(qtbot: QtBot, palette: PalettePanel) -> None:
    qtbot.keyClicks(palette.search, "pool")
    qtbot.keyClick(palette.search, Qt.Key.Key_Escape)
    assert palette.search.text() == ""


def test_a_double_click_adds_the_layer(qtbot: QtBot, palette: PalettePanel, workspace: Workspace) -> None:
    index = index_of(palette, "Linear")
    palette.tree.scrollTo(index)
    place = palette.tree.visualRect(index).center()
    qtbot.mouseClick(palette.tree.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseDClick(palette.tree.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert workspace.document.nodes["linear1"].layer == "Linear"


def test_enter_on_a_category_closes_it_and_a_search_leaves_it_closed(qtbot: QtBot, palette: PalettePanel) -> None:
    category = palette.model.index(0, 0)
    palette.tree.setCurrentIndex(category)
    qtbot.keyClick(palette.tree, Qt.Key.Key_Return)
    assert not palette.tree.isExpanded(category)
    qtbot.keyClicks(palette.search, "pool")
    palette.search.clear()
    assert not palette.tree.isExpanded(palette.model.index(0, 0))
    assert palette.tree.isExpanded(palette.model.index(1, 0))


def test_a_drag_carries_the_class_name(palette: PalettePanel) -> None:
    data = palette.model.mimeData([index_of(palette, "Conv2d")])
    assert data.data(LAYER_MIME).data() == b"Conv2d"
    assert not palette.model.mimeData([palette.model.index(0, 0)]).formats()


def test_the_tooltip_holds_the_lesson(palette: PalettePanel) -> None:
    assert offers()["ReLU"].lesson in index_of(palette, "ReLU").data(Qt.ItemDataRole.ToolTipRole)


def test_another_theme_repaints_the_icons_and_keeps_the_search(palette: PalettePanel, appearance: Appearance) -> None:
    palette.search.setText("pool")
    before = found(palette)
    appearance.choose("dark")
    assert found(palette) == before


def test_no_title_is_cut_at_the_smallest_width(qtbot: QtBot, palette: PalettePanel) -> None:
    palette.resize(palette.minimumSizeHint())
    qtbot.waitUntil(lambda: palette.width() == palette.minimumSizeHint().width())
    room = palette.tree.viewport().width()
    for name in offers():
        index = index_of(palette, name)
        left = palette.tree.visualRect(index).left()
        assert left + 28 + palette.tree.fontMetrics().horizontalAdvance(index.data()) <= room


def test_a_ready_group_is_found_by_another_name_and_placed_with_its_network(
    qtbot: QtBot, palette: PalettePanel, workspace: Workspace
) -> None:
    workspace.select(("relu1",))
    qtbot.keyClicks(palette.search, "identity mapping")
    qtbot.keyClick(palette.search, Qt.Key.Key_Return)
    (name,) = workspace.selection
    inside = workspace.document.nodes[name].inside
    assert inside is not None
    assert "Add" in {node.layer for node in inside.nodes.values()}
    assert inside == without_defaults(inside)
    assert workspace.report.nodes[name].problems == (), "its channels are those that come in"
    assert Link("relu1", name) in workspace.document.links


def test_a_word_that_stands_in_a_card_alone_finds_its_layer(qtbot: QtBot, palette: PalettePanel) -> None:
    qtbot.keyClicks(palette.search, "Srivastava")
    assert "Dropout" in found(palette)


def test_each_category_has_a_drawing_of_its_own() -> None:
    for category in CATEGORIES:
        assert resource("icons", f"category_{category.casefold().replace(' ', '_')}.svg").is_file()
