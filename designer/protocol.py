"""What the window (or the command line) and the worker say to each other: one JSON object a line.

Requests go in on stdin, events come out on stdout. Numbers that are not finite travel as null.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Literal

import msgspec
from msgspec import Struct

from designer.plan import Call, Plan
from designer.problems import Problem

Comparison = Literal["classes", "binary", "numbers", "labels", "nothing"]
Precision = Literal["float32", "bfloat16", "float16"]
Number = float | None
"""A figure of a run; None where it is not finite."""


def finite(value: float) -> Number:
    """The number, or None where it is not finite, as messages have it."""
    return value if math.isfinite(value) else None


class Source(Struct, frozen=True):
    """Where examples come from: a key of the catalogue's data sets and the chosen settings."""

    key: str
    settings: Mapping[str, object] = {}


class Split(Struct, frozen=True):
    """What share of the examples is kept for validation and for the test, drawn by `seed`."""

    validation: float = 0.15
    test: float = 0.15
    seed: int = 0


class Target(Struct, frozen=True):
    """What one output is compared with: a field of the data, by a loss.

    `compares` says what the loss takes: "classes" (an index each), "binary" (0 or 1 as a float in the
    output's shape), "numbers" (floats in the output's shape), "labels" (an index each, where the output is
    indices too: measured, not trained) or "nothing" (`field` is empty).
    """

    output: str
    field: str
    loss: Call
    compares: Comparison
    weight: float = 1.0
    """How much the loss counts in the sum over all outputs."""
    balanced: bool = False
    """Whether rare classes weigh more in the loss, each by how rare it is among the training examples."""


class Schedule(Struct, frozen=True):
    """How the learning rate goes: a scheduler of torch, and when it moves on.

    `call` names a class of `torch.optim.lr_scheduler`, without the optimizer. Its arguments may read three names:
    `updates`, how often the weights are changed in the whole run once the warm-up is over, `updates_per_epoch`, and
    `rate`, the optimizer's own learning rate. It moves on after each "update", from the end of the warm-up on; after
    each "epoch"; or after each epoch by the validation "loss".
    """

    call: Call
    every: Literal["update", "epoch", "loss"] = "epoch"


class Column(Struct, frozen=True):
    """A column of a table as it stands in a field: a number, or one of `values`.

    One of `values` is its place among them in a field of whole numbers; in any other it is a 1 among as many zeros.
    """

    name: str
    values: tuple[str, ...] = ()


class Meaning(Struct, frozen=True):
    """What the numbers of a field stand for: the names of its classes, or the columns that stand side by side."""

    classes: tuple[str, ...] = ()
    columns: tuple[Column, ...] = ()


class Recipe(Struct, frozen=True):
    """How a plan is trained. `inputs` names the data's field for each input of the plan, in order.

    What is 0, or as it stands here, is off.
    """

    source: Source
    inputs: tuple[str, ...]
    targets: tuple[Target, ...]
    optimizer: Call
    epochs: int = 10
    batch_size: int = 32
    split: Split = Split()
    seed: int = 0
    device: str = "auto"
    augment: tuple[Call, ...] = ()
    """What changes training pictures by chance, in this order."""
    fields: Mapping[str, Meaning] = {}
    """What the fields stand for, where that is known; kept for those who ask a trained network later."""
    schedule: Schedule | None = None
    warmup: int = 0
    """Updates over which the learning rate rises from a hundredth to what the schedule says."""
    clip_norm: float = 0.0
    """The largest l2 norm that all gradients together keep."""
    clip_value: float = 0.0
    """The largest absolute value that a number of a gradient keeps."""
    accumulate: int = 1
    """Batches whose gradients are added up for one update, as if they were one batch."""
    ema: float = 0.0
    """How much of the running mean of the weights is kept at each update; the mean is what is measured and kept."""
    precision: Precision = "float32"
    """The numbers that the network computes in, where torch holds that safe; the weights stay float32."""
    compile: bool = False
    deterministic: bool = False
    """Only operations that give the same numbers each time."""
    l1: float = 0.0
    """Adds l1 / examples * the sum of |w| to the loss, over all weights of two or more axes."""
    l2: float = 0.0
    """Adds l2 / (2 * examples) * the sum of w squared to the loss, over all weights of two or more axes."""
    patience: int = 0
    """Epochs without a better validation loss after which the run ends."""


