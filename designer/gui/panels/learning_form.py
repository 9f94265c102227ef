"""How a node learns, on its page: one section, folded away while all is as usual."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from designer.catalogue.entry import Setting
from designer.catalogue.learning import INIT, INITIALIZERS, Learning, chosen_initializer
from designer.compiler.checking.report import NodeReport, Report, Sharing
from designer.compiler.checking.sharing import fitting_owners
from designer.compiler.project import same
from designer.graph import edits
from designer.graph.document import Document
from designer.gui.panels.setting_fields import Choices
from designer.gui.panels.settings_form import SettingsForm
from designer.gui.panels.texts import breakable
from designer.gui.panels.widgets import WrapButton, text_label
from designer.gui.theme import Theme
from designer.problems import Problem

PREFIX = "learning."
"""What the settings of problems about learning begin with."""
INDENT = 12
"""How far the numbers of an initializer stand to the right of its weight."""
AS_USUAL = (("", "torch's own"), *((name, kind.title) for name, kind in INITIALIZERS.items()))


def with_learning(document: Document, node: str, name: str, value: object) -> Document:
    """The design with one way a node learns at a value; the default is not held."""
    usual = {} if name == INIT else Learning.settings[name].default
    if same(value, usual):
        return edits.change_learning(document, node, unset=(name,))
    return edits.change_learning(document, node, {name: value})


def in_short(learning: Mapping[str, Any], shared: Sharing | None) -> str:
    """What of a node's learning is not as usual, in a few words."""
    parts = []
    if learning.get("trainable") is False:
        parts.append("frozen")
    if shared is not None:
        parts.append(f"weights of {shared.owner}" if shared.whole else f"{shared.own} of {shared.owner}")
    chosen = learning.get(INIT)
    if isinstance(chosen, Mapping) and chosen:
        parts.append(f"init of {', '.join(chosen)}")
    parts += [f"{name} {learning[name]}" for name in ("l1", "l2") if learning.get(name)]
    if learning.get("load"):
        parts.append("loaded")
    return " · ".join(parts)


