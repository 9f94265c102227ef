"""What a script cannot have yet: refused in a sentence, so that nothing is printed wrong."""

from __future__ import annotations

from designer.catalogue.datasets import DataFacts
from designer.plan import Plan
from designer.problems import UserError
from designer.protocol import Recipe


def refuse(plan: Plan, recipe: Recipe, facts: DataFacts) -> None:
    """Raise UserError where something of a design cannot be printed."""
    if facts.whole:
        raise UserError(
            f"{facts.title} is one whole graph, which a training script cannot hold yet. Export the PyTorch source."
        )
    for field in (*recipe.inputs, *(target.field for target in recipe.targets)):
        if not field.isprintable() or '"' in field or "\\" in field:
            raise UserError(f"The name {field!r} cannot stand in a training script. Rename the column.")
    for name in loaded(plan):
        raise UserError(
            f"{name} begins with the weights of a file, which a training script cannot read yet. Load none there first."
        )
    schedule = recipe.schedule
    if schedule is not None and schedule.every == "loss" and recipe.warmup and schedule.call.keywords.get("min_lr"):
        raise UserError(
            "A training script cannot join a warm-up and a schedule with a lowest rate (min_lr). Set one of them to 0."
        )


def loaded(plan: Plan) -> list[str]:
    """The nodes that begin with the weights of a file, in groups too."""
    found = [name for name, _ in plan.loads]
    for made_by in plan.modules.values():
        for inside in made_by if isinstance(made_by, tuple) else (made_by,):
            found += loaded(inside) if isinstance(inside, Plan) else []
    return found
