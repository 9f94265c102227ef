"""Which weights were the best, and how long that is ago."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from designer.engine.training.record import State
from designer.protocol import Number


@dataclass(slots=True)
class Best:
    """The best epoch so far by validation loss: its weights and its metrics."""

    patience: int = 0
    """Epochs without a better one after which the run ends; 0: it goes on."""
    loss: float = math.inf
    weights: State | None = None
    metrics: Mapping[str, Number] = field(default_factory=dict)
    waited: int = 0
    """Epochs since."""

    def beaten_by(self, loss: Number) -> bool:
        """Whether an epoch with this loss is better; counts it in any case."""
        better = loss is not None and loss < self.loss
        self.waited = 0 if better else self.waited + 1
        return better

    @property
    def reason(self) -> str:
        """Why the run ends now; empty where it goes on."""
        if not self.patience or self.waited < self.patience:
            return ""
        return f"no better validation loss for {self.patience} epoch{'s' * (self.patience > 1)}"

    def state_dict(self) -> dict[str, Any]:
        """All of it but the weights and the patience."""
        return {"loss": self.loss, "metrics": dict(self.metrics), "waited": self.waited}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Takes back what `state_dict` gave."""
        self.loss, self.metrics, self.waited = state["loss"], state["metrics"], state["waited"]
