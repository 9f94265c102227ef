"""Every loss of the catalogue trains, and those that are not torch's own are held to what they are made of."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from small_plans import ADAM, IMAGE, apply, linear
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812  # as everybody calls it

from designer.catalogue.losses import LOSSES, Loss
from designer.engine.control import Control
from designer.engine.targets import construct
from designer.engine.training.goals import balance, make_goal
from designer.engine.training.loop import train
from designer.plan import Call, Plan, PlanInput, Ref, Step
from designer.protocol import Failed, Finished, Progress, Recipe, Source, Target, Train

SETTINGS: dict[str, dict[str, object]] = {
    "CrossEntropyLoss": {"label_smoothing": 0.1, "balanced": True},
    "NLLLoss": {"balanced": True},
    "FocalLoss": {"gamma": 1.0, "balanced": True},
    "MultiMarginLoss": {"p": 2, "margin": 0.5},
    "BCEWithLogitsLoss": {"balanced": True},
    "SmoothL1Loss": {"beta": 0.5},
    "PoissonNLLLoss": {"full": True},
    "TripletMarginLoss": {"swap": True, "margin": 0.2},
}
LOG_SOFTMAX = {"soft": Call("nn.LogSoftmax", {"dim": -1})}
TRAINED = {name: kind for name, kind in LOSSES.items() if kind.trains}


def losses() -> list[Loss]:
    return [kind() for kind in TRAINED.values()] + [LOSSES[name](**values) for name, values in SETTINGS.items()]


def network(given: PlanInput, width: int, loss: type[Loss], *last: Step) -> Plan:
    """Flatten, Linear, and what a loss needs before it."""
    inside = 1
    for length in given.shape:
        inside *= int(length)
    modules: dict[str, Any] = {"flat": Call("nn.Flatten"), "lin": linear(inside, width)}
    steps = [apply("flat", given.name), apply("lin"), *last]
    if loss.needs:
        modules |= LOG_SOFTMAX
        steps.append(apply("soft"))
    return Plan("Net", (given,), modules, tuple(steps), (("out", Ref("x")),))


def reshaped(*shape: int) -> Step:
    return Step("x", Call(".reshape", {}, (Ref("x"), -1, *shape)), "fold")


def job(loss: Loss) -> tuple[Plan, str, Source, str]:
    """A network, its field, the data and the input's field that suit a loss."""
    kind, pixels = type(loss), PlanInput("image", (64,))
    if kind.vectors == 3:
        return network(IMAGE, 24, kind, reshaped(3, 8)), "", Source("digits"), "image"
    if kind.vectors == 2:
        row = PlanInput("row", (30,))
        return network(row, 16, kind, reshaped(2, 8)), "diagnosis", Source("breast_cancer"), "measures"
    if kind.__name__ == "GaussianNLLLoss":
        return network(PlanInput("row", (10,)), 2, kind), "progression", Source("diabetes"), "measures"
    if kind.axes[0] and kind.compares == "numbers":
        return network(IMAGE, 64, kind, reshaped(1, 8, 8)), "image", Source("digits"), "image"
    if kind.axes[0] and kind.compares == "classes":
        words = PlanInput("words", (12,), "int64")
        modules = {"table": Call("nn.Embedding", {"num_embeddings": 200, "embedding_dim": 8}), "lin": linear(8, 12)}
        plan = Plan("Net", (words,), modules, (apply("table", "words"), apply("lin")), (("out", Ref("x")),))
        return plan, "tags", Source("tagging"), "words"
    if kind.compares == "binary":
        return network(PlanInput("row", (30,)), 1, kind), "diagnosis", Source("breast_cancer"), "measures"
    if kind.compares == "classes":
        return network(IMAGE, 10, kind), "digit", Source("digits"), "image"
    if kind.compares == "nothing":
        return network(IMAGE, 4, kind, Step("x", Call(".square", {}, (Ref("x"),)), "sq")), "", Source("digits"), "image"
    assert pixels
    return network(IMAGE, 64, kind, reshaped(1, 8, 8)), "image", Source("digits"), "image"


@pytest.mark.parametrize("loss", losses(), ids=repr)
def test_every_loss_trains(loss: Loss, tmp_path: Path) -> None:
    plan, field, source, given = job(loss)
    target = Target("out", field, loss.call(), loss.compares, balanced=bool(getattr(loss, "balanced", False)))
    recipe = Recipe(source, (given,), (target,), ADAM, epochs=2, batch_size=64, device="cpu")
    events = list(train(Train(plan, recipe, str(tmp_path)), Control()))
    assert not isinstance(events[-1], Failed), events[-1].problem.sentence
    assert isinstance(events[-1], Finished)
    told = [one for event in events if isinstance(event, Progress) for one in event.losses if one is not None]
    assert len(told) == events[-1].steps
    assert sum(told[-5:]) < sum(told[:5])


def made(loss: Loss) -> Any:
    return construct(loss.call())


