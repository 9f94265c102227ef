"""Where a script has its examples from: what reads them, and how it is asked about new ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from designer.compiler.printing.script.part import Part, part
from designer.problems import UserError
from designer.protocol import Source

TENSOR = ("import torch", "from torch import Tensor, nn")
SEQUENCE = "from collections.abc import Sequence"


@dataclass(frozen=True, slots=True)
class SourcePart:
    """What a script prints for its data.

    `load` has the function load_data, which gives all examples by field in the data's own units. `given` is what
    `predict` is given, `about` says what that is, and `made` has the tensor of each field of features made of it.
    """

    load: tuple[Part, ...]
    needs: tuple[str, ...]
    """The packages beside torch."""
    target: str
    """The field whose classes are spread evenly over the splits."""
    has_classes: bool
    standardized: Mapping[str, tuple[int, ...]]
    """The fields that are standardized, each with the columns that are not."""
    given: str
    about: str
    made: Mapping[str, str]
    example: str
    imports: frozenset[str] = frozenset()
    constants: tuple[Part, ...] = ()
    normalized: bool = False
    """Whether its pictures are brought to another range than 0 to 1."""
    splits: bool = False
    """Whether load_data also gives the number of the split of each example, in the order of SPLITS."""
    validates: bool = False
    """Whether one of these splits is there to validate."""
    ready: tuple[str, ...] = ()
    """Lines of `predict` that make `given` of what it is given."""


def catalogue_part(source: Source, title: str) -> SourcePart:
    """The part of a data set of the catalogue; raises UserError where a script cannot have it yet."""
    if source.key in MEASURED:
        return _measured(source.key)
    if source.key in POINTS:
        return _points(source.key, {**source.settings})
    if source.key == "digits":
        return _digits()
    raise UserError(f"A training script cannot read {title} yet. Export the PyTorch source instead.")


def _digits() -> SourcePart:
    load = part(
        (
            "def load_data() -> Examples:",
            '    """Handwritten digits: images of 8 x 8 pixels from 0 to 1, and the digit of each."""',
            "    images, digits = load_digits(return_X_y=True)",
            "    return {",
            '        "image": torch.tensor(images.reshape(-1, 1, 8, 8) / 16, dtype=torch.float32),',
            '        "digit": torch.tensor(digits, dtype=torch.int64),',
            "    }",
        ),
        "from sklearn.datasets import load_digits", *TENSOR,
    )  # fmt: skip
    made = {"image": "torch.tensor(np.asarray(given) / 16, dtype=torch.float32).reshape(-1, 1, 8, 8)"}
    about = "images of 8 x 8 pixels, each from 0 to 16"
    example = "load_digits().images[:5]"
    return SourcePart(
        (load,), ("scikit-learn",), "digit", True, {}, "given: Sequence[np.ndarray]", about, made, example,
        frozenset({SEQUENCE, "import numpy as np"}),
    )  # fmt: skip


MEASURED: Mapping[str, tuple[str, str, str]] = {
    "iris": ("species", "iris flowers by four measures", "[[5.1, 3.5, 1.4, 0.2]]"),
    "wine": ("grower", "wines by thirteen chemical measures", "load_wine().data[:5]"),
    "breast_cancer": ("diagnosis", "tumours by thirty measures of their cells", "load_breast_cancer().data[:5]"),
    "diabetes": ("progression", "patients by ten measures", "load_diabetes(scaled=False).data[:5]"),
}
"""The target of each table of scikit-learn, what its rows are, and some of them."""


def _measured(key: str) -> SourcePart:
    target, what, example = MEASURED[key]
    classes = key != "diabetes"
    scaled = "" if classes else "scaled=False, "
    kind, answers = ("int64", target) if classes else ("float32", f"{target}.reshape(-1, 1)")
    load = part(
        (
            "def load_data() -> Examples:",
            f'    """{what[0].upper()}{what[1:]}, and the {target} of each, in the data\'s own units."""',
            f"    measures, {target} = load_{key}({scaled}return_X_y=True)",
            "    return {",
            '        "measures": torch.tensor(measures, dtype=torch.float32),',
            f'        "{target}": torch.tensor({answers}, dtype=torch.{kind}),',
            "    }",
        ),
        f"from sklearn.datasets import load_{key}", *TENSOR,
    )  # fmt: skip
    standardized: dict[str, tuple[int, ...]] = {"measures": (), **({} if classes else {target: ()})}
    return _of_rows(load, "measures", target, classes, standardized, example, f"rows of measures: {what}")


