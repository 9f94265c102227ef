"""Holds one case to torch: declared output, weights, buffers and costs, and Misfit exactly where torch refuses."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod

import torch
from truth import ROUNDS, Case, Torch, ask, buffers, flat, kept_apart, macs, number, run, values, weights

from designer.catalogue.tensor import Misfit, Specs, TensorSpec

BY_THE_BATCH = ("BatchNorm1d", "BatchNorm2d", "BatchNorm3d")
"""Layers that look at all examples at once, as is their purpose."""

UNCOUNTED = ("Bilinear",)
"""Layers that torch counts nothing for: every weight is used once at every position."""


def uncounted(case: Case) -> int:
    """Multiply-adds for one example by the formula that torch's documentation gives."""
    first = case.tensors()[0][1]
    return prod(case.layer.weights(*case.arguments())["weight"]) * prod(int(each) for each in first.shape[:-1])


def hold(case: Case) -> str:
    """How the case ended, in a few words; raises AssertionError where the catalogue and torch differ."""
    misfit = refusal(case)
    if misfit is not None:
        return _refused(case, misfit)
    declared = case.layer.output(*case.arguments())
    answer = ask(case)
    if answer.network is None and _too_long_in_the_end(case):
        return "accepted for a free length that may turn out too long"
    assert answer.network is not None, f"{case} was accepted, but torch says: {answer.refusal}"
    outputs = by_port(case, declared)
    _same_outputs(case, answer, outputs)
    arguments = case.arguments()
    assert case.layer.weights(*arguments) == weights(answer.network), case
    assert case.layer.buffers(*arguments) == buffers(answer.network), case
    settled = case.with_numbers(ROUNDS[0][1])
    counted = uncounted(settled) if type(case.layer).__name__ in UNCOUNTED else macs(case)
    assert case.layer.macs(*settled.arguments()) == counted, case
    if type(case.layer).__name__ not in BY_THE_BATCH:
        axes = [spec.batch for specs in outputs.values() for spec in _several(specs)]
        assert kept_apart(case, answer.network, axes), f"{case} was accepted, but it mixes the examples"
    return "accepted"


def _too_long_in_the_end(case: Case) -> bool:
    """Whether a limit on a free length is kept to by the layer as well, once the length is a number."""
    settled = (case.with_numbers(lengths) for _, lengths in ROUNDS)
    return case.is_free and hasattr(case.layer, "max_length") and any(map(refusal, settled))


def by_port(case: Case, declared: Specs | Mapping[str, Specs]) -> Mapping[str, Specs]:
    """What comes out, by port name."""
    return declared if isinstance(declared, Mapping) else {case.layer.outputs[0].name: declared}


def _several(specs: Specs) -> tuple[TensorSpec, ...]:
    return specs if isinstance(specs, tuple) else (specs,)


def _same_outputs(case: Case, answer: Torch, outputs: Mapping[str, Specs]) -> None:
    assert answer.network is not None
    for batch, lengths in ROUNDS:
        got = run(answer.network, values(case, batch, lengths))
        for port, value in zip(case.outputs(), got, strict=True):
            specs = _several(outputs[port])
            for spec, tensor in zip(specs, flat(value), strict=True):
                shape = tuple(batch if length == "N" else number(length, lengths) for length in spec.full)
                assert tuple(tensor.shape) == shape, f"{case}: {port} is {tuple(tensor.shape)}, declared {spec}"
                assert tensor.dtype == getattr(torch, spec.dtype), f"{case}: {port} is {tensor.dtype}"


def _refused(case: Case, misfit: Misfit) -> str:
    assert misfit.message.endswith("."), misfit.message
    assert misfit.hint.endswith("."), misfit.hint
    assert misfit.setting is None or misfit.setting in case.layer.settings, misfit.setting
    assert misfit.port is None or misfit.port in [port.name for port in case.layer.inputs], misfit.port
    _mended(case, misfit)
    answer = ask(case)
    if answer.network is None:
        return "refused before a torch call could be written" if answer.unwritten else "refused as by torch"
    batch = next((spec.batch for _, spec in case.tensors() if spec.batch is not None), None)
    outputs = list(flat(run(answer.network, values(case, *ROUNDS[0]))))
    if batch is not None and not kept_apart(case, answer.network, [batch] * len(outputs)):
        return "refused for the batch's sake"
    if any(each.numel() == 0 for each in outputs):
        return "refused, as nothing would come out"
    reason = _stricter_on_purpose(case, misfit)
    assert reason, f"{case} was refused, but torch takes it: {misfit.message}"
    return reason