class FoldButton(QToolButton):
    """The title of a section, with an arrow; pressed, it folds or unfolds what stands below."""

    turned = Signal(bool)
    """Whether the section is unfolded now."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(title)
        self.setAccessibleName(title)
        self.setProperty("rank", "fold")
        self.setAutoRaise(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        font = self.font()
        font.setBold(True)
        self.setFont(font)
        self.unfolded = False
        self.setArrowType(Qt.ArrowType.RightArrow)
        self.clicked.connect(lambda: self.turn(not self.unfolded))

    def turn(self, unfolded: bool) -> None:
        """Unfold the section, or fold it."""
        if unfolded != self.unfolded:
            self.unfolded = unfolded
            self.setArrowType(Qt.ArrowType.DownArrow if unfolded else Qt.ArrowType.RightArrow)
            self.setAccessibleDescription("unfolded" if unfolded else "folded")
            self.turned.emit(unfolded)


class LearningForm(QWidget):
    """Trained or not, first values, penalties, whose weights, and a file to begin from."""

    edited = Signal(str, object)
    """A key of the node's learning and its new value, which suits."""
    settled = Signal()
    fix_chosen = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._node: NodeReport | None = None
        self._report: Report | None = None
        self._home: Path | None = None
        self._problems: Mapping[str, Problem] = {}
        self.fold = FoldButton("Learning", self)
        self.fold.setToolTip("Whether and how this layer learns, and whose weights it uses")
        self.fold.turned.connect(self._unfold)
        self.short = text_label(muted=True, parent=self)
        self.body = QWidget(self)
        self.body.hide()
        self._inside = QVBoxLayout(self.body)
        self._inside.setContentsMargins(0, 0, 0, 0)
        self._inside.setSpacing(4)
        self.inits: SettingsForm | None = None
        self._kinds: tuple[tuple[str, str], ...] = ()
        head = QHBoxLayout()
        head.addWidget(self.fold)
        head.addWidget(self.short, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(2)
        column.addLayout(head)
        column.addWidget(self.body)

    @cached_property
    def form(self) -> SettingsForm:
        """The fields that every node has, made when they are first unfolded."""
        form = SettingsForm(dict(Learning.settings), {"shared_with": self._owners()}, self._theme, self.body)
        self._connect(form)
        form.edited.connect(self.edited)
        self._inside.insertWidget(0, form)
        self.browse = WrapButton("Choose a file of weights…", parent=self.body)
        self.browse.clicked.connect(self._browse)
        self._inside.insertWidget(1, self.browse, 0, Qt.AlignmentFlag.AlignRight)
        return form

    def _connect(self, form: SettingsForm) -> None:
        form.settled.connect(self.settled)
        form.fix_chosen.connect(self.fix_chosen)

    def _place(self, setting: str) -> tuple[SettingsForm, str] | None:
        """The form and the row that a problem's setting names; None where it is folded away or there is none."""
        if not self.fold.unfolded or not setting.startswith(PREFIX):
            return None
        name = setting.removeprefix(PREFIX)
        if name in self.form.rows:
            return self.form, name
        weight = name.removeprefix(f"{INIT}.")
        return (self.inits, weight) if self.inits is not None and weight in self.inits.rows else None

    def show_node(self, report: Report, name: str, home: Path | None) -> None:
        """Show how a node of a report learns; `home` is the folder of the design's file."""
        begun = self._node is None or self._node.node.id != name
        self._report, self._node, self._home = report, report.nodes[name], home
        learning = self._node.node.learning
        if self.isHidden() or begun:
            self.setVisible(bool(learning or self._node.parameters))
        if begun:
            self.fold.turn(bool(learning))
        short = in_short(learning, report.sharing.get(name))
        self.short.setText(breakable(short))
        if self.fold.unfolded:
            self._refresh()

    def _unfold(self, unfolded: bool) -> None:
        self.body.setVisible(unfolded)
        if unfolded and self._node is not None:
            self._refresh()

    def _refresh(self) -> None:
        if self._node is None:
            return
        learning = self._node.node.learning
        self.form.offer({"shared_with": self._owners()})
        self.form.show_values({key: value for key, value in learning.items() if key in self.form.rows})
        self._show_inits()

    def _owners(self) -> Choices:
        """The nodes whose weights this one could use."""
        if self._report is None or self._node is None:
            return [("", "none")]
        fitting = fitting_owners(self._report.nodes, self._node.node.id)
        return [("", "none"), *((owner, owner) for owner in fitting)]

    def _chosen(self) -> Mapping[str, Any]:
        chosen = self._node.node.learning.get(INIT) if self._node is not None else None
        return chosen if isinstance(chosen, Mapping) else {}

    def _weights(self) -> Iterator[str]:
        """The weights whose first values can be chosen, and those that the file names."""
        assert self._node is not None
        assert self._report is not None
        shared = self._report.sharing.get(self._node.node.id)
        for weight in dict.fromkeys((*self._node.weights, *self._chosen())):
            if weight in self._chosen() or shared is None or not shared.takes(weight):
                yield weight

    def _show_inits(self) -> None:
        chosen = self._chosen()
        kinds = tuple((weight, kind_of(chosen.get(weight, ""))) for weight in self._weights())
        if kinds != self._kinds or self.inits is None:
            self._make_inits(kinds)
        if self.inits is not None:
            values: dict[str, object] = {}
            for weight, kind in kinds:
                values[weight] = kind
                how = chosen.get(weight)
                if isinstance(how, Mapping):
                    values.update((f"{weight} {name}", value) for name, value in how.items())
            self.inits.show_values({name: value for name, value in values.items() if name in self.inits.rows})

    def _make_inits(self, kinds: tuple[tuple[str, str], ...]) -> None:
        """Rows for the first values: a choice for each weight, and below it the numbers of what is chosen."""
        focused = self._focused()
        if self.inits is not None:
            self.inits.hide()
            self.inits.deleteLater()
        self._kinds, self.inits = kinds, None
        if not kinds:
            return
        settings: dict[str, Setting[Any]] = {}
        for weight, kind in kinds:
            settings[weight] = _named(Setting("", f"How {weight} begins, before it is trained.", kind=str), weight)
            if kind in INITIALIZERS:
                settings.update((f"{weight} {name}", each) for name, each in INITIALIZERS[kind].settings.items())
        choices = {weight: AS_USUAL for weight, _ in kinds}
        self.inits = SettingsForm(settings, choices, self._theme, self.body)
        self._connect(self.inits)
        self.inits.edited.connect(self._edit_init)
        for weight, _ in kinds:
            self.inits.rows[weight].label.setText(breakable(f"init {weight}"))
        for name, row in self.inits.rows.items():
            row.label.setIndent(INDENT if " " in name else -1)
        self._inside.addWidget(self.inits)
        if focused in self.inits.rows:
            self.inits.rows[focused].field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _focused(self) -> str:
        """The row of first values that has the focus, which a form made anew must keep."""
        rows = self.inits.rows.items() if self.inits is not None else ()
        return next((name for name, row in rows if row.field.isAncestorOf(self._focus_widget())), "")

    def _focus_widget(self) -> QWidget:
        return self.window().focusWidget() or self

    def _edit_init(self, name: str, value: object) -> None:
        """A kind was chosen for a weight, or one of its numbers changed."""
        weight, _, part = name.partition(" ")
        table = dict(self._chosen())
        if not part and not value:
            table.pop(weight, None)
        elif not part:
            table[weight] = value
        else:
            how = table.get(weight)
            known = {key: old for key, old in how.items() if key != "kind"} if isinstance(how, Mapping) else {}
            table[weight] = chosen_initializer(kind_of(how), {**known, part: value})
        self.edited.emit(INIT, table)

    def _browse(self) -> None:
        folder = str(self._home or Path.home())
        name, _ = QFileDialog.getOpenFileName(self.window(), "Load weights", folder, "Safetensors (*.safetensors)")
        if name:
            self.edited.emit("load", as_written(Path(name), self._home))
            self.settled.emit()

    def show_problems(self, problems: list[Problem]) -> list[Problem]:
        """Mark the fields that problems name, one at each; gives those that are said there."""
        at: dict[SettingsForm, dict[str, Problem]] = {}
        for problem in problems:
            place = self._place(problem.setting or "")
            if place is not None:
                at.setdefault(place[0], {}).setdefault(place[1], problem)
        if self.fold.unfolded:
            self.form.show_problems(at.get(self.form, {}))
            if self.inits is not None:
                self.inits.show_problems(at.get(self.inits, {}))
        return [problem for row in at.values() for problem in row.values()]

    def restyle(self, theme: Theme) -> None:
        """Take the colours of another theme."""
        self._theme = theme
        if "form" in self.__dict__:
            self.form.restyle(theme)
        if self.inits is not None:
            self.inits.restyle(theme)


def kind_of(how: object) -> str:
    """The name of an initializer as a file has it."""
    name = how.get("kind") if isinstance(how, Mapping) else how
    return name if isinstance(name, str) else ""


def as_written(path: Path, home: Path | None) -> str:
    """A path as the design has it: from its own folder where the file lies there."""
    if home is not None and path.is_relative_to(home):
        return path.relative_to(home).as_posix()
    return str(path)


def _named(setting: Setting[Any], name: str) -> Setting[Any]:
    setting.name = name
    return setting
