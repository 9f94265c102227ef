"""Loads data sets as tensors, split by a seed, with tables standardized.

Images stay in 0..1. Tables, points and numbers to predict are standardized, a column at a time, by the mean and the
standard deviation of the training split alone; `Data.scales` keeps both, so that errors can be told in the data's own
units and new examples can be brought to the same scale.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from designer.engine.data.collect import Raw, collect
from designer.engine.data.splitting import split_rows
from designer.own_data.content import SPLITS, PixelRange
from designer.protocol import Source, Split

IMAGENET = ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
"""Mean and standard deviation of ImageNet's channels in 0..1, by which pre-trained networks were trained."""
PART = 256
"""So many pictures are measured at a time."""


@dataclass(frozen=True, slots=True)
class Scale:
    """How a field was standardized: (value - mean) / deviation, a number a column, or (channels, 1, 1) of pictures."""

    mean: Tensor
    deviation: Tensor


@dataclass(frozen=True, slots=True)
class Data:
    """All examples by field, the rows of each split, and the scales of standardized fields."""

    fields: Mapping[str, Tensor]
    rows: Mapping[str, Tensor]
    scales: Mapping[str, Scale]
    whole: bool = False
    """Whether the fields are those of one whole, such as a graph, that every step sees all of; rows are its nodes."""
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By field of measures, what its columns are called, where that is known."""

    @property
    def counts(self) -> dict[str, int]:
        """Examples by split."""
        return {split: len(self.rows[split]) for split in SPLITS}


def load(source: Source, split: Split) -> Data:
    """The data of `source`, split and standardized; raises UserError where that cannot be."""
    raw = collect(source)
    rows = {name: torch.from_numpy(places) for name, places in split_rows(raw, split).items()}
    arrays = {raw.feature: raw.features, **raw.others, raw.target: raw.answers}
    fields, scales = {name: _tensor(values) for name, values in arrays.items()}, {}
    for name, values in fields.items():
        if not raw.whole and name not in raw.series and values.is_floating_point() and bool(values.isnan().any()):
            fields[name] = _filled(values, values[rows["train"]])
    for name, measured in _standardized(raw).items():
        learned = fields[name][rows["train"]]
        if name in raw.series:
            learned = learned.flatten(0, 1)
            learned = learned[~learned.isnan().any(1)]
        scales[name] = scale = _scale(learned, torch.from_numpy(measured))
        fields[name] = (fields[name] - scale.mean) / scale.deviation
        if name in raw.series:
            fields[name].nan_to_num_(0.0)  # beyond the end of a sequence
    for name, manner in raw.normalize.items():
        if manner != "0..1":
            scales[name] = scale = picture_scale(fields[name], rows["train"], manner)
            fields[name].sub_(scale.mean).div_(scale.deviation)
    return Data(fields, rows, scales, raw.whole, raw.columns)


def _standardized(raw: Raw) -> Mapping[str, np.ndarray]:
    """The fields to standardize, each with the columns of it that are measures."""
    if raw.measures is not None:
        return raw.measures
    names = ([raw.feature] if raw.has_measures else []) + ([] if raw.has_classes else [raw.target])
    return {name: np.array(True) for name in names}


def _tensor(values: np.ndarray) -> Tensor:
    """Whole numbers as int64, all others as float32; the bytes of pictures in 0..1."""
    if values.dtype == np.uint8:
        return torch.from_numpy(values).float().div_(255)
    kind = np.int64 if np.issubdtype(values.dtype, np.integer) else np.float32
    return torch.from_numpy(values.astype(kind))


def _filled(values: Tensor, learned: Tensor) -> Tensor:
    """Gaps in numbers, where the user has them filled, as the mean of the training split."""
    return torch.where(values.isnan(), learned.nanmean(0).nan_to_num(0.0), values)


def _scale(values: Tensor, measured: Tensor) -> Scale:
    """The scale of each column of the training split; columns that are no measures stay as they are."""
    deviation = values.std(dim=0, correction=0)
    mean = torch.where(measured, values.mean(dim=0), 0.0)
    return Scale(mean, torch.where(measured & (deviation > 0), deviation, 1.0))


def picture_scale(pictures: Tensor, learned: Tensor, manner: PixelRange) -> Scale:
    """The scale of each channel, (channels, 1, 1); "standardize" measures the training split, a part at a time."""
    if manner == "-1..1":
        mean = deviation = torch.full((pictures.shape[1],), 0.5)
    elif manner == "imagenet":
        mean, deviation = torch.tensor(IMAGENET[0]), torch.tensor(IMAGENET[1])
    else:
        sums = torch.zeros((2, pictures.shape[1]), dtype=torch.float64)
        for part in learned.split(PART):
            values = pictures[part].double()
            sums += torch.stack((values.sum((0, 2, 3)), values.square().sum((0, 2, 3))))
        mean, square = sums / (len(learned) * pictures[0, 0].numel())
        deviation = (square - mean.square()).clamp_min(0).sqrt()
        deviation = torch.where(deviation > 1e-6, deviation, 1.0)
    return Scale(mean.float()[:, None, None], deviation.float()[:, None, None])
