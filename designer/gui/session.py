"""The session: which files are open, kept in the settings, so that the next start opens them again."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QSettings

from designer.gui.open_file import OpenFile
from designer.gui.recent import paths_in
from designer.gui.sheet import Sheet

FILES, SHOWN, OPENING = "session/files", "session/shown", "session/opening"
"""The settings' keys for the files in the order of their tabs, for the one that was shown, and for a start that is
under way: one that ended in the middle, as a file may be too large for the machine, is not tried again."""


class Session(QObject):
    """Notes every change of the tabs as it happens, so that a crash loses none of them.

    Designs without a file are not noted: what is unsaved in them comes back by its recovery file.
    """

    def __init__(self, file: OpenFile, settings: QSettings, parent: QObject) -> None:
        super().__init__(parent)
        self._file, self._settings = file, settings
        self._begun = False
        self._waiting: tuple[Path, ...] = ()
        file.opened.connect(self._follow_opened)
        file.sheets.changed.connect(self._follow)

    def begin(self, path: Path | None, hold: bool) -> None:
        """Open what was open last, with a file in front that is asked for.

        With `hold` nothing is opened by itself, as something else is offered first; the rest comes with what is
        chosen there.
        """
        tried = self._settings.value(OPENING, False, bool)
        self._waiting = () if tried else tuple(each for each in paths_in(self._settings, FILES) if each.is_file())
        shown = [each for each in paths_in(self._settings, SHOWN) if each in self._waiting]
        wanted = [path] if path is not None else [] if hold else [*shown, *self._waiting]
        self._settings.setValue(OPENING, bool(self._waiting))
        self._settings.sync()
        for each in wanted:
            if self._file.open(each):
                break
        self._settings.setValue(OPENING, False)

    def end(self, shown: Sheet) -> None:
        """The program ends; this design was the one that was shown. Where none was opened, the old session stays."""
        if self._begun:
            self._note(shown)
        self._begun = False

    def _follow_opened(self) -> None:
        """The first design is open: the others stand behind it, in the order that they had."""
        if self._begun:
            return
        self._begun = True
        sheets, front = self._file.sheets, self._file.workspace.sheet
        known = [sheets.at(path) or self._file.open_behind(path) for path in self._waiting]
        sheets.arrange([sheet for sheet in known if sheet is not None])
        self._note(front)

    def _follow(self) -> None:
        if self._begun:
            self._note(self._file.workspace.sheet)

    def _note(self, shown: Sheet) -> None:
        paths = [str(each.path.absolute()) for each in self._file.sheets.all if each.path is not None]
        there = [str(shown.path.absolute())] if shown.path is not None else []
        for key, value in ((FILES, paths), (SHOWN, there)):
            if self._settings.value(key) != value:
                self._settings.setValue(key, value)
