from __future__ import annotations

import copy

import pytest
import torch
from small_plans import apply, digits_mlp, digits_residual, linear, residual_block
from torch import nn

from designer.engine.network import Network, PlanError, StepError, layers, watch
from designer.engine.targets import construct, resolve
from designer.plan import UNUSED, Call, Plan, PlanInput, Ref, Step


def one_step(call: Call, *inputs: str) -> Plan:
    given = tuple(PlanInput(name, (4,)) for name in inputs)
    return Plan("One", given, {}, (Step("y", call, "node"),), (("out", Ref("y")),))


class Residual(nn.Module):
    def __init__(self, rounds: int) -> None:
        super().__init__()
        self.stem = nn.Conv2d(1, 4, 3, padding=1)
        self.block1 = nn.ModuleList(Block() for _ in range(rounds))
        self.norm = nn.BatchNorm2d(4)
        self.scores = nn.Linear(256, 10)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.stem(x)
        for block in self.block1:
            x = block(x)
        return self.scores(self.norm(x).reshape(-1, 256))


class Block(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(4, 4, 3, padding=1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + torch.relu(self.conv1(x))


def test_a_network_equals_the_one_written_by_hand_with_the_same_seed() -> None:
    torch.manual_seed(1)
    network = Network(digits_residual(3))
    torch.manual_seed(1)
    by_hand = Residual(3)
    x = torch.rand(5, 1, 8, 8)
    torch.testing.assert_close(network(x), (by_hand(x),), rtol=0, atol=0)
    assert list(network.state_dict()) == list(by_hand.state_dict())


def test_the_weights_of_a_group_and_of_its_rounds_carry_the_names_of_the_source() -> None:
    assert "block1.conv1.weight" in Network(digits_residual(1)).state_dict()
    assert "block1.1.conv1.weight" in Network(digits_residual(2)).state_dict()


def test_layers_are_found_by_their_full_ids() -> None:
    found = layers(Network(digits_residual(2)))
    assert list(found) == [
        "stem",
        "block1.0.conv1",
        "block1.0.relu1",
        "block1.1.conv1",
        "block1.1.relu1",
        "norm",
        "scores",
    ]


def test_a_tie_makes_two_weights_one_tensor() -> None:
    embedding = Call("nn.Embedding", {"num_embeddings": 7, "embedding_dim": 4})
    plan = Plan(
        "Tied",
        (PlanInput("words", (3,), "int64"),),
        {"embedding": embedding, "decoder": Call("nn.Linear", {"in_features": 4, "out_features": 7, "bias": False})},
        (apply("embedding", "words"), apply("decoder")),
        (("out", Ref("x")),),
        (("decoder.weight", "embedding.weight"),),
    )
    network = Network(plan)
    assert network.decoder.weight is network.embedding.weight
    assert list(network.state_dict()) == ["embedding.weight", "decoder.weight"]
    assert sum(weight.numel() for weight in network.parameters()) == 28


def test_a_tie_of_weights_of_different_shapes_is_refused() -> None:
    plan = Plan("Tied", (), {"a": linear(2, 3), "b": linear(3, 2)}, (), (), (("a.weight", "b.weight"),))
    with pytest.raises(PlanError, match="cannot share"):
        Network(plan)


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (Call("torch.cat", {"dim": 1}, ((Ref("a"), Ref("b")),)), lambda a, b: torch.cat((a, b), dim=1)),
        (Call("F.pad", {}, (Ref("a"), (1, 2))), lambda a, _: nn.functional.pad(a, (1, 2))),
        (Call(".reshape", {}, (Ref("a"), -1)), lambda a, _: a.reshape(-1)),
        (Call("+", {}, (Ref("a"), Ref("b"), Ref("a"))), lambda a, b: a + b + a),
        (Call("/", {}, (Ref("a"), 2)), lambda a, _: a / 2),
        (Call("@", {}, (Ref("a"), Call(".t", {}, (Ref("b"),)))), lambda a, b: a @ b.t()),
        (Call("[]", {}, (Ref("a"), 0)), lambda a, _: a[0]),
        (Call("[]", {}, (Ref("a"), 0, 1)), lambda a, _: a[0, 1]),
        (Call("torch.full_like", {"fill_value": 2.0, "dtype": Call(".dtype", {}, (Ref("a"),))}, (Ref("b"),)),
         lambda _, b: torch.full_like(b, 2.0)),
        (Call(".to", {}, (Ref("a"), Call(".device", {}, (Ref("b"),)))), lambda a, _: a),
    ],
)  # fmt: skip
def test_a_call_gives_what_torch_gives(call: Call, expected) -> None:
    a, b = torch.rand(2, 4), torch.rand(2, 4)
    (result,) = Network(one_step(call, "a", "b"))(a, b)
    torch.testing.assert_close(result, expected(a, b))


