"""How a finding about a node becomes a problem with its place, its words and its one-click fixes."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from math import isqrt, prod

from designer.catalogue import LAYERS, with_role
from designer.catalogue.layer import Port
from designer.catalogue.tensor import Misfit, TensorSpec, dims
from designer.compiler.checking.matching import shape_fixes
from designer.compiler.checking.order import way_around
from designer.compiler.checking.report import NodeReport
from designer.graph.document import Document, Link, Node
from designer.problems import Fix, Problem

LOOKED_BACK = 100
"""How many nodes before an open port are looked at for one to link from."""


def misfit_problem(document: Document, report: NodeReport, misfit: Misfit) -> Problem:
    """What a layer said about its settings or about what reaches it."""
    node = report.node.id
    if misfit.code == "unknown-setting":
        return _unknown_setting(document, report.node, misfit)
    fixes = [*_setting_fixes(node, misfit), *_rank_fixes(document, report, misfit)]
    if misfit.code == "shapes":
        fixes += shape_fixes(document, report)
    return Problem(
        misfit.code, misfit.message, misfit.hint, node=node, port=misfit.port, setting=misfit.setting,
        fixes=tuple(fixes),
    )  # fmt: skip


def _unknown_setting(document: Document, node: Node, misfit: Misfit) -> Problem:
    """A setting that the layer does not have; those of a group are its variables too."""
    wrong = misfit.setting or ""
    known = [*LAYERS[node.layer].settings]
    if node.inside is not None or node.settings.get("block") in document.blocks:
        known += document.inside_of(node).variables
    close = get_close_matches(wrong, [name for name in known if name not in node.settings], 1)
    better = [
        Fix(f"Call it {name}", "change_settings",
            {"node": node.id, "values": {name: node.settings[wrong]}, "unset": (wrong,)})
        for name in close
    ]  # fmt: skip
    remove = Fix(f"Remove {wrong}", "change_settings", {"node": node.id, "unset": (wrong,)})
    hint = f"Did you mean {close[0]}?" if close else misfit.hint
    return Problem(misfit.code, misfit.message, hint, node=node.id, setting=wrong, fixes=(*better, remove))


def _setting_fixes(node: str, misfit: Misfit) -> list[Fix]:
    if misfit.setting is None:
        return []
    if misfit.suggest is not None:
        values = {misfit.setting: misfit.suggest}
        return [Fix(f"Set {misfit.setting} to {misfit.suggest}", "change_settings", {"node": node, "values": values})]
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
    shape = reshaped(spec, misfit.rank)
    if misfit.rank == 1 and rank_after("flatten", spec, {}) == 1:
        return [Fix("Insert Flatten", "insert_before", {**place, "layer": with_role("flatten")})]
    if shape is None or rank_after("reshape", spec, {"shape": shape}) != misfit.rank:
        return []
    label = f"Insert Reshape to {dims(shape)}"
    return [Fix(label, "insert_before", {**place, "layer": with_role("reshape"), "settings": {"shape": shape}})]


def rank_after(role: str, spec: TensorSpec, settings: Mapping[str, object]) -> int | None:
    """How many axes per example leave the layer of a role; None where it cannot take `spec`."""
    try:
        after = LAYERS[with_role(role)](**settings).output(spec)
    except Misfit:
        return None
    return after.rank if isinstance(after, TensorSpec) else None


def reshaped(spec: TensorSpec, rank: int) -> tuple[int, ...] | None:
    """A shape of `rank` axes that holds the same numbers, the likeliest one; None with free lengths."""
    lengths = [length for length in spec.shape if isinstance(length, int)]
    if len(lengths) != spec.rank or not 1 <= rank <= 4:
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
        node=node.id, setting="block", fixes=(_removal(node),),
    )  # fmt: skip


def too_deep(node: Node, deepest: int) -> Problem:
    """Groups are nested deeper than anybody can follow."""
    return Problem(
        "too-deep", f"{node.id} stands inside {deepest} groups, and no group may stand deeper.",
        f"Take {node.id} out of some of them, or remove it.", node=node.id, fixes=(_removal(node),),
    )  # fmt: skip


def endless(node: Node, block: str) -> Problem:
    """A block holds a group that shows the same block again."""
    return Problem(
        "endless-block", f'{node.id} shows the block "{block}" inside that very block, so it would never end.',
        f"Remove {node.id}, or let it show another block.", node=node.id, setting="block", fixes=(_removal(node),),
    )  # fmt: skip


def too_large(node: Node, size: int, most: int) -> Problem:
    """Groups repeated inside repeated groups multiply."""
    again = node.settings.get("repeat") is not None
    fixes = (Fix("Do not repeat it", "change_settings", {"node": node.id, "unset": ("repeat",)}),) if again else ()
    shown = f"{size:,}" if size < 10**15 else "endlessly many"
    return Problem(
        "too-large", f"{node.id} stands for {shown} nodes once every round is counted; a design has at most {most:,}.",
        "Take a smaller repeat here or in the groups inside it.", node=node.id, setting="repeat", fixes=fixes,
    )  # fmt: skip


def _removal(node: Node) -> Fix:
    return Fix(f"Remove {node.id}", "remove", {"nodes": (node.id,)})


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


def unconnected(document: Document, node: Node, port: Port, *, first: bool) -> Problem:
    """An input that must be connected is not. `first` says whether it is the node's first port."""
    fixes: tuple[Fix, ...] = ()
    if not document.incoming.get(node.id) and not _has_input(document):
        place = {"node": node.id, "layer": with_role("input"), **({} if first else {"port": port.name})}
        fixes = (Fix("Add an Input in front", "prepend_before", place),)
    elif not first:
        fixes = _link_from_input(document, node.id, port.name)
    where = f'the port "{port.name}" of {node.id}' if port.name != "x" else node.id
    source = _loose_end(document, node.id)
    if source and not fixes:
        end = Link(source, node.id, "", "" if first else port.name)
        fixes = (Fix(f"Link {source} to it", "connect", {"link": end}),)
    hint = f"Draw a link to it, for example from {source}." if source else "Draw a link to it."
    return Problem("unconnected", f"Nothing reaches {where}.", hint, node=node.id, port=port.name, fixes=fixes)


