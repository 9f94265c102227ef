"""Why an action cannot be done now, in a sentence; empty where it can."""

from __future__ import annotations

from designer.gui.actions import Desk
from designer.gui.runner import State


def drawing(desk: Desk) -> str:
    """A design must be open."""
    return "" if desk.drawing else "Open or begin a design first."


def selected(desk: Desk) -> str:
    """Something must be selected."""
    return drawing(desk) or ("" if desk.workspace.selection else "Select a layer first.")


def any_selected(desk: Desk) -> str:
    """A layer, a frame or a note must be selected."""
    found = desk.workspace.selection or desk.canvas.design.marks.chosen
    return drawing(desk) or ("" if found else "Select a layer, a frame or a note first.")


def several(desk: Desk) -> str:
    """At least two layers, frames or notes must be selected."""
    return drawing(desk) or ("" if desk.canvas.lining_up.count > 1 else "Select two or more layers first.")


def one_named(desk: Desk) -> str:
    """Exactly one layer, frame or note must be selected."""
    marks = desk.canvas.design.marks.chosen
    alone = len(marks) == 1 and not desk.workspace.selection
    return "" if alone and desk.drawing else one_selected(desk)


def framed(desk: Desk) -> str:
    """A frame must be selected, or a layer in one."""
    found = desk.canvas.marks.frame_at_hand() is not None
    return drawing(desk) or ("" if found else "Select a frame, or a layer in one, first.")


def one_selected(desk: Desk) -> str:
    """Exactly one layer must be selected."""
    return drawing(desk) or ("" if len(desk.workspace.selection) == 1 else "Select one layer first.")


def sound(desk: Desk) -> str:
    """The network must be able to run."""
    if reason := drawing(desk):
        return reason
    report = desk.workspace.report
    return "" if report.nodes and report.sound else "Mend the problems of the design first."


def filled(desk: Desk) -> str:
    """There must be layers."""
    return drawing(desk) or ("" if desk.workspace.document.nodes else "The design is empty.")


def trained(desk: Desk) -> str:
    """A run must have left weights."""
    return drawing(desk) or ("" if desk.runs.weights is not None else "Train the network first.")


def undoable(desk: Desk) -> str:
    """There must be an edit to take back."""
    return drawing(desk) or ("" if desk.workspace.history.undo_label is not None else "There is nothing to undo.")


def redoable(desk: Desk) -> str:
    """There must be an edit that was taken back."""
    return drawing(desk) or ("" if desk.workspace.history.redo_label is not None else "There is nothing to redo.")


def troubled(desk: Desk) -> str:
    """There must be a problem."""
    return drawing(desk) or ("" if desk.workspace.report.problems else "There are no problems.")


def fixable(desk: Desk) -> str:
    """Some problem must offer a mend."""
    found = any(problem.fixes for problem in desk.workspace.report.problems)
    return drawing(desk) or ("" if found else "No problem has a mend to apply.")


def not_training(desk: Desk) -> str:
    """No run may be under way."""
    return drawing(desk) or ("A training is under way." if desk.runs.busy else "")


def under_way(desk: Desk) -> str:
    """A run must be under way, and not about to end."""
    steerable = desk.runs.runner.state in (State.TRAINING, State.PAUSED)
    return "" if steerable else "No training is under way."


def can_go_on(desk: Desk) -> str:
    """The worker must still hold a run that ended."""
    if desk.runs.busy:
        return "A training is under way."
    return "" if desk.runs.can_go_on else "Train the network first."


def comparing(desk: Desk) -> str:
    """Two designs must be compared."""
    return drawing(desk) or ("" if desk.compared.active else "Compare the design with another first.")


def has_run(desk: Desk) -> str:
    """There must be a run of this design."""
    return drawing(desk) or ("" if desk.runs.current is not None else "Train the network first.")


def several_open(desk: Desk) -> str:
    """More than one design must be open."""
    return drawing(desk) or ("" if desk.file.sheets.several else "Only one design is open.")


def searched(desk: Desk) -> str:
    """Something must have been looked for."""
    return drawing(desk) or ("" if desk.finding.text else "Find something first (Edit, Find).")


def split(desk: Desk) -> str:
    """There must be two canvases."""
    return drawing(desk) or ("" if desk.canvases.several else "Split the view first.")


def been_elsewhere(desk: Desk) -> str:
    """There must be a place to go back to."""
    return drawing(desk) or ("" if desk.places.behind else "There is no place before this one.")


def went_back(desk: Desk) -> str:
    """There must be a place to go forward to."""
    return drawing(desk) or ("" if desk.places.ahead else "Go back first; then there is a place to go forward to.")