@pytest.mark.parametrize(
    "target",
    ["torch.PyTorchFileWriter", "torch.import_ir_module", "torch.set_num_threads",
     "os.system", "torch.load", "torch.os.system", "torch.hub.load", "nn.__dict__", "torch._C._cuda_init", "F._pad",
     ".__class__", "._backward_hooks", ".nonsense", "nn.Nonsense", "nn.functional", "torch.nn", "print", "nn.", "",
     "modules.annotations_", "modules.DropPath.training", "modules.Nonsense", "modules.annotations",
     "torch.utils.data.DataLoader"],
)  # fmt: skip
def test_a_target_that_is_none_of_torchs_layers_or_functions_is_refused(target: str) -> None:
    with pytest.raises(PlanError):
        resolve(target)


def test_a_module_that_the_plan_lacks_is_refused() -> None:
    with pytest.raises(PlanError, match="no module 'nowhere'"):
        Network(one_step(Call("self.nowhere", {}, (Ref("a"),)), "a"))


def test_a_value_that_was_never_computed_is_refused() -> None:
    with pytest.raises(PlanError, match="before it is computed"):
        Network(one_step(Call(".t", {}, (Ref("later"),)), "a"))


def test_a_module_whose_settings_torch_refuses_is_refused_in_words() -> None:
    with pytest.raises(PlanError, match=r"nn\.Conv2d cannot be made"):
        Network(Plan("Bad", (), {"conv": Call("nn.Conv2d", {"in_channels": 1})}, (), ()))


def test_a_module_called_like_a_method_of_torch_is_refused_in_words() -> None:
    with pytest.raises(PlanError, match="'forward'"):
        Network(Plan("Bad", (), {"forward": linear(1, 1)}, (), ()))


def test_a_module_can_be_made_from_another_one() -> None:
    layer = Call("nn.TransformerEncoderLayer", {"d_model": 4, "nhead": 2, "dim_feedforward": 8, "batch_first": True})
    made = construct(Call("nn.TransformerEncoder", {"num_layers": 2, "enable_nested_tensor": False}, (layer,)))
    assert len(made.layers) == 2


def test_a_nested_result_is_unpacked_and_what_is_unused_is_dropped() -> None:
    lstm = Call("nn.LSTM", {"input_size": 4, "hidden_size": 3, "batch_first": True})
    step = Step((UNUSED, ("h", "c")), Call("self.lstm", {}, (Ref("x"),)), "lstm")
    outputs = (("state", (Ref("h"), Ref("c"))), ("h", Ref("h")))
    network = Network(Plan("Recurrent", (PlanInput("x", (5, 4)),), {"lstm": lstm}, (step,), outputs))
    state, h = network(torch.rand(2, 5, 4))
    assert [tuple(part.shape) for part in state] == [(1, 2, 3), (1, 2, 3)]
    assert h is state[0]


def test_rounds_of_a_group_with_two_ports_feed_each_other_port_by_port() -> None:
    steps = (Step("s", Call("+", {}, (Ref("a"), Ref("b"))), "sum"),)
    swap = Plan("Swap", (PlanInput("a", (1,)), PlanInput("b", (1,))), {}, steps, (("o1", Ref("s")), ("o2", Ref("a"))))
    outer = Plan(
        "Outer", swap.inputs, {"group": (swap, swap, swap)},
        (Step(("u", "v"), Call("self.group", {}, (Ref("a"), Ref("b"))), "group"),), (("u", Ref("u")), ("v", Ref("v"))),
    )  # fmt: skip
    assert Network(outer)(1, 1) == (5, 3)


def test_an_error_of_torch_names_the_node_inside_its_groups() -> None:
    inner = residual_block(3)
    step = apply("block1", "image")
    plan = Plan("Bad", (PlanInput("image", (1, 8, 8)),), {"block1": (inner, inner)}, (step,), (("out", Ref("x")),))
    with pytest.raises(StepError, match="channels") as caught:
        Network(plan)(torch.rand(2, 1, 8, 8))
    assert caught.value.node == "block1.conv1"


def test_values_are_dropped_after_their_last_reader() -> None:
    network = Network(digits_mlp())
    assert [len(line.dropped) for line in network._lines] == [1, 1, 1, 1, 1]


def test_a_watched_pass_tells_each_step_by_its_full_id() -> None:
    network = Network(digits_residual(2))
    seen: dict[str, tuple[int, ...]] = {}
    with watch(network, lambda node, value: seen.update({node: tuple(value.shape)})):
        network(torch.rand(2, 1, 8, 8))
    assert seen["block1.1.sum"] == seen["block1"] == (2, 4, 8, 8)
    assert list(seen)[-1] == "scores"
    seen.clear()
    network(torch.rand(2, 1, 8, 8))
    assert not seen


def test_a_copy_has_weights_of_its_own() -> None:
    network = Network(digits_mlp())
    other = copy.deepcopy(network)
    with torch.no_grad():
        other.hidden.weight.zero_()
    x = torch.rand(2, 1, 8, 8)
    assert not torch.equal(network(x)[0], other(x)[0])
