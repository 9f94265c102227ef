"""Ids: what may name a node in Python code, and how a free one is found."""

from __future__ import annotations

import keyword
import re
from collections.abc import Collection, Container
from functools import lru_cache

MODULE_ATTRIBUTES = frozenset(
    """T_destination add_module apply bfloat16 buffers call_super_init children compile cpu cuda double dump_patches
    eval extra_repr float forward get_buffer get_extra_state get_parameter get_submodule half ipu load_state_dict
    modules mtia named_buffers named_children named_modules named_parameters parameters register_backward_hook
    register_buffer register_forward_hook register_forward_pre_hook register_full_backward_hook
    register_full_backward_pre_hook register_load_state_dict_post_hook register_load_state_dict_pre_hook
    register_module register_parameter register_state_dict_post_hook register_state_dict_pre_hook requires_grad_
    set_extra_state set_submodule share_memory state_dict to to_empty train training type xpu zero_grad""".split()
)
"""What a node cannot be called because `self.<id>` would hide a part of `nn.Module`; a test holds it to torch."""

CODE_WORDS = frozenset({"self", "torch", "nn", "gnn", "F", "super", "range", "tuple", "Tensor"})
"""What the exported source itself uses."""


LONGEST = 200
"""Letters of an id; a longer one is no name that anybody reads."""


@lru_cache(maxsize=1 << 16)
def is_legal(name: str) -> bool:
    """Whether `name` can be a node's id."""
    return (
        len(name) <= LONGEST
        and name.isidentifier()
        and name.isascii()
        and not name.startswith("_")
        and not keyword.iskeyword(name)
        and name not in MODULE_ATTRIBUTES
        and name not in CODE_WORDS
    )


def legal(name: str) -> str:
    """The nearest legal id to `name`; itself where it is one."""
    if is_legal(name):
        return name
    plain = re.sub(r"\W+", "_", name[: LONGEST // 2], flags=re.ASCII).strip("_") or "node"
    if plain[0].isdigit():
        plain = f"node_{plain}"
    return plain if is_legal(plain) else f"{plain}_1"


def free_id(wanted: str, taken: Collection[str]) -> str:
    """`wanted` if it is free, else the same word with the next number: "conv1", "conv2"."""
    return _next_free(wanted, taken, {})


class FreeIds:
    """Gives out one free id after another; ten thousand of them in a moment, since it knows where it stopped."""

    def __init__(self, taken: Collection[str]) -> None:
        self._taken = set(taken)
        self._reached: dict[tuple[str, int], int] = {}

    def take(self, wanted: str) -> str:
        """What `free_id` would give; taken from now on."""
        found = _next_free(wanted, self._taken, self._reached)
        self._taken.add(found)
        return found


def _next_free(wanted: str, taken: Collection[str], reached: dict[tuple[str, int], int]) -> str:
    """`reached` remembers, for each word and its first number, the number that may be free next."""
    if wanted not in taken:
        return wanted
    stem = re.sub(r"_?[0-9]+$", "", wanted) or "node"
    word = f"{stem}_" if wanted.startswith(f"{stem}_") else stem
    first = 2 if stem == wanted else 1
    number = reached.get((word, first), first)
    while f"{word}{number}" in taken:
        number += 1
    reached[word, first] = number
    return f"{word}{number}"


def id_for(layer: str, taken: Collection[str]) -> str:
    """A first id for a new node of a layer: "conv1" for Conv2d."""
    stem = re.sub(r"\d+d?$", "", layer).lower()
    return free_id(f"{stem}1", taken)


def split_end(end: str | list[str], nodes: Container[str]) -> tuple[str, str]:
    """A link's end: the node and the port; a bare id means the first port.

    Ids with a dot are illegal but kept, so the longest id that fits is meant; a pair says it in full.
    """
    if not isinstance(end, str):
        return end[0], end[1]
    node, port = end, ""
    while node not in nodes and "." in node:
        node = node.rpartition(".")[0]
        port = end[len(node) + 1 :]
    return node, port


def plain_id(full_id: str) -> str:
    """A full id without the rounds of repeated groups: "block1.0.conv1" stands where "block1.conv1" does."""
    return ".".join(part for part in full_id.split(".") if not part.isdigit())
