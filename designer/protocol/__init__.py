"""What the window (or the command line) and the worker say to each other: one JSON object a line.

Requests go in on stdin, events come out on stdout. Numbers that are not finite travel as null.
"""

from __future__ import annotations

import msgspec

from designer.protocol.evaluation import Answer, Case, ClassFigures, Evaluated, Predicted, Sampled, Verdict
from designer.protocol.events import (
    Activation,
    Device,
    Distribution,
    Distributions,
    Epoch,
    Event,
    Exported,
    Failed,
    Finished,
    Inspected,
    Layer,
    Omens,
    Paused,
    Progress,
    RateFound,
    Ready,
    Resumed,
    Started,
    Stopping,
)
from designer.protocol.examples import Cell, Form, Looked, Seen, Spread, Survey, Varied
from designer.protocol.recipe import (
    Column,
    Comparison,
    Meaning,
    Number,
    Precision,
    Recipe,
    Schedule,
    Source,
    Split,
    Target,
    finite,
)
from designer.protocol.requests import (
    Argument,
    ChangeRate,
    Evaluate,
    FindRate,
    Histograms,
    Inspect,
    Look,
    More,
    Onnx,
    Pause,
    Predict,
    Probe,
    Request,
    Resume,
    Samples,
    StepOnce,
    Stop,
    Train,
    Vary,
)
from designer.protocol.values import Value, ValueForm, Values

__all__ = [
    "Activation", "Answer", "AnyEvent", "AnyRequest", "Argument", "Case", "Cell", "ChangeRate", "ClassFigures",
    "Column", "Comparison", "Device", "Distribution", "Distributions", "Epoch", "Evaluate", "Evaluated", "Event",
    "Exported", "Failed", "FindRate", "Finished", "Form", "Histograms", "Inspect", "Inspected", "Layer", "Look",
    "Looked", "Meaning", "More", "Number", "Omens", "Onnx", "Pause", "Paused", "Precision", "Predict", "Predicted",
    "Probe", "Progress", "RateFound", "Ready", "Recipe", "Request", "Resume", "Resumed", "Sampled", "Samples",
    "Schedule", "Seen", "Source", "Split", "Spread", "Started", "StepOnce", "Stop", "Stopping", "Survey", "Target",
    "Train", "Value", "ValueForm", "Values", "Varied", "Vary", "Verdict", "decode_event", "decode_request", "encode",
    "finite",
]  # fmt: skip
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