def _of_rows(
    load: Part, feature: str, target: str, classes: bool, standardized: Mapping[str, tuple[int, ...]], example: str,
    about: str, needs: tuple[str, ...] = ("scikit-learn",),
) -> SourcePart:  # fmt: skip
    """A source whose new examples are rows of numbers in the data's own units."""
    made = {feature: "torch.tensor(np.asarray(given), dtype=torch.float32)"}
    imports = frozenset({SEQUENCE, "import numpy as np"})
    given = "given: Sequence[Sequence[float]]"
    return SourcePart((load,), needs, target, classes, standardized, given, about, made, example, imports)


Settings = Mapping[str, object]


def _made_points(call: str) -> Callable[[Settings], tuple[str, ...]]:
    return lambda settings: (f"    points, classes = {call.format(**settings)}",)


def _spiral(settings: Settings) -> tuple[str, ...]:
    """One and a half turns from the middle out to a radius of 3, the arms at equal angles."""
    samples, noise, seed, arms = (settings[name] for name in ("samples", "noise", "data_seed", "arms"))
    return (
        f"    generator = np.random.default_rng({seed})",
        f"    classes = np.arange({samples}) % {arms}",
        f"    way = generator.random({samples})",
        f"    angle = 2 * np.pi * (1.5 * way + classes / {arms})",
        "    ways = np.stack([np.cos(angle), np.sin(angle)], axis=1)",
        "    points = 3 * (0.05 + 0.95 * way[:, None]) * ways",
        f"    points = points + generator.normal(0, {noise!r}, points.shape)",
    )


@dataclass(frozen=True, slots=True)
class Points:
    """A generated set of points: what it looks like, its settings, and the lines that make it."""

    about: str
    settings: Settings
    lines: Callable[[Settings], tuple[str, ...]]
    maker: str = ""
    """The function of scikit-learn that it needs."""


USUAL: Settings = {"samples": 1000, "noise": 0.1, "data_seed": 0}
POINTS: Mapping[str, Points] = {
    "moons": Points(
        "Two half moons that reach into each other", USUAL,
        _made_points("make_moons({samples}, noise={noise!r}, random_state={data_seed})"), "make_moons",
    ),
    "circles": Points(
        "A small circle inside a large one", USUAL,
        _made_points("make_circles({samples}, noise={noise!r}, factor=0.5, random_state={data_seed})"), "make_circles",
    ),
    "blobs": Points(
        "Round clouds of points", {**USUAL, "noise": 1.0, "centers": 3},
        _made_points(
            "make_blobs({samples}, centers={centers}, cluster_std={noise!r}, random_state={data_seed})"
        ), "make_blobs",
    ),
    "spiral": Points("Arms that wind around each other", {**USUAL, "arms": 2}, _spiral),
}  # fmt: skip


def _points(key: str, settings: Settings) -> SourcePart:
    made = POINTS[key]
    load = part(
        (
            "def load_data() -> Examples:",
            f'    """{made.about}: points in the plane, and the class of each."""',
            *made.lines({**made.settings, **settings}),
            "    return {",
            '        "point": torch.tensor(points, dtype=torch.float32),',
            '        "class": torch.tensor(classes, dtype=torch.int64),',
            "    }",
        ),
        f"from sklearn.datasets import {made.maker}" if made.maker else "import numpy as np", *TENSOR,
    )  # fmt: skip
    needs = ("scikit-learn",) if made.maker else ()
    return _of_rows(load, "point", "class", True, {"point": ()}, "[[0.5, 0.2]]", "points in the plane", needs)