def _mended(case: Case, misfit: Misfit) -> None:
    """What a Misfit suggests does away with it: another value of the setting, or another number of axes."""
    layer, inputs = case.layer, case.inputs
    if misfit.setting is not None and misfit.suggest is not None:
        layer = type(layer)(**{**layer.values, misfit.setting: misfit.suggest})
    elif misfit.rank is not None:
        port = misfit.port or layer.inputs[0].name
        like = case.links()[port][1][0]
        inputs = {**inputs, port: like.with_shape((4,) * misfit.rank)}
    else:
        return
    second = refusal(Case(layer, inputs))
    if second is not None:
        before, after = ((each.code, each.setting, each.port) for each in (misfit, second))
        assert after != before, f"{case}: {misfit.message} {misfit.suggest} does not mend it: {second.message}"


def refusal(case: Case) -> Misfit | None:
    """What the layer says against its input, if anything."""
    try:
        case.layer.output(*case.arguments())
    except Misfit as misfit:
        return misfit
    return None


def _by_luck(case: Case, misfit: Misfit) -> bool:
    """Whether some of torch's kernels for attention take what others refuse, or stretch the scores."""
    setting_or_port = misfit.setting or misfit.port
    return type(case.layer).__name__ == "ScaledDotProductAttention" and setting_or_port in (
        "is_causal",
        "attn_mask",
        "value",
    )


def _causal(case: Case) -> bool:
    """Whether a mask that is linked meets another, which torch would stretch it to."""
    return any(case.layer.values.get(name) for name in ("is_causal", "tgt_is_causal"))


def _stricter_on_purpose(case: Case, misfit: Misfit) -> str:
    """Why a case may be refused although torch, on a CPU and by luck of its lengths, takes it."""
    specs = [spec for _, spec in case.tensors()]
    if _by_luck(case, misfit):
        return "refused, as not every kernel for attention takes it"
    if misfit.code == "free" and case.is_free:
        return "refused for a free length"
    if misfit.code == "batch" and any(spec.batch == 1 for spec in specs):
        return "refused for a batch that is not first"
    if misfit.code == "rank" and misfit.rank == specs[0].rank + 1 and specs[0].batch is not None:
        return "refused, as torch would read it without a batch"
    if misfit.code == "rank" and case.layer.category == "Pooling" and specs[0].batch is None:
        return "refused, as there is no axis to pool over"
    if misfit.code == "dim" and () in (getattr(case.layer, "dim", None), getattr(case.layer, "dims", None)):
        return "refused, as torch takes no axis for all axes"
    if misfit.code == "rank" and misfit.port is not None and min(len(spec.full) for spec in specs) < 2:
        return "refused, as a matrix has rows and columns"
    if misfit.code == "rank" and case.layer.category == "Regularization":
        return "refused, as torch warns of the number of axes"
    if misfit.code == "batch" and misfit.setting in ("dim", "dims", "dim0", "dim1", "start_dim"):
        return "refused, as the batch is no axis of the data, even where that changes nothing"
    if misfit.code == "rank" and getattr(case.layer, "output_size", 0) in (1, (1, 1), (1, 1, 1)):
        return "refused, as only torch's shortcut for a size of 1 takes no image"
    if (
        misfit.code == "dtype"
        and case.layer.category in ("Pooling", "Normalization", "Arithmetic")
        and not specs[0].is_float
    ):
        return "refused, as torch has no kernel for CUDA"
    if case.layer.category == "Graph" and misfit.code == "dtype":
        return "refused, as torch_geometric takes other types by the luck of what they are added to"
    if case.layer.category == "Graph" and misfit.code == "shapes" and misfit.port in ("edge_weight", "edge_attr"):
        return "refused, as an edge has one number, or one row"
    if case.layer.category == "Graph" and misfit.code == "edges" and len(specs[1].full) > 2:
        return "refused, as only the search for self-loops flattens a table of edges with more axes"
    if misfit.code == "shapes" and misfit.port == "batch" and case.inputs["batch"].shape == (1,):
        return "refused, as only torch's broadcasting takes one number for all nodes"
    if misfit.code == "batch" and misfit.port == "batch":
        return "refused, as there would be a batch of graphs for each example"
    # Broadcasting lays axes on each other from the right.
    if misfit.code == "shapes" and len({len(spec.full) - spec.batch for spec in specs if spec.batch is not None}) > 1:
        return "refused, as the batch of one would meet the data of another"
    if misfit.code == "dtype" and (misfit.port or "").endswith("mask"):
        return "refused, as a mask is true or false, or of the same floats"
    if misfit.code == "shapes" and (misfit.port or "").endswith("mask") and _causal(case):
        return "refused, as a mask has an entry for each pair"
    return ""
