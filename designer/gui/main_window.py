"""The main window: start page or canvas in the middle, panels around it, menus, and what happened last in a bar."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings, QSize, QStandardPaths, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QMainWindow, QMenu, QStackedWidget, QToolBar, QToolButton, QVBoxLayout, QWidget

from designer.graph.document import Document
from designer.gui.action_rows import ROWS, TOOLBAR, TRAINING_BAR
from designer.gui.actions import Actions
from designer.gui.canvas.data_drop import dragged_file
from designer.gui.canvas.view import Canvas
from designer.gui.comparison import Compared
from designer.gui.consent import Consent
from designer.gui.custom_code import CustomCode
from designer.gui.data_looks import DataLooks
from designer.gui.dialogs import show_about
from designer.gui.docks import Docks
from designer.gui.example_values import ExampleValues
from designer.gui.exports import Exports
from designer.gui.finder.lately import Lately
from designer.gui.finding import Finding
from designer.gui.icons import app_icon, icon, icon_on_accent
from designer.gui.inspection import Inspection
from designer.gui.library import Library, own_folder
from designer.gui.message_bar import MessageBar
from designer.gui.news import News
from designer.gui.open_file import OpenFile, dropped
from designer.gui.places import Places
from designer.gui.runner import Runner, State
from designer.gui.runs import Runs
from designer.gui.safety import Safety
from designer.gui.session import Session
from designer.gui.shortcuts import Shortcuts
from designer.gui.shortcuts_dialog import ShortcutsDialog
from designer.gui.split_view import SplitView
from designer.gui.start_from_data import StartFromData
from designer.gui.start_page import StartPage
from designer.gui.status_bar import StatusBar
from designer.gui.style import sheet
from designer.gui.theme import Appearance, Theme
from designer.gui.workspace import Workspace
from designer.run_folder import DESIGN

GEOMETRY, MODE = "window/geometry", "appearance"
ICONS = QSize(20, 20)
USUAL = QSize(1440, 900)
FRAME = QSize(8, 48)
"""What the desktop's frame and title may take: a window with them must not be larger than its screen."""


