"""The levels of a design: what is shown at a path of groups, and what becomes of the path when the design changes."""

from __future__ import annotations

from dataclasses import replace

from designer.compiler.checking.check import check
from designer.compiler.checking.report import Report
from designer.graph.document import Document
from designer.graph.nesting import renaming

Place = tuple[str, ...]
"""A path of groups, outermost first; () is the whole design."""


def stands(whole: Document, place: Place) -> bool:
    """Whether there are these groups, one inside the other."""
    try:
        whole.at(place)
    except KeyError:
        return False
    return True


def report_at(report: Report, place: Place) -> Report:
    """The report of what is inside groups, of a repeated one its first round.

    It is checked by itself where the groups around are not sound.
    """
    whole = report.document
    for group in place:
        rounds = report.nodes[group].rounds
        if not rounds:
            return check(replace(whole.at(place), blocks=whole.blocks))
        report = rounds[0]
    return report


def still_there(place: Place, before: Document, whole: Document) -> Place:
    """The same place after an edit: groups that got another id are followed, those that went are left."""
    if stands(whole, place):
        return place
    found: Place = ()
    for depth, group in enumerate(place):
        if not stands(whole, (*found, group)):
            old, new = renaming(before.at(place[:depth]), whole.at(found)) or ("", "")
            if old != group or not stands(whole, (*found, new)):
                break
            group = new
        found = (*found, group)
    return found


def path_of(report: Report, full_id: str) -> Place | None:
    """The groups around a node and its own id, by its full id ("block1.0.conv1"); None where it is not there."""
    place: Place = ()
    rest = full_id
    while rest not in report.nodes:
        group, _, rest = rest.partition(".")
        rounds = report.nodes[group].rounds if group in report.nodes else ()
        if not rounds:
            return None
        place = (*place, group)
        report = rounds[0]
        head, _, tail = rest.partition(".")
        rest = tail if head.isdigit() else rest
    return (*place, rest)
