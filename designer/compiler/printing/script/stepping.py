"""The part of a script that moves the weights: optimizer, learning rate, clipping, running means."""

from __future__ import annotations

from collections.abc import Iterator

from designer.compiler.printing.expression import broken, call_text
from designer.compiler.printing.script.engine_text import engine_function
from designer.compiler.printing.script.job import Job
from designer.compiler.printing.script.part import WIDTH, Part, indented, part
from designer.plan import Call, Ref, refs

TENSOR = ("import torch", "from torch import Tensor, nn")
ITERATOR = "from collections.abc import Iterator"
FUSED = frozenset({"SGD", "Adam", "AdamW", "Adagrad"})
"""The optimizers that torch can make one call for all weights of."""
PLAIN = frozenset({"LBFGS", "Muon"})
"""Those that have only one way to go over the weights."""
SHARED_WITH_MUON = ("lr", "weight_decay")


def stepping_parts(job: Job) -> Iterator[Part]:
    """The functions and classes that the loop needs beside torch's own."""
    recipe = job.recipe
    if job.in_parts:
        yield engine_function("training/optimizers.py", "hidden_matrices", ITERATOR, *TENSOR)
        yield _make_optimizers(recipe.optimizer)
    if recipe.accumulate > 1:
        yield engine_function("training/stepping.py", "shares")
    if recipe.l1 or recipe.l2:
        yield _penalty(recipe.l1, recipe.l2)
    if recipe.ema:
        yield _averages(recipe.ema)


def _penalty(l1: float, l2: float) -> Part:
    terms = [f"{l1!r} / examples * weight.abs().sum()"] if l1 else []
    terms += [f"{l2!r} / (2 * examples) * weight.square().sum()"] if l2 else []
    return part(
        (
            "def penalty(weights: list[Tensor], examples: int) -> Tensor:",
            '    """What the size of the weights adds to the loss; biases and gains are left alone."""',
            "    matrices = [weight for weight in weights if weight.dim() > 1]",
            f"    sizes = [{' + '.join(terms)} for weight in matrices]",
            "    return torch.stack(sizes).sum()",
        ),
        *TENSOR,
    )


def _averages(decay: float) -> Part:
    return part(
        (
            "class Averages:",
            '    """The running means of the weights, which often do better than the weights themselves."""',
            "",
            "    def __init__(self, weights: list[Tensor]) -> None:",
            "        self.weights = weights",
            "        self.means = [weight.detach().clone() for weight in weights]",
            "        self.updates = 0",
            "",
            "    @torch.no_grad()",
            "    def update(self) -> None:",
            '        """Take the weights in; early on the means forget faster, since they begin with chance."""',
            "        self.updates += 1",
            f"        kept = min({decay!r}, (1 + self.updates) / (10 + self.updates))",
            "        for weight, mean in zip(self.weights, self.means, strict=True):",
            "            mean.lerp_(weight, 1.0 - kept)",
            "",
            "    def exchange(self) -> None:",
            '        """Put the means in the place of the weights, or back."""',
            "        for weight, mean in zip(self.weights, self.means, strict=True):",
            "            weight.data, mean.data = mean.data, weight.data",
        ),
        *TENSOR,
    )


def _make_optimizers(call: Call) -> Part:
    shared = {name: value for name, value in call.keywords.items() if name in SHARED_WITH_MUON}
    outer = Call("torch.optim.AdamW", {**shared, "fused": True}, (Ref("outer"),))
    inner = Call(call.target, call.keywords, (Ref("inner"),))
    return part(
        (
            "def make_optimizers(network: nn.Module) -> list[torch.optim.Optimizer]:",
            '    """Muon for the hidden matrices, AdamW for the other weights."""',
            "    weights = [weight for weight in network.parameters() if weight.requires_grad]",
            "    matrices = set(map(id, hidden_matrices(network)))",
            "    inner = [weight for weight in weights if id(weight) in matrices]",
            "    outer = [weight for weight in weights if id(weight) not in matrices]",
            "    optimizers = []",
            "    if inner:",
            *broken("        optimizer = ", inner, {}, WIDTH),
            "        optimizers.append(optimizer)",
            "    if outer:",
            *broken("        optimizer = ", outer, {}, WIDTH),
            "        optimizers.append(optimizer)",
            "    return optimizers",
        ),
        *TENSOR,
    )  # fmt: skip


def made_lines(job: Job) -> Iterator[str]:
    """What is made before the first step, once the network is there; `sizes` are those of an epoch's batches."""
    recipe = job.recipe
    if job.names_weights:
        yield "weights = [weight for weight in network.parameters() if weight.requires_grad]"
    if job.in_parts:
        yield "optimizers = make_optimizers(network)"
    else:
        yield from broken("optimizer = ", _optimizer(job), {}, WIDTH)
    if recipe.accumulate > 1:
        yield "parts = shares(sizes, ACCUMULATE)"
    yield from _schedule_lines(job)
    if recipe.ema:
        yield "averages = Averages(weights)"
    if recipe.precision == "float16":
        yield "scaler = torch.amp.GradScaler(DEVICE.type)"


