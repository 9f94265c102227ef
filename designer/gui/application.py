"""The Qt application around the window: style, appearance, Ctrl+C, and what happens when the program itself errs."""

from __future__ import annotations

import gc
import logging
import signal
import socket
import sys
import traceback
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, QSettings, QSocketNotifier, QTimer, Signal
from PySide6.QtWidgets import QApplication

from designer import __version__
from designer.gui.dialogs import show_fault
from designer.gui.icons import app_icon
from designer.gui.main_window import MODE, MainWindow
from designer.gui.runner import Runner
from designer.gui.theme import DARK, LIGHT, SYSTEM, Appearance

log = logging.getLogger(__name__)


def make_application() -> QApplication:
    """The application, named and styled; there is one in a process."""
    found = QApplication.instance()
    application = found if isinstance(found, QApplication) else QApplication(sys.argv[:1])
    application.setApplicationName("Netwright")
    application.setApplicationDisplayName("Netwright")
    application.setApplicationVersion(__version__)
    application.setDesktopFileName("netwright")
    application.setStyle("Fusion")
    application.setWindowIcon(app_icon())
    collect_rarely()
    return application


def collect_rarely() -> None:
    """Let Python look for circles of rubbish less often: in a design of 10,000 nodes each look takes a frame or two.

    An edit makes many objects that all stay, which is what makes Python look; there is hardly any rubbish among them.
    """
    gc.set_threshold(100_000, 50, 50)


def user_settings() -> QSettings:
    """The user's settings, in a file that people can read."""
    return QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "Netwright", "netwright")


def make_window(application: QApplication, settings: QSettings) -> MainWindow:
    """The main window with its appearance and its runner."""
    mode = settings.value(MODE, SYSTEM)
    appearance = Appearance(application, mode if mode in (LIGHT, DARK) else SYSTEM)
    window = MainWindow(appearance, Runner(application), settings)
    application.setWindowIcon(app_icon())
    return window


def run(path: Path | None) -> int:
    """Show the window, with a design if there is one, until it is closed."""
    application = make_application()
    window = make_window(application, user_settings())
    faults = Faults(window)
    sys.excepthook = faults.take
    interrupt = Interrupt(window)
    window.show()
    QTimer.singleShot(0, window, lambda: window.begin(path))
    code = application.exec()
    interrupt.end()
    sys.excepthook = sys.__excepthook__
    return code


class Faults(QObject):
    """Logs exceptions that nobody expected and shows each kind once; the program lives on."""

    happened = Signal(str)

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._seen: set[str] = set()
        # Through the event loop: the exception may have come up in the middle of painting, or in a thread.
        self.happened.connect(self._show)

    def take(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """What `sys.excepthook` calls."""
        if issubclass(kind, KeyboardInterrupt):
            self._window.close()
            return
        log.critical("Unexpected exception", exc_info=(kind, error, trace))
        place = traceback.extract_tb(trace)[-1:] if trace is not None else []
        key = f"{kind.__name__} {[(frame.filename, frame.lineno) for frame in place]}"
        if key in self._seen:
            return
        self._seen.add(key)
        report = "".join(traceback.format_exception(kind, error, trace))
        self.happened.emit(f"Netwright {__version__}, Python {sys.version.split()[0]}, {sys.platform}\n{report}")

    def _show(self, report: str) -> None:
        QTimer.singleShot(0, self, lambda: show_fault(report, self._window))


class Interrupt(QObject):
    """Ctrl+C in the terminal closes the window: Python's handler writes to a socket that wakes Qt up."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._ours, theirs = socket.socketpair()
        self._theirs = theirs
        theirs.setblocking(False)
        self._ours.setblocking(False)
        self._before_fd = signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)
        self._before = signal.signal(signal.SIGINT, lambda _number, _frame: None)
        self._notifier = QSocketNotifier(self._ours.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._woken)

    def _woken(self) -> None:
        if signal.SIGINT in self._ours.recv(64):
            self._window.close()

    def end(self) -> None:
        """Give Ctrl+C back to whoever had it."""
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._before_fd)
        signal.signal(signal.SIGINT, self._before)
        self._ours.close()
        self._theirs.close()
