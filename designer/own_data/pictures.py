"""Opens image files: a look at all of them in a folder, and their pixels, brought to one size and the same channels."""

from __future__ import annotations

import os
import struct
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from designer.own_data.content import SPLITS, Collected
from designer.own_data.folder import Walk
from designer.own_data.images import SUFFIXES, Bad, ImageChoice, Picture, Pictures, channels_of, size_of
from designer.own_data.look import Stamp
from designer.own_data.masks import IMAGE_FOLDERS, MASK_FOLDERS, MOST_VALUES, MaskChoice, Masked
from designer.problems import UserError, one_line

MOST_PIXELS = 89_478_485
"""An image with more pixels, 256 MB as RGB, is refused: a small file may unfold to one that fills the memory."""
THREADS = min(8, os.cpu_count() or 1)
"""Pillow decodes without Python's lock."""
ORIENTATION = 0x0112
"""The EXIF tag that says how the camera was held."""
MODES = {"grey": "L", "RGB": "RGB", "RGBA": "RGBA"}
BROKEN = (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, struct.error, MemoryError, IndexError)
"""What Pillow raises for files that are no images, or only halves of one."""

T = TypeVar("T")
S = TypeVar("S")


class BadImageError(Exception):
    """A file that cannot be used; the text says why: "is truncated"."""


def _opened(path: Path) -> Image.Image:
    """An image whose head was read; raises BadImageError."""
    try:
        if path.stat().st_size == 0:
            raise BadImageError("is empty")
        image = Image.open(path)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise BadImageError("would unfold to far too many pixels") from error
    except FileNotFoundError as error:
        raise BadImageError("is gone") from error
    except UnidentifiedImageError as error:
        raise BadImageError("is no image") from error
    except BROKEN as error:
        raise BadImageError(_why(error)) from error
    if image.width * image.height > MOST_PIXELS:
        image.close()
        raise BadImageError(f"has {image.width:,} x {image.height:,} pixels, which are too many")
    return image


def _why(error: BaseException) -> str:
    """What is wrong with a file, as the rest of a sentence."""
    text = one_line(str(error))[:80] or type(error).__name__
    return "is truncated" if "truncated" in text.lower() else f"is broken ({text})"


def _load(image: Image.Image) -> None:
    """Decode the pixels; raises BadImageError."""
    try:
        image.load()
    except BROKEN as error:
        raise BadImageError(_why(error)) from error


def _turned(image: Image.Image) -> bool:
    """Whether the camera was held upright, so that height and width change places."""
    return image.getexif().get(ORIENTATION, 1) in (5, 6, 7, 8)


def _look(root: Path, path: str) -> Picture | Bad:
    """An image by its path in the folder: it is decoded whole, but as small as JPEG can, to find a broken one."""
    try:
        with _opened(root / path) as image:
            width, height = image.size
            upright = _turned(image)
            grey = image.mode in ("1", "L", "LA") or image.mode.startswith("I")
            image.draft("L" if grey else "RGB", (1, 1))
            _load(image)
    except BadImageError as error:
        return Bad(path, str(error))
    except BROKEN as error:  # broken EXIF data
        return Bad(path, _why(error))
    return Picture(path, (width, height) if upright else (height, width), grey)


def _in_threads(work: Callable[[S], T], items: Iterable[S]) -> list[T]:
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(work, items))


def look(path: str, stamp: Stamp) -> Pictures | Masked:
    """All images of a folder; with masks where it holds images/ and masks/."""
    walk = Walk(Path(path))
    splits = walk.splits()
    pairs = {split: _pair_folders(walk, below) for split, below in splits.items()}
    if all(pair is not None for pair in pairs.values()):
        found = {split: pair for split, pair in pairs.items() if pair is not None}
        return _masked(path, stamp, walk, found)
    return _pictures(path, stamp, walk, splits)


