"""Writes a plan as ONNX with torch's exporter, and compares the file with torch before it is called done."""

from __future__ import annotations

import importlib.util
import logging
import math
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from designer.engine.failures import EXPECTED, Failure, explain, fail
from designer.engine.learning import load_begun
from designer.engine.network import Network
from designer.engine.trial import TRACED_BATCH, Trial, find_trial
from designer.engine.weight_file import load
from designer.plan import Plan, PlanInput
from designer.protocol import Event, Exported, Failed, Onnx

NEEDED = ("onnx", "onnxscript", "onnxruntime")
TOLERANCE = 1e-4
"""The largest difference from torch allowed, relative to the largest number that torch gives."""
COMPARED_BATCHES = (1, 4)
OWN_WARNINGS = (
    (r".*isinstance\(treespec, LeafSpec\)", FutureWarning),
    (r"The \.grad attribute of a Tensor that is not a leaf Tensor", UserWarning),
    (r"_check_is_size will be removed", FutureWarning),
    (r"# The axis name: .* will not be used", UserWarning),  # several Inputs have the batch in common, as they should
    (r"The tensor attributes self\..*_flat_weights", UserWarning),  # every recurrent layer; the file is right
)
"""What torch 2.13 warns of in its own exporter, at networks that are exported as they should be."""
IN_ONE_FILE = 1_500_000_000
"""Bytes of weights beyond which they stand in a file of their own: ONNX cannot hold 2 GB in one."""


class _Shell(nn.Module):
    """Keeps the nodes' ids out of the exporter's way: torch.fx has a `code` and a `graph` of its own."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, *inputs: Tensor) -> tuple[Tensor, ...]:
        """The network's own outputs."""
        return self.network(*inputs)


def export(request: Onnx) -> Event:
    """Exported, or Failed with the reason."""
    try:
        return Exported(request.path, _export(request))
    except (Failure, *EXPECTED) as error:
        return Failed(explain(error))


def _export(request: Onnx) -> float:
    lacking = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if lacking:
        raise fail(
            "onnx-missing",
            f"ONNX export needs {' and '.join(lacking)}, not installed here.",
            'Run: pip install "netwright[onnx]"',
        )
    network = Network(request.plan, request.allowed)
    if request.weights is not None:
        load(network, request.weights)
    else:
        load_begun(network, request.plan)
    network.eval()
    trial = find_trial(request.plan, network)
    path = Path(request.path)
    try:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".onnx-") as folder:
            written = Path(folder) / path.name
            _write(trial, network, written)
            difference = _compare(trial, network, written)
            for part in Path(folder).iterdir():
                part.replace(path.parent / part.name)
    except OSError as error:
        raise fail(
            "folder", f"{path} could not be written: {error.strerror or error}.", "Choose another one."
        ) from error
    return difference


def _write(trial: Trial, network: Network, path: Path) -> None:
    plan = trial.plan
    lengths = {name: torch.export.Dim(name) for given in plan.inputs for name in given.shape if isinstance(name, str)}
    batch = torch.export.Dim("batch" if "batch" not in lengths else "batch_size")
    axes = tuple(_free_axes(given, lengths, batch) for given in plan.inputs)
    size = sum(weight.nbytes for weight in network.state_dict().values())
    try:
        with _quiet():
            program = torch.onnx.export(
                _Shell(network).eval(),
                trial.inputs(TRACED_BATCH),
                dynamo=True,
                dynamic_shapes=(axes,),
                input_names=[given.name for given in plan.inputs],
                output_names=[name for name, _ in plan.outputs],
                verbose=False,
            )
            assert program is not None
            for weight in list(program.model.graph.initializers.values()):
                weight.name = str(weight.name).removeprefix("network.")
            program.save(path, external_data=size > IN_ONE_FILE)
    except torch.onnx.OnnxExporterError as error:
        reason = str(error.__cause__ or error).strip().split("\n")[0].rstrip(".")
        message = f"torch could not turn this network into ONNX: {reason}."
        raise fail("onnx", message, "Export the PyTorch source instead.") from error


