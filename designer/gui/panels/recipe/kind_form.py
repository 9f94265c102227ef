"""A choice among kinds of the catalogue, what the chosen one teaches, and its settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from designer.catalogue.entry import Entry, Setting
from designer.gui.panels.recipe.section import Section
from designer.gui.panels.setting_fields import ChoiceField, Choices
from designer.gui.panels.settings_form import SettingRow, SettingsForm
from designer.gui.panels.widgets import text_label
from designer.gui.theme import Theme


class KindForm(QWidget):
    """What is usual stands below the choice; settings that few people change are folded away."""

    chosen = Signal(object)
    """The name of the kind that was chosen."""
    edited = Signal(str, object)
    """A setting of the chosen kind and its new value."""
    settled = Signal()

    def __init__(
        self, setting: Setting[str], kinds: Mapping[str, type[Entry]], choices: Choices, theme: Theme,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._kinds, self._theme = kinds, theme
        self.kind = ""
        self.field = ChoiceField(setting, choices, self)
        self.lesson = text_label(muted=True, parent=self)
        self.forms: tuple[SettingsForm, ...] = ()
        self._more: Section | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self._column.addWidget(self.field)
        self._column.addWidget(self.lesson)
        self.lesson.hide()
        self.field.edited.connect(self.chosen)
        self.field.settled.connect(self.settled)

    @property
    def rows(self) -> dict[str, SettingRow]:
        """All settings of the chosen kind."""
        return {name: row for form in self.forms for name, row in form.rows.items()}

    def show_choice(self, kind: str, values: Mapping[str, Any]) -> None:
        """Show what is chosen, and with which settings."""
        self.field.show_value(kind)
        if kind != self.kind:
            self.kind = kind
            self._make(self._kinds.get(kind))
        for form in self.forms:
            form.show_values(values)
        if self._more is not None:
            settings = self._kinds[kind].settings
            self._more.tell(differing(settings, self.forms[-1].rows, values))

    def restyle(self, theme: Theme) -> None:
        """Take the colours of another theme."""
        self._theme = theme
        for form in self.forms:
            form.restyle(theme)

    def _make(self, kind: type[Entry] | None) -> None:
        for old in (*self.forms, *((self._more,) if self._more is not None else ())):
            self._column.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.forms, self._more = (), None
        self.lesson.setText(kind.lesson() if kind is not None else "")
        self.lesson.setVisible(kind is not None)
        if kind is None or not kind.settings:
            return
        usual = getattr(kind, "usual", tuple(kind.settings))
        parts = [{name: each for name, each in kind.settings.items() if (name in usual) is wanted}
                 for wanted in (True, False)]  # fmt: skip
        self.forms = tuple(self._form(part) for part in parts if part)
        self._column.addWidget(self.forms[0])
        if len(self.forms) > 1:
            self._more = Section("More", self.forms[1], opened=False, parent=self)
            self._column.addWidget(self._more)

    def _form(self, settings: Mapping[str, Setting[Any]]) -> SettingsForm:
        form = SettingsForm(settings, {}, self._theme, self)
        form.edited.connect(self.edited)
        form.settled.connect(self.settled)
        return form


def differing(settings: Mapping[str, Setting[Any]], names: object, values: Mapping[str, Any]) -> str:
    """What is not at its default among some settings: "clip_norm 1.0, ema 0.999"."""
    wanted = set(names) if isinstance(names, (tuple, list, dict, set, frozenset)) else set()
    return ", ".join(
        f"{name} {_short(values[name])}"
        for name, setting in settings.items()
        if name in wanted and name in values and values[name] != setting.default
    )


def _short(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:g}" if isinstance(value, float) else str(value)
