"""The menu Network."""

from __future__ import annotations

from designer.gui.action_rows.reasons import drawing, fixable, one_selected, selected, troubled
from designer.gui.actions import Desk, Row
from designer.problems import Fix


def apply_first_fix(desk: Desk) -> None:
    """Make the first mend that any problem offers."""
    fixes = (fix for problem in desk.workspace.report.problems for fix in problem.fixes)
    if (fix := next(fixes, None)) is not None:
        desk.workspace.fix(fix)


def fixes_of_selected(desk: Desk) -> tuple[Fix, ...]:
    """The mends of the problems of the one selected layer."""
    chosen = desk.workspace.selection if desk.drawing else frozenset()
    problems = desk.workspace.shown_report.problems_by_node.get(next(iter(chosen)), ()) if len(chosen) == 1 else ()
    return tuple(fix for problem in problems for fix in problem.fixes)


def selected_fixable(desk: Desk) -> str:
    """The one selected layer must have a problem that can be mended."""
    return one_selected(desk) or ("" if fixes_of_selected(desk) else "The selected layer has no problem with a mend.")


NETWORK = (
    Row("add_layer", "&Network", "&Add a layer…", "Ctrl+L", "Search the palette for a layer to add.",
        lambda d: d.find_layer(), drawing, "add"),
    Row("add_here", "&Network", "Add a layer &here…", "Tab",
        "Search for a layer, and add it at the pointer or behind the selected one.",
        lambda d: d.canvas.quick_add.open_by_key(), drawing, "add", on_canvas=True),
    Row("bypass", "&Network", "&Bypass, or switch on", "Ctrl+B",
        "Let the selected layers hand on what reaches them unchanged, or work again.",
        lambda d: d.canvas.flow.toggle_bypass(), selected, "bypass", on_canvas=True),
    Row("next_problem", "&Network", "&Next problem", "F8", "Go to the next problem.",
        lambda d: d.step_to_problem(1), troubled, "next", True),
    Row("previous_problem", "&Network", "&Previous problem", "Shift+F8", "Go to the problem before.",
        lambda d: d.step_to_problem(-1), troubled, "previous"),
    Row("first_fix", "&Network", "Apply the first &fix", "Ctrl+.", "Make the first mend that a problem offers.",
        apply_first_fix, fixable, "fix"),
    Row("fix_selected", "&Network", "Mend the &selected layer", "Alt+Return",
        "Make the first mend that the problems of the selected layer offer.",
        lambda d: d.workspace.fix(fixes_of_selected(d)[0]), selected_fixable, "fix", on_canvas=True),
)  # fmt: skip
