"""All actions in one search: by title, menu, key or tooltip; what cannot be done now says why."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QApplication, QWidget

from designer.gui.actions import Desk, Row
from designer.gui.finder.lately import Lately
from designer.gui.finder.popup import Finder
from designer.gui.finder.rows import Choice
from designer.gui.search import in_order, plain, words

OWN = "commands"
"""The action that opens the palette; it is not listed in it."""
KEY = "lately/commands"


def open_palette(desk: Desk) -> None:
    """Show the palette over the window; put it away where it is open."""
    window = desk.canvas.window()
    shown = [palette for palette in window.findChildren(CommandPalette) if palette.isVisible()]
    for palette in shown:
        palette.close_finder(by_key=True)
    if not shown:
        CommandPalette(desk, window).open_centred()


class CommandPalette(Finder):
    """The finder over the rows of all actions. The focus goes back to where it was before anything is done."""

    def __init__(self, desk: Desk, window: QWidget) -> None:
        super().__init__(window, desk.appearance.theme, self._answers, "What do you want to do?")
        self._desk = desk
        self._lately = Lately(desk.settings, KEY)
        self._before = QApplication.focusWidget()
        self.chosen.connect(self._run)
        self.left.connect(lambda by_key: self._give_back() if by_key else None)

    def _give_back(self) -> None:
        if self._before is not None and self._before.isVisible():
            self._before.setFocus()

    def _run(self, name: str) -> None:
        self._lately.note(name)
        self._give_back()
        self._desk.all_actions.refresh()
        self._desk.all_actions[name].trigger()

    def _answers(self, text: str) -> Iterator[Choice]:
        rows = [row for row in self._desk.all_actions.rows if row.id != OWN]
        if text:
            ranked = [
                (place, bool(row.why_not(self._desk)), row)
                for row in rows
                if (place := self._rank(row, text)) is not None
            ]
            yield from (self._choice(row) for *_, row in sorted(ranked, key=lambda found: found[:2]))
            return
        names = self._lately.names
        lately = sorted((row for row in rows if row.id in names), key=lambda row: names.index(row.id))
        rest = [row for row in rows if row.id not in names]
        possible = [row for row in rest if not row.why_not(self._desk)]
        for part in (lately, possible, [row for row in rest if row not in possible]):
            for place, row in enumerate(part):
                yield self._choice(row, separated=place == 0)

    def _rank(self, row: Row, text: str) -> int | None:
        action = self._desk.all_actions[row.id]
        return rank(text, title_of(action), f"{menu_of(row)} {_keys(action)}", row.tip)

    def _choice(self, row: Row, *, separated: bool = False) -> Choice:
        action = self._desk.all_actions[row.id]
        return Choice(
            row.id, f"{row.within}{title_of(action)}", f"{menu_of(row)}: {row.tip}", action.icon, _keys(action),
            row.why_not(self._desk), separated,
        )  # fmt: skip


def rank(text: str, title: str, around: str, tip: str) -> int | None:
    """How well an action answers a text, 0 best: by its title, by its menu and keys too, by its tip, by its letters."""
    wanted, name = plain(text), plain(title)
    initials = "".join(word[:1] for word in words(title))
    named, told = plain(f"{title} {around}"), plain(f"{title} {around} {tip}")
    parts = [plain(part) for part in text.split()]
    ways = (
        name == wanted,
        name.startswith(wanted),
        any(word.startswith(wanted) for word in words(title)) or (len(wanted) > 1 and initials.startswith(wanted)),
        wanted in name,
        all(part in named for part in parts),
        all(part in told for part in parts),
        name[:1] == wanted[:1] and in_order(wanted, name),
    )
    return ways.index(True) if any(ways) else None


def title_of(action: QAction) -> str:
    """An action's text as it is read: without its mnemonic and without dots."""
    return action.text().replace("&&", "\0").replace("&", "").replace("\0", "&").rstrip("…")


def menu_of(row: Row) -> str:
    """The way to the action through the menus: "File, Export"."""
    return row.menu.replace("&", "").replace("/", ", ")


def _keys(action: QAction) -> str:
    return action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
