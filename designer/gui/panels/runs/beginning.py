"""Which layers of a design can begin with the weights of a kept run, by name and shape."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from designer.compiler.checking.report import Report
from designer.problems import UserError
from designer.run_folder import BEST, read_shapes

Shapes = Mapping[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Match:
    """The layers that can begin with weights of a file, and why the others with weights cannot."""

    taken: tuple[str, ...]
    left: Mapping[str, str]

    @property
    def sentence(self) -> str:
        """What is taken and what is not."""
        number = len(self.taken) + len(self.left)
        parts = "; ".join(f"{name}: {why}" for name, why in self.left.items())
        rest = f" Not those of {parts}." if parts else ""
        return f"{len(self.taken)} of {number} layers with weights begin with those of the run.{rest}"


def weights_of(folder: Path) -> Shapes:
    """The weights that a run has, by name; raises UserError."""
    try:
        return read_shapes(folder / BEST)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UserError(f"{folder / BEST} holds no weights that can be read. Choose another run.") from error


def match(report: Report, shapes: Shapes) -> Match:
    """Compares each layer that stands in no group with the weights of a file."""
    taken, left = [], {}
    for name, node in report.nodes.items():
        if not node.weights or name in report.sharing:
            continue
        there = {weight: shapes.get(f"{name}.{weight}") for weight in node.weights}
        missing = [weight for weight, shape in there.items() if shape is None]
        other = [weight for weight, shape in there.items() if shape != tuple(node.weights[weight])]
        if missing:
            left[name] = "the run has none of this name"
        elif other:
            first = other[0]
            own = " x ".join(map(str, node.weights[first]))
            left[name] = f"its {first} is {own} here and {' x '.join(map(str, there[first] or ()))} there"
        else:
            taken.append(name)
    return Match(tuple(taken), left)
