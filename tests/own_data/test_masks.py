"""Images with masks: a class for each pixel, or yes and no, and a sentence for what does not go together."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from own_sources import facts_of, loaded, paint, refusal
from PIL import Image

from designer.protocol import Split


@pytest.fixture
def cells(tmp_path: Path) -> Path:
    """Six images; the masks hold 0 in the left half and 255 in the right."""
    folder = tmp_path / "cells"
    for number in range(6):
        paint(folder / "images" / f"{number}.jpg", number * 40, mode="L")
        mask(folder / "masks" / f"{number}.png")
    return folder


def mask(path: Path, values: tuple[int, ...] = (0, 255), size: tuple[int, int] = (8, 8)) -> None:
    path.parent.mkdir(exist_ok=True)
    columns = np.repeat(values, -(-size[1] // len(values)))[: size[1]]
    Image.fromarray(np.broadcast_to(columns, size).astype(np.uint8)).save(path)


def test_each_value_of_a_mask_is_a_class(cells: Path) -> None:
    facts, data = loaded("masks", cells)
    assert facts.fields["mask"].classes == ("0", "255")
    assert data.fields["mask"].shape == (6, 8, 8)
    assert data.fields["mask"][0, 0].tolist() == [0] * 4 + [1] * 4


def test_yes_and_no_has_an_axis_of_its_own(cells: Path) -> None:
    facts, data = loaded("masks", cells, answers="binary")
    assert facts.fields["mask"].spec.shape == (1, 8, 8)
    assert data.fields["mask"].unique().tolist() == [0, 1]
    mask(cells / "masks" / "0.png", (0, 7, 255, 9))
    assert "hold 4 values, so they say more than yes or no" in refusal("masks", cells, answers="binary")


def test_masks_are_never_blurred(cells: Path) -> None:
    mask(cells / "masks" / "0.png", (0, 7, 255, 9))
    _, data = loaded("masks", cells, size=(13, 5))
    assert data.fields["mask"].shape == (6, 13, 5)
    assert data.fields["mask"].unique().tolist() == [0, 1, 2, 3]


def test_colours_and_palettes_may_be_the_classes(tmp_path: Path) -> None:
    for number in range(4):
        paint(tmp_path / "images" / f"{number}.png", mode="L")
        image = Image.new("RGB", (8, 8), (255, 0, 0))
        image.paste((0, 0, 255), (0, 0, 4, 8))
        (tmp_path / "masks").mkdir(exist_ok=True)
        image.save(tmp_path / "masks" / f"{number}.png")
    facts, data = loaded("masks", tmp_path)
    assert facts.fields["mask"].classes == ("#0000ff", "#ff0000")
    assert data.fields["mask"][0, 0].tolist() == [0] * 4 + [1] * 4
    for number in range(4):
        indexed = Image.new("P", (8, 8), number % 3)
        indexed.putpalette([0, 0, 0, 200, 0, 0, 0, 200, 0])
        indexed.save(tmp_path / "masks" / f"{number}.png")
    assert facts_of("masks", tmp_path).fields["mask"].classes == ("0", "1", "2")


def test_the_split_may_be_given_by_folders(tmp_path: Path) -> None:
    for split, number in (("train", 6), ("val", 2)):
        for each in range(number):
            paint(tmp_path / split / "images" / f"{each}.png", mode="L")
            mask(tmp_path / split / "masks" / f"{each}.png")
    _, data = loaded("masks", tmp_path, Split(0.5, 0.2))
    assert data.counts == {"train": 6, "validation": 2, "test": 0}


def test_what_does_not_go_together_is_named(cells: Path) -> None:
    paint(cells / "images" / "lonely.png", mode="L")
    mask(cells / "masks" / "stray.png")
    mask(cells / "masks" / "3.png", size=(8, 9))
    (cells / "masks" / "4.png").write_bytes(b"no image")
    told = refusal("masks", cells)
    assert told.startswith(
        "4 images of cells cannot be used: images/lonely.png has no mask, masks/stray.png has no image, "
        "masks/3.png is 8 x 9 pixels, but its image is 8 x 8, and 1 more."
    )
    facts, _ = loaded("masks", cells, bad="skip")
    assert facts.examples == 4
    assert "they are left out" in facts.content.notes[0]


def test_masks_that_tell_nothing_apart_are_refused(tmp_path: Path) -> None:
    for number in range(3):
        paint(tmp_path / "images" / f"{number}.png", mode="L")
        paint(tmp_path / "masks" / f"{number}.png", 3, mode="L")
    assert "hold the one value 3" in refusal("masks", tmp_path)
    (tmp_path / "empty" / "images").mkdir(parents=True)
    (tmp_path / "empty" / "masks").mkdir()
    assert "empty holds no images with masks" in refusal("masks", tmp_path / "empty")
