"""Losses, weights and targets of Outputs against the facts of the data."""

from __future__ import annotations

from typing import Any

import pytest
from designs import design, node

from designer.compiler.checking.check import check
from designer.compiler.checking.data_rules import fitting_losses
from designer.compiler.checking.facts import data_facts
from designer.compiler.checking.report import Report
from designer.compiler.lowering.recipe import train_request, training_problems
from designer.graph import edits
from designer.graph.document import Document
from designer.problems import Severity

WORDS = node("words", "Input", shape=(12,), dtype="int64")
EMBED = node("embed", "Embedding", num_embeddings=24, embedding_dim=8)


def examined(document: Document) -> Report:
    return check(document, data_facts(document)[0])


def tagger(*nodes: Any, links: str, **parts: Any) -> Document:
    return design(WORDS, EMBED, *nodes, links=links, data={"source": "tagging"}, **parts)


def codes(document: Document) -> list[str]:
    return [problem.code for problem in examined(document).problems]


def test_a_sequence_of_classes_wants_a_score_for_each_class_at_each_place() -> None:
    out = node("tags", "Output", loss="CrossEntropyLoss")
    narrow = tagger(node("lin", "Linear", out_features=4), out, links="words embed lin tags")
    (problem,) = examined(narrow).problems
    assert problem.code == "output-width"
    assert "needs 12 x 5" in problem.message
    mended = edits.apply_fix(narrow, problem.fixes[0])
    assert mended.nodes["lin"].settings["out_features"] == 5
    assert codes(mended) == []


def test_scores_before_the_places_they_are_for_are_taken_too() -> None:
    nodes = (
        node("turn", "Permute", dims=(0, 2, 1)), node("conv", "Conv1d", out_channels=5, kernel_size=1),
        node("tags", "Output", loss="CrossEntropyLoss"),
    )  # fmt: skip
    assert codes(tagger(*nodes, links="words embed turn conv tags")) == []


def test_a_free_length_suits_data_of_any_length() -> None:
    document = design(
        node("words", "Input", shape=("T",), dtype="int64"), EMBED, node("lin", "Linear", out_features=5),
        node("tags", "Output", loss="CrossEntropyLoss"), links="words embed lin tags", data={"source": "tagging"},
    )  # fmt: skip
    assert codes(document) == []


def two_heads(**copy: object) -> Document:
    return design(
        node("image", "Input", shape=(1, 8, 8)), node("flat", "Flatten"), node("lin", "Linear", out_features=10),
        node("digit", "Output", loss="CrossEntropyLoss"), node("copy", "Output", **copy),
        links="image flat lin digit, image copy", data={"source": "digits"},
    )  # fmt: skip


def test_each_output_is_asked_for_with_its_weight() -> None:
    targets = train_request(examined(two_heads(loss="MSELoss", target="image", weight=0.5)), "f").recipe.targets
    assert [(each.output, each.field, each.weight) for each in targets] == [
        ("digit", "digit", 1.0), ("copy", "image", 0.5),
    ]  # fmt: skip


def test_an_output_without_a_loss_is_left_to_itself_with_a_tip() -> None:
    report = examined(two_heads(target="image"))
    assert [(each.code, each.severity) for each in report.problems] == [("output-without-loss", Severity.TIP)]
    assert training_problems(report) == ()
    assert [each.output for each in train_request(report, "f").recipe.targets] == ["digit"]
    mended = edits.apply_fix(report.document, report.problems[0].fixes[0])
    assert mended.nodes["copy"].settings["loss"] == "MSELoss"
    assert codes(mended) == []


def test_an_output_whose_settings_are_wrong_is_not_told_to_have_no_loss() -> None:
    assert codes(two_heads(loss="MSELoss", target="image", weight=-1)) == ["setting"]


def test_a_value_is_compared_with_nothing_whatever_its_shape() -> None:
    report = examined(two_heads(loss="ValueLoss"))
    assert report.problems == ()
    target = train_request(report, "f").recipe.targets[1]
    assert (target.field, target.compares) == ("", "nothing")


@pytest.mark.parametrize(
    ("loss", "better"), [("CrossEntropyLoss", "ZeroOneLoss"), ("MSELoss", "ZeroOneLoss"), ("ValueLoss", "ZeroOneLoss")]
)
def test_whole_numbers_can_be_counted_but_not_learned_from(loss: str, better: str) -> None:
    document = tagger(node("tags", "Output", loss=loss), links="words tags")
    (problem,) = [each for each in examined(document).problems if each.severity is Severity.ERROR]
    assert problem.code == "loss-dtype"
    mended = edits.apply_fix(document, problem.fixes[0])
    assert mended.nodes["tags"].settings["loss"] == better
    assert "loss-dtype" not in codes(mended)
    assert [each.code for each in training_problems(examined(mended))] == ["no-loss"]


