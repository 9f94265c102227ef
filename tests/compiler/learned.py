"""Designs whose nodes learn in ways of their own, and how they are held to torch."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import Any

import torch
from designs import design, node

from designer.compiler.checking.check import check
from designer.compiler.checking.report import Report
from designer.compiler.lowering.lower import lower
from designer.compiler.printing.source import WIDTH, source
from designer.engine.learning import penalty
from designer.engine.network import Network
from designer.graph import edits
from designer.graph.document import Document, Node
from designer.plan import Plan
from designer.problems import Problem


def learns(each: Node, **learning: Any) -> Node:
    return replace(each, learning=learning)


def twins(**second: Any) -> Document:
    """left -> fc1 -> sum <- fc2 <- right, then scores; `second` is how fc2 learns."""
    return design(
        node("left", "Input", shape=(6,)), node("right", "Input", shape=(6,)),
        node("fc1", "Linear", out_features=5), learns(node("fc2", "Linear", out_features=5), **second),
        node("sum", "Add"), node("scores", "Linear", out_features=3), node("digit", "Output"),
        links="left fc1 sum scores digit, right fc2 sum",
    )  # fmt: skip


def language(**head: Any) -> Document:
    return design(
        node("words", "Input", shape=(7,), dtype="int64"),
        node("table", "Embedding", num_embeddings=20, embedding_dim=8),
        learns(node("head", "Linear", out_features=20), **head), node("next", "Output"),
        links="words table head next",
    )  # fmt: skip


def with_learning(document: Document, name: str, **learning: Any) -> Document:
    return edits.change_learning(document, name, learning)


def torch_counts(plan: Plan) -> tuple[int, int]:
    """All parameters of the network that the engine makes, and those that are trained."""
    parameters = list(Network(plan).parameters())
    return sum(p.numel() for p in parameters), sum(p.numel() for p in parameters if p.requires_grad)


def counts(report: Report) -> tuple[int, int]:
    return report.parameters, report.trainable_parameters


def held_to_torch(document: Document) -> Report:
    report = check(document)
    assert report.sound, report.problems
    assert counts(report) == torch_counts(lower(report))
    return report


def last_class(text: str) -> Any:
    room: dict[str, Any] = {"__name__": "printed"}
    exec(compile(text, "printed.py", "exec"), room)
    names = [each.name for each in ast.parse(text).body if isinstance(each, ast.ClassDef)]
    return room[names[-1]]


def agree(plan: Plan) -> str:
    """The printed network begins with the engine's weights, keys, freezing and penalty; gives the text."""
    text = source(plan)
    network = text[text.rindex("\nclass ") :]  # classes of layers that torch lacks have lines of their own
    assert max(map(len, network.splitlines())) <= WIDTH
    torch.manual_seed(3)
    made = last_class(text)()
    torch.manual_seed(3)
    engine = Network(plan)
    ours, theirs = dict(engine.named_parameters()), dict(made.named_parameters())
    assert list(ours) == list(theirs)
    assert list(engine.state_dict()) == list(made.state_dict())
    for name, weight in ours.items():
        assert torch.equal(weight, theirs[name]), name
        assert weight.requires_grad == theirs[name].requires_grad, name
    for mode in (False, True):
        modes = {name: part.training for name, part in engine.train(mode).named_modules()}
        assert modes == {name: part.training for name, part in made.train(mode).named_modules()}
    wanted = penalty(engine, plan)
    if wanted:
        torch.testing.assert_close(made.penalty(), wanted())
    else:
        assert not hasattr(made, "penalty")
    return text


def only(report: Report) -> Problem:
    assert len(report.problems) == 1, report.problems
    return report.problems[0]


def fixed(document: Document, problem: Problem, number: int = 0) -> Report:
    return check(edits.apply_fix(document, problem.fixes[number]))


def block() -> Document:
    return design(
        node("x", "Input"), node("conv", "Conv2d", out_channels=2, padding=1), node("norm", "BatchNorm2d"),
        node("drop", "Dropout"), node("y", "Output"), links="x conv norm drop y",
    )  # fmt: skip


def images(*groups: Node) -> Document:
    names = [each.id for each in groups]
    return design(node("image", "Input", shape=(2, 6, 6)), *groups, node("out", "Output"),
                  links=f"image {' '.join(names)} out")  # fmt: skip
