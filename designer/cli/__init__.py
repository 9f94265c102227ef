"""The command line: the window's work without a window, and the door to the window."""

from designer.cli.program import main

__all__ = ["main"]
