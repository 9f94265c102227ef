"""The form made from a layer's settings: a label, a field, a way back to the default, and what is wrong there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QGridLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from designer.catalogue.entry import Setting
from designer.compiler.project import same
from designer.gui.panels.code_field import CodeField
from designer.gui.panels.icons import reset_icon
from designer.gui.panels.problem_row import FixButtons
from designer.gui.panels.setting_fields import MIXED, NONE, ChoiceField, Choices, SettingField, SwitchField, TextField
from designer.gui.panels.setting_texts import accepted, write
from designer.gui.panels.texts import breakable
from designer.gui.panels.widgets import text_label
from designer.gui.theme import Theme
from designer.problems import Problem

LONG_NAME = 14
"""Longer names may take two lines, so that the fields of a narrow dock keep their room."""


class FieldNote(QWidget):
    """What is wrong at a field, below it: the sentence, and a button for each mend."""

    fix_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sentence = text_label(parent=self)
        self.fixes = FixButtons(self)
        self.fixes.chosen.connect(self.fix_chosen)
        column = QVBoxLayout(self)
        column.setContentsMargins(2, 0, 2, 4)
        column.setSpacing(0)
        column.addWidget(self.sentence)
        column.addWidget(self.fixes)
        self._problem: Problem | None = None
        self.hide()

    def say(self, refusal: str, problem: Problem | None, theme: Theme) -> None:
        """Say why a text is not taken, or else what the check found, or nothing."""
        offered = problem if not refusal else None
        self.sentence.setText(breakable(refusal or (problem.sentence if problem is not None else "")))
        palette = self.palette()
        colour = theme.severity(offered.severity) if offered is not None else theme.error
        palette.setColor(QPalette.ColorRole.WindowText, colour)
        self.sentence.setPalette(palette)
        if offered != self._problem:
            self._problem = offered
            self.fixes.show_fixes(offered)
        self.setVisible(bool(self.sentence.text()))


def field_for(
    setting: Setting[Any], choices: Choices | None = None, parent: QWidget | None = None, *, formulas: bool = False
) -> SettingField:
    """The field that suits a setting; `choices` are values known only from the design, `formulas` may be typed."""
    if choices is not None:
        return ChoiceField(setting, choices, parent)
    if setting.choices:
        return ChoiceField(setting, [(value, str(value) or NONE) for value in setting.choices], parent)
    if setting.python:
        return CodeField(setting, parent)
    if setting.kind is bool:
        return SwitchField(setting, parent)
    return TextField(setting, parent, formulas=formulas)


class SettingRow:
    """The widgets of one setting, and what is wrong with it."""

    def __init__(
        self, setting: Setting[Any], choices: Choices | None, theme: Theme, parent: QWidget, *, formulas: bool = False
    ) -> None:
        self.setting = setting
        self.label = QLabel(breakable(setting.name), parent)
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setWordWrap(len(setting.name) > LONG_NAME)
        self.label.setToolTip(setting.doc)
        self.field: SettingField = field_for(setting, choices, parent, formulas=formulas)
        self.label.setBuddy(self.field)
        self.reset = QToolButton(parent)
        self.reset.setAutoRaise(True)
        self.reset.setToolTip(f"Put {setting.name} back to {write(setting.default) or 'empty'}")
        self.reset.setAccessibleName(self.reset.toolTip())
        policy = self.reset.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.reset.setSizePolicy(policy)
        self.note = FieldNote(parent)
        self._refusal = ""
        self._problem: Problem | None = None
        self.restyle(theme)

    def add_to(self, grid: QGridLayout, row: int) -> None:
        """Three rows of the grid: label and field, or code below its label, then what is wrong."""
        grid.addWidget(self.label, row, 0, Qt.AlignmentFlag.AlignVCenter)
        if self.setting.python:
            grid.addWidget(self.field, row + 1, 0, 1, 3)
        else:
            grid.addWidget(self.field, row, 1)
        grid.addWidget(self.reset, row, 2, Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(self.note, row + 2, 0, 1, 3)

    def show_value(self, value: object) -> None:
        """Show a value; one that is not the default can be put back."""
        self.field.show_value(value)
        self.reset.setVisible(value is MIXED or not same(accepted(self.setting, value), self.setting.default))

    def show_refusal(self, sentence: str) -> None:
        """Say why the text in the field is not taken; empty when it is."""
        self._refusal = sentence
        self._say()

    def show_problem(self, problem: Problem | None) -> None:
        """Say what the check found at this setting."""
        self._problem = problem
        self._say()

    def restyle(self, theme: Theme) -> None:
        """Take the colours of another theme."""
        self._theme = theme
        self.reset.setIcon(reset_icon(theme))
        self.field.restyle(theme)
        self._say()

    def _say(self) -> None:
        self.note.say(self._refusal, self._problem, self._theme)
        severity = "error" if self._refusal else self._problem.severity if self._problem is not None else ""
        self.field.mark(self._theme.severity(severity) if severity else None)
        self.field.show_place(self._problem.message if self._problem is not None else "")


class SettingsForm(QWidget):
    """Every setting of one kind of layer. With `formulas`, a number may be typed as one: "=2*width"."""

    edited = Signal(str, object)
    """A setting's name and its new value, which suits the setting."""
    settled = Signal()
    """The user is done with a field."""
    fix_chosen = Signal(object)

    def __init__(
        self,
        settings: Mapping[str, Setting[Any]],
        choices: Mapping[str, Choices],
        theme: Theme,
        parent: QWidget | None = None,
        *,
        formulas: bool = False,
    ) -> None:
        super().__init__(parent)
        self.rows: dict[str, SettingRow] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(1, 1)
        plain = ((name, setting) for name, setting in settings.items() if setting.kind is not dict)
        for place, (name, setting) in enumerate(plain):
            row = SettingRow(setting, choices.get(name), theme, self, formulas=formulas)
            row.add_to(grid, 3 * place)
            self._connect(name, row)
            self.rows[name] = row

    def _connect(self, name: str, row: SettingRow) -> None:
        row.field.edited.connect(lambda value: self.edited.emit(name, value))
        row.field.refused.connect(row.show_refusal)
        row.field.settled.connect(self.settled)
        row.reset.clicked.connect(lambda: self._reset(name, row))
        row.note.fix_chosen.connect(self.fix_chosen)

    def _reset(self, name: str, row: SettingRow) -> None:
        # The button hides with the press; the focus must not wander off to the next field.
        row.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.edited.emit(name, row.setting.default)
        self.settled.emit()

    def offer(self, choices: Mapping[str, Choices]) -> None:
        """Offer other values where only the design knows them."""
        for name, row in self.rows.items():
            if name in choices and isinstance(row.field, ChoiceField):
                row.field.set_choices(choices[name])

    def show_values(self, values: Mapping[str, object]) -> None:
        """Show the design's values; what is not given is at its default."""
        for name, row in self.rows.items():
            row.show_value(values.get(name, row.setting.default))

    def show_results(self, results: Mapping[str, str], variables: Iterable[str] = ()) -> None:
        """Show what formulas are worth, by the setting's name; `variables` are those that they may name."""
        names = tuple(variables)
        for name, row in self.rows.items():
            row.field.show_result(results.get(name, ""))
            row.field.offer_names(names)

    def show_problems(self, problems: Mapping[str, Problem]) -> None:
        """Mark the fields that problems name."""
        for name, row in self.rows.items():
            row.show_problem(problems.get(name))

    def restyle(self, theme: Theme) -> None:
        """Take the colours of another theme."""
        for row in self.rows.values():
            row.restyle(theme)
