"""Training on one whole graph: every step sees all nodes, and looks at those of its own split alone."""

from __future__ import annotations

import sys
from pathlib import Path

import networkx
import pytest
import torch
from safetensors.torch import load_file
from torch.nn import functional as F  # noqa: N812 (its usual name)

from designer.engine.control import Control
from designer.engine.data.load import Data, load
from designer.engine.network import Network
from designer.engine.training.loop import more, train
from designer.plan import Call, Plan, PlanInput, Ref, Step
from designer.problems import Problem
from designer.protocol import Epoch, Event, Failed, Finished, Progress, Recipe, Source, Split, Started, Target, Train

MEMBERS = PlanInput("members", (34, 34), "float32", None)
EDGES = PlanInput("edges", (2, 156), "int64", None)
GCN = Plan(
    "Club",
    (MEMBERS, EDGES),
    {"conv1": Call("gnn.GCNConv", {"in_channels": 34, "out_channels": 2})},
    (Step("x", Call("self.conv1", {}, (Ref("members"), Ref("edges"))), "conv1"),),
    (("club", Ref("x")),),
)
SPLIT = Split(0.3, 0.3, seed=2)
SGD = Call("torch.optim.SGD", {"lr": 0.5})
CLASSES = Target("club", "club", Call("nn.CrossEntropyLoss"), "classes")


def request(folder: Path, plan: Plan = GCN, target: Target = CLASSES, **changes: object) -> Train:
    inputs = ("members", "edges")
    recipe = Recipe(Source("karate"), inputs, (target,), SGD, epochs=4, split=SPLIT, device="cpu", batch_size=3)
    return Train(plan, replace_fields(recipe, changes), str(folder))


def replace_fields(recipe: Recipe, changes: dict[str, object]) -> Recipe:
    return Recipe(**{**{name: getattr(recipe, name) for name in recipe.__struct_fields__}, **changes})  # type: ignore[arg-type]


def told(asked: Train) -> list[Event]:
    return list(train(asked, Control()))


def problem(asked: Train) -> Problem:
    *_, last = told(asked)
    assert isinstance(last, Failed), last
    return last.problem


def club() -> Data:
    return load(Source("karate"), SPLIT)


def test_the_club_is_zacharys_with_every_tie_in_both_directions() -> None:
    data = club()
    edges = set(zip(*data.fields["edges"].tolist(), strict=True))
    ties = {tuple(sorted(edge)) for edge in edges}
    assert ties == {tuple(sorted(edge)) for edge in networkx.karate_club_graph().edges}
    assert len(edges) == 2 * len(ties) == 156
    assert data.fields["members"].equal(torch.eye(34))
    # Mr. Hi is member 0, the officer member 33.
    assert data.fields["club"][[0, 33]].tolist() == [0, 1]
    assert data.fields["club"].bincount().tolist() == [17, 17]
    assert data.whole
    assert data.scales == {}


def test_an_epoch_is_one_step_over_the_whole_graph(tmp_path: Path) -> None:
    events = told(request(tmp_path))
    started, finished = events[0], events[-1]
    assert isinstance(started, Started)
    assert isinstance(finished, Finished)
    assert started.steps_per_epoch == 1
    assert started.examples == {"train": 14, "validation": 10, "test": 10}
    assert finished.steps == 4
    assert sum(len(event.losses) for event in events if isinstance(event, Progress)) == 4


def test_the_losses_are_those_of_a_loop_by_hand(tmp_path: Path) -> None:
    events = told(request(tmp_path))
    losses = [loss for event in events if isinstance(event, Progress) for loss in event.losses]
    data = club()
    x, edges, answers = (data.fields[name] for name in ("members", "edges", "club"))
    torch.manual_seed(0)
    network = Network(GCN)
    optimizer = torch.optim.SGD(network.parameters(), lr=0.5)
    wanted, seen = [], data.rows["train"]
    for _ in range(4):
        loss = F.cross_entropy(network(x, edges)[0][seen], answers[seen])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        wanted.append(loss.item())
    assert losses == pytest.approx(wanted, rel=1e-6)


