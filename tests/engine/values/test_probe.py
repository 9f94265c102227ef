"""One example on its way through a network: every node's value is torch's own, and nothing of a run changes."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
import torch
from small_plans import dense, digits_mlp, digits_residual, digits_run

from designer.engine.control import Control
from designer.engine.network import Network
from designer.engine.training.loop import Trainer
from designer.engine.values.probe import Prober
from designer.engine.values.shown import LARGE, SMALL, shown
from designer.protocol import Probe, Source, Value


def probe(**more: object) -> Probe:
    values: dict[str, object] = {"plan": digits_mlp(), "source": Source("digits"), "inputs": ("image",), **more}
    return Probe("a", **values)  # type: ignore[arg-type]


def test_every_node_shows_what_torch_gives_for_the_example() -> None:
    answer = Prober().answer(probe(row=3, scores=("digit",), node="hidden"))
    assert answer.problem == ""
    assert set(answer.values) == {"image", "flatten", "hidden", "relu", "dropout", "scores", "digit"}
    picture = answer.values["image"]
    assert (picture.form, picture.size) == ("picture", (8, 8, 1))
    pixels = torch.frombuffer(bytearray(base64.b64decode(picture.pixels)), dtype=torch.uint8).float() / 255
    torch.manual_seed(0)
    network = Network(digits_mlp()).eval()
    scores = network(pixels.reshape(1, 1, 8, 8))[0][0]
    assert answer.values["scores"].numbers == pytest.approx(scores.tolist(), abs=0.02)
    assert answer.values["digit"].numbers == pytest.approx(scores.softmax(0).tolist(), abs=0.02)
    assert answer.large is not None
    assert answer.large.parts == 32
    assert {name: value.shape for name, value in answer.own.items()} == {"weight": (32, 64), "bias": (32,)}
    assert answer.wanted["digit"][0] in range(10)
    assert answer.weights == "fresh"


def test_nodes_inside_repeated_groups_have_their_full_ids() -> None:
    answer = Prober().answer(probe(plan=digits_residual()))
    inside = [name for name in answer.values if "." in name]
    assert any(".0." in name for name in inside)
    assert any(".1." in name for name in inside)


def test_a_run_that_lends_its_network_goes_on_as_if_nobody_had_looked(tmp_path: Path) -> None:
    curves = []
    for look in (False, True):
        trainer = Trainer(digits_run(tmp_path / str(look), digits_mlp(dropout=0.5)))
        losses: list[float | None] = []
        for _ in range(2):
            for event in trainer.run(1, Control()):
                losses += getattr(event, "losses", ())
                if look:
                    answer = Prober().answer(probe(plan=trainer.plan), trainer.lent)
                    assert answer.problem == ""
                    assert answer.weights == "run"
        curves.append(losses)
    assert curves[0] == curves[1]


def test_what_is_typed_is_brought_to_the_scale_of_the_training() -> None:
    plan = dense(4, 3)
    ask = {"plan": plan, "source": Source("iris"), "inputs": ("measures",)}
    prober = Prober()
    drawn = prober.answer(probe(**ask, row=5))
    typed = prober.answer(probe(**ask, given=(tuple(drawn.given[plan.inputs[0].name]),)))
    assert typed.problem == ""
    for name, value in drawn.values.items():
        assert typed.values[name].numbers == pytest.approx(value.numbers, abs=1e-4)
    assert "takes 4 numbers" in prober.answer(probe(**ask, given=((1.0, 2.0),))).problem


def test_what_cannot_be_shown_is_said_in_a_sentence(tmp_path: Path) -> None:
    assert "no field called picture" in Prober().answer(probe(inputs=("picture",))).problem
    assert "could not be read" in Prober().answer(probe(weights=str(tmp_path / "none.safetensors"))).problem
    assert "no examples kept" in Prober().answer(probe(part="holidays")).problem


@pytest.mark.parametrize(
    ("shape", "form"),
    [((), "number"), ((1,), "number"), ((10,), "bars"), ((500,), "heat"), ((12, 7), "heat"), ((3000, 64), "heat"),
     ((16, 5, 5), "maps"), ((3, 300, 200), "maps"), ((2, 3, 4, 5), "maps"), ((512, 1, 1), "maps")],
)  # fmt: skip
@pytest.mark.parametrize("side", [SMALL, LARGE])
def test_any_shape_becomes_a_picture_that_fits(shape: tuple[int, ...], form: str, side: int) -> None:
    value = shown(torch.randn(shape, generator=torch.Generator().manual_seed(0)), side)
    assert value.form == form
    assert value.shape == shape
    if value.size:
        assert len(base64.b64decode(value.pixels)) == value.size[0] * value.size[1] * value.size[2]
        assert value.size[0] <= side
        assert value.size[1] <= 2 * side


def test_zero_is_the_middle_where_signs_differ_and_what_is_not_finite_is_no_error() -> None:
    def pixels(value: Value) -> bytes:
        return base64.b64decode(value.pixels)

    assert pixels(shown(torch.tensor([[-1.0, 0.0, 0.5]] * 2))) == bytes([1, 1, 128, 128, 192, 192])
    assert pixels(shown(torch.tensor([[0.0, 1.0, 2.0]] * 2))) == bytes([0, 0, 128, 128, 255, 255])
    broken = shown(torch.tensor([[float("nan"), float("inf"), 1.0]] * 2))
    assert broken.high == 1.0
    assert shown(torch.full((4, 4), 2)).form == "heat"
    assert shown(torch.tensor([True, False])).numbers == (1.0, 0.0)