class Request(Struct, frozen=True, tag_field="request", tag=str.lower):
    """Base of all that the worker can be asked."""


class Train(Request, frozen=True):
    """Train a plan and keep its weights in `folder`, which is also the run's name in all events.

    `allowed` holds the fingerprints of the texts of the user's own that may be run, here and in all requests. With
    `resume` the run in `folder` goes on from its "last" or "best" checkpoint until it has the recipe's epochs; plan and
    recipe must be its own, but for epochs and device.
    """

    plan: Plan
    recipe: Recipe
    folder: str
    allowed: tuple[str, ...] = ()
    resume: Literal["", "last", "best"] = ""


class More(Request, frozen=True):
    """Go on with the run that finished last, for so many epochs more."""

    epochs: int = 1


class Pause(Request, frozen=True):
    """Hold the run after the step under way."""


class Resume(Request, frozen=True):
    """Go on with a paused run."""


class Stop(Request, frozen=True):
    """End the run after the step under way, as finished early."""


class Histograms(Request, frozen=True):
    """Tell how the weights of a layer, and their gradients, are spread now; during a run, and after it."""

    node: str
    bins: int = 40


class StepOnce(Request, frozen=True):
    """Do one step of a paused run, and hold it again."""


class ChangeRate(Request, frozen=True):
    """Let the learning rate be `rate` from now on; a schedule goes on from there in proportion."""

    rate: float


class FindRate(Request, frozen=True):
    """Try ever larger learning rates, a step each, on fresh weights; Stop ends it early. Nothing of it is kept."""

    plan: Plan
    recipe: Recipe
    lowest: float = 1e-7
    highest: float = 10.0
    steps: int = 100
    allowed: tuple[str, ...] = ()


class Onnx(Request, frozen=True):
    """Write the plan as ONNX, with the weights of a safetensors file (or fresh ones), and compare it."""

    plan: Plan
    path: str
    weights: str | None = None
    allowed: tuple[str, ...] = ()


class Look(Request, frozen=True):
    """Show some examples of a source, and with `survey` also what all of them are like.

    `part` is "all", a split ("train", "validation", "test") or "lacking", the rows of a table that lack a value;
    `only` names one class of the target by its number, `shuffle` is the seed of another order. `key` comes back.
    """

    key: str
    source: Source
    split: Split = Split()
    part: str = "all"
    only: int | None = None
    shuffle: int | None = None
    offset: int = 0
    count: int = 48
    survey: bool = False


class Evaluate(Request, frozen=True):
    """Measure the best weights of a run, by its folder, on a split: "train", "validation" or "test"."""

    folder: str
    split: str = "test"
    allowed: tuple[str, ...] = ()


class Samples(Request, frozen=True):
    """Show up to `count` examples of a split that are of the class `true` and were taken for `predicted`."""

    folder: str
    split: str
    output: str
    true: int
    predicted: int
    count: int = 60
    allowed: tuple[str, ...] = ()


class Predict(Request, frozen=True):
    """Ask the best weights of a run about new examples.

    They are those of the file `path`; or one, of a `row` of texts by column or of the numbers of an image in `pixels`,
    from 0 to 1. With `out` all answers are written there as CSV.
    """

    folder: str
    path: str = ""
    row: Mapping[str, str] = {}
    pixels: tuple[float, ...] = ()
    out: str = ""
    allowed: tuple[str, ...] = ()


class Probe(Request, frozen=True):
    """Send one example through a network and tell what comes out of every node. `key` comes back.

    The example is number `row` of `part` ("train", "validation", "test") of the data, or what was `given`: for each
    input its numbers in a row, in the data's own units. `inputs` are the fields behind the plan's inputs, `scores` the
    outputs that are raw scores of classes. The weights are those of the run under way or of the last one where it
    trained the same plan, else those of a safetensors file, else fresh ones drawn by `seed`. `node` is shown large,
    with its weights.
    """

    key: str
    plan: Plan
    source: Source
    inputs: tuple[str, ...]
    split: Split = Split()
    part: str = "validation"
    row: int = 0
    given: tuple[tuple[float, ...], ...] = ()
    scores: tuple[str, ...] = ()
    weights: str = ""
    seed: int = 0
    node: str = ""
    allowed: tuple[str, ...] = ()


