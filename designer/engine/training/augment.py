"""Changes training pictures by chance, a batch at a time and on the device, as the recipe says.

Chance comes from torch's own generator, so that a run that goes on draws what it would have drawn. Targets that are a
picture themselves (a class for each pixel) turn, shift and flip along with the first picture of their size.
"""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import torch
from torch import Tensor

from designer.engine.data.load import Scale
from designer.engine.failures import fail
from designer.engine.looking.pictures import CHANNELS
from designer.engine.targets import resolve
from designer.engine.training.examples import Batch
from designer.plan import Call

if TYPE_CHECKING:
    from kornia.augmentation import AugmentationSequential

CUTMIX = "RandomCutMixV2"
MIXING = frozenset({"RandomMixUpV2", CUTMIX})
"""What blends pictures with others of the batch."""


class Mixed(NamedTuple):
    """A batch whose pictures were mixed: the loss counts `other` for `share` of it, and `wanted` for the rest."""

    inputs: tuple[Tensor, ...]
    wanted: tuple[Tensor, ...]
    other: tuple[Tensor, ...]
    share: Tensor


@dataclass(frozen=True, slots=True)
class _Picture:
    """An input that is a picture, the targets that go along with it, and what changes them."""

    place: int
    masks: tuple[int, ...]
    change: AugmentationSequential
    scale: Scale | None

    def changed(self, inputs: list[Tensor], wanted: list[Tensor]) -> None:
        """Puts the changed tensors in the places of the old ones."""
        picture = inputs[self.place]
        if self.scale is not None:  # colours and noise are in the picture's own units
            picture = picture * self.scale.deviation + self.scale.mean
        masks = [wanted[place] for place in self.masks]
        flat = [mask.float().reshape(len(mask), -1, *mask.shape[-2:]) for mask in masks]
        found = self.change(picture, *flat)
        picture, *flat = found if flat else (found,)
        if self.scale is not None:
            picture = (picture - self.scale.mean) / self.scale.deviation
        inputs[self.place] = picture
        for place, mask, old in zip(self.masks, flat, masks, strict=True):
            wanted[place] = mask.reshape(old.shape).to(old.dtype)


class Augment:
    """Made once for a run; raises Failure where the pictures or the targets do not suit."""

    def __init__(self, calls: Sequence[Call], few: Batch, scales: Sequence[Scale | None]) -> None:
        """`few` are some examples on their device; `scales` say how each input was standardized."""
        inputs, wanted = few
        pictures = [place for place, values in enumerate(inputs) if _is_picture(values)]
        if not pictures:
            raise fail("augment", "Only pictures can be augmented, and no Input reads any.", "Clear the augmentations.")
        changing = [call for call in calls if _name(call) not in MIXING]
        self._pictures = self._all_pictures(changing, pictures, inputs, wanted, scales) if changing else ()
        self._mixing = tuple(_make(call) for call in calls if _name(call) in MIXING)
        if self._mixing and (len(inputs) > 1 or any(_is_mask(each, inputs[0]) for each in wanted)):
            message = "Pictures can be mixed only where a single Input is compared with classes or numbers."
            raise fail("augment", message, "Remove Mixup and CutMix.")
        self._try(calls, few)

    def _try(self, calls: Sequence[Call], few: Batch) -> None:
        """Finds what cannot be done before the first step."""
        try:
            self(few)
        except (ValueError, RuntimeError) as error:
            names = ", ".join(map(_name, calls))
            raise fail("augment", f"These pictures cannot go through {names}: {error}", "Remove one.") from error

    def _all_pictures(
        self,
        calls: Sequence[Call],
        places: Sequence[int],
        inputs: tuple[Tensor, ...],
        wanted: tuple[Tensor, ...],
        scales: Sequence[Scale | None],
    ) -> tuple[_Picture, ...]:
        left = set(range(len(wanted)))
        found = []
        for place in places:
            masks = tuple(each for each in sorted(left) if _is_mask(wanted[each], inputs[place]))
            left -= set(masks)
            change = _in_turn(calls, inputs[place], len(masks))
            found.append(_Picture(place, masks, change, _on(scales[place], inputs[place])))
        return tuple(found)

    def __call__(self, batch: Batch) -> Batch | Mixed:
        """The batch changed; what it was given stays as it is."""
        inputs, wanted = list(batch[0]), list(batch[1])
        with torch.no_grad():
            for picture in self._pictures:
                picture.changed(inputs, wanted)
            if self._mixing:
                return self._mixed(inputs[0], tuple(wanted))
        return tuple(inputs), tuple(wanted)

    def _mixed(self, picture: Tensor, wanted: tuple[Tensor, ...]) -> Mixed:
        """One of the ways to mix, drawn anew for each batch."""
        way = self._mixing[int(torch.randint(len(self._mixing), ()))] if len(self._mixing) > 1 else self._mixing[0]
        rows = torch.arange(len(picture), device=picture.device)
        picture, labels = way(picture, rows)
        _, partners, share = labels.reshape(-1, 3).unbind(1)
        # CutMix tells the share of the first picture. Rows that stayed as they are have themselves as partners.
        part = 1 - share[0] if type(way).__name__ == CUTMIX else share[0]
        return Mixed((picture,), wanted, tuple(each[partners.long()] for each in wanted), part)


def _name(call: Call) -> str:
    return call.target.rpartition(".")[2]


def _make(call: Call, **more: object) -> Any:
    keywords = {key: list(value) if isinstance(value, tuple) else value for key, value in call.keywords.items()}
    try:
        return resolve(call.target)(**keywords, **more)
    except (TypeError, ValueError) as error:
        raise fail("augment", f"{_name(call)} cannot be used with these settings: {error}.", "Change them.") from error


def _in_turn(calls: Sequence[Call], picture: Tensor, masks: int) -> AugmentationSequential:
    """All changes of a picture, one after the other."""
    from kornia.augmentation import AugmentationSequential  # kornia takes a second to import: when it is needed

    size = tuple(picture.shape[-2:])
    made = []
    for call in calls:
        needed = {"size": size} if "size" in inspect.signature(resolve(call.target)).parameters else {}
        made.append(_make(call, **needed))
    return AugmentationSequential(*made, data_keys=["input", *["mask"] * masks])


def _is_picture(values: Tensor) -> bool:
    return values.dim() == 4 and values.shape[1] in CHANNELS and values.is_floating_point()


def _is_mask(wanted: Tensor, picture: Tensor) -> bool:
    """Whether a target has a class or a number for each pixel."""
    return wanted.dim() in (3, 4) and wanted.shape[-2:] == picture.shape[-2:]


def _on(scale: Scale | None, picture: Tensor) -> Scale | None:
    return None if scale is None else Scale(scale.mean.to(picture.device), scale.deviation.to(picture.device))
