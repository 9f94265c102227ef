"""`netwright train`: trains a design in this process, with a bar in the terminal or one JSON object a line."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, TextIO

from msgspec.structs import replace

from designer.cli.design import CommandError, Exit, add_trust, read_report, sentences
from designer.cli.fetching import fetch_set
from designer.cli.progress import Display, closing
from designer.compiler.checking.facts import findable
from designer.compiler.lowering.recipe import NotReadyError, train_request
from designer.compiler.project import free_folder
from designer.diagnosis import Course, findings, names_of
from designer.graph import files
from designer.graph.document import Document
from designer.plan import codes
from designer.protocol import Event, Failed, Finished, Started, Stop, Train, encode
from designer.run_folder import DESIGN, read_facts

if TYPE_CHECKING:
    from designer.engine.control import Control

RUNS = Path("runs")


def add_command(commands: Any) -> None:
    """Adds the command to the parser's."""
    command = commands.add_parser(
        "train",
        help="train a design without a window",
        description="Ctrl+C ends the run after the step under way and keeps the weights; a second one ends it at once.",
    )
    command.add_argument("file", metavar="FILE", type=Path)
    command.add_argument("--epochs", type=_epochs, metavar="N", help="in place of what the design says")
    command.add_argument("--device", help="cpu, cuda, or auto: a GPU where there is one")
    command.add_argument(
        "--out",
        type=Path,
        metavar="DIR",
        help="the run's folder, in place of a run that is there; else a new one in runs/",
    )
    command.add_argument(
        "--resume",
        type=Path,
        metavar="RUN",
        help="go on with the run in this folder where it was cut short, or for more epochs",
    )
    command.add_argument("--from-best", action="store_true", help="with --resume: go back to its best epoch first")
    command.add_argument("--json", action="store_true", help="one JSON object a line on stdout instead of a table")
    add_trust(command)
    command.set_defaults(run=run)


def _epochs(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a whole number of at least 1")
    return int(text)


def run(arguments: argparse.Namespace) -> int:
    """Trains, shows how it goes, and leaves the run's folder."""
    display = Display(sys.stderr)
    fetch_set(arguments.file, display)
    report = read_report(arguments.file, arguments.trust)
    name = report.document.name or arguments.file.stem
    folder = arguments.resume or arguments.out or free_folder(RUNS, name)
    epochs = _epochs_to_have(arguments)
    try:
        home = arguments.file.absolute().parent
        request = train_request(report, str(folder), epochs=epochs, device=arguments.device, home=home)
    except NotReadyError as error:
        if arguments.json:
            _tell(Failed(error.problems[0], str(folder)), sys.stdout)
        raise CommandError(sentences(error.problems)) from error
    if arguments.trust:
        request = replace(request, allowed=tuple(codes(request.plan)))
    if arguments.resume is not None:
        request = replace(request, resume="best" if arguments.from_best else "last")
    last: Event | None = None
    course, out = Course(request, names_of(report.facts)), sys.stdout
    with redirect_stdout(sys.stderr):  # what a layer of the user's own prints is no line of the protocol
        for last in _events(request, findable(report.document, home)):
            course.hear(last)
            if arguments.json:
                _tell(last, out)
            if display.terminal or not arguments.json:
                display.show(last)
    display.clear()
    if not arguments.json:
        sys.stderr.write("".join(f"{problem.severity.value}: {problem.sentence}\n" for problem in findings(course)))
    if isinstance(last, Failed):
        raise CommandError(sentences([last.problem]))
    if isinstance(last, Finished):
        if not arguments.json:
            sys.stdout.write(closing(last))
        if last.stopped and not last.reason:
            return Exit.INTERRUPTED
    return Exit.OK


def _epochs_to_have(arguments: argparse.Namespace) -> int | None:
    """How many epochs the run has in the end; None where the design says so."""
    if arguments.resume is None:
        if arguments.from_best:
            raise CommandError("--from-best goes with --resume. Name the run to go on with.", Exit.UNREADABLE)
    elif arguments.out is not None:
        raise CommandError("A run that goes on stays in its folder. Leave --out away.", Exit.UNREADABLE)
    elif arguments.epochs is None:
        return read_facts(arguments.resume).recipe.epochs
    return arguments.epochs


def _events(request: Train, document: Document) -> Iterator[Event]:
    """The engine's events; as soon as the run has its folder, the design is written into it."""
    # torch takes seconds to load: only for those who train, and after all that can be refused without it.
    from designer.engine.control import Control
    from designer.engine.training.loop import train

    control = Control()
    with _stopped_by_ctrl_c(control):
        for event in train(request, control):
            if isinstance(event, Started) and not request.resume:
                files.write(document, Path(request.folder) / DESIGN)
            yield event


@contextmanager
def _stopped_by_ctrl_c(control: Control) -> Iterator[None]:
    """Makes the first Ctrl+C a request to stop; the second one ends the program as usual."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        control.put(Stop())

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _tell(event: Event, out: TextIO) -> None:
    """One line of JSON, in UTF-8 whatever the terminal's encoding, and at once."""
    out.buffer.write(encode(event))
    out.buffer.flush()
