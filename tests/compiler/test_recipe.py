"""Training and data settings, read into what the engine is asked; whatever is wrong with them is a problem."""

from __future__ import annotations

from typing import Any

import pytest
from designs import design, node
from hypothesis import given
from hypothesis import strategies as st

from designer.catalogue import OPTIMIZERS
from designer.compiler.checking.check import check
from designer.compiler.checking.facts import data_facts
from designer.compiler.checking.report import Report
from designer.compiler.lowering.recipe import NotReadyError, train_request, training_problems
from designer.graph import edits
from designer.graph.document import Document
from designer.plan import Call, Ref
from designer.problems import Problem
from designer.protocol import Split


def classifier(**parts: Any) -> Document:
    return design(
        node("image", "Input", shape=(1, 8, 8)), node("flat", "Flatten"), node("lin", "Linear", out_features=10),
        node("digit", "Output", loss="CrossEntropyLoss"), links="image flat lin digit",
        **{"data": {"source": "digits"}, **parts},
    )  # fmt: skip


def examined(document: Document) -> Report:
    return check(document, data_facts(document)[0])


def test_a_design_with_data_and_a_loss_is_ready_with_every_default() -> None:
    request = train_request(examined(classifier()), "runs/one")
    recipe = request.recipe
    assert request.folder == "runs/one"
    assert (recipe.source.key, recipe.source.settings) == ("digits", {})
    assert recipe.inputs == ("image",)
    assert [(each.output, each.field, each.loss.target, each.compares) for each in recipe.targets] == [
        ("digit", "digit", "nn.CrossEntropyLoss", "classes")
    ]
    assert recipe.optimizer == Call(
        "torch.optim.Adam",
        {"lr": 0.001, "betas": (0.9, 0.999), "eps": 1e-8, "weight_decay": 0.0, "amsgrad": False},
    )
    assert (recipe.epochs, recipe.batch_size, recipe.seed, recipe.device) == (10, 32, 0, "auto")
    assert recipe.split == Split(0.15, 0.15, 0)


def test_what_is_set_is_what_is_asked_for() -> None:
    document = classifier(
        training={"optimizer": {"kind": "SGD", "lr": 0.1, "momentum": 0.9, "nesterov": True}, "epochs": 3, "seed": 7,
                  "batch_size": 8, "device": "cpu", "of_another_version": 1},
        data={"source": "digits", "split": {"validation": 0.2, "test": 0.1, "seed": 5}},
    )  # fmt: skip
    recipe = train_request(examined(document), "f").recipe
    assert recipe.optimizer.target == "torch.optim.SGD"
    given = {"lr": 0.1, "momentum": 0.9, "nesterov": True, "weight_decay": 0.0, "dampening": 0.0}
    assert recipe.optimizer.keywords == given
    assert (recipe.epochs, recipe.batch_size, recipe.seed, recipe.device) == (3, 8, 7, "cpu")
    assert recipe.split == Split(0.2, 0.1, 5)


def test_epochs_and_device_can_be_given_for_one_run() -> None:
    recipe = train_request(examined(classifier(training={"epochs": 3})), "f", epochs=2, device="cpu").recipe
    assert (recipe.epochs, recipe.device) == (2, "cpu")
    with pytest.raises(NotReadyError, match=r"epochs is 0, but it must be at least 1\."):
        train_request(examined(classifier()), "f", epochs=0)


def test_settings_of_generated_data_reach_its_source() -> None:
    document = design(
        node("point", "Input", shape=(2,)), node("lin", "Linear", out_features=5),
        node("arm", "Output", loss="CrossEntropyLoss"), links="point lin arm",
        data={"source": "spiral", "arms": 5, "noise": 0.2},
    )  # fmt: skip
    assert train_request(examined(document), "f").recipe.source.settings == {"arms": 5, "noise": 0.2}


def test_an_autoencoder_is_compared_with_its_input() -> None:
    document = design(
        node("image", "Input", shape=(1, 8, 8)), node("copy", "Output", loss="MSELoss", target="image"),
        links="image copy", data={"source": "digits"},
    )  # fmt: skip
    target = train_request(examined(document), "f").recipe.targets[0]
    assert (target.field, target.compares) == ("image", "numbers")


NOT_READY = {
    "no network": (Document(data={"source": "digits"}), "empty"),
    "no data": (classifier(data={}), "no-data"),
    "unknown data": (classifier(data={"source": "nonsense"}), "data"),
    "a wrong setting of the data": (classifier(data={"source": "digits", "self": 1}), "data"),
    "an error in the design": (edits.change_settings(classifier(), "lin", {"out_features": 0}), "setting"),
    "no loss": (edits.change_settings(classifier(), "digit", {}, ("loss",)), "no-loss"),
    "another width": (edits.change_settings(classifier(), "lin", {"out_features": 9}), "output-width"),
}  # fmt: skip
TRAINING: dict[str, Any] = {
    "epochs": [0, -1, 1.5, "ten", None, True, [], {}, 10**30],
    "batch_size": [0, "all", 0.5, [32]],
    "seed": [-1, 0.5, "x"],
    "device": [0, [], {"a": 1}],
    "optimizer": [
        3, "Adam", [], {"kind": 5}, {"kind": []}, {"kind": "Magic"}, {"lr": "fast"}, {"lr": -1}, {"self": 1},
        {"momentum": 0.9}, {"kind": "SGD", "nesterov": True}, {"kind": "SGD", "momentum": 2.0}, {"a.b": 1},
    ],
}  # fmt: skip
SPLITS: list[Any] = [
    3, "half", [0.1, 0.2], {"test": 1.0}, {"test": "x"}, {"seed": -1}, {"rest": 0.5}, {"self": 1},
    {"test": 0.6, "validation": 0.6},
]  # fmt: skip


