"""A sticky note on the canvas: formatted Markdown on a coloured sheet. Nothing that it names is loaded or run."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt, QUrl
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QPainter,
    QPalette,
    QPen,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
)
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from designer.graph.document import Position, Sticky
from designer.gui.canvas.look import FLAT_BELOW, Look

PADDING = 10.0
CORNER = 3.0
HANDLE = 16.0
"""Side of the corner by which a note is made larger or smaller."""
LONGEST = 8000
"""Letters of a note that are laid out on the canvas; more than the largest note shows."""
PLAIN_MARKDOWN = QTextDocument.MarkdownFeature.MarkdownDialectGitHub | QTextDocument.MarkdownFeature.MarkdownNoHTML
"""Markdown without pieces of HTML in it."""


class _Page(QTextDocument):
    """Formatted text that fetches no picture, from the web or from a file, whatever it says."""

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        """Nothing is loaded."""
        return None


class StickyItem(QGraphicsItem):
    """One note; its position is its upper left corner, as in the design."""

    def __init__(self, key: str, sticky: Sticky, look: Look) -> None:
        super().__init__()
        self.key, self.sticky = key, sticky
        self._look = look
        self.size = sticky.size
        self.chosen = self.hovered = False
        self._page: _Page | None = None
        self._page_of: tuple[str, float] | None = None
        self.setZValue(-2)
        self.setPos(*sticky.position)

    @property
    def rect(self) -> QRectF:
        """The sheet, in scene coordinates."""
        return QRectF(self.pos().x(), self.pos().y(), *self.size)

    def show_sticky(self, sticky: Sticky) -> None:
        """Show another text, place, size or colour."""
        if sticky is not self.sticky:
            self.sticky = sticky
            self.put(sticky.position, sticky.size)
            self.update()

    def put(self, position: Position, size: Position) -> None:
        """Stand somewhere, so large; the design does not change."""
        if size != self.size:
            self.prepareGeometryChange()
            self.size = size
        self.setPos(*position)

    def mark(self, *, chosen: bool | None = None, hovered: bool | None = None) -> None:
        """Show it as selected, or as under the pointer."""
        before = (self.chosen, self.hovered)
        self.chosen = self.chosen if chosen is None else chosen
        self.hovered = self.hovered if hovered is None else hovered
        if before != (self.chosen, self.hovered):
            self.update()

    def on_handle(self, at: QPointF) -> bool:
        """Whether a point of the scene is on the corner that changes the size."""
        rect = self.rect
        return QRectF(rect.right() - HANDLE, rect.bottom() - HANDLE, HANDLE + 2, HANDLE + 2).contains(at)

    def boundingRect(self) -> QRectF:
        return QRectF(-3, -3, self.size[0] + 6, self.size[1] + 8)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        look = self._look
        zoom = 1.0 if widget is None else option.levelOfDetailFromTransform(painter.worldTransform())
        sheet = QRectF(0, 0, *self.size)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.shadow)
        painter.drawRoundedRect(sheet.translated(0, 2), CORNER, CORNER)
        painter.setPen(look.outline if self.chosen else self._edge())
        painter.setBrush(look.sheet(self.sticky.color))
        painter.drawRoundedRect(sheet, CORNER, CORNER)
        if zoom < FLAT_BELOW:
            self._paint_first_words(painter)
        else:
            self._paint_page(painter, sheet)
        if self.chosen or self.hovered:
            self._paint_handle(painter)

    def _edge(self) -> QPen:
        pen = QPen(self._look.shade(self.sticky.color, 0.75 if self.hovered else 0.5), 1.0)
        pen.setCosmetic(self._look.cosmetic)
        return pen

    def _paint_first_words(self, painter: QPainter) -> None:
        look = self._look
        words = " ".join(self.sticky.text[:80].replace("#", " ").replace("*", "").split())
        painter.setFont(look.flat_font)
        painter.setPen(look.theme.text)
        text = look.flat_metrics.elidedText(words, Qt.TextElideMode.ElideRight, self.size[0] - 2 * PADDING)
        painter.drawText(QPointF(PADDING, 30), text)

    def _paint_page(self, painter: QPainter, sheet: QRectF) -> None:
        inner = sheet.adjusted(PADDING, PADDING - 2, -PADDING, -PADDING / 2)
        context = QAbstractTextDocumentLayout.PaintContext()
        context.palette.setColor(QPalette.ColorRole.Text, self._look.theme.text)
        context.palette.setColor(QPalette.ColorRole.Link, self._look.theme.accent)
        context.clip = QRectF(0, 0, inner.width(), inner.height())
        painter.save()
        painter.translate(inner.topLeft())
        painter.setClipRect(context.clip, Qt.ClipOperation.IntersectClip)
        self.page(inner.width()).documentLayout().draw(painter, context)
        painter.restore()

    def page(self, width: float) -> QTextDocument:
        """The formatted text, made anew only for another text or width."""
        wanted = (self.sticky.text, width)
        if self._page is None or self._page_of != wanted:
            page = _Page()
            page.setDocumentMargin(0)
            page.setIndentWidth(16)
            page.setDefaultFont(self._look.sticky_font)
            page.setMarkdown(self.sticky.text[:LONGEST], PLAIN_MARKDOWN)
            _calm_headings(page)
            page.setTextWidth(width)
            self._page, self._page_of = page, wanted
        return self._page

    def _paint_handle(self, painter: QPainter) -> None:
        x, y = self.size
        painter.setPen(self._look.hover_border)
        painter.drawLines([QLineF(x - gap, y - 4, x - 4, y - gap) for gap in (8, 13)])


def _calm_headings(page: QTextDocument) -> None:
    """Headings are a little larger than the text: a note is small."""
    block = page.begin()
    while block.isValid():
        level = block.blockFormat().headingLevel()
        if level:
            letters = QTextCharFormat()
            letters.setProperty(QTextFormat.Property.FontSizeAdjustment, 1 if level == 1 else 0)
            cursor = QTextCursor(block)
            cursor.select(QTextCursor.SelectionType.BlockUnderCursor)
            cursor.mergeCharFormat(letters)
        block = block.next()