def _pictures(path: str, stamp: Stamp, walk: Walk, splits: dict[str, str]) -> Pictures:
    classes = sorted({name for below in splits.values() for name in walk.folders_in(below)})
    walk.links = 0  # counted again with the files
    files = [(split, name) for split, below in splits.items() for name in walk.files(SUFFIXES, below)]
    places = {name: place for place, name in enumerate(classes)}
    pictures, bad, stray = [], [], 0
    used = set()
    for (split, name), found in zip(files, _in_threads(lambda each: _look(walk.root, each[1]), files), strict=True):
        parts = name.split("/")[1 if split else 0 :]
        label = places[parts[0]] if len(parts) > 1 else None
        if label is None and classes:
            stray += 1
            continue
        used.add(label)
        if isinstance(found, Bad):
            bad.append(found)
        else:
            pictures.append(Picture(found.path, found.size, found.grey, label or 0, split))
    notes = list(walk.notes())
    if stray:
        notes.append(f"{stray} images of {walk.root.name} stand beside the folders of classes, so they are left out.")
    empty = [name for place, name in enumerate(classes) if place not in used]
    if empty and len(empty) < len(classes):
        notes.append(f"{', '.join(empty[:3])} of {walk.root.name} holds no images, so it is no class.")
    kept = [name for place, name in enumerate(classes) if place in used]
    return _relabelled(Pictures(path, stamp, tuple(pictures), tuple(kept), tuple(bad), tuple(notes)), classes)


def _relabelled(seen: Pictures, before: list[str]) -> Pictures:
    """The same with classes numbered as they are now, not as they were with those that hold nothing."""
    new = {before.index(name): place for place, name in enumerate(seen.classes)}
    pictures = tuple(
        Picture(each.path, each.size, each.grey, new.get(each.label, 0), each.split) for each in seen.pictures
    )
    return Pictures(seen.path, seen.stamp, pictures, seen.classes, seen.bad, seen.notes)


def _pair_folders(walk: Walk, below: str) -> tuple[str, str] | None:
    """The folder of images and that of their masks, where there are both."""
    names = {name.lower(): name for name in walk.folders_in(below)}
    images = next((names[name] for name in IMAGE_FOLDERS if name in names), None)
    masks = next((names[name] for name in MASK_FOLDERS if name in names), None)
    if images is None or masks is None:
        return None
    begin = f"{below}/" if below else ""
    return f"{begin}{images}", f"{begin}{masks}"


def _masked(path: str, stamp: Stamp, walk: Walk, folders: dict[str, tuple[str, str]]) -> Masked:
    walk.links = 0
    todo: list[tuple[str, str, str]] = []
    bad: list[Bad] = []
    for split, (images, masks) in folders.items():
        found = {_bare(name, images): name for name in walk.files(SUFFIXES, images)}
        theirs = {_bare(name, masks): name for name in walk.files(SUFFIXES, masks)}
        bad += [Bad(name, "has no mask") for bare, name in found.items() if bare not in theirs]
        bad += [Bad(name, "has no image") for bare, name in theirs.items() if bare not in found]
        todo += [(split, name, theirs[bare]) for bare, name in found.items() if bare in theirs]
    pictures, masks_kept, values, colours = [], [], set(), set()
    results = _in_threads(lambda each: _look_at_pair(walk.root, each[1], each[2]), todo)
    for (split, _name, mask), result in zip(todo, results, strict=True):
        if isinstance(result, Bad):
            bad.append(result)
            continue
        picture, own, coloured = result
        pictures.append(Picture(picture.path, picture.size, picture.grey, 0, split))
        masks_kept.append(mask)
        values |= own
        colours.add(coloured)
    if len(colours) > 1:
        raise UserError(f"Some masks of {walk.root.name} are coloured and some are not. Save all of them alike.")
    coloured = True in colours
    return Masked(
        path, stamp, tuple(pictures), tuple(masks_kept), tuple(sorted(values)), coloured, tuple(bad),
        tuple(walk.notes()),
    )  # fmt: skip


def _bare(name: str, folder: str) -> str:
    """A path below a folder without its suffix."""
    return name[len(folder) + 1 :].rpartition(".")[0]


def _look_at_pair(root: Path, image: str, mask: str) -> tuple[Picture, set[int], bool] | Bad:
    found = _look(root, image)
    if isinstance(found, Bad):
        return found
    try:
        values, coloured = _mask_values(root / mask)
    except BadImageError as error:
        return Bad(mask, str(error))
    if values.shape != found.size:
        height, width = values.shape
        return Bad(mask, f"is {height} x {width} pixels, but its image is {found.size[0]} x {found.size[1]}")
    own = np.unique(values)
    if len(own) > MOST_VALUES:
        return Bad(mask, f"holds {len(own):,} different values, which are no classes")
    return found, set(own.tolist()), coloured


