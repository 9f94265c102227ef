"""A folder of images with masks: images/ and masks/ with equal names; what each value in a mask stands for.

The mask of an image says for each of its pixels what is there. Or the folder holds train, validation and test, with
images/ and masks/ in each.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from designer.own_data.content import Content, Item
from designer.own_data.folder import count
from designer.own_data.images import Bad, HasPictures, ImageChoice, image_item, left_out, refuse_bad
from designer.problems import UserError

MASKS = "masks"
"""The `source` of a design that learns from images with masks."""
IMAGE_FOLDERS = ("images", "image", "imgs")
MASK_FOLDERS = ("masks", "mask")
MOST_VALUES = 256
"""A mask with more different values is no mask."""

Answers = Literal["classes", "binary"]
ANSWERS: tuple[Answers, ...] = ("classes", "binary")


@dataclass(frozen=True)
class Masked(HasPictures):
    """The images of a folder that have a mask, the mask of each, and all values in masks.

    A colour is one value: red * 65536 + green * 256 + blue.
    """

    masks: tuple[str, ...] = ()
    values: tuple[int, ...] = ()
    coloured: bool = False
    bad: tuple[Bad, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def classes(self) -> tuple[str, ...]:
        """What the values are called: a colour as "#ff0000"."""
        return tuple(f"#{value:06x}" if self.coloured else str(value) for value in self.values)


class MaskChoice(ImageChoice, frozen=True, kw_only=True):
    """What images and masks are brought to; a yes or no for each pixel has an axis of its own for torch's loss."""

    answers: Answers = "classes"


def content(seen: Masked, choice: MaskChoice) -> Content:
    """What will be read; raises UserError where the folder cannot be learned from like this."""
    if not seen.pictures and not seen.bad:
        raise UserError(f"{seen.name} holds no images with masks. Choose a folder that has images/ and masks/.")
    refuse_bad(seen, seen.bad, choice)
    if not seen.pictures:
        raise UserError(f"No image of {seen.name} has a mask that can be used: {seen.bad[0].path} {seen.bad[0].why}.")
    if len(seen.values) < 2:
        raise UserError(
            f"All masks of {seen.name} hold the one value {seen.classes[0]}. There is nothing to tell apart."
        )
    if len(seen.values) > MOST_VALUES:
        raise UserError(
            f"The masks of {seen.name} hold {len(seen.values):,} different values, which are no classes. "
            "Save them without blurring, as PNG."
        )
    if choice.answers == "binary" and len(seen.values) != 2:
        number = count(len(seen.values), "value")
        raise UserError(
            f"The masks of {seen.name} hold {number}, so they say more than yes or no. Set answers to classes."
        )
    image = image_item(seen, choice)
    _, height, width = image.shape
    mask = Item((height, width), "int64", seen.classes)
    if choice.answers == "binary":
        mask = Item((1, height, width), "float32", seen.classes)
    notes = (*seen.notes, *left_out(seen, seen.bad))
    return Content(
        seen.name, {"image": image, "mask": mask}, ("image",), "mask", len(seen.pictures), seen.given, notes=notes
    )
