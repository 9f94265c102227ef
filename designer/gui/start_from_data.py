"""Starts from data: choose a file, a folder or a ready data set, see what it is, and take a network that suits it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QDialog,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from designer.catalogue.own_data import source_of
from designer.compiler.proposing.propose import Proposal, propose
from designer.graph import edits
from designer.graph.changes import Changes
from designer.gui.data_looks import DataLooks
from designer.gui.panels.data import DataPanel
from designer.gui.panels.remedies import Remedies
from designer.gui.panels.texts import breakable, plural, short_count
from designer.gui.panels.widgets import text_label
from designer.gui.runner import Runner
from designer.gui.theme import Appearance, Theme
from designer.gui.thumbnail import thumbnail
from designer.gui.workspace import Workspace
from designer.own_data.look import Seen

SIZE = QSize(1040, 720)
LEFT = 380
PICTURE = QSize(176, 104)
CARD = 132
ROOMY = 400
"""From this width on a card has room for its picture."""
ABOVE = 3
"""So many parts stand above the cards."""
EMPTY = "Choose a file or a folder of your own, drop it here, or choose a ready data set on the left."
NONE = "No ready network suits this data. Begin an empty design, choose the data there, and draw one."


class ProposalCard(QAbstractButton):
    """A network: its picture, what it is called, how large it is, and why one would take it."""

    def __init__(self, proposal: Proposal, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.proposal, self._theme = proposal, theme
        self.setText(proposal.title)
        self._size = plural(proposal.parameters, "parameter")
        self.setAccessibleName(f"{proposal.title}, {self._size}")
        self.setAccessibleDescription(proposal.why)
        self.setToolTip(f"Begin with this network: {plural(len(proposal.document.nodes), 'layer')}, {self._size}")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setMinimumSize(QSize(260, CARD))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._picture = thumbnail(proposal.document, theme, PICTURE, self.devicePixelRatioF())

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(520, CARD)

    def take_theme(self, theme: Theme) -> None:
        """Draw it in other colours."""
        self._theme = theme
        self._picture = thumbnail(self.proposal.document, theme, PICTURE, self.devicePixelRatioF())
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter takes it, as Space does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A rounded card; in a narrow window the picture gives way to the words."""
        theme, painter = self._theme, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = self.underMouse() or self.hasFocus()
        painter.setPen(QPen(theme.accent if chosen else theme.border, 2 if self.hasFocus() else 1))
        painter.setBrush(theme.panel)
        painter.drawRoundedRect(self.rect().toRectF().adjusted(1, 1, -1, -1), 10, 10)
        left = 14
        if self.width() > ROOMY:
            painter.drawPixmap(12, (self.height() - PICTURE.height()) // 2, self._picture)
            left += PICTURE.width() + 10
        self._write(painter, self.rect().adjusted(left, 12, -14, -8))
        painter.end()

    def _write(self, painter: QPainter, room: QRect) -> None:
        font, line = self.font(), self.fontMetrics().height()
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(self._theme.text)
        title = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, int(Qt.AlignmentFlag.AlignTop), title)
        font.setBold(False)
        painter.setFont(font)
        painter.setPen(self._theme.muted)
        layers = plural(len(self.proposal.document.nodes), "layer")
        figures = f"{layers}, {short_count(self.proposal.parameters)} parameters"
        figures = painter.fontMetrics().elidedText(figures, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room.adjusted(0, line + 2, 0, 0), int(Qt.AlignmentFlag.AlignTop), figures)
        painter.setPen(self._theme.text)
        wrapped = int(Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap)
        painter.drawText(room.adjusted(0, 2 * line + 8, 0, 0), wrapped, self.proposal.why)