SCORES = torch.randn(6, 4, 5, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
LABELS = torch.randint(4, (6, 5), generator=torch.Generator().manual_seed(2))
YES = (LABELS > 1).double()


def test_focal_losses_without_focus_are_cross_entropy() -> None:
    plain = made(LOSSES["FocalLoss"](gamma=0.0))(SCORES, LABELS)
    torch.testing.assert_close(plain, F.cross_entropy(SCORES, LABELS))
    focused = made(LOSSES["FocalLoss"](gamma=2.0))(SCORES, LABELS)
    chances = SCORES.softmax(1).gather(1, LABELS.unsqueeze(1)).squeeze(1)
    torch.testing.assert_close(focused, ((1 - chances) ** 2 * -chances.log()).mean())
    weight = torch.tensor([1.0, 2.0, 3.0, 4.0], dtype=torch.float64)
    weighed = made(LOSSES["FocalLoss"](gamma=0.0))
    weighed.weight = weight
    torch.testing.assert_close(weighed(SCORES, LABELS), F.cross_entropy(SCORES, LABELS, weight))
    half = made(LOSSES["BinaryFocalLoss"](gamma=0.0, alpha=0.5))(SCORES[:, 0], YES)
    torch.testing.assert_close(2 * half, F.binary_cross_entropy_with_logits(SCORES[:, 0], YES))


def test_dice_losses_are_0_where_all_is_right_and_near_1_where_nothing_is() -> None:
    sure = 50.0 * F.one_hot(LABELS, 4).movedim(-1, 1).double()
    for loss, right, target in (("DiceLoss", sure, LABELS), ("BinaryDiceLoss", 100 * YES - 50, YES)):
        of = made(LOSSES[loss](smooth=0.0))
        assert of(right, target).item() == pytest.approx(0, abs=1e-6)
        assert of(-right, target).item() > 0.6


def test_ctc_takes_labels_filled_up_with_blanks() -> None:
    target = torch.tensor([[1, 0, 2, 0, 0], [3, 3, 0, 0, 0], [0, 0, 0, 0, 0]])
    wanted = F.ctc_loss(
        SCORES[:3].log_softmax(1).permute(2, 0, 1), torch.tensor([1, 2, 3, 3]), torch.tensor([5, 5, 5]),
        torch.tensor([2, 2, 0]),
    )  # fmt: skip
    torch.testing.assert_close(made(LOSSES["CTCLoss"]())(SCORES[:3], target), wanted)


def test_the_other_losses_are_torchs_over_one_output() -> None:
    x, y, z = SCORES[:, 0], SCORES[:, 1], SCORES[:, 2]
    torch.testing.assert_close(
        made(LOSSES["TripletMarginLoss"]())(SCORES[:, :3], None), nn.TripletMarginLoss()(x, y, z)
    )
    sign = torch.tensor([1.0, 0, 1, 0, 1, 1], dtype=torch.float64)
    pairs = made(LOSSES["CosineEmbeddingLoss"](margin=0.2))(SCORES[:, :2], sign)
    torch.testing.assert_close(pairs, nn.CosineEmbeddingLoss(0.2)(x, y, 2 * sign - 1))
    gaussian = made(LOSSES["GaussianNLLLoss"]())(torch.cat((x, y), -1), z)
    torch.testing.assert_close(gaussian, nn.GaussianNLLLoss()(x, z, y.exp()))
    torch.testing.assert_close(made(LOSSES["SoftMarginLoss"]())(x, YES), nn.SoftMarginLoss()(x, 2 * YES - 1))
    torch.testing.assert_close(made(LOSSES["CosineSimilarityLoss"]())(x, y), 1 - F.cosine_similarity(x, y).mean())


def test_balanced_classes_weigh_as_scikit_learn_has_it() -> None:
    import numpy as np
    from sklearn.utils.class_weight import compute_class_weight

    field = torch.tensor([0, 0, 0, 0, 1, 2, 2, 0])
    target = Target("out", "kind", Call("nn.CrossEntropyLoss"), "classes", balanced=True)
    goal, wanted = make_goal(target, 0, torch.zeros(2, 3), field, None)
    balance(goal, wanted)
    expected = compute_class_weight("balanced", classes=np.arange(3), y=field.numpy())
    assert isinstance(goal.loss.weight, Tensor)
    assert goal.loss.weight.tolist() == pytest.approx(expected.tolist())


def test_a_rare_yes_weighs_more() -> None:
    target = Target("out", "kind", Call("nn.BCEWithLogitsLoss"), "binary", balanced=True)
    goal, wanted = make_goal(target, 0, torch.zeros(2, 1), torch.tensor([1, 0, 0, 0]), None)
    balance(goal, wanted)
    assert isinstance(goal.loss.pos_weight, Tensor)
    assert goal.loss.pos_weight.tolist() == [3.0]


def test_counts_below_0_are_told(tmp_path: Path) -> None:
    plan = network(PlanInput("row", (10,)), 1, LOSSES["PoissonNLLLoss"])
    target = Target("out", "progression", Call("nn.PoissonNLLLoss"), "numbers")
    recipe = Recipe(Source("diabetes"), ("measures",), (target,), ADAM, device="cpu")
    (failed,) = train(Train(plan, recipe, str(tmp_path)), Control())
    assert isinstance(failed, Failed)
    assert "takes no number below 0" in failed.problem.message