class MainWindow(QMainWindow):
    """Puts the parts together and answers what actions ask of it (`actions.Desk`)."""

    def __init__(self, appearance: Appearance, runner: Runner, settings: QSettings) -> None:
        super().__init__()
        self.appearance, self.runner, self.settings = appearance, runner, settings
        # Before all that is in the window takes its colours: a new style sheet undoes the palettes of single widgets.
        appearance.changed.connect(self._restyle)
        self._restyle(appearance.theme)
        self.workspace = Workspace(self, Consent(settings, self), Library(own_folder(), self))
        self.inspection = Inspection(self)
        self.data_looks = DataLooks(self)
        self.custom = CustomCode(self.workspace, self.inspection, self)
        self.runs = Runs(self.workspace, runner, runs_folder(), self)
        self.file = OpenFile(self.workspace, settings, self)
        self.exports = Exports(self.file, self.runs)
        self.canvases = SplitView(self.workspace, appearance, Lately(settings, "lately/layers"))
        self.canvases.follow_run(self.runs.live)
        self.values = ExampleValues(self.workspace, self.runs, self)
        self.canvases.follow_values(self.values)
        self.places, self.finding = (
            Places(self.workspace, self.canvases),
            Finding(self.workspace, self.canvases, appearance),
        )
        self.compared = Compared(self.file, self.canvases, self.runs, appearance)
        self.messages = MessageBar(appearance)
        self.start = StartPage(self.file.recent, appearance)
        self._from_data: StartFromData | None = None
        self.docks = Docks(self.canvases, self.file, appearance, self.runs, self.data_looks, self.values, settings)
        self.pages = QStackedWidget()
        self.all_actions = Actions(ROWS, self, self)
        self.shortcuts = Shortcuts(self.all_actions, settings)
        self.status = StatusBar(self.workspace, runner, self.canvases, self.docks.problems, self)
        self.news = News(self.file, self.runs, self.custom, self.docks, self.messages, self.status, self)
        self._bars = (QToolBar("Tools", self), QToolBar("Training", self))
        self._train_button = self._make_train_button()
        self._lay_out()
        self._connect()
        self.safety = Safety(self.file, self.compared, self.messages, self.start, self)
        self.session = Session(self.file, settings, self)
        self.take_theme(appearance.theme)
        self._restore()
        self._show_page(self.start)
        QTimer.singleShot(0, runner.start)

    # The parts.

    def _lay_out(self) -> None:
        self.setWindowIcon(app_icon())
        self.setAcceptDrops(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.all_actions.fill(self.menuBar())
        self._recent_menu = QMenu("Open &recent", self)
        self.all_actions.menus["&File"].insertMenu(self.all_actions["save"], self._recent_menu)
        tools, training = self._bars
        self.all_actions.fill_toolbar(tools, TOOLBAR)
        self.all_actions.fill_toolbar(training, TRAINING_BAR)
        for bar in self._bars:
            bar.setObjectName(bar.windowTitle())
            bar.setMovable(False)
            bar.setIconSize(ICONS)
            self.addToolBar(bar)
        training.insertWidget(self.all_actions["pause"], self._train_button)
        self.pages.addWidget(self.start)
        self.pages.addWidget(self.docks)
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.messages)
        column.addWidget(self.pages, 1)
        self.setCentralWidget(middle)
        self.setStatusBar(self.status)
        self.shortcuts.write_names()

    def _make_train_button(self) -> QToolButton:
        """The one button that stands out; it follows the action in all but its looks."""
        action, button = self.all_actions["train"], QToolButton()
        button.setProperty("main", True)
        button.setText("Train")
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.clicked.connect(action.trigger)
        action.enabledChanged.connect(button.setEnabled)
        action.changed.connect(lambda: button.setToolTip(action.toolTip()))
        return button

    def _connect(self) -> None:
        self.news.node_wanted.connect(self._show_in_inspector)
        self.start.new_wanted.connect(self.file.new)
        self.start.open_wanted.connect(self.file.open)
        self.start.data_wanted.connect(self.start_from_data)
        self.start.file_wanted.connect(self.file.open)
        self.start.sample_wanted.connect(self.file.open_sample)
        self.file.opened.connect(self._show_design)
        self.file.failed.connect(self.messages.warn)
        self.file.recent.changed.connect(self._fill_recent)
        self.exports.failed.connect(self.messages.warn)
        self.exports.written.connect(lambda _path, sentence: self.messages.tell(sentence))
        self.workspace.title_changed.connect(self._retitle)
        for signal in (self.workspace.changed, self.workspace.selection_changed, self.workspace.title_changed,
                       self.runs.changed, self.canvases.chosen_changed, self.compared.changed,
                       self.places.changed, self.canvases.turned, self.canvases.split_changed):  # fmt: skip
            signal.connect(self.refresh)
        self.canvases.split_changed.connect(self.shortcuts.write_names)
        kept = self.docks.runs
        kept.open_wanted.connect(lambda folder: self.file.open_sample(folder / DESIGN))
        kept.compare_wanted.connect(lambda folder, title: self.compared.with_path(folder / DESIGN, title))
        kept.compare_two_wanted.connect(self._compare_runs)
        kept.said.connect(self.messages.tell)
        kept.failed.connect(self.messages.warn)
        self.finding.moved_on.connect(self.status.hint)
        self.runner.state_changed.connect(self._refresh_pause)
        self.status.problems_wanted.connect(lambda: self.show_panel("problems"))
        self.appearance.changed.connect(self.take_theme)

    def _compare_runs(self, newer: Path, older: Path, title: str) -> None:
        """Mark what differs between the designs of two runs, on the canvas of the first."""
        if self.file.open_sample(newer / DESIGN):
            self.compared.with_path(older / DESIGN, title)

    def _restyle(self, theme: Theme) -> None:
        self.setStyleSheet(sheet(theme))

    def take_theme(self, theme: Theme) -> None:
        """Draw the icons in other colours."""
        self.all_actions.tint(theme)
        self._train_button.setIcon(icon_on_accent("train", theme))
        self._refresh_pause()
        self.refresh()

    def refresh(self) -> None:
        """Bring what can be done up to date."""
        self.all_actions.refresh()

    def _refresh_pause(self) -> None:
        """Pause turns into Resume while the run is held."""
        paused = self.runner.state is State.PAUSED
        self.all_actions["pause"].setText("&Resume" if paused else "&Pause")
        self.all_actions["pause"].setIcon(icon("train" if paused else "pause", self.appearance.theme))

    # What actions ask for.

    @property
    def canvas(self) -> Canvas:
        """The canvas that is worked in, of one or two."""
        return self.canvases.active

    @property
    def drawing(self) -> bool:
        """Whether a design is open, rather than the start page."""
        return self.pages.currentWidget() is self.docks

    def open(self, path: Path) -> bool:
        """Open a file, as at the start of the program."""
        return self.file.open(path)

    def begin(self, path: Path | None = None) -> None:
        """Open what was open when the program ended, and a file; what a crash left is offered first."""
        self.session.begin(path, hold=self.safety.offering)

    def start_from_data(self, path: Path | None = None) -> None:
        """Choose data, then a network that suits it."""
        if self._from_data is None:
            self._from_data = StartFromData(self.data_looks, self.runner, self.appearance, self)
            self._from_data.chosen.connect(self._begin_from_data)
        self._from_data.begin(path)

    def _begin_from_data(self, design: Document) -> None:
        """What is known of the data already need not be looked at again."""
        if self._from_data is not None:
            self.workspace.looks.share(self._from_data.workspace.looks)
        self.activateWindow()
        self.file.begin(design, "Start from data")

    def close_design(self) -> None:
        """Close the design, after asking about unsaved changes; after the last one, go to the start page."""
        if not self.file.close_tab() and self.file.may_leave():
            self.workspace.new()
            self.messages.hide()
            self._show_page(self.start)
            self.start.refresh()
            self.safety.offer()

    def _show_design(self) -> None:
        self._show_page(self.docks)
        self.canvas.fit_all()
        self.canvas.setFocus()

    def _show_in_inspector(self, node: str) -> None:
        """Go to a node, with its settings in front: that is where it is mended."""
        self.go_to(node)
        self.docks.show_panel("inspector", focus=False)

    def _show_page(self, page: QWidget) -> None:
        self.pages.setCurrentWidget(page)
        for bar in self._bars:
            bar.setVisible(self.drawing)
        self.status.setVisible(self.drawing)
        self._retitle()
        self._fill_recent()
        self.refresh()

    def show_panel(self, name: str) -> None:
        """Bring a panel to the front and put the focus there."""
        self.docks.show_panel(name)

    def go_round(self, step: int) -> None:
        """Put the focus into the next (1) or previous (-1) of the canvas and the panels that can be seen."""
        self.docks.go_round(step)

    def show_canvas_alone(self) -> None:
        """Put all panels away, or bring them back."""
        self.docks.show_canvas_alone()

    def find_layer(self) -> None:
        """Put the cursor into the palette's search."""
        self.docks.show_panel("palette")
        self.docks.layers.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.docks.layers.search.selectAll()

    def step_to_problem(self, step: int) -> None:
        """Go to the node of the next (1) or previous (-1) problem, round and round."""
        problem = self.places.next_problem(step)
        if problem is None:
            self.show_panel("problems")
            return
        self.go_to(str(problem.node))
        self.status.hint(problem.sentence)

    def go_to(self, node: str) -> None:
        """Show a node on the canvas and select it."""
        self.workspace.show_node(node)
        self.canvas.setFocus()

    def choose_appearance(self, mode: str) -> None:
        """Light, dark or as the system."""
        self.settings.setValue(MODE, mode)
        self.appearance.choose(mode)

    def show_shortcuts(self) -> None:
        """List all shortcuts."""
        ShortcutsDialog(self.shortcuts, self.appearance.theme, self).show()

    def show_about(self) -> None:
        """Say what this program is."""
        show_about(self)

    # What is told.

    def _retitle(self) -> None:
        self.setWindowTitle(f"{self.file.title}[*] - Netwright" if self.drawing else "Netwright")
        self.setWindowModified(self.drawing and self.workspace.modified)

    def _fill_recent(self) -> None:
        paths = self.file.recent.paths()
        self._recent_menu.clear()
        for number, path in enumerate(paths, 1):
            action = self._recent_menu.addAction(f"&{number} {path.stem}")
            action.setToolTip(str(path))
            action.triggered.connect(lambda _checked=False, path=path: self.file.open(path))
        self._recent_menu.setToolTipsVisible(True)
        self._recent_menu.setEnabled(bool(paths))
        if paths:
            self._recent_menu.addSeparator()
            self._recent_menu.addAction("&Clear this list", self.file.recent.clear)

    # Files dropped on the window, its place on the screen, its end.

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A design's file can be dropped; on the start page, data too."""
        if dropped(event) is not None or (not self.drawing and dragged_file(event.mimeData()) is not None):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open the file, or start from it."""
        path, data = dropped(event), dragged_file(event.mimeData())
        if path is not None:
            event.acceptProposedAction()
            # The question about unsaved changes must not keep the other program's drag waiting.
            QTimer.singleShot(0, self, lambda: self.file.open(path))
        elif data is not None and not self.drawing:
            event.acceptProposedAction()
            self.start_from_data(data)

    def _restore(self) -> None:
        geometry = self.settings.value(GEOMETRY)
        if not (isinstance(geometry, QByteArray) and self.restoreGeometry(geometry)):
            screen = QGuiApplication.primaryScreen().availableGeometry()
            self.resize(USUAL.boundedTo(screen.size() - FRAME))
        self.docks.restore()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask about unsaved changes, remember the window, end the worker."""
        shown = self.workspace.sheet
        if not self.file.may_leave_all():
            event.ignore()
            return
        self.session.end(shown)
        self.settings.setValue(GEOMETRY, self.saveGeometry())
        self.docks.save()
        self.safety.close()
        self.runner.shutdown()
        self.inspection.shutdown()
        self.data_looks.shutdown()
        event.accept()


def runs_folder() -> Path:
    """Where this user's runs are kept."""
    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppDataLocation)) / "runs"