def said(document: Document) -> tuple[Problem, ...]:
    return training_problems(examined(document))


@pytest.mark.parametrize("why", NOT_READY)
def test_a_design_that_is_not_ready_says_why(why: str) -> None:
    document, code = NOT_READY[why]
    assert code in [problem.code for problem in said(document)]
    with pytest.raises(NotReadyError) as refusal:
        train_request(examined(document), "f")
    assert str(refusal.value).endswith(".")


WRONG = [{"training": {key: value}} for key, values in TRAINING.items() for value in values if value is not None]
WRONG += [{"data": {"source": "digits", "split": value}} for value in SPLITS]


@pytest.mark.parametrize("parts", WRONG, ids=str)
def test_a_bad_setting_is_a_problem_whose_fix_takes_it_away(parts: dict[str, Any]) -> None:
    document = classifier(**parts)
    problems = [problem for problem in said(document) if problem.code == "training"]
    assert len(problems) == 1
    assert problems[0].message.endswith(".")
    assert problems[0].hint.endswith(".")
    assert len(problems[0].sentence) < 250
    assert len(problems[0].fixes) == 1
    assert said(edits.apply_fix(document, problems[0].fixes[0])) == ()


def test_putting_one_setting_of_the_optimizer_back_keeps_the_others() -> None:
    document = classifier(training={"optimizer": {"kind": "SGD", "lr": -1.0, "momentum": 0.9}})
    mended = edits.apply_fix(document, said(document)[0].fixes[0])
    assert mended.training == {"optimizer": {"kind": "SGD", "momentum": 0.9}}


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)),
    max_leaves=6,
)
KEYS = st.sampled_from(["source", "inputs", "targets", "split", "epochs", "optimizer", "batch_size", "noise", "self"])


@given(st.dictionaries(KEYS, JSON), st.dictionaries(KEYS, JSON), st.booleans())
def test_whatever_a_file_says_of_data_and_training_is_read_or_refused(
    data: dict[str, Any], training: dict[str, Any], sourced: bool
) -> None:
    document = classifier(data={**data, **({"source": "digits"} if sourced else {})}, training=training)
    report = examined(document)
    problems = training_problems(report)
    assert all(problem.message.endswith(".") for problem in (*report.problems, *problems))
    if not problems:
        train_request(report, "f")


@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_every_optimizer_can_be_chosen_without_settings(kind: str) -> None:
    document = classifier(training={"optimizer": {"kind": kind}})
    assert train_request(examined(document), "f").recipe.optimizer.target == f"torch.optim.{kind}"


def test_all_that_is_chosen_reaches_the_engine() -> None:
    training = {
        "schedule": {"kind": "CosineAnnealingLR", "eta_min": 0.0001}, "warmup": 20, "clip_norm": 1.0, "accumulate": 4,
        "ema": 0.99, "precision": "bfloat16", "compile": True, "deterministic": True, "l1": 0.5, "l2": 2.0,
        "patience": 3, "clip_value": 0.1,
    }  # fmt: skip
    recipe = train_request(examined(classifier(training=training)), "f").recipe
    assert recipe.schedule is not None
    assert recipe.schedule.call.target == "torch.optim.lr_scheduler.CosineAnnealingLR"
    assert recipe.schedule.call.keywords == {"T_max": Ref("updates"), "eta_min": 0.0001}
    assert recipe.schedule.every == "update"
    for name in set(training) - {"schedule"}:
        assert getattr(recipe, name) == training[name], name


@pytest.mark.parametrize(
    ("training", "words", "label"),
    [
        ({"optimizer": {"kind": "LBFGS"}, "accumulate": 2}, "looks at each batch several times", "Set accumulate to 1"),
        ({"optimizer": {"kind": "LBFGS"}, "precision": "float16"}, "with float16", "Set precision to float32"),
        ({"precision": "float16", "device": "cpu"}, "needs a GPU", "Set precision to bfloat16"),
        ({"schedule": {"kind": "CosineAnnealingLR", "eta_min": 1.0}}, "goes down to 1", "Let the schedule go down"),
        ({"schedule": {"kind": "Sawtooth"}}, 'no schedule called "Sawtooth"', "Put schedule back"),
        ({"schedule": {"kind": "StepLR", "step_size": 0}}, "step_size is 0", "Put step_size back"),
        ({"schedule": 7}, "schedule must be a kind", "Put schedule back"),
        ({"ema": 1.0}, "ema is 1", "Put ema back"),
        ({"precision": "int8"}, "precision is int8", "Put precision back"),
    ],
)
def test_what_does_not_suit_is_told_in_a_sentence_with_its_mend(
    training: dict[str, object], words: str, label: str
) -> None:
    report = examined(classifier(training=training))
    (problem,) = training_problems(report)
    assert words in problem.message
    assert problem.fixes[0].label.startswith(label)
    assert not training_problems(examined(edits.apply_fix(report.document, problem.fixes[0])))
