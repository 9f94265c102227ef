"""Which keys each action has: its own at first, those that the user chose from then on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QObject, QSettings
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QWidget

from designer.gui.actions import Actions, Row
from designer.gui.canvas.mouse_words import RESERVED
from designer.gui.key_names import write_keys

GROUP = "shortcuts"
PORTABLE, NATIVE = QKeySequence.SequenceFormat.PortableText, QKeySequence.SequenceFormat.NativeText


def plain_title(row: Row) -> str:
    """An action's title without its mnemonic and its dots, behind the name of the submenu that it needs to be clear."""
    return f"{row.within}{row.title}".replace("&", "").rstrip("…")


@dataclass(frozen=True, slots=True)
class Conflict:
    """Why an action cannot have some keys: another one has them, or they are taken for good."""

    sentence: str
    owner: Row | None = None


class Shortcuts(QObject):
    """The keys of all actions; what differs from the rows is kept in the settings and taken at the start."""

    def __init__(self, actions: Actions, settings: QSettings) -> None:
        super().__init__(actions)
        self._actions, self._settings = actions, settings
        self.rows: Mapping[str, Row] = {row.id: row for row in actions.rows}
        self._take_stored()

    def write_names(self) -> None:
        """Name the keys that actions have now wherever the window names them."""
        if isinstance(window := self._actions.parent(), QWidget):
            write_keys(window, self.text)

    def keys(self, name: str) -> QKeySequence:
        """The keys that an action has now; none where it has none."""
        return self._actions[name].shortcut()

    def text(self, name: str) -> str:
        """Those keys, as this system writes them."""
        return self.keys(name).toString(NATIVE)

    def is_default(self, name: str) -> bool:
        """Whether an action has the keys it came with."""
        return self.keys(name) == QKeySequence(self.rows[name].shortcut)

    def conflict(self, name: str, keys: QKeySequence) -> Conflict | None:
        """Why an action cannot have these keys; None where it can."""
        written = keys.toString(PORTABLE)
        if written in RESERVED:
            return Conflict(f"{keys.toString(NATIVE)} {RESERVED[written]}. Press other keys.")
        owner = self._owner(keys, name)
        if owner is None:
            return None
        title = plain_title(owner)
        return Conflict(f"{keys.toString(NATIVE)} belongs to “{title}”. Press other keys, or take them from it.", owner)

    def _owner(self, keys: QKeySequence, but: str) -> Row | None:
        """The action that has keys already; whatever the focus, one key does one thing."""
        if keys.isEmpty():
            return None
        return next((row for row in self.rows.values() if row.id != but and self.keys(row.id) == keys), None)

    def give(self, name: str, keys: QKeySequence) -> Conflict | None:
        """Let an action have other keys, or none; where they are another's, nothing changes."""
        conflict = self.conflict(name, keys)
        if conflict is None:
            self._set(name, keys)
            self._refresh()
        return conflict

    def take(self, name: str, keys: QKeySequence) -> None:
        """Let an action have the keys of another one, which has none then."""
        owner = self._owner(keys, name)
        if owner is not None:
            self._set(owner.id, QKeySequence())
        self.give(name, keys)

    def reset(self, name: str) -> Conflict | None:
        """Give an action back the keys it came with, unless another one has them."""
        return self.give(name, QKeySequence(self.rows[name].shortcut))

    def reset_all(self) -> None:
        """Give every action the keys it came with."""
        for name, row in self.rows.items():
            self._set(name, QKeySequence(row.shortcut))
        self._refresh()

    def _refresh(self) -> None:
        self._actions.refresh()
        self.write_names()

    def _set(self, name: str, keys: QKeySequence) -> None:
        self._actions[name].setShortcut(keys)
        if self.is_default(name):
            self._settings.remove(f"{GROUP}/{name}")
        else:
            self._settings.setValue(f"{GROUP}/{name}", keys.toString(PORTABLE))

    def _take_stored(self) -> None:
        self._settings.beginGroup(GROUP)
        stored = {name: self._settings.value(name) for name in self._settings.childKeys()}
        self._settings.endGroup()
        for name, written in stored.items():
            if name in self.rows and isinstance(written, str):
                self._actions[name].setShortcut(QKeySequence(written, PORTABLE))
        for name in stored.keys() & self.rows.keys():
            # A later version may have given its keys to an action that is new: what the user chose stands.
            owner = self._owner(self.keys(name), name)
            if owner is not None and owner.id not in stored:
                self._actions[owner.id].setShortcut(QKeySequence())
