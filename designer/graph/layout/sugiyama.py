"""A first order of the layers from fast-sugiyama, behind a guard: what it does not bear ends the whole process."""

from __future__ import annotations

from designer.graph.layout.layered import Layered

MOST = 1_500
"""More vertices are not given to it: it takes a step of the stack for each, and runs out of it at some ten thousand."""
Layers = list[list[int]]


def first_order(net: Layered) -> Layers | None:
    """Its order of the network's layers; None for a network that it cannot have, or where it is not installed.

    All links lead to the next layer, so that its layers are ours: no circle, no link twice, none to itself.
    """
    pairs = sorted({(vertex, other) for vertex, joints in enumerate(net.after) for other, _, _ in joints})
    if not pairs or len(net.level) > MOST:
        return None
    try:
        from fast_sugiyama import from_edges
    except ImportError:
        return None
    number = {vertex: place for place, vertex in enumerate(sorted({end for pair in pairs for end in pair}))}
    found = from_edges(
        [(number[one], number[other]) for one, other in pairs],
        minimum_length=1, vertex_spacing=10, dummy_vertices=False, ranking_type="minimize",
        crossing_minimization="median", transpose=True, check_layout=False,
    ).to_dict()  # fmt: skip
    if len(found) != len(number):
        return None
    across = {vertex: found[place][0] for vertex, place in number.items()}
    return [sorted(layer, key=lambda vertex: (across.get(vertex, 0.0), vertex)) for layer in net.layers]
