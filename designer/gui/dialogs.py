"""The window's few dialogs: the list of shortcuts, about, and the report of a fault of the program's own."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from html import escape

from PySide6.QtCore import Qt, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QMessageBox, QTextBrowser, QVBoxLayout, QWidget

from designer import __version__
from designer.gui.icons import app_icon

Shortcuts = Mapping[str, list[tuple[str, str, str]]]


def show_shortcuts(shortcuts: Shortcuts, window: QWidget) -> None:
    """A window that may stay open beside the work."""
    dialog = QDialog(window)
    dialog.setWindowTitle("Shortcuts")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.resize(680, 640)
    text = QTextBrowser()
    text.setAccessibleName("Shortcuts")
    text.setHtml(_table(shortcuts))
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    buttons.rejected.connect(dialog.close)
    column = QVBoxLayout(dialog)
    column.addWidget(text)
    column.addWidget(buttons)
    dialog.show()


def _table(shortcuts: Shortcuts) -> str:
    parts = []
    for menu, rows in shortcuts.items():
        lines = "".join(
            f"<tr><td width=118><b>{escape(keys)}</b></td><td width=134>{escape(title)}</td><td>{escape(tip)}</td></tr>"
            for title, keys, tip in rows
        )
        parts.append(f"<h3>{escape(menu)}</h3><table cellspacing=0 cellpadding=3>{lines}</table>")
    return "".join(parts)


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
