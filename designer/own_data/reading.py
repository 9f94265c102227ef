"""Opens what data stands in files of the user's own: a look at it, or all examples as arrays, by field.

numpy, polars and Pillow take a tenth of a second each to import: only those who have such a file wait for that.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec.structs import replace

from designer.own_data import files, images, masks, openml, series, texts
from designer.own_data.asking import OPENML, Asked, asked, stamp
from designer.own_data.content import Choice, Collected, Content
from designer.own_data.files import FileChoice
from designer.own_data.images import IMAGES, ImageChoice, Pictures
from designer.own_data.layout import Layout
from designer.own_data.look import FILE, TEXTS, Look, Seen, Stamp, is_table
from designer.own_data.masks import MASKS, MaskChoice, Masked
from designer.own_data.openml import READY, OpenMLChoice
from designer.own_data.series import SERIES, SeriesChoice
from designer.own_data.texts import TEXT, Text, TextChoice
from designer.problems import UserError

CHOICES: Mapping[str, type[Choice]] = {
    FILE: FileChoice, IMAGES: ImageChoice, MASKS: MaskChoice, TEXT: TextChoice, SERIES: SeriesChoice,
    OPENML: OpenMLChoice, **dict.fromkeys(READY, OpenMLChoice),
}  # fmt: skip
"""What can be asked of each source of the user's own, by its key."""

LENIENT: Mapping[str, Mapping[str, object]] = {
    FILE: {"missing": "drop"}, IMAGES: {"bad": "skip"}, MASKS: {"bad": "skip"}, SERIES: {"missing": "fill"},
    OPENML: {"missing": "drop"},
}  # fmt: skip
"""The settings under which gaps and broken files are no reason to refuse a source: for a look at the rest."""

KEPT = 4
"""So many looks are kept by each process."""
S = TypeVar("S", bound=Seen)


def look(key: str) -> Seen:
    """Look through all of a file or folder, which may take seconds; raises UserError where it cannot be read."""
    return _look(key, stamp(key))


@lru_cache(maxsize=KEPT)
def _look(key: str, made: Stamp) -> Seen:
    """A look at what has a stamp: it never changes, so the last ones are kept for the next training."""
    path = asked(key).path
    if Path(path).is_dir():
        from designer.own_data import pictures

        return pictures.look(path, made)
    if Path(path).suffix.lower() in TEXTS:
        from designer.own_data import text_reading

        return text_reading.look(path, made)
    if not is_table(path):
        from designer.own_data import arrays

        return arrays.look(path, made)
    from designer.own_data import table

    return table.look(key, made)


def content(choice: Choice, seen: Seen) -> Content:
    """What will be read of what was seen; raises UserError where it cannot be learned from like this."""
    match choice:
        case FileChoice():
            return files.content(rows_in(seen), choice)
        case OpenMLChoice():
            return openml.content(rows_in(seen), choice)
        case SeriesChoice():
            return series.content(rows_in(seen), choice)
        case TextChoice():
            return texts.content(_as(seen, Text, "a plain text"), choice)
        case MaskChoice():
            return masks.content(_as(seen, Masked, "a folder with images/ and masks/"), choice)
        case ImageChoice():
            return images.content(_as(seen, Pictures, "a folder that has a folder of images for each class"), choice)
    raise TypeError(f"{type(choice).__name__} is no choice of a source")


def choice_of(key: str, settings: Mapping[str, object]) -> Choice:
    """What is asked of a source by its key; a well-known set has all its settings but the state that was looked at."""
    if key in READY:
        return replace(openml.ready_choice(key), stamp=msgspec.convert(settings.get("stamp"), Stamp | None))
    return msgspec.convert(settings, CHOICES[key])


def collect(key: str, settings: Mapping[str, object]) -> tuple[Content, Collected]:
    """All examples of a source, which must be as it was when the design was checked; raises UserError."""
    choice = choice_of(key, settings)
    seen = look(asked_for(choice).key)
    if choice.stamp is not None and seen.stamp != choice.stamp:
        raise UserError(f"{seen.name} has changed since it was looked at. Train again with the file as it is now.")
    found = content(choice, seen)
    match choice, seen:
        case FileChoice(), Look():
            return found, read(files.layout(seen, choice))
        case OpenMLChoice(), Look():
            return found, read(files.layout(seen, openml.file_choice(seen, choice)))
        case SeriesChoice(), Look():
            from designer.own_data import series_reading

            return found, series_reading.collect(seen, choice)
        case TextChoice(), Text():
            from designer.own_data import text_reading

            return found, text_reading.collect(seen, choice)
        case MaskChoice(), Masked():
            from designer.own_data import pictures

            return found, pictures.collect_masks(seen, choice)
        case ImageChoice(), Pictures():
            from designer.own_data import pictures

            return found, pictures.collect_images(seen, choice)
    raise TypeError(f"{type(seen).__name__} does not belong to {type(choice).__name__}")


def asked_for(choice: Choice) -> Asked:
    """What must be looked at for a choice."""
    match choice:
        case FileChoice():
            return files.asked_for(choice)
        case SeriesChoice():
            return series.asked_for(choice)
        case OpenMLChoice():
            return openml.asked_for(choice)
    return Asked(choice.path)


def rows_in(seen: Seen) -> Look:
    """A look at a file of rows; raises UserError where something else was found."""
    return _as(seen, Look, "a table or a file of arrays")


def _as(seen: Seen, kind: type[S], what: str) -> S:
    if not isinstance(seen, kind):
        raise UserError(f"{seen.name} is not {what}. Choose another one, or another kind of data.")
    return seen


def read(layout: Layout) -> Collected:
    """The fields of a file without the rows that lack a value that is needed; raises UserError."""
    if not layout.look.is_table:
        from designer.own_data import arrays

        return arrays.read(layout)
    from designer.own_data import table

    return table.read(layout)
