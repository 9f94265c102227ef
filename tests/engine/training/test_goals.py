"""Several outputs, what each of them is compared with, and how much its loss counts."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace
from small_plans import ADAM, CLASSES, IMAGE, apply, digits_mlp, linear

from designer.engine.control import Control
from designer.engine.training.loop import train
from designer.plan import Call, Plan, PlanInput, Ref, Step
from designer.protocol import Event, Failed, Finished, Number, Recipe, Source, Target, Train

DIGIT = Target("digit", "digit", CLASSES, "classes")
COPY = Target("copy", "image", Call("nn.MSELoss"), "numbers")


def last(plan: Plan, folder: Path, *targets: Target, epochs: int = 2) -> Event:
    """The end of a run on the digits."""
    recipe = Recipe(Source("digits"), ("image",), targets, ADAM, epochs=epochs, device="cpu")
    *_, event = train(Train(plan, recipe, str(folder)), Control())
    return event


def metrics_of(plan: Plan, folder: Path, *targets: Target, epochs: int = 2) -> dict[str, float]:
    event = last(plan, folder, *targets, epochs=epochs)
    assert isinstance(event, Finished), event
    return told(event.metrics.items())


def told(metrics: object) -> dict[str, float]:
    found: dict[str, Number] = dict(metrics)  # type: ignore[call-overload]  # pairs of a mapping
    return {name: value for name, value in found.items() if value is not None}


def two_headed() -> Plan:
    """One hidden layer, from which ten scores and the picture itself are read."""
    modules: dict[str, Call | Plan | tuple[Plan, ...]] = {
        "flatten": Call("nn.Flatten"), "code": linear(64, 24), "scores": linear(24, 10), "back": linear(24, 64),
    }  # fmt: skip
    steps = (
        apply("flatten", "image"), apply("code"), apply("scores", to="digit"), apply("back"),
        Step("x", Call(".reshape", {}, (Ref("x"), -1, 1, 8, 8)), "fold"),
    )  # fmt: skip
    return Plan("TwoHeaded", (IMAGE,), modules, steps, (("digit", Ref("digit")), ("copy", Ref("x"))))


def test_each_loss_counts_by_its_weight(tmp_path: Path) -> None:
    metrics = metrics_of(two_headed(), tmp_path, replace(DIGIT, weight=0.25), replace(COPY, weight=8.0))
    for split in ("validation", "test"):
        both = 0.25 * metrics[f"digit.{split}_loss"] + 8 * metrics[f"copy.{split}_loss"]
        assert metrics[f"{split}_loss"] == pytest.approx(both)


def test_a_loss_of_no_weight_does_not_move_its_head(tmp_path: Path) -> None:
    weighted = metrics_of(two_headed(), tmp_path / "one", DIGIT, COPY)
    left = metrics_of(two_headed(), tmp_path / "two", DIGIT, replace(COPY, weight=0.0))
    assert weighted["copy.test_loss"] < 0.1 < left["copy.test_loss"]
    assert left["test_loss"] == left["digit.test_loss"]


def test_a_lone_loss_is_told_by_its_weight_after_steps_and_epochs_alike(tmp_path: Path) -> None:
    plain = metrics_of(digits_mlp(), tmp_path / "one", DIGIT)
    heavy = metrics_of(digits_mlp(), tmp_path / "two", replace(DIGIT, weight=100.0))
    for name in ("train_loss", "validation_loss", "test_loss"):
        assert heavy[name] == pytest.approx(100 * plain[name], rel=0.05)


def test_a_value_is_made_small_without_a_target(tmp_path: Path) -> None:
    plan = digits_mlp()
    plan = replace(plan, steps=(*plan.steps, Step("x", Call(".square", {}, (Ref("x"),)), "square")))
    metrics = metrics_of(plan, tmp_path, Target("digit", "", Call("modules.ValueLoss"), "nothing"))
    assert 0 <= metrics["test_loss"] < 0.01
    assert not any("accuracy" in name for name in metrics)


def with_labels() -> Plan:
    """The MLP, and the class of its highest score as a second output."""
    plan = digits_mlp()
    most = Step("most", Call(".argmax", {}, (Ref("x"), 1)), "most")
    return replace(plan, steps=(*plan.steps, most), outputs=(*plan.outputs, ("most", Ref("most"))))


COUNTED = Target("most", "digit", Call("modules.ZeroOneLoss"), "labels", 5.0)


def test_labels_are_counted_and_add_nothing_to_the_loss(tmp_path: Path) -> None:
    metrics = metrics_of(with_labels(), tmp_path, DIGIT, COUNTED)
    assert metrics["most.test_accuracy"] == metrics["digit.test_accuracy"]
    assert metrics["validation_loss"] == metrics["digit.validation_loss"]
    assert "most.test_loss" not in metrics


@pytest.mark.parametrize(
    ("targets", "code"),
    [
        ((COUNTED,), "no-loss"),
        ((), "no-loss"),
        ((replace(DIGIT, output="most"),), "loss-dtype"),
        ((DIGIT, replace(COUNTED, output="digit")), "loss-dtype"),
        ((DIGIT, replace(COUNTED, field="image")), "target-shape"),
    ],
)
def test_what_nothing_can_be_learned_from_is_told_before_the_first_step(
    targets: tuple[Target, ...], code: str, tmp_path: Path
) -> None:
    event = last(with_labels(), tmp_path, *targets)
    assert isinstance(event, Failed), event
    assert event.problem.code == code


def tagger(*, scores_first: bool = False) -> Plan:
    """Five scores for each of twelve words, by the word alone."""
    modules: dict[str, Call | Plan | tuple[Plan, ...]] = {
        "scores": Call("nn.Embedding", {"num_embeddings": 24, "embedding_dim": 5})
    }
    turn = (Step("x", Call(".transpose", {}, (Ref("x"), 1, 2)), "turn"),) if scores_first else ()
    words = PlanInput("words", (12,), "int64")
    return Plan("Tagger", (words,), modules, (apply("scores", "words"), *turn), (("tags", Ref("x")),))


def test_a_sequence_is_compared_place_by_place_wherever_its_scores_stand(tmp_path: Path) -> None:
    recipe = Recipe(
        Source("tagging", {"samples": 600}), ("words",), (Target("tags", "tags", CLASSES, "classes"),),
        Call("torch.optim.Adam", {"lr": 0.05}), epochs=4, device="cpu",
    )  # fmt: skip
    ends = []
    for place, plan in enumerate((tagger(), tagger(scores_first=True))):
        *_, event = train(Train(plan, recipe, str(tmp_path / str(place))), Control())
        assert isinstance(event, Finished), event
        ends.append(told(event.metrics.items()))
    assert 0.6 < ends[0]["test_accuracy"] < 0.9
    assert ends[1] == pytest.approx(ends[0])
