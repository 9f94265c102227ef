"""The worker process: requests come in on stdin, events go out on stdout, one JSON object a line.

One thread reads; the main thread works. Whatever else prints to stdout, in torch or in a library, goes to stderr, so
that it cannot break a line. The end of stdin ends the process at once: nobody is left to work for.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Iterator
from typing import BinaryIO

import msgspec
import numpy as np
import torch

from designer.engine.control import Control
from designer.engine.data.load import load
from designer.engine.devices import devices, why_no_gpu
from designer.engine.evaluation.answering import Answering
from designer.engine.onnx_export import export
from designer.engine.training.loop import Trainer, more, train
from designer.engine.training.metrics import f1
from designer.engine.training.preview import Preview
from designer.engine.training.rate_finder import find_rate
from designer.engine.values.probe import Prober
from designer.engine.voice import Voice, own_stdin
from designer.problems import Problem
from designer.protocol import (
    Distributions,
    Evaluate,
    Event,
    Failed,
    FindRate,
    Histograms,
    More,
    Onnx,
    Predict,
    Probe,
    Ready,
    Request,
    Samples,
    Source,
    Split,
    Train,
    Vary,
    decode_request,
)

log = logging.getLogger(__name__)


def listen(lines: BinaryIO, control: Control, voice: Voice) -> None:
    """Puts each request on the queue; ends the process at the end of `lines`, even in the middle of a run."""
    for line in iter(lines.readline, b""):
        try:
            control.put(decode_request(line))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            voice.say(Failed(Problem("protocol", f"The worker was sent a line that is no request: {error}.")))
    os._exit(0)


class Worker:
    """Does one piece of work after the other; keeps the last run, so that it can go on."""

    def __init__(self, control: Control) -> None:
        self._control = control
        self._trainer: Trainer | None = None
        self._answering = Answering()
        self._prober, self._preview = Prober(), Preview()
        self.run = ""
        """The run that the work under way belongs to; empty for what is none."""

    def work(self, request: Request) -> Iterator[Event]:
        """All events of one piece of work."""
        self.run = ""
        if isinstance(request, Train):
            self.run, self._trainer = request.folder, None
            self._answering.forget()
            self._free()
            self._trainer = yield from train(request, self._control)
        elif isinstance(request, More):
            yield from self._more(request)
        elif isinstance(request, FindRate):
            yield find_rate(request, self._control)
        elif isinstance(request, Onnx):
            yield export(request)
        elif isinstance(request, Evaluate):
            yield self._answering.evaluate(request, self._trainer)
        elif isinstance(request, Samples):
            yield self._answering.samples(request, self._trainer)
        elif isinstance(request, Predict):
            yield self._answering.predict(request)
        elif isinstance(request, Histograms):
            trainer = self._trainer
            yield Distributions("", request.node) if trainer is None else trainer.answer(request)
        elif isinstance(request, Vary):
            yield self._preview.answer(request)
        elif isinstance(request, Probe):
            yield self._prober.answer(request, self._trainer.lent if self._trainer is not None else None)

    def _more(self, request: More) -> Iterator[Event]:
        if self._trainer is None:
            problem = Problem("no-run", "There is no run that could go on.", "Train first.")
            yield Failed(problem)
        else:
            self.run = self._trainer.name
            self._trainer = yield from more(self._trainer, request.epochs, self._control)

    def _free(self) -> None:
        """Gives the memory of the run before back to the GPU."""
        if torch.cuda.is_available():
            torch.cuda.empty_cache()


def warm_up() -> None:
    """Loads what the first run needs while nobody waits: scikit-learn and torch's optimizers take a second each."""
    load(Source("iris"), Split())
    f1(np.eye(2))
    torch.optim.SGD([torch.zeros(1, requires_grad=True)])


def main() -> None:
    """Runs until stdin ends."""
    voice = Voice()
    logging.basicConfig(stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s")
    control = Control()
    note = why_no_gpu()
    voice.say(Ready(str(torch.__version__), devices(), note))
    threading.Thread(target=listen, args=(own_stdin(), control, voice), daemon=True).start()
    warm_up()
    worker = Worker(control)
    while True:
        request = control.take()
        try:
            for event in worker.work(request):
                voice.say(event)
        except Exception:  # the outermost boundary: a bug of ours must not take the worker away from the user
            log.exception("A %s request failed", type(request).__name__)
            problem = Problem("internal", "The worker met an error of its own.", "The log has the details to report.")
            voice.say(Failed(problem, worker.run))
