"""The look of an official paper (Decree 30/2020/NĐ-CP, Appendix I): page, type, heading, tables, signature.

The functions build a template: a document whose text holds the tags of Jinja that ``filled`` fills in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

from docx import Document
from docx.document import Document as Paper
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph
from docxtpl import DocxTemplate

FONT = "Times New Roman"
CENTRE = WD_ALIGN_PARAGRAPH.CENTER
LEFT = WD_ALIGN_PARAGRAPH.LEFT
RIGHT = WD_ALIGN_PARAGRAPH.RIGHT
JUSTIFIED = WD_ALIGN_PARAGRAPH.JUSTIFY
#: Text is 13 points, as the decree allows; small print of the heading 12.
TEXT, SMALL = Pt(13), Pt(12)
#: What XML cannot hold, or docxtpl would take for a break.
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]+")


#: Width of the text on an upright page and on one that lies.
WIDE_MM, LYING_MM = 160, 247
#: What the office fills in by hand.
DOTS = "......................................"
INTERNAL = "LƯU HÀNH NỘI BỘ"
MADE_UP = "Bản minh họa: cơ sở, điểm phức tạp và sự việc đều là dữ liệu giả định."


@dataclass(frozen=True)
class Issuer:
    """Whose paper it is; what is empty stays a line of dots.

    ``above``: the body over the office; ``code``: the office in numbers of papers, e.g. UBND; ``signer``: a
    position, never a name; ``recipients``: who gets the paper besides the file.
    """

    above: str = ""
    name: str = ""
    place: str = "Hà Nội"
    code: str = ""
    signer: str = ""
    recipients: tuple[str, ...] = ()


def head_values(
    issuer: Issuer, kind: str, number: str | None, on_date: date | None, year: int
) -> dict[str, Any]:
    """What ``heading`` and ``signature`` fill in. ``kind``: of paper in numbers, e.g. KH or QĐ; number and date
    stay open until the clerk has issued the paper (of ``year``, as it stands)."""
    open_number = "-".join(part for part in (kind, issuer.code or "........") if part)
    return {
        "office_above": issuer.above.upper() or DOTS,
        "office": issuer.name.upper() or DOTS,
        "number": f"Số: {number or f'......../{open_number}'}",
        "place_and_date": f"{issuer.place}, {long_date(on_date, year)}",
        "signer": issuer.signer.upper() or DOTS,
        "recipients": [*issuer.recipients] or ["...................."],
    }


def long_date(day: date | None, year: int | None = None) -> str:
    """A date as papers write it: days below 10 and months below 3 with a nought; open where there is none."""
    if day is None:
        return f"ngày ..... tháng ..... năm {year or '.......'}"
    month = f"{day:%m}" if day.month < 3 else str(day.month)
    return f"ngày {day:%d} tháng {month} năm {day:%Y}"


def new_paper(*, lying: bool = False) -> Paper:
    """An empty A4 page with the decree's margins, and page numbers on top from the second page on."""
    paper = Document()
    page = paper.sections[0]
    sides = Mm(210), Mm(297)
    page.page_width, page.page_height = sides[::-1] if lying else sides
    page.orientation = WD_ORIENT.LANDSCAPE if lying else WD_ORIENT.PORTRAIT
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


def body(where: Paper | _Cell, text: str, *, italic: bool = False) -> Paragraph:
    """A paragraph of the text, its first line indented."""
    paragraph = line(where, text, italic=italic)
    paragraph.paragraph_format.first_line_indent = Mm(10)
    return paragraph


def title(paper: Paper, kind: str, about: str) -> None:
    """The kind of paper and what it is about, in the middle."""
    line(paper, kind, bold=True, size=Pt(14), align=CENTRE)
    line(paper, about, bold=True, align=CENTRE)


def dotted(where: Paper | _Cell, text: str = "", *, lines: int = 1, width_mm: int = WIDE_MM) -> None:
    """Something to be written by hand: a text and dots to the end of the line, and whole lines of dots."""
    for number in range(lines):
        paragraph = line(where, f"{text} \t" if number == 0 and text else "\t", align=LEFT)
        stops = paragraph.paragraph_format.tab_stops
        stops.add_tab_stop(Mm(width_mm), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)


def only_if(paper: Paper, tag: str, build: Callable[[], Any]) -> None:
    """What ``build`` adds is in the paper only where ``tag`` holds something."""
    line(paper, f"{{%p if {tag} %}}")
    build()
    line(paper, "{%p endif %}")


def each(where: Paper | _Cell, name: str, rows: str, build: Callable[[], Any]) -> None:
    """What ``build`` adds stands once for each ``name`` of the list ``rows``."""
    line(where, f"{{%p for {name} in {rows} %}}")
    build()
    line(where, "{%p endfor %}")


def new_page(paragraph: Paragraph) -> None:
    """The paragraph begins a page."""
    paragraph.paragraph_format.page_break_before = True


def annex(paper: Paper, about: str, to: str) -> None:
    """The head of an annex, on a new page."""
    new_page(line(paper, "PHỤ LỤC", bold=True, size=Pt(14), align=CENTRE))
    line(paper, about, bold=True, align=CENTRE)
    line(paper, to, italic=True, align=CENTRE)


