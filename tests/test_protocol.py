"""What the window and the worker say to each other comes through the pipe as it went."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from designer.plan import Call, Plan, PlanInput, Ref, Step
from designer.problems import Fix, Problem, Severity
from designer.protocol import (
    Activation,
    Answer,
    Argument,
    Case,
    ChangeRate,
    ClassFigures,
    Device,
    Distribution,
    Distributions,
    Epoch,
    Evaluate,
    Evaluated,
    Event,
    Exported,
    Failed,
    FindRate,
    Finished,
    Histograms,
    Inspect,
    Inspected,
    Layer,
    Look,
    Looked,
    More,
    Omens,
    Onnx,
    Pause,
    Paused,
    Predict,
    Predicted,
    Probe,
    Progress,
    RateFound,
    Ready,
    Recipe,
    Request,
    Resume,
    Resumed,
    Sampled,
    Samples,
    Schedule,
    Seen,
    Source,
    Split,
    Spread,
    Started,
    StepOnce,
    Stop,
    Stopping,
    Survey,
    Target,
    Train,
    Value,
    Values,
    Varied,
    Vary,
    Verdict,
    decode_event,
    decode_request,
    encode,
)

PLAN = Plan(
    "Net", (PlanInput("x", (4,)),), {"lin": Call("nn.Linear", {"in_features": 4, "out_features": 2})},
    (Step("lin", Call("self.lin", {}, (Ref("x"),)), "lin"),), (("out", Ref("lin")),),
)  # fmt: skip
RECIPE = Recipe(
    Source("digits", {"noise": 0.5}), ("image",), (Target("out", "digit", Call("nn.CrossEntropyLoss"), "classes"),),
    Call("torch.optim.Adam", {"lr": 0.001}), 3, 8, Split(0.2, 0.1, 7), 5, "cpu",
    schedule=Schedule(Call("torch.optim.lr_scheduler.CosineAnnealingLR", {"T_max": Ref("updates")}), "update"),
    warmup=10, clip_norm=1.0, accumulate=2, precision="bfloat16", patience=3,
)  # fmt: skip
PROBLEM = Problem(
    "nan", "The loss is not a number.", "Take a smaller lr.", Severity.WARNING, "block1.conv1", "x", "lr",
    (Fix("Set lr", "change_training", {"values": {"lr": 0.1}}, ("block1",)),),
)  # fmt: skip
OWN = Call("custom.Own", {"a": (1, 2)}, (), "class Own: ...")
REQUESTS: list[Request] = [
    Train(PLAN, RECIPE, "runs/one"), More(2), Pause(), Resume(), Stop(), StepOnce(), ChangeRate(0.1),
    FindRate(PLAN, RECIPE, 1e-5, 1.0, 50),
    Histograms("conv1", 20),
    Onnx(PLAN, "out.onnx", "w.safetensors"),
    Inspect("key", OWN, (Argument("x", "float32"),), (((2, 3),),), 1, ("fingerprint",)),
    Look("panel", Source("iris"), Split(0.2), "train", 1, 7, 48, 12, True),
    Evaluate("r", "validation"), Samples("r", "test", "digit", 3, 5, 10),
    Predict("r", "new.csv", {"age": "7"}, (0.0, 0.5), "out.csv", ("fingerprint",)),
    Vary("panel", Source("digits"), (Call("kornia.augmentation.RandomCrop", {"padding": 2}),), Split(0.2), 6, 1),
    Probe("canvas", PLAN, Source("iris"), ("measures",), Split(0.2), "test", 4, ((0.5, 1.0),), ("out",), "w", 3, "lin"),
]  # fmt: skip
CASE = Case(12, 2.5, "a", "b", 0.9)
LOOK = Seen("image", "feature", "image", (1, 1, 1), pixels="AA==")
EVENTS: list[Event] = [
    Ready("2.13", (Device("cuda:0", "A GPU", 8 * 2**30), Device("cpu", "CPU")), "note"),
    Started("r", "cpu", 3, 10, {"train": 70}, Omens({"out": (60, 10)}, {"x": (1,)}, {"x": 2}, ("conv1",))),
    Progress(
        "r", 5, 1, (0.5, None), {"block1.0.conv1": Layer(1.0, None, 0.001)}, 100.0, None,
        {"relu1": Activation(0.1, None, 0.5)}, 0.001, 2**30,
    ),
    Distributions("r", "conv1", 5, (Distribution("weight", -1.0, 1.0, (3, 4), True, 1),)),
    Epoch("r", 1, 10, {"train_loss": 0.5, "validation_loss": None}, True, 0.01),
    Paused("r"), Resumed("r"), Stopping("r"), Finished(10, 0.5, {"test_accuracy": 0.9}, "r", 1, True, "why"),
    Failed(PROBLEM, "r"),
    Exported("out.onnx", 1e-7),
    RateFound((0.1, 0.2), (1.0, None), 0.1, PROBLEM),
    Inspected("key", (((2, 3),),), ("int64",), {"weight": (3,)}, {"mean": ()}, 12, PROBLEM),
    Varied("panel", Seen("image", "feature", "image", (8, 8, 1), pixels="AAAA"), problem="None."),
    Values(
        "canvas", {"lin": Value("bars", (2,), -1.0, None, 0.5, (1, 2, 1), "AAA=", (0.5, None), 2)}, 9, {"y": (1.0,)},
        {"x": (0.5,)}, "run", 7, Value("number", ()), {"weight": Value("heat", (2, 4))}, "None.",
    ),
    Looked(
        "panel", 2, 0, (0, 4), (Seen("age", "feature", "numbers", (), ("age",), ((1.5,), (None,))),),
        Survey({"all": 2}, {"all": (1, 1)}, ("no", "yes"), (Spread("age", "feature", "number", 2, 1, 1, 0.0, 1.0),)),
    ),
    Evaluated("r", "test", 7, (
        Verdict("out", "classes", {"loss": None}, ("a", "b"), ((3, 1), (0, 3)), (
            ClassFigures("a", 4, 1.0, 0.75, None, 0.5),), ((1.0, None),), (CASE,), (LOOK,)),
    )),
    Sampled("r", "test", "out", 0, 1, 1, (CASE,), (LOOK,)),
    Predicted("r", (Answer("out", "a", ("a", "b"), (0.75, 0.25)),), "new.csv", ("age",), (("7",),), 1, "out.csv"),
]  # fmt: skip


@pytest.mark.parametrize("request_", REQUESTS, ids=lambda each: type(each).__name__)
def test_every_request_is_one_line_and_comes_back_as_it_went(request_: Request) -> None:
    line = encode(request_)
    assert line.count(b"\n") == 1
    assert line.endswith(b"\n")
    assert decode_request(line) == request_
    assert msgspec.json.decode(line)["request"] == type(request_).__name__.lower()


@pytest.mark.parametrize("event", EVENTS, ids=lambda each: type(each).__name__)
def test_every_event_is_one_line_and_comes_back_as_it_went(event: Event) -> None:
    line = encode(event)
    assert line.count(b"\n") == 1
    assert msgspec.json.decode(line)["event"] == type(event).__name__.lower()
    back = decode_event(line)
    if isinstance(event, Failed):
        assert isinstance(back, Failed)
        assert back.problem.sentence == PROBLEM.sentence
        assert [list(fix.inside) for fix in back.problem.fixes] == [["block1"]]
    else:
        assert back == event


def test_every_request_and_event_is_among_those_tested() -> None:
    assert {type(each) for each in REQUESTS} == set(Request.__subclasses__())
    assert {type(each) for each in EVENTS} == set(Event.__subclasses__())


def test_numbers_that_are_not_finite_travel_as_nothing() -> None:
    event = decode_event(encode(Progress("r", 1, 1, (float("nan"), float("inf"), 1.0))))
    assert isinstance(event, Progress)
    assert event.losses == (None, None, 1.0)


@pytest.mark.parametrize(
    "line", [b"", b"{}", b"[]", b"null", b'{"request": "sing"}', b'{"event": "stop"}', b"\xff", b"{"]
)
def test_a_line_that_is_no_message_is_refused(line: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        decode_request(line)
    with pytest.raises(msgspec.DecodeError):
        decode_event(line)


@given(st.binary(max_size=60))
def test_no_line_raises_anything_else(line: bytes) -> None:
    for decode in (decode_request, decode_event):
        try:
            decode(line)
        except msgspec.DecodeError:
            continue
