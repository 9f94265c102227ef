"""`netwright export`: what a design leaves the program as."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from designer.catalogue.tensor import Misfit
from designer.cli.design import CommandError, Exit, add_trust, read_report, sentences, sound_plan
from designer.compiler import summary
from designer.compiler.checking.report import Report
from designer.compiler.lowering import recipe
from designer.compiler.lowering.recipe import NotReadyError, train_request
from designer.compiler.printing.script.script import script
from designer.compiler.printing.source import source
from designer.plan import Plan, codes
from designer.problems import UserError
from designer.protocol import Event, Exported, Failed, Onnx
from designer.run_folder import BEST

KINDS = ("pytorch", "script", "weights", "onnx", "summary", "svg", "png", "pdf")
TRAINED = ("weights", "onnx")
"""The kinds that hold weights, hence take a run."""
STDOUT = "-"


def add_command(commands: Any) -> None:
    """Adds the command to the parser's."""
    command = commands.add_parser(
        "export",
        help="write a design as PyTorch source, a training script, weights, ONNX, a table or a picture",
        description="Weights and ONNX hold the best weights of a run (--run), or freshly initialized ones. A script "
        "reads the data, trains as the program does, and predicts, with torch and without Netwright.",
    )
    command.add_argument("file", metavar="FILE", type=Path)
    command.add_argument("--to", required=True, choices=KINDS, help="what to write")
    command.add_argument("-o", "--out", required=True, metavar="OUT", help="the file; - is stdout, for text")
    command.add_argument("--run", dest="folder", metavar="DIR", type=Path, help="a run's folder, for weights and onnx")
    add_trust(command)
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Writes one file, or text to stdout."""
    kind = arguments.to
    if arguments.folder is not None and kind not in TRAINED:
        raise CommandError(f"--run is for {' and '.join(TRAINED)}, not for {kind}.", Exit.UNREADABLE)
    if arguments.out == STDOUT and kind not in TEXTS:
        raise CommandError(f"{kind} is no text and cannot go to stdout. Name a file.", Exit.UNREADABLE)
    report = read_report(arguments.file, arguments.trust)
    if kind in TRAINED:
        plan = sound_plan(report, arguments.file.absolute().parent)
        return _export_trained(kind, plan, _seed(report), Path(arguments.out), arguments.folder, arguments.trust)
    if kind in TEXTS:
        return _export_text(TEXTS[kind](report, arguments.file.absolute().parent), arguments.out)
    from designer.gui.headless import write_picture  # Qt is loaded only for pictures

    write_picture(report, Path(arguments.out), kind)
    return _written(Path(arguments.out))


def _source(report: Report, _home: Path) -> str:
    return source(sound_plan(report))


def _script(report: Report, home: Path) -> str:
    try:
        return script(report, train_request(report, "", home=home))
    except NotReadyError as error:
        raise CommandError(sentences(error.problems)) from error
    except UserError as error:
        raise CommandError(str(error)) from error


def _summary(report: Report, _home: Path) -> str:
    return summary.text(report)


def _svg(report: Report, _home: Path) -> str:
    from designer.gui.headless import write_picture  # Qt is loaded only for pictures

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "design.svg"
        write_picture(report, path, "svg")
        return path.read_text("utf-8")


TEXTS: Mapping[str, Callable[[Report, Path], str]] = {
    "pytorch": _source, "script": _script, "summary": _summary, "svg": _svg,
}  # fmt: skip
"""What is text, made of the report and the folder of the design's file."""


def _export_text(text: str, out: str) -> int:
    if out == STDOUT:
        sys.stdout.buffer.write(text.encode())
        sys.stdout.buffer.flush()
        return Exit.OK
    path = Path(out)
    try:
        path.write_text(text, "utf-8", newline="\n")
    except OSError as error:
        raise CommandError(f"{out} cannot be written: {error.strerror or error}. Choose another place.") from error
    return _written(path)


def _written(path: Path, about: str = "") -> int:
    sys.stdout.write(f"{path} is written{about}.\n")
    return Exit.OK


def _export_trained(kind: str, plan: Plan, seed: int, path: Path, folder: Path | None, trust: bool) -> int:
    best = str(folder / BEST) if folder is not None else None
    what = f"the best weights of {folder}" if folder is not None else f"fresh weights, drawn by seed {seed}"
    allowed = tuple(codes(plan)) if trust else ()
    from designer.engine import onnx_export, weights  # torch is loaded only for what holds weights

    if kind == "weights":
        _done(weights.export(plan, str(path), best, seed, allowed))
        return _written(path, f" with {what}")
    with tempfile.TemporaryDirectory() as temporary:
        ready = str(Path(temporary) / BEST)
        _done(weights.export(plan, ready, best, seed, allowed))
        difference = _done(onnx_export.export(Onnx(plan, str(path), ready, allowed))).difference
    return _written(path, f" with {what}; its outputs differ from torch's by at most {difference:.1g}")


def _done(event: Event) -> Exported:
    if isinstance(event, Failed):
        raise CommandError(sentences([event.problem]))
    assert isinstance(event, Exported)
    return event


def _seed(report: Report) -> int:
    """The seed of the design's training, from which a run begins too."""
    try:
        return recipe.settings(report.document.training).seed
    except Misfit as misfit:
        raise CommandError(f"{misfit.message} {misfit.hint}".strip()) from misfit
