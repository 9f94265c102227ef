"""A run's best weights measured on a split: figures, the confusion matrix, and the examples behind it."""

from __future__ import annotations

import base64
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import r2_score
from small_plans import ADAM, CLASSES, IMAGE, apply, conv, digits_mlp

from designer.engine.control import Control
from designer.engine.data.load import load
from designer.engine.evaluation.answering import Answering
from designer.engine.training.loop import Trainer, more
from designer.plan import Call, Plan, PlanInput, Ref, Step
from designer.protocol import (
    Evaluate,
    Evaluated,
    Finished,
    Recipe,
    Samples,
    Source,
    Split,
    Target,
    Train,
    Verdict,
    decode_event,
    encode,
)

KINDS = ("setosa", "versicolor", "virginica")


def told(folder: Path, split: str = "test", trainer: Trainer | None = None) -> Evaluated:
    """How a run does, as it comes through the pipe."""
    event = decode_event(encode(Answering().evaluate(Evaluate(str(folder), split), trainer)))
    assert isinstance(event, Evaluated)
    return event


def only(evaluated: Evaluated) -> Verdict:
    assert evaluated.problem is None, evaluated.problem
    (verdict,) = evaluated.verdicts
    return verdict


def test_classes_have_figures_a_matrix_and_the_worst_cases_first(digits: Path) -> None:
    evaluated = told(digits)
    verdict = only(evaluated)
    matrix = np.array(verdict.matrix)
    assert matrix.sum() == evaluated.examples == 270
    at_the_end = json.loads((digits / "run.json").read_text())["result"]["metrics"]
    for name in ("loss", "accuracy", "f1"):
        assert verdict.metrics[name] == pytest.approx(at_the_end[f"test_{name}"], abs=1e-6), name
    assert {"precision", "recall", "auc"} <= set(verdict.metrics)
    assert verdict.metrics["accuracy"] == pytest.approx(matrix.trace() / matrix.sum())
    three = verdict.by_class[3]
    assert (three.name, three.examples) == ("3", int(matrix[3].sum()))
    assert three.recall == pytest.approx(matrix[3, 3] / matrix[3].sum())
    losses = [case.loss or 0.0 for case in verdict.cases]
    assert losses == sorted(losses, reverse=True)
    assert len(losses) == 270
    assert np.mean(losses) == pytest.approx(verdict.metrics["loss"], rel=1e-5)
    worst = verdict.cases[0]
    assert worst.true != worst.predicted
    assert worst.sure is not None
    data = load(Source("digits"), Split())
    assert str(int(data.fields["digit"][worst.row])) == worst.true
    (seen,) = verdict.shown
    pixels = np.frombuffer(base64.b64decode(seen.pixels), np.uint8).reshape(-1, *seen.shape)
    np.testing.assert_allclose(pixels[0, :, :, 0] / 255, data.fields["image"][worst.row][0], atol=0.003)


def test_a_cell_of_the_matrix_shows_its_samples(digits: Path) -> None:
    answering = Answering()
    verdict = only(answering.evaluate(Evaluate(str(digits), "validation"), None))
    true, predicted = next((a, b) for a in range(10) for b in range(10) if a != b and verdict.matrix[a][b])
    for cell in ((true, predicted), (3, 3)):
        found = answering.samples(Samples(str(digits), "validation", "digit", *cell, count=5), None)
        assert found.problem is None
        assert found.total == verdict.matrix[cell[0]][cell[1]]
        assert {(case.true, case.predicted) for case in found.cases} == {(str(cell[0]), str(cell[1]))}
        assert len(found.cases) == min(5, found.total)


def test_rows_of_a_table_are_told_in_their_own_units_under_their_names(iris: Path) -> None:
    verdict = only(told(iris))
    assert verdict.classes == KINDS
    (seen,) = verdict.shown
    assert seen.columns[0] == "sepal length (cm)"
    assert all(4 < float(row[0] or 0) < 8 for row in seen.values)
    assert {case.true for case in verdict.cases} == set(KINDS)


def test_numbers_have_their_errors_and_pairs_in_their_own_unit(diabetes: Path) -> None:
    verdict = only(told(diabetes))
    assert {"loss", "mae", "rmse", "r2"} == set(verdict.metrics)
    wanted, found = np.array(verdict.pairs, dtype=float).T
    assert 25 <= wanted.min() <= wanted.max() <= 346
    assert verdict.metrics["mae"] == pytest.approx(np.abs(wanted - found).mean(), rel=1e-4)
    assert verdict.metrics["r2"] == pytest.approx(r2_score(wanted, found), rel=1e-3)
    assert not verdict.matrix
    assert float(verdict.cases[0].true) != float(verdict.cases[0].predicted)


