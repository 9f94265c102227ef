"""Data of the user's own as data sets: the settings of each kind of source, and the facts that follow from a look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import msgspec

from designer.catalogue.datasets import DataFacts, Field
from designer.catalogue.entry import Entry, Setting
from designer.catalogue.tensor import TensorSpec
from designer.own_data import files, openml, series
from designer.own_data.asking import OPENML
from designer.own_data.asking import title as asked_title
from designer.own_data.content import NORMALIZE, Choice, Content
from designer.own_data.files import FileChoice
from designer.own_data.images import BAD, CHANNELS, FIT, IMAGES, ImageChoice, Pictures
from designer.own_data.layout import MISSING, ROLES, TAKEN, Layout
from designer.own_data.look import FILE, Look, Seen
from designer.own_data.masks import ANSWERS, MASKS, MaskChoice, Masked
from designer.own_data.openml import OpenMLChoice
from designer.own_data.reading import asked_for, content, rows_in
from designer.own_data.series import MISSING as SERIES_MISSING
from designer.own_data.series import PREDICT, SERIES, SeriesChoice
from designer.own_data.texts import TEXT, UNITS, Text, TextChoice


class ByColumn(Setting[Mapping[str, str]]):
    """A word for some of the columns, by the column's name."""

    def __init__(self, doc: str, words: tuple[str, ...]) -> None:
        super().__init__({}, doc, words=words, kind=dict)

    def accept(self, value: object) -> Mapping[str, str]:
        """A mapping of column names to the words, or raise Misfit."""
        if not isinstance(value, Mapping):
            return self._refuse(value, "a table from columns to words")
        for name, word in value.items():
            if word not in self.words:
                self._refuse(word, f"one of {', '.join(self.words)} at {name}")
        return dict(value)


@dataclass(frozen=True, slots=True)
class OwnFacts(DataFacts):
    """The facts of a source, with the look that they follow from."""

    seen: Seen
    content: Content

    def shares(self, validation: float, test: float) -> tuple[int, int, int]:
        """How many examples are for training, validation and test, where such shares are asked for."""
        given = self.content.given
        if given is None:
            return DataFacts.shares(self, validation, test)
        drawn = 0 if given["validation"] else round(given["train"] * validation)
        return given["train"] - drawn, given["validation"] + drawn, given["test"]


@dataclass(frozen=True, slots=True)
class FileFacts(OwnFacts):
    """The facts of a file of rows, with what each of its columns is."""

    layout: Layout


class OwnData(Entry):
    """Data of your own."""

    kind = "file"
    chooses: ClassVar[type[Choice]] = Choice
    """What is asked of the source, with the same settings."""
    suits: ClassVar[type[Seen]] = Seen
    """What a look must have found for it to be this kind."""
    folder: ClassVar[bool] = False
    """Whether it is a folder that is chosen, not a file."""
    in_form: ClassVar[tuple[str, ...]] = ()
    """The settings that a form can show by itself."""
    paths: ClassVar[tuple[str, ...]] = ("path",)
    """The settings that name files, the first of which must be given."""

    of_columns: ClassVar[tuple[str, ...]] = ()
    """The settings that name a column."""
    remedies: ClassVar[tuple[tuple[str, Mapping[str, object]], ...]] = ()
    """Ways to learn from it where gaps or broken files speak against it, each with its label, the mildest first."""

    path = Setting("", "The file or folder; a relative path begins at the design's folder.")

    def choice(self, home: Path | None = None) -> Choice:
        """What is asked of the source; relative paths begin at `home`."""
        full = {name: str(home / str(self.values[name])) for name in self.paths if home and self.values.get(name)}
        return msgspec.convert({**self.values, **full}, self.chooses)

    def key(self, home: Path | None = None) -> str | None:
        """What must be looked at, as `FileLooks` and `Files` name it; None where no path is given."""
        return asked_for(self.choice(home)).key if self.path else None

    def layout(self, look: Look) -> Layout | None:
        """What each column is, as far as it is known, where it is a file of rows; nothing is refused."""
        return None

    @property
    def label(self) -> str:
        """What it is called in sentences."""
        return Path(str(self.path)).name

    def promise(self) -> DataFacts | None:
        """The facts, where all is known before anything was looked at."""
        return None

    def facts(self, seen: Seen) -> OwnFacts:
        """What the check must know; raises UserError where it cannot be learned from like this."""
        found = content(self.choice(), seen)
        return OwnFacts(*_facts(found), seen, found)


def _facts(found: Content) -> tuple[str, dict[str, Field], tuple[str, ...], str, int]:
    fields = {
        name: Field(TensorSpec(item.shape, item.dtype), item.classes, item.columns)
        for name, item in found.fields.items()
    }
    return found.title, fields, found.features, found.target, found.examples


