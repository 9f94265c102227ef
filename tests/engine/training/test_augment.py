"""Pictures that change by chance: training pictures alone, by the seed, and what belongs to them along with them."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
import torch
from msgspec import structs
from small_plans import dense, digits_run
from torch import Tensor

from designer.catalogue import AUGMENTATIONS
from designer.engine.control import Control
from designer.engine.custom_code import PlanError
from designer.engine.data.load import Scale
from designer.engine.failures import Failure
from designer.engine.training.augment import Augment, Mixed
from designer.engine.training.examples import Batch
from designer.engine.training.loop import train
from designer.engine.training.preview import Preview
from designer.plan import Call
from designer.protocol import Failed, Finished, Source, Target, Vary


def pictures(channels: int = 3, count: int = 6) -> Tensor:
    return torch.rand(count, channels, 12, 10, generator=torch.Generator().manual_seed(0))


def change(
    picture: Tensor, wanted: Tensor, *names: str, scale: Scale | None = None, **settings: object
) -> Batch | Mixed:
    calls = [AUGMENTATIONS[name](**settings).call() for name in names]
    torch.manual_seed(0)
    augment = Augment(calls, ((picture,), (wanted,)), [scale])
    torch.manual_seed(1)
    return augment(((picture,), (wanted,)))


@pytest.mark.parametrize("name", AUGMENTATIONS)
def test_every_augmentation_changes_pictures_and_keeps_their_shape_and_type(name: str) -> None:
    picture, wanted = pictures(), torch.arange(6)
    changed = change(picture, wanted, name, p=1.0)
    assert changed[0][0].shape == picture.shape
    assert changed[0][0].dtype == picture.dtype
    assert not torch.equal(changed[0][0], picture)
    assert bool(changed[0][0].isfinite().all())
    assert torch.equal(changed[1][0], wanted)
    assert torch.equal(change(picture, wanted, name, p=1.0)[0][0], changed[0][0]), "not by the seed alone"


@pytest.mark.parametrize("name", AUGMENTATIONS)
def test_a_share_of_nothing_changes_nothing(name: str) -> None:
    picture, wanted = pictures(), torch.arange(6)
    changed = change(picture, wanted, name, p=0.0)
    torch.testing.assert_close(changed[0][0], picture)
    if isinstance(changed, Mixed):
        assert torch.equal(changed.other[0], wanted)


def test_a_mask_goes_where_its_picture_goes() -> None:
    mask = torch.zeros(6, 12, 10, dtype=torch.int64)
    mask[:, 2:7, 1:4] = 3
    picture = (mask.float() / 3)[:, None].repeat(1, 3, 1, 1)
    for name in ("RandomHorizontalFlip", "RandomVerticalFlip", "RandomRotation", "RandomCrop"):
        changed = change(picture, mask, name, p=1.0)
        assert changed[1][0].dtype == torch.int64
        assert set(changed[1][0].unique().tolist()) <= {0, 3}
        together = (changed[0][0][:, 0] > 0.5) == (changed[1][0] == 3)
        assert together.float().mean() > 0.95, name
        assert not torch.equal(changed[1][0], mask), name


def test_a_mixed_picture_counts_for_both_sides_by_their_shares() -> None:
    black, white = torch.zeros(4, 1, 8, 8), torch.ones(4, 1, 8, 8)
    picture, wanted = torch.cat([black, white]), torch.tensor([0] * 4 + [1] * 4)
    for name in ("RandomMixUpV2", "RandomCutMixV2"):
        changed = change(picture, wanted, name, p=1.0)
        assert isinstance(changed, Mixed)
        share = float(changed.share)
        white_part = (1 - share) * wanted + share * changed.other[0]
        torch.testing.assert_close(changed[0][0].mean(dim=(1, 2, 3)), white_part, atol=1e-5, rtol=0)


def test_standardized_pictures_are_changed_in_their_own_units() -> None:
    picture, wanted = pictures(), torch.arange(6)
    scale = Scale(torch.tensor([0.5]), torch.tensor([0.25]))
    plain = change(picture, wanted, "RandomBrightness", amount=0.5)
    scaled = change((picture - 0.5) / 0.25, wanted, "RandomBrightness", amount=0.5, scale=scale)
    torch.testing.assert_close(scaled[0][0] * 0.25 + 0.5, plain[0][0])


def test_what_is_no_picture_or_cannot_be_mixed_is_refused_in_a_sentence() -> None:
    flip, mix = AUGMENTATIONS["RandomHorizontalFlip"]().call(), AUGMENTATIONS["RandomMixUpV2"]().call()
    table = ((torch.rand(6, 4),), (torch.arange(6),))
    with pytest.raises(Failure, match="Only pictures can be augmented"):
        Augment([flip], table, [None])
    masks = ((pictures(),), (torch.zeros(6, 12, 10, dtype=torch.int64),))
    with pytest.raises(Failure, match="mixed only where"):
        Augment([mix], masks, [None])
    hue = AUGMENTATIONS["RandomHue"]().call()
    with pytest.raises(Failure, match="RandomHue"):
        Augment([hue], ((pictures(1),), (torch.arange(6),)), [None])
    with pytest.raises(PlanError, match="AugmentationSequential"):
        Augment([Call("kornia.augmentation.AugmentationSequential")], ((pictures(),), (torch.arange(6),)), [None])


def test_a_preview_shows_the_same_pictures_before_and_after() -> None:
    ask = Vary("a", Source("digits"), (AUGMENTATIONS["RandomRotation"](degrees=30).call(),), count=5, seed=3)
    preview = Preview()
    first, again = preview.answer(ask), preview.answer(ask)
    assert first == again
    assert first.before is not None
    assert first.after is not None
    assert first.before.shape == first.after.shape == (8, 8, 1)
    assert len(base64.b64decode(first.after.pixels)) == 5 * 8 * 8
    other = preview.answer(structs.replace(ask, seed=4))
    assert other.before == first.before
    assert other.after != first.after
    assert "Only pictures" in preview.answer(structs.replace(ask, source=Source("iris"))).problem


def test_a_run_with_every_augmentation_learns_and_repeats_itself(tmp_path: Path) -> None:
    fits = [kind().call() for kind in AUGMENTATIONS.values() if kind.channels == 0]
    losses = []
    for name in ("first", "second"):
        events = list(train(digits_run(tmp_path / name, epochs=1, augment=tuple(fits)), Control()))
        assert isinstance(events[-1], Finished), events[-1]
        losses.append([loss for event in events for loss in getattr(event, "losses", ())])
    assert losses[0] == losses[1]


def test_a_table_cannot_be_augmented(tmp_path: Path) -> None:
    flip = AUGMENTATIONS["RandomHorizontalFlip"]().call()
    target = Target("answer", "species", Call("nn.CrossEntropyLoss"), "classes")
    ask = digits_run(tmp_path, dense(4, 3))
    recipe = structs.replace(
        ask.recipe, source=Source("iris"), inputs=("measures",), targets=(target,), augment=(flip,)
    )
    *_, last = train(structs.replace(ask, recipe=recipe), Control())
    assert isinstance(last, Failed)
    assert "Only pictures" in last.problem.sentence
