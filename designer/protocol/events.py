"""What the worker tells of itself and of runs. Numbers that are not finite travel as null."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from designer.problems import Problem
from designer.protocol.recipe import Number


class Device(Struct, frozen=True):
    """A place to train: "cpu", "cuda:0"; its name, and its memory in bytes where it has its own."""

    key: str
    name: str
    memory: int | None = None


class Layer(Struct, frozen=True):
    """A layer's figures at one moment: l2 norms over its weights, and update norm / weight norm."""

    weight_norm: Number
    gradient_norm: Number
    update_ratio: Number


class Activation(Struct, frozen=True):
    """What comes out of a node for one batch: its mean and standard deviation.

    `dead` is the share of a ReLU's units that gave zero for all of the batch; None where it is no ReLU.
    """

    mean: Number
    spread: Number
    dead: float | None = None


class Distribution(Struct, frozen=True):
    """How the finite numbers of one weight, or of its gradient, spread between `low` and `high`: a count a bin."""

    name: str
    low: float
    high: float
    counts: tuple[int, ...]
    gradient: bool = False
    not_finite: int = 0


class Omens(Struct, frozen=True):
    """What was seen before the first step that may keep a network from learning; of the training examples.

    `balance` has the examples of each class by output, `constant` the columns by field whose values are all the same,
    `not_finite` how many numbers of a field are NaN or infinite, in all splits. `alike` are the layers whose weights
    all begin as the same number, so that their units learn the same.
    """

    balance: Mapping[str, tuple[int, ...]] = {}
    constant: Mapping[str, tuple[int, ...]] = {}
    not_finite: Mapping[str, int] = {}
    alike: tuple[str, ...] = ()


class Event(Struct, frozen=True, tag_field="event", tag=str.lower):
    """Base of all that the worker tells."""


class Ready(Event, frozen=True):
    """The worker is up; `note` says why there is no GPU, where there is none."""

    torch: str
    devices: tuple[Device, ...]
    note: str = ""


class Started(Event, frozen=True):
    """A run begins, or goes on; `epochs` is the number of the last epoch then.

    It goes on after `step` steps and `epoch` whole epochs; what was told of it later than that is told again.
    """

    run: str
    device: str
    epochs: int
    steps_per_epoch: int
    examples: Mapping[str, int]
    """Examples by split: "train", "validation", "test"."""
    omens: Omens = Omens()
    step: int = 0
    epoch: int = 0


class Progress(Event, frozen=True):
    """What happened since the last one: the loss of each step, and the layers' figures by node id.

    The losses end with that of `step`; steps and epochs count from 1. `layers` and `activations` have full ids
    ("block1.0.conv1") and are empty where figures were not measured this time. `memory` is in bytes: what the run takes
    of the GPU, or all of the worker's process on a CPU.
    """

    run: str
    step: int
    epoch: int
    losses: tuple[Number, ...]
    layers: Mapping[str, Layer] = {}
    steps_per_second: Number = None
    seconds_left: Number = None
    activations: Mapping[str, Activation] = {}
    learning_rate: Number = None
    memory: int | None = None


class Epoch(Event, frozen=True):
    """An epoch ended; `metrics` has "train_loss", "validation_loss", "validation_accuracy" and the like.

    Names are a split ("train", "validation", "test"), then "loss", "accuracy" for classes and yes or no, "mae", "rmse"
    (in the data's own units) and "r2" for numbers. Validation and test have "f1" too (its mean over the classes),
    "top5_accuracy" where there are more than ten, "auc" for two of them and for yes or no, "iou" for the classes of
    pixels and "perplexity" for those of a sequence. "train_loss" is the sum of the outputs' losses, each by its weight.
    With several outputs each one's own metrics, before its weight, follow its id: "digit.validation_accuracy".
    The l1 and l2 of layers are part of "train_loss" and of the losses of steps alone.
    """

    run: str
    epoch: int
    step: int
    metrics: Mapping[str, Number]
    best: bool
    """Whether this is the best epoch so far, by validation loss."""
    learning_rate: Number = None
    """That of its last step."""


class Paused(Event, frozen=True):
    """The run holds still."""

    run: str


class Resumed(Event, frozen=True):
    """The run goes on."""

    run: str


class Distributions(Event, frozen=True):
    """How a layer's weights and gradients are spread at a step; nothing where the worker holds no such layer."""

    run: str
    node: str
    step: int = 0
    found: tuple[Distribution, ...] = ()


class Stopping(Event, frozen=True):
    """Stop was heard; what is left is to test and save the weights, which takes as long as it takes."""

    run: str


class Finished(Event, frozen=True):
    """The run ended. `seconds` is the wall time inside training steps, all told, as are `steps` and `epochs`.

    `metrics` are those of the best epoch ("best_epoch") and the test of its weights.
    """

    steps: int
    seconds: float
    metrics: Mapping[str, Number]
    run: str
    epochs: int = 0
    stopped: bool = False
    """Whether it ended early."""
    reason: str = ""
    """Why it ended early, where the user did not end it: "no better validation loss for 5 epochs"."""


class Failed(Event, frozen=True):
    """What was asked could not be done."""

    problem: Problem
    run: str = ""


class RateFound(Event, frozen=True):
    """The rates that were tried and the smoothed loss of each; it ends early where the loss explodes.

    `suggestion` is where the loss fell most steeply; None where it never fell, or with a `problem`.
    """

    rates: tuple[float, ...] = ()
    losses: tuple[Number, ...] = ()
    suggestion: Number = None
    problem: Problem | None = None


class Exported(Event, frozen=True):
    """A file was written; `difference` is the largest distance from torch's own outputs."""

    path: str
    difference: Number = None


class Inspected(Event, frozen=True):
    """What a layer of the user's own turned out to be: names and shapes as in torch's `state_dict`.

    `shapes` has the full shape of each output in each round, `flops` are those of the first round. With a
    `problem` the rest says nothing.
    """

    key: str
    shapes: tuple[tuple[tuple[int, ...], ...], ...] = ()
    dtypes: tuple[str, ...] = ()
    weights: Mapping[str, tuple[int, ...]] = {}
    buffers: Mapping[str, tuple[int, ...]] = {}
    flops: int = 0
    problem: Problem | None = None
