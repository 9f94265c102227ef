"""Collects the data sets of the catalogue by their keys, and data files of the user's own, as numpy arrays.

Nothing here needs torch: whoever only wants to look at the examples need not wait for it. Images come in 0..1.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from designer.engine.data.sentences import VOCABULARY, sentences
from designer.engine.data.sequences import counting, reversal
from designer.own_data.content import PixelRange
from designer.own_data.reading import CHOICES
from designer.own_data.reading import collect as collect_own
from designer.problems import UserError
from designer.protocol import Source


@dataclass(frozen=True, slots=True)
class Raw:
    """A data set as it was collected: `features` in the data's own units, and the answer to each row."""

    feature: str
    features: np.ndarray
    target: str
    answers: np.ndarray
    """Classes as whole numbers, one for each example or for each place in it; or numbers of shape (examples, 1)."""
    image: bool = False
    others: Mapping[str, np.ndarray] = field(default_factory=dict)
    """Further features by name, as they are."""
    measures: Mapping[str, np.ndarray] | None = None
    """By field, which of its columns are measures, where that does not follow from the types."""
    whole: bool = False
    """Whether it is one whole graph: then the rows are its nodes, and `others` belong to all of it."""
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By field, what its whole numbers stand for, where they stand for something; to be shown, not to be learned."""
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By field of measures, what its columns are called, where that is known."""
    splits: np.ndarray | None = None
    """The number of each example's split, where the source is split already."""
    overlap: int | None = None
    """Where examples are in order: how many of those before it an example shares something with."""
    groups: np.ndarray | None = None
    """The number of the sequence that each example is from: all of a sequence stand in one split."""
    series: frozenset[str] = frozenset()
    """The fields whose last axis are the columns of a sequence; NaN beyond its end."""
    normalize: Mapping[str, PixelRange] = field(default_factory=dict)
    """By field of pictures in bytes, what their numbers are brought to."""

    @property
    def has_classes(self) -> bool:
        """Whether the answers are classes."""
        return bool(np.issubdtype(self.answers.dtype, np.integer)) and self.answers.dtype != np.uint8

    @property
    def has_measures(self) -> bool:
        """Whether the features are measures, each in a unit of its own: no images, no whole numbers, no nodes."""
        return not self.image and not self.whole and not np.issubdtype(self.features.dtype, np.integer)


def collect(source: Source) -> Raw:
    """What `source` names, in its own units; raises UserError where that cannot be."""
    if source.key in CHOICES:
        return _own(source)
    maker = DATASETS.get(source.key)
    if maker is None:
        raise UserError(f"There is no data set called {source.key}. Choose one of {', '.join(DATASETS)}.")
    try:
        return maker(**source.settings)
    except (TypeError, ValueError) as error:
        raise UserError(f"The data set {source.key} cannot be made with these settings: {error}") from error


def _own(source: Source) -> Raw:
    """A source of the user's own, which must be as it was when the design was checked."""
    content, found = collect_own(source.key, source.settings)
    first, *others = content.features
    return Raw(
        first,
        found.fields[first],
        content.target,
        found.fields[content.target],
        image=first in found.normalize,
        others={name: found.fields[name] for name in others},
        measures=found.measures,
        words={name: item.classes for name, item in content.fields.items() if item.classes},
        splits=found.splits,
        overlap=found.overlap,
        groups=found.groups,
        series=found.series,
        normalize=found.normalize,
    )


def _digits() -> Raw:
    from sklearn.datasets import load_digits  # scikit-learn takes a second to import: when it is needed

    images, digits = load_digits(return_X_y=True)
    return Raw("image", images.reshape(-1, 1, 8, 8) / 16, "digit", digits, image=True)


def _iris() -> Raw:
    from sklearn.datasets import load_iris

    return _measured(load_iris, "species")


def _wine() -> Raw:
    from sklearn.datasets import load_wine

    return _measured(load_wine, "grower")


def _breast_cancer() -> Raw:
    from sklearn.datasets import load_breast_cancer

    return _measured(load_breast_cancer, "diagnosis")


def _diabetes() -> Raw:
    from sklearn.datasets import load_diabetes

    found = load_diabetes(scaled=False)
    names = {"measures": tuple(found.feature_names)}
    return Raw("measures", found.data, "progression", found.target.reshape(-1, 1), columns=names)


