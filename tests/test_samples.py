"""Every sample opens clean, trains, and leaves the program as source, weights and ONNX that agree with the engine."""

from __future__ import annotations

import ast
import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from designer.compiler import summary
from designer.compiler.checking.report import Report
from designer.compiler.lowering.lower import lower
from designer.compiler.lowering.recipe import train_request
from designer.compiler.printing.source import source
from designer.compiler.project import examine, open_design
from designer.engine import onnx_export, weights
from designer.engine.control import Control
from designer.engine.network import Network
from designer.engine.training.loop import train
from designer.graph.writing import dumps
from designer.plan import Plan
from designer.protocol import Epoch, Exported, Finished, Onnx
from designer.resources import samples

NAMES = {
    "diabetes", "digits_autoencoder", "digits_cnn", "digits_lstm", "digits_mlp", "digits_residual",
    "digits_transformer", "digits_widths", "iris", "karate_gcn", "lenet5", "lstm_tagger_crf", "siamese", "small_gpt",
    "spiral", "translator", "two_heads", "vae_digits",
}  # fmt: skip
COLUMN, ROW = 220, 110

every_sample = pytest.mark.parametrize("path", samples(), ids=lambda path: path.stem)


def report_of(path: Path) -> Report:
    return examine(open_design(path))


def sample(name: str) -> Path:
    return next(path for path in samples() if path.stem == name)


def finished(path: Path, folder: Path, epochs: int | None = None) -> Finished:
    """The end of a run of a sample, on the processor."""
    request = train_request(report_of(path), str(folder), epochs=epochs, device="cpu")
    *_, last = train(request, Control())
    assert isinstance(last, Finished), last
    return last


def test_all_samples_are_there() -> None:
    assert {path.stem for path in samples()} == NAMES


@every_sample
def test_a_sample_has_no_problem_of_any_kind(path: Path) -> None:
    report = report_of(path)
    assert report.problems == ()
    assert report.facts is not None
    assert all(node.known for _, node in report.rows() if node.outputs)


@every_sample
def test_a_sample_has_a_name_and_notes_with_a_title(path: Path) -> None:
    document = open_design(path)
    assert document.name
    assert document.notes.startswith("# ")
    assert "## Try" in document.notes


@every_sample
def test_a_sample_stands_in_its_file_as_the_program_would_write_it(path: Path) -> None:
    assert dumps(open_design(path)) == path.read_text("utf-8")


@every_sample
def test_the_nodes_of_a_sample_stand_on_a_grid_and_apart(path: Path) -> None:
    document = open_design(path)
    insides = [node.inside for node in document.nodes.values() if node.inside is not None]
    for shown in (document, *insides):
        places = list(shown.positions.values())
        assert all(x % COLUMN == 0 and y % ROW == 0 for x, y in places)
        assert len(set(places)) == len(shown.nodes)


@every_sample
def test_the_summary_of_a_sample_names_every_layer(path: Path) -> None:
    report = report_of(path)
    text = summary.text(report)
    assert all(name in text for name, _ in report.rows())
    assert f"{report.parameters:,}" in text


def imported(path: Path) -> ModuleType:
    """A Python file as a module, found by its path alone."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def last_class(module: ModuleType) -> type[nn.Module]:
    return [item for item in vars(module).values() if isinstance(item, type) and item.__module__ == module.__name__][-1]


def random_inputs(plan: Plan) -> list[Tensor]:
    generator = torch.Generator().manual_seed(1)
    inputs = []
    for given in plan.inputs:
        shape = [*(() if given.batch is None else (4,)), *map(int, given.shape)]
        values = torch.randn(shape, generator=generator)
        inputs.append(values if given.dtype == "float32" else (values > 0).long())
    return inputs


@every_sample
def test_the_exported_source_is_the_network_that_the_engine_trains(path: Path, tmp_path: Path) -> None:
    plan = lower(report_of(path))
    file = tmp_path / "network.py"
    file.write_text(source(plan), "utf-8")
    ours = Network(plan).eval()
    theirs = last_class(imported(file))().eval()
    assert list(theirs.state_dict()) == list(ours.state_dict())
    theirs.load_state_dict(ours.state_dict())
    inputs = random_inputs(plan)
    with torch.no_grad():
        wanted, given = ours(*inputs), theirs(*inputs)
    for one, other in zip(wanted, given if isinstance(given, tuple) else (given,), strict=True):
        assert torch.equal(one, other)


@every_sample
def test_the_exported_source_imports_torch_alone_or_what_makes_its_graph_layers(path: Path) -> None:
    tree = ast.parse(source(lower(report_of(path))))
    found = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    found |= {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    assert found <= {"torch", "torch.nn", *(["torch_geometric"] if path.stem == "karate_gcn" else [])}


@every_sample
def test_a_sample_trains_and_its_weights_fit_the_exported_source(path: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    request = train_request(report_of(path), str(run), epochs=2, device="cpu")
    events = list(train(request, Control()))
    first, second = (event.metrics["train_loss"] for event in events if isinstance(event, Epoch))
    assert first is not None
    assert second is not None
    assert second < first
    exported = weights.export(request.plan, str(tmp_path / "weights.safetensors"), str(run / "best.safetensors"), 0)
    assert isinstance(exported, Exported), exported
    file = tmp_path / "network.py"
    file.write_text(source(request.plan), "utf-8")
    network = last_class(imported(file))()
    network.load_state_dict(load_file(tmp_path / "weights.safetensors"), strict=True)


@pytest.mark.slow
@every_sample
def test_a_sample_becomes_an_onnx_file_that_agrees_with_torch(path: Path, tmp_path: Path) -> None:
    exported = onnx_export.export(Onnx(lower(report_of(path)), str(tmp_path / "network.onnx")))
    assert isinstance(exported, Exported), exported
    assert exported.difference is not None
    assert exported.difference < 1e-5


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "epochs", "metric", "least"),
    [
        ("digits_cnn", 15, "test_accuracy", 0.97),
        ("digits_mlp", None, "test_accuracy", 0.95),
        ("lenet5", None, "test_accuracy", 0.95),
        ("digits_residual", None, "test_accuracy", 0.93),
        ("digits_widths", None, "test_accuracy", 0.93),
        ("digits_lstm", None, "test_accuracy", 0.93),
        ("digits_transformer", None, "test_accuracy", 0.9),
        ("siamese", None, "test_accuracy", 0.85),
        ("small_gpt", None, "test_accuracy", 0.9),
        ("translator", None, "test_accuracy", 0.94),
        ("spiral", None, "test_accuracy", 0.95),
        ("iris", None, "test_accuracy", 0.9),
        ("diabetes", None, "test_r2", 0.3),
        ("karate_gcn", None, "test_accuracy", 0.9),
        ("digits_autoencoder", None, "test_r2", 0.6),
        ("lstm_tagger_crf", None, "tags.test_accuracy", 0.87),
        ("vae_digits", None, "copy.test_r2", 0.65),
        ("two_heads", None, "digit.test_accuracy", 0.93),
    ],
)
def test_a_sample_learns_what_its_notes_promise(
    name: str, epochs: int | None, metric: str, least: float, tmp_path: Path
) -> None:
    reached = finished(sample(name), tmp_path, epochs).metrics[metric]
    assert reached is not None
    assert reached >= least
