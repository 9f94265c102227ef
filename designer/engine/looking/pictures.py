"""Pictures and masks as bytes, small enough to travel."""

from __future__ import annotations

import base64

import numpy as np

CHANNELS = (1, 3, 4)
SMALLEST = 8
"""Arrays without an axis of channels are taken for pictures from this side on."""
MOST_BYTES = 3_000_000
LARGEST = 256
"""The longest side of a picture that travels."""


def is_picture(values: np.ndarray, known: bool) -> bool:
    """Whether each example is a picture: channels first or last, or a plane of values from 0 to 1."""
    if not np.issubdtype(values.dtype, np.floating):
        return False
    if values.ndim == 4:
        return values.shape[1] in CHANNELS or values.shape[3] in CHANNELS
    plane = values.ndim == 3 and min(values.shape[1:]) >= SMALLEST
    return plane and (known or bool(len(values) and values.min() >= 0 and values.max() <= 1))


def is_mask(values: np.ndarray) -> bool:
    """Whether each example is a plane of classes."""
    whole = np.issubdtype(values.dtype, np.integer)
    return whole and values.ndim == 3 and min(values.shape[1:]) >= SMALLEST


def pictures(values: np.ndarray) -> tuple[tuple[int, ...], str]:
    """The shape of each, channels last, and the bytes of all of them."""
    if values.ndim == 3:
        values = values[:, None]
    if values.shape[1] in CHANNELS:
        values = values.transpose(0, 2, 3, 1)
    step = _step(values.shape)
    if step > 1:
        high, wide = values.shape[1] // step * step, values.shape[2] // step * step
        cut = values[:, :high, :wide]
        values = cut.reshape(len(cut), high // step, step, wide // step, step, -1).mean(axis=(2, 4))
    values = np.nan_to_num(values.astype(np.float32))
    low, high_value = float(values.min()), float(values.max())
    if low < 0 or high_value > 1:
        values = (values - low) / max(high_value - low, 1e-12)
    return values.shape[1:], _text((values * 255).round())


def masks(values: np.ndarray) -> tuple[tuple[int, ...], str]:
    """The same for classes, which cannot be averaged; a negative one (to be ignored) is 255."""
    step = _step((*values.shape, 1))
    values = values[:, ::step, ::step, None]
    return values.shape[1:], _text(np.where(values < 0, 255, values % 255))


def _step(shape: tuple[int, ...]) -> int:
    """By how much pictures are made smaller."""
    step = max(1, -(-max(shape[1:3]) // LARGEST))
    while np.prod(shape) / step**2 > MOST_BYTES:
        step += 1
    return step


def _text(values: np.ndarray) -> str:
    return base64.b64encode(values.astype(np.uint8).tobytes()).decode("ascii")
