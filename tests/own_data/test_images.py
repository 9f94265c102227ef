"""A folder of images: classes from folders, one size and the same channels, and a sentence for what is broken."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
import torch
from own_sources import facts_of, loaded, paint, refusal
from PIL import Image

from designer.protocol import Split

RED, BLUE = (255, 0, 0), (0, 0, 255)


@pytest.fixture
def pets(tmp_path: Path) -> Path:
    """Red cats and blue dogs, one of each in every format."""
    for name, colour in (("cat", RED), ("dog", BLUE)):
        for suffix in ("png", "bmp", "gif"):
            paint(tmp_path / "pets" / name / f"a.{suffix}", colour)
        paint(tmp_path / "pets" / name / "b.jpg", colour, quality=100, subsampling=0)
        paint(tmp_path / "pets" / name / "c.webp", colour, lossless=True)
    return tmp_path / "pets"


def test_every_format_is_read_and_folders_are_the_classes(pets: Path) -> None:
    facts, data = loaded("images", pets)
    assert (facts.examples, facts.fields["class"].classes) == (10, ("cat", "dog"))
    assert facts.fields["image"].spec.shape == (3, 8, 8)
    for image, label in zip(data.fields["image"], data.fields["class"], strict=True):
        wanted = torch.tensor(BLUE if label else RED).reshape(3, 1, 1) / 255
        torch.testing.assert_close(image, wanted.expand(3, 8, 8), atol=0.02, rtol=0)


def test_images_are_brought_to_a_size_and_channels(pets: Path) -> None:
    paint(pets / "cat" / "wide.png", RED, (10, 40))
    assert facts_of("images", pets).fields["image"].spec.shape == (3, 64, 64)
    for fit, share in (("stretch", 1.0), ("crop", 1.0), ("pad", 0.25)):
        _, data = loaded("images", pets, size=(12, 12), fit=fit)
        wide = data.fields["image"][5]
        assert float((wide[0] > 0.5).float().mean()) == pytest.approx(share, abs=0.02)
    assert loaded("images", pets, size=6, channels="grey")[0].fields["image"].spec.shape == (1, 6, 6)
    assert loaded("images", pets, size=6, channels="RGBA")[0].fields["image"].spec.shape == (4, 6, 6)


def test_images_without_colour_have_one_channel_and_sixteen_bits_become_eight(tmp_path: Path) -> None:
    paint(tmp_path / "a" / "1.png", 128, mode="L")
    (tmp_path / "b").mkdir()
    Image.fromarray(np.full((8, 8), 32768, np.uint16)).save(tmp_path / "b" / "2.png")
    _, data = loaded("images", tmp_path, Split(0, 0))
    assert data.fields["image"].shape == (2, 1, 8, 8)
    torch.testing.assert_close(data.fields["image"], torch.full((2, 1, 8, 8), 128 / 255))


def test_palettes_with_transparency_are_read(tmp_path: Path) -> None:
    for name in ("a", "b"):
        image = Image.new("P", (8, 8), 1)
        image.putpalette([0, 0, 0, 0, 255, 0])
        (tmp_path / name).mkdir()
        image.save(tmp_path / name / "1.png", transparency=bytes([0, 128]))
    _, data = loaded("images", tmp_path, Split(0, 0), channels="RGBA")
    assert data.fields["image"][0, :, 0, 0].mul(255).round().tolist() == [0, 255, 0, 128]


def test_the_camera_is_held_upright_again(tmp_path: Path) -> None:
    image = Image.new("L", (8, 4))
    image.paste(255, (0, 0, 4, 4))  # the left half is white
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by a quarter to the right
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        image.save(tmp_path / name / "1.jpg", exif=exif, quality=100)
    facts, data = loaded("images", tmp_path, Split(0, 0))
    assert facts.fields["image"].spec.shape == (1, 8, 4)
    assert float(data.fields["image"][0, 0, :4].mean()) > 0.95
    assert float(data.fields["image"][0, 0, 4:].mean()) < 0.05


@pytest.mark.parametrize(("manner", "low", "high"), [("0..1", 0, 1), ("-1..1", -1, 1), ("imagenet", -2.118, 2.640)])
def test_the_range_is_chosen(pets: Path, manner: str, low: float, high: float) -> None:
    _, data = loaded("images", pets, normalize=manner)
    assert float(data.fields["image"].min()) == pytest.approx(low, abs=0.01)
    assert float(data.fields["image"].max()) == pytest.approx(high, abs=0.01)
    scale = data.scales.get("image")
    if scale is not None:
        back = data.fields["image"] * scale.deviation + scale.mean
        assert (float(back.min()), float(back.max())) == pytest.approx((0, 1), abs=0.01)


def test_channels_are_standardized_by_the_training_split_alone(tmp_path: Path) -> None:
    generator = np.random.default_rng(0)
    for number in range(40):
        path = paint(tmp_path / f"{number % 2}" / f"{number}.png")
        Image.fromarray(generator.integers(0, 256, (8, 8, 3), np.uint8)).save(path)
    _, data = loaded("images", tmp_path, normalize="standardize")
    train = data.fields["image"][data.rows["train"]]
    torch.testing.assert_close(train.mean((0, 2, 3)), torch.zeros(3), atol=1e-5, rtol=0)
    torch.testing.assert_close(train.std((0, 2, 3), correction=0), torch.ones(3), atol=1e-5, rtol=0)


def test_folders_called_train_and_test_are_the_split(tmp_path: Path) -> None:
    for split, number in (("train", 20), ("test", 4)):
        for name in ("cat", "dog"):
            for each in range(number):
                paint(tmp_path / split / name / f"{each}.png", mode="L")
    facts, data = loaded("images", tmp_path, Split(0.25, 0.5))
    assert facts.content.given == {"train": 40, "validation": 0, "test": 8}
    assert data.counts == {"train": 30, "validation": 10, "test": 8}
    assert facts.shares(0.25, 0.5) == (30, 10, 8)
    assert data.fields["class"][data.rows["validation"]].bincount().tolist() == [5, 5]
    paint(tmp_path / "val" / "cat" / "x.png", mode="L")
    assert loaded("images", tmp_path)[1].counts == {"train": 40, "validation": 1, "test": 8}


def test_what_is_passed_over_is_told(pets: Path) -> None:
    (pets / "cat" / "readme.txt").write_text("cats", "utf-8")
    (pets / "cat" / ".hidden").write_text("", "utf-8")
    (pets / "birds").mkdir()
    (pets / "loop").symlink_to(pets, target_is_directory=True)
    (pets / "dog" / "again").symlink_to(pets / "cat", target_is_directory=True)
    paint(pets / "stray.png")
    facts, _ = loaded("images", pets)
    assert facts.examples == 10
    assert facts.fields["class"].classes == ("cat", "dog")
    assert facts.content.notes == (
        "2 links in pets are not followed.",
        "1 file of another kind is left out.",
        "1 images of pets stand beside the folders of classes, so they are left out.",
        "birds of pets holds no images, so it is no class.",
    )


def test_an_image_that_is_written_anew_is_looked_at_anew(pets: Path) -> None:
    (pets / "cat" / "d.png").write_bytes(b"no image")
    assert "cat/d.png is no image" in refusal("images", pets)
    paint(pets / "cat" / "d.png", RED)
    facts, _ = loaded("images", pets)
    assert facts.examples == 11


def bomb() -> bytes:
    """A PNG of a few bytes that says it is 60,000 x 60,000 pixels large."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 60000, 60000, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(100))) + chunk(b"IEND", b"")