class StartFromData(QDialog):
    """Holds a design of its own, which has nothing but data, until a network is chosen."""

    chosen = Signal(object)
    """The Document to begin with."""

    def __init__(self, looks: DataLooks, runner: Runner, appearance: Appearance, parent: QWidget) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self.workspace = Workspace(self)
        self.panel = DataPanel(self.workspace, appearance, looks, runner)
        self.file, self.folder = QPushButton("Choose a file…"), QPushButton("Choose a folder…")
        self.note = text_label(muted=True)
        self.remedies = Remedies(self.workspace)
        self.cards: list[ProposalCard] = []
        self._waiting = ""
        self._column = QVBoxLayout()
        self._heading = QLabel("Networks that suit it")
        self._lay_out()
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self._propose)
        self.file.clicked.connect(self._choose_file)
        self.folder.clicked.connect(self._choose_folder)
        self.workspace.changed.connect(self._follow)
        self.workspace.looks.told.connect(self._take)
        self.workspace.refused.connect(self._say)
        appearance.changed.connect(self._restyle)

    def _lay_out(self) -> None:
        self.setWindowTitle("Start from my data")
        self.setAcceptDrops(True)
        self.setSizeGripEnabled(True)
        self.resize(SIZE)
        top = QHBoxLayout()
        title = QLabel("What shall the network learn from?")
        for label in (title, self._heading):
            label.setProperty("rank", "heading")
        top.addWidget(title, 1)
        top.addWidget(self.file)
        top.addWidget(self.folder)
        page = QWidget()
        page.setLayout(self._column)
        self._column.setContentsMargins(10, 4, 10, 10)
        self._column.setSpacing(10)
        self._column.addWidget(self._heading)
        self._column.addWidget(self.note)
        self._column.addWidget(self.remedies)
        self._column.addStretch(1)
        right = QScrollArea()
        right.setWidget(page)
        right.setWidgetResizable(True)
        right.setFrameShape(QFrame.Shape.NoFrame)
        right.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.panel.setMinimumWidth(280)
        body = QHBoxLayout()
        body.addWidget(self.panel, 2)
        body.addWidget(right, 3)
        self.panel.setMaximumWidth(LEFT)
        outer = QVBoxLayout(self)
        outer.addLayout(top)
        outer.addLayout(body, 1)

    def begin(self, path: Path | None = None) -> None:
        """Show the dialog, with a file or folder where one is given, else with nothing chosen yet."""
        self.workspace.new()
        self._clear()
        self._waiting = ""
        self._say(EMPTY)
        self.show()
        self.raise_()
        if path is not None:
            self.take(path)
        else:
            self.file.setFocus()

    def take(self, path: Path) -> None:
        """Learn from a file or folder as soon as it was looked at."""
        full = str(path.absolute())
        self._waiting = full
        self._clear()
        self._say(f"{path.name} is being looked at…")
        if self.workspace.looks.has(full):
            self._take(full)
        else:
            self.workspace.looks.ask(full)

    def _take(self, path: str) -> None:
        if path != self._waiting:
            return
        self._waiting = ""
        found = self.workspace.looks.known[path]
        if not isinstance(found, Seen):
            self._clear()
            self._say(found)
            return
        data = dict.fromkeys(self.workspace.document.data) | {"source": source_of(found), "path": path}
        self.workspace.commit_whole(lambda document: edits.change_data(document, data), f"Learn from {found.name}")

    def _follow(self, changes: Changes, _report: object) -> None:
        if changes.data:
            self._later.start()

    # The networks.

    def _propose(self) -> None:
        self._clear()
        report = self.workspace.report
        self.remedies.refresh()
        if report.facts is None:
            reasons = [problem.sentence for problem in report.problems if problem.code == "data"]
            if reasons:
                self._say(reasons[0])
            return
        proposals = propose(report.facts, self.workspace.document.data, self.workspace.outlook)
        self._say("" if proposals else NONE)
        for place, proposal in enumerate(proposals):
            card = ProposalCard(proposal, self._appearance.theme)
            card.clicked.connect(lambda _checked=False, proposal=proposal: self._choose(proposal))
            self._column.insertWidget(ABOVE + place, card)
            self.cards.append(card)
        self._heading.setVisible(bool(proposals))

    def _choose(self, proposal: Proposal) -> None:
        self.hide()
        self.chosen.emit(proposal.document)

    def _clear(self) -> None:
        for card in self.cards:
            self._column.removeWidget(card)
            # The click on this very card may be under way.
            card.hide()
            card.deleteLater()
        self.cards = []
        self._heading.hide()

    def _say(self, sentence: str) -> None:
        self.note.setText(breakable(sentence))
        self.note.setVisible(bool(sentence))

    # Files.

    def _choose_file(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, "Choose a data file", str(Path.home()))
        if name:
            self.take(Path(name))

    def _choose_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(self, "Choose a folder of images", str(Path.home()))
        if name:
            self.take(Path(name))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Any file or folder can be dropped; whether it is data is told then."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take the first of what fell."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.take(paths[0])

    def _restyle(self, theme: Theme) -> None:
        for card in self.cards:
            card.take_theme(theme)
