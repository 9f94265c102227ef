"""What the worker can be asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

from designer.plan import Call, Plan
from designer.protocol.recipe import Recipe, Source, Split


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