def _mask_values(path: Path) -> tuple[np.ndarray, bool]:
    """The value of each pixel, and whether it is a colour; raises BadImageError."""
    with _opened(path) as image:
        _load(image)
        coloured = image.mode not in ("1", "L", "LA", "P") and not image.mode.startswith("I")
        upright = ImageOps.exif_transpose(image)
        if coloured:
            red, green, blue = np.moveaxis(np.asarray(upright.convert("RGB"), np.int64), -1, 0)
            return red * 65536 + green * 256 + blue, True
        values = np.asarray(upright if upright.mode != "LA" else upright.getchannel(0))
        return values.astype(np.int64), False


def collect_images(seen: Pictures, choice: ImageChoice) -> Collected:
    """The images of the folder and their classes; raises UserError where one has changed meanwhile."""
    images = _images(seen, choice)
    labels = np.array([picture.label for picture in seen.pictures], np.int64)
    fields = {"image": images, "class": labels}
    return Collected(fields, {}, _splits(seen.pictures), normalize={"image": choice.normalize})


def collect_masks(seen: Masked, choice: MaskChoice) -> Collected:
    """The images of the folder and the class of each of their pixels; raises UserError."""
    images = _images(seen, choice)
    height, width = size_of(seen, choice)
    known = np.array(seen.values)

    def read(mask: str) -> np.ndarray:
        try:
            values, _ = _mask_values(Path(seen.path) / mask)
        except BadImageError as error:
            raise UserError(f"{mask} of {seen.name} {error}. Look at the folder again.") from error
        if not np.isin(values, known).all():
            raise UserError(f"{mask} of {seen.name} has changed since it was looked at. Train again.")
        places = Image.fromarray(np.searchsorted(known, values).astype(np.uint8))
        return np.asarray(_brought(places, (height, width), choice, Image.Resampling.NEAREST))

    masks = np.stack(_in_threads(read, seen.masks))
    answers = masks.astype(np.int64) if choice.answers == "classes" else masks[:, None].astype(np.float32)
    fields = {"image": images, "mask": answers}
    return Collected(fields, {}, _splits(seen.pictures), normalize={"image": choice.normalize})


def _splits(pictures: Sequence[Picture]) -> np.ndarray | None:
    if any(not picture.split for picture in pictures):
        return None
    return np.array([SPLITS.index(picture.split) for picture in pictures])


def _images(seen: Pictures | Masked, choice: ImageChoice) -> np.ndarray:
    """All images as bytes, (images, channels, height, width)."""
    size, channels = size_of(seen, choice), channels_of(seen, choice)

    def read(picture: Picture) -> np.ndarray:
        try:
            return pixels(Path(seen.path) / picture.path, size, channels, choice)
        except BadImageError as error:
            raise UserError(f"{picture.path} of {seen.name} {error}. Look at the folder again.") from error

    return np.stack(_in_threads(read, seen.pictures))


def pixels(path: Path, size: tuple[int, int], channels: str, choice: ImageChoice) -> np.ndarray:
    """One image as bytes, (channels, height, width), the right way up; raises BadImageError."""
    with _opened(path) as image:
        image.draft(MODES[channels] if channels != "RGBA" else "RGB", (2 * size[1], 2 * size[0]))
        _load(image)
        upright = ImageOps.exif_transpose(image)
        brought = _brought(_in_mode(upright, MODES[channels]), size, choice, Image.Resampling.BILINEAR)
    found = np.asarray(brought)
    return found[None] if found.ndim == 2 else np.ascontiguousarray(np.moveaxis(found, -1, 0))


def _in_mode(image: Image.Image, mode: str) -> Image.Image:
    """The same picture with other channels; 16 bits of grey become 8."""
    if image.mode.startswith("I"):
        image = Image.fromarray((np.asarray(image).astype(np.int64).clip(0, 65535) >> 8).astype(np.uint8))
    if image.mode == "P":
        image = image.convert("RGBA" if "transparency" in image.info else "RGB")
    return image if image.mode == mode else image.convert(mode)


def _brought(
    image: Image.Image, size: tuple[int, int], choice: ImageChoice, resampling: Image.Resampling
) -> Image.Image:
    """An image at a height and width: stretched, or cut, or with a black border."""
    wanted = (size[1], size[0])
    if image.size == wanted:
        return image
    if choice.fit == "crop":
        return ImageOps.fit(image, wanted, resampling)
    return ImageOps.pad(image, wanted, resampling) if choice.fit == "pad" else image.resize(wanted, resampling)