class DataFile(OwnData):
    """A file of your own: a table (CSV, TSV, Parquet) with a row an example, or NumPy arrays (.npz, .npy)."""

    title = "A file of my own"
    chooses, suits = FileChoice, Look

    missing: Setting[Any] = Setting(
        "refuse",
        "What becomes of rows that lack a value: refuse the file, drop them, or fill in the mean or commonest value.",
        choices=MISSING,
    )
    columns = ByColumn("What each column is for, where the guess is wrong: feature, target or ignore.", ROLES)
    kinds = ByColumn("What a column is taken for, where the guess is wrong: number, category, index or text.", TAKEN)
    decimal: Setting[Any] = Setting("auto", "The decimal sign of numbers in a text file.", choices=("auto", ".", ","))
    header: Setting[Any] = Setting(
        "auto", "Whether the first line of a text file names the columns.", choices=("auto", "yes", "no")
    )
    vocabulary = Setting(10_000, "How many different words of a text have a number of their own.", minimum=1)
    length = Setting(0, "How many words of a text are read; 0: as many as the longest has, up to 256.", minimum=0)
    split_column = Setting("", "The column that says train, validation or test of each row.")
    validation_file = Setting("", "A table of the same columns whose rows validate.")
    test_file = Setting("", "A table of the same columns whose rows are kept for the test.")

    in_form = ("missing", "decimal", "header", "split_column", "validation_file", "test_file", "vocabulary", "length")
    remedies = (
        ("Leave out the rows that lack a value", {"missing": "drop"}),
        ("Fill in means and commonest values", {"missing": "fill"}),
    )
    paths = ("path", "validation_file", "test_file")
    of_columns = ("split_column",)

    def layout(self, look: Look) -> Layout:
        """What each column is, as far as it is known; nothing is refused."""
        return files.layout(look, self._choice())

    def facts(self, seen: Seen) -> FileFacts:
        """What the check must know; raises UserError where the file cannot be learned from like this."""
        found = content(self.choice(), seen)
        return FileFacts(*_facts(found), seen, found, self.layout(rows_in(seen)))

    def _choice(self) -> FileChoice:
        choice = self.choice()
        assert isinstance(choice, FileChoice)
        return choice


class OwnImages(OwnData):
    """What all images of the user's own are brought to."""

    folder = True

    size: Setting[Any] = Setting(
        "auto", "Height and width they are brought to; auto: their own, or 64 x 64 where they differ.",
        words=("auto",), sizes=2, minimum=1,
    )  # fmt: skip
    channels: Setting[Any] = Setting(
        "auto", "Grey has one channel, RGB three, RGBA four; auto: grey where none has colour.", choices=CHANNELS
    )
    fit: Setting[Any] = Setting(
        "stretch", "How they are brought to the size: stretched, cropped in the middle, or padded with black.",
        choices=FIT,
    )  # fmt: skip
    normalize: Setting[Any] = Setting(
        "0..1",
        "The range of the numbers; standardize: mean 0 and deviation 1 of each channel; imagenet: by its figures.",
        choices=NORMALIZE,
    )
    bad: Setting[Any] = Setting(
        "refuse", "What becomes of images that cannot be read: refuse the folder, or skip them.", choices=BAD
    )

    in_form: ClassVar[tuple[str, ...]] = ("size", "channels", "fit", "normalize", "bad")
    remedies = (("Leave out what cannot be used", {"bad": "skip"}),)


class ImageFolder(OwnImages):
    """Images of your own: a folder that has a folder of PNG, JPEG, BMP, GIF or WebP files for each class."""

    title = "A folder of images"
    chooses, suits = ImageChoice, Pictures


class MaskFolder(OwnImages):
    """Images of your own in images/, and for each of them a mask of the same name in masks/: what each pixel shows."""

    title = "Images with masks"
    chooses, suits = MaskChoice, Masked

    answers: Setting[Any] = Setting(
        "classes", "One class for each pixel, or yes or no (for masks of two values).", choices=ANSWERS
    )

    in_form = (*OwnImages.in_form, "answers")


class PlainText(OwnData):
    """A text of your own (.txt, UTF-8): windows of it, and after each character or word the next one to predict."""

    title = "A plain text"
    chooses, suits = TextChoice, Text

    unit: Setting[Any] = Setting("characters", "What is read and predicted: characters or words.", choices=UNITS)
    length = Setting(64, "How many of them a window has.", minimum=1, maximum=100_000)
    step = Setting(0, "How far the next window begins behind the last one; 0: where it ends.", minimum=0)
    vocabulary = Setting(10_000, "How many different ones have a number of their own.", minimum=1, maximum=50_000)

    in_form = ("unit", "length", "step", "vocabulary")


