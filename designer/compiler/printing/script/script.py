"""Prints a design with its data and its training as one stand-alone file of plain PyTorch."""

from __future__ import annotations

from collections.abc import Iterator

from designer.catalogue.datasets import DataFacts
from designer.catalogue.own_data import FileFacts, OwnFacts
from designer.compiler.checking.report import Report
from designer.compiler.printing.expression import listed, value_text
from designer.compiler.printing.script.examples import example_parts
from designer.compiler.printing.script.folders import folder_part
from designer.compiler.printing.script.goals import Goal, goals, loss_classes, loss_of, losses
from designer.compiler.printing.script.job import Job
from designer.compiler.printing.script.loop import loop_parts
from designer.compiler.printing.script.network import print_network
from designer.compiler.printing.script.part import WIDTH, Part, joined
from designer.compiler.printing.script.predict import predict_part
from designer.compiler.printing.script.refusing import refuse
from designer.compiler.printing.script.sequences import SETTINGS, sequence_part
from designer.compiler.printing.script.sources import SourcePart, catalogue_part
from designer.compiler.printing.script.stepping import stepping_parts
from designer.compiler.printing.script.tables import table_part
from designer.compiler.printing.source import plain_docstring
from designer.own_data.images import IMAGES
from designer.own_data.look import FILE
from designer.problems import UserError
from designer.protocol import Recipe, Train

OWN_NAMES = frozenset(
    """ACCUMULATE BATCH_SIZE CLASSES COLUMNS DATA DEVICE EPOCHS LABELS LOSS LOSSES SEED SPLITS_BY_NAME SPLIT_SEED
    STANDARDIZED SYMBOLS TEST VALIDATION VOCABULARY WARMUP WEIGHTS Averages Examples Image ImageOps Iterable Iterator
    Mapping Path Scales Sequence""".split()
)
"""The names of a script that no class of the network may have."""


def script(report: Report, request: Train) -> str:
    """The text of a Python file that trains a design as the engine does when asked to, and has a function `predict`.

    Raises UserError where something of it cannot be printed yet.
    """
    plan, recipe, facts = request.plan, request.recipe, report.facts
    assert facts is not None, "what can be trained has data"
    refuse(plan, recipe, facts)
    source = _source(recipe, facts)
    if not set(source.made) & set(recipe.inputs):
        raise UserError(
            "The network takes nothing but the answer, so a script could not predict. Choose another field."
        )
    found = goals(report, facts, recipe, frozenset(source.standardized))
    own = {goal.own.name for goal in found if goal.own is not None}
    classes = {goal.classes for goal in found}
    printed = print_network(plan, OWN_NAMES | own | classes)
    job = Job(plan, recipe, source, found, printed.name, _counts(facts, recipe), facts.fields)
    constants = [*_constants(job), *([printed.constants] if printed.constants is not None else [])]
    parts = (
        printed.classes, *loss_classes(found), *source.load, *example_parts(job),
        _after_classes(losses(found), loss_of(plan, found)), *stepping_parts(job), *loop_parts(job), predict_part(job),
        Part('if __name__ == "__main__":\n    train()'),
    )  # fmt: skip
    return joined(_docstring(job), constants, parts)


def _source(recipe: Recipe, facts: DataFacts) -> SourcePart:
    if isinstance(facts, FileFacts) and recipe.source.key == FILE:
        return table_part(recipe.source, facts)
    if isinstance(facts, OwnFacts) and recipe.source.key == IMAGES:
        return folder_part(recipe.source, facts)
    if recipe.source.key in SETTINGS:
        return sequence_part(recipe.source)
    return catalogue_part(recipe.source, facts.title)


def _after_classes(constant: Part, function: Part) -> Part:
    return Part(f"{constant.text}\n\n\n{function.text}", constant.imports | function.imports)


def _counts(facts: DataFacts, recipe: Recipe) -> dict[str, int]:
    shares = facts.shares(recipe.split.validation, recipe.split.test)
    return dict(zip(("train", "validation", "test"), shares, strict=True))


def _docstring(job: Job) -> str:
    needs = ", ".join(("torch", "numpy", *job.source.needs, *(["kornia"] if job.recipe.augment else [])))
    title = plain_docstring(f"{job.plan.title}: a network in plain PyTorch, trained on its data; drawn with Netwright.")
    return "\n".join(
        (
            *title[:-1],
            title[-1].removesuffix('"""').rstrip(),
            "",
            f"Run this file to train; it needs {needs}. Then, in Python (where it is called train.py):",
            "",
            "    from train import predict",
            f"    predict({job.source.example})",
            '"""',
        )
    )


def _constants(job: Job) -> Iterator[Part]:
    """The numbers that people change."""
    recipe, torch = job.recipe, frozenset({"import torch"})
    yield Part(f"EPOCHS = {recipe.epochs}")
    yield Part(f"BATCH_SIZE = {recipe.batch_size}")
    if recipe.accumulate > 1:
        yield Part(f"ACCUMULATE = {recipe.accumulate}  # batches that make one update together")
    if recipe.warmup:
        yield Part(f"WARMUP = {recipe.warmup}  # updates over which the learning rate rises")
    yield Part(f"SEED = {recipe.seed}")
    yield from _split_constants(job)
    yield Part(f"DEVICE = {_device(recipe.device)}", torch)
    path = frozenset({"from pathlib import Path"})
    yield Part('WEIGHTS = Path(__file__).with_suffix(".pt")  # the best weights, once it is trained', path)
    yield from job.source.constants
    if any(job.source.standardized.values()):
        yield _standardized(job)
    yield from (_classes(goal) for goal in job.goals if goal.classes)
    yield Part(
        "Examples = dict[str, Tensor]  # by field, a row an example", frozenset({"from torch import Tensor, nn"})
    )
    if job.scales:
        yield Part("Scales = dict[str, tuple[Tensor, Tensor]]  # by field, the mean and the deviation of each column")


def _split_constants(job: Job) -> Iterator[Part]:
    split = job.recipe.split
    if job.source.splits and not job.draws:
        return
    test = 0.0 if job.source.splits else split.test
    yield Part(f"VALIDATION, TEST, SPLIT_SEED = {split.validation!r}, {test!r}, {split.seed}")


def _standardized(job: Job) -> Part:
    """The fields that are standardized, each with the columns that are not."""
    items = [
        f'    "{name}": {value_text(apart, {}) if apart else "()"},' for name, apart in job.source.standardized.items()
    ]
    return Part("\n".join(("STANDARDIZED = {  # by field, the columns that stay as they are", *items, "}")))


def _device(key: str) -> str:
    if key == "auto":
        return 'torch.device("cuda" if torch.cuda.is_available() else "cpu")'
    return f"torch.device({value_text(key, {})})"


def _classes(goal: Goal) -> Part:
    names = goal.field.classes if goal.field is not None else ()
    return Part("\n".join(listed(f"{goal.classes} = (", [value_text(name, {}) for name in names], ")", WIDTH)))
