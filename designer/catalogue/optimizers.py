"""The rules by which training changes the weights, with torch's names for their settings."""

from __future__ import annotations

from typing import Any, ClassVar

from designer.catalogue.entry import Entry, Setting
from designer.catalogue.tensor import Misfit
from designer.plan import Call, Value

BELOW_ONE = 0.999999
"""The largest share of a running mean that may be kept; at 1 it would never move."""


class Optimizer(Entry):
    """A rule that turns gradients into steps."""

    usual: ClassVar[tuple[str, ...]] = ("lr", "momentum", "weight_decay")
    """The settings that people change often; the others are for those who know why."""
    asks_again: ClassVar[bool] = False
    """Whether a step works out the loss of its batch several times."""

    @property
    def remembers(self) -> int:
        """How many numbers it keeps for each weight from step to step."""
        return 0

    def call(self) -> Call:
        """The torch optimizer to construct; the engine adds the parameters."""
        return Call(f"torch.optim.{type(self).__name__}", self.keywords())

    def keywords(self) -> dict[str, Value]:
        """Every argument; torch's own defaults are written too, so a run is explicit."""
        return dict(self.chosen())

    def chosen(self) -> list[tuple[str, Any]]:
        """Every setting with its value."""
        return [(name, getattr(self, name)) for name in self.settings]


class SGD(Optimizer):
    """Steps against the gradient, with momentum if wanted; the plainest rule, often the best at the end."""

    title = "SGD"
    lr = Setting(0.01, "How large a step is.", minimum=0.0)
    momentum = Setting(0.0, "How much of the last step is kept; 0.9 is usual.", minimum=0.0, maximum=1.0)
    nesterov = Setting(False, "Looks ahead along the momentum; needs momentum above 0.")
    weight_decay = Setting(0.0, "Pulls all weights towards zero.", minimum=0.0)
    dampening = Setting(0.0, "How much of a new gradient the momentum leaves out.", minimum=0.0, maximum=1.0)

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
        if self.nesterov and self.dampening > 0:
            raise Misfit(
                f"nesterov is on, but dampening is {self.dampening:g}, and the two exclude each other.",
                "Set dampening to 0, or turn nesterov off.",
                "dampening",
                code="setting",
            )


class MomentRule(Optimizer):
    """What Adam and its kin have in common: running means of the gradients and of their squares."""

    beta1 = Setting(0.9, "How slowly the mean of the gradients forgets.", minimum=0.0, maximum=BELOW_ONE)
    beta2 = Setting(0.999, "How slowly the mean of their squares forgets.", minimum=0.0, maximum=BELOW_ONE)
    eps = Setting(1e-8, "Keeps steps small where gradients are close to 0.", minimum=0.0)

    @property
    def remembers(self) -> int:
        """The mean of the gradients and of their squares, and the largest of these with amsgrad."""
        return 2 + bool(getattr(self, "amsgrad", False))

    def keywords(self) -> dict[str, Value]:
        """Torch takes both betas as a pair."""
        chosen: dict[str, Value] = dict(self.chosen())
        return {"lr": chosen.pop("lr"), "betas": (chosen.pop("beta1"), chosen.pop("beta2")), **chosen}  # type: ignore[dict-item]


AMSGRAD = "Divides by the largest mean of squares so far, so that steps never grow again (AMSGrad)."
DECOUPLED = "Pulls the weights apart from the gradients, as AdamW does."


class Adam(MomentRule):
    """Scales each weight's step by how its gradients have been; works without much tuning."""

    title = "Adam"
    lr = Setting(0.001, "How large a step is.", minimum=0.0)
    weight_decay = Setting(0.0, "Adds the weights to their gradients, pulling them towards zero.", minimum=0.0)
    amsgrad = Setting(False, AMSGRAD)


