"""Opens the window. Qt is imported only when it is called, so that the command line stays quick without it."""

from __future__ import annotations

import logging
from pathlib import Path


def open_window(path: Path | None = None) -> int:
    """Show the window, with the design in `path` if there is one, and return the exit code when it is closed."""
    from designer.gui.application import run

    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    return run(path)
