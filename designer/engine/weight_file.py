"""Reads the weights of a run into the network they belong to."""

from __future__ import annotations

from safetensors import SafetensorError
from safetensors.torch import load_file

from designer.engine.failures import fail
from designer.engine.network import Network


def load(network: Network, weights: str) -> None:
    """Gives a network the weights of a file; raises Failure where they cannot be read or are another network's."""
    try:
        network.load_state_dict(load_file(weights))
    except (OSError, SafetensorError) as error:
        message = f"The weights in {weights} could not be read: {reason(error)}."
        raise fail("weights", message, "Name the folder of a run that was trained.") from error
    except RuntimeError as error:
        message = f"The weights in {weights} are those of another network."
        raise fail("weights", message, "Train this design first.") from error


def reason(error: Exception) -> str:
    """Why a file could not be read or written, in the system's own words."""
    return (getattr(error, "strerror", None) or str(error)).split("\n")[0].rstrip(".")
