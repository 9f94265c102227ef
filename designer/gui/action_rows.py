"""The table of all actions: File, Edit, View, Network, Training, Help."""

from __future__ import annotations

from designer.gui.actions import Desk, Row
from designer.gui.runner import State
from designer.gui.theme import DARK, LIGHT, SYSTEM


def drawing(desk: Desk) -> str:
    """A design must be open."""
    return "" if desk.drawing else "Open or begin a design first."


def selected(desk: Desk) -> str:
    """Something must be selected."""
    return drawing(desk) or ("" if desk.workspace.selection else "Select a layer first.")


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


def apply_first_fix(desk: Desk) -> None:
    """Make the first mend that any problem offers."""
    fixes = (fix for problem in desk.workspace.report.problems for fix in problem.fixes)
    if (fix := next(fixes, None)) is not None:
        desk.workspace.fix(fix)


PANELS = (
    ("palette", "palette"), ("inspector", "inspector"), ("data", "data"), ("training", "train"),
    ("problems", "problem"), ("code", "code"), ("parameters", "table"), ("curves", "curves"),
    ("lesson", "lesson"), ("variables", "variable"),
)  # fmt: skip
"""Every panel with its icon; the place is the key that goes there."""


def panel_row(place: int, name: str, drawn: str) -> Row:
    """The action that goes to a panel."""

    def go(desk: Desk) -> None:
        desk.show_panel(name)

    title = name.capitalize()
    key = f"Alt+{place % 10}"  # the tenth key of the row is 0
    return Row(f"show_{name}", "&View/&Panels", title, key, f"Go to the panel {title}.", go, drawing, drawn)


FILE = (
    Row("new", "&File", "&New", "Ctrl+N", "Begin an empty design.", lambda d: d.file.new(), icon="new"),
    Row("open", "&File", "&Open…", "Ctrl+O", "Open a design from a file.", lambda d: d.file.open(), icon="open"),
    Row("save", "&File", "&Save", "Ctrl+S", "Save the design.", lambda d: d.file.save(), drawing, "save", True),
    Row("save_as", "&File", "Save &as…", "Ctrl+Shift+S", "Save the design in another file.",
        lambda d: d.file.save_as(), drawing),
    Row("export_source", "&File/&Export", "&PyTorch source…", "Ctrl+E",
        "Write the network as a Python file that needs torch alone.", lambda d: d.exports.source(), sound, "code"),
    Row("export_weights", "&File/&Export", "Trained &weights…", "Ctrl+Shift+W",
        "Write the best weights of the last training as safetensors.", lambda d: d.exports.weights(), trained, "data"),
    Row("export_onnx", "&File/&Export", "&ONNX…", "Ctrl+Shift+O",
        "Write the network as ONNX, for other programs to run.", lambda d: d.exports.onnx(), sound, "export"),
    Row("export_summary", "&File/&Export", "&Summary…", "Ctrl+Shift+T",
        "Write the table of layers, shapes and parameters as text.", lambda d: d.exports.summary(), filled, "table"),
    Row("export_svg", "&File/&Export", "Drawing as S&VG…", "Ctrl+Shift+V",
        "Write the drawing as SVG, for print.", lambda d: d.exports.svg(), filled, "picture", True),
    Row("export_png", "&File/&Export", "Drawing as P&NG…", "Ctrl+Shift+P",
        "Write the drawing as a PNG picture.", lambda d: d.exports.png(), filled, "picture"),
    Row("close", "&File", "&Close design", "Ctrl+W", "Close the design and go to the start page.",
        lambda d: d.show_start(), drawing, "home", True),
    Row("quit", "&File", "&Quit", "Ctrl+Q", "Leave Netwright.", lambda d: d.close(), icon="quit"),
)  # fmt: skip

EDIT = (
    Row("undo", "&Edit", "&Undo", "Ctrl+Z", "Take the last edit back.", lambda d: d.workspace.undo(), undoable, "undo"),
    Row("redo", "&Edit", "&Redo", "Ctrl+Shift+Z", "Make the edit again that was taken back.",
        lambda d: d.workspace.redo(), redoable, "redo"),
    Row("cut", "&Edit", "Cu&t", "Ctrl+X", "Put the selected layers on the clipboard and take them away.",
        lambda d: d.canvas.cut_selection(), selected, "cut", True, True),
    Row("copy", "&Edit", "&Copy", "Ctrl+C", "Put the selected layers on the clipboard.",
        lambda d: d.canvas.copy_selection(), selected, "copy", on_canvas=True),
    Row("paste", "&Edit", "&Paste", "Ctrl+V", "Add the layers that are on the clipboard.",
        lambda d: d.canvas.paste(), drawing, "paste", on_canvas=True),
    Row("duplicate", "&Edit", "&Duplicate", "Ctrl+D", "Put a copy of the selected layers beside them.",
        lambda d: d.canvas.duplicate_selection(), selected, "duplicate", on_canvas=True),
    Row("delete", "&Edit", "De&lete", "Del", "Take the selected layers and links away.",
        lambda d: d.canvas.delete_selection(), drawing, "delete", on_canvas=True),
    Row("rename", "&Edit", "Rena&me", "F2", "Give the selected layer another name.",
        lambda d: d.canvas.rename_selected(), one_selected, "rename", True, True),
    Row("select_all", "&Edit", "Select &all", "Ctrl+A", "Select all layers.",
        lambda d: d.canvas.select_all(), filled, "select_all", on_canvas=True),
)  # fmt: skip

