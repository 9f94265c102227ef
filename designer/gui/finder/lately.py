"""What was chosen lately, newest first, remembered in the user's settings."""

from __future__ import annotations

from PySide6.QtCore import QSettings

MOST = 8


class Lately:
    """A few names under a key of the settings; without settings, for as long as it lives."""

    def __init__(self, settings: QSettings | None = None, key: str = "") -> None:
        self._settings, self._key = settings, key
        stored = settings.value(key, []) if settings is not None else []
        # A list of one text comes back from the file as the text alone.
        texts = [stored] if isinstance(stored, str) else stored if isinstance(stored, list) else []
        self.names = tuple(text for text in texts if isinstance(text, str) and text)[:MOST]

    def note(self, name: str) -> None:
        """Put a name first."""
        self.names = (name, *(old for old in self.names if old != name))[:MOST]
        if self._settings is not None:
            self._settings.setValue(self._key, list(self.names))
