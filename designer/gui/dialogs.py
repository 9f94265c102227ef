"""The window's few small dialogs: about, and the report of a fault of the program's own."""

from __future__ import annotations

import platform

from PySide6.QtCore import Qt, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMessageBox, QWidget

from designer import __version__
from designer.gui.icons import app_icon


def show_about(window: QWidget) -> None:
    """Which version this is, and on what it stands."""
    box = QMessageBox(window)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowTitle("About Netwright")
    box.setIconPixmap(app_icon().pixmap(72, 72))
    box.setText(f"<h3>Netwright {__version__}</h3>Draw a neural network, see it checked, train it, take the code.")
    box.setInformativeText(f"Python {platform.python_version()}, Qt {qVersion()}.")
    box.setStandardButtons(QMessageBox.StandardButton.Ok)
    box.open()


def show_fault(report: str, window: QWidget | None) -> None:
    """Say that the program itself went wrong, with the details to copy; the work goes on."""
    box = QMessageBox(window)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowTitle("Netwright")
    box.setIcon(QMessageBox.Icon.Warning)
    box.setText("Netwright made a mistake of its own. Your design is still open; save it, and go on.")
    box.setInformativeText("The report says what happened, for those who can mend it.")
    box.setDetailedText(report)
    copy = box.addButton("Copy report", QMessageBox.ButtonRole.ActionRole)
    box.addButton(QMessageBox.StandardButton.Close)
    copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(report))
    box.open()
