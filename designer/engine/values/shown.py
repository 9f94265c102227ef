"""Tensors as pictures and bars, small enough to travel: one for each node and weight."""

from __future__ import annotations

import base64
import math

import torch
from torch import Tensor
from torch.nn.functional import adaptive_avg_pool2d, pad

from designer.protocol import Value, ValueForm, finite

SMALL, LARGE = 64, 512
"""The longest side of a picture on a node, and of one that was opened."""
BARS = 64
"""More numbers than this are shown as a heat map."""
MAPS, MAPS_LARGE = 12, 256
GAP = 1
"""Pixels between maps; their bytes are those of zero."""
COLOURS = (1, 3)


def shown(value: Tensor, side: int = SMALL, *, picture: bool = False, scores: bool = False) -> Value:
    """What one example's tensor looks like; `picture` where it is one in colours, `scores` are those of classes."""
    numbers = value.detach().to("cpu").float()
    known = numbers[numbers.isfinite()]
    low, high, mean = (float(known.min()), float(known.max()), float(known.mean())) if known.numel() else (0.0,) * 3
    shape = tuple(value.shape)
    if scores and numbers.dim() == 1:
        numbers = numbers.softmax(0)
        low, high, mean = float(numbers.min()), float(numbers.max()), float(numbers.mean())
    if numbers.numel() == 1:
        return Value("number", shape, low, high, mean, numbers=_told(numbers))
    if numbers.dim() <= 1 and numbers.numel() <= BARS:
        return Value("bars", shape, low, high, mean, numbers=_told(numbers), parts=numbers.numel())
    clean = torch.nan_to_num(numbers, 0.0, high, low)
    if picture and clean.dim() == 3 and shape[0] in COLOURS:
        return _picture(clean, shape, side, low, high, mean)
    form, maps, parts = _planes(clean, MAPS_LARGE if side > SMALL else MAPS)
    rows, columns = _grid(maps, side)
    fitted = _bytes(_fitted(maps, rows, columns, side), low, high)
    grid = _tiled(fitted, rows, columns, 128 if low < 0 < high else 0)
    return Value(form, shape, low, high, mean, (*grid.shape, 1), _text(grid), parts=parts)


def _planes(values: Tensor, most: int) -> tuple[ValueForm, Tensor, int]:
    """The planes (parts, height, width) that are painted side by side, and how many there really are."""
    if values.dim() == 1:
        width = math.ceil(math.sqrt(4 * values.numel()))
        return "heat", pad(values, (0, -values.numel() % width)).reshape(1, -1, width), values.numel()
    if values.dim() == 2:  # steps go from left to right, features from top to bottom
        return "heat", values.T[None], values.shape[0]
    planes = values.reshape(-1, *values.shape[-2:])
    return "maps", planes[:most], len(planes)


def _grid(planes: Tensor, side: int) -> tuple[int, int]:
    """Rows and columns in which planes stand: about twice as wide as high, as the room on a node is."""
    count, high, wide = planes.shape
    columns = max(1, min(count, round(math.sqrt(2 * count * high / max(wide, 1)))))
    return math.ceil(count / columns), min(columns, 2 * side)


def _fitted(planes: Tensor, rows: int, columns: int, side: int) -> Tensor:
    """The planes made smaller where the whole grid would be higher than `side` or wider than twice that."""
    high, wide = planes.shape[1:]
    room = max(2, side // rows - GAP), max(2, 2 * side // columns - GAP)
    if rows * columns > 1:  # maps keep their proportions; of a single heat map nobody knows any
        scale = min(room[0] / high, room[1] / wide, 1.0)
        room = max(1, int(high * scale)), max(1, int(wide * scale))
    size = min(high, room[0]), min(wide, room[1])
    return planes if size == (high, wide) else adaptive_avg_pool2d(planes[None], size)[0]


def _tiled(planes: Tensor, rows: int, columns: int, zero: int) -> Tensor:
    """All planes in one, row by row, with gaps between them."""
    if len(planes) == 1:
        return planes[0]
    padded = pad(planes, (0, GAP, 0, GAP, 0, rows * columns - len(planes)), value=zero)
    high, wide = padded.shape[1:]
    grid = padded.reshape(rows, columns, high, wide).transpose(1, 2).reshape(rows * high, columns * wide)
    return grid[:-GAP, :-GAP]


def _bytes(planes: Tensor, low: float, high: float) -> Tensor:
    if low < 0 < high:
        return (128 + 127 * planes / max(-low, high)).round().clamp(1, 255).to(torch.uint8)
    return (255 * (planes - low) / max(high - low, 1e-12)).round().clamp(0, 255).to(torch.uint8)


def _picture(values: Tensor, shape: tuple[int, ...], side: int, low: float, high: float, mean: float) -> Value:
    """A picture as it is; where its numbers are not from 0 to 1, they are brought there."""
    if low < 0 or high > 1:
        values = (values - low) / max(high - low, 1e-12)
    high_side, wide_side = (min(length, side) for length in values.shape[1:])
    if (high_side, wide_side) != tuple(values.shape[1:]):
        values = adaptive_avg_pool2d(values[None], (high_side, wide_side))[0]
    pixels = (255 * values).round().to(torch.uint8).permute(1, 2, 0).contiguous()
    return Value("picture", shape, low, high, mean, tuple(pixels.shape), _text(pixels), parts=1)


def _text(pixels: Tensor) -> str:
    return base64.b64encode(pixels.contiguous().numpy().tobytes()).decode("ascii")


def _told(numbers: Tensor) -> tuple[float | None, ...]:
    return tuple(map(finite, numbers.flatten().tolist()))
