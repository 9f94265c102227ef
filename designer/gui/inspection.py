"""Asks a process of its own about the user's own layers, one question at a time, and outlives whatever they do."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from designer import protocol
from designer.compiler.checking.custom import crashed, hung
from designer.gui.engine_process import EventProcess
from designer.protocol import Inspect

PATIENCE = 20_000
"""Milliseconds that a layer has to answer."""
UNWANTED = 2000
"""Milliseconds that a layer still has whose code has been changed meanwhile."""
MODULE = "designer.engine.inspect_custom"


class Inspection(QObject):
    """The process, started with the first question; `told` carries an Inspected for each."""

    told = Signal(object)

    def __init__(self, parent: QObject | None = None, patience: int = PATIENCE) -> None:
        super().__init__(parent)
        self._patience = patience
        self._process = EventProcess(MODULE, "own code", self)
        self._process.told.connect(self._hear)
        self._process.ended.connect(self._ended)
        self._ready = False
        self._asked: Inspect | None = None
        self._wanted: dict[str, Inspect] = {}
        self._limit = QTimer(self, singleShot=True)
        self._limit.timeout.connect(self._give_up)

    def ask(self, questions: tuple[Inspect, ...]) -> None:
        """What is to be known now, all else is no longer wanted; runs the code of each layer."""
        self._wanted = {each.key: each for each in questions}
        if self._asked is not None and self._asked.key not in self._wanted:
            self._limit.start(min(self._limit.remainingTime(), UNWANTED))
        self._go_on()

    def shutdown(self) -> None:
        """End the process."""
        self._wanted = {}
        self._drop()

    def _go_on(self) -> None:
        if self._asked is not None or not self._wanted:
            return
        if not self._process.running:
            self._process.start()
        elif self._ready:
            self._asked = next(iter(self._wanted.values()))
            self._process.send(self._asked)
            self._limit.start(self._patience)

    def _hear(self, event: protocol.AnyEvent) -> None:
        if isinstance(event, protocol.Ready):
            self._ready = True
            self._go_on()
        elif isinstance(event, protocol.Inspected):
            self._answer(event)

    def _answer(self, answer: protocol.Inspected) -> None:
        self._limit.stop()
        self._asked = None
        self._wanted.pop(answer.key, None)
        self.told.emit(answer)
        self._go_on()

    def _give_up(self) -> None:
        """The layer did not answer; the next one is asked in a new process."""
        asked = self._asked
        self._drop()
        if asked is not None and asked.key in self._wanted:
            self._answer(hung(asked, self._patience / 1000))
        else:
            self._go_on()

    def _ended(self) -> None:
        """The process is gone: the layer that was asked took it along, or none could be."""
        asked, ready = self._asked, self._ready
        self._drop()
        if asked is not None:
            self._answer(crashed(asked))
        elif not ready:
            for each in tuple(self._wanted.values()):
                self._answer(crashed(each))

    def _drop(self) -> None:
        self._limit.stop()
        self._ready, self._asked = False, None
        self._process.drop()
