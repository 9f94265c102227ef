"""The rules by which training changes the weights, with torch's names for their settings."""

from __future__ import annotations

from typing import Any

from designer.catalogue.entry import Entry, Setting
from designer.catalogue.tensor import Misfit
from designer.plan import Call


class Optimizer(Entry):
    """A rule that turns gradients into steps."""

    @property
    def remembers(self) -> int:
        """How many numbers it keeps for each weight from step to step."""
        return 0

    def call(self) -> Call:
        """The torch optimizer to construct; the engine adds the parameters."""
        return Call(f"torch.optim.{type(self).__name__}", dict(self.chosen()))

    def chosen(self) -> list[tuple[str, Any]]:
        """Every setting with its value; torch's own defaults are written too, so a run is explicit."""
        return [(name, getattr(self, name)) for name in self.settings]


class SGD(Optimizer):
    """Steps against the gradient, with momentum if wanted; the plainest rule, often the best at the end."""

    title = "SGD"
    lr = Setting(0.01, "How large a step is.", minimum=0.0)
    momentum = Setting(0.0, "How much of the last step is kept; 0.9 is usual.", minimum=0.0, maximum=1.0)
    nesterov = Setting(False, "Looks ahead along the momentum; needs momentum above 0.")
    weight_decay = Setting(0.0, "Pulls all weights towards zero.", minimum=0.0)

    @property
    def remembers(self) -> int:
        """The last step, where momentum keeps some of it."""
        return int(self.momentum > 0)

    def __init__(self, /, **values: object) -> None:
        super().__init__(**values)
        if self.nesterov and self.momentum == 0:
            raise Misfit(
                "nesterov is on, but momentum is 0, so there is nothing to look ahead along.",
                "Set momentum to 0.9, or turn nesterov off.",
                "nesterov",
                code="setting",
            )


class Adam(Optimizer):
    """Scales each weight's step by how its gradients have been; works without much tuning."""

    title = "Adam"
    lr = Setting(0.001, "How large a step is.", minimum=0.0)
    weight_decay = Setting(0.0, "Adds the weights to their gradients, pulling them towards zero.", minimum=0.0)

    @property
    def remembers(self) -> int:
        """The mean of the gradients and of their squares."""
        return 2


class AdamW(Optimizer):
    """Adam whose weight decay does not go through the gradients; the rule of today's transformers."""

    title = "AdamW"
    lr = Setting(0.001, "How large a step is.", minimum=0.0)
    weight_decay = Setting(0.01, "Pulls all weights towards zero, apart from the gradients.", minimum=0.0)

    @property
    def remembers(self) -> int:
        """The mean of the gradients and of their squares."""
        return 2


class RMSprop(Optimizer):
    """Divides each step by the recent size of the gradients; an old friend of recurrent networks."""

    title = "RMSprop"
    lr = Setting(0.01, "How large a step is.", minimum=0.0)
    alpha = Setting(0.99, "How slowly the recent size is forgotten.", minimum=0.0, maximum=1.0)
    momentum = Setting(0.0, "How much of the last step is kept.", minimum=0.0, maximum=1.0)
    weight_decay = Setting(0.0, "Adds the weights to their gradients, pulling them towards zero.", minimum=0.0)

    @property
    def remembers(self) -> int:
        """The mean of the squared gradients, and the last step where momentum keeps some of it."""
        return 1 + int(self.momentum > 0)


OPTIMIZERS: dict[str, type[Optimizer]] = {rule.__name__: rule for rule in (SGD, Adam, AdamW, RMSprop)}