def _measured(loader: Callable[[], Any], target: str) -> Raw:
    """One of scikit-learn's tables with classes."""
    found = loader()
    names = {"measures": tuple(map(str, found.feature_names))}
    return Raw("measures", found.data, target, found.target, columns=names)


def _moons(samples: int = 1000, noise: float = 0.1, data_seed: int = 0) -> Raw:
    from sklearn.datasets import make_moons

    points, classes = make_moons(samples, noise=noise, random_state=data_seed)
    return Raw("point", points, "class", classes)


def _circles(samples: int = 1000, noise: float = 0.1, data_seed: int = 0) -> Raw:
    from sklearn.datasets import make_circles

    points, classes = make_circles(samples, noise=noise, factor=0.5, random_state=data_seed)
    return Raw("point", points, "class", classes)


def _blobs(samples: int = 1000, noise: float = 1.0, data_seed: int = 0, centers: int = 3) -> Raw:
    from sklearn.datasets import make_blobs

    points, classes = make_blobs(samples, centers=centers, cluster_std=noise, random_state=data_seed)
    return Raw("point", points, "class", classes)


def _spiral(samples: int = 1000, noise: float = 0.1, data_seed: int = 0, arms: int = 2) -> Raw:
    """One and a half turns from the middle out to a radius of 3, the arms at equal angles."""
    generator = np.random.default_rng(data_seed)
    classes = np.arange(samples) % arms
    way = generator.random(samples)
    angle = 2 * np.pi * (1.5 * way + classes / arms)
    points = 3 * (0.05 + 0.95 * way[:, None]) * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return Raw("point", points + generator.normal(0, noise, points.shape), "class", classes)


def _karate() -> Raw:
    """Zachary's karate club (1977), without the weights of the edges; each member is told from the others by a 1."""
    from networkx import karate_club_graph, to_numpy_array

    graph = karate_club_graph()
    clubs = np.array([int(graph.nodes[member]["club"] == "Officer") for member in graph])
    edges = np.stack(np.nonzero(to_numpy_array(graph)))
    return Raw("members", np.eye(len(clubs)), "club", clubs, others={"edges": edges}, whole=True)


def _digit_pairs(data_seed: int = 0) -> Raw:
    """Every picture stands in one pair alone, so that nothing held back was ever seen; every other pair is alike."""
    raw = _digits()
    order = np.random.default_rng(data_seed).permutation(len(raw.answers))
    by_digit = [order[raw.answers[order] == digit] for digit in range(10)]
    alike = np.concatenate([rows[: len(rows) // 2 * 2].reshape(-1, 2) for rows in by_digit])
    same, mixed = alike[::2], alike[1::2]
    # Sorted by digit, half of them away stands another digit.
    different = np.stack([mixed[:, 0], np.roll(mixed[:, 1], len(mixed) // 2)], axis=1)
    first, second = np.concatenate([same, different]).T
    labels = np.repeat([1, 0], [len(same), len(different)])
    others = {"second": raw.features[second]}
    return Raw("first", raw.features[first], "same", labels, image=True, others=others)


def _counting(samples: int = 2000, data_seed: int = 0, length: int = 12, numbers: int = 20) -> Raw:
    rows = counting(samples, length + 1, numbers, np.random.default_rng(data_seed))
    return Raw("numbers", rows[:, :-1], "next", rows[:, 1:])


def _reversal(samples: int = 2000, data_seed: int = 0, length: int = 8) -> Raw:
    source, given, turned = reversal(samples, length, np.random.default_rng(data_seed))
    return Raw("source", source, "reversed", turned, others={"given": given})


def _tagging(samples: int = 2000, noise: float = 0.1, data_seed: int = 0, length: int = 12) -> Raw:
    words, tags = sentences(samples, length, noise, np.random.default_rng(data_seed))
    return Raw("words", words, "tags", tags, words={"words": VOCABULARY})


DATASETS: dict[str, Callable[..., Raw]] = {
    "digits": _digits,
    "iris": _iris,
    "wine": _wine,
    "breast_cancer": _breast_cancer,
    "diabetes": _diabetes,
    "moons": _moons,
    "circles": _circles,
    "blobs": _blobs,
    "spiral": _spiral,
    "karate": _karate,
    "tagging": _tagging,
    "digit_pairs": _digit_pairs,
    "counting": _counting,
    "reversal": _reversal,
}
