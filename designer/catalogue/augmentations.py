"""Ways to change training pictures by chance, so that a network sees no picture twice; named as kornia names them.

Every one has `p`, the share of pictures (of batches, where pictures are mixed) that it changes; how much, is drawn anew
for each picture. Validation and test see the pictures as they are.
"""

from __future__ import annotations

from typing import ClassVar

from designer.catalogue.entry import Entry, Setting
from designer.catalogue.tensor import Misfit
from designer.plan import Call, Value

ROOM = "kornia.augmentation"


def _often(share: float) -> Setting[float]:
    return Setting(share, "The share of pictures that it changes.", minimum=0.0, maximum=1.0)


class Augmentation(Entry):
    """A change by chance; the engine makes it on the device, a batch at a time."""

    channels: ClassVar[int] = 0
    """How many channels a picture must have for it; 0: any number."""
    mixes: ClassVar[bool] = False
    """Whether it blends pictures with others of the batch, and what they are compared with in the same shares."""

    p = _often(1.0)

    def call(self) -> Call:
        """What makes it; a size of pictures ("size") is the engine's to add."""
        return Call(f"{ROOM}.{type(self).__name__}", {**self.ranges(), "p": self.p})

    def ranges(self) -> dict[str, Value]:
        """Its keywords but `p`."""
        return {}


def _around_one(amount: float) -> tuple[float, float]:
    return (1.0 - amount, 1.0 + amount)


class RandomHorizontalFlip(Augmentation):
    """Mirrors left and right; not for digits and letters, which mean something else then."""

    title = "Flip left and right"
    p = _often(0.5)


class RandomVerticalFlip(Augmentation):
    """Mirrors top and bottom: for pictures from above or through a microscope."""

    title = "Flip top and bottom"
    p = _often(0.5)


class RandomRotation(Augmentation):
    """Turns around the middle; what comes in at the corners is 0."""

    title = "Turn"
    degrees = Setting(10.0, "At most so many degrees to either side.", minimum=0.0, maximum=180.0)

    def ranges(self) -> dict[str, Value]:
        return {"degrees": self.degrees}


class RandomTranslate(Augmentation):
    """Moves along both axes; what comes in is 0."""

    title = "Shift"
    shift = Setting(0.1, "At most so large a share of the side, to either side.", minimum=0.0, maximum=1.0)

    def ranges(self) -> dict[str, Value]:
        return {"translate_x": (-self.shift, self.shift), "translate_y": (-self.shift, self.shift)}


class RandomAffine(Augmentation):
    """Makes what is in the picture smaller or larger, around the middle."""

    title = "Scale"
    smallest = Setting(0.9, "The smallest factor.", minimum=0.1, maximum=10.0)
    largest = Setting(1.1, "The largest factor.", minimum=0.1, maximum=10.0)

    def __init__(self, /, **values: object) -> None:
        super().__init__(**values)
        if self.smallest > self.largest:
            raise Misfit(
                f"smallest is {self.smallest:g}, which is more than largest, {self.largest:g}.",
                "Give smallest a value below largest.", "smallest", code="setting",
            )  # fmt: skip

    def ranges(self) -> dict[str, Value]:
        return {"degrees": 0.0, "scale": (self.smallest, self.largest)}


class RandomCrop(Augmentation):
    """Adds a border of 0 all around, then cuts a picture of the old size out anywhere: the usual one for CIFAR-10."""

    title = "Crop"
    padding = Setting(4, "How many pixels are added on each side.", minimum=1, maximum=1024)

    def ranges(self) -> dict[str, Value]:
        return {"padding": self.padding}


class RandomBrightness(Augmentation):
    """Makes the whole picture lighter or darker."""

    title = "Brightness"
    amount = Setting(0.2, "At most so much lighter or darker; 1 is the whole range.", minimum=0.0, maximum=1.0)

    def ranges(self) -> dict[str, Value]:
        return {"brightness": _around_one(self.amount)}


class RandomContrast(Augmentation):
    """Makes differences between light and dark larger or smaller."""

    title = "Contrast"
    amount = Setting(0.2, "The factor is at most so far from 1.", minimum=0.0, maximum=1.0)

    def ranges(self) -> dict[str, Value]:
        return {"contrast": _around_one(self.amount)}


class RandomSaturation(Augmentation):
    """Makes colours stronger or paler."""

    title, channels = "Saturation", 3
    amount = Setting(0.2, "The factor is at most so far from 1.", minimum=0.0, maximum=1.0)

    def ranges(self) -> dict[str, Value]:
        return {"saturation": _around_one(self.amount)}


class RandomHue(Augmentation):
    """Turns all colours around the colour wheel."""

    title, channels = "Hue", 3
    turn = Setting(0.05, "At most so large a part of a whole turn, to either side.", minimum=0.0, maximum=0.5)

    def ranges(self) -> dict[str, Value]:
        return {"hue": (-self.turn, self.turn)}


class RandomGaussianNoise(Augmentation):
    """Adds a random number to each pixel, as a poor camera does."""

    title = "Add noise"
    std = Setting(0.05, "The standard deviation; pictures go from 0 to 1.", minimum=0.0, maximum=1.0)
    p = _often(0.5)

    def ranges(self) -> dict[str, Value]:
        return {"std": self.std}


class RandomGaussianBlur(Augmentation):
    """Smears each pixel over its neighbours, as a lens out of focus does."""

    title = "Blur"
    sigma = Setting(1.0, "How far it smears at most, in pixels; at least a tenth of that.", minimum=0.1, maximum=20.0)
    p = _often(0.5)

    def ranges(self) -> dict[str, Value]:
        # A window of three deviations to each side holds all but a thousandth of a Gaussian.
        side = 2 * max(1, round(3 * self.sigma)) + 1
        return {"kernel_size": (side, side), "sigma": (0.1 * self.sigma, self.sigma), "border_type": "replicate"}


class RandomErasing(Augmentation):
    """Blanks out a rectangle, so that no single part decides (Zhong et al. 2017)."""

    title = "Erase a part"
    largest = Setting(0.2, "The largest share of the picture that is blanked out.", minimum=0.02, maximum=1.0)
    p = _often(0.5)

    def ranges(self) -> dict[str, Value]:
        return {"scale": (0.02, self.largest)}


class RandomMixUpV2(Augmentation):
    """Blends each picture, and what is right for it, with another of the batch (mixup, Zhang et al. 2017)."""

    title, mixes = "Mixup", True
    most = Setting(0.5, "The largest share of the other picture.", minimum=0.0, maximum=1.0)

    def ranges(self) -> dict[str, Value]:
        return {"lambda_val": (0.0, self.most), "same_on_batch": True, "data_keys": ("input", "class")}


class RandomCutMixV2(Augmentation):
    """Puts a rectangle of another picture of the batch into each, and counts both (CutMix, Yun et al. 2019)."""

    title, mixes = "CutMix", True
    p = _often(0.5)

    def ranges(self) -> dict[str, Value]:
        return {"same_on_batch": True, "use_correct_lambda": True, "data_keys": ("input", "class")}


AUGMENTATIONS: dict[str, type[Augmentation]] = {
    kind.__name__: kind
    for kind in (
        RandomHorizontalFlip, RandomVerticalFlip, RandomRotation, RandomTranslate, RandomAffine, RandomCrop,
        RandomBrightness, RandomContrast, RandomSaturation, RandomHue, RandomGaussianNoise, RandomGaussianBlur,
        RandomErasing, RandomMixUpV2, RandomCutMixV2,
    )
}  # fmt: skip
