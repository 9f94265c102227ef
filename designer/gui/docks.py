"""The canvas with the panels around it, each in a dock that can be moved, stacked and closed."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QSettings, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QDockWidget, QMainWindow, QTabWidget, QVBoxLayout, QWidget

from designer.gui.announcing import Announcer
from designer.gui.canvas.view import Canvas
from designer.gui.data_looks import DataLooks
from designer.gui.example_values import ExampleValues
from designer.gui.open_file import OpenFile
from designer.gui.panels.code import CodePanel
from designer.gui.panels.curves import CurvesPanel
from designer.gui.panels.data import DataPanel
from designer.gui.panels.evaluation.panel import EvaluationPanel
from designer.gui.panels.evaluation.prediction import PredictionPanel
from designer.gui.panels.history import HistoryPanel
from designer.gui.panels.inspector import InspectorPanel
from designer.gui.panels.lesson import LessonPanel
from designer.gui.panels.outline import OutlinePanel
from designer.gui.panels.palette import PalettePanel
from designer.gui.panels.parameters import ParametersPanel
from designer.gui.panels.problems import ProblemsPanel
from designer.gui.panels.runs.overlays import Overlays
from designer.gui.panels.runs.panel import RunsPanel
from designer.gui.panels.training import TrainingPanel
from designer.gui.panels.values.panel import ValuesPanel
from designer.gui.panels.variables import VariablesPanel
from designer.gui.run_differences import differences
from designer.gui.runs import Runs
from designer.gui.split_view import SplitView
from designer.gui.tab_bar import DesignTabs
from designer.gui.theme import Appearance

STATE, MINIMAP = "window/docks", "window/minimap"
VERSION = 7
"""Raised when docks come or go, so that an old arrangement is not forced upon the new ones."""

Area = Qt.DockWidgetArea
PLACES = (
    (Area.LeftDockWidgetArea, ("palette", "outline", "history")),
    (Area.RightDockWidgetArea, ("inspector", "lesson", "data", "training")),
    (
        Area.BottomDockWidgetArea,
        ("problems", "code", "parameters", "variables", "curves", "values", "runs", "evaluation", "prediction"),
    ),
)
COSTLY = CodePanel | CurvesPanel | DataPanel | OutlinePanel | ParametersPanel | RunsPanel | ValuesPanel
"""The panels that do nothing while they stand behind others."""
ROOMY = 1900
"""From this width on there is room for wide panels."""


class Docks(QMainWindow):
    """A window inside the window, so that all docks come and go with the canvas."""

    def __init__(
        self,
        canvases: SplitView,
        file: OpenFile,
        appearance: Appearance,
        runs: Runs,
        data_looks: DataLooks,
        values: ExampleValues,
        settings: QSettings,
    ) -> None:
        super().__init__()
        self.setWindowFlags(Qt.WindowType.Widget)
        self.canvases, self._settings = canvases, settings
        workspace, self.tabs = file.workspace, DesignTabs(file.sheets, appearance)
        self.tabs.close_wanted.connect(file.close_tab)
        self.announcer = Announcer(workspace, self.canvas)
        self._arranged = False
        self.layers = PalettePanel(workspace, appearance)
        self.outline = OutlinePanel(workspace, appearance)
        self.inspector = InspectorPanel(workspace, appearance)
        self.problems = ProblemsPanel(workspace, appearance)
        self.overlays = Overlays(self)
        self.curves = CurvesPanel(appearance, runs, self.overlays)
        self.runs = RunsPanel(appearance, runs, self.overlays, differences)
        self.code = CodePanel(workspace, appearance)
        self.parameters = ParametersPanel(workspace, appearance, runs.runner, runs.live)
        self._in_front: set[str] = set()
        self.training = TrainingPanel(workspace, appearance, runs)
        self.data = DataPanel(workspace, appearance, data_looks, runs.runner)
        self.panels: dict[str, QWidget] = {
            "palette": self.layers,
            "outline": self.outline,
            "inspector": self.inspector,
            "lesson": LessonPanel(workspace, appearance),
            "data": self.data,
            "training": self.training,
            "problems": self.problems,
            "code": self.code,
            "parameters": self.parameters,
            "variables": VariablesPanel(workspace, appearance),
            "curves": self.curves,
            "runs": self.runs,
            "evaluation": EvaluationPanel(workspace, appearance, runs),
            "prediction": PredictionPanel(workspace, appearance, runs),
            "values": ValuesPanel(workspace, appearance, values),
            "history": HistoryPanel(workspace, appearance),
        }
        self._naming = QTimer(self, singleShot=True, interval=0)
        self._naming.timeout.connect(self._name_once)
        self.docks = {name: self._dock(name, panel) for name, panel in self.panels.items()}
        self._lay_out()
        workspace.opened.connect(self.problems.clear_run_problems)
        canvases.settings_wanted.connect(self.show_settings)
        canvases.turned.connect(self._follow_canvas)
        self.outline.gone_to.connect(self._go_to_canvas)
        self.outline.menu_wanted.connect(lambda at: self.canvas.menu_at_selection(at))
        self.outline.delete_wanted.connect(lambda: self.canvas.delete_selection())

    @property
    def canvas(self) -> Canvas:
        """The canvas that is worked in."""
        return self.canvases.active

    def _follow_canvas(self) -> None:
        self.announcer.canvas = self.canvas

    def _lay_out(self) -> None:
        option = QMainWindow.DockOption
        self.setDockOptions(
            option.AnimatedDocks | option.AllowNestedDocks | option.AllowTabbedDocks | option.GroupedDragging
        )
        self.setCorner(Qt.Corner.BottomRightCorner, Area.RightDockWidgetArea)
        self.setTabPosition(Area.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        self.setDocumentMode(True)
        for name, dock in self.docks.items():
            dock.visibilityChanged.connect(lambda in_front, name=name: self._note(name, in_front))
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.tabs)
        column.addWidget(self.canvases, 1)
        self.setCentralWidget(middle)

    def _dock(self, name: str, panel: QWidget) -> QDockWidget:
        dock = QDockWidget(name.capitalize(), self)
        dock.setObjectName(name)
        dock.setWidget(panel)
        dock.setFeatures(
            QDockWidget.DockWidgetFeature.DockWidgetMovable | QDockWidget.DockWidgetFeature.DockWidgetFloatable
        )
        dock.topLevelChanged.connect(self._naming.start)
        dock.dockLocationChanged.connect(self._naming.start)
        return dock

    def _name_once(self) -> None:
        """A dock among tabs has its name on the tab; only one that stands alone needs a title."""
        for dock in self.docks.values():
            among_tabs = bool(self.tabifiedDockWidgets(dock)) and not dock.isFloating()
            if among_tabs and dock.titleBarWidget() is None:
                dock.setTitleBarWidget(QWidget(dock))
            elif not among_tabs and (empty := dock.titleBarWidget()) is not None:
                dock.setTitleBarWidget(None)  # type: ignore[arg-type]  # None brings the usual title back
                empty.deleteLater()

    def _note(self, name: str, in_front: bool) -> None:
        """Costly panels do nothing while they stand behind others, which Qt counts as visible too."""
        (self._in_front.add if in_front else self._in_front.discard)(name)
        panel = self.panels[name]
        if isinstance(panel, COSTLY):
            panel.set_in_front(in_front)

    def is_in_front(self, name: str) -> bool:
        """Whether a panel can be seen: open, and not behind another in its place."""
        return name in self._in_front

    def show_panel(self, name: str, focus: bool = True) -> None:
        """Bring a panel to the front, and as a rule the focus with it."""
        dock = self.docks[name]
        dock.show()
        dock.raise_()
        if focus:
            self._focus_first(self.panels[name])

    def _focus_first(self, panel: QWidget) -> bool:
        """Focus the first widget of a panel that takes the keyboard; False where none does."""
        for widget in (panel, *panel.findChildren(QWidget)):
            if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible() and widget.isEnabled():
                widget.setFocus(Qt.FocusReason.ShortcutFocusReason)
                return True
        return False

    def show_settings(self) -> None:
        """Go to the settings of what is selected."""
        self.show_panel("inspector", focus=False)
        if not self.inspector.focus_settings():
            self._focus_first(self.inspector)

    def _go_to_canvas(self) -> None:
        """What was chosen in the outline is shown on the canvas, and the keyboard goes on there."""
        self.canvas.show_selection()
        self.canvas.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def go_round(self, step: int) -> None:
        """Put the focus into the next (1) or previous (-1) of the canvas and the panels that can be seen."""
        stops: list[QWidget] = [
            *self.canvases.all,
            *(self.panels[name] for name in self.panels if self.is_in_front(name)),
        ]
        focus = QApplication.focusWidget()
        here = next((place for place, stop in enumerate(stops) if focus and self._holds(stop, focus)), 0)
        for further in range(1, len(stops) + 1):
            if self._stop_at(stops[(here + step * further) % len(stops)]):
                return

    def _holds(self, stop: QWidget, focus: QWidget) -> bool:
        return stop is focus or stop.isAncestorOf(focus)

    def _stop_at(self, stop: QWidget) -> bool:
        """Give a panel the focus where it had it last; False for one that has nothing to do by keyboard now."""
        last = stop if isinstance(stop, Canvas) else stop.focusWidget()
        if (
            last is None
            or (last is stop and not isinstance(stop, Canvas))
            or not (last.isVisible() and last.isEnabled())
        ):
            return self._focus_first(stop)
        last.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape, where nothing in a panel wants it, goes back to the canvas."""
        if event.key() == Qt.Key.Key_Escape:
            self.canvas.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            super().keyPressEvent(event)

    def show_canvas_alone(self) -> None:
        """Put all panels away, or bring them back."""
        shown = [dock for dock in self.docks.values() if not dock.isHidden()]
        for dock in shown or self.docks.values():
            dock.setHidden(bool(shown))

    def restore(self) -> None:
        """Arrange the docks as they were left."""
        self.canvases.show_minimap(bool(self._settings.value(MINIMAP, True, bool)))
        state = self._settings.value(STATE)
        self._arranged = isinstance(state, QByteArray) and self.restoreState(state, VERSION)

    def save(self) -> None:
        """Remember how the docks are arranged, and whether there is a map."""
        self._settings.setValue(MINIMAP, self.canvas.minimap.wanted)
        if self._arranged:
            self._settings.setValue(STATE, self.saveState(VERSION))

    def showEvent(self, event: QShowEvent) -> None:
        """The first time, put the panels in their places and give them the sizes that suit the screen."""
        super().showEvent(event)
        if not self._arranged:
            self._arranged = True
            self._place()
            self._arrange()

    def _place(self) -> None:
        """Stack the docks, once and in a window that is shown: else dead tab bars of Qt's are painted over them."""
        for area, names in PLACES:
            for name in names:
                self.addDockWidget(area, self.docks[name])
            for name in names[1:]:
                self.tabifyDockWidget(self.docks[names[0]], self.docks[name])
            self.docks[names[0]].raise_()

    def _arrange(self) -> None:
        roomy = self.width() >= ROOMY
        left, right = (280, 420) if roomy else (215, 310)
        bottom = self.height() * (30 if roomy else 29) // 100
        docks = [self.docks[names[0]] for _, names in PLACES]
        self.resizeDocks(docks[:2], [left, right], Qt.Orientation.Horizontal)
        self.resizeDocks(docks[2:], [bottom], Qt.Orientation.Vertical)
