"""Training scripts, run as a reader of them would run them and held to the engine's own runs."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import torch

from designer.compiler.checking.facts import look_for
from designer.compiler.checking.report import Report
from designer.compiler.lowering.recipe import train_request
from designer.compiler.printing.script.script import script
from designer.compiler.project import examine, open_design
from designer.engine.control import Control
from designer.engine.training.loop import train
from designer.graph.document import Document, Link, Node
from designer.protocol import Epoch, Failed, Finished
from designer.resources import samples

SAMPLES = {path.stem: path for path in samples()}


def sample(name: str, *, data: Mapping[str, Any] | None = None, **training: Any) -> Document:
    """A sample design, trained for two epochs, with some settings of its own."""
    document = open_design(SAMPLES[name])
    chosen = {**document.training, "epochs": 2, "device": "cpu", **training}
    return replace(document, training=chosen, data={**document.data, **(data or {})})


def with_settings(document: Document, node: str, **settings: Any) -> Document:
    """The same design with a node's settings changed."""
    found = document.nodes[node]
    return replace(document, nodes={**document.nodes, node: replace(found, settings={**found.settings, **settings})})


def with_node(document: Document, node: Node) -> Document:
    """The same design with one node in the place of the one of its id."""
    return replace(document, nodes={**document.nodes, node.id: node})


def report_of(document: Document) -> Report:
    """What the check finds, data files looked at too."""
    return examine(document, files=look_for(document, Path()))


def run_of_engine(document: Document, folder: Path) -> tuple[list[dict[str, float]], Finished]:
    """The metrics of each epoch, and the end."""
    events = list(train(train_request(report_of(document), str(folder)), Control()))
    last = events[-1]
    assert not isinstance(last, Failed), last
    assert isinstance(last, Finished)
    return [dict(event.metrics) for event in events if isinstance(event, Epoch)], last  # type: ignore[arg-type]


def printed(document: Document) -> str:
    """The training script of a design."""
    report = report_of(document)
    return script(report, train_request(report, ""))


def run_script(text: str, folder: Path) -> tuple[list[dict[str, float]], dict[str, Any]]:
    """The metrics of each epoch, and all names of the script; it runs in this process, on one thread."""
    folder.mkdir(exist_ok=True)
    room: dict[str, Any] = {"__name__": "script", "__file__": str(folder / "train.py")}
    exec(compile(text, "train.py", "exec"), room)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        return room["train"](), room
    finally:
        torch.set_num_threads(threads)


def assert_reproduced(document: Document, folder: Path, tolerance: float = 1e-5) -> dict[str, Any]:
    """The printed script has the engine's losses, epoch for epoch; returns the names of the script."""
    theirs, _ = run_of_engine(document, folder / "run")
    ours, room = run_script(printed(document), folder / "script")
    assert len(ours) == len(theirs)
    for one, other in zip(ours, theirs, strict=True):
        for name in set(one) & set(other):
            assert math.isclose(one[name], other[name], rel_tol=tolerance, abs_tol=tolerance), (name, one, other)
        assert {"train_loss", "validation_loss"} & set(one) == {"train_loss", "validation_loss"} & set(other)
    return room


def small_design(data: Mapping[str, Any], shape: tuple[int, ...], width: int, loss: str, **settings: Any) -> Document:
    """A small network for some data: one hidden layer, and `width` numbers or scores."""
    nodes = {
        "rows": Node("rows", "Input", {"shape": shape}),
        "flat": Node("flat", "Flatten"),
        "hidden": Node("hidden", "Linear", {"out_features": 8}),
        "relu": Node("relu", "ReLU"),
        "scores": Node("scores", "Linear", {"out_features": width}),
        "answer": Node("answer", "Output", {"loss": loss, "loss_settings": settings}),
    }
    chain = list(nodes)
    links = tuple(Link(source, target) for source, target in pairwise(chain))
    training = {"optimizer": {"kind": "Adam", "lr": 0.01}, "epochs": 2, "batch_size": 8, "device": "cpu"}
    return Document(nodes=nodes, links=links, data=data, training=training)
