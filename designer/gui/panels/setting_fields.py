"""A field for each kind of setting: numbers, sizes and words as text, choices, yes or no.

A field tells `edited` with a value that suits, at every key; a text that does not suit stays where it
is, and `refused` says why. `settled` ends the undo step. The wheel changes only what has the focus.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from designer.catalogue.entry import Setting
from designer.catalogue.tensor import Misfit
from designer.compiler.checking.scope import takes_formulas
from designer.compiler.project import same
from designer.graph.formulas import SIGN
from designer.graph.formulas import names as names_in
from designer.gui.panels.completion import NameCompleter
from designer.gui.panels.editors import CalmCombo, EdgedCheckBox, HintedLine, StepBox
from designer.gui.panels.setting_texts import NONE, accepted, read, stepped, write
from designer.gui.theme import Theme

UNSET = object()
"""What a field shows before it was told a value."""

MIXED = object()
"""The value of several nodes that do not agree."""

Choices = Sequence[tuple[object, str]]
"""Values and how the window calls them."""


class SettingField(QWidget):
    """The base of all fields; paints a frame around the editor when something is wrong there."""

    edited = Signal(object)
    settled = Signal()
    refused = Signal(str)
    """The sentence why the text is not taken; empty when it is."""

    def __init__(self, setting: Setting[Any], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setting = setting
        self._shown: object = UNSET
        self._mark: QColor | None = None
        self._framed: QWidget | None = None

    def _place(self, editor: QWidget) -> None:
        """Put the editor into its frame; it takes the focus for the whole field."""
        editor.setAccessibleName(self.setting.name)
        editor.setAccessibleDescription(self.setting.doc)
        editor.setToolTip(f"{self.setting.doc} The default is {write(self.setting.default) or 'empty'}.")
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 2, 2, 2)
        row.addWidget(editor)
        self._framed = editor
        self.setFocusProxy(editor)

    def show_value(self, value: object) -> None:
        """Show the value of the design, unless it is what the field says already."""
        value = value if value is MIXED else accepted(self.setting, value)
        if not same(value, self._shown):
            self._shown = value
            self._write(value)
            self.refused.emit("")

    def show_result(self, result: str) -> None:
        """Show what the formula in the field is worth; empty where it holds none. Fields without text have none."""

    def offer_names(self, names: Iterable[str]) -> None:
        """The variables that a formula in the field may name."""

    def _write(self, value: object) -> None:
        raise NotImplementedError

    def _choose(self, value: object) -> None:
        """The user gave a value that suits."""
        if not same(value, self._shown):
            self._shown = value
            self.edited.emit(value)

    def show_place(self, message: str) -> None:
        """Point at the place inside the text that a message is about; most fields are too short for one."""

    def restyle(self, theme: Theme) -> None:
        """Take the colours of another theme; most fields take them from the palette."""

    def mark(self, colour: QColor | None) -> None:
        """Frame the editor in a colour, or not."""
        if colour != self._mark:
            self._mark = colour
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The frame that marks a problem."""
        if self._mark is not None and self._framed is not None:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._mark)
            painter.drawRoundedRect(self._framed.geometry().adjusted(-2, -2, 2, 2), 4, 4)
            painter.end()


