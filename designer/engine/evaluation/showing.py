"""Examples as a person looks at them: images as small pictures, rows of tables in their own units, names."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence

from torch import Tensor
from torch.nn import functional as F  # noqa: N812

from designer.engine.data.load import Data
from designer.engine.evaluation.outcomes import Outcome
from designer.kept_run import KeptRun
from designer.protocol import Cell, Column, Seen

LARGEST = 48
"""Pixels of a thumbnail's longer side."""
MOST_BYTES = 1_000_000
"""Bytes of pixels that one answer carries; further examples come without pictures."""
MOST_CELLS = 24
"""Numbers of a row, or places of a sequence, that are shown."""


def shown(kept: KeptRun, data: Data, rows: Tensor) -> tuple[Seen, ...]:
    """The inputs of some examples, by their rows in the data; nothing of a whole graph, whose rows are its nodes."""
    if data.whole:
        return ()
    names = dict.fromkeys(kept.recipe.inputs)
    return tuple(_seen(kept, data, name, rows) for name in names if name in data.fields)


def _seen(kept: KeptRun, data: Data, name: str, rows: Tensor) -> Seen:
    field, meaning = data.fields[name], kept.meaning(name)
    values = field[rows.to(field.device)].cpu()
    scale = data.scales.get(name)
    if scale is not None:
        values = values * scale.deviation.cpu() + scale.mean.cpu()
    if values.is_floating_point() and is_picture(values.shape[1:]):
        return _picture(name, values)
    flat = values.flatten(1) if values.dim() > 1 else values.unsqueeze(1)
    if not values.is_floating_point() and not meaning.columns:
        names = meaning.classes
        cut = flat.shape[1] > MOST_CELLS
        return Seen(name, "feature", "sequence", values=_cells(flat[:, :MOST_CELLS]), names=names, cut=cut)
    if values.dim() == 3:
        return Seen(name, "feature", "numbers", columns=(name,), values=tuple((_course(row),) for row in flat.tolist()))
    width = flat.shape[1]
    columns = meaning.columns or tuple(Column(name if width == 1 else f"{name} {place + 1}") for place in range(width))
    return _table(name, columns, flat)


def _course(values: Sequence[float]) -> str:
    """The beginning of a sequence of measures, as text."""
    shown = " ".join(f"{value:.3g}" for value in values[:MOST_CELLS])
    return shown + (" …" if len(values) > MOST_CELLS else "")


def is_picture(shape: Sequence[int]) -> bool:
    """Whether numbers of this shape are seen best as an image: channels, height, width, or height and width."""
    if len(shape) == 3:
        return shape[0] in (1, 3, 4) and min(shape[1:]) > 1
    return len(shape) == 2 and min(shape) >= 8


def _picture(name: str, values: Tensor) -> Seen:
    images = (values if values.dim() == 4 else values.unsqueeze(1)).float()[:, :3]
    low, high = (float(images.min()), float(images.max())) if images.numel() else (0.0, 1.0)
    if low < 0 or high > 1:
        images = (images - low) / max(high - low, 1e-9)
    longer = max(images.shape[2:])
    if longer > LARGEST:
        sides = [max(1, round(side * LARGEST / longer)) for side in images.shape[2:]]
        images = F.interpolate(images, size=sides, mode="area")
    pixels = (images.nan_to_num(0.0).clamp(0, 1) * 255).round().byte().permute(0, 2, 3, 1).contiguous()
    _, height, width, channels = pixels.shape
    most = max(1, MOST_BYTES // (height * width * channels))
    text = base64.b64encode(pixels[:most].numpy().tobytes()).decode()
    return Seen(name, "feature", "image", (height, width, channels), pixels=text, cut=len(pixels) > most)


def _table(name: str, columns: Sequence[Column], flat: Tensor) -> Seen:
    """A row of numbers with what stands one-hot, or as a place among values, as the words that it means."""
    some = columns[:MOST_CELLS]
    cells = list(_columns(some, flat))
    values = tuple(zip(*cells, strict=True))
    titles = tuple(column.name for column in some)
    return Seen(name, "feature", "numbers", columns=titles, values=values, cut=len(columns) > MOST_CELLS)


def _columns(columns: Sequence[Column], flat: Tensor) -> Iterator[list[Cell]]:
    place = 0
    for column in columns:
        if not column.values:
            yield [_rounded(value) for value in flat[:, place].tolist()]
            place += 1
        elif not flat.is_floating_point():
            yield [column.values[code] if 0 <= code < len(column.values) else code for code in flat[:, place].tolist()]
            place += 1
        else:
            part = flat[:, place : place + len(column.values)]
            yield [column.values[code] for code in part.argmax(1).tolist()]
            place += len(column.values)


def _cells(values: Tensor) -> tuple[tuple[Cell, ...], ...]:
    return tuple(map(tuple, values.tolist()))


def _rounded(value: float) -> Cell:
    """What is left of a number that was standardized and brought back: its rounding is not to be seen."""
    return value if isinstance(value, int) else float(f"{value:.5g}")


def answers_shown(outcome: Outcome, places: Tensor) -> tuple[Seen, ...]:
    """What should come out and what came, for examples by their place in the split; nothing unless these are images."""
    compares, wanted, answers = outcome.goal.target.compares, outcome.wanted[places], outcome.answers[places]
    shape = answers.shape[1:]
    if compares == "classes" and len(shape) == 2 and outcome.tally is not None:
        most = max(1, outcome.tally.classes - 1)
        wanted, answers = wanted.clamp(min=0) / most, answers / most
    elif compares not in ("binary", "numbers") or not is_picture(shape):
        return ()
    return _picture("should be", wanted.float()), _picture("answer", answers.float())


def answer_shown(name: str, values: Tensor, classes: int = 0) -> Seen | None:
    """The answer to one example as an image, each of its `classes` a grey of its own; None for what is no image."""
    if classes and values.dim() == 2:
        return _picture(name, values.unsqueeze(0) / max(1, classes - 1))
    return _picture(name, values.unsqueeze(0).float()) if not classes and is_picture(values.shape) else None
