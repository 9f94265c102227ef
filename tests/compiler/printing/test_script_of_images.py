"""Training scripts that read a folder of images: they see the same pixels as the engine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from reproduced import assert_reproduced, printed, small_design

from designer.graph.document import Document
from designer.problems import UserError

NUMBERS = np.random.default_rng(0)


def folder(path: Path, mode: str = "RGB") -> Path:
    """Two classes of 14 images each, noise of several sizes, some in folders of folders."""
    for name in ("cat", "cat-like"):
        for place in range(14):
            shape = (9 + place % 3, 12, len(mode)) if len(mode) > 1 else (9 + place % 3, 12)
            below = path / name / ("more" if place > 10 else ".")
            below.mkdir(parents=True, exist_ok=True)
            kind = "jpg" if place % 2 and mode == "RGB" else "png"
            pixels = NUMBERS.integers(0, 128 if name == "cat" else 256, shape).astype(np.uint8)
            Image.fromarray(pixels).save(below / f"{place}.{kind}")
        (path / name / ".hidden.png").write_bytes(b"nothing")
    return path


def design(path: Path, channels: int = 3, **data: Any) -> Document:
    data = {"source": "images", "path": str(path), "size": (8, 10), **data}
    return small_design(data, (channels, 8, 10), 2, "CrossEntropyLoss")


@pytest.mark.parametrize(
    "data", [{}, {"fit": "crop", "normalize": "-1..1"}, {"fit": "pad", "normalize": "imagenet"}], ids=str
)
def test_images_are_read_as_the_engine_does(data: dict[str, str], tmp_path: Path) -> None:
    path = folder(tmp_path / "pets")
    room = assert_reproduced(design(path, **data), tmp_path)
    assert set(room["predict"]([path / "cat" / "0.png", str(path / "cat-like" / "1.jpg")])) <= {"cat", "cat-like"}


def test_grey_images_have_one_channel(tmp_path: Path) -> None:
    assert_reproduced(design(folder(tmp_path / "pets", "L"), 1), tmp_path)


@pytest.mark.parametrize("splits", [("train", "test"), ("train", "val", "test")], ids=" ".join)
def test_folders_of_splits_are_kept(splits: tuple[str, ...], tmp_path: Path) -> None:
    for name in splits:
        folder(tmp_path / "pets" / name)
    assert_reproduced(design(tmp_path / "pets"), tmp_path)


def test_a_folder_to_standardize_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="standardize"):
        printed(design(folder(tmp_path / "pets"), normalize="standardize"))