VIEW = (
    Row("fit_all", "&View", "&Fit all", "Ctrl+1", "Show the whole design.",
        lambda d: d.canvas.fit_all(), filled, "fit"),
    Row("fit_selection", "&View", "Fit &selection", "Ctrl+2", "Show the selected layers as large as they fit.",
        lambda d: d.canvas.fit_selection(), selected, "fit_selection"),
    Row("zoom_in", "&View", "Zoom &in", "Ctrl++", "Make everything larger.",
        lambda d: d.canvas.zoom_by(1.25), drawing, "zoom_in"),
    Row("zoom_out", "&View", "Zoom &out", "Ctrl+-", "Make everything smaller.",
        lambda d: d.canvas.zoom_by(0.8), drawing, "zoom_out"),
    Row("zoom_reset", "&View", "&100 %", "Ctrl+0", "Show layers in their natural size.",
        lambda d: d.canvas.zoom_reset(), drawing, "zoom_reset"),
    *(panel_row(place, name, drawn) for place, (name, drawn) in enumerate(PANELS, 1)),
    Row("canvas_alone", "&View", "Canvas &alone", "F11", "Put all panels away, or bring them back.",
        lambda d: d.show_canvas_alone(), drawing, "system"),
    Row("light", "&View/&Appearance", "&Light", "Ctrl+Alt+L", "Dark on light.",
        lambda d: d.choose_appearance(LIGHT), icon="light", mode=LIGHT),
    Row("dark", "&View/&Appearance", "&Dark", "Ctrl+Alt+D", "Light on dark.",
        lambda d: d.choose_appearance(DARK), icon="dark", mode=DARK),
    Row("system", "&View/&Appearance", "As the &system", "Ctrl+Alt+S", "Light or dark as the system is.",
        lambda d: d.choose_appearance(SYSTEM), icon="system", mode=SYSTEM),
)  # fmt: skip

NETWORK = (
    Row("add_layer", "&Network", "&Add a layer…", "Ctrl+L", "Search the palette for a layer to add.",
        lambda d: d.find_layer(), drawing, "add"),
    Row("next_problem", "&Network", "&Next problem", "F8", "Go to the next problem.",
        lambda d: d.step_to_problem(1), troubled, "next", True),
    Row("previous_problem", "&Network", "&Previous problem", "Shift+F8", "Go to the problem before.",
        lambda d: d.step_to_problem(-1), troubled, "previous"),
    Row("first_fix", "&Network", "Apply the first &fix", "Ctrl+.", "Make the first mend that a problem offers.",
        apply_first_fix, fixable, "fix"),
)  # fmt: skip

TRAINING = (
    Row("train", "&Training", "&Train", "F5", "Train the network from fresh weights.",
        lambda d: d.runs.train(), not_training, "train"),
    Row("pause", "&Training", "&Pause or resume", "F6", "Hold the training, or go on with it.",
        lambda d: d.runs.pause_or_resume(), under_way, "pause"),
    Row("stop", "&Training", "&Stop", "Shift+F5", "End the training; the weights so far are kept.",
        lambda d: d.runs.stop(), under_way, "stop"),
    Row("more", "&Training", "&One epoch more", "Ctrl+F5", "Go on with the last training for one epoch.",
        lambda d: d.runs.more(), can_go_on, "more"),
)  # fmt: skip

HELP = (
    Row("read_lesson", "&Help", "&Lesson of the layer", "F1", "Read what the selected layer does, and when to use it.",
        lambda d: d.show_panel("lesson"), drawing, "lesson"),
    Row("shortcuts", "&Help", "&Shortcuts", "Ctrl+F1", "List all shortcuts.", lambda d: d.show_shortcuts(),
        icon="keyboard"),
    Row("about", "&Help", "&About Netwright", "Shift+F1", "Say what this program is.",
        lambda d: d.show_about(), icon="info"),
)  # fmt: skip

ROWS: tuple[Row, ...] = (*FILE, *EDIT, *VIEW, *NETWORK, *TRAINING, *HELP)

TOOLBAR = "new open save | undo redo | add_layer first_fix | fit_all zoom_out zoom_in"
TRAINING_BAR = "pause stop more"
