"""What the canvas says about the thing under the pointer: a line for the status bar, a few for a tooltip."""

from __future__ import annotations

from html import escape

from designer.gui.canvas.items.link_item import LinkItem
from designer.gui.canvas.items.marks import FRAME
from designer.gui.canvas.look import PortEnd, shape_text
from designer.gui.canvas.scene import DesignScene
from designer.gui.canvas.spots import Spot


def in_one_line(design: DesignScene, spot: Spot) -> str:
    """The status bar's line; empty for nothing."""
    return " — ".join(_lines(design, spot))


def explain(design: DesignScene, spot: Spot) -> str:
    """The tooltip, as rich text; empty for nothing, and for a link, which says at once what there is to say."""
    return as_tooltip("\n".join(_lines(design, spot))) if spot.link is None else ""


def on_link(design: DesignScene, spot: Spot) -> str:
    """What is said at the pointer over a link: what flows there, and what is wrong with it; else nothing."""
    if spot.link is None:
        return ""
    link = design.links[spot.link]
    carried = shape_text(link.carried) if link.carried is not None else "not known yet"
    return "\n".join([carried, *_errors(link)])


def as_tooltip(text: str) -> str:
    """Plain text as a tooltip that wraps its lines and takes nothing in it for markup."""
    return f"<qt>{escape(text).replace(chr(10), '<br>')}</qt>" if text else ""


def _lines(design: DesignScene, spot: Spot) -> list[str]:
    if spot.port is not None:
        return _port_lines(design, spot.port)
    if spot.node is not None:
        item = design.nodes[spot.node]
        return [item.description(), *(problem.sentence for problem in item.problems)]
    if spot.link is not None:
        link = design.links[spot.link]
        return [link.description(), *_errors(link)]
    frame = design.marks.frames.get(spot.mark[1]) if spot.mark is not None and spot.mark[0] == FRAME else None
    return [] if frame is None else [frame.title]


def _errors(link: LinkItem) -> list[str]:
    """The problems of the node at the end of a link that is wrong."""
    return [problem.sentence for problem in link.target.report.problems] if link.wrong else []


def _port_lines(design: DesignScene, end: PortEnd) -> list[str]:
    node, side, name = end
    report = design.nodes[node].report
    port = report.port(name, side)
    if port is None:
        return []
    if side == "outputs":
        carried = [shape_text(report.outgoing[name])] if name in report.outgoing else []
    else:
        carried = [shape_text(specs) for specs in report.incoming.get(name, ())]
    kind = "output" if side == "outputs" else "optional input" if port.optional else "input"
    head = f"{node}.{name}, {kind}" + (f": {' and '.join(carried)}" if carried else "")
    return [head, port.doc] if port.doc else [head]