def test_fractions_are_not_counted_as_labels() -> None:
    document = tagger(node("tags", "Output", loss="ZeroOneLoss"), links="words embed tags")
    (problem,) = examined(document).problems
    assert (problem.code, problem.fixes[0].label) == ("loss-dtype", "Set loss to CrossEntropyLoss")


@pytest.mark.parametrize(
    ("layer", "loss", "severity"),
    [
        ("Softmax", "CrossEntropyLoss", Severity.WARNING),
        ("LogSoftmax", "CrossEntropyLoss", Severity.TIP),
        ("LogSigmoid", "CrossEntropyLoss", Severity.WARNING),
        ("Sigmoid", "BCEWithLogitsLoss", Severity.WARNING),
        ("LogSigmoid", "BCEWithLogitsLoss", Severity.WARNING),
        ("LogSoftmax", "BCEWithLogitsLoss", Severity.WARNING),
    ],
)
def test_what_a_loss_applies_itself_is_not_wanted_before_it(layer: str, loss: str, severity: Severity) -> None:
    document = design(
        node("x", "Input", shape=(4,)), node("lin", "Linear"), node("last", layer), node("out", "Output", loss=loss),
        links="x lin last out",
    )  # fmt: skip
    (problem,) = check(document).problems
    assert (problem.code, problem.node, problem.severity) == ("softmax-before-loss", "last", severity)
    assert check(edits.apply_fix(document, problem.fixes[0])).problems == ()


def scored(loss: str, *before: Any, **settings: Any) -> Document:
    """Digits with a loss, and what stands before it."""
    names = [each.id for each in before]
    return design(
        node("image", "Input", shape=(1, 8, 8)), node("flat", "Flatten"), node("lin", "Linear", out_features=10),
        *before, node("digit", "Output", loss=loss, **settings),
        links=" ".join(["image", "flat", "lin", *names, "digit"]), data={"source": "digits"},
    )  # fmt: skip


def test_a_setting_that_a_loss_does_not_take_is_told_at_the_output_and_put_back_by_one_fix() -> None:
    document = scored("FocalLoss", loss_settings={"gamma": -1, "balanced": True, "of_another_version": 1})
    (problem,) = examined(document).problems
    assert (problem.code, problem.node, problem.setting) == ("loss-settings", "digit", "loss")
    assert "gamma is -1, but it must be at least 0" in problem.message
    mended = edits.apply_fix(document, problem.fixes[0])
    assert mended.nodes["digit"].settings["loss_settings"] == {"balanced": True, "of_another_version": 1}
    assert not examined(mended).problems


def test_settings_of_a_loss_that_are_no_table_are_told() -> None:
    (problem,) = examined(scored("FocalLoss", loss_settings=7)).problems
    assert "must be a table of settings" in problem.message


def test_a_loss_of_log_probabilities_asks_for_the_layer_that_makes_them() -> None:
    (problem,) = examined(scored("NLLLoss")).problems
    assert (problem.code, problem.severity) == ("loss-needs", Severity.WARNING)
    assert not examined(edits.apply_fix(scored("NLLLoss"), problem.fixes[0])).problems
    (problem,) = examined(scored("NLLLoss", node("soft", "Softmax", dim=1))).problems
    assert "but soft gives digit probabilities" in problem.message


def test_a_loss_between_vectors_asks_for_them() -> None:
    (problem,) = examined(scored("TripletMarginLoss")).problems
    assert problem.message == "TripletMarginLoss compares 3 vectors of each example, but digit gets 10."


def test_losses_are_offered_for_targets_that_suit_them() -> None:
    facts = data_facts(scored(""))[0]
    assert facts is not None
    names = [loss.__name__ for loss in fitting_losses(facts.fields["digit"])]
    assert names == ["CrossEntropyLoss", "NLLLoss", "FocalLoss", "MultiMarginLoss"]


def test_a_mean_and_a_variance_make_an_output_twice_as_wide() -> None:
    def regression(width: int) -> Document:
        return design(
            node("row", "Input", shape=(10,)), node("lin", "Linear", out_features=width),
            node("out", "Output", loss="GaussianNLLLoss"), links="row lin out", data={"source": "diabetes"},
        )  # fmt: skip

    assert not examined(regression(2)).problems
    (problem,) = examined(regression(1)).problems
    assert (problem.code, problem.fixes[0].label) == ("output-width", "Set out_features of lin to 2")
