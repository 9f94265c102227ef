"""A folder of images: what is in it, and what size and channels they are brought to.

Each folder in it is a class; or it holds the folders train, validation and test, in which each folder is a class.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from designer.own_data.content import SPLITS, Choice, Content, Item, PixelRange
from designer.own_data.folder import count
from designer.own_data.look import Seen
from designer.problems import UserError

IMAGES = "images"
"""The `source` of a design that learns from a folder of images."""
SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp"})

Channels = Literal["auto", "grey", "RGB", "RGBA"]
CHANNELS: tuple[Channels, ...] = ("auto", "grey", "RGB", "RGBA")
NUMBER_OF: Mapping[str, int] = {"grey": 1, "RGB": 3, "RGBA": 4}
Fit = Literal["stretch", "crop", "pad"]
FIT: tuple[Fit, ...] = ("stretch", "crop", "pad")
BAD = ("refuse", "skip")

LARGEST_KEPT = 256
"""Images that are all of one size keep it, unless a side is longer."""
USUAL = (64, 64)
"""What images of different sizes are brought to where nobody says more."""
MOST_BYTES = 8 * 2**30
"""Bytes that the examples may take in memory."""


@dataclass(frozen=True, slots=True)
class Picture:
    """An image that can be read: its path in the folder, its height and width, whether it is without colour."""

    path: str
    size: tuple[int, int]
    grey: bool
    label: int = 0
    split: str = ""


@dataclass(frozen=True, slots=True)
class Bad:
    """A file that cannot be used, and why: "is truncated"."""

    path: str
    why: str


@dataclass(frozen=True)
class HasPictures(Seen):
    """The images of a folder; what follows from all of them is found out once, since every edit asks for it."""

    pictures: tuple[Picture, ...] = ()

    @cached_property
    def sizes(self) -> frozenset[tuple[int, int]]:
        """All heights and widths."""
        return frozenset(picture.size for picture in self.pictures)

    @cached_property
    def colourless(self) -> bool:
        """Whether all of them are grey."""
        return all(picture.grey for picture in self.pictures)

    @cached_property
    def given(self) -> Mapping[str, int] | None:
        """How many examples each split has, where the folders say so."""
        counts = Counter(picture.split for picture in self.pictures)
        return None if "" in counts or not counts else {name: counts[name] for name in SPLITS}

    @cached_property
    def learned(self) -> frozenset[int]:
        """The classes of those that are not kept aside by their folder."""
        return frozenset(picture.label for picture in self.pictures if picture.split in ("", "train"))

    @cached_property
    def labels(self) -> frozenset[int]:
        """The classes of all of them."""
        return frozenset(picture.label for picture in self.pictures)


@dataclass(frozen=True)
class Pictures(HasPictures):
    """The images of a folder, each with its class, and those that cannot be read."""

    classes: tuple[str, ...] = ()
    bad: tuple[Bad, ...] = ()
    notes: tuple[str, ...] = ()


class ImageChoice(Choice, frozen=True, kw_only=True):
    """What images are brought to."""

    size: int | tuple[int, int] | Literal["auto"] = "auto"
    channels: Channels = "auto"
    fit: Fit = "stretch"
    normalize: PixelRange = "0..1"
    bad: str = "refuse"


def size_of(seen: HasPictures, choice: ImageChoice) -> tuple[int, int]:
    """Height and width of all images as they are learned from."""
    if isinstance(choice.size, int):
        return choice.size, choice.size
    if choice.size != "auto":
        return choice.size
    only = next(iter(seen.sizes)) if len(seen.sizes) == 1 else USUAL
    return only if max(only) <= LARGEST_KEPT else USUAL


def channels_of(seen: HasPictures, choice: ImageChoice) -> str:
    """ "grey", "RGB" or "RGBA"."""
    if choice.channels != "auto":
        return choice.channels
    return "grey" if seen.colourless else "RGB"


def image_item(seen: HasPictures, choice: ImageChoice) -> Item:
    """The field of the images; raises UserError where they cannot be brought to what is asked."""
    height, width = size_of(seen, choice)
    channels = NUMBER_OF[channels_of(seen, choice)]
    if choice.normalize == "imagenet" and channels != 3:
        raise UserError("ImageNet's normalization is for three channels. Set channels to RGB, or normalize otherwise.")
    bytes_needed = len(seen.pictures) * channels * height * width * 4
    if bytes_needed > MOST_BYTES:
        raise UserError(
            f"{count(len(seen.pictures), 'image')} of {seen.name} take {bytes_needed / 2**30:.0f} GB as "
            f"{channels} x {height} x {width}. Take a smaller size."
        )
    return Item((channels, height, width))


def refuse_bad(seen: Seen, bad: Sequence[Bad], choice: ImageChoice, what: str = "image") -> None:
    """Raise UserError for files that cannot be used, unless they are to be left out."""
    if bad and choice.bad == "refuse":
        text = bad_text(seen, bad, what)
        raise UserError(f"{text} Mend {'them' if len(bad) > 1 else 'it'}, or set bad to skip to leave them out.")


def bad_text(seen: Seen, bad: Sequence[Bad], what: str = "image") -> str:
    """ "2 images of pets cannot be used: cat/a.png is truncated, dog/b.jpg is empty."."""
    told = ", ".join(f"{each.path} {each.why}" for each in bad[:3])
    more = f", and {len(bad) - 3:,} more" if len(bad) > 3 else ""
    return f"{count(len(bad), what)} of {seen.name} cannot be used: {told}{more}."


def left_out(seen: Seen, bad: Sequence[Bad], what: str = "image") -> tuple[str, ...]:
    """The same for those that are left out, as a note."""
    if not bad:
        return ()
    return (f"{bad_text(seen, bad, what).removesuffix('.')}; {'it is' if len(bad) == 1 else 'they are'} left out.",)


def content(seen: Pictures, choice: ImageChoice) -> Content:
    """What will be read; raises UserError where the folder cannot be learned from like this."""
    pictures = seen.pictures
    if not seen.classes and not pictures and not seen.bad:
        raise UserError(
            f"{seen.name} holds no images. Choose a folder that has a folder of images "
            f"({', '.join(sorted(SUFFIXES))}) for each class."
        )
    if not seen.classes:
        number = count(len(pictures) + len(seen.bad), "image")
        raise UserError(f"{seen.name} has {number}, but no folder for each class. Sort them into folders.")
    refuse_bad(seen, seen.bad, choice)
    if len(seen.labels) < 2:
        only = seen.classes[next(iter(seen.labels), 0)]
        raise UserError(f"All images of {seen.name} are of one class, {only}. Add a folder for another class.")
    _refuse_unseen(seen)
    fields = {"image": image_item(seen, choice), "class": Item((), "int64", seen.classes)}
    notes = (*seen.notes, *left_out(seen, seen.bad))
    return Content(seen.name, fields, ("image",), "class", len(pictures), seen.given, notes=notes)


def _refuse_unseen(seen: Pictures) -> None:
    """Raise UserError where a class is tested but never learned."""
    for number, name in enumerate(seen.classes):
        if number not in seen.learned:
            where = "in the folder for training" if seen.given is not None else "to be read"
            raise UserError(f"{seen.name} has no image of {name} {where}. Add some, or take its folder away.")
