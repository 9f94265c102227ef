"""Trainings that something is wrong with, and some that are well: each gets its own diagnosis, or none."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from designer.catalogue import LAYERS
from designer.compiler.checking.facts import look_for
from designer.compiler.lowering.recipe import NotReadyError, train_request
from designer.compiler.project import examine, open_design
from designer.diagnosis import Course, findings, names_of
from designer.engine.control import Control
from designer.engine.data import collect
from designer.engine.training import figures, loop
from designer.graph import edits
from designer.graph.document import Document, Link, Node
from designer.problems import Problem
from designer.resources import samples

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def measure_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Figures in every message and a message every few steps, so that a fast machine tells as much as a slow one."""
    monkeypatch.setattr(figures, "SHARE", 1.0)
    monkeypatch.setattr(loop, "SECONDS_BETWEEN_MESSAGES", 0.002)


def row(*nodes: Node, data: dict, training: dict) -> Document:
    """Nodes one after the other."""
    links = tuple(Link(one.id, other.id) for one, other in pairwise(nodes))
    return Document({node.id: node for node in nodes}, links, name="Planted", data=data, training=training)


def digits(*hidden: Node, **training: object) -> Document:
    """A network on the digits with these layers between the pixels and the scores."""
    return row(
        Node("image", "Input", {"shape": (1, 8, 8)}), Node("flatten", "Flatten"), *hidden,
        Node("scores", "Linear", {"out_features": 10}), Node("digit", "Output", {"loss": "CrossEntropyLoss"}),
        data={"source": "digits"}, training={"epochs": 8, "device": "cpu", **training},
    )  # fmt: skip


def hidden(width: int = 32) -> tuple[Node, ...]:
    return Node("hidden", "Linear", {"out_features": width}), Node("relu", "ReLU")


def table(path: Path, features: int, classes: int, **training: object) -> Document:
    return row(
        Node("row", "Input", {"shape": (features,)}), *hidden(),
        Node("scores", "Linear", {"out_features": classes}), Node("label", "Output", {"loss": "CrossEntropyLoss"}),
        data={"source": "file", "path": str(path)}, training={"epochs": 12, "device": "cpu", **training},
    )  # fmt: skip


