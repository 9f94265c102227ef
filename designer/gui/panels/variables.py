"""The variables panel: one small table of the numbers that have a name, for the design or the group that is shown."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from designer.compiler.checking.scope import VARIABLE
from designer.graph.changes import Changes
from designer.graph.document import Document
from designer.graph.formulas import FormulaError, is_formula, names, parse
from designer.graph.names import free_id, plain_id
from designer.graph.variables import as_value, remove_variable, rename_variable, set_variable, users
from designer.gui.icons import icon
from designer.gui.panels.icons import severity_icon
from designer.gui.panels.problem_row import ProblemRow
from designer.gui.panels.setting_texts import write
from designer.gui.panels.texts import plural
from designer.gui.panels.variables_table import NAME, VALUE, Line, VariablesTable
from designer.gui.panels.widgets import MARGIN, empty_state, text_label
from designer.gui.theme import Appearance, Theme
from designer.gui.workspace import Workspace
from designer.problems import Problem, Severity

EMPTY = (
    "A variable is a number with a name. Add width = 64, and any setting may be =width or =2*width; "
    "when it changes, all of them change."
)
FIRST_NAME, FIRST_VALUE = "width", 64


class VariablesPanel(QWidget):
    """Add, change, rename and remove variables; each is one undo step."""

    def __init__(self, workspace: Workspace, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace, self._appearance = workspace, appearance
        self._names: tuple[str, ...] = ()
        self._added = False
        self.title = text_label(muted=True, parent=self)
        self.add, self.remove = QToolButton(self), QToolButton(self)
        self.table = VariablesTable(self)
        self.problem = ProblemRow(appearance.theme, with_place=False, parent=self)
        self.empty = empty_state(EMPTY, self)
        self._pages = QStackedWidget(self)
        self._lay_out()
        self._connect()
        self._restyle(appearance.theme)
        self._refresh()

    def sizeHint(self) -> QSize:
        """A few rows."""
        return QSize(560, 200)

    def _lay_out(self) -> None:
        for button, text, tip in (
            (self.add, "New", "Add a variable to what is shown."),
            (self.remove, "Remove", "Remove the chosen variable (Delete)."),
        ):
            button.setText(text)
            button.setToolTip(tip)
            button.setAutoRaise(True)
            button.setAccessibleName(tip)
        self.add.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        bar = QHBoxLayout()
        bar.setContentsMargins(MARGIN, 2, MARGIN, 2)
        bar.addWidget(self.title, 1)
        bar.addWidget(self.remove)
        bar.addWidget(self.add)
        self._pages.addWidget(self.table)
        self._pages.addWidget(self.empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(bar)
        column.addWidget(self._pages, 1)
        column.addWidget(self.problem)

    def _connect(self) -> None:
        self.add.clicked.connect(self._add)
        self.remove.clicked.connect(self._remove)
        self.table.removal_wanted.connect(self._remove)
        self.table.named.connect(self._rename)
        self.table.valued.connect(self._set)
        self.table.settled.connect(self._settle)
        self.table.entered.connect(self._go_on)
        self.table.users_wanted.connect(self._show_users)
        self.table.itemSelectionChanged.connect(self._show_problem)
        self.problem.fix_chosen.connect(self._workspace.fix)
        self._workspace.changed.connect(self._follow)
        self._workspace.place_changed.connect(lambda _place: self._refresh())
        self._appearance.changed.connect(self._restyle)

    # What the user does.

    def _add(self) -> None:
        name = free_id(FIRST_NAME, self._workspace.shown.variables)
        if self._workspace.commit(
            lambda document: set_variable(document, name, FIRST_VALUE), f"Add the variable {name}"
        ):
            self._added = True
            self.table.edit_cell(len(self._names) - 1, NAME)

    def _remove(self) -> None:
        row = self.table.currentRow()
        if 0 <= row < len(self._names):
            name = self._names[row]
            self._workspace.commit(lambda document: remove_variable(document, name), f"Remove the variable {name}")

    def _rename(self, row: int, new: str) -> None:
        old = self._names[row]
        if new != old and not self._workspace.commit(
            lambda document: rename_variable(document, old, new), f"Rename the variable {old} to {new}"
        ):
            self._refresh()

    def _set(self, row: int, text: str) -> None:
        """Take a value while it is typed, as soon as it can be read; at the end, whatever it is."""
        name, value = self._names[row], as_value(text)
        if self.table.is_typing and not _can_be_read(value):
            return
        key = ("variable", self._workspace.place, name)
        self._workspace.commit(lambda document: set_variable(document, name, value), f"Set {name}", key)

    def _settle(self) -> None:
        self._workspace.settle()
        self._refresh()
        self._added = False

    def _go_on(self, row: int) -> None:
        """A variable that is new has a name now; its value comes next."""
        if self._added:
            # The editor of the name is about to be closed, and would take the focus along.
            QTimer.singleShot(0, self, lambda: self.table.edit_cell(row, VALUE))

    def _show_users(self, row: int) -> None:
        self._workspace.select(self.table.lines[row].users)

    # What the design says.

    def _follow(self, changes: Changes, _report: object) -> None:
        if changes.structure:
            self._refresh()

    def _refresh(self) -> None:
        shown = self._workspace.shown
        self._names = tuple(shown.variables)
        place = self._workspace.place
        self.title.setText(
            f"Variables of {place[-1]}: inside a group only these are seen, and each is a setting of the group."
            if place
            else "Variables of the design"
        )
        self._pages.setCurrentWidget(self.table if self._names else self.empty)
        self.remove.setEnabled(bool(self._names))
        self.table.show_lines(self._lines(shown))
        self._show_problem()

    def _lines(self, shown: Document) -> tuple[Line, ...]:
        used, found = users(shown), self._problems()
        return tuple(
            Line(
                name,
                write(value),
                self._result(name, value),
                used.get(name, ()),
                _used(used.get(name, ()), [other for other, each in shown.variables.items() if name in names(each)]),
                found[name].message.removeprefix(f"{VARIABLE}{name}: ") if name in found else "",
            )
            for name, value in shown.variables.items()
        )

    def _result(self, name: str, value: object) -> str:
        """What a formula gives, or the group around; a number says it itself."""
        worth = self._workspace.shown_report.variables.get(name)
        place = self._workspace.place
        if place and name in self._workspace.document.at(place[:-1]).nodes[place[-1]].settings:
            return f"{write(worth)}, set by {place[-1]}" if worth is not None else "not known yet"
        if worth is None:
            return "not known yet"
        return write(worth) if is_formula(value) else ""

    def _problems(self) -> dict[str, Problem]:
        """What is wrong with the variables that are shown, by name."""
        here = ".".join(self._workspace.place)
        return {
            problem.setting: problem
            for problem in self._workspace.report.problems
            if problem.code == "variable" and problem.setting and plain_id(problem.node or "") == here
        }

    def _show_problem(self) -> None:
        """The problem of the chosen row with its mends, or of the first that has one."""
        found = self._problems()
        row = self.table.currentRow()
        chosen = self._names[row] if 0 <= row < len(self._names) else ""
        problem = found.get(chosen, next(iter(found.values()), None))
        if problem is not None:
            self.problem.show_problem(problem)
        self.problem.setVisible(problem is not None)

    def _restyle(self, theme: Theme) -> None:
        self.add.setIcon(icon("add", theme))
        self.remove.setIcon(icon("delete", theme))
        self.table.set_marks(theme.error, severity_icon(theme, Severity.ERROR))
        self.problem.restyle(theme)


def _used(layers: Sequence[str], variables: Sequence[str]) -> str:
    counts = [plural(len(layers), "layer")] if layers else []
    if variables:
        counts.append(plural(len(variables), "variable"))
    return ", ".join(counts) or "not used"


def _can_be_read(value: object) -> bool:
    if not is_formula(value):
        return True
    try:
        parse(str(value))
    except FormulaError:
        return False
    return True
