"""The look of an official paper (Decree 30/2020/NĐ-CP, Appendix I): page, type, heading, tables, signature.

The functions build a template: a document whose text holds the tags of Jinja that ``filled`` fills in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

from docx import Document
from docx.document import Document as Paper
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph
from docxtpl import DocxTemplate

FONT = "Times New Roman"
CENTRE = WD_ALIGN_PARAGRAPH.CENTER
LEFT = WD_ALIGN_PARAGRAPH.LEFT
JUSTIFIED = WD_ALIGN_PARAGRAPH.JUSTIFY
#: Text is 13 points, as the decree allows; small print of the heading 12.
TEXT, SMALL = Pt(13), Pt(12)
#: What XML cannot hold, or docxtpl would take for a break.
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]+")


def new_paper() -> Paper:
    """An empty A4 page with the decree's margins, and page numbers on top from the second page on."""
    paper = Document()
    page = paper.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin = page.bottom_margin = Mm(20)
    page.left_margin, page.right_margin = Mm(30), Mm(20)
    page.different_first_page_header_footer = True
    style = paper.styles["Normal"]
    style.font.name, style.font.size = FONT, TEXT
    # Word asks for the font of East Asian letters apart.
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(3)
    number = page.header.paragraphs[0]
    number.alignment = CENTRE
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        number.add_run()._r.append(_field(kind, text))
    return paper


def _field(kind: str, text: str) -> Any:
    if kind:
        mark = OxmlElement("w:fldChar")
        mark.set(qn("w:fldCharType"), kind)
        return mark
    instruction = OxmlElement("w:instrText")
    instruction.text = text
    return instruction


def line(
    where: Paper | _Cell,
    text: str,
    *,
    bold: bool = False,
    italic: bool = False,
    size: Pt = TEXT,
    align: WD_ALIGN_PARAGRAPH = JUSTIFIED,
) -> Paragraph:
    """A paragraph of one look."""
    paragraph = where.add_paragraph()
    paragraph.alignment = align
    run = paragraph.add_run(text)
    run.bold, run.italic, run.font.size = bold, italic, size
    return paragraph


def heading(paper: Paper) -> None:
    """Issuing body and number to the left, the nation's name, motto, place and date to the right.

    Fills in ``office_above``, ``office`` and ``place_and_date``.
    """
    table = paper.add_table(rows=2, cols=2)
    _widths(table, (Mm(65), Mm(95)))
    left, right = table.rows[0].cells
    _into(left, "{{ office_above }}", size=SMALL, align=CENTRE)
    line(left, "{{ office }}", bold=True, size=SMALL, align=CENTRE)
    _into(right, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", bold=True, size=SMALL, align=CENTRE)
    _underlined(line(right, "Độc lập - Tự do - Hạnh phúc", bold=True, align=CENTRE))
    left, right = table.rows[1].cells
    _into(left, "Số: ........./.........", align=CENTRE)
    _into(right, "{{ place_and_date }}", italic=True, align=CENTRE)


def signature(paper: Paper, signer: str) -> None:
    """Recipients to the left, who signs to the right."""
    line(paper, "")
    table = paper.add_table(rows=1, cols=2)
    _widths(table, (Mm(80), Mm(80)))
    left, right = table.rows[0].cells
    first = _into(left, "Nơi nhận:", bold=True, italic=True, size=SMALL, align=LEFT)
    first.paragraph_format.keep_with_next = True
    line(left, "- ....................;", size=Pt(11), align=LEFT)
    line(left, "- Lưu: VT.", size=Pt(11), align=LEFT)
    _into(right, signer, bold=True, align=CENTRE)
    line(right, "(Ký, ghi rõ họ tên)", italic=True, align=CENTRE)


def section(paper: Paper, text: str) -> None:
    """The title of a part."""
    line(paper, text, bold=True, align=LEFT).paragraph_format.keep_with_next = True


def pairs(paper: Paper, rows: str, name: str, value: str) -> None:
    """A table of names and values: for each ``row`` of the list ``rows`` the tags ``name`` and ``value``."""
    _rows(paper, (Mm(55), Mm(105)), None, rows, (name, value))


def listing(paper: Paper, columns: Sequence[tuple[str, int, str]], rows: str) -> None:
    """A table with a head: columns of title, width in mm and tag, one line for each ``row`` of ``rows``."""
    titles, widths, tags = zip(*columns, strict=True)
    _rows(paper, [Mm(width) for width in widths], titles, rows, tags)


def filled(template: Paper, values: Mapping[str, Any]) -> bytes:
    """The document with its tags filled in; every text is escaped."""
    kept, done = BytesIO(), BytesIO()
    template.save(kept)
    kept.seek(0)
    document = DocxTemplate(kept)
    # Without it "&" and "<" of a name would break the document.
    document.render(_clean(values), autoescape=True)
    document.save(done)
    return done.getvalue()


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return " ".join(_CONTROL.sub(" ", value).split())
    if isinstance(value, Mapping):
        return {name: _clean(one) for name, one in value.items()}
    return [_clean(one) for one in value] if isinstance(value, list | tuple) else value


def _rows(
    paper: Paper, widths: Sequence[Mm], titles: Sequence[str] | None, rows: str, tags: Sequence[str]
) -> None:
    table = paper.add_table(rows=3 + bool(titles), cols=len(tags))
    table.style = "Table Grid"
    _widths(table, widths)
    lines = iter(table.rows)
    if titles:
        head = next(lines)
        for cell, title in zip(head.cells, titles, strict=True):
            _into(cell, title, bold=True, size=SMALL, align=CENTRE)
        _repeated(head)
    # docxtpl takes the row of a "tr" tag for the loop itself and drops it.
    _into(next(lines).cells[0], f"{{%tr for row in {rows} %}}")
    for cell, tag in zip(next(lines).cells, tags, strict=True):
        _into(cell, f"{{{{ row.{tag} }}}}", size=SMALL, align=LEFT)
    _into(next(lines).cells[0], "{%tr endfor %}")


def _into(cell: _Cell, text: str, **look: Any) -> Paragraph:
    """The first paragraph of a cell, which a cell always has."""
    empty = cell.paragraphs[0]._p
    paragraph = line(cell, text, **look)
    empty.getparent().remove(empty)
    return paragraph


def _widths(table: Table, widths: Sequence[Mm]) -> None:
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = width


def _repeated(row: Any) -> None:
    """Show the head of a table again on the next page."""
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)


def _underlined(paragraph: Paragraph) -> None:
    for run in paragraph.runs:
        run.underline = True
