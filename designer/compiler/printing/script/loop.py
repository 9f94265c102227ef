"""The part of a script that trains: the loop over the epochs, and what is measured after each."""

from __future__ import annotations

from collections.abc import Iterator

from designer.compiler.printing.script.augmenting import IMPORT, changed_batch, made_changes
from designer.compiler.printing.script.goals import unpacked
from designer.compiler.printing.script.job import Job
from designer.compiler.printing.script.part import Part, indented, part
from designer.compiler.printing.script.stepping import after_epoch_lines, made_lines, step_lines

TENSOR = ("import torch", "from torch import Tensor, nn")


def loop_parts(job: Job) -> Iterator[Part]:
    """How the network is run, measured and trained."""
    if job.narrow:
        yield _outputs_of(job)
    if job.validates or job.tests:
        yield _measure(job)
    yield _train(job)


def call_of(job: Job, network: str, batch: str = "batch") -> str:
    """The text that runs the network on a batch."""
    if job.narrow:
        return f"outputs_of({network}, {batch})"
    return f"{network}({', '.join(_input_texts(job, batch))})"


def _input_texts(job: Job, batch: str) -> Iterator[str]:
    for given, name in zip(job.plan.inputs, job.recipe.inputs, strict=True):
        comes = job.dtypes[name]
        yield f'{batch}["{name}"]' + ("" if comes == given.dtype else f".to(torch.{given.dtype})")


def _outputs_of(job: Job) -> Part:
    single = len(job.plan.outputs) == 1
    names = ", ".join(_input_texts(job, "batch"))
    lines = [
        f"def outputs_of(network: nn.Module, batch: Examples) -> {'Tensor' if single else 'tuple[Tensor, ...]'}:",
        f'    """What the network gives, with most of it computed in {job.narrow}."""',
        f"    with torch.autocast(DEVICE.type, torch.{job.narrow}):",
        f"        outputs = network({names})",
        "    return outputs.float()"
        if single
        else f"    return tuple(each.float() if each.dtype == torch.{job.narrow} else each for each in outputs)",
    ]
    return part(lines, *TENSOR)


def _measure(job: Job) -> Part:
    single = len(job.plan.outputs) == 1
    outputs = job.goals[0].name if single else "outputs"
    found = [("loss", f"loss_of({outputs}, batch)")]
    several = len(job.goals) > 1
    for goal in job.goals:
        if several and goal.trains:
            found.append((f"{goal.target.output}_loss", goal.loss_text))
        if goal.metric is not None:
            name, text = goal.metric
            found.append((f"{goal.target.output}_{name}" if several else name, text))
    arguments = "network: nn.Module, examples: Examples" + (", scales: Scales" if job.measures_scaled else "")
    shown = tuple(goal for goal in job.goals if goal.metric is not None or (several and goal.trains))
    lines = [
        "@torch.inference_mode()",
        f"def measure({arguments}) -> dict[str, float]:",
        '    """The loss and the metrics over all examples of a split."""',
        "    network.eval()",
        f'    count = len(examples["{job.recipe.inputs[0]}"])',
        "    total: defaultdict[str, float] = defaultdict(float)",
        "    for start in range(0, count, 4 * BATCH_SIZE):",
        "        rows = slice(start, start + 4 * BATCH_SIZE)",
        "        batch = {name: values[rows] for name, values in examples.items()}",
        f"        {outputs} = {call_of(job, 'network')}",
        *(f"        {line}" for line in (unpacked(job.plan, job.goals, shown) if shown else ())),
        "        found = {",
        *(f'            "{name}": {text},' for name, text in found),
        "        }",
        "        for name, value in found.items():",
        f'            total[name] += value.item() * len(batch["{job.recipe.inputs[0]}"])',
        "    return {name: value / count for name, value in total.items()}",
    ]
    return part(lines, "from collections import defaultdict", *TENSOR)