def test_each_metric_is_measured_on_the_nodes_of_its_own_split(tmp_path: Path) -> None:
    *_, finished = told(request(tmp_path, epochs=30))
    assert isinstance(finished, Finished)
    network = Network(GCN).eval()
    network.load_state_dict(load_file(tmp_path / "best.safetensors"))
    data = club()
    with torch.no_grad():
        (scores,) = network(data.fields["members"], data.fields["edges"])
    for split in ("validation", "test"):
        rows = data.rows[split]
        right = (scores[rows].argmax(1) == data.fields["club"][rows]).float().mean()
        assert finished.metrics[f"{split}_accuracy"] == pytest.approx(float(right))
        loss = F.cross_entropy(scores[rows], data.fields["club"][rows])
        assert finished.metrics[f"{split}_loss"] == pytest.approx(float(loss), rel=1e-5)


def test_the_weights_carry_the_names_of_the_exported_source(tmp_path: Path) -> None:
    told(request(tmp_path))
    assert set(load_file(tmp_path / "last.safetensors")) == {"conv1.bias", "conv1.lin.weight"}


def test_yes_or_no_and_numbers_are_learned_for_each_node_too(tmp_path: Path) -> None:
    one = replace_plan(GCN, {"conv1": Call("gnn.GCNConv", {"in_channels": 34, "out_channels": 1})})
    binary = Target("club", "club", Call("nn.BCEWithLogitsLoss"), "binary")
    *_, finished = told(request(tmp_path, one, binary))
    assert isinstance(finished, Finished), finished
    assert "test_accuracy" in finished.metrics
    same = replace_plan(GCN, {"conv1": Call("gnn.GCNConv", {"in_channels": 34, "out_channels": 34})})
    numbers = Target("club", "members", Call("nn.MSELoss"), "numbers")
    *_, finished = told(request(tmp_path, same, numbers))
    assert isinstance(finished, Finished), finished
    assert "test_mae" in finished.metrics


def replace_plan(plan: Plan, modules: dict[str, Call]) -> Plan:
    return Plan(plan.title, plan.inputs, modules, plan.steps, plan.outputs)


def test_a_run_without_validation_and_test_nodes_ends_well(tmp_path: Path) -> None:
    events = told(request(tmp_path, split=Split(0, 0)))
    assert isinstance(events[-1], Finished)
    assert {name for event in events if isinstance(event, Epoch) for name in event.metrics} == {
        "train_loss", "train_accuracy",
    }  # fmt: skip


def test_a_finished_run_goes_on_as_if_it_had_been_longer(tmp_path: Path) -> None:
    whole = [event for event in told(request(tmp_path / "whole", epochs=6)) if isinstance(event, Epoch)]
    first = train(request(tmp_path / "parts", epochs=4), Control())
    trainer = None
    while True:
        try:
            next(first)
        except StopIteration as end:
            trainer = end.value
            break
    assert trainer is not None
    rest = [event for event in more(trainer, 2, Control()) if isinstance(event, Epoch)]
    assert [event.metrics for event in rest] == [event.metrics for event in whole[4:]]


def test_an_input_in_batches_cannot_take_a_whole_graph(tmp_path: Path) -> None:
    batched = Plan(GCN.title, (PlanInput("members", (34,)), EDGES), GCN.modules, GCN.steps, GCN.outputs)
    found = problem(request(tmp_path, batched))
    assert (found.code, found.node) == ("data-batch", "members")
    assert found.sentence.endswith("Switch its batched off.")


def test_an_input_of_another_shape_is_named(tmp_path: Path) -> None:
    small = Plan(
        GCN.title, (PlanInput("members", (33, 34), "float32", None), EDGES), GCN.modules, GCN.steps, GCN.outputs
    )
    found = problem(request(tmp_path, small))
    assert (found.code, found.node) == ("data-shape", "members")
    assert "34 x 34" in found.message


def test_an_output_that_is_not_one_row_a_node_is_named(tmp_path: Path) -> None:
    pool = Step("y", Call("gnn.global_mean_pool", {}, (Ref("x"), None)), "pool1")
    pooled = Plan(GCN.title, GCN.inputs, GCN.modules, (*GCN.steps, pool), (("club", Ref("y")),))
    assert problem(request(tmp_path, pooled)).node == "club"


def test_a_graph_without_torch_geometric_cannot_be_trained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch_geometric", None)
    found = problem(request(tmp_path))
    assert (found.code, found.node) == ("graph-missing", "conv1")