def heading(paper: Paper, *, number: str = "Số: ........./.........", about: str = "") -> None:
    """Issuing body and number to the left, the nation's name, motto, place and date to the right.

    Fills in ``office_above``, ``office`` and ``place_and_date``. ``about``: what a letter is about, to stand
    under its number.
    """
    table = paper.add_table(rows=2, cols=2)
    _widths(table, (Mm(65), Mm(95)))
    left, right = table.rows[0].cells
    _into(left, "{{ office_above }}", size=SMALL, align=CENTRE)
    line(left, "{{ office }}", bold=True, size=SMALL, align=CENTRE)
    _into(right, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", bold=True, size=SMALL, align=CENTRE)
    _underlined(line(right, "Độc lập - Tự do - Hạnh phúc", bold=True, align=CENTRE))
    left, right = table.rows[1].cells
    _into(left, number, align=CENTRE)
    if about:
        line(left, about, size=SMALL, align=CENTRE)
    _into(right, "{{ place_and_date }}", italic=True, align=CENTRE)


def signature(paper: Paper, signer: str, *, recipients: str = "", how: str = "(Ký, ghi rõ họ tên)") -> None:
    """Recipients to the left, who signs to the right. ``recipients``: the list of them, dots by default."""
    for last in (paper.paragraphs[-1], line(paper, "")):
        # A signature never stands alone on a page.
        last.paragraph_format.keep_with_next = True
    table = paper.add_table(rows=1, cols=2)
    _widths(table, (Mm(80), Mm(80)))
    left, right = table.rows[0].cells
    first = _into(left, "Nơi nhận:", bold=True, italic=True, size=SMALL, align=LEFT)
    first.paragraph_format.keep_with_next = True
    if recipients:
        each(left, "one", recipients, lambda: line(left, "- {{ one }};", size=Pt(11), align=LEFT))
    else:
        line(left, "- ....................;", size=Pt(11), align=LEFT)
    line(left, "- Lưu: VT.", size=Pt(11), align=LEFT)
    _into(right, signer, bold=True, align=CENTRE)
    line(right, how, italic=True, align=CENTRE)


def signatures(paper: Paper, signers: Sequence[str]) -> None:
    """Several who sign side by side, each with room for it."""
    line(paper, "")
    table = paper.add_table(rows=1, cols=len(signers))
    _widths(table, [Mm(WIDE_MM // len(signers))] * len(signers))
    for cell, signer in zip(table.rows[0].cells, signers, strict=True):
        _into(cell, signer, bold=True, align=CENTRE)
        line(cell, "(Ký, ghi rõ họ tên)", italic=True, size=SMALL, align=CENTRE)
        for _ in range(3):
            line(cell, "", align=CENTRE)


def section(paper: Paper, text: str) -> None:
    """The title of a part."""
    line(paper, text, bold=True, align=LEFT).paragraph_format.keep_with_next = True


def pairs(paper: Paper, rows: str, name: str, value: str) -> None:
    """A table of names and values: for each ``row`` of the list ``rows`` the tags ``name`` and ``value``."""
    _rows(paper, (Mm(55), Mm(105)), None, rows, (name, value), SMALL)


def listing(paper: Paper, columns: Sequence[tuple[str, int, str]], rows: str, *, size: Pt = SMALL) -> None:
    """A table with a head: columns of title, width in mm and tag, one line for each ``row`` of ``rows``.

    A tag that begins with * is a list, each of its texts a paragraph.
    """
    titles, widths, tags = zip(*columns, strict=True)
    _rows(paper, [Mm(width) for width in widths], titles, rows, tags, size)


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
    paper: Paper, widths: Sequence[Mm], titles: Sequence[str] | None, rows: str, tags: Sequence[str], size: Pt
) -> None:
    table = paper.add_table(rows=3 + bool(titles), cols=len(tags))
    table.style = "Table Grid"
    _widths(table, widths)
    lines = iter(table.rows)
    if titles:
        head = next(lines)
        for cell, title in zip(head.cells, titles, strict=True):
            _into(cell, title, bold=True, size=size, align=CENTRE)
        _marked(head, "w:tblHeader")
    # docxtpl takes the row of a "tr" tag for the loop itself and drops it.
    _into(next(lines).cells[0], f"{{%tr for row in {rows} %}}")
    repeated = next(lines)
    _marked(repeated, "w:cantSplit")
    for cell, tag in zip(repeated.cells, tags, strict=True):
        _filled_in(cell, tag, size)
    _into(next(lines).cells[0], "{%tr endfor %}")


def _filled_in(cell: _Cell, tag: str, size: Pt) -> None:
    if tag.startswith("*"):
        _into(cell, f"{{%p for one in row.{tag[1:]} %}}")
        text = line(cell, "{{ one }}", size=size, align=LEFT)
        line(cell, "{%p endfor %}")
    else:
        text = _into(cell, f"{{{{ row.{tag} }}}}", size=size, align=LEFT)
    text.paragraph_format.space_before = text.paragraph_format.space_after = Pt(1)


def _into(cell: _Cell, text: str, **look: Any) -> Paragraph:
    """The first paragraph of a cell, which a cell always has."""
    empty = cell.paragraphs[0]._p
    paragraph = line(cell, text, **look)
    empty.getparent().remove(empty)
    return paragraph


def _widths(table: Table, widths: Sequence[Mm]) -> None:
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    # Word reads the widths of the cells, other programs those of the columns.
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = width


def _marked(row: Any, property_name: str) -> None:
    """Give a row a property: to be repeated on the next page, not to be cut by one."""
    mark = OxmlElement(property_name)
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)


def _underlined(paragraph: Paragraph) -> None:
    for run in paragraph.runs:
        run.underline = True
