"""What torch really keeps of a forward pass for the gradients: distinct pieces of memory, weights apart."""

from __future__ import annotations

import warnings
from collections.abc import Iterable

import torch


def place(tensor: torch.Tensor) -> int:
    """The piece of memory that a tensor lies in."""
    return tensor.untyped_storage().data_ptr()


def kept_bytes(network: torch.nn.Module, given: Iterable[torch.Tensor]) -> int:
    """How many bytes a forward pass in training mode keeps."""
    kept: dict[int, torch.UntypedStorage] = {}  # which holds them, so that no place is used twice

    def pack(tensor: torch.Tensor) -> torch.Tensor:
        kept[place(tensor)] = tensor.untyped_storage()
        return tensor

    own = {place(each) for each in (*network.parameters(), *network.buffers())}
    with warnings.catch_warnings(), torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
        warnings.simplefilter("ignore")
        network.train()(*given)
    return sum(storage.nbytes() for key, storage in kept.items() if key not in own)
