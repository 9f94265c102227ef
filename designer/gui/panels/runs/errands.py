"""Does what takes long in another thread, and hands the result, or the sentence why there is none, to the window's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from designer.gui.mailbox import Mailbox
from designer.problems import UserError

Then = Callable[[Any], object]


class Errands(QObject):
    """Runs errands side by side; each answer goes to whoever sent it."""

    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._mailbox = Mailbox(self)
        self._mailbox.came.connect(self._answer)

    def send(self, errand: Callable[[], Any], then: Then) -> None:
        """Do `errand` in another thread, and `then` with its result in this one; `failed` tells a UserError."""

        def work(tell: Callable[[Any], None]) -> None:
            try:
                found: Any = errand()
            except UserError as error:
                found = error
            tell((then, found))

        self._mailbox.start(work)

    def _answer(self, answer: tuple[Then, Any]) -> None:
        then, found = answer
        if isinstance(found, UserError):
            self.failed.emit(str(found))
        else:
            then(found)
