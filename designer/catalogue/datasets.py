"""The data sets that can be chosen: what is in each of them, known without loading it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from designer.catalogue.entry import Entry, Setting
from designer.catalogue.tensor import TensorSpec
from designer.protocol import Column

CHANNELS = (1, 3, 4)
"""How many channels a picture has: grey, colours, or colours with how opaque it is; what has others is none."""


@dataclass(frozen=True, slots=True)
class Field:
    """A column or image of a data set: its shape per example and, where it names classes, their names.

    A field of one whole graph has no batch axis: its shape is that of all of it.
    """

    spec: TensorSpec
    classes: tuple[str, ...] = ()
    columns: tuple[Column, ...] = ()
    """The columns of a table that stand side by side in it, where they are known."""
    numbers: int = 0
    """How many different whole numbers it may hold, from 0 on, where they are no classes and that is known."""


@dataclass(frozen=True, slots=True)
class DataFacts:
    """What the check must know of the data: its fields by name, which are features, which is the target."""

    title: str
    fields: Mapping[str, Field]
    features: tuple[str, ...]
    target: str
    examples: int

    @property
    def whole(self) -> bool:
        """Whether it is one whole, such as a graph, whose nodes are the examples: every step sees all of it."""
        return self.fields[self.target].spec.batch is None

    def shares(self, validation: float, test: float) -> tuple[int, int, int]:
        """How many examples are for training, validation and test, where such shares are asked for."""
        kept = round(self.examples * validation), round(self.examples * test)
        return max(0, self.examples - sum(kept)), *kept


class Dataset(Entry):
    """A data set; the engine loads it by its key in `DATASETS`."""

    kind = ""

    def facts(self) -> DataFacts:
        """Shapes, classes and the number of examples."""
        raise NotImplementedError

    def _facts(
        self, examples: int, feature: str, shape: tuple[int, ...], target: str, classes: tuple[str, ...] = ()
    ) -> DataFacts:
        answer = TensorSpec((), "int64") if classes else TensorSpec((1,))
        fields = {feature: Field(TensorSpec(shape)), target: Field(answer, classes)}
        return DataFacts(self.title, fields, (feature,), target, examples)


class Digits(Dataset):
    """1,797 handwritten digits, 8 by 8 pixels in 16 greys: small enough to train in seconds."""

    title, kind = "Handwritten digits", "images"

    def facts(self) -> DataFacts:
        return self._facts(1797, "image", (1, 8, 8), "digit", tuple("0123456789"))


class Iris(Dataset):
    """150 iris flowers of three species by four measures: the best known table of statistics."""

    title, kind = "Iris flowers", "table"

    def facts(self) -> DataFacts:
        return self._facts(150, "measures", (4,), "species", ("setosa", "versicolor", "virginica"))


class Wine(Dataset):
    """178 wines of three growers by thirteen chemical measures."""

    title, kind = "Wines", "table"

    def facts(self) -> DataFacts:
        return self._facts(178, "measures", (13,), "grower", ("class_0", "class_1", "class_2"))


class BreastCancer(Dataset):
    """569 tumours by thirty measures of their cells: malignant or benign."""

    title, kind = "Breast cancer", "table"

    def facts(self) -> DataFacts:
        return self._facts(569, "measures", (30,), "diagnosis", ("malignant", "benign"))


class Diabetes(Dataset):
    """442 patients by ten measures, and how far their disease went in a year: a number to predict."""

    title, kind = "Diabetes progression", "table"

    def facts(self) -> DataFacts:
        return self._facts(442, "measures", (10,), "progression")


class Generated(Dataset):
    """Points in the plane, made up afresh from a seed; the shape of the classes is what is learned."""

    kind = "points"

    samples = Setting(1000, "How many points are made.", minimum=10, maximum=1_000_000)
    noise = Setting(0.1, "How far points stray from their place.", minimum=0.0, maximum=10.0)
    data_seed = Setting(0, "The number from which the points are made; the same number, the same points.", minimum=0)

    def facts(self) -> DataFacts:
        return self._facts(self.samples, "point", (2,), "class", ("0", "1"))


class Moons(Generated):
    """Two half moons that reach into each other; a straight line cannot part them."""

    title = "Two moons"


class Circles(Generated):
    """A small circle inside a large one."""

    title = "Two circles"


class Blobs(Generated):
    """Round clouds of points, one a class."""

    title = "Blobs"

    noise = Setting(1.0, "How wide the clouds are.", minimum=0.0, maximum=10.0)
    centers = Setting(3, "How many clouds, hence classes.", minimum=2, maximum=20)

    def facts(self) -> DataFacts:
        return self._facts(self.samples, "point", (2,), "class", tuple(map(str, range(self.centers))))


class Spiral(Generated):
    """Arms that wind around each other: hard for a small network, beautiful to watch."""

    title = "Spiral"

    arms = Setting(2, "How many arms, hence classes.", minimum=2, maximum=10)

    def facts(self) -> DataFacts:
        return self._facts(self.samples, "point", (2,), "class", tuple(map(str, range(self.arms))))


class Karate(Dataset):
    """34 members of a karate club and who meets whom; a quarrel split it in two. Every step sees the whole graph."""

    title, kind = "Karate club", "graph"

    def facts(self) -> DataFacts:
        clubs = ("Mr. Hi", "Officer")
        fields = {
            "members": Field(TensorSpec((34, 34), batch=None)),
            "edges": Field(TensorSpec((2, 156), "int64", None)),
            "club": Field(TensorSpec((34,), "int64", None), clubs),
        }
        return DataFacts(self.title, fields, ("members", "edges"), "club", 34)


class Tagging(Generated):
    """Sentences of 24 words, and the part of speech of each: one word may be several, its neighbours tell which."""

    title, kind = "Parts of speech", "sequences"

    samples = Setting(2000, "How many sentences are made.", minimum=10, maximum=1_000_000)
    length = Setting(12, "How many words a sentence has.", minimum=2, maximum=1000)
    noise = Setting(0.1, "The share of words that are replaced by any of the 24.", minimum=0.0, maximum=1.0)

    def facts(self) -> DataFacts:
        spec = TensorSpec((self.length,), "int64")
        tags = ("determiner", "adjective", "noun", "verb", "adverb")
        return DataFacts(
            self.title, {"words": Field(spec, numbers=24), "tags": Field(spec, tags)}, ("words",), "tags", self.samples
        )


class DigitPairs(Dataset):
    """Two handwritten digits at a time, and whether they are the same; each picture stands in one pair alone."""

    title, kind = "Pairs of digits", "images"

    data_seed = Setting(0, "The number from which the pairs are drawn.", minimum=0)

    def facts(self) -> DataFacts:
        image = Field(TensorSpec((1, 8, 8)))
        same = Field(TensorSpec((), "int64"), ("different", "same"))
        return DataFacts(self.title, {"first": image, "second": image, "same": same}, ("first", "second"), "same", 896)


class Counting(Dataset):
    """Numbers that go on by a fixed step around a clock: from the third on, each follows from the two before it."""

    title, kind = "Counting on", "sequences"

    samples = Setting(2000, "How many rows are made.", minimum=10, maximum=1_000_000)
    data_seed = Setting(0, "The number from which the rows are drawn.", minimum=0)
    length = Setting(12, "How many numbers a row has.", minimum=2, maximum=1000)
    numbers = Setting(20, "How many numbers the clock has.", minimum=2, maximum=1000)

    def facts(self) -> DataFacts:
        spec = TensorSpec((self.length,), "int64")
        classes = tuple(map(str, range(self.numbers)))
        fields = {"numbers": Field(spec, numbers=self.numbers), "next": Field(spec, classes)}
        return DataFacts(self.title, fields, ("numbers",), "next", self.samples)


class Reversal(Dataset):
    """Rows of ten different symbols to be written backwards, a step at a time; 10 stands for the beginning."""

    title, kind = "Reversed rows", "sequences"

    samples = Setting(2000, "How many rows are made.", minimum=10, maximum=1_000_000)
    data_seed = Setting(0, "The number from which the rows are drawn.", minimum=0)
    length = Setting(8, "How many symbols a row has.", minimum=2, maximum=1000)

    def facts(self) -> DataFacts:
        spec = TensorSpec((self.length,), "int64")
        symbols = tuple("0123456789")
        fields = {
            "source": Field(spec, numbers=10), "given": Field(spec, numbers=11), "reversed": Field(spec, symbols)
        }  # fmt: skip
        return DataFacts(self.title, fields, ("source", "given"), "reversed", self.samples)


DATASETS: dict[str, type[Dataset]] = {
    "digits": Digits,
    "iris": Iris,
    "wine": Wine,
    "breast_cancer": BreastCancer,
    "diabetes": Diabetes,
    "moons": Moons,
    "circles": Circles,
    "blobs": Blobs,
    "spiral": Spiral,
    "karate": Karate,
    "tagging": Tagging,
    "digit_pairs": DigitPairs,
    "counting": Counting,
    "reversal": Reversal,
}
