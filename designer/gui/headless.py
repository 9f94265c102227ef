"""Pictures without a window: for the command line, on machines with or without a display."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Literal

from PySide6.QtWidgets import QApplication

from designer.compiler.checking.report import Report
from designer.gui.canvas.picture import write_pdf, write_png, write_svg
from designer.gui.theme import light


def write_picture(report: Report, path: Path, kind: Literal["svg", "png", "pdf"]) -> None:
    """Writes the drawing of a design; raises UserError where it cannot be written."""
    application = _application()
    {"svg": write_svg, "png": write_png, "pdf": write_pdf}[kind](report, path, light())
    application.processEvents()


def _application() -> QApplication:
    """The running application, or one that needs no display; text cannot be measured without one."""
    running = QApplication.instance()
    if isinstance(running, QApplication):
        return running
    if sys.platform == "linux":  # elsewhere there is always a display, and only its own platform knows the fonts
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    return QApplication(sys.argv[:1])
