"""Completes the name of a variable while a formula is typed into a field."""

from __future__ import annotations

import re
from collections.abc import Iterable

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QStringListModel, Qt
from PySide6.QtWidgets import QCompleter, QLineEdit

from designer.graph.formulas import SIGN

NOTHING = "\0"
"""No name begins so."""


class NameCompleter(QCompleter):
    """Offers the names that begin with the word before the cursor, once the text has an "=" in it."""

    def __init__(self, line: QLineEdit) -> None:
        super().__init__(line)
        self._line = line
        self._names: tuple[str, ...] = ()
        self._model = QStringListModel(self)
        self.setModel(self._model)
        self.setCaseSensitivity(Qt.CaseSensitivity.CaseSensitive)

    def offer(self, names: Iterable[str]) -> None:
        """The names there are."""
        names = tuple(sorted(names))
        if names != self._names:
            self._names = names
            self._model.setStringList(list(names))

    def splitPath(self, text: str) -> list[str]:
        """The word to complete; nothing where the name stands there already."""
        word = self._word(text)
        return [word if word and word not in self._names else NOTHING]

    def pathFromIndex(self, index: QModelIndex | QPersistentModelIndex) -> str:
        """The whole text with the name in the place of the word."""
        text, cursor = self._line.text(), self._line.cursorPosition()
        start = cursor - len(self._word(text))
        return f"{text[:start]}{index.data()}{text[cursor:]}"

    def _word(self, text: str) -> str:
        before = text[: self._line.cursorPosition()]
        found = re.search(r"(?<![\w.])[A-Za-z_]\w*$", before)
        return found[0] if SIGN in before and found is not None else ""