class Vary(Request, frozen=True):
    """Show some training pictures as they are and as augmentations change them, drawn by `seed`. `key` comes back."""

    key: str
    source: Source
    augment: tuple[Call, ...]
    split: Split = Split()
    count: int = 8
    seed: int = 0


class Argument(Struct, frozen=True):
    """A tensor that a module is called with: the parameter's name and the type of its numbers."""

    name: str
    dtype: str


class Inspect(Request, frozen=True):
    """Make a layer of the user's own and run it without data, once for each of `rounds`.

    A round has a full shape for each argument; what differs between the rounds are the batch and the free
    lengths, so that the answer shows which axes of the result follow them. `key` comes back in the answer;
    `outputs` says how many tensors the layer gives.
    """

    key: str
    call: Call
    arguments: tuple[Argument, ...]
    rounds: tuple[tuple[tuple[int, ...], ...], ...]
    outputs: int = 1
    allowed: tuple[str, ...] = ()


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


Form = Literal["image", "mask", "numbers", "label", "sequence", "series"]
Cell = int | float | str | None
"""What stands in one place of a table; None where the value is missing."""


class Seen(Struct, frozen=True):
    """One field of some examples.

    An "image" or "mask" has `pixels`, the bytes of all examples in base64, each of `shape` (height, width, channels);
    a mask's byte is a class. All others have `values`, a row for each example: "numbers" by `columns`, a "label" is one
    number of a class, a "sequence" one for each step, a "series" a row for each channel, one after the other (`shape`:
    channels, steps). `names` says what whole numbers stand for, where that is known.
    """

    name: str
    role: str
    form: Form
    shape: tuple[int, ...] = ()
    columns: tuple[str, ...] = ()
    values: tuple[tuple[Cell, ...], ...] = ()
    pixels: str = ""
    names: tuple[str, ...] = ()
    cut: bool = False
    """Whether there is more of each example than is shown."""


class Spread(Struct, frozen=True):
    """How the values of one column lie: `bins` are counts between `low` and `high`, `common` the commonest values."""

    name: str
    role: str
    kind: str
    """"number", "whole", "text" or "other"."""
    count: int
    missing: int = 0
    distinct: int = 0
    low: Number = None
    high: Number = None
    mean: Number = None
    deviation: Number = None
    bins: tuple[int, ...] = ()
    common: tuple[tuple[str, int], ...] = ()


class Survey(Struct, frozen=True):
    """What all examples of a source are like. `counts` are examples by part, `balance` those of each class by part.

    `points` are (x, y, class) of some examples in a plane, named by `axes`; the class is -1 where there is none.
    """

    counts: Mapping[str, int]
    balance: Mapping[str, tuple[int, ...]] = {}
    names: tuple[str, ...] = ()
    columns: tuple[Spread, ...] = ()
    points: tuple[tuple[float, float, int], ...] = ()
    axes: tuple[str, ...] = ()
    note: str = ""


class Looked(Event, frozen=True):
    """Some examples of a source: `total` are in the part that was asked for, `rows` are their numbers, from 0 on.

    With a `problem`, one sentence, there is nothing to show.
    """

    key: str
    total: int = 0
    offset: int = 0
    rows: tuple[int, ...] = ()
    fields: tuple[Seen, ...] = ()
    survey: Survey | None = None
    problem: str = ""


class Case(Struct, frozen=True):
    """An example and what was made of it: its row in the data, its own loss, and how sure the answer was (0 to 1)."""

    row: int
    loss: Number
    true: str
    predicted: str
    sure: Number = None


class ClassFigures(Struct, frozen=True):
    """How well one class was found; `examples` are those that are of it."""

    name: str
    examples: int
    precision: Number
    recall: Number
    f1: Number
    iou: Number


class Verdict(Struct, frozen=True):
    """How one output did. A row of `matrix` is a class, its columns what it was taken for; empty where there are many.

    `pairs` are a number and what was predicted for it, of some examples. `cases` are the worst, by their loss;
    `shown` are the inputs of the first of them.
    """

    output: str
    compares: Comparison
    metrics: Mapping[str, Number] = {}
    classes: tuple[str, ...] = ()
    matrix: tuple[tuple[int, ...], ...] = ()
    by_class: tuple[ClassFigures, ...] = ()
    pairs: tuple[tuple[Number, Number], ...] = ()
    cases: tuple[Case, ...] = ()
    shown: tuple[Seen, ...] = ()


