"""The part of a script that changes training pictures by chance, with kornia."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from designer.catalogue import AUGMENTATIONS
from designer.catalogue.datasets import CHANNELS, Field
from designer.compiler.printing.expression import value_text
from designer.compiler.printing.script.job import Job
from designer.plan import Call, Value
from designer.problems import UserError

IMPORT = "from kornia import augmentation"
SIZED = frozenset({"RandomCrop"})
"""What must be told the size of the pictures."""


def made_changes(job: Job) -> Iterator[str]:
    """The lines that make the changes, once the network is there, and try them on two examples."""
    if not job.recipe.augment:
        return
    name = _picture(job)
    height, width = job.fields[name].spec.shape[-2:]
    yield "augment = augmentation.AugmentationSequential("
    for call in job.recipe.augment:
        size = [f"size=({height}, {width})"] if _name(call) in SIZED else []
        chosen = [f"{key}={_listed(value)}" for key, value in call.keywords.items()]
        yield f"    augmentation.{_name(call)}({', '.join([*chosen, *size])}),"
    yield '    data_keys=["input"],'
    yield ")"
    yield f'augment(examples["train"]["{name}"][:2])  # what cannot be done shows before the first step'


def changed_batch(job: Job) -> Iterator[str]:
    """The line that changes a batch."""
    if job.recipe.augment:
        name = _picture(job)
        yield f'batch = {{**batch, "{name}": augment(batch["{name}"])}}'


def _name(call: Call) -> str:
    return call.target.rpartition(".")[2]


def _listed(value: Value) -> str:
    """A setting as kornia is given it: ranges as lists."""
    if isinstance(value, tuple):
        return f"[{', '.join(value_text(part, {}) for part in value)}]"
    return value_text(value, {})


def _picture(job: Job) -> str:
    """The one field that is changed; raises UserError where a script cannot do as the run does."""
    found = [name for name in dict.fromkeys(job.recipe.inputs) if _is_picture(job.fields[name])]
    if len(found) != 1 or len(job.recipe.inputs) > 1:
        raise UserError("A training script augments the pictures of a single Input only. Take the augmentations away.")
    (name,) = found
    if any(AUGMENTATIONS[_name(call)].mixes for call in job.recipe.augment):
        raise UserError("A training script cannot mix pictures yet. Take Mixup and CutMix away.")
    size = job.fields[name].spec.shape[-2:]
    if any(_goes_along(goal.field, size) for goal in job.goals):
        raise UserError("A training script cannot change a target along with its picture. Take the augmentations away.")
    if job.source.normalized:
        raise UserError("A training script augments pictures of 0 to 1 only. Set normalize to 0..1.")
    return name


def _is_picture(field: Field) -> bool:
    spec = field.spec
    return len(spec.shape) == 3 and spec.shape[0] in CHANNELS and spec.dtype == "float32"


def _goes_along(field: Field | None, size: Sequence[object]) -> bool:
    """Whether a target has something for each pixel."""
    return field is not None and len(field.spec.shape) in (2, 3) and field.spec.shape[-2:] == size
