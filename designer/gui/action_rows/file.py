"""The menu File."""

from __future__ import annotations

from designer.gui.action_rows.reasons import drawing, filled, sound, trained
from designer.gui.actions import Row

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
    Row("export_png", "&File/&Export", "Drawing as P&NG…", "Ctrl+Alt+P",
        "Write the drawing as a PNG picture.", lambda d: d.exports.png(), filled, "picture"),
    Row("close", "&File", "&Close design", "Ctrl+W", "Close the design and go to the start page.",
        lambda d: d.show_start(), drawing, "home", True),
    Row("quit", "&File", "&Quit", "Ctrl+Q", "Leave Netwright.", lambda d: d.close(), icon="quit"),
)  # fmt: skip
