"""Rules about the loss and the metrics: whether the run learns, and whether what it learns holds for new examples."""

from __future__ import annotations

from math import sqrt
from statistics import fmean, median

from designer.diagnosis.course import Course
from designer.diagnosis.mends import chosen_rate, smaller_rate
from designer.problems import Fix, Problem, Severity

RISEN = 1.5
"""The loss for that of the first step, from which on a run diverges."""
TOWERED = 5.0
"""The same for a loss that came down again, and no lower than where it began."""
BURST = 20.0
"""The same for a loss that shot up, and left traces."""
LARGE_STEP = 0.05
"""A step that moves weights by so much of their size leaves nothing of what was learned."""
WARM_UP = 5
"""Epochs before which nothing is said of metrics."""
SINCE_BEST = 5
"""Epochs that the best one must lie back."""
FLAT = 0.98
"""The mean loss for the one before, from which on it counts as flat."""


def not_finite(course: Course) -> Problem | None:
    """A loss that is no number, where neither the data nor a loss that rose before explains it."""
    problem = course.problem
    if problem is None or problem.code != "nan-loss":
        return None
    where = f" The first values to go wrong are those of {problem.node}." if problem.node else ""
    return Problem(
        "nan", f"The loss became NaN or infinite at step {course.step:,}.{where}",
        "Look for a logarithm, a root or a division there, and take a smaller learning rate.",
        Severity.ERROR, problem.node, fixes=smaller_rate(course),
    )  # fmt: skip


def diverging(course: Course) -> Problem | None:
    """A loss that grows instead of falling."""
    first, level = course.first, course.level
    lost = course.problem is not None and course.problem.code == "nan-loss"
    if first is None or (level is None and not lost):
        return None
    begun = max(first, course.baseline or 0.0)
    stands = course.largest if lost or level is None else level
    risen = stands > RISEN * begun
    fell_back = course.largest > TOWERED * begun and course.unlearned
    if not (risen or fell_back or _burst(course, begun) or _tears(course)):
        return None
    rate = chosen_rate(course)
    with_rate = f" with a learning rate of {rate:g}" if rate is not None else ""
    now = "is no longer a number" if lost else f"stands at {_number(stands)}"
    if course.largest > 2 * max(stands, begun):
        seen = (
            f"The loss shot up{with_rate}: it began at {_number(first)}, rose to {_number(course.largest)} and {now}."
        )
    else:
        seen = f"The loss grows instead of falling{with_rate}: it began at {_number(first)} and {now}."
    return Problem(
        "diverging", seen,
        "Take a smaller learning rate; if that does not help, standardize the data.",
        Severity.ERROR, course.problem.node if course.problem is not None else None, setting="optimizer",
        fixes=smaller_rate(course),
    )  # fmt: skip


def _number(value: float) -> str:
    return f"{value:,.0f}" if 1000 <= value < 1e7 else f"{value:.3g}"


def _burst(course: Course, begun: float) -> bool:
    """Whether the loss shot up at some step, and the network is the worse for it: for new examples, or still."""
    if course.largest < BURST * begun or course.level is None:
        return False
    new = course.metric("validation_loss")
    return course.level > 0.5 * begun or bool(new and new[-1] > begun)


def _tears(course: Course) -> bool:
    """Whether steps are so large that nothing learned is kept, and nothing was learned."""
    ratios = list(course.of_layers(lambda layer: layer.update_ratio).values())
    large = bool(ratios) and median(ratios) > LARGE_STEP
    # Beside weights that begin at zero every step is large.
    return large and course.step >= 20 and course.unlearned and not course.omens.alike


def no_signal(course: Course) -> Problem | None:
    """Answers for new examples that are no better than a guess, however well the training examples are known."""
    for name, output in _outputs(course):
        found = _guessing(course, name, output) or _explains_nothing(course, name)
        if found is not None:
            return found
    return None


def _outputs(course: Course) -> list[tuple[str, str]]:
    """What stands before the metrics of each trained output, and the output."""
    trained = [target.output for target in course.recipe.targets]
    return [("", trained[0])] if len(trained) == 1 else [(f"{output}.", output) for output in trained]


