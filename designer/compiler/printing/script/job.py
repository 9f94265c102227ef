"""What is to be printed: the plan, the recipe, and the parts that follow from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from designer.catalogue.datasets import Field
from designer.compiler.printing.learning_lines import has_penalty, penalty_name
from designer.compiler.printing.script.goals import Goal
from designer.compiler.printing.script.sources import SourcePart
from designer.plan import Plan
from designer.protocol import Recipe


@dataclass(frozen=True, slots=True)
class Job:
    """All that a script follows from."""

    plan: Plan
    recipe: Recipe
    source: SourcePart
    goals: tuple[Goal, ...]
    network: str
    """The name of the network's class."""
    counts: Mapping[str, int]
    """Examples by split."""
    fields: Mapping[str, Field]
    """What is known of each field."""

    @property
    def dtypes(self) -> Mapping[str, str]:
        """The type of the numbers of each field."""
        return {name: field.spec.dtype for name, field in self.fields.items()}

    @property
    def scales(self) -> bool:
        """Whether anything is standardized."""
        return bool(self.source.standardized)

    @property
    def measures_scaled(self) -> bool:
        """Whether the metrics are told in the data's own units, which takes the scales."""
        return any(goal.metric is not None and "scales[" in goal.metric[1] for goal in self.goals)

    @property
    def validates(self) -> bool:
        """Whether examples are kept to validate."""
        return self.counts["validation"] > 0

    @property
    def draws(self) -> bool:
        """Whether some of the examples to train with are drawn to validate, where the data has splits of its own."""
        return self.source.splits and not self.source.validates and self.recipe.split.validation > 0

    @property
    def watched(self) -> str:
        """The metric by which an epoch is the best."""
        return "validation_loss" if self.validates else "train_loss"

    @property
    def tests(self) -> bool:
        """Whether examples are kept for the test."""
        return self.counts["test"] > 0

    @property
    def in_parts(self) -> bool:
        """Whether two optimizers share the weights."""
        return self.recipe.optimizer.target == "torch.optim.Muon"

    @property
    def asks_again(self) -> bool:
        """Whether a step of the optimizer looks at its batch several times."""
        return self.recipe.optimizer.target == "torch.optim.LBFGS"

    @property
    def narrow(self) -> str:
        """The type of numbers that the network computes in, where they are not float32."""
        return "" if self.recipe.precision == "float32" else self.recipe.precision

    @property
    def penalty(self) -> str:
        """What the weights add to the loss; empty where they add nothing."""
        terms = [f"network.{penalty_name(self.plan)}()"] if has_penalty(self.plan) else []
        if self.recipe.l1 or self.recipe.l2:
            terms.append("penalty(weights, sum(sizes))")
        return " + ".join(terms)

    @property
    def names_weights(self) -> bool:
        """Whether the weights that are learned have a name of their own in the loop."""
        recipe = self.recipe
        return bool(recipe.clip_norm or recipe.clip_value or recipe.ema or recipe.l1 or recipe.l2) or (
            freezes(self.plan) and not self.in_parts
        )


def freezes(plan: Plan) -> bool:
    """Whether some weights are not learned, in groups too."""
    inside = [made_by if isinstance(made_by, tuple) else (made_by,) for made_by in plan.modules.values()]
    return bool(plan.frozen) or any(freezes(each) for group in inside for each in group if isinstance(each, Plan))
