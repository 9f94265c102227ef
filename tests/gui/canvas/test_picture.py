"""Pictures of a design are read back: text as text, sizes, transparency, and what is left out of a selection."""

from __future__ import annotations

import re
import zlib

import pytest
from PySide6.QtCore import QSizeF
from PySide6.QtGui import QImage
from PySide6.QtPrintSupport import QPrinter

from designer.graph import edits
from designer.graph.document import Link, Sticky
from designer.graph.frames import add_frame
from designer.graph.routes import add_dot
from designer.graph.stickies import add_sticky
from designer.gui.canvas.picture import LARGEST_PAGE, LARGEST_SIDE, Picture, Subject, page, pixels
from designer.gui.printing import print_on
from designer.gui.theme import light

pytestmark = pytest.mark.usefixtures("appearance")


def streams(pdf: bytes) -> list[bytes]:
    """The parts of a PDF, unpacked."""
    found = []
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        try:
            found.append(zlib.decompress(stream.rstrip(b"\r\n")))
        except zlib.error:
            found.append(stream)
    return found


def letters(pdf: bytes) -> str:
    """What the fonts of a PDF say their signs mean: what can be searched and copied."""
    tables = [part.decode() for part in streams(pdf) if b"begincmap" in part]
    return "".join(chr(int(code, 16)) for table in tables for code in re.findall(r"<([0-9A-Fa-f]{4})>", table))


def written(pdf: bytes) -> int:
    """How many times a page shows text."""
    return sum(len(re.findall(rb"\bT[jJ]\b", part)) for part in streams(pdf))


@pytest.fixture
def marked(workspace):
    """The design with all that can stand beside a network."""
    workspace.commit(lambda document: add_frame(document, ("conv1", "relu1"), "Backbone"), "Frame")
    workspace.commit(lambda document: add_sticky(document, Sticky("Mind the gap", (0.0, 400.0))), "Note")
    workspace.commit(lambda document: add_dot(document, Link("conv1", "sum"), 0, (500.0, 120.0)), "Dot")
    workspace.commit(lambda document: edits.set_bypassed(document, ("relu1",), bypassed=True), "Bypass")
    return workspace


def test_a_pdf_is_one_page_of_the_pictures_size_with_text_as_text(marked):
    picture = Picture(marked.report, light())
    pdf = picture.pdf()
    assert pdf.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
    box = re.search(rb"/MediaBox\s*\[([^\]]*)\]", pdf)
    left, bottom, right, top = map(float, box[1].split())
    assert (right - left, top - bottom) == pytest.approx(
        (picture.size.width() * 0.75, picture.size.height() * 0.75), abs=1
    )
    assert set("ConvolutionBackboneMindthegapLSTM") <= set(letters(pdf))
    assert written(pdf) >= 20
    assert b"/Subtype /Image" not in pdf


def test_an_svg_holds_frames_and_notes_and_its_text(marked):
    text = Picture(marked.report, light()).svg().decode()
    for words in ("Convolution 2D", "Backbone", "Mind the gap", "N x 16 x 8 x 8"):
        assert words in text
    assert "<image" not in text


@pytest.mark.parametrize("scale", [1.0, 3.0, 0.5])
def test_a_png_has_its_scale_and_a_transparent_ground_where_asked(marked, scale):
    for ground, alpha in ((True, 255), (False, 0)):
        picture = Picture(marked.report, light(), ground=ground)
        image = QImage.fromData(picture.png(scale))
        assert (image.width(), image.height()) == (
            round(picture.size.width() * scale), round(picture.size.height() * scale)
        )  # fmt: skip
        assert image.pixelColor(1, 1).alpha() == alpha
        assert image.pixelColor(image.width() // 4, image.height() // 2).alpha() in range(256)


def test_a_picture_of_a_selection_leaves_all_else_out(marked):
    picture = Picture(marked.report, light(), Subject(nodes={"conv1", "sum"}))
    text = picture.svg().decode()
    assert "conv1" in text
    assert "sum" in text
    for other in ("relu1", "lstm1", "Backbone", "Mind the gap"):
        assert other not in text
    assert picture.size.height() < Picture(marked.report, light()).size.height()
    framed = Picture(marked.report, light(), Subject(nodes={"conv1", "relu1"}, notes=tuple(marked.document.stickies)))
    assert "Backbone" in framed.svg().decode()
    assert "Mind the gap" in framed.svg().decode()


def test_what_is_very_large_still_becomes_a_file_that_can_be_opened():
    size = QSizeF(400_000, 1_000)
    assert pixels(size, 2.0).width() == LARGEST_SIDE
    assert page(size).width() == pytest.approx(LARGEST_PAGE)


def test_on_paper_all_of_it_stands_on_one_page_as_text(marked, tmp_path):
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "paper.pdf"))
    picture = Picture(marked.report, light(), ground=False)
    print_on(printer, picture)
    pdf = (tmp_path / "paper.pdf").read_bytes()
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
    assert written(pdf) == written(picture.pdf())
