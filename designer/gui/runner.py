"""Keeps the worker process: starts it after the window shows, talks to it, and outlives its death."""

from __future__ import annotations

import logging
from enum import StrEnum

import msgspec
from PySide6.QtCore import QObject, QProcess, QTimer, Signal

from designer import protocol
from designer.gui.engine_process import engine_process, start
from designer.problems import Problem

PATIENCE = 2000
"""Milliseconds that a run has to end after Stop before its worker is killed."""

Question = protocol.Evaluate | protocol.Samples | protocol.Predict
"""What is asked about trained runs."""

log = logging.getLogger(__name__)


class State(StrEnum):
    """What the worker is doing."""

    OFF = "off"
    STARTING = "starting"
    IDLE = "idle"
    TRAINING = "training"
    PAUSED = "paused"
    STOPPING = "stopping"


BUSY = frozenset({State.TRAINING, State.PAUSED, State.STOPPING})


class Runner(QObject):
    """The worker process as the window sees it: requests go in, `told` carries what it says."""

    told = Signal(object)
    """A protocol event; a worker that died during a run is told as Failed."""
    state_changed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.state = State.OFF
        self.ready: protocol.Ready | None = None
        self.run = ""
        """The folder of the run under way, or of the last one."""
        self.can_go_on = False
        """Whether the worker still holds the last run, so that `more` can go on with it."""
        self._waiting: list[protocol.Request] = []
        self._rest = b""
        self._exporting = False
        self._asked: list[Question] = []
        """Questions that wait for their answers, in order."""
        self._over = False
        self._process = self._new_process()
        self._deadline = QTimer(self, singleShot=True, interval=PATIENCE)
        self._deadline.timeout.connect(self._kill)

    def start(self) -> None:
        """Start the worker if it is not there."""
        if self.state is State.OFF and not self._over:
            self._become(State.STARTING)
            start(self._process, "designer.engine")

    def train(self, request: protocol.Train) -> None:
        """Begin a run; a worker that is still starting gets it as soon as it is there."""
        self.run, self.can_go_on = request.folder, False
        self._send(request)
        self._become(State.TRAINING)

    def more(self, epochs: int = 1) -> None:
        """Go on with the run that finished last, where the worker still holds it."""
        if not self.can_go_on or self.state in BUSY:
            return
        self.can_go_on = False
        self._send(protocol.More(epochs))
        self._become(State.TRAINING)

    def pause(self) -> None:
        """Hold the run."""
        if self.state is State.TRAINING:
            self._send(protocol.Pause())

    def resume(self) -> None:
        """Go on with a paused run."""
        if self.state is State.PAUSED:
            self._send(protocol.Resume())

    def step_once(self) -> None:
        """Do one step of a paused run."""
        if self.state is State.PAUSED:
            self._send(protocol.StepOnce())

    def change_rate(self, rate: float) -> None:
        """Let the run go on with another learning rate."""
        if self.state in (State.TRAINING, State.PAUSED):
            self._send(protocol.ChangeRate(rate))

    def stop(self) -> None:
        """End the run; a worker that does not listen is killed and started afresh."""
        if self.state not in (State.TRAINING, State.PAUSED):
            return
        if self.ready is None:
            self._waiting = [request for request in self._waiting if not isinstance(request, protocol.Train)]
            self._become(State.STARTING)
            self.told.emit(_stopped(self.run))
            return
        self._send(protocol.Stop())
        self._become(State.STOPPING)
        self._deadline.start()

    def histograms(self, node: str) -> None:
        """Ask how a layer's weights and gradients are spread; Distributions tells, where the worker holds the run."""
        if self.state in (State.TRAINING, State.PAUSED) or (self.state is State.IDLE and self.can_go_on):
            self._send(protocol.Histograms(node))

    def find_rate(self, request: protocol.FindRate) -> None:
        """Try learning rates, after the run under way; RateFound tells how it went."""
        self._send(request)

    def leave_off(self) -> None:
        """End the search for a learning rate early."""
        if self.state is State.IDLE:
            self._send(protocol.Stop())

    def export_onnx(self, request: protocol.Onnx) -> None:
        """Write an ONNX file; Exported, or Failed without a run, tells how it went."""
        self._exporting = True
        self._send(request)

    def ask(self, request: Question) -> None:
        """Ask about a trained run; the answer, or why there is none, is told when the run under way is over."""
        self._asked.append(request)
        self._send(request)

    def probe(self, request: protocol.Probe) -> None:
        """Send an example through a network; Values tells what became of it, during a run too."""
        self._send(request)

    def vary(self, request: protocol.Vary) -> None:
        """Change some training pictures; Varied tells what they became, after the run under way."""
        self._send(request)

    def shutdown(self) -> None:
        """End the worker with the window, for good: it is not started again."""
        self._over = True
        self._deadline.stop()
        self._process.blockSignals(True)
        self._process.closeWriteChannel()
        # One that is still loading torch does not listen yet.
        patience = 500 if self.ready is not None else 0
        if self._process.state() != QProcess.ProcessState.NotRunning and not self._process.waitForFinished(patience):
            self._process.kill()
            self._process.waitForFinished(PATIENCE)
        self._become(State.OFF)

    @property
    def process_id(self) -> int:
        """The worker's process id; 0 while there is none."""
        return int(self._process.processId())

    def _new_process(self) -> QProcess:
        process = engine_process(self)
        process.readyReadStandardOutput.connect(self._read)
        process.readyReadStandardError.connect(self._read_log)
        process.finished.connect(self._ended)
        process.errorOccurred.connect(self._failed_to_start)
        return process

    def _send(self, request: protocol.Request) -> None:
        if self.ready is None:
            self._waiting.append(request)
            self.start()
        else:
            self._process.write(protocol.encode(request))

    def _become(self, state: State) -> None:
        if state is not self.state:
            self.state = state
            self.state_changed.emit(state)

    def _read(self) -> None:
        *lines, self._rest = (self._rest + self._process.readAllStandardOutput().data()).split(b"\n")
        for line in lines:
            try:
                event = protocol.decode_event(line)
            except msgspec.DecodeError:
                log.error("The worker said something that is no event: %r", line[:200])
                continue
            self._follow(event)
            self.told.emit(event)

    def _follow(self, event: protocol.AnyEvent) -> None:
        match event:
            case protocol.Ready():
                self.ready = event
                waiting, self._waiting = self._waiting, []
                for request in waiting:
                    self._send(request)
                if self.state is State.STARTING:
                    self._become(State.IDLE)
            case protocol.Paused() if self.state is State.TRAINING:
                self._become(State.PAUSED)
            case protocol.Stopping():
                self._deadline.stop()  # it listens, and may need a while to save large weights
            case protocol.Resumed() if self.state is State.PAUSED:
                self._become(State.TRAINING)
            case protocol.Finished():
                self.can_go_on = True
                self._rest_again()
            case protocol.Failed(run=run) if run:
                self._rest_again()
            case protocol.Evaluated() | protocol.Sampled() | protocol.Predicted():
                del self._asked[:1]
            case protocol.Failed() | protocol.Exported():
                self._exporting = False

    def _rest_again(self) -> None:
        self._deadline.stop()
        if self.state in BUSY:
            self._become(State.IDLE)

    def _read_log(self) -> None:
        for line in bytes(self._process.readAllStandardError().data()).decode(errors="replace").splitlines():
            log.info("worker: %s", line)

    def _kill(self) -> None:
        log.info("The worker did not stop in time and is started afresh.")
        self._process.kill()

    def _ended(self) -> None:
        """The worker is gone, whatever the reason; a new one takes its place, unless it never came up."""
        self._read()
        was, came_up, exporting, asked = self.state, self.ready is not None, self._exporting, self._asked
        self._forget_worker()
        self._process.deleteLater()
        self._process = self._new_process()
        self._become(State.OFF)
        for request in asked:
            self.told.emit(_unanswered(request, _died() if came_up else _no_start()))
        if not came_up:
            self.told.emit(protocol.Failed(_no_start(), self.run))
            return
        if was in (State.TRAINING, State.PAUSED):
            self.told.emit(protocol.Failed(_died(), self.run))
        elif was is State.STOPPING:
            self.told.emit(_stopped(self.run))
        if exporting:
            self.told.emit(protocol.Failed(_died()))
        self.start()

    def _forget_worker(self) -> None:
        """What was asked of a worker is gone with it: asked again, it might only end the next one."""
        self.ready, self._rest, self.can_go_on = None, b"", False
        self._exporting = False
        self._asked = []
        self._waiting.clear()
        self._deadline.stop()

    def _failed_to_start(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            asked = self._asked
            self._forget_worker()
            self._become(State.OFF)
            for request in asked:
                self.told.emit(_unanswered(request, _no_start()))
            self.told.emit(protocol.Failed(_no_start(), self.run))


def _no_start() -> Problem:
    return Problem(
        "worker-start",
        "The training process cannot be started.",
        "Check the installation: python -m designer.engine must run.",
    )


def _stopped(run: str) -> protocol.Finished:
    """What is told of a run whose worker could not tell it itself."""
    return protocol.Finished(0, 0.0, {}, run, stopped=True)


def _unanswered(request: Question, problem: Problem) -> protocol.AnyEvent:
    """What is told in place of an answer by a worker that is gone."""
    match request:
        case protocol.Evaluate():
            return protocol.Evaluated(request.folder, request.split, problem=problem)
        case protocol.Samples():
            cell = (request.folder, request.split, request.output, request.true, request.predicted)
            return protocol.Sampled(*cell, problem=problem)
    return protocol.Predicted(request.folder, problem=problem)


def _died() -> Problem:
    return Problem(
        "worker-died",
        "The training process ended unexpectedly; what it saved so far is in the run's folder.",
        "Try again. If it happens at the same place, take a smaller batch_size: memory may have run out.",
    )
