"""Find and replace of layers: what changes, and what would be wrong then, is shown before anything is done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from enum import Enum

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHeaderView,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from designer.catalogue import CATEGORIES, LAYERS
from designer.compiler.checking.report import Report
from designer.compiler.substitutes import candidates, replaceable, replacement
from designer.graph.document import Document, Node
from designer.graph.replacing import Address, Found, at_place, everywhere, substituted
from designer.gui.panels.aside import Aside
from designer.gui.panels.icons import severity_icon, swatch
from designer.gui.panels.texts import plural
from designer.gui.panels.widgets import text_label
from designer.gui.theme import Appearance, Theme
from designer.gui.workspace import Edit, Workspace
from designer.problems import Problem

CALM = 120
"""Milliseconds after the last change until the design as it would be is checked."""
MOST_ROWS = 1000
"""So many nodes are listed; the rest is counted, and replaced with them."""
MOST_SHOWN = 50
"""So many problems are listed; the rest is counted."""


class Scope(Enum):
    """Where layers are looked for."""

    WHOLE = "The whole design, with groups and blocks"
    HERE = "What the canvas shows"
    SELECTION = "The selection, with what is inside its groups"


def open_replacing(workspace: Workspace, appearance: Appearance, window: QWidget) -> None:
    """Show the dialog beside the work, or bring it to the front."""
    dialog = window.findChild(ReplaceDialog)
    if dialog is None:
        dialog = ReplaceDialog(workspace, appearance, window)
    dialog.begin()
    dialog.show()
    dialog.raise_()
    dialog.activateWindow()


class ReplaceDialog(QDialog):
    """Which layers by which; rows can be left out by their tick, and a click on one goes there."""

    def __init__(self, workspace: Workspace, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace, self._appearance = workspace, appearance
        self._left_out: frozenset[Address] = frozenset()
        self._found: tuple[Found, ...] = ()
        self.setWindowTitle("Replace layers")
        self.resize(620, 560)
        self.what, self.by, self.where = QComboBox(), QComboBox(), QComboBox()
        self.rows, self.problems = QTreeWidget(), QListWidget()
        self.count, self.outcome = text_label(muted=True), text_label()
        self.replace_button = QPushButton("Replace")
        self._judging = QTimer(self)
        self._judging.setSingleShot(True)
        self._judging.setInterval(CALM)
        self._judging.timeout.connect(self._judge)
        self._aside = Aside(workspace, self)
        self._aside.answered.connect(self._show_outlook)
        self._lay_out()
        self._fill_choices(appearance.theme)
        self.what.currentIndexChanged.connect(self._show_rows)
        self.by.currentIndexChanged.connect(self._show_rows)
        self.where.currentIndexChanged.connect(self.refresh)
        self.rows.itemChanged.connect(self._leave_out)
        self.rows.itemClicked.connect(self._go_to)
        self.replace_button.clicked.connect(self.replace)
        workspace.changed.connect(self._follow)
        workspace.selection_changed.connect(self._follow_selection)
        appearance.changed.connect(self._fill_choices)

    def _lay_out(self) -> None:
        form = QFormLayout()
        for label, field in (("Find", self.what), ("Replace by", self.by), ("In", self.where)):
            form.addRow(label, field)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        line = QLineEdit()
        line.setPlaceholderText("Type or choose a layer")
        self.by.setEditable(True)
        self.by.setLineEdit(line)
        self.by.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        completer = QCompleter(self.by.model(), self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.by.setCompleter(completer)
        for scope in Scope:
            self.where.addItem(scope.value, scope)
        self.rows.setHeaderLabels(("Layer", "Settings"))
        self.rows.setRootIsDecorated(False)
        self.rows.setUniformRowHeights(True)
        self.rows.setStyleSheet("QTreeView::item { padding: 3px 0; }")
        self.rows.setAccessibleName("What is replaced")
        self.rows.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        self.rows.header().resizeSection(0, 240)
        self.problems.setWordWrap(True)
        self.problems.setMaximumHeight(130)
        self.problems.setAccessibleName("What would be wrong then")
        self.replace_button.setProperty("main", True)
        self.replace_button.setDefault(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.addButton(self.replace_button, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.close)
        column = QVBoxLayout(self)
        column.addLayout(form)
        column.addWidget(self.count)
        column.addWidget(self.rows, 1)
        column.addWidget(self.outcome)
        column.addWidget(self.problems)
        column.addWidget(buttons)

    def _fill_choices(self, theme: Theme) -> None:
        """The layers there are, category by category."""
        chosen = self.by.currentData()
        self.by.blockSignals(True)
        self.by.clear()
        for name in sorted(candidates(), key=lambda name: (CATEGORIES.index(LAYERS[name].category), name)):
            self.by.addItem(swatch(theme.category(LAYERS[name].category)), _called(name), name)
        self.by.setCurrentIndex(self.by.findData(chosen) if chosen else -1)
        self.by.blockSignals(False)
        self.refresh()

    # What is shown.

    def begin(self) -> None:
        """Take up what is selected: its layer, and it alone where it is several nodes."""
        nodes = self._workspace.shown.nodes
        kinds = {nodes[name].layer for name in self._workspace.selection if replaceable(nodes[name].layer)}
        self.where.setCurrentIndex(2 if len(self._workspace.selection) > 1 else 0)
        self._left_out = frozenset()
        self.refresh()
        if len(kinds) == 1:
            self.what.setCurrentIndex(self.what.findData(kinds.pop()))
        self.by.setFocus()

    def _follow(self) -> None:
        if self.isVisible():
            self.refresh()

    def _follow_selection(self) -> None:
        if self.isVisible() and self.where.currentData() is Scope.SELECTION:
            self.refresh()

    def refresh(self) -> None:
        """Look for layers again."""
        self._found = tuple(found for found in self._look() if replaceable(found[1].layer))
        counts = Counter(node.layer for _, node in self._found)
        chosen = self.what.currentData()
        self.what.blockSignals(True)
        self.what.clear()
        for name, number in counts.most_common():
            kind = LAYERS.get(name)
            theme = self._appearance.theme
            colour = theme.category(kind.category) if kind is not None else theme.muted
            self.what.addItem(swatch(colour), f"{_called(name)} × {number:,}", name)
        self.what.setCurrentIndex(max(0, self.what.findData(chosen)) if counts else -1)
        self.what.blockSignals(False)
        self._show_rows()

    def _look(self) -> Iterator[Found]:
        document, scope = self._workspace.document, self.where.currentData()
        if scope is Scope.WHOLE:
            return everywhere(document)
        chosen = self._workspace.selection if scope is Scope.SELECTION else None
        return at_place(document, self._workspace.place, chosen)

    def _show_rows(self) -> None:
        """Every node that would become another, with a tick."""
        self.rows.blockSignals(True)
        self.rows.clear()
        items, wanted = [], self._wanted()
        for address, node in wanted[:MOST_ROWS]:
            item = QTreeWidgetItem((_where(address), self._change(node)))
            item.setToolTip(0, _where(address))
            item.setToolTip(1, item.text(1))
            item.setData(0, Qt.ItemDataRole.UserRole, address)
            off = address in self._left_out
            item.setCheckState(0, Qt.CheckState.Unchecked if off else Qt.CheckState.Checked)
            items.append(item)
        if len(wanted) > MOST_ROWS:
            more = QTreeWidgetItem((f"and {len(wanted) - MOST_ROWS:,} more", ""))
            more.setFlags(Qt.ItemFlag.NoItemFlags)
            items.append(more)
        self.rows.addTopLevelItems(items)
        self.rows.blockSignals(False)
        self._tell()

    def _wanted(self) -> list[Found]:
        layer = self.what.currentData()
        return [(address, node) for address, node in self._found if node.layer == layer]

    def _change(self, node: Node) -> str:
        """What becomes of a node's settings."""
        layer = self.by.currentData()
        if layer is None:
            return ", ".join(f"{name} {value}" for name, value in node.settings.items())
        found = replacement(node, layer)
        parts = ((found.kept, "keeps"), (found.lost, "loses"))
        return "; ".join(f"{verb} {', '.join(names)}" for names, verb in parts if names)

    def _ticked(self) -> list[Found]:
        """What would be replaced; nothing where no other layer is chosen."""
        if self.by.currentData() in (None, self.what.currentData()):
            return []
        return [(address, node) for address, node in self._wanted() if address not in self._left_out]

    def _edit(self) -> Edit:
        """The edit that replaces what is ticked."""
        ticked, layer = self._ticked(), self.by.currentData()

        def edit(document: Document) -> Document:
            return substituted(document, {address: replacement(node, layer).substitute for address, node in ticked})

        return edit

    def _tell(self) -> None:
        """Say how many there are, and begin to find out what would be wrong."""
        wanted, number = self._wanted(), len(self._ticked())
        self.count.setText(f"{plural(len(wanted), 'layer')} found" if wanted else "No layer to replace is there.")
        self.replace_button.setText(f"Replace {plural(number, 'layer')}" if number else "Replace")
        self.replace_button.setEnabled(bool(number))
        self.problems.hide()
        self.outcome.clear()
        self._aside.forget()
        if number:
            self._judging.start()
        else:
            self._judging.stop()

    def _judge(self) -> None:
        """Have the design checked as it would be, beside the one that is open."""
        edit, document = self._edit(), self._workspace.document
        self._aside.ask(lambda: edit(document))

    def _show_outlook(self, report: Report) -> None:
        """Say which problems would come and go."""
        before, after = (
            {_key(problem): problem for problem in each.problems} for each in (self._workspace.report, report)
        )
        new = [problem for key, problem in after.items() if key not in before]
        gone = len(before.keys() - after.keys())
        said = [f"{plural(len(new), 'new problem')}:" if new else "No new problem comes of it."]
        said += [f"{plural(gone, 'problem')} would be gone."] if gone else []
        self.outcome.setText(" ".join(reversed(said)))
        self._list(new)

    def _list(self, problems: list[Problem]) -> None:
        self.problems.clear()
        for problem in problems[:MOST_SHOWN]:
            place = f"{problem.node}: " if problem.node else ""
            icon = severity_icon(self._appearance.theme, problem.severity)
            self.problems.addItem(QListWidgetItem(icon, f"{place}{problem.sentence}"))
        if len(problems) > MOST_SHOWN:
            self.problems.addItem(f"and {len(problems) - MOST_SHOWN:,} more")
        self.problems.setVisible(bool(problems))

    # What is done.

    def _leave_out(self, item: QTreeWidgetItem) -> None:
        address = item.data(0, Qt.ItemDataRole.UserRole)
        off = item.checkState(0) is Qt.CheckState.Unchecked
        self._left_out = self._left_out | {address} if off else self._left_out - {address}
        self._tell()

    def _go_to(self, item: QTreeWidgetItem) -> None:
        address = item.data(0, Qt.ItemDataRole.UserRole)
        if not address.block and self.where.currentData() is not Scope.SELECTION:
            self._workspace.show_node(address.text)

    def replace(self) -> None:
        """Put the other layer in the place of all that are ticked, in one step."""
        number = len(self._ticked())
        if number:
            self._workspace.commit_whole(self._edit(), f"Replace {plural(number, 'layer')} by {self.by.currentData()}")
            self.outcome.setText(f"{plural(number, 'layer')} replaced; undo takes it back.")


def _called(name: str) -> str:
    """A layer by its title, with its name where that says more."""
    kind = LAYERS.get(name)
    return name if kind is None or kind.title == name else f"{kind.title} ({name})"


def _where(address: Address) -> str:
    path = ".".join(address.path)
    return f"{path} (block {address.block})" if address.block else path


def _key(problem: Problem) -> tuple[object, ...]:
    return problem.code, problem.node, problem.port, problem.sentence