def _link_from_input(document: Document, name: str, port: str) -> tuple[Fix, ...]:
    """A link from the Input that feeds the same port of another node (a graph's edges), a loose one, or a new one."""
    inputs = [one for one, node in document.nodes.items() if node.layer == with_role("input")]
    like = [link.source for link in document.links if link.target_port == port and link.source in inputs]
    sources = [*like, *(one for one in inputs if one not in document.outgoing)]
    if not sources:
        place = {"node": name, "layer": with_role("input"), "port": port}
        return (Fix(f"Add an Input for {port}", "prepend_before", place),)
    return (Fix(f"Link {sources[0]} to it", "connect", {"link": Link(sources[0], name, "", port)}),)


def unfed_outputs(document: Document, report: NodeReport) -> list[Problem]:
    """A problem for each output that something reads, although it needs an input to which nothing is linked."""
    lacking = [port for port in report.outputs if port.needs and port.needs not in report.incoming]
    if not lacking:
        return []
    name = report.node.id
    read = [report.port(link.source_port, "outputs") for link in document.outgoing.get(name, ())]
    return [
        Problem("unfed-output", f"{name} gives its {port.name} only where {port.needs} are linked to it.",
                f'Draw a link to its port "{port.needs}".', node=name, port=port.needs,
                fixes=_link_from_input(document, name, port.needs))
        for port in lacking if port in read
    ]  # fmt: skip


def _has_input(document: Document) -> bool:
    wanted = with_role("input")
    return any(node.layer == wanted for node in document.nodes.values())


def _loose_end(document: Document, name: str) -> str | None:
    """The last node, not far before `name`, that gives something nobody reads."""
    end, place = with_role("output"), document.place[name]
    near = reversed(document.ids[max(0, place - LOOKED_BACK) : place])
    return next((one for one in near if document.nodes[one].layer != end and one not in document.outgoing), None)


def unknown_port(link: Link, side: str, ports: tuple[Port, ...]) -> Problem:
    """A link ends at a port that its node does not have."""
    node, name = (link.target, link.target_port) if side == "input" else (link.source, link.source_port)
    only = ", ".join(port.name for port in ports)
    known = f'has no {side} called "{name}", only {only}' if ports else f"has no {side}"
    start, end = link.ends
    return Problem(
        "unknown-port", f"{node} {known}; the link {start} → {end} leads nowhere.", "Cut it, and draw another.",
        node=node, fixes=(cut(link),),
    )  # fmt: skip


def crowded_port(node: str, port: str, links: list[Link]) -> Problem:
    """Several links end at a port that takes one."""
    sources = [link.ends[0] for link in links]
    where = f'the port "{port}" of {node}' if port != "x" else node
    return Problem(
        "crowded-port",
        f"{len(links)} links end at {where}, which takes one: from {', '.join(sources[:-1])} and {sources[-1]}.",
        "Cut all but one, or join them before, for example by adding.",
        node=node, port=port, fixes=tuple(cut(link) for link in links),
    )  # fmt: skip


def cut(link: Link) -> Fix:
    """Take a link away."""
    ends = {
        "source": link.source, "target": link.target, "source_port": link.source_port, "target_port": link.target_port,
    }  # fmt: skip
    return Fix(f"Cut {' → '.join(link.ends)}", "disconnect", ends)


def cycle(document: Document, caught: set[str]) -> Problem:
    """A circle of links. The link to cut is the one that leads furthest back, whatever was drawn first."""
    place = document.place
    links = [link for link in document.links if link.source in caught and link.target in caught]
    back = max(links, key=lambda link: (place[link.source] - place[link.target], place[link.source], link.ends))
    way = way_around(document, caught, back)
    shown = [*way[:3], "...", *way[-2:], way[0]] if len(way) > 6 else [*way, way[0]]
    return Problem(
        "cycle",
        f"{' → '.join(shown)} is a circle: what comes out would be needed before it is there.",
        f"Cut one of its links, for example {' → '.join(back.ends)}.",
        node=back.source,
        fixes=(cut(back),),
    )
