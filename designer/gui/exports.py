"""What a design leaves the program as: source, weights, ONNX, a summary, a drawing."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from designer import protocol
from designer.compiler import summary
from designer.compiler.checking.report import Report
from designer.compiler.lowering.lower import lower
from designer.compiler.lowering.recipe import NotReadyError, train_request
from designer.compiler.printing.script.script import script
from designer.compiler.printing.source import source
from designer.gui.open_file import OpenFile
from designer.gui.runs import Runs
from designer.plan import codes
from designer.problems import UserError


class Exports(QObject):
    """Asks for a file and writes it; says how it went."""

    written = Signal(object, str)
    """The path, and a sentence about it."""
    failed = Signal(str)

    def __init__(self, file: OpenFile, runs: Runs) -> None:
        super().__init__(file)
        self._file, self._runs = file, runs
        runs.runner.told.connect(self._follow)

    def source(self) -> None:
        """The network as a Python file."""
        text = source(lower(self._report))
        self._write("Export PyTorch source", "Python (*.py)", ".py", lambda path: path.write_text(text, "utf-8"))

    def script(self) -> None:
        """The network, its data and its training as a Python file that stands alone."""
        try:
            text = script(self._report, train_request(self._report, "", home=self._file.workspace.home))
        except (NotReadyError, UserError) as error:
            self.failed.emit(str(error))
            return
        self._write("Export a training script", "Python (*.py)", ".py", lambda path: path.write_text(text, "utf-8"))

    def weights(self) -> None:
        """The best weights of the last run."""
        best = self._runs.weights
        if best is not None:
            self._write("Export weights", "Safetensors (*.safetensors)", ".safetensors",
                        lambda path: shutil.copyfile(best, path))  # fmt: skip

    def summary(self) -> None:
        """The table of the network."""
        text = summary.text(self._report)
        self._write("Export the summary", "Text (*.txt)", ".txt", lambda path: path.write_text(text, "utf-8"))

    def picture(self, kind: str, write: Callable[[Path], object]) -> None:
        """The drawing as a picture: SVG, PDF or PNG."""
        suffix = f".{kind.lower()}"
        self._write("Export the drawing", f"{kind} (*{suffix})", suffix, write)

    def onnx(self) -> None:
        """The network as ONNX, written by the worker, with trained weights where they fit the design."""
        path = self._file.ask_save("Export ONNX", "ONNX (*.onnx)", ".onnx")
        if path is None:
            return
        plan = lower(self._report, self._file.workspace.home)
        allowed = self._file.workspace.consent.among(codes(plan))
        self._runs.runner.export_onnx(protocol.Onnx(plan, str(path), self._fitting_weights(), allowed))

    def _fitting_weights(self) -> str | None:
        """The trained weights, unless the design has moved on since."""
        weights = self._runs.weights
        return str(weights) if weights is not None and not self._runs.outdated else None

    @property
    def _report(self) -> Report:
        return self._file.workspace.report

    def _write(self, title: str, kinds: str, suffix: str, write: Callable[[Path], object]) -> None:
        path = self._file.ask_save(title, kinds, suffix)
        if path is None:
            return
        try:
            write(path)
        except UserError as error:
            self.failed.emit(str(error))
        except OSError as error:
            self.failed.emit(f"{path.name} cannot be written: {error.strerror}. Choose another place.")
        else:
            self.written.emit(path, f"{path.name} is written.")

    def _follow(self, event: protocol.AnyEvent) -> None:
        if isinstance(event, protocol.Exported):
            self.written.emit(Path(event.path), _onnx_sentence(event))


def _onnx_sentence(event: protocol.Exported) -> str:
    name = Path(event.path).name
    if event.difference is None:
        return f"{name} is written."
    return f"{name} is written; its outputs differ from torch's by at most {event.difference:.1g}."