def _free_axes(given: PlanInput, lengths: Mapping[str, object], batch: object) -> dict[int, object]:
    shape: list[int | str | None] = list(given.shape)
    if given.batch is not None:
        shape.insert(given.batch, None)
    free = {axis: lengths[length] for axis, length in enumerate(shape) if isinstance(length, str)}
    return free if given.batch is None else {**free, given.batch: batch}


def _compare(trial: Trial, network: Network, path: Path) -> float:
    """The largest distance between the file's outputs and torch's, over batches of two sizes."""
    largest, plan = 0.0, trial.plan
    runtime = _Runtime(path)
    _refuse_fixed_lengths(plan, runtime)
    for batch in COMPARED_BATCHES:
        inputs = trial.inputs(batch)
        with torch.inference_mode():
            wanted = network(*inputs)
        values = {given.name: value.numpy() for given, value in zip(plan.inputs, inputs, strict=True)}
        for ours, theirs in zip(runtime.run(values), wanted, strict=True):
            distance = _distance(torch.from_numpy(ours).double(), theirs.double())
            finite = theirs.double().nan_to_num(0.0, 0.0, 0.0)
            size = max(float(finite.abs().max()), 1e-3)
            if not distance <= TOLERANCE * size:
                told = f"{distance:.2g}" if math.isfinite(distance) else "not finite"
                message = f"The ONNX file does not give what torch gives: the largest difference is {told}."
                raise fail("onnx-differs", message, "Export the PyTorch source instead.")
            largest = max(largest, distance)
    return largest


def _refuse_fixed_lengths(plan: Plan, runtime: _Runtime) -> None:
    """A Failure where a free length has become a number, as by a layer that goes through it in a loop of Python."""
    shapes = runtime.shapes()
    for given in plan.inputs:
        lengths = {part: part for part in given.shape if isinstance(part, str)}
        for axis, length in _free_axes(given, lengths, None).items():
            fixed = shapes[given.name][axis] if given.name in shapes else length
            if isinstance(length, str) and isinstance(fixed, int):
                message = f"The ONNX file would take {length} = {fixed} alone: a layer is written out for each step."
                raise fail("onnx-length", message, f"Give {given.name} a number in the place of {length}.", given.name)


def _distance(ours: Tensor, theirs: Tensor) -> float:
    """The largest difference; what is infinite or no number on both sides, such as roots below zero, is none."""
    same = torch.isclose(ours, theirs, rtol=0.0, atol=0.0, equal_nan=True)
    return float((ours - theirs).abs().masked_fill(same, 0.0).max())


class _Runtime:
    """A written file in onnxruntime, whose refusals are put in words."""

    def __init__(self, path: Path) -> None:
        import onnxruntime  # of the extra "onnx", which not everybody installs
        from onnxruntime.capi import onnxruntime_pybind11_state as state

        # They have no base in common but Exception.
        self._refusals = tuple(
            kind for kind in vars(state).values() if isinstance(kind, type) and issubclass(kind, Exception)
        )
        try:
            self._session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
        except self._refusals as error:
            raise self._refused(error) from error

    def shapes(self) -> dict[str, list[Any]]:
        """The shape of each input as the file has it: a number for an axis of one length alone."""
        return {given.name: list(given.shape) for given in self._session.get_inputs()}

    def run(self, values: Mapping[str, Any]) -> list[Any]:
        """The outputs, in the file's order."""
        names = [given.name for given in self._session.get_inputs()]
        try:
            found: list[Any] = self._session.run(None, {name: values[name] for name in names})
        except self._refusals as error:
            raise self._refused(error) from error
        return found

    def _refused(self, error: Exception) -> Failure:
        reason = str(error).strip().split("\n")[0].rstrip(".")
        return fail("onnx", f"onnxruntime cannot run the file: {reason}.", "Export the PyTorch source instead.")


@contextmanager
def _quiet() -> Iterator[None]:
    """Silences what torch says of its own code while it exports, which users can do nothing about."""
    registration = logging.getLogger("torch.onnx._internal.exporter._registration")
    level = registration.level
    registration.setLevel(logging.ERROR)  # "torchvision is not installed"
    try:
        with warnings.catch_warnings():
            for message, kind in OWN_WARNINGS:
                warnings.filterwarnings("ignore", message, kind)
            yield
    finally:
        registration.setLevel(level)