def write_table(path: Path, columns: dict[str, np.ndarray]) -> None:
    lines = [",".join(columns)]
    lines += [",".join(map(str, values)) for values in zip(*columns.values(), strict=True)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def told(document: Document, folder: Path) -> list[tuple[Problem, ...]]:
    """What was found after every event, the last one after the end of the run."""
    report = examine(document, files=look_for(document, folder))
    request = train_request(report, str(folder / "run"), home=folder)
    course = Course(request, names_of(report.facts))
    found = []
    for event in loop.train(request, Control()):
        course.hear(event)
        found.append(findings(course))
    return found


def codes(found: tuple[Problem, ...]) -> set[str]:
    return {problem.code for problem in found}


def ever(found: list[tuple[Problem, ...]]) -> set[str]:
    return set().union(*map(codes, found))


@pytest.mark.parametrize("kind", ["Adam", "SGD"])
def test_a_learning_rate_of_ten_diverges(tmp_path: Path, kind: str) -> None:
    found = told(digits(*hidden(), optimizer={"kind": kind, "lr": 10.0}), tmp_path)
    assert codes(found[-1]) == {"diverging"}
    (problem,) = found[-1]
    assert "learning rate of 10" in problem.message
    usual = 0.001 if kind == "Adam" else 0.01
    document = edits.apply_fix(digits(*hidden(), optimizer={"kind": kind, "lr": 10.0}), problem.fixes[0])
    assert document.training["optimizer"]["lr"] == usual
    assert not ever(told(document, tmp_path / "mended"))


@pytest.mark.parametrize("weights", [("weight",), ("weight", "bias")])
def test_weights_that_all_begin_at_zero_are_told(tmp_path: Path, weights: tuple[str, ...]) -> None:
    document = digits(*hidden())
    for name in ("hidden", "scores"):
        document = edits.change_learning(document, name, {"init": dict.fromkeys(weights, "zeros_")})
    found = told(document, tmp_path)
    first = next(each for each in found if each)
    assert codes(first) == {"same-weights"}
    if "bias" in weights:
        assert codes(found[-1]) == {"same-weights"}
    mended = edits.apply_fix(document, first[0].fixes[0])
    assert not ever(told(mended, tmp_path / "mended"))


def test_a_deep_stack_of_sigmoids_lets_the_gradient_vanish(tmp_path: Path) -> None:
    stack = [
        node for place in range(20)
        for node in (Node(f"fc{place}", "Linear", {"out_features": 32}), Node(f"sigmoid{place}", "Sigmoid"))
    ]  # fmt: skip
    document = digits(*stack, epochs=3)
    found = told(document, tmp_path)
    assert codes(found[-1]) == {"vanishing-gradients"}
    (problem,) = found[-1]
    assert problem.node == "fc0"
    mended = edits.apply_fix(document, problem.fixes[0])
    assert {node.layer for node in mended.nodes.values()} == {"Input", "Flatten", "Linear", "ReLU", "Output"}


def test_shuffled_labels_carry_no_information(tmp_path: Path) -> None:
    chance = np.random.default_rng(0)
    columns = {f"x{place}": chance.normal(size=400).round(3) for place in range(6)}
    columns["label"] = chance.integers(0, 3, 400)
    write_table(tmp_path / "shuffled.csv", columns)
    found = told(table(tmp_path / "shuffled.csv", 6, 3, epochs=40, optimizer={"kind": "Adam", "lr": 0.01}), tmp_path)
    assert codes(found[-1]) == {"no-signal"}
    assert "no-signal" not in ever(found[:5])


def labelled(path: Path, **more: np.ndarray) -> None:
    """A table whose label follows from its columns."""
    chance = np.random.default_rng(1)
    columns = {f"x{place}": chance.normal(size=400).round(3) for place in range(4)}
    label = (columns["x0"] + columns["x1"] > 0).astype(int)
    write_table(path, {**columns, **more, "label": label})


def test_a_constant_column_is_named_and_can_be_ignored(tmp_path: Path) -> None:
    labelled(tmp_path / "constant.csv", station=np.full(400, 7))
    document = table(tmp_path / "constant.csv", 5, 2)
    found = told(document, tmp_path)
    assert ever(found) == {"constant-column"}
    (problem,) = found[-1]
    assert "station" in problem.message
    assert edits.apply_fix(document, problem.fixes[0]).data["columns"] == {"station": "ignore"}


def test_nan_in_a_file_is_refused_before_the_first_step(tmp_path: Path) -> None:
    x = np.random.default_rng(2).normal(size=(300, 4)).astype(np.float32)
    x[17, 2] = np.nan
    np.savez(tmp_path / "data.npz", row=x, label=(x[:, 0] > 0).astype(np.int64))
    with pytest.raises(NotReadyError, match="lacks 1 value of row, in 1 row"):
        told(table(tmp_path / "data.npz", 4, 2), tmp_path)


def test_what_is_not_finite_and_comes_through_is_blamed_on_the_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = collect.DATASETS["digits"]()
    broken.features[17, 0, 2, 2] = np.inf
    monkeypatch.setitem(collect.DATASETS, "digits", lambda: broken)
    document = digits(*hidden())
    found = told(document, tmp_path)
    assert codes(found[-1]) == {"nan-data"}
    assert "image" in found[-1][0].message


def test_a_logarithm_of_less_than_zero_is_named(tmp_path: Path) -> None:
    document = digits(Node("hidden", "Linear", {"out_features": 16}), Node("log", "Log"))
    (problem,) = told(document, tmp_path)[-1]
    assert (problem.code, problem.node) == ("nan", "log")


def test_one_class_in_ten_is_out_of_balance(tmp_path: Path) -> None:
    chance = np.random.default_rng(3)
    x = chance.normal(size=600).round(3)
    write_table(tmp_path / "rare.csv", {"x": x, "z": chance.normal(size=600).round(3), "label": (x > 1.5).astype(int)})
    found = told(table(tmp_path / "rare.csv", 2, 2, optimizer={"kind": "Adam", "lr": 0.01}), tmp_path)
    assert ever(found) == {"class-imbalance"}


def test_relus_that_were_pushed_below_zero_are_dead(tmp_path: Path) -> None:
    document = edits.change_learning(
        digits(*hidden()), "hidden", {"init": {"bias": {"kind": "constant_", "val": -50.0}}}
    )
    found = told(document, tmp_path)
    assert codes(found[-1]) == {"dead-units"}
    (problem,) = found[-1]
    assert problem.node == "relu"
    assert edits.apply_fix(document, problem.fixes[0]).nodes["relu"].layer in LAYERS


def test_a_small_table_is_learned_by_heart(tmp_path: Path) -> None:
    chance = np.random.default_rng(4)
    columns = {f"x{place}": chance.normal(size=300).round(3) for place in range(12)}
    columns["label"] = ((columns["x0"] + 0.7 * chance.normal(size=300)) > 0).astype(int)
    write_table(tmp_path / "small.csv", columns)
    document = table(tmp_path / "small.csv", 12, 2, epochs=60, optimizer={"kind": "Adam", "lr": 0.003})
    document = edits.change_settings(document, "hidden", {"out_features": 256})
    found = told(document, tmp_path)
    assert ever(found) == {"overfitting"}
    assert "best in epoch" in found[-1][0].message


def test_steps_that_are_far_too_small_are_told(tmp_path: Path) -> None:
    found = told(digits(*hidden(), optimizer={"kind": "SGD", "lr": 1e-9}), tmp_path)
    assert codes(found[-1]) == {"too-slow"}


@pytest.mark.parametrize("name", ["digits_cnn", "digits_mlp", "digits_lstm", "digits_residual",
                                  "iris", "diabetes", "spiral", "digits_autoencoder", "vae_digits", "two_heads",
                                  "karate_gcn", "lenet5", "small_gpt", "lstm_tagger_crf"])  # fmt: skip
def test_a_healthy_run_gets_none(tmp_path: Path, name: str) -> None:
    document = open_design(next(path for path in samples() if path.stem == name))
    document = replace(document, training={**document.training, "device": "cpu"})
    assert not ever(told(document, tmp_path)), "nothing is wrong with it at any moment"
