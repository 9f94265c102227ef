"""The processes of the engine: the worker that trains, and those that look at data and at the user's own code."""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, Signal

from designer import protocol

log = logging.getLogger(__name__)


def engine_process(parent: QObject) -> QProcess:
    """A process that finds this very program, wherever it was started."""
    process = QProcess(parent)
    environment = QProcessEnvironment.systemEnvironment()
    home = str(Path(__file__).resolve().parents[2])
    known = environment.value("PYTHONPATH", "")
    environment.insert("PYTHONPATH", os.pathsep.join([home, known] if known else [home]))
    process.setProcessEnvironment(environment)
    return process


def start(process: QProcess, module: str) -> None:
    """Runs a module of the engine in the process."""
    # -P: a folder called "designer" or "torch" where the program was started must not be taken instead.
    process.start(sys.executable, ["-P", "-m", module])


class EventProcess(QObject):
    """A process of the program's own that reads requests and tells events, one JSON object a line."""

    told = Signal(object)
    """An event."""
    ended = Signal()
    """The process is gone by itself, or it never came up."""

    def __init__(self, module: str, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._module, self._name = module, name
        self._process: QProcess | None = None
        self._rest = b""

    @property
    def running(self) -> bool:
        """Whether there is a process."""
        return self._process is not None

    @property
    def id(self) -> int:
        """The process id; 0 where there is no process."""
        return int(self._process.processId()) if self._process is not None else 0

    def start(self) -> None:
        """Begin the process."""
        process = self._process = engine_process(self)
        process.readyReadStandardOutput.connect(self._read)
        process.readyReadStandardError.connect(self._read_log)
        process.finished.connect(self._end)
        process.errorOccurred.connect(self._fail)
        start(process, self._module)

    def send(self, request: protocol.Request) -> None:
        """Write a request; what is written before the process listens waits in its pipe."""
        if self._process is not None:
            self._process.write(protocol.encode(request))

    def drop(self) -> None:
        """End the process, whatever it does; nothing more is told of it."""
        process, self._process = self._process, None
        self._rest = b""
        if process is not None:
            process.blockSignals(True)
            process.kill()
            process.waitForFinished(2000)
            process.deleteLater()

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
            self.told.emit(event)

    def _read_log(self) -> None:
        if self._process is not None:
            for line in bytes(self._process.readAllStandardError().data()).decode(errors="replace").splitlines():
                log.info("%s: %s", self._name, line)

    def _end(self) -> None:
        self._read()
        self.ended.emit()

    def _fail(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self.ended.emit()
