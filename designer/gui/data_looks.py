"""Asks a process of its own for looks at examples, so that neither the window nor a training waits for them."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from designer import protocol
from designer.gui.engine_process import EventProcess
from designer.protocol import Look, Looked

MODULE = "designer.engine.looking"
IDLE = 120_000
"""Milliseconds after which a process that nobody asks gives its memory back."""
UNWANTED = 2000
"""Milliseconds that a look has to end when nobody waits for it any more."""
DIED = "The data could not be looked at: the process that reads it ended. It may be larger than the memory."


class DataLooks(QObject):
    """The process, started with the first question; `told` carries a Looked for each key that asks.

    Of several questions under one key only the last is answered.
    """

    told = Signal(object)

    def __init__(self, parent: QObject | None = None, idle: int = IDLE) -> None:
        super().__init__(parent)
        self._process = EventProcess(MODULE, "looking", self)
        self._process.told.connect(self._hear)
        self._process.ended.connect(self._ended)
        self._asked: Look | None = None
        self._wanted: dict[str, Look] = {}
        self._over = False
        self._idle = QTimer(self, singleShot=True, interval=idle)
        self._idle.timeout.connect(self._drop)
        self._unwanted = QTimer(self, singleShot=True, interval=UNWANTED)
        self._unwanted.timeout.connect(self._begin_anew)

    @property
    def running(self) -> bool:
        """Whether there is a process."""
        return self._process.running

    def ask(self, look: Look) -> None:
        """Ask for a look; a question under the same key that was not answered yet is forgotten."""
        self._wanted[look.key] = look
        self._weigh()
        self._go_on()

    def forget(self, key: str) -> None:
        """Nobody waits for the answers to a key any more."""
        self._wanted.pop(key, None)
        self._weigh()

    def _weigh(self) -> None:
        """A look that nobody waits for must not keep the others waiting for long."""
        if self._asked is not None and self._asked not in self._wanted.values() and not self._unwanted.isActive():
            self._unwanted.start()

    def _begin_anew(self) -> None:
        self._drop()
        self._go_on()

    def shutdown(self) -> None:
        """End the process, for good."""
        self._over = True
        self._wanted = {}
        self._drop()

    def _go_on(self) -> None:
        if self._asked is not None or not self._wanted or self._over:
            return
        if not self._process.running:
            self._process.start()
        self._idle.stop()
        self._asked = next(iter(self._wanted.values()))
        self._process.send(self._asked)

    def _hear(self, event: protocol.AnyEvent) -> None:
        if isinstance(event, Looked):
            self._answer(event)

    def _answer(self, answer: Looked) -> None:
        asked, self._asked = self._asked, None
        self._unwanted.stop()
        if asked is not None and self._wanted.get(asked.key) is asked:
            del self._wanted[asked.key]
            self.told.emit(answer)
        self._go_on()
        if self._asked is None:
            self._idle.start()

    def _ended(self) -> None:
        """The process is gone: what was asked took it along, or it never came up."""
        asked = self._asked
        self._drop()
        if asked is not None:
            self._asked = asked
            self._answer(Looked(asked.key, problem=DIED))

    def _drop(self) -> None:
        self._idle.stop()
        self._unwanted.stop()
        self._asked = None
        self._process.drop()