def _train(job: Job) -> Part:
    recipe = job.recipe
    loss = f"loss_of({call_of(job, _run(job))}, batch)" + (f" + {job.penalty}" if job.penalty else "")
    batches = 'shuffled(examples["train"], sizes, generator)'
    if recipe.accumulate > 1:
        head = f"for batch, (first, share, last) in zip({batches}, parts, strict=True):"
    else:
        head = f"for batch in {batches}:"
    lines = [
        "def train() -> list[dict[str, float]]:",
        '    """Train, keep the best weights in a file, and return the metrics of each epoch."""',
        *indented(_before(job)),
        "    for epoch in range(1, EPOCHS + 1):",
        "        network.train()",
        "        total = torch.zeros((), device=DEVICE)",
        f"        {head}",
        *indented(changed_batch(job), 3),
        *indented(step_lines(job, loss), 3),
        f'            total += loss.detach() * len(batch["{recipe.inputs[0]}"])',
        *indented(_after(job), 2),
        *indented(_end(job)),
        "    return history",
    ]
    imports = ["import math", *(["import os"] if recipe.deterministic else []), *([IMPORT] if recipe.augment else [])]
    return part(lines, *imports, *TENSOR)


def _run(job: Job) -> str:
    return "compiled" if job.recipe.compile else "network"


def _before(job: Job) -> Iterator[str]:
    recipe = job.recipe
    if recipe.deterministic:
        yield 'os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")'
        yield "torch.use_deterministic_algorithms(True)"
    yield "examples, scales = load_splits()" if job.scales else "examples = load_splits()"
    yield f'sizes = batch_sizes(len(examples["train"]["{recipe.inputs[0]}"]), BATCH_SIZE)'
    yield "torch.manual_seed(SEED)"
    yield f"network = {job.network}().to(DEVICE)"
    if recipe.compile:
        yield "compiled = torch.compile(network)"
    for goal in job.goals:
        if goal.target.balanced:
            yield from _balance_lines(goal.loss, goal.target.field, goal.target.compares == "binary", goal.width)
    yield from made_lines(job)
    yield from made_changes(job)
    yield "generator = torch.Generator().manual_seed(SEED)"
    yield f"best, {'waited, ' if recipe.patience else ''}history = math.inf, {'0, ' if recipe.patience else ''}[]"


def _balance_lines(loss: str, field: str, binary: bool, classes: int) -> Iterator[str]:
    """Rare classes weigh more, by how rare they are among the training examples."""
    if binary:
        yield f'yes = examples["train"]["{field}"].float()'
        yield f"{loss}.pos_weight = ((1 - yes).sum() / yes.sum().clamp(min=1)).reshape(1).clamp(min=1e-6)"
    else:
        yield f'counts = torch.bincount(examples["train"]["{field}"].flatten(), minlength={classes})'
        yield f"{loss}.weight = counts.sum() / (counts.clamp(min=1) * (counts > 0).sum())"


def _after(job: Job) -> Iterator[str]:
    """What follows the steps of an epoch."""
    recipe = job.recipe
    scales = ", scales" if job.measures_scaled else ""
    if recipe.ema:
        yield "averages.exchange()"
    yield 'metrics = {"train_loss": total.item() / sum(sizes)}'
    yield 'if not math.isfinite(metrics["train_loss"]):'
    yield '    raise SystemExit("The loss is no longer a finite number. Take a smaller learning rate.")'
    if job.validates:
        yield f'for name, value in measure({_run(job)}, examples["validation"]{scales}).items():'
        yield '    metrics[f"validation_{name}"] = value'
    yield "history.append(metrics)"
    yield 'print(f"epoch {epoch}: " + ", ".join(f"{name} {value:.4f}" for name, value in metrics.items()))'
    watched = f'metrics["{job.watched}"]'
    if recipe.patience:
        yield "waited += 1"
    yield f"if {watched} < best:"
    yield f"    best{', waited' if recipe.patience else ''} = {watched}{', 0' if recipe.patience else ''}"
    kept = '"network": network.state_dict()' + (', "scales": scales' if job.scales else "")
    yield f"    torch.save({{{kept}}}, WEIGHTS)"
    if recipe.ema:
        yield "averages.exchange()"
    yield from after_epoch_lines(job)
    if recipe.patience:
        yield f"if waited == {recipe.patience}:"
        yield "    break"


def _end(job: Job) -> Iterator[str]:
    if not job.tests:
        return
    scales = ", scales" if job.measures_scaled else ""
    yield 'network.load_state_dict(torch.load(WEIGHTS, map_location=DEVICE, weights_only=True)["network"])'
    yield f'tested = measure({_run(job)}, examples["test"]{scales})'
    yield 'print("test: " + ", ".join(f"{name} {value:.4f}" for name, value in tested.items()))'