def _optimizer(job: Job) -> Call:
    call, name = job.recipe.optimizer, job.recipe.optimizer.target.rpartition(".")[2]
    way = {} if name in PLAIN else {"fused" if name in FUSED else "foreach": True}
    weights = Ref("weights") if job.names_weights else Call("network.parameters")
    return Call(call.target, {**call.keywords, **way}, (weights,))


def _schedule_lines(job: Job) -> Iterator[str]:
    recipe = job.recipe
    read = set(refs(recipe.schedule.call)) if recipe.schedule is not None else set()
    if read & {"updates", "updates_per_epoch"}:
        yield f"updates_per_epoch = {'math.ceil(len(sizes) / ACCUMULATE)' if recipe.accumulate > 1 else 'len(sizes)'}"
    if "updates" in read:
        whole = "EPOCHS * updates_per_epoch"
        yield f"updates = {f'max(1, {whole} - WARMUP)' if recipe.warmup else whole}"
    if recipe.schedule is not None:
        rate = repr(float(recipe.optimizer.keywords["lr"]))  # type: ignore[arg-type]
        call = recipe.schedule.call
        whole_call = Call(call.target, call.keywords, (Ref("optimizer"),))
        yield from _each(job, "schedule", whole_call, {"rate": rate})
    if recipe.warmup:
        warm = Call("torch.optim.lr_scheduler.LinearLR", {"start_factor": 0.01, "total_iters": Ref("WARMUP")},
                    (Ref("optimizer"),))  # fmt: skip
        yield from _each(job, "warmup", warm, {})
        if recipe.schedule is not None and recipe.schedule.every == "update":
            yield "update = 0"


def _each(job: Job, name: str, call: Call, shown: dict[str, str]) -> Iterator[str]:
    if job.in_parts:
        yield f"{name}s = ["
        yield f"    {call_text(call, shown)}"
        yield "    for optimizer in optimizers"
        yield "]"
    else:
        yield from broken(f"{name} = ", call, shown, WIDTH)


def _stepped(job: Job, name: str) -> Iterator[str]:
    if job.in_parts:
        yield f"for {name} in {name}s:"
        yield f"    {name}.step()"
    else:
        yield f"{name}.step()"


def step_lines(job: Job, loss: str) -> Iterator[str]:
    """What is done with a batch; `loss` is the text of its loss."""
    recipe = job.recipe
    if job.asks_again:
        yield from (
            "def closure() -> Tensor:",
            "    optimizer.zero_grad()",
            f"    loss = {loss}",
            "    loss.backward()",
            *indented(_clip_lines(job)),
            "    return loss",
            "",
            "loss = optimizer.step(closure)",
        )
        yield from _after_update(job)
        return
    forget = list(_over_parts(job, "optimizer.zero_grad()"))
    if recipe.accumulate > 1:
        yield "if first:"
        forget = list(indented(forget))
    yield from forget
    yield f"loss = {loss}"
    part_of = "(loss * share)" if recipe.accumulate > 1 else "loss"
    yield f"scaler.scale({part_of}).backward()" if recipe.precision == "float16" else f"{part_of}.backward()"
    if recipe.accumulate > 1:
        yield "if last:"
        yield from indented(_update_lines(job))
    else:
        yield from _update_lines(job)


def _clip_lines(job: Job) -> Iterator[str]:
    if job.recipe.clip_value:
        yield f"torch.nn.utils.clip_grad_value_(weights, {job.recipe.clip_value!r})"
    if job.recipe.clip_norm:
        yield f"torch.nn.utils.clip_grad_norm_(weights, {job.recipe.clip_norm!r})"


def _update_lines(job: Job) -> Iterator[str]:
    clips = list(_clip_lines(job))
    if job.recipe.precision == "float16":
        if clips:
            yield from _over_parts(job, "scaler.unscale_(optimizer)")
            yield from clips
        yield from _over_parts(job, "scaler.step(optimizer)")
        yield "scaler.update()"
    else:
        yield from clips
        yield from _over_parts(job, "optimizer.step()")
    yield from _after_update(job)


def _over_parts(job: Job, line: str) -> Iterator[str]:
    if job.in_parts:
        yield "for optimizer in optimizers:"
        yield f"    {line}"
    else:
        yield line


def _after_update(job: Job) -> Iterator[str]:
    recipe = job.recipe
    if recipe.ema:
        yield "averages.update()"
    by_update = recipe.schedule is not None and recipe.schedule.every == "update"
    if recipe.warmup and by_update:
        yield "update += 1"
        yield "if update <= WARMUP:"
        yield from indented(_stepped(job, "warmup"))
        yield "else:"
        yield from indented(_stepped(job, "schedule"))
    elif recipe.warmup or by_update:
        yield from _stepped(job, "warmup" if recipe.warmup else "schedule")


def after_epoch_lines(job: Job) -> Iterator[str]:
    """What the learning rate does after an epoch, once that is measured."""
    schedule = job.recipe.schedule
    if schedule is None or schedule.every == "update":
        return
    lines = list(_stepped(job, "schedule"))
    if schedule.every == "loss":
        lines = [line.replace(".step()", f'.step(metrics["{job.watched}"])') for line in lines]
    yield from lines