def test_a_run_that_the_worker_holds_is_measured_and_then_goes_on_as_it_would_have(tmp_path: Path) -> None:
    target = Target("digit", "digit", CLASSES, "classes")
    recipe = Recipe(Source("digits"), ("image",), (target,), ADAM, epochs=2, device="cpu")
    ends = []
    for name in ("asked", "left alone"):
        trainer = Trainer(Train(digits_mlp(dropout=0.3), recipe, str(tmp_path / name)))
        list(trainer.run(2, Control()))
        if name == "asked":
            assert only(told(tmp_path / name, trainer=trainer)).metrics["accuracy"]
        *_, last = more(trainer, 1, Control())
        assert isinstance(last, Finished)
        ends.append({key: value for key, value in last.metrics.items() if "time" not in key})
    assert ends[0] == ends[1]


def test_the_classes_of_pixels_are_counted_pixel_by_pixel(tmp_path: Path) -> None:
    """Each pixel of a digit that is brighter than half is one class, the others are another."""
    images = load(Source("digits"), Split()).fields["image"].numpy()
    path = tmp_path / "pixels.npz"
    np.savez(path, image=images[:200], label=(images[:200, 0] > 0.5).astype(np.int64))
    plan = Plan("Pixels", (IMAGE,), {"conv": conv(1, 2)}, (apply("conv", "image"),), (("mask", Ref("x")),))
    target = Target("mask", "label", CLASSES, "classes")
    source = Source("file", {"path": str(path), "columns": {"label": "target"}})
    recipe = Recipe(source, ("image",), (target,), Call("torch.optim.Adam", {"lr": 0.1}), epochs=4, device="cpu")
    trainer = Trainer(Train(plan, recipe, str(tmp_path / "run")))
    list(trainer.run(4, Control()))
    verdict = only(told(tmp_path / "run", trainer=trainer))
    assert np.array(verdict.matrix).sum() == 30 * 64
    assert verdict.metrics["iou"] is not None
    assert verdict.metrics["iou"] > 0.8
    assert verdict.cases[0].predicted.endswith("% right")
    assert [seen.name for seen in verdict.shown] == ["image", "should be", "answer"]


def test_yes_and_no_and_a_whole_graph_are_measured_too(tmp_path: Path) -> None:
    plan = Plan(
        "Yes", (PlanInput("row", (2,)),), {"answer": Call("nn.Linear", {"in_features": 2, "out_features": 1})},
        (apply("answer", "row"), Step("x", Call(".squeeze", {}, (Ref("x"), -1)), "one")), (("answer", Ref("x")),),
    )  # fmt: skip
    target = Target("answer", "class", Call("nn.BCEWithLogitsLoss"), "binary")
    recipe = Recipe(Source("moons"), ("point",), (target,), ADAM, epochs=2, device="cpu")
    list(Trainer(Train(plan, recipe, str(tmp_path / "yes"))).run(2, Control()))
    verdict = only(told(tmp_path / "yes"))
    assert verdict.classes == ("no", "yes")
    assert np.array(verdict.matrix).sum() == 150
    assert verdict.metrics["auc"] is not None

    members, edges = PlanInput("members", (34, 34), batch=None), PlanInput("edges", (2, 156), "int64", None)
    layer = Call("nn.Linear", {"in_features": 34, "out_features": 2})
    plan = Plan("Club", (members, edges), {"score": layer}, (apply("score", "members"),), (("club", Ref("x")),))
    recipe = Recipe(Source("karate"), ("members", "edges"), (Target("club", "club", CLASSES, "classes"),), ADAM,
                    epochs=2, device="cpu")  # fmt: skip
    list(Trainer(Train(plan, recipe, str(tmp_path / "club"))).run(2, Control()))
    club = told(tmp_path / "club")
    assert len(only(club).cases) == club.examples == 5
    assert only(club).shown == ()


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda folder: (folder / "run.json").unlink(), "is not the folder of a run"),
        (lambda folder: (folder / "run.json").write_text("{"), "is not what a run leaves"),
        (lambda folder: (folder / "best.safetensors").unlink(), "has no weights yet"),
        (lambda folder: (folder / "best.safetensors").write_bytes(b"x"), "could not be read"),
    ],
)
def test_a_folder_that_is_no_run_is_refused_in_one_sentence(
    digits: Path, tmp_path: Path, spoil: object, words: str
) -> None:
    folder = tmp_path / "run"
    shutil.copytree(digits, folder)
    spoil(folder)  # type: ignore[operator]  # one of the functions above
    problem = told(folder).problem
    assert problem is not None
    assert words in problem.sentence


def test_a_split_without_examples_is_refused(digits: Path) -> None:
    problem = told(digits, "dreams").problem
    assert problem is not None
    assert "no split called dreams" in problem.sentence
