"""Rules about single layers: units that are dead, gradients that fade or grow on their way to the first layers."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from designer.diagnosis.course import Course
from designer.diagnosis.mends import begun_as_usual, clipped, instead, larger_rate, smaller_rate
from designer.problems import Problem, Severity

FEWEST_STEPS = 20
FEWEST_MEASUREMENTS = 3
FEWEST_EXAMPLES = 128
"""Examples in which a unit must have been zero each time to be called dead."""
DEAD, MOSTLY_DEAD = 0.5, 0.8
"""Share of dead units that is worth a word where nothing is learned, and where the network learns all the same."""
LOOKS = 8
"""Measurements in each of which a unit must have been zero."""
FADED, GROWN = 1e-4, 1e4
"""The gradient of the first layers for that of the last."""
DEEP = 3
"""Layers from which on it makes sense to ask how gradients change on their way."""
TINY_STEP = 1e-6
"""A step that moves weights by less than this share of their size does not count."""


def begins_alike(course: Course) -> Problem | None:
    """Weights that all begin as the same number, while the loss does not fall."""
    alike = course.omens.alike
    if not alike or course.level is None or course.first is None or course.step < FEWEST_STEPS:
        return None
    with_matrix = {*alike, *course.of_layers(lambda layer: layer.weight_norm)}
    all_of_them = 2 * len(alike) >= len(with_matrix)
    stuck = course.level > 0.6 * course.first if all_of_them else course.unlearned
    if not stuck:
        return None
    return Problem(
        "same-weights",
        f"All weights of {_some(alike)} began as the same number, so {'its' if len(alike) == 1 else 'their'} units all"
        f" learn the same: the loss began at {course.first:.3g} and stands at {course.level:.3g} after"
        f" {course.step:,} steps.",
        "Begin with random weights.",
        Severity.WARNING,
        alike[0],
        fixes=begun_as_usual(alike),
    )


def dead_units(course: Course) -> Problem | None:
    """ReLUs of which half or more gave zero for all that was looked at."""
    looks = course.measurements
    if not _ready(course) or looks < (1 if course.over else LOOKS):
        return None
    if looks * course.recipe.batch_size < FEWEST_EXAMPLES:
        return None
    most = DEAD if course.unlearned else MOSTLY_DEAD
    # A unit that was zero for one batch may be awake in the next: the least share of all comes nearest the truth.
    shares = {name: min(found) for name, found in course.of_outputs(lambda each: each.dead).items()}
    dead = {name: share for name, share in shares.items() if share >= most}
    if not dead:
        return None
    worst = max(dead, key=dead.__getitem__)
    rest = f" So it is with {len(dead) - 1} more." if len(dead) > 1 else ""
    return Problem(
        "dead-units",
        f"{dead[worst]:.0%} of the units of {worst} gave zero for every example of {looks} batches:"
        f" nothing passes them, so they no longer learn.{rest}",
        "Take a smaller learning rate, or a layer that lets a little through below zero.",
        Severity.WARNING,
        worst,
        fixes=(*instead(course, dead), *smaller_rate(course)),
    )


def vanishing(course: Course) -> Problem | None:
    """Gradients that fade on their way to the first layers."""
    found = _ends(course)
    if found is None or found[1] <= 0 or found[0] > FADED * found[1]:
        return None
    first, last, node = found
    squashing = [name for name, call in course.modules() if instead(course, [name])]
    how = f"{last / first:.0e} times as large" if first > 0 else "the only one there is"
    return Problem(
        "vanishing-gradients",
        f"The gradient fades on its way back: it is {first:.1e} in the first layers and {last:.1e} in the last, {how},"
        f" so {node} hardly learns.",
        "Take ReLU in place of sigmoid or tanh, add skip connections or normalization, or fewer layers.",
        Severity.WARNING,
        node,
        fixes=instead(course, squashing),
    )


def exploding(course: Course) -> Problem | None:
    """Gradients that grow on their way to the first layers, or that dwarf the weights while nothing is learned."""
    found = _ends(course)
    if found is not None and found[1] > 0 and found[0] > GROWN * found[1]:
        first, last, node = found
        return _exploding(
            course, node, f"it is {last:.1e} in the last layers and {first:.1e} in the first, so it grows on its way"
        )
    if not _ready(course) or not course.unlearned:
        return None
    gradients = course.of_layers(lambda layer: layer.gradient_norm)
    weights = course.of_layers(lambda layer: layer.weight_norm)
    huge = {name: gradient for name, gradient in gradients.items() if gradient > 1e3 * (1 + weights.get(name, 0.0))}
    if not huge:
        return None
    worst = max(huge, key=huge.__getitem__)
    return _exploding(course, worst, f"that of {worst} is {huge[worst]:.1e}, a thousand times its weights and more")


def _exploding(course: Course, node: str, seen: str) -> Problem:
    return Problem(
        "exploding-gradients",
        f"The gradients are too large: {seen}.",
        "Clip the gradient norm at 1, add normalization, or take a smaller learning rate.",
        Severity.WARNING,
        node,
        fixes=(*clipped(course), *smaller_rate(course)),
    )


def too_slow(course: Course) -> Problem | None:
    """Weights that hardly move, while nothing is learned."""
    ratios = list(course.of_layers(lambda layer: layer.update_ratio).values())
    if not _ready(course) or not ratios or not course.unlearned or median(ratios) >= TINY_STEP or max(ratios) > 1e-4:
        return None
    return Problem(
        "too-slow",
        f"A step moves the weights by {median(ratios):.0e} of their size, and the loss has stayed at"
        f" {course.level:.3g} for {course.step:,} steps.",
        "Take a larger learning rate.",
        Severity.WARNING,
        fixes=larger_rate(course),
    )


def _ready(course: Course) -> bool:
    return course.step >= FEWEST_STEPS and course.measurements >= (1 if course.over else FEWEST_MEASUREMENTS)


def _ends(course: Course) -> tuple[float, float, str] | None:
    """The gradient norm of the first third of the layers, that of the last third, and the first layer's id."""
    gradients = course.of_layers(lambda layer: layer.gradient_norm)
    if not _ready(course) or len(gradients) < DEEP:
        return None
    values, third = list(gradients.values()), max(1, len(gradients) // 3)
    return median(values[:third]), median(values[-third:]), next(iter(gradients))


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
