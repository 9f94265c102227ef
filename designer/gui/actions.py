"""Actions as rows of data: every entry of the menus, its shortcut, its tooltip, and when it can be done.

A row's `run` and `why_not` take the `Desk`: what the main window offers to those who act on it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QObject, QSettings, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QToolBar, QWidget

from designer.gui.canvas.view import Canvas
from designer.gui.comparison import Compared
from designer.gui.exports import Exports
from designer.gui.finding import Finding
from designer.gui.icons import icon
from designer.gui.open_file import OpenFile
from designer.gui.places import Places
from designer.gui.runs import Runs
from designer.gui.split_view import SplitView
from designer.gui.theme import Appearance, Theme
from designer.gui.workspace import Workspace


class Desk(Protocol):
    """What an action can reach."""

    workspace: Workspace
    canvases: SplitView
    runs: Runs
    file: OpenFile
    exports: Exports
    compared: Compared
    places: Places
    finding: Finding
    appearance: Appearance
    settings: QSettings
    all_actions: Actions

    @property
    def canvas(self) -> Canvas:
        """The canvas that is worked in."""

    @property
    def drawing(self) -> bool:
        """Whether a design is open, rather than the start page."""

    def start_from_data(self) -> None:
        """Choose data, then a network that suits it."""

    def close_design(self) -> None:
        """Close the design, after asking about unsaved changes; after the last one, go to the start page."""

    def show_panel(self, name: str) -> None:
        """Bring a panel to the front and put the focus there."""

    def go_round(self, step: int) -> None:
        """Put the focus into the next (1) or previous (-1) of the canvas and the panels that can be seen."""

    def show_canvas_alone(self) -> None:
        """Put all panels away, or bring them back."""

    def find_layer(self) -> None:
        """Put the cursor into the palette's search."""

    def step_to_problem(self, step: int) -> None:
        """Go to the next (1) or previous (-1) problem."""

    def choose_appearance(self, mode: str) -> None:
        """Light, dark or as the system."""

    def show_shortcuts(self) -> None:
        """List all shortcuts."""

    def show_about(self) -> None:
        """Say what this program is."""

    def close(self) -> bool:
        """Leave the program."""


@dataclass(frozen=True, slots=True)
class Row:
    """One action. `why_not` gives the reason why it cannot be done now, empty where it can."""

    id: str
    menu: str
    title: str
    shortcut: str
    tip: str
    run: Callable[[Desk], object]
    why_not: Callable[[Desk], str] = lambda _desk: ""
    icon: str = ""
    separated: bool = False
    """Whether a line stands above it in the menu."""
    on_canvas: bool = False
    """Whether its shortcut counts only while the canvas has the focus, where a text field would want the same keys."""
    chosen: Callable[[Desk], bool] | None = None
    """For one of several to choose from, which stand in one menu: whether it is the one in force."""
    colour: str = ""
    """The named colour of the icon; empty for that of text."""

    @property
    def within(self) -> str:
        """The submenu that the action stands in, to be read before its title: "Compare with: "; empty outside one."""
        path = self.menu.split("/")
        return f"{path[-1]}: ".replace("&", "") if len(path) > 1 else ""

    switch: bool = False
    """Whether it stands for itself: chosen again, it is switched off."""


class Actions(QObject):
    """The QActions of all rows, by id; `refresh` brings what can be done up to date."""

    def __init__(self, rows: tuple[Row, ...], desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows, self._desk = rows, desk
        self.by_id: dict[str, QAction] = {}
        self.menus: dict[str, QMenu] = {}
        self._choices: dict[str, QActionGroup] = {}
        for row in rows:
            self.by_id[row.id] = self._action(row, parent)
        self.tint(desk.appearance.theme)

    def __getitem__(self, name: str) -> QAction:
        return self.by_id[name]

    def _action(self, row: Row, window: QWidget) -> QAction:
        action = QAction(row.title, window)
        action.setObjectName(row.id)
        action.setShortcut(QKeySequence(row.shortcut))
        action.setStatusTip(row.tip)
        action.triggered.connect(lambda _checked=False: row.run(self._desk))
        if row.chosen is not None:
            action.setCheckable(True)
        if row.chosen is not None and not row.switch:
            if row.menu not in self._choices:
                self._choices[row.menu] = QActionGroup(self)
            self._choices[row.menu].addAction(action)
        if row.on_canvas:
            # Fields that float over the canvas want the same keys for themselves.
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            self._desk.canvas.addAction(action)
        else:
            window.addAction(action)
        return action

    def fill(self, bar: QMenuBar) -> None:
        """Build the menus in the order of the rows."""
        for row in self.rows:
            menu = self._menu(row.menu, bar)
            if row.separated:
                menu.addSeparator()
            menu.addAction(self.by_id[row.id])

    def _menu(self, path: str, bar: QMenuBar) -> QMenu:
        if path not in self.menus:
            above, _, title = path.rpartition("/")
            parent: QMenuBar | QMenu = self._menu(above, bar) if above else bar
            menu = parent.addMenu(title)
            menu.setToolTipsVisible(True)
            self.menus[path] = menu
        return self.menus[path]

    def fill_toolbar(self, bar: QToolBar, layout: str) -> None:
        """Put actions on a bar: their ids in order, with "|" for a line."""
        for name in layout.split():
            if name == "|":
                bar.addSeparator()
            else:
                bar.addAction(self.by_id[name])

    def tint(self, theme: Theme) -> None:
        """Draw the icons in the colours of a theme."""
        for row in self.rows:
            if row.icon:
                colour = theme.named(row.colour) if row.colour else None
                self.by_id[row.id].setIcon(icon(row.icon, theme, colour))

    def refresh(self) -> None:
        """Enable what can be done now; the tooltip of the rest says why not."""
        for row in self.rows:
            action, reason = self.by_id[row.id], row.why_not(self._desk)
            action.setEnabled(not reason)
            keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            action.setToolTip(" ".join(part for part in (row.tip, f"({keys})" if keys else "", reason) if part))
            if row.chosen is not None:
                action.setChecked(row.chosen(self._desk))
        self._refresh_texts()

    def _refresh_texts(self) -> None:
        """Undo and redo name the edit; Pause turns into Resume."""
        history = self._desk.workspace.history
        for name, title, label in (("undo", "&Undo", history.undo_label), ("redo", "&Redo", history.redo_label)):
            self.by_id[name].setText(f"{title} {label.replace('&', '&&')}" if label else title)
