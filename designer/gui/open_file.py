"""The open file: new, open, save, the question about unsaved changes, and the files opened last."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QSettings, Signal
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from designer.compiler.project import open_design
from designer.graph.document import Document
from designer.gui.file_watch import FileWatch
from designer.gui.recent import Recent
from designer.gui.sheet import Sheet
from designer.gui.sheets import Sheets
from designer.gui.workspace import Workspace
from designer.problems import UserError

SUFFIX = ".netwright"
FILTER = "Netwright designs (*.netwright)"
FOLDER = "folder"
"""The settings' key for the folder used last."""


class OpenFile(QObject):
    """Brings designs in and out of the workspace; asks before something unsaved is lost."""

    opened = Signal()
    """A design, new or from a file, is open now."""
    failed = Signal(str)
    """One sentence why a file was not opened or saved; the open design is as it was."""
    held_back = Signal()
    """Saving would replace what another program wrote; nothing is written until that is answered."""

    def __init__(self, workspace: Workspace, settings: QSettings, window: QWidget) -> None:
        super().__init__(window)
        self.workspace, self._settings, self._window = workspace, settings, window
        self.recent = Recent(settings, self)
        self.sheets = Sheets(workspace)
        self.watch = FileWatch(workspace, self)

    @property
    def title(self) -> str:
        """What the design is called: its file's name, or its own."""
        path = self.workspace.path
        return path.stem if path is not None else self.workspace.document.name or "Untitled"

    def new(self) -> None:
        """Begin an empty design."""
        if self.may_leave():
            self.workspace.new()
            self.opened.emit()

    def new_tab(self) -> None:
        """Begin an empty design beside those that are open."""
        self.workspace.new(beside=True)
        self.opened.emit()

    def open(self, path: Path | None = None) -> bool:
        """Open a file, asking which where no path is given; one that is open already is shown."""
        path = path or self._ask_open()
        if path is None:
            return False
        known = self.sheets.at(path)
        if known is not None:
            self.sheets.show(known)
            self._remember(path)
            return True
        return self._opened(path, copy=False)

    def open_sample(self, path: Path) -> bool:
        """Open a copy of a sample, which has no file of its own."""
        return self._opened(path, copy=True)

    def begin(self, document: Document, label: str) -> None:
        """Begin with a design that somebody else made, beside those that are open; it has no file yet."""
        self.workspace.new(beside=not self.sheets.blank)
        self.workspace.commit_whole(lambda _: document, label)
        self.opened.emit()

    def _opened(self, path: Path, copy: bool) -> bool:
        """Open a file beside the designs that are open, or in place of one that was never touched."""
        beside = not self.sheets.blank
        try:
            if copy:
                self.workspace.open_copy(path, beside)
            else:
                self.workspace.open(path, beside)
        except UserError as error:
            self.failed.emit(str(error))
            return False
        if not copy:
            self._remember(path)
        self.opened.emit()
        return True

    def open_behind(self, path: Path) -> Sheet | None:
        """Open a file without showing it; None, after saying why, where it cannot be read."""
        known = self.watch.look_at(path)
        try:
            sheet = Sheet.of(open_design(path), path)
        except UserError as error:
            self.failed.emit(str(error))
            return None
        self.watch.expect(sheet, known)
        self.sheets.add(sheet)
        return sheet

    def close_tab(self, sheet: Sheet | None = None) -> bool:
        """Close one of several designs, the one that is shown where none is named, after asking; False for the last."""
        sheet = sheet or self.workspace.sheet
        if not self.sheets.several:
            return False
        if sheet in self.sheets.modified():
            # What is asked about must be seen.
            self.sheets.show(sheet)
            if not self.may_leave():
                return True
        self.sheets.drop(sheet)
        return True

    def may_leave_all(self) -> bool:
        """Whether the program may end: the user is asked about each design with something to save."""
        for sheet in self.sheets.modified():
            self.sheets.show(sheet)
            if not self.may_leave():
                return False
        return True

    def save(self) -> bool:
        """Save where the design came from; asks for a place where it came from none."""
        path = self.workspace.path
        return self._save(path) if path is not None else self.save_as()

    def save_as(self) -> bool:
        """Save in a file to choose."""
        path = self.ask_save("Save the design", FILTER, SUFFIX)
        return path is not None and self._save(path)

    def _save(self, path: Path) -> bool:
        if path == self.workspace.path and self.watch.differs():
            self.held_back.emit()
            return False
        try:
            self.workspace.save(path)
        except UserError as error:
            self.failed.emit(str(error))
            return False
        self._remember(path)
        return True

    def may_leave(self) -> bool:
        """Whether the open design may be left: nothing is unsaved, or the user saved or discarded it."""
        if not self.workspace.modified:
            return True
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle("Netwright")
        box.setText(f"Save the changes to {self.title}?")
        box.setInformativeText("They are lost otherwise.")
        button = QMessageBox.StandardButton
        box.setStandardButtons(button.Save | button.Discard | button.Cancel)
        box.setDefaultButton(button.Save)
        answer = box.exec()
        box.deleteLater()
        if answer == button.Save:
            return self.save()
        return answer == button.Discard

    def _ask_open(self) -> Path | None:
        name, _ = QFileDialog.getOpenFileName(self._window, "Open a design", self.folder, FILTER)
        return Path(name) if name else None

    def ask_save(self, title: str, kinds: str, suffix: str) -> Path | None:
        """Ask for a file to write; the suffix is added where it is missing."""
        proposed = str(Path(self.folder) / f"{self.title}{suffix}")
        name, _ = QFileDialog.getSaveFileName(self._window, title, proposed, kinds)
        if not name:
            return None
        path = Path(name)
        path = path if path.suffix else path.with_suffix(suffix)
        self._settings.setValue(FOLDER, str(path.parent))
        return path

    @property
    def folder(self) -> str:
        """Where a file is looked for first."""
        path = self.workspace.path
        return str(path.parent) if path is not None else str(self._settings.value(FOLDER, str(Path.home())))

    def _remember(self, path: Path) -> None:
        self.recent.add(path)
        self._settings.setValue(FOLDER, str(path.absolute().parent))


def dropped(event: QDropEvent) -> Path | None:
    """The first design among what is dragged."""
    paths = (Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile())
    return next((path for path in paths if path.suffix == SUFFIX), None)
