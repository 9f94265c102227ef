"""The runs panel: a table of all kept runs, and what can be done with those that are selected."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QItemSelectionModel, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QSizePolicy,
    QSpinBox,
    QSplitter,
    QStackedWidget,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from designer.graph import edits
from designer.graph.document import Document
from designer.gui.icons import icon
from designer.gui.panels.editors import CalmCombo
from designer.gui.panels.runs.actions import ROWS
from designer.gui.panels.runs.beginning import Shapes, match, weights_of
from designer.gui.panels.runs.errands import Errands
from designer.gui.panels.runs.model import COLUMNS, NAME_COLUMN, RunsModel
from designer.gui.panels.runs.overlays import Overlays
from designer.gui.panels.runs.shelf import Shelf
from designer.gui.panels.runs.summary import About, RunState, Summary, about_text, by_age, differences_text, write_about
from designer.gui.panels.runs.trash import Thrown, bring_back, throw
from designer.gui.panels.texts import plural
from designer.gui.panels.widgets import empty_state
from designer.gui.runs import Run, Runs, load
from designer.gui.theme import Appearance, Theme
from designer.problems import UserError
from designer.run_folder import BEST, is_held

THIS, ALL = "This design", "All runs"
WIDTHS = (210, 84, 140, 90, 104, 130, 80, 100, 80, 90, 120, 180)

Differing = Callable[[Path, Path], list[str]]


class RunsPanel(QWidget):
    """Shows the shelf of runs; asks the window for what is not its own matter."""

    open_wanted = Signal(object)
    """The folder of a run whose design is to be opened."""
    compare_wanted = Signal(object, str)
    """The folder of a run with whose design the open one is to be compared, and what it is called."""
    compare_two_wanted = Signal(object, object, str)
    """The folders of two runs, the design of the first to be opened and compared with the second, called so."""
    said = Signal(str, str, object)
    """A sentence about what was done, and a button with what it does, or an empty text and None."""
    failed = Signal(str)

    def __init__(
        self, appearance: Appearance, runs: Runs, overlays: Overlays, differing: Differing,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._runs, self._appearance, self._overlays, self._differing = runs, appearance, overlays, differing
        self.shelf, self.model, self._errands = Shelf(self), RunsModel(appearance.theme), Errands(self)
        self._kept: tuple[frozenset[Path], Path | None, int] = (frozenset(), None, 0)
        self.scope, self.search, self.more = CalmCombo(self), QLineEdit(), QSpinBox()
        self.table, self.detail = QTableView(), QPlainTextEdit(readOnly=True)
        self._pages = QStackedWidget()
        self.actions_of_runs = self._make_actions()
        self._lay_out()
        self._connect()
        self._restyle(appearance.theme)
        self._follow_home()

    # The parts.

    def _make_actions(self) -> dict[str, QAction]:
        does = {
            "resume": self.go_on, "use": self.use, "begin": self.begin, "open": self._open, "compare": self._compare,
            "rename": self._rename, "delete": self.delete,
        }  # fmt: skip
        made = {}
        for name, drawn, title, tip, keys in ROWS:
            action = QAction(title, self)
            action.setToolTip(f"{tip} ({keys})" if keys else tip)
            action.setShortcut(QKeySequence(keys))
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            action.setProperty("drawn", drawn)
            action.triggered.connect(lambda _checked=False, do=does[name]: do())
            self.table.addAction(action)
            made[name] = action
        return made

    def _lay_out(self) -> None:
        self.scope.addItems([THIS, ALL])
        self.scope.setAccessibleName("Which runs")
        self.search.setPlaceholderText("Find in names, notes, states")
        self.search.setAccessibleName("Find runs")
        self.search.setClearButtonEnabled(True)
        self.search.setMinimumWidth(40)
        self.more.setRange(1, 1_000_000)
        self.more.setSuffix(" more")
        self.more.setValue(10)
        self.more.setAccessibleName("Epochs more")
        self.more.setToolTip("For so many epochs more a run goes on that has come to its end")
        bar = QHBoxLayout()
        bar.setContentsMargins(10, 4, 6, 4)
        bar.setSpacing(4)
        bar.addWidget(self.scope)
        bar.addWidget(self.search, 1)
        for name, action in self.actions_of_runs.items():
            button = QToolButton()
            button.setDefaultAction(action)
            button.setAutoRaise(True)
            bar.addWidget(button)
            if name == "resume":
                bar.addWidget(self.more)
        self._dress_table()
        self.detail.setAccessibleName("About the selected runs")
        self.detail.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self._parts = QSplitter(Qt.Orientation.Horizontal)
        self._parts.addWidget(self.table)
        self._parts.addWidget(self.detail)
        self._parts.setStretchFactor(0, 3)
        self._parts.setStretchFactor(1, 1)
        self._empty = empty_state("")
        self._pages.addWidget(self._empty)
        self._pages.addWidget(self._parts)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(bar)
        column.addWidget(self._pages, 1)
        self._pages.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)

    def _dress_table(self) -> None:
        table = self.table
        table.setModel(self.model)
        table.setAccessibleName("Runs")
        table.setFrameShape(QTableView.Shape.NoFrame)
        table.setShowGrid(False)
        table.setAlternatingRowColors(True)
        table.setWordWrap(False)
        table.setTextElideMode(Qt.TextElideMode.ElideMiddle)  # names often begin alike
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(24)
        table.horizontalHeader().setHighlightSections(False)
        table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        for place, width in enumerate(WIDTHS):
            table.setColumnWidth(place, width)
        table.setSortingEnabled(True)
        table.sortByColumn(2, Qt.SortOrder.DescendingOrder)

    def _connect(self) -> None:
        self.shelf.changed.connect(self._take)
        self.shelf.settled.connect(self._show_page)
        self.model.modelAboutToBeReset.connect(self._remember)
        self.model.modelReset.connect(self._restore)
        self.model.edited.connect(self._edit)
        self.model.laid.connect(self._lay_over)
        self.scope.currentTextChanged.connect(lambda _text: self._restrict())
        self.search.textChanged.connect(lambda _text: self._restrict())
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._follow_selection())
        self.table.customContextMenuRequested.connect(self._menu)
        self.table.doubleClicked.connect(self._follow_double_click)
        self._errands.failed.connect(self.failed)
        self._overlays.changed.connect(self._colour)
        self._appearance.changed.connect(self._restyle)
        self._runs.workspace.opened.connect(self._follow_home)
        self._runs.workspace.title_changed.connect(self._follow_home)
        self._runs.begun.connect(self.shelf.look)
        self._runs.ended.connect(lambda _run: self.shelf.look())
        self._runs.failed.connect(lambda _problem: self.shelf.look())
        self._runs.changed.connect(self._refresh_actions)

    def _restyle(self, theme: Theme) -> None:
        for action in self.actions_of_runs.values():
            action.setIcon(icon(action.property("drawn"), theme))
        self._colour()
        self.model.restyle(theme)

    # What is shown.

    def _follow_home(self) -> None:
        """The runs of this user, and those that lie beside the design, as the command line leaves them."""
        home = self._runs.workspace.home
        beside = (home / "runs",) if home is not None and home / "runs" != self._runs.folder else ()
        self.shelf.follow((self._runs.folder, *beside))
        self._restrict()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what happened while nobody looked."""
        super().showEvent(event)
        self.shelf.look()

    def set_in_front(self, in_front: bool) -> None:
        """Whether the panel can be seen; runs under way are followed only then."""
        self.shelf.set_watched(in_front)

    def _take(self, new: list[Summary], gone: set[Path]) -> None:
        self.model.take(new, gone)
        for folder in gone:
            self._overlays.take_away(folder)
        self._show_page()
        self._follow_selection()

    def _restrict(self) -> None:
        words, name = self.search.text().lower().split(), self._runs.workspace.document.name
        alone = self.scope.currentText() == THIS

        def wanted(row: Summary) -> bool:
            text = f"{row.name} {row.note} {row.state} {row.design}".lower()
            return (not alone or row.design == name) and all(word in text for word in words)

        self.model.restrict(wanted)
        self._show_page()

    def _show_page(self) -> None:
        self._pages.setCurrentIndex(1 if self.model.rows else 0)
        if not self.model.known:
            self._empty.setText("Every training is kept here with its curves and weights. Press F5 to train.")
        elif self.search.text():
            self._empty.setText("No run is called so, or says so in its note.")
        else:
            self._empty.setText("This design was not trained yet. Choose \u201cAll runs\u201d to see the others.")

    def _remember(self) -> None:
        folders = frozenset(row.folder for row in self.selected)
        current = self.table.currentIndex()
        row = self.model.rows[current.row()].folder if current.isValid() else None
        self._kept = folders, row, self.table.verticalScrollBar().value()

    def _restore(self) -> None:
        folders, current, scrolled = self._kept
        selection, flag = self.table.selectionModel(), QItemSelectionModel.SelectionFlag
        for place, row in enumerate(self.model.rows):
            if row.folder in folders:
                selection.select(self.model.index(place, 0), flag.Select | flag.Rows)
            if row.folder == current:
                selection.setCurrentIndex(self.model.index(place, 0), flag.NoUpdate)
        self.table.verticalScrollBar().setValue(scrolled)

    @property
    def selected(self) -> list[Summary]:
        """The selected runs, from the top."""
        places = sorted({index.row() for index in self.table.selectionModel().selectedRows()})
        return [self.model.rows[place] for place in places if place < len(self.model.rows)]

    def _follow_selection(self) -> None:
        self._refresh_actions()
        chosen = self.selected
        if len(chosen) == 2:
            one, other = by_age(chosen)
            self._errands.send(
                lambda: self._differing(one.folder, other.folder),
                lambda lines: self._show_differences([one, other], lines),
            )
        else:
            self.detail.setPlainText(about_text(chosen[0]) if len(chosen) == 1 else "")

    def _show_differences(self, pair: list[Summary], lines: list[str]) -> None:
        if {row.folder for row in self.selected} == {row.folder for row in pair}:
            self.detail.setPlainText(differences_text(pair[0].name, pair[1].name, lines))

    def _refresh_actions(self) -> None:
        chosen = self.selected
        one = chosen[0] if len(chosen) == 1 else None
        free = not self._runs.busy
        can = {
            "resume": one is not None and one.can_go_on and free,
            "use": one is not None and one.weights and free,
            "begin": one is not None and one.weights,
            "open": one is not None,
            "compare": 1 <= len(chosen) <= 2,
            "rename": one is not None,
            "delete": bool(chosen) and not any(row.state is RunState.RUNNING for row in chosen),
        }
        for name, action in self.actions_of_runs.items():
            action.setEnabled(can[name])
        self.more.setEnabled(one is not None and one.state is RunState.FINISHED and free)

    def _menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        menu.addActions(list(self.actions_of_runs.values()))
        menu.popup(self.table.viewport().mapToGlobal(at))

    # What is done.

    def _follow_double_click(self, index: object) -> None:
        place = self.table.currentIndex()
        if place.isValid() and not COLUMNS[place.column()].edited:
            self._open()

    def _open(self) -> None:
        for row in self.selected[:1]:
            self.open_wanted.emit(row.folder)

    def _compare(self) -> None:
        chosen = self.selected
        if len(chosen) == 2:
            older, newer = by_age(chosen)
            self.compare_two_wanted.emit(newer.folder, older.folder, f"the run {older.name}")
        elif chosen:
            self.compare_wanted.emit(chosen[0].folder, f"the run {chosen[0].name}")

    def use(self) -> None:
        """Take the weights and the curves of the selected run for the open design."""
        for row in self.selected[:1]:
            self._errands.send(partial(load, row.folder, row.name), self._use)

    def _use(self, run: Run) -> None:
        self._runs.show(run)
        fits = "but the open design is another one now" if self._runs.outdated else "to export with, too"
        self.said.emit(f"{run.title} is shown; its weights are there, {fits}.", "", None)

    def begin(self) -> None:
        """Let the layers of the open design begin with the weights of the selected run."""
        for row in self.selected[:1]:
            self._errands.send(partial(weights_of, row.folder), partial(self._begin, row))

    def _begin(self, row: Summary, shapes: Shapes) -> None:
        workspace = self._runs.workspace
        found = match(workspace.report, shapes)
        if not found.taken:
            self.failed.emit(f"No layer begins with weights of {row.name}. {found.sentence}")
            return
        values = {"load": str(row.folder / BEST)}

        def load_all(document: Document) -> Document:
            for name in found.taken:
                document = edits.change_learning(document, name, values)
            return document

        workspace.commit_whole(load_all, f"Begin with {row.name}")
        self.said.emit(found.sentence, "", None)

    def go_on(self) -> None:
        """Go on with the selected run."""
        for row in self.selected[:1]:
            epochs = self.more.value() if row.epochs >= row.planned else 0
            self._errands.send(partial(load, row.folder, row.name), partial(self._go_on, epochs))

    def _go_on(self, epochs: int, run: Run) -> None:
        self._runs.go_on(run, epochs)

    def _rename(self) -> None:
        for row in self.selected[:1]:
            place = self.model.place(row.folder)
            if place is not None:
                self.table.edit(self.model.index(place, NAME_COLUMN))

    def _edit(self, row: Summary, what: str, text: str) -> None:
        own = row.name if row.name != row.folder.name else ""
        about = About(text if what == "name" else own, text if what == "note" else row.note)
        self._errands.send(lambda: write_about(row.folder, about), lambda _nothing: self.shelf.look())

    def delete(self) -> None:
        """Put the selected runs into the trash, but none that is under way."""
        chosen = [row for row in self.selected if row.state is not RunState.RUNNING and not is_held(row.folder)]
        thrown: list[Thrown] = []
        try:
            for row in chosen:
                thrown.append(throw(row.folder))
        except UserError as error:
            self.failed.emit(str(error))
        if thrown:
            words = f"{chosen[0].name} is" if len(thrown) == 1 else f"{plural(len(thrown), 'run')} are"
            self.said.emit(f"{words} in the trash.", "Undo", lambda: self._bring_back(thrown))
        self.shelf.look()

    def _bring_back(self, thrown: list[Thrown]) -> None:
        try:
            bring_back(thrown)
        except UserError as error:
            self.failed.emit(str(error))
        self.shelf.look()

    def _lay_over(self, row: Summary, on: bool) -> None:
        if on:
            self._errands.send(partial(load, row.folder, row.name), self._overlays.lay)
        else:
            self._overlays.take_away(row.folder)

    def _colour(self) -> None:
        theme = self._appearance.theme
        self.model.overlaid = {each.run.folder: theme.run(each.place) for each in self._overlays.laid}
        self.model.told()
