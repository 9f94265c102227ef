"""A look at the examples of a source: page through them, by split and class; class balance; columns."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QTabBar, QToolButton, QVBoxLayout, QWidget

from designer.gui.data_looks import DataLooks
from designer.gui.icons import icon
from designer.gui.panels.editors import CalmCombo
from designer.gui.panels.examples.bars import Bar, ScrolledBars
from designer.gui.panels.examples.columns import ColumnsView
from designer.gui.panels.examples.grid import PictureGrid
from designer.gui.panels.examples.scatter import Scatter
from designer.gui.panels.examples.table import ExamplesTable
from designer.gui.panels.examples.texts import class_text
from designer.gui.panels.texts import breakable, count_text, plural
from designer.gui.panels.widgets import text_label
from designer.gui.theme import Appearance, Theme
from designer.protocol import Look, Looked, Source, Split, Survey

PAGE = 60
PAUSE = 200
"""Milliseconds without a change of the source until it is looked at: settings are typed a key at a time."""
PARTS = {
    "all": "All examples", "train": "Training", "validation": "Validation", "test": "Test",
    "lacking": "Rows with gaps",
}  # fmt: skip
SPLITS = ("train", "validation", "test")
MOST_NAMED = 1000
EXAMPLES, CLASSES, COLUMNS = "Examples", "Classes", "Columns"
PICTURES, POINTS, TABLE = "Pictures", "Points", "Table"
_keys = count()


class ExamplesView(QWidget):
    """Shows a source while it can be seen; asks anew where the source, the split or the page changes."""

    looked = Signal(object)
    """The Looked that is shown now."""

    def __init__(self, looks: DataLooks, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._looks, self._appearance = looks, appearance
        self._key = f"examples {next(_keys)}"
        self._source: Source | None = None
        self._split = Split()
        self._classes: Sequence[str] = ()
        self._offset, self._seed = 0, 0
        self._in_front, self._stale = True, False
        self.shown: Looked | None = None
        self.survey: Survey | None = None
        theme = appearance.theme
        self.tabs, self.pages = QTabBar(self), QStackedWidget(self)
        self.part, self.only, self.manner = CalmCombo(self), CalmCombo(self), CalmCombo(self)
        self.grid, self.table, self.scatter = PictureGrid(), ExamplesTable(theme), Scatter(theme)
        self.balance, self.columns = ScrolledBars("How often each class occurs", theme), ColumnsView(theme)
        self.balance_note = text_label(muted=True)
        self.examples = QStackedWidget()
        self.previous, self.next, self.shuffle = QToolButton(self), QToolButton(self), QToolButton(self)
        self.place = QLabel(self)
        self.note = text_label(muted=True, parent=self)
        self._later = QTimer(self, singleShot=True, interval=PAUSE)
        self._lay_out()
        self._connect()
        self._restyle(theme)
        self._show_nothing("")

    def _lay_out(self) -> None:
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setAccessibleName("What of the data is shown")
        for combo, name in ((self.part, "Which examples"), (self.only, "Which class"), (self.manner, "Shown as")):
            combo.setAccessibleName(name)
            combo.setToolTip(name)
            combo.setMinimumContentsLength(3)
        for widget in (self.grid, self.scatter, self.table):
            self.examples.addWidget(widget)
        buttons = ((self.previous, "Earlier examples"), (self.next, "More examples"), (self.shuffle, "Mix the order"))
        for button, tip in buttons:
            button.setToolTip(tip)
            button.setAccessibleName(tip)
        page, column = QWidget(), QVBoxLayout()
        page.setLayout(column)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(5)
        self._choices, self._pager = QHBoxLayout(), QHBoxLayout()
        for combo in (self.part, self.only, self.manner):
            self._choices.addWidget(combo, 1)
        self._pager.addWidget(self.previous)
        self._pager.addWidget(self.place, 1, Qt.AlignmentFlag.AlignCenter)
        self._pager.addWidget(self.next)
        self._pager.addWidget(self.shuffle)
        column.addLayout(self._choices)
        column.addWidget(self.examples, 1)
        column.addLayout(self._pager)
        classes, below = QWidget(), QVBoxLayout()
        classes.setLayout(below)
        below.setContentsMargins(0, 0, 0, 0)
        below.addWidget(self.balance, 1)
        below.addWidget(self.balance_note)
        for each in (page, classes, self.columns):
            self.pages.addWidget(each)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(5)
        outer.addWidget(self.tabs)
        outer.addWidget(self.pages, 1)
        outer.addWidget(self.note)

    def _connect(self) -> None:
        self._looks.told.connect(self._take)
        self._later.timeout.connect(self._ask)
        self._appearance.changed.connect(self._restyle)
        self.tabs.currentChanged.connect(self._show_tab)
        self.part.activated.connect(lambda _place: self._begin())
        self.only.activated.connect(lambda _place: self._begin())
        self.manner.activated.connect(lambda _place: self._show_manner())
        self.previous.clicked.connect(lambda: self._turn(-1))
        self.next.clicked.connect(lambda: self._turn(1))
        self.shuffle.clicked.connect(self._mix)

    # What is asked for.

    def show_source(self, source: Source | None, split: Split, classes: Sequence[str]) -> None:
        """Show another source, or the same one split otherwise; `classes` names those of the target."""
        named = tuple(classes) != tuple(self._classes)
        self._classes = tuple(classes)
        if (source, split) == (self._source, self._split):
            if named and self.shown is not None:
                self._fill_classes()
                self._show_page()
            return
        if source is None or self._source is None or _name(source) != _name(self._source):
            self._seed = 0
            self.tabs.setCurrentIndex(0)
            self.part.setCurrentIndex(0)
            self.only.setCurrentIndex(0)
            self._show_nothing("Reading the examples…" if source is not None else "")
        self._source, self._split, self._offset, self._stale = source, split, 0, source is not None
        if source is None:
            self._later.stop()
            self._looks.forget(self._key)
        elif self._seen:
            self._later.start()

    def show_part(self, part: str) -> None:
        """Show the examples of a split, or the rows with gaps, from the first one on."""
        place = self.part.findData(part)
        if place >= 0:
            self.tabs.setCurrentIndex(0)
            self.part.setCurrentIndex(place)
            self._begin()

    def set_in_front(self, in_front: bool) -> None:
        """Whether it can be seen; what cannot is not looked at."""
        self._in_front = in_front
        self._catch_up()

    @property
    def _seen(self) -> bool:
        return self._in_front and self.isVisible()

    def _catch_up(self) -> None:
        if self._stale and self._seen:
            self._later.start()

    def _begin(self) -> None:
        """From the first page on."""
        self._offset = 0
        self._ask()

    def _turn(self, way: int) -> None:
        self._offset = max(0, self._offset + way * PAGE)
        self._ask()

    def _mix(self) -> None:
        self._seed += 1
        self._begin()

    def _ask(self) -> None:
        if self._source is None:
            return
        self._later.stop()
        part, only = self.part.currentData() or "all", self.only.currentData()
        survey, self._stale = self._stale or self.survey is None, False
        self._looks.ask(
            Look(self._key, self._source, self._split, part, only, self._seed or None, self._offset, PAGE, survey)
        )

    # What is told.

    def _take(self, looked: Looked) -> None:
        if looked.key != self._key or self._source is None:
            return
        if looked.problem:
            self._show_nothing(looked.problem)
            self.looked.emit(looked)
            return
        if self._seed == 0 and self.only.currentData() is None and _all_alike(looked):
            # Folders of images come class by class: the first page would show one of them alone.
            self._stale = True
            self._mix()
            return
        self.shown = looked
        if looked.survey is not None:
            self._show_survey(looked.survey)
        self.pages.setVisible(True)
        self.tabs.setVisible(self.tabs.count() > 1)
        self._show_page()
        self.looked.emit(looked)

    def _show_nothing(self, sentence: str) -> None:
        self.shown, self.survey = None, None
        self.tabs.hide()
        self.pages.hide()
        self._say(sentence)

    def _say(self, sentence: str) -> None:
        self.note.setText(breakable(sentence))
        self.note.setVisible(bool(sentence))

    @property
    def classes(self) -> Sequence[str]:
        """What the classes are called, as the design or the file has it."""
        return self._classes or (self.survey.names if self.survey is not None else ())

    def _show_survey(self, survey: Survey) -> None:
        self.survey = survey
        self._say(survey.note)
        titles = [EXAMPLES, *([CLASSES] if survey.balance else []), *([COLUMNS] if survey.columns else [])]
        self._make_tabs(titles)
        _fill(self.part, [(PARTS[key], key) for key in PARTS if survey.counts.get(key)])
        self._fill_classes()
        drawn = self.shown is not None and _drawn(self.shown)
        manners = [PICTURES] if drawn else [POINTS, TABLE] if survey.axes else [TABLE]
        if manners != [self.manner.itemText(place) for place in range(self.manner.count())]:
            self.manner.clear()
            self.manner.addItems(manners)
        self.manner.setVisible(len(manners) > 1)
        self.scatter.show_points(survey, self.classes)
        self.columns.show_columns(survey.columns)
        self._show_balance(survey)
        self._show_manner()

    def _make_tabs(self, titles: list[str]) -> None:
        if titles == [self.tabs.tabText(place) for place in range(self.tabs.count())]:
            return
        chosen = self.tabs.tabText(self.tabs.currentIndex())
        while self.tabs.count():
            self.tabs.removeTab(0)
        for title in titles:
            self.tabs.addTab(title)
        self.tabs.setCurrentIndex(titles.index(chosen) if chosen in titles else 0)

    def _fill_classes(self) -> None:
        counts = self.survey.balance.get("all", ()) if self.survey is not None else ()
        names = [(class_text(number, self.classes), number) for number in range(len(counts)) if counts[number]]
        _fill(self.only, [("Every class", None), *names[:MOST_NAMED]])
        self.only.setVisible(len(names) > 1)

    def _show_balance(self, survey: Survey) -> None:
        splits = [part for part in SPLITS if part in survey.balance]
        every = survey.balance.get("all", ())
        bars = [
            Bar(class_text(number, self.classes),
                tuple(survey.balance[part][number] for part in splits) or (every[number],),
                tuple(PARTS[part].lower() for part in splits))
            for number in range(len(every))
        ]  # fmt: skip
        self.balance.show_bars(bars)
        filled = [number for bar in bars if (number := sum(bar.counts))]
        text = f"{plural(len(every), 'class', 'classes')}"
        if len(filled) > 1 and max(filled) > min(filled):
            text += f", from {count_text(min(filled))} to {count_text(max(filled))} examples each"
        if splits:
            text += ". Bars: training, validation, test"
        self.balance_note.setText(f"{text}.")

    def _show_tab(self, place: int) -> None:
        pages = {EXAMPLES: 0, CLASSES: 1, COLUMNS: 2}
        if place >= 0:
            self.pages.setCurrentIndex(pages[self.tabs.tabText(place)])

    def _show_manner(self) -> None:
        shown = {PICTURES: self.grid, POINTS: self.scatter}.get(self.manner.currentText(), self.table)
        self.examples.setCurrentWidget(shown)
        paged = shown is not self.scatter
        for widget in (self.previous, self.place, self.next, self.shuffle, self.part):
            widget.setVisible(paged)
        self.only.setVisible(paged and self.only.count() > 2)

    def _show_page(self) -> None:
        looked = self.shown
        if looked is None:
            return
        if _drawn(looked):
            self.grid.show_examples(looked, self.classes, self._appearance.theme)
        else:
            self.table.show_examples(looked, self.classes)
        first, last = looked.offset + 1, looked.offset + len(looked.rows)
        span = f"{count_text(first)} to {count_text(last)} of {count_text(looked.total)}" if looked.rows else "none"
        self.place.setText(span)
        self.previous.setEnabled(looked.offset > 0)
        self.next.setEnabled(last < looked.total)

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what has changed meanwhile."""
        super().showEvent(event)
        self._catch_up()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody waits for an answer now."""
        super().hideEvent(event)
        if self._later.isActive():
            self._later.stop()

    def _restyle(self, theme: Theme) -> None:
        self.previous.setIcon(icon("back", theme))
        self.next.setIcon(icon("forward", theme))
        self.shuffle.setIcon(icon("repeat", theme))
        self.table.rows.theme = theme
        self.scatter.take_theme(theme)
        self.balance.take_theme(theme)
        self.columns.take_theme(theme)
        self._show_page()


def _name(source: Source) -> tuple[str, object]:
    """What tells one data set from another, whatever its settings."""
    return source.key, source.settings.get("path")


def _drawn(looked: Looked) -> bool:
    """Whether examples have pictures."""
    return any(field.form in ("image", "mask") for field in looked.fields)


def _all_alike(looked: Looked) -> bool:
    """Whether a first page of pictures has one class, though there are several."""
    balance = looked.survey.balance.get("all", ()) if looked.survey is not None else ()
    labels = {value for field in looked.fields if field.form == "label" for (value,) in field.values}
    return _drawn(looked) and len(labels) == 1 and sum(count > 0 for count in balance) > 1


def _fill(combo: CalmCombo, entries: Sequence[tuple[str, object]]) -> None:
    """Offer these entries; what was chosen stays so where it still stands among them."""
    chosen = combo.currentData()
    combo.clear()
    for text, value in entries:
        combo.addItem(text, value)
    combo.setCurrentIndex(max(0, combo.findData(chosen)) if chosen is not None else 0)
