"""A window in a process of its own that is edited without end, for the tests that kill it.

Prints the number of each edit and the time at which it was committed, and waits for nobody.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from PySide6.QtCore import QTimer

from designer.graph import edits
from designer.gui.application import make_application, make_window, user_settings

EVERY = 15
"""Milliseconds between two edits."""


def main() -> None:
    """Open the file that is named, and edit its notes until the end."""
    application = make_application()
    window = make_window(application, user_settings())
    window.show()
    window.open(Path(sys.argv[1]))
    count = 0

    def edit() -> None:
        nonlocal count
        count += 1
        window.workspace.commit(lambda document: edits.describe(document, notes=str(count)), "Count")
        sys.stdout.write(f"{count} {time.time()}\n")
        sys.stdout.flush()

    timer = QTimer(interval=EVERY)
    timer.timeout.connect(edit)
    timer.start()
    application.exec()


if __name__ == "__main__":
    main()
