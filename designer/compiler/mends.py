"""How a finding about a node becomes a problem with its place, its words and its one-click fixes."""

from __future__ import annotations

from math import isqrt, prod

from designer.catalogue import with_role
from designer.catalogue.layer import Port
from designer.catalogue.tensor import Misfit, TensorSpec
from designer.compiler.report import NodeReport
from designer.graph.document import Document, Link, Node
from designer.problems import Fix, Problem


def misfit_problem(document: Document, report: NodeReport, misfit: Misfit) -> Problem:
    """What a layer said about its settings or about what reaches it."""
    node = report.node.id
    fixes = [*_setting_fixes(node, misfit), *_rank_fixes(document, report, misfit)]
    return Problem(
        misfit.code, misfit.message, misfit.hint, node=node, port=misfit.port, setting=misfit.setting,
        fixes=tuple(fixes),
    )  # fmt: skip


def _setting_fixes(node: str, misfit: Misfit) -> list[Fix]:
    if misfit.setting is None:
        return []
    if misfit.suggest is not None:
        values = {misfit.setting: misfit.suggest}
        return [Fix(f"Set {misfit.setting} to {misfit.suggest}", "change_settings", {"node": node, "values": values})]
    if misfit.code == "unknown-setting":
        return [Fix(f"Remove {misfit.setting}", "change_settings", {"node": node, "unset": (misfit.setting,)})]
    if misfit.code == "setting":
        label = f"Put {misfit.setting} back to its default"
        return [Fix(label, "change_settings", {"node": node, "unset": (misfit.setting,)})]
    return []


def _rank_fixes(document: Document, report: NodeReport, misfit: Misfit) -> list[Fix]:
    """Flatten or Reshape in front, where the number of axes is what is wrong."""
    port = report.port(misfit.port or "", "inputs")
    reached = report.incoming.get(port.name, ()) if port is not None else ()
    spec = reached[0] if reached else None
    if misfit.rank is None or not isinstance(spec, TensorSpec):
        return []
    # The link may name the first port or leave it out; the fix must name it as the link does.
    ends = [link.target_port for link in document.incoming[report.node.id]]
    named = next((end for end in ends if report.port(end, "inputs") == port), "")
    place = {"node": report.node.id, "port": named}
    if misfit.rank == 1 and spec.rank > 1:
        return [Fix("Insert Flatten", "insert_before", {**place, "layer": with_role("flatten")})]
    shape = reshaped(spec, misfit.rank)
    if shape is None:
        return []
    label = f"Insert Reshape to {' x '.join(map(str, shape))}"
    return [Fix(label, "insert_before", {**place, "layer": with_role("reshape"), "settings": {"shape": shape}})]


def reshaped(spec: TensorSpec, rank: int) -> tuple[int, ...] | None:
    """A shape of `rank` axes that holds the same numbers, the likeliest one; None with free lengths."""
    lengths = [length for length in spec.shape if isinstance(length, int)]
    if len(lengths) != spec.rank or not lengths or not 1 <= rank <= 4:
        return None
    if len(lengths) > rank:
        # Rows stay rows: the axes in front are joined (an image becomes a sequence of its rows).
        return (prod(lengths[: len(lengths) - rank + 1]), *lengths[len(lengths) - rank + 1 :])
    if len(lengths) == 1 and rank == 3:
        side = isqrt(lengths[0])
        return (1, side, side) if side * side == lengths[0] else (lengths[0], 1, 1)
    return (*(1 for _ in range(rank - len(lengths))), *lengths)


def unknown_layer(node: Node) -> Problem:
    """The file names a layer that this version does not have."""
    return Problem(
        "unknown-layer",
        f"{node.id} is a {node.layer or 'layer without a name'}, which this version of Netwright does not know.",
        "It is kept as it is in the file. Replace it, or open the design with a newer version.",
        node=node.id,
    )


def unknown_block(node: Node) -> Problem:
    """A group has no network of its own and names no block of the file."""
    block = node.settings.get("block", "")
    what = f'names the block "{block}", which this file does not have' if block else "has nothing inside"
    return Problem(
        "empty-group", f"{node.id} {what}.", "Remove the group, or give it an Input, layers and an Output.",
        node=node.id, setting="block", fixes=(Fix(f"Remove {node.id}", "remove", {"nodes": (node.id,)}),),
    )  # fmt: skip


def too_deep(node: Node) -> Problem:
    """Groups are nested without end."""
    return Problem(
        "too-deep", f"{node.id} stands inside too many groups, or inside itself.", "Take it out.", node=node.id
    )


def uneven_rounds(report: NodeReport) -> Problem:
    """A repeated group must give back as many values as it takes."""
    return Problem(
        "repeat",
        f"{report.node.id} is repeated, but takes {len(report.inputs)} and gives {len(report.outputs)} values.",
        "A repeated group needs as many Outputs as Inputs. Set repeat to 1, or add what is missing inside.",
        node=report.node.id,
        setting="repeat",
        fixes=(Fix("Do not repeat it", "change_settings", {"node": report.node.id, "unset": ("repeat",)}),),
    )


def unconnected(document: Document, node: Node, port: Port) -> Problem:
    """An input that must be connected is not."""
    ids = list(document.nodes)
    before = [name for name in ids[: document.place[node.id]] if not document.outgoing.get(name)]
    fixes: tuple[Fix, ...] = ()
    if not document.incoming.get(node.id) and not any(document.nodes[name].layer == with_role("input") for name in ids):
        fixes = (Fix("Add an Input in front", "prepend_before", {"node": node.id, "layer": with_role("input")}),)
    where = f'the port "{port.name}" of {node.id}' if port.name != "x" else node.id
    hint = f"Draw a link to it, for example from {before[-1]}." if before else "Draw a link to it."
    return Problem("unconnected", f"Nothing reaches {where}.", hint, node=node.id, port=port.name, fixes=fixes)


def unknown_port(link: Link, side: str, ports: tuple[Port, ...]) -> Problem:
    """A link ends at a port that its node does not have."""
    node, name = (link.target, link.target_port) if side == "input" else (link.source, link.source_port)
    known = ", ".join(port.name for port in ports) or "none"
    called = f' called "{name}"' if name else ""
    cut = {
        "source": link.source, "target": link.target, "source_port": link.source_port, "target_port": link.target_port,
    }  # fmt: skip
    start, end = link.ends
    return Problem(
        "unknown-port",
        f"{node} has no {side}{called}; it has {known}.",
        f"Draw the link {start} → {end} anew.",
        node=node,
        fixes=(Fix(f"Cut {start} → {end}", "disconnect", cut),),
    )


def cycle(document: Document, caught: set[str]) -> Problem:
    """A circle of links. The link to cut is the one that leads furthest back, whatever was drawn first."""
    place = document.place
    links = [link for link in document.links if link.source in caught and link.target in caught]
    back = max(links, key=lambda link: (place[link.source] - place[link.target], place[link.source], link.ends))
    some = sorted(caught, key=place.__getitem__)
    shown = " → ".join([*some[:5], "..."] if len(some) > 5 else [*some, some[0]])
    start, end = back.ends
    cut = {
        "source": back.source, "target": back.target, "source_port": back.source_port, "target_port": back.target_port,
    }  # fmt: skip
    return Problem(
        "cycle",
        f"{shown} is a circle: what comes out would be needed before it is there.",
        f"Cut one of its links, for example {start} → {end}.",
        node=back.source,
        fixes=(Fix(f"Cut {start} → {end}", "disconnect", cut),),
    )
