"""All that a user can choose: layers, losses, optimizers, data sets, augmentations. Filled at import, never changed."""

from __future__ import annotations

from types import ModuleType

from designer.catalogue.augmentations import AUGMENTATIONS
from designer.catalogue.datasets import DATASETS
from designer.catalogue.layer import Layer
from designer.catalogue.layers import (
    activation,
    adaptive_pooling,
    arithmetic,
    attention,
    attention_function,
    batch_normalization,
    conversion,
    convolution,
    custom,
    dense,
    einsum,
    elementary,
    ends,
    graph,
    graph_pooling,
    normalization,
    piecewise,
    pooling,
    positional,
    probability,
    rearranging,
    recurrent,
    reduction,
    regularization,
    relative,
    resizing,
    selection,
    separable,
    shape,
    similarity,
    slicing,
    sources,
    transformer_decoder,
    transformer_encoder,
    unfolding,
    unpooling,
)
from designer.catalogue.losses import LOSSES
from designer.catalogue.optimizers import OPTIMIZERS
from designer.catalogue.schedules import SCHEDULES


def _layers_of(family: ModuleType) -> dict[str, type[Layer]]:
    """The layers that a family file defines, in the order of the file."""
    return {
        name: item
        for name, item in vars(family).items()
        if isinstance(item, type) and issubclass(item, Layer) and item.title and item.__module__ == family.__name__
    }


FAMILIES = (
    ends,
    sources,
    custom,
    dense,
    positional,
    convolution,
    separable,
    unfolding,
    pooling,
    adaptive_pooling,
    unpooling,
    shape,
    slicing,
    rearranging,
    resizing,
    conversion,
    activation,
    piecewise,
    batch_normalization,
    normalization,
    regularization,
    recurrent,
    attention,
    attention_function,
    relative,
    transformer_encoder,
    transformer_decoder,
    probability,
    arithmetic,
    similarity,
    einsum,
    selection,
    reduction,
    elementary,
    graph,
    graph_pooling,
)

LAYERS: dict[str, type[Layer]] = {name: layer for family in FAMILIES for name, layer in _layers_of(family).items()}

CATEGORIES = (
    "Input and output",
    "Dense",
    "Convolution",
    "Pooling",
    "Activation",
    "Normalization",
    "Regularization",
    "Shape",
    "Arithmetic",
    "Recurrent",
    "Attention",
    "Graph",
    "Probability",
    "Structure",
    "Custom code",
)
"""The categories of layers in the order in which people look for them."""


_BY_ROLE = {layer.role: name for name, layer in reversed(LAYERS.items()) if layer.role}


def with_role(role: str) -> str:
    """The name of the layer that plays `role` ("flatten"), so that no rule names a layer itself."""
    return _BY_ROLE[role]


def title_of(layer: str) -> str:
    """What people call a layer; the name in the file for one that is not known."""
    kind = LAYERS.get(layer)
    return kind.title if kind is not None else layer


def is_group(layer: str) -> bool:
    """Whether a layer holds a network of its own; False for one that is not known."""
    kind = LAYERS.get(layer)
    return kind is not None and kind.role == "group"


__all__ = [
    "AUGMENTATIONS", "CATEGORIES", "DATASETS", "FAMILIES", "LAYERS", "LOSSES", "OPTIMIZERS", "SCHEDULES", "is_group",
    "title_of", "with_role",
]  # fmt: skip
