"""Small plans, written by hand, that the engine's tests share."""

from __future__ import annotations

from designer.plan import Call, Plan, PlanInput, Ref, Step, Value
from designer.protocol import Recipe, Source, Target, Train

IMAGE = PlanInput("image", (1, 8, 8))


def apply(module: str, *values: str, to: str = "x") -> Step:
    """`to = self.module(*values)`, from the node of the module's name."""
    return Step(to, Call(f"self.{module}", {}, tuple(Ref(value) for value in values or ("x",))), module)


def linear(inside: int, outside: int) -> Call:
    return Call("nn.Linear", {"in_features": inside, "out_features": outside})


def conv(inside: int, outside: int) -> Call:
    keywords: dict[str, Value] = {"in_channels": inside, "out_channels": outside, "kernel_size": 3, "padding": 1}
    return Call("nn.Conv2d", keywords)


def digits_mlp(hidden: int = 32, dropout: float = 0.0) -> Plan:
    """Flatten, Linear, ReLU, Dropout, Linear: ten scores for an image of 8 by 8."""
    modules: dict[str, Call | Plan | tuple[Plan, ...]] = {
        "flatten": Call("nn.Flatten"),
        "hidden": linear(64, hidden),
        "relu": Call("nn.ReLU"),
        "dropout": Call("nn.Dropout", {"p": dropout}),
        "scores": linear(hidden, 10),
    }
    steps = (apply("flatten", "image"), apply("hidden"), apply("relu"), apply("dropout"), apply("scores"))
    return Plan("DigitsMlp", (IMAGE,), modules, steps, (("digit", Ref("x")),))


def residual_block(channels: int = 4) -> Plan:
    """x + ReLU(Conv(x)), as the inside of a group."""
    steps = (
        apply("conv1", "x", to="y"),
        apply("relu1", "y", to="y"),
        Step("y", Call("+", {}, (Ref("x"), Ref("y"))), "sum"),
    )
    modules: dict[str, Call | Plan | tuple[Plan, ...]] = {"conv1": conv(channels, channels), "relu1": Call("nn.ReLU")}
    return Plan("Block", (PlanInput("x", (channels, 8, 8)),), modules, steps, (("out", Ref("y")),))


def digits_residual(rounds: int = 2) -> Plan:
    """A convolution, a group repeated, BatchNorm, then ten scores."""
    modules: dict[str, Call | Plan | tuple[Plan, ...]] = {
        "stem": conv(1, 4),
        "block1": tuple(residual_block() for _ in range(rounds)) if rounds > 1 else residual_block(),
        "norm": Call("nn.BatchNorm2d", {"num_features": 4}),
        "scores": linear(4 * 64, 10),
    }
    steps = (
        apply("stem", "image"),
        apply("block1"),
        apply("norm"),
        Step("x", Call(".reshape", {}, (Ref("x"), -1, 256)), "flat"),
        apply("scores"),
    )
    return Plan("DigitsResidual", (IMAGE,), modules, steps, (("digit", Ref("x")),))


def dense(inside: int, outside: int, *, hidden: int = 16) -> Plan:
    """Linear, Tanh, Linear over a table's row."""
    modules: dict[str, Call | Plan | tuple[Plan, ...]] = {
        "hidden": linear(inside, hidden),
        "tanh": Call("nn.Tanh"),
        "answer": linear(hidden, outside),
    }
    steps = (apply("hidden", "row"), apply("tanh"), apply("answer"))
    return Plan("Dense", (PlanInput("row", (inside,)),), modules, steps, (("answer", Ref("x")),))


CLASSES = Call("nn.CrossEntropyLoss")
ADAM = Call("torch.optim.Adam", {"lr": 0.01})


def digits_recipe(**changes: object) -> Recipe:
    """Digits, cross-entropy, Adam; `changes` replace fields of the recipe."""
    targets = (Target("digit", "digit", CLASSES, "classes"),)
    given: dict[str, object] = {"epochs": 2, "batch_size": 64, "device": "cpu", "optimizer": ADAM, **changes}
    return Recipe(Source("digits"), ("image",), targets, **given)  # type: ignore[arg-type]  # fields by name


def digits_run(folder: object, plan: Plan | None = None, **changes: object) -> Train:
    """A request to train the MLP (or `plan`) on the digits in `folder`."""
    return Train(plan or digits_mlp(), digits_recipe(**changes), str(folder))
