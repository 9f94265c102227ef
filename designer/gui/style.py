"""The window's style sheet: what the Fusion style and the palette leave to be said, in the theme's colours."""

from __future__ import annotations

from PySide6.QtGui import QColor

from designer.gui.theme import Theme


def sheet(theme: Theme) -> str:
    """Flat docks, tabs and bars, quiet borders, and one kind of button that stands out (`main` = true)."""
    border, window, panel = theme.border.name(), theme.window.name(), theme.panel.name()
    text, muted, accent = theme.text.name(), theme.muted.name(), theme.accent.name()
    hover, pressed = _wash(theme.text, 0.08), _wash(theme.text, 0.15)
    return f"""
    QMainWindow, QMainWindow::separator {{ background: {window}; }}
    QMainWindow::separator {{ width: 5px; height: 5px; }}
    QMainWindow::separator:hover {{ background: {_wash(theme.accent, 0.5)}; }}
    QDockWidget {{ titlebar-close-icon: none; titlebar-normal-icon: none; font-weight: 600; }}
    QDockWidget::title {{ padding: 6px 10px; background: {window}; text-align: left; }}
    QTabBar {{ qproperty-drawBase: 0; }}
    QTabBar::tab {{ padding: 6px 11px; color: {muted}; background: transparent; border: none;
        border-bottom: 2px solid transparent; }}
    QTabBar::tab:selected {{ color: {text}; border-bottom-color: {accent}; }}
    QTabBar::tab:hover:!selected {{ color: {text}; background: {hover}; }}
    QTabBar::tab:focus {{ color: {accent}; }}
    QToolBar {{ background: {window}; border: none; border-bottom: 1px solid {border};
        padding: 3px 8px; spacing: 2px; }}
    QToolBar::separator {{ background: {border}; width: 1px; margin: 5px 6px; }}
    QToolButton {{ padding: 5px; border: 1px solid transparent; border-radius: 6px; }}
    QToolButton[rank="fold"] {{ padding: 4px 4px 4px 0; }}
    QToolButton:hover {{ background: {hover}; }}
    QToolButton:pressed, QToolButton:checked {{ background: {pressed}; }}
    QToolButton:focus {{ border-color: {accent}; }}
    QToolButton:disabled {{ color: {muted}; }}
    QToolButton[main="true"]:disabled {{ border-color: {border}; }}
    QMenuBar {{ background: {window}; padding: 1px 4px; }}
    QMenuBar::item {{ padding: 4px 9px; border-radius: 5px; background: transparent; }}
    QMenuBar::item:selected {{ background: {hover}; }}
    QStatusBar {{ background: {window}; border-top: 1px solid {border}; color: {muted}; }}
    QStatusBar::item {{ border: none; }}
    QStatusBar QLabel {{ color: {muted}; padding: 2px 6px; }}
    QStatusBar QToolButton {{ color: {muted}; padding: 2px 6px; border-radius: 4px; }}
    QPushButton {{ padding: 5px 12px; border: 1px solid {border}; border-radius: 6px; background: {panel}; }}
    QPushButton:hover {{ border-color: {muted}; }}
    QPushButton:pressed {{ background: {pressed}; }}
    QPushButton:focus {{ border-color: {accent}; }}
    QPushButton:disabled {{ color: {muted}; background: transparent; }}
    QPushButton[main="true"]:enabled, QToolButton[main="true"]:enabled {{ background: {accent};
        color: {theme.on_accent.name()}; border-color: {accent}; font-weight: 600; }}
    QPushButton[main="true"]:hover:enabled, QToolButton[main="true"]:hover:enabled {{
        background: {_mixed(theme.accent, theme.text, 0.15)}; }}
    QPushButton[main="true"]:focus, QToolButton[main="true"]:focus {{ border: 2px solid {text}; }}
    QProgressBar {{ border: none; border-radius: 3px; background: {_wash(theme.text, 0.12)}; max-height: 6px; }}
    QProgressBar::chunk {{ border-radius: 3px; background: {accent}; }}
    QLabel[rank="muted"] {{ color: {muted}; }}
    QLabel[rank="heading"] {{ font-weight: 600; }}
    QLabel[rank="number"] {{ font-size: 15px; font-weight: 600; }}
    QScrollArea {{ background: transparent; border: none; }}
    QToolTip {{ color: {text}; background: {panel}; border: 1px solid {border}; padding: 4px; }}
    """


def _wash(colour: QColor, opacity: float) -> str:
    return f"rgba({colour.red()}, {colour.green()}, {colour.blue()}, {opacity})"


def _mixed(one: QColor, other: QColor, share: float) -> str:
    parts = ((one.red(), other.red()), (one.green(), other.green()), (one.blue(), other.blue()))
    return QColor(*(round(a + (b - a) * share) for a, b in parts)).name()