class AdamW(MomentRule):
    """Adam whose weight decay does not go through the gradients; the rule of today's transformers."""

    title = "AdamW"
    lr = Setting(0.001, "How large a step is.", minimum=0.0)
    weight_decay = Setting(0.01, "Pulls all weights towards zero, apart from the gradients.", minimum=0.0)
    amsgrad = Setting(False, AMSGRAD)


class NAdam(MomentRule):
    """Adam that looks ahead along its momentum, as Nesterov's does."""

    title = "NAdam"
    lr = Setting(0.002, "How large a step is.", minimum=0.0)
    weight_decay = Setting(0.0, "Pulls all weights towards zero.", minimum=0.0)
    momentum_decay = Setting(0.004, "How fast the momentum warms up.", minimum=0.0)
    decoupled_weight_decay = Setting(False, DECOUPLED)


class RAdam(MomentRule):
    """Adam that holds back in its first steps, while it knows little of the gradients: a warm-up of its own."""

    title = "RAdam"
    lr = Setting(0.001, "How large a step is.", minimum=0.0)
    weight_decay = Setting(0.0, "Pulls all weights towards zero.", minimum=0.0)
    decoupled_weight_decay = Setting(False, DECOUPLED)


class Adamax(MomentRule):
    """Adam by the largest gradient instead of the mean of squares; steady where gradients are rare."""

    title = "Adamax"
    lr = Setting(0.002, "How large a step is.", minimum=0.0)
    weight_decay = Setting(0.0, "Pulls all weights towards zero.", minimum=0.0)


class Adagrad(Optimizer):
    """Divides each weight's step by all its gradients so far; for rare features, such as words."""

    title = "Adagrad"
    lr = Setting(0.01, "How large a step is.", minimum=0.0)
    lr_decay = Setting(0.0, "How fast steps get smaller by themselves.", minimum=0.0)
    weight_decay = Setting(0.0, "Adds the weights to their gradients, pulling them towards zero.", minimum=0.0)
    initial_accumulator_value = Setting(0.0, "What the sum of squares begins with.", minimum=0.0)
    eps = Setting(1e-10, "Keeps steps small where gradients are close to 0.", minimum=0.0)

    @property
    def remembers(self) -> int:
        """The sum of the squared gradients."""
        return 1


class Adadelta(Optimizer):
    """Finds the size of each step by itself, from how weights and gradients have moved."""

    title = "Adadelta"
    lr = Setting(1.0, "Makes the steps it finds so many times larger.", minimum=0.0)
    rho = Setting(0.9, "How slowly the means forget.", minimum=0.0, maximum=1.0)
    weight_decay = Setting(0.0, "Adds the weights to their gradients, pulling them towards zero.", minimum=0.0)
    eps = Setting(1e-6, "Keeps steps from standing still.", minimum=0.0)

    @property
    def remembers(self) -> int:
        """The mean of the squared gradients and of the squared steps."""
        return 2


class RMSprop(Optimizer):
    """Divides each step by the recent size of the gradients; an old friend of recurrent networks."""

    title = "RMSprop"
    lr = Setting(0.01, "How large a step is.", minimum=0.0)
    alpha = Setting(0.99, "How slowly the recent size is forgotten.", minimum=0.0, maximum=1.0)
    momentum = Setting(0.0, "How much of the last step is kept.", minimum=0.0, maximum=1.0)
    weight_decay = Setting(0.0, "Adds the weights to their gradients, pulling them towards zero.", minimum=0.0)
    centered = Setting(False, "Divides by the spread of the gradients instead of their size.")
    eps = Setting(1e-8, "Keeps steps small where gradients are close to 0.", minimum=0.0)

    @property
    def remembers(self) -> int:
        """The mean of the squared gradients, that of the gradients if centered, and the last step with momentum."""
        return 1 + int(self.momentum > 0) + int(self.centered)


