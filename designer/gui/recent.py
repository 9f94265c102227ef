"""The designs opened last, kept in the settings."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QSettings, Signal

MOST = 12
KEY = "recent"


class Recent(QObject):
    """The paths opened last, newest first; those that are gone are left out."""

    changed = Signal()

    def __init__(self, settings: QSettings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings

    def paths(self) -> tuple[Path, ...]:
        """The designs that still exist."""
        return tuple(path for path in self._kept() if path.is_file())

    def add(self, path: Path) -> None:
        """Put a path first."""
        path = path.absolute()
        others = [old for old in self._kept() if old != path]
        self._store([path, *others][:MOST])

    def clear(self) -> None:
        """Forget them all."""
        self._store([])

    def _kept(self) -> list[Path]:
        return paths_in(self._settings, KEY)

    def _store(self, paths: list[Path]) -> None:
        self._settings.setValue(KEY, [str(path) for path in paths])
        self.changed.emit()


def paths_in(settings: QSettings, key: str) -> list[Path]:
    """A list of paths that is kept in the settings."""
    stored = settings.value(key, [])
    # A list of one text comes back from the file as the text alone.
    texts = [stored] if isinstance(stored, str) else stored if isinstance(stored, list) else []
    return [Path(text) for text in texts if isinstance(text, str) and text]
