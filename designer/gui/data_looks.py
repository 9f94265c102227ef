"""Asks a process of its own for looks at examples, so that neither the window nor a training waits for them."""

from __future__ import annotations

import logging

import msgspec
from PySide6.QtCore import QObject, QProcess, QTimer, Signal

from designer import protocol
from designer.gui.engine_process import engine_process, start
from designer.protocol import Look, Looked

MODULE = "designer.engine.looking"
IDLE = 120_000
"""Milliseconds after which a process that nobody asks gives its memory back."""
UNWANTED = 2000
"""Milliseconds that a look has to end when nobody waits for it any more."""
DIED = "The data could not be looked at: the process that reads it ended. It may be larger than the memory."

log = logging.getLogger(__name__)


class DataLooks(QObject):
    """The process, started with the first question; `told` carries a Looked for each key that asks.

    Of several questions under one key only the last is answered.
    """

    told = Signal(object)

    def __init__(self, parent: QObject | None = None, idle: int = IDLE) -> None:
        super().__init__(parent)
        self._process: QProcess | None = None
        self._asked: Look | None = None
        self._wanted: dict[str, Look] = {}
        self._rest = b""
        self._over = False
        self._idle = QTimer(self, singleShot=True, interval=idle)
        self._idle.timeout.connect(self._drop)
        self._unwanted = QTimer(self, singleShot=True, interval=UNWANTED)
        self._unwanted.timeout.connect(self._begin_anew)

    @property
    def running(self) -> bool:
        """Whether there is a process."""
        return self._process is not None

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
        if self._process is None:
            self._start()
        self._idle.stop()
        self._asked = next(iter(self._wanted.values()))
        if self._process is not None:
            # What is written before the process listens waits in its pipe.
            self._process.write(protocol.encode(self._asked))

    def _start(self) -> None:
        process = self._process = engine_process(self)
        process.readyReadStandardOutput.connect(self._read)
        process.readyReadStandardError.connect(self._read_log)
        process.finished.connect(self._ended)
        process.errorOccurred.connect(self._failed_to_start)
        start(process, MODULE)

    def _read(self) -> None:
        if self._process is None:
            return
        *lines, self._rest = (self._rest + self._process.readAllStandardOutput().data()).split(b"\n")
        for line in lines:
            try:
                event = protocol.decode_event(line)
            except msgspec.DecodeError:
                log.error("The process said something that is no event: %r", line[:200])
                continue
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
        self._read()
        asked = self._asked
        self._drop()
        if asked is not None:
            self._asked = asked
            self._answer(Looked(asked.key, problem=DIED))

    def _failed_to_start(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self._ended()

    def _drop(self) -> None:
        self._idle.stop()
        self._unwanted.stop()
        process, self._process = self._process, None
        self._asked, self._rest = None, b""
        if process is not None:
            process.blockSignals(True)
            process.kill()
            process.waitForFinished(2000)
            process.deleteLater()

    def _read_log(self) -> None:
        if self._process is not None:
            for line in bytes(self._process.readAllStandardError().data()).decode(errors="replace").splitlines():
                log.info("looking: %s", line)