def _guessing(course: Course, prefix: str, output: str) -> Problem | None:
    counts = course.omens.balance.get(output)
    new, old = course.metric(f"{prefix}validation_accuracy"), course.metric(f"{prefix}train_accuracy")
    if not counts or course.started is None or len(new) < WARM_UP or not old:
        return None
    chance = max(counts) / sum(counts)
    noise = sqrt(chance * (1 - chance) / max(1, course.started.examples.get("validation", 1)))
    knows = fmean(old[-WARM_UP:]) > chance + 0.1 and fmean(old[-WARM_UP:]) > fmean(new[-WARM_UP:]) + 0.08
    if fmean(new[-WARM_UP:]) > chance + 0.01 + noise or max(new) > chance + 0.02 + 3 * noise:
        return None
    losses = course.metric("validation_loss")
    if course.baseline is not None and losses and min(losses) < 0.96 * course.baseline:
        return None
    if not knows and not (len(new) >= 2 * WARM_UP and course.unlearned):
        return None
    return _nothing_in_it(
        output,
        f"After {len(new)} epochs {new[-1]:.1%} of the validation examples are right, no better than always answering"
        f" the commonest class ({chance:.1%}), but {old[-1]:.1%} of the training examples.",
    )


def _explains_nothing(course: Course, prefix: str) -> Problem | None:
    new, old = course.metric(f"{prefix}validation_r2"), course.metric(f"{prefix}train_r2")
    if len(new) < WARM_UP or not old or max(new[-WARM_UP:]) > 0.05 or max(new) > 0.1 or old[-1] < 0.2:
        return None
    return _nothing_in_it(
        None,
        f"After {len(new)} epochs R² is {new[-1]:.2f} on the validation examples, no better than always answering the"
        f" mean, but {old[-1]:.2f} on the training examples.",
    )


def _nothing_in_it(output: str | None, seen: str) -> Problem:
    return Problem(
        "no-signal",
        f"{seen} What is learned holds for no new example.",
        "Check that each label belongs to its row: were the labels shuffled, or sorted apart from the rows?",
        Severity.WARNING,
        output,
    )


def overfitting(course: Course) -> Problem | None:
    """A validation loss that rises while the training loss goes on falling."""
    both = [
        (new, old) for epoch in course.epochs
        if (new := epoch.metrics.get("validation_loss")) is not None
        and (old := epoch.metrics.get("train_loss")) is not None
    ]  # fmt: skip
    if len(both) < WARM_UP + SINCE_BEST:
        return None
    best = min(range(len(both)), key=lambda place: both[place][0])
    lowest, then = both[best]
    now = median(new for new, _ in both[-3:])
    scale = course.baseline or course.first or lowest
    risen = now > 1.2 * lowest and now - lowest > 0.08 * scale
    if len(both) - 1 - best < SINCE_BEST or not risen or both[-1][1] > 0.9 * then:
        return None
    return Problem(
        "overfitting",
        f"The validation loss was best in epoch {best + 1} ({lowest:.3g}) and has risen to {now:.3g} since, while the"
        f" training loss fell from {then:.3g} to {both[-1][1]:.3g}: the network learns the training examples by heart.",
        "Stop there, add dropout or weight decay, take a smaller network, or more data.",
        Severity.WARNING,
        fixes=(Fix(f"Train for {best + 1} epochs", "change_training", {"values": {"epochs": best + 1}}),),
    )


def explained(course: Course) -> float | None:
    """How much of what can be known of the training examples is known, from 0 to 1; None where that is not told."""
    r2 = course.metric("train_r2")
    if r2:
        return r2[-1]
    losses = course.metric("train_loss")
    return 1 - losses[-1] / course.baseline if losses and course.baseline else None


def is_flat(losses: list[float]) -> bool:
    """Whether the last third of the epochs, six at least, was no better at its end than at its beginning."""
    window = max(6, len(losses) // 3)
    if len(losses) < 2 * WARM_UP or len(losses) < window:
        return False
    before, after = losses[-window : -window // 2], losses[-window // 2 :]
    return fmean(after) >= FLAT * fmean(before)


def underfitting(course: Course) -> Problem | None:
    """Training examples that are hardly known, and no progress."""
    share, losses = explained(course), course.metric("train_loss")
    if share is None or share >= 0.25 or not is_flat(losses):
        return None
    return Problem(
        "underfitting",
        f"After {len(losses)} epochs the training loss has stopped at {losses[-1]:.3g}: only {max(share, 0):.0%} of"
        " what a guess leaves open is explained, even of the training examples.",
        "Take a larger network, train with another learning rate, or give it inputs that say more.",
        Severity.TIP,
    )


def plateau(course: Course) -> Problem | None:
    """A loss that stopped half way."""
    share, losses = explained(course), course.metric("train_loss")
    right = course.metric("train_accuracy")
    most = 0.4 if course.metric("train_r2") else 0.6
    if share is None or not 0.25 <= share < most or not is_flat(losses) or (right and right[-1] > 0.85):
        return None
    return Problem(
        "plateau",
        f"The training loss has stayed at about {losses[-1]:.3g} for {max(6, len(losses) // 3)} epochs.",
        "Take a smaller learning rate from here on, or a schedule that lowers it.",
        Severity.TIP,
        fixes=smaller_rate(course),
    )
