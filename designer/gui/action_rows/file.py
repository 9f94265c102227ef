"""The menu File."""

from __future__ import annotations

from designer.gui.action_rows.reasons import comparing, drawing, filled, has_run, several_open, sound, trained
from designer.gui.actions import Row
from designer.gui.picture_dialog import export_picture, print_picture

FILE = (
    Row("new", "&File", "&New", "Ctrl+N", "Begin an empty design.", lambda d: d.file.new(), icon="new"),
    Row("new_tab", "&File", "New &tab", "Ctrl+T", "Begin an empty design beside those that are open.",
        lambda d: d.file.new_tab(), drawing, "new"),
    Row("start_from_data", "&File", "Start &from my data…", "Ctrl+Shift+N",
        "Choose a file or folder, and take a network that suits it.", lambda d: d.start_from_data(), icon="data"),
    Row("open", "&File", "&Open…", "Ctrl+O", "Open a design from a file.", lambda d: d.file.open(), icon="open"),
    Row("save", "&File", "&Save", "Ctrl+S", "Save the design.", lambda d: d.file.save(), drawing, "save", True),
    Row("save_as", "&File", "Save &as…", "Ctrl+Shift+S", "Save the design in another file.",
        lambda d: d.file.save_as(), drawing),
    Row("compare_file", "&File/Co&mpare with", "A &file…", "Ctrl+Alt+C",
        "Mark on the canvas what differs from another design.", lambda d: d.compared.with_file(), drawing, "compare"),
    Row("compare_last_run", "&File/Co&mpare with", "The &last run", "Ctrl+Alt+T",
        "Mark on the canvas what differs from the design as it was last trained.",
        lambda d: d.compared.with_last_run(), has_run, "train"),
    Row("compare_run", "&File/Co&mpare with", "A &run…", "Ctrl+Alt+Shift+R",
        "Mark on the canvas what differs from the design that a run trained.",
        lambda d: d.compared.with_run(), drawing, "folder"),
    Row("next_difference", "&File/Co&mpare with", "&Next difference", "F7", "Go to the next difference.",
        lambda d: d.compared.step(1), comparing, "next", True),
    Row("previous_difference", "&File/Co&mpare with", "&Previous difference", "Shift+F7",
        "Go to the previous difference.", lambda d: d.compared.step(-1), comparing, "previous"),
    Row("end_comparison", "&File/Co&mpare with", "&End the comparison", "Ctrl+F7",
        "Put the marks of the comparison away.", lambda d: d.compared.end(), comparing, "close"),
    Row("export_source", "&File/&Export", "&PyTorch source…", "Ctrl+E",
        "Write the network as a Python file that needs torch alone.", lambda d: d.exports.source(), sound, "code"),
    Row("export_script", "&File/&Export", "&Training script…", "Ctrl+Alt+Shift+E",
        "Write a Python file that reads the data, trains the network and predicts, with torch alone.",
        lambda d: d.exports.script(), sound, "code"),
    Row("export_weights", "&File/&Export", "Trained &weights…", "Ctrl+Shift+W",
        "Write the best weights of the last training as safetensors.", lambda d: d.exports.weights(), trained, "data"),
    Row("export_onnx", "&File/&Export", "&ONNX…", "Ctrl+Shift+O",
        "Write the network as ONNX, for other programs to run.", lambda d: d.exports.onnx(), sound, "export"),
    Row("export_summary", "&File/&Export", "&Summary…", "Ctrl+Shift+T",
        "Write the table of layers, shapes and parameters as text.", lambda d: d.exports.summary(), filled, "table"),
    Row("export_picture", "&File/&Export", "&Drawing…", "Ctrl+Alt+P", "Write the drawing as SVG, PDF or PNG.",
        export_picture, filled, "picture", True),
    Row("print", "&File", "&Print…", "Ctrl+P", "Show how the drawing comes out on paper, and print it.",
        print_picture, filled, "print", True),
    Row("next_tab", "&File", "Next open &design", "Ctrl+Tab", "Show the next of the open designs.",
        lambda d: d.file.sheets.step(1), several_open, "next", True),
    Row("previous_tab", "&File", "Pre&vious open design", "Ctrl+Shift+Tab", "Show the open design before.",
        lambda d: d.file.sheets.step(-1), several_open, "previous"),
    Row("tab_left", "&File", "Move tab &left", "Ctrl+Shift+PgUp", "Put the tab of this design before its "
        "neighbour; it can be dragged too.", lambda d: d.file.sheets.shift(-1), several_open, "previous"),
    Row("tab_right", "&File", "Move tab ri&ght", "Ctrl+Shift+PgDown", "Put the tab of this design behind its "
        "neighbour; it can be dragged too.", lambda d: d.file.sheets.shift(1), several_open, "next"),
    Row("close", "&File", "&Close design", "Ctrl+W", "Close the design; after the last one, go to the start page.",
        lambda d: d.close_design(), drawing, "home", True),
    Row("quit", "&File", "&Quit", "Ctrl+Q", "Leave Netwright.", lambda d: d.close(), icon="quit"),
)  # fmt: skip