def truncated(path: Path) -> bytes:
    paint(path.with_name("whole.jpg"), RED, (64, 64))
    data = path.with_name("whole.jpg").read_bytes()
    path.with_name("whole.jpg").unlink()
    return data[: len(data) - 200]


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("empty.png", "is empty"), ("text.png", "is no image"), ("cut.jpg", "is truncated"),
        ("bomb.png", "would unfold to far too many pixels"),
    ],
)  # fmt: skip
def test_a_bad_image_is_named_and_left_out_by_choice(pets: Path, name: str, says: str) -> None:
    path = pets / "cat" / name
    content = {"empty.png": b"", "text.png": b"not an image", "bomb.png": bomb()}.get(name)
    path.write_bytes(truncated(path) if content is None else content)
    assert refusal("images", pets) == (
        f"1 image of pets cannot be used: cat/{name} {says}. Mend it, or set bad to skip to leave them out."
    )
    facts, _ = loaded("images", pets, bad="skip")
    assert facts.examples == 10
    assert facts.content.notes == (f"1 image of pets cannot be used: cat/{name} {says}; it is left out.",)


def test_a_folder_that_cannot_be_learned_from_is_one_sentence(pets: Path, tmp_path: Path) -> None:
    (tmp_path / "none" / "cat").mkdir(parents=True)
    assert "none holds no images" in refusal("images", tmp_path / "none")
    paint(tmp_path / "flat" / "a.png")
    assert "flat has 1 image, but no folder for each class" in refusal("images", tmp_path / "flat")
    paint(tmp_path / "one" / "cat" / "a.png")
    assert "are of one class, cat" in refusal("images", tmp_path / "one")
    paint(tmp_path / "late" / "test" / "dog" / "a.png")
    paint(tmp_path / "late" / "train" / "cat" / "a.png")
    assert "late has no image of dog in the folder for training" in refusal("images", tmp_path / "late")
    assert "There is no data file" in refusal("images", tmp_path / "gone")
    (tmp_path / "table.csv").write_text("a,b\n1,2\n", "utf-8")
    assert "table.csv is not a folder that has a folder of images" in refusal("images", tmp_path / "table.csv")
    assert "pets is not a table" in refusal("file", pets)
    assert "10 images of pets take 179 GB as 3 x 40000 x 40000" in refusal("images", pets, size=40000)
    assert "Set channels to RGB" in refusal("images", pets, normalize="imagenet", channels="grey")
