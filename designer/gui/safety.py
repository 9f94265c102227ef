"""Nothing is ever lost: recovery files while one works, what a crash left behind, files that others change."""

from __future__ import annotations

from PySide6.QtCore import QObject

from designer.graph.recovery import Lost, Slot, clean, lost
from designer.gui.comparison import Compared
from designer.gui.message_bar import MessageBar
from designer.gui.open_file import OpenFile
from designer.gui.recovered import said
from designer.gui.recovery import Recovery, recovery_folder
from designer.gui.start_page import StartPage
from designer.problems import UserError


class Safety(QObject):
    """Between the open file, the recovery files, the start page and the bar."""

    def __init__(
        self, file: OpenFile, compared: Compared, messages: MessageBar, start: StartPage, parent: QObject
    ) -> None:
        super().__init__(parent)
        self.file, self.compared, self.messages, self.start = file, compared, messages, start
        self.recovery = Recovery(file.workspace, recovery_folder(), self)
        self._lost: tuple[Lost, ...] = ()
        self.recovery.failed.connect(messages.warn)
        file.opened.connect(self._tell_of_lost)
        file.watch.changed.connect(self._tell_of_change)
        file.watch.unreadable.connect(self._tell_of_bad_file)
        file.watch.gone.connect(self._tell_of_gone_file)
        compared.changed.connect(self._ask_again)
        compared.failed.connect(messages.warn)
        file.held_back.connect(self._tell_held_back)
        start.recovered.open_wanted.connect(self.recover)
        start.recovered.discard_wanted.connect(self._discard)
        clean(self.recovery.folder)
        self.offer()

    def offer(self) -> None:
        """Show on the start page what was lost."""
        self._lost, sentences = lost(self.recovery.folder)
        self.start.recovered.show_all(self._lost, sentences)

    @property
    def offering(self) -> bool:
        """Whether the start page offers what was lost."""
        return bool(self._lost)

    def recover(self, found: Lost) -> bool:
        """Open a lost design, as unsaved changes of the file that it belongs to."""
        if not self.file.may_leave():
            return False
        slot = Slot.take(found.file)
        if slot is None or not found.file.exists():
            self.messages.warn(f"{found.name} was recovered in another window. Go on there.")
            self.offer()
            return False
        self.file.workspace.recover(found.document, found.origin.path, found.origin.place)
        self.recovery.adopt(slot)
        self._lost = tuple(each for each in self._lost if each is not found)
        self.start.recovered.show_all(self._lost, ())
        self.file.opened.emit()
        return True

    def _discard(self, found: Lost) -> None:
        found.discard()
        self.offer()
        self.messages.tell(f"The unsaved changes of {found.name} are discarded.", "Undo", lambda: self._keep(found))

    def _keep(self, found: Lost) -> None:
        found.keep()
        self.offer()

    def _tell_of_lost(self) -> None:
        """The file that was just opened was being edited when the program ended: who opens it wants to know."""
        path = self.file.workspace.path
        found = next((each for each in self._lost if path is not None and each.origin.path == path.absolute()), None)
        if found is not None and not self.file.workspace.modified:
            self.messages.ask(
                f"Netwright ended without saving {found.name}; its last edit, {said(found.time)}, is kept.",
                ("Open what was unsaved", lambda: self.recover(found)),
                ("Discard", lambda: self._discard(found)),
            )

    # What other programs do to the open file.

    def _tell_of_change(self) -> None:
        mine = " Reload takes its version; Undo brings yours back." if self.file.workspace.modified else ""
        self.messages.ask(
            f"{self._file} was changed by another program since you opened it.{mine}",
            ("Reload", self.reload), ("Compare", self.compare), ("Keep mine", self.keep_mine),
        )  # fmt: skip

    def _tell_held_back(self) -> None:
        self.messages.ask(
            f"{self._file} was changed by another program since you opened it. Saving would replace its version.",
            ("Replace it", self.replace), ("Reload", self.reload), ("Compare", self.compare))  # fmt: skip

    def _tell_of_bad_file(self, sentence: str) -> None:
        self.messages.ask(f"{self._file} was changed by another program. {sentence} What you have here is unharmed.",
                          ("Keep mine", self.keep_mine))  # fmt: skip

    def _tell_of_gone_file(self) -> None:
        sentence = f"{self._file} was taken away by another program. Saving writes it again."
        self.messages.ask(sentence, ("Save", self.file.save))

    @property
    def _file(self) -> str:
        path = self.file.workspace.path
        return path.name if path is not None else ""

    def reload(self) -> None:
        """Take what the other program wrote, as an edit."""
        try:
            self.file.workspace.reload(self.file.watch.read())
        except UserError as error:
            self.messages.warn(str(error))

    def compare(self) -> None:
        """Show what differs from the file; the question comes again when that ends."""
        try:
            self.compared.begin(self.file.watch.read(), f"{self._file} on disk")
        except UserError as error:
            self.messages.warn(str(error))

    def _ask_again(self) -> None:
        if not self.compared.active and self.file.watch.differs():
            self._tell_of_change()

    def keep_mine(self) -> None:
        """Stay with what is here; the next save replaces what the other program wrote, which undo can still reach."""
        try:
            self.file.workspace.keep_mine(self.file.watch.read())
        except UserError:
            # What cannot be read cannot be kept among the steps either; that was said before it was asked.
            self.file.watch.accept()

    def replace(self) -> None:
        """Save over what the other program wrote."""
        self.keep_mine()
        self.file.save()

    def close(self) -> None:
        """The window ends, with everything saved or given up."""
        self.recovery.close()
