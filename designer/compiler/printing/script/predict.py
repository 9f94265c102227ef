"""The part of a script that asks the trained network about new examples."""

from __future__ import annotations

from designer.compiler.printing.script.goals import Goal, unpacked
from designer.compiler.printing.script.job import Job
from designer.compiler.printing.script.loop import call_of
from designer.compiler.printing.script.part import Part, part


def predict_part(job: Job) -> Part:
    """The function `predict`."""
    single = len(job.plan.outputs) == 1
    outputs = job.goals[0].name if single else "outputs"
    answered = tuple(goal for goal in job.goals if goal.target.compares != "nothing") or job.goals
    lines = [
        f"def predict({job.source.given}) -> {'list' if len(answered) == 1 else 'dict[str, list]'}:",
        f'    """{_about(job, answered)}"""',
        "    saved = torch.load(WEIGHTS, map_location=DEVICE, weights_only=True)",
        f"    network = {job.network}().to(DEVICE)",
        '    network.load_state_dict(saved["network"])',
        "    network.eval()",
        *(f"    {line}" for line in job.source.ready),
        *_batch_lines(job),
        "    with torch.inference_mode():",
        f"        {outputs} = {call_of(job, 'network')}",
        *(f"    {line}" for line in unpacked(job.plan, job.goals, answered)),
    ]
    if any("scales[" in goal.said for goal in answered):
        lines.insert(6, '    scales = saved["scales"]')
    if len(answered) == 1:
        lines.append(f"    return {answered[0].said}")
    else:
        lines += ["    return {", *(f'        "{goal.target.output}": {goal.said},' for goal in answered), "    }"]
    return part(lines, "import torch", "from torch import Tensor, nn", *job.source.imports)


def _about(job: Job, answered: tuple[Goal, ...]) -> str:
    names = " and ".join(goal.target.field or goal.target.output for goal in answered)
    return f"The {names} of {job.source.about}."


def _batch_lines(job: Job) -> list[str]:
    made = {name: job.source.made[name] for name in job.recipe.inputs if name in job.source.made}
    lines = ["    batch = {", *(f'        "{name}": {text}.to(DEVICE),' for name, text in made.items()), "    }"]
    for name in dict.fromkeys(job.recipe.inputs):
        if name not in made:  # the answer is an input too, as that of a CRF is for its loss
            size = ", ".join((f'len(batch["{next(iter(made))}"])', *map(str, job.fields[name].spec.shape)))
            lines += [
                f"    # The {name} are not known; what the network makes of them must not be part of the answer.",
                f'    batch["{name}"] = torch.zeros(({size}), dtype=torch.{job.dtypes[name]}, device=DEVICE)',
            ]
        elif name in job.source.standardized:
            lines += [
                f'    mean, deviation = saved["scales"]["{name}"]',
                f'    batch["{name}"] = (batch["{name}"] - mean.to(DEVICE)) / deviation.to(DEVICE)',
            ]
    return lines
