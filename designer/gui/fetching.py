"""Fetches a set of OpenML in a thread, tells how far it is, and gives it up where the user says so."""

from __future__ import annotations

import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from designer.gui.mailbox import Mailbox
from designer.own_data.asking import asked
from designer.problems import UserError


class Fetching(QObject):
    """One set at a time, named by its key."""

    progressed = Signal()
    """`done` or `total` changed, or a set begins to be fetched."""
    ended = Signal(str, str)
    """The key of a set, and the sentence why it is not here; empty where it is, or where the user gave it up."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.key = ""
        """The set that is being fetched; empty where none is."""
        self.done = self.total = 0
        """Bytes that are here, and how many there are to be; 0 where that is not known."""
        self._thread: threading.Thread | None = None
        self._given_up = threading.Event()
        self._mailbox = Mailbox(self)
        self._mailbox.came.connect(self._take)

    def fetch(self, key: str) -> None:
        """Fetch a set; nothing happens while another one is being fetched."""
        if self.key:
            return
        self.key, self.done, self.total = key, 0, 0
        self._given_up = given_up = threading.Event()
        self.progressed.emit()
        self._thread = self._mailbox.start(lambda tell: _fetch(key, given_up, tell))

    def cancel(self) -> None:
        """Give up the set that is being fetched; what came of it is thrown away."""
        self._given_up.set()

    def wait(self) -> None:
        """Give up, and wait until the thread is done."""
        self.cancel()
        if self._thread is not None:
            self._thread.join()

    def _take(self, told: tuple[int, int] | str) -> None:
        """How far it is, or that it is over and why."""
        if isinstance(told, tuple):
            self.done, self.total = told
        else:
            key, self.key = self.key, ""
            self.ended.emit(key, told)
        self.progressed.emit()


def _fetch(key: str, given_up: threading.Event, tell: Callable[[tuple[int, int] | str], None]) -> None:
    """Fetch a set; this runs in the other thread."""
    from designer.own_data.openml_fetching import fetch  # polars and numpy take a while to load

    reason = ""
    try:
        for done, total in fetch(asked(key)):
            if given_up.is_set():
                break
            tell((done, total))
    except UserError as error:
        reason = "" if given_up.is_set() else str(error)
    finally:
        tell(reason)