class ASGD(Optimizer):
    """SGD that also keeps the mean of all weights it has passed through."""

    title = "ASGD (averaged)"
    lr = Setting(0.01, "How large a step is.", minimum=0.0)
    lambd = Setting(0.0001, "How fast steps get smaller.", minimum=0.0)
    alpha = Setting(0.75, "The power by which they do.")
    t0 = Setting(1e6, "The step at which the mean begins.", minimum=0.0)
    weight_decay = Setting(0.0, "Adds the weights to their gradients, pulling them towards zero.", minimum=0.0)

    @property
    def remembers(self) -> int:
        """The mean of the weights."""
        return 1


class Rprop(Optimizer):
    """Looks at the sign of the gradients alone; for batches that hold all examples."""

    title = "Rprop"
    lr = Setting(0.01, "How large the first step is.", minimum=0.0)
    eta_minus = Setting(0.5, "What a step shrinks by where the gradient has turned.", minimum=1e-6, maximum=BELOW_ONE)
    eta_plus = Setting(1.2, "What a step grows by where it has not.", minimum=1.000001)
    step_min = Setting(1e-6, "The smallest step.", minimum=0.0)
    step_max = Setting(50.0, "The largest step.", minimum=0.0)

    @property
    def remembers(self) -> int:
        """The last gradient, and how large the step is."""
        return 2

    def keywords(self) -> dict[str, Value]:
        """Torch takes both pairs as such."""
        return {"lr": self.lr, "etas": (self.eta_minus, self.eta_plus), "step_sizes": (self.step_min, self.step_max)}


class LBFGS(Optimizer):
    """Learns the curvature of the loss from its last steps; for small networks and batches that hold all examples."""

    title, asks_again = "L-BFGS", True
    lr = Setting(1.0, "How large a step is.", minimum=0.0)
    max_iter = Setting(20, "How many inner steps each step takes at most.", minimum=1)
    tolerance_grad = Setting(1e-7, "Inner steps end where no gradient is larger.", minimum=0.0)
    tolerance_change = Setting(1e-9, "Inner steps end where the loss changes less.", minimum=0.0)
    history_size = Setting(100, "How many of the last steps it learns from.", minimum=1, maximum=10_000)
    line_search_fn = Setting(
        "none", "How long each step is: as lr says, or searched for by the strong Wolfe conditions.",
        choices=("none", "strong_wolfe"),
    )  # fmt: skip

    @property
    def remembers(self) -> int:
        """For each step of its history the step and the change of the gradient, then those of the last one."""
        return 2 * self.history_size + 3

    def keywords(self) -> dict[str, Value]:
        """Torch says None where the window says none."""
        search = None if self.line_search_fn == "none" else self.line_search_fn
        return {**dict(self.chosen()), "line_search_fn": search}


class Muon(Optimizer):
    """Gives each step of a hidden matrix the same strength in all directions; AdamW takes the other weights."""

    title = "Muon"
    lr = Setting(0.001, "How large a step is, also for the weights that AdamW takes.", minimum=0.0)
    weight_decay = Setting(0.1, "Pulls all weights towards zero, apart from the gradients.", minimum=0.0)
    momentum = Setting(0.95, "How much of the last step is kept.", minimum=0.0, maximum=1.0)
    nesterov = Setting(True, "Looks ahead along the momentum.")
    ns_steps = Setting(5, "How exactly the directions are evened out.", minimum=1, maximum=99)
    adjust_lr_fn = Setting(
        "match_rms_adamw", "How lr counts for matrices of different shape: as AdamW's would, or as first published.",
        choices=("match_rms_adamw", "original"),
    )  # fmt: skip

    @property
    def remembers(self) -> int:
        """The last step of each matrix; AdamW keeps two numbers for each of the few weights it takes."""
        return 1


OPTIMIZERS: dict[str, type[Optimizer]] = {
    rule.__name__: rule
    for rule in (SGD, Adam, AdamW, NAdam, RAdam, Adamax, Adagrad, Adadelta, RMSprop, ASGD, Rprop, LBFGS, Muon)
}