class Evaluated(Event, frozen=True):
    """How the best weights of a run do on a split. With a `problem` the rest says nothing."""

    folder: str
    split: str
    examples: int = 0
    verdicts: tuple[Verdict, ...] = ()
    problem: Problem | None = None


class Sampled(Event, frozen=True):
    """The examples behind a cell of a matrix, the worst first; there are `total` of them."""

    folder: str
    split: str
    output: str
    true: int
    predicted: int
    total: int = 0
    cases: tuple[Case, ...] = ()
    shown: tuple[Seen, ...] = ()
    problem: Problem | None = None


class Answer(Struct, frozen=True):
    """What an output says of one example: a class by its name, with the chance of each, or numbers as text."""

    output: str
    text: str
    classes: tuple[str, ...] = ()
    scores: tuple[Number, ...] = ()
    shown: Seen | None = None
    """The answer as an image, where it is one."""


class Predicted(Event, frozen=True):
    """The answers for one example, or for the first rows of a file as a table; a file has `total` rows.

    `path` is the file that was read, `out` that which was written. With a `problem` the rest says nothing.
    """

    folder: str
    answers: tuple[Answer, ...] = ()
    path: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    total: int = 0
    out: str = ""
    problem: Problem | None = None


ValueForm = Literal["picture", "maps", "heat", "bars", "number"]


class Value(Struct, frozen=True):
    """What a node gives for one example, or a weight, as it can be shown small.

    A "picture" (in colour or grey), "maps" (one picture a channel, side by side) and a "heat" map have `pixels`: bytes
    in base64, of `size` (height, width, channels). In maps and heat a byte stands for a number between `low` and
    `high`; where these differ in sign, 128 is zero and both sides have one scale. "bars" and a "number" have `numbers`.
    `shape` is that of the tensor, without the batch; `parts` is how many maps or numbers there really are.
    """

    form: ValueForm
    shape: tuple[int, ...]
    low: Number = None
    high: Number = None
    mean: Number = None
    size: tuple[int, ...] = ()
    pixels: str = ""
    numbers: tuple[Number, ...] = ()
    parts: int = 0


class Values(Event, frozen=True):
    """What comes out of every node, by full id, for one example; a `problem`, one sentence, stands in its place.

    `examples` is how many there are to choose from. `wanted` are the example's own answers by field, `given` what went
    into the network, in the data's own units, where few numbers do. `weights` says whose they are: "run", "file" or
    "fresh"; `large` and `own` are the node that was asked for, and its weights by name.
    """

    key: str
    values: Mapping[str, Value] = {}
    examples: int = 0
    wanted: Mapping[str, tuple[Number, ...]] = {}
    given: Mapping[str, tuple[Number, ...]] = {}
    weights: str = ""
    step: int = 0
    large: Value | None = None
    own: Mapping[str, Value] = {}
    problem: str = ""


class Varied(Event, frozen=True):
    """Some training pictures before and after; a `problem`, one sentence, stands in their place."""

    key: str
    before: Seen | None = None
    after: Seen | None = None
    problem: str = ""


AnyRequest = (
    Train | More | Pause | Resume | Stop | StepOnce | ChangeRate | FindRate | Histograms | Onnx | Inspect | Look
    | Evaluate | Samples | Predict | Probe | Vary
)  # fmt: skip
AnyEvent = (
    Ready | Started | Progress | Epoch | Paused | Resumed | Distributions | Stopping | Finished | Failed | Exported
    | RateFound | Inspected | Looked | Evaluated | Sampled | Predicted | Values | Varied
)  # fmt: skip

_requests = msgspec.json.Decoder(AnyRequest)
_events = msgspec.json.Decoder(AnyEvent)


def encode(message: Request | Event) -> bytes:
    """One line, newline included."""
    return msgspec.json.encode(message) + b"\n"


def decode_request(line: bytes) -> AnyRequest:
    """The request on a line; raises msgspec.DecodeError (a ValidationError too) where it is none."""
    return _requests.decode(line)


def decode_event(line: bytes) -> AnyEvent:
    """The event on a line; raises msgspec.DecodeError where it is none."""
    return _events.decode(line)
