"""Shows some training pictures before and after augmentation, so that nobody has to guess what a range does."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from designer.engine.data.collect import collect
from designer.engine.data.splitting import split_rows
from designer.engine.failures import EXPECTED, Failure, explain
from designer.engine.looking.pictures import is_picture, pictures
from designer.engine.training.augment import Augment
from designer.protocol import Seen, Source, Split, Varied, Vary

MOST = 64
"""Pictures of one answer."""


class Preview:
    """Holds the pictures that it showed last: another range of the same ones comes at once."""

    def __init__(self) -> None:
        self._held: tuple[Source, Split, int] | None = None
        self._few: tuple[str, Tensor, Tensor] | None = None

    def answer(self, request: Vary) -> Varied:
        """The pictures, or one sentence why there are none."""
        try:
            name, before, wanted = self._some(request)
            with torch.random.fork_rng([]):
                torch.manual_seed(request.seed)
                augment = Augment(request.augment, ((before,), (wanted,)), [None])
                torch.manual_seed(request.seed)
                after = augment(((before,), (wanted,)))[0][0]
        except (Failure, *EXPECTED) as error:
            return Varied(request.key, problem=explain(error).sentence)
        return Varied(request.key, _seen(name, before), _seen(name, after.clamp(0, 1)))

    def _some(self, request: Vary) -> tuple[str, Tensor, Tensor]:
        wanted = request.source, request.split, min(request.count, MOST)
        if self._few is None or self._held != wanted:
            raw = collect(request.source)
            rows = split_rows(raw, request.split)["train"][: wanted[2]]
            features = {raw.feature: raw.features, **raw.others}
            name = next((each for each, values in features.items() if is_picture(values, raw.image)), raw.feature)
            answers = torch.from_numpy(raw.answers[rows])
            self._few = name, torch.from_numpy(np.asarray(features[name][rows], dtype=np.float32)), answers
            self._held = wanted
        return self._few


def _seen(name: str, values: Tensor) -> Seen:
    shape, pixels = pictures(values.numpy())
    return Seen(name, "feature", "image", shape, pixels=pixels)