class TextField(SettingField):
    """Whole numbers (with arrows), real numbers, sizes, words, free text."""

    def __init__(self, setting: Setting[Any], parent: QWidget | None = None, *, formulas: bool = False) -> None:
        super().__init__(setting, parent)
        self._formulas, self._result = formulas, ""
        self._names: frozenset[str] = frozenset()
        self.line = HintedLine(self)
        self.editor: QWidget = self.line
        if setting.kind is int or setting.sizes:
            box = StepBox(self.line, self)
            box.stepped.connect(self._step)
            box.editingFinished.connect(self._finish)
            self.editor = box
        else:
            self.line.editingFinished.connect(self._finish)
        self._completer = NameCompleter(self.line) if formulas else None
        if self._completer is not None:
            self.line.setCompleter(self._completer)
            # The line takes the chosen name first, without saying that its text was edited.
            self._completer.activated.connect(lambda: self._typed(self.line.text()), Qt.ConnectionType.QueuedConnection)
        self._placeholder = NONE if setting.optional else "such as 1, 8, 8" if setting.sizes == 0 else ""
        self.line.setPlaceholderText(self._placeholder)
        self.line.textEdited.connect(self._typed)
        self.line.reverted.connect(self._revert)
        self._place(self.editor)

    def _write(self, value: object) -> None:
        self.line.setPlaceholderText("mixed" if value is MIXED else self._placeholder)
        self.line.setText("" if value is MIXED else write(value))
        self.line.setCursorPosition(0)
        self._hint(value)

    def offer_names(self, names: Iterable[str]) -> None:
        """Complete these names of variables in formulas."""
        self._names = frozenset(names)
        if self._completer is not None:
            self._completer.offer(self._names)

    def _hint(self, value: object) -> None:
        default = self.setting.default
        differs = value is not MIXED and not same(value, default)
        self.line.hint = self._result or (f"default {write(default) or 'empty'}" if differs else "")
        self.line.update()

    def show_result(self, result: str) -> None:
        """Show what the formula is worth at the end of the line, in place of the default."""
        if result != self._result:
            self._result = result
            self.line.insists = bool(result)
            self._hint(self._shown)

    def _typed(self, text: str) -> None:
        try:
            value = self._meant(text)
        except Misfit as misfit:
            self.line.hint = ""  # it spoke of what stood there before
            self.line.update()
            self.refused.emit(misfit.message)
            return
        self.refused.emit("")
        self._hint(value)
        self._choose(value)

    def _meant(self, text: str) -> Any:
        """The value that a text means; a formula of variables that are there needs no sign. Raises Misfit."""
        try:
            return read(self.setting, text, formulas=self._formulas)
        except Misfit:
            formula = f"{SIGN}{text.strip()}"
            if (
                self._formulas
                and takes_formulas(self.setting)
                and (named := names_in(formula))
                and named <= self._names
            ):
                with suppress(Misfit):
                    return read(self.setting, formula, formulas=True)
            raise

    def _finish(self) -> None:
        """A formula that was typed without its sign gets it."""
        if names_in(self._shown) and self.line.text().strip() == write(self._shown).removeprefix(SIGN):
            self._write(self._shown)
        self.settled.emit()

    def _step(self, steps: int) -> None:
        if self._shown in (UNSET, MIXED):
            return
        value = stepped(self.setting, self._shown, steps)
        self.line.setText(write(value))
        self._typed(self.line.text())

    def _revert(self) -> None:
        if self._shown is not UNSET:
            self._write(self._shown)
            self.refused.emit("")


class ChoiceField(SettingField):
    """One of some values."""

    def __init__(self, setting: Setting[Any], choices: Choices, parent: QWidget | None = None) -> None:
        super().__init__(setting, parent)
        self._values: list[object] = []
        self.combo = CalmCombo(self)
        self.combo.setPlaceholderText("mixed")
        self.combo.activated.connect(self._activated)
        self._place(self.combo)
        self.set_choices(choices)

    def set_choices(self, choices: Choices) -> None:
        """Offer other values; what is shown stays shown."""
        default = self.setting.default
        texts = [f"{text} (default)" if same(value, default) and text else text for value, text in choices]
        if [value for value, _ in choices] == self._values and texts == self._texts():
            return
        self._values = [value for value, _ in choices]
        self.combo.clear()
        self.combo.addItems(texts)
        if self._shown is not UNSET:
            self._write(self._shown)

    @property
    def text(self) -> str:
        """What the window calls the value that is shown."""
        return self.combo.currentText().removesuffix(" (default)")

    def _texts(self) -> list[str]:
        return [self.combo.itemText(place) for place in range(self.combo.count())]

    def _write(self, value: object) -> None:
        places = [place for place, each in enumerate(self._values) if value is not MIXED and same(each, value)]
        if not places and value is not MIXED:
            # A file may hold what is not among the choices; it is shown as it is.
            self._values.append(value)
            self.combo.addItem(write(value))
            places = [len(self._values) - 1]
        self.combo.setCurrentIndex(places[0] if places else -1)

    def _activated(self, place: int) -> None:
        self._choose(self._values[place])
        self.settled.emit()


class SwitchField(SettingField):
    """Yes or no."""

    def __init__(self, setting: Setting[Any], parent: QWidget | None = None) -> None:
        super().__init__(setting, parent)
        self.box = EdgedCheckBox(self)
        self.box.clicked.connect(self._clicked)
        self._place(self.box)

    def _write(self, value: object) -> None:
        self.box.setTristate(value is MIXED)
        if value is MIXED:
            self.box.setCheckState(Qt.CheckState.PartiallyChecked)
            self.box.setText("mixed")
        else:
            self.box.setChecked(value is True)
            self.box.setText(self._text(value is True))

    def _text(self, on: bool) -> str:
        return f"{'on' if on else 'off'}{' (default)' if on is self.setting.default else ''}"

    def _clicked(self) -> None:
        on = self.box.checkState() is not Qt.CheckState.Unchecked
        self.box.setTristate(False)
        self.box.setChecked(on)
        self.box.setText(self._text(on))
        self._choose(on)
        self.settled.emit()
