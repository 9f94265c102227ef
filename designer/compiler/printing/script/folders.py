"""A folder of images as a script reads it, with Pillow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from designer.catalogue.own_data import OwnFacts
from designer.compiler.printing.expression import listed, value_text
from designer.compiler.printing.script.part import WIDTH, Part, part
from designer.compiler.printing.script.sources import TENSOR, SourcePart
from designer.own_data.content import SPLITS, Choice
from designer.own_data.images import SUFFIXES, ImageChoice, Pictures, channels_of, size_of
from designer.own_data.reading import choice_of
from designer.problems import UserError
from designer.protocol import Source

MODES: Mapping[str, str] = {"grey": "L", "RGB": "RGB", "RGBA": "RGBA"}
IMAGENET = ("[0.485, 0.456, 0.406]", "[0.229, 0.224, 0.225]")
PATH = "from pathlib import Path"


def folder_part(source: Source, facts: OwnFacts) -> SourcePart:
    """The part of a folder with a folder of images for each class; raises UserError where it cannot be read yet."""
    seen, choice = facts.seen, choice_of(source.key, source.settings)
    assert isinstance(seen, Pictures)
    assert isinstance(choice, ImageChoice)
    _refuse(seen, choice)
    path = Path(str(source.settings["path"]))
    texts = [value_text(name, {}) for name in seen.classes]
    constants = (
        Part(f"DATA = Path({value_text(str(path), {})})", frozenset({PATH})),
        Part("\n".join(listed("LABELS = (", texts, ")", WIDTH))),
        *([_folders(seen)] if seen.given is not None else []),
    )
    made = {"image": "torch.stack([read_image(Path(path)) for path in paths])"}
    sequence = "from collections.abc import Sequence"
    return SourcePart(
        (_files(seen), *_read_image(seen, choice), _load(seen)), ("Pillow",), "class", True, {},
        "paths: Sequence[str | Path]", "image files", made, '["new.png"]', frozenset({sequence, PATH}), constants,
        normalized=choice.normalize != "0..1", splits=seen.given is not None,
        validates=bool(seen.given and seen.given["validation"]),
    )  # fmt: skip


def _refuse(seen: Pictures, choice: Choice) -> None:
    if seen.bad:
        raise UserError(f"A training script cannot pass over the broken images of {seen.name}. Take them away.")
    if getattr(choice, "normalize", "") == "standardize":
        raise UserError("A training script cannot standardize images yet. Set normalize to -1..1.")


def _folders(seen: Pictures) -> Part:
    """The folder of each split, and its number."""
    found = {picture.path.partition("/")[0]: SPLITS.index(picture.split) for picture in seen.pictures}
    items = ", ".join(f"{value_text(name, {})}: {place}" for name, place in found.items())
    return Part(f"SPLITS_BY_NAME = {{{items}}}  # the folders of the splits: 0 trains, 1 validates, 2 tests")


def _files(seen: Pictures) -> Part:
    """The function that finds the images: below a folder for each class, which may be below one for each split."""
    place = 0 if seen.given is None else 1
    suffixes = ", ".join(f'"{suffix}"' for suffix in sorted(SUFFIXES))
    return part(
        (
            "def image_files() -> list[Path]:",
            '    """The images in the folders of classes, in the order of their names; hidden ones are passed over."""',
            f"    suffixes = {{{suffixes}}}",
            '    found = [path for path in DATA.rglob("*") if path.suffix.lower() in suffixes]',
            "    names = [path.relative_to(DATA) for path in found if not path.is_symlink()]",
            f"    names = [name for name in names if len(name.parts) > {place + 1}]",
            f"    shown = [name for name in names if name.parts[{place}] in LABELS]",
            '    shown = [name for name in shown if not any(part.startswith(".") for part in name.parts)]',
            "    return sorted(shown, key=Path.as_posix)",
        ),
        PATH,
    )


def _read_image(seen: Pictures, choice: ImageChoice) -> Iterator[Part]:
    (height, width), channels = size_of(seen, choice), channels_of(seen, choice)
    mode = MODES[channels]
    yield part(
        (
            "def in_mode(image: Image.Image, mode: str) -> Image.Image:",
            '    """The same picture with other channels; 16 bits of grey become 8."""',
            '    if image.mode.startswith("I"):',
            "        values = np.asarray(image).astype(np.int64).clip(0, 65535) >> 8",
            "        image = Image.fromarray(values.astype(np.uint8))",
            '    if image.mode == "P":',
            '        image = image.convert("RGBA" if "transparency" in image.info else "RGB")',
            "    return image if image.mode == mode else image.convert(mode)",
        ),
        "from PIL import Image, ImageOps", "import numpy as np",
    )  # fmt: skip
    size = f"({width}, {height})"
    fitted = {
        "stretch": f"upright.resize({size}, Image.Resampling.BILINEAR)",
        "crop": f"ImageOps.fit(upright, {size}, Image.Resampling.BILINEAR)",
        "pad": f"ImageOps.pad(upright, {size}, Image.Resampling.BILINEAR)",
    }[choice.fit]
    about = {"0..1": "from 0 to 1", "-1..1": "from -1 to 1", "imagenet": "as those of ImageNet"}[choice.normalize]
    yield part(
        (
            "def read_image(path: Path) -> Tensor:",
            f'    """An image as {height} x {width} pixels, channels first, {about}."""',
            "    with Image.open(path) as image:",
            f'        image.draft("{"L" if mode == "L" else "RGB"}", ({2 * width}, {2 * height}))',
            f'        upright = in_mode(ImageOps.exif_transpose(image), "{mode}")',
            f"    if upright.size != {size}:",
            f"        upright = {fitted}",
            "    values = torch.from_numpy(np.array(upright)).float() / 255",
            *_normalized("values[None]" if mode == "L" else "values.permute(2, 0, 1)", choice),
        ),
        "from PIL import Image, ImageOps", "import numpy as np", PATH, *TENSOR,
    )  # fmt: skip


def _normalized(values: str, choice: ImageChoice) -> Iterator[str]:
    if choice.normalize == "0..1":
        yield f"    return {values}"
    elif choice.normalize == "-1..1":
        yield f"    return ({values} - 0.5) / 0.5"
    else:
        yield f"    mean, deviation = torch.tensor({IMAGENET[0]}), torch.tensor({IMAGENET[1]})"
        yield f"    return ({values} - mean[:, None, None]) / deviation[:, None, None]"


def _load(seen: Pictures) -> Part:
    place = 0 if seen.given is None else 1
    lines = [
        "    names = image_files()",
        f"    {'data =' if place else 'return'} {{",
        '        "image": torch.stack([read_image(DATA / name) for name in names]),',
        f'        "class": torch.tensor([LABELS.index(name.parts[{place}]) for name in names]),',
        "    }",
    ]
    if place:
        lines.append("    return data, np.array([SPLITS_BY_NAME[name.parts[0]] for name in names])")
    return part(
        (
            f"def load_data() -> {'tuple[Examples, np.ndarray]' if place else 'Examples'}:",
            '    """All images of the folder, and the class of each by the folder it is in."""',
            *lines,
        ),
        *TENSOR,
    )