class Sequences(OwnData):
    """Sequences of your own: a table with a row a step, in order, and a column that names the sequence, if several."""

    title = "Sequences in a table"
    chooses, suits = SeriesChoice, Look

    sequence = Setting("", "The column that says to which sequence a row belongs; empty: all rows are one.")
    predict: Setting[Any] = Setting(
        "auto", "One answer for each sequence, one for each step, or the target some steps ahead.", choices=PREDICT
    )
    length = Setting(
        0, "Steps of an example; 0: all of the longest, of the shortest where each counts, or 32.", minimum=0
    )
    horizon = Setting(1, "How many steps ahead of the window the target is.", minimum=1, maximum=100_000)
    missing: Setting[Any] = Setting(
        "refuse", "What becomes of gaps: refuse the file, or fill in the value before.", choices=SERIES_MISSING
    )
    columns, kinds = DataFile.columns, DataFile.kinds
    decimal, header = DataFile.decimal, DataFile.header

    of_columns = ("sequence",)
    in_form = ("sequence", "predict", "length", "horizon", "missing", "decimal", "header")
    remedies = (("Fill gaps with the value before them", {"missing": "fill"}),)

    def layout(self, look: Look) -> Layout:
        """What each column is, as far as it is known; nothing is refused."""
        choice = self.choice()
        assert isinstance(choice, SeriesChoice)
        return series.layout(look, choice)


class OpenMLSet(OwnData):
    """A set of OpenML (openml.org), by its name or number: a table, fetched once and kept on this machine."""

    title = "A set of OpenML"
    chooses, suits, paths = OpenMLChoice, Look, ()

    name = Setting("", "The name of the set, such as wine-quality-red.")
    version = Setting(1, "Which of the sets of this name.", minimum=1)
    id = Setting(0, "The number of the set, in place of its name.", minimum=0)
    shape: Setting[Any] = Setting(
        (), "Channels, height and width, where its columns are pixels; empty: they are columns.", sizes=0, minimum=1
    )
    columns, kinds, missing = DataFile.columns, DataFile.kinds, DataFile.missing

    in_form = ("name", "version", "id", "shape", "missing")
    remedies = DataFile.remedies

    @property
    def label(self) -> str:
        return asked_title(asked_for(self.choice()))

    def key(self, home: Path | None = None) -> str | None:
        return asked_for(self.choice()).key if self.name or self.id else None

    def layout(self, look: Look) -> Layout:
        """What each column is, as far as it is known; nothing is refused."""
        choice = self.choice()
        assert isinstance(choice, OpenMLChoice)
        return files.layout(look, openml.file_choice(look, choice))


class WellKnown(OwnData):
    """A set of OpenML of which all is known before it is fetched."""

    suits, paths = Look, ()
    source: ClassVar[str] = ""

    @property
    def label(self) -> str:
        return self.title

    def choice(self, home: Path | None = None) -> Choice:
        return openml.ready_choice(self.source)

    def key(self, home: Path | None = None) -> str:
        return asked_for(self.choice()).key

    def promise(self) -> DataFacts:
        ready = openml.READY[self.source]
        fields = {
            openml.IMAGE: Field(TensorSpec(ready.shape)),
            openml.CLASS: Field(TensorSpec((), "int64"), ready.classes),
        }
        return DataFacts(ready.name, fields, (openml.IMAGE,), openml.CLASS, ready.examples)


class Mnist(WellKnown):
    """70,000 handwritten digits, 28 x 28 greys: the best known set of pictures. 122 MB are fetched from OpenML once."""

    title, source = "MNIST", "mnist"


class FashionMnist(WellKnown):
    """70,000 pieces of clothing of ten kinds, 28 x 28 greys. 147 MB are fetched from OpenML once."""

    title, source = "Fashion-MNIST", "fashion_mnist"


class Cifar10(WellKnown):
    """60,000 colour photographs of ten kinds of things, 32 x 32. About 650 MB are fetched from OpenML once."""

    title, source = "CIFAR-10", "cifar10"


OWN_DATA: dict[str, type[OwnData]] = {
    FILE: DataFile, IMAGES: ImageFolder, MASKS: MaskFolder, TEXT: PlainText, SERIES: Sequences,
    OPENML: OpenMLSet, **{kind.source: kind for kind in (Mnist, FashionMnist, Cifar10)},
}  # fmt: skip
"""By the `source` that a design names."""


def source_of(seen: Seen) -> str:
    """The kind of source that what was seen is guessed to be."""
    return next(key for key, kind in OWN_DATA.items() if isinstance(seen, kind.suits))
