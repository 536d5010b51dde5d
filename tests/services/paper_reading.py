"""Reading a Word file as a person does: its words, its page, and that it opens at all."""

from __future__ import annotations

import zipfile
from io import BytesIO

from docx import Document
from docx.document import Document as Paper
from lxml import etree

OFFICIAL = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")


def opened(content: bytes) -> Paper:
    """The paper, every part of whose file is sound."""
    with zipfile.ZipFile(BytesIO(content)) as parts:
        for name in parts.namelist():
            if name.endswith((".xml", ".rels")):
                etree.fromstring(parts.read(name))
    return Document(BytesIO(content))


def words(content: bytes) -> str:
    """All its text, paragraph by paragraph, tables too; no tag of a template is left in it."""
    paper = opened(content)
    lines = [paragraph.text for paragraph in paper.paragraphs]
    lines += [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    text = "\n".join(lines)
    assert "{{" not in text
    assert "{%" not in text
    return text


def measures(content: bytes) -> dict[str, float]:
    """Sides and margins in millimetres."""
    page = opened(content).sections[0]
    names = ("page_width", "page_height", "top_margin", "bottom_margin", "left_margin", "right_margin")
    return {name: getattr(page, name).mm for name in names}


def of_the_decree(content: bytes) -> bool:
    """Margins and type of Decree 30/2020/NĐ-CP, Appendix I."""
    sizes, style = measures(content), opened(content).styles["Normal"].font
    return (
        {round(sizes["page_width"]), round(sizes["page_height"])} == {210, 297}
        and 20 <= round(sizes["top_margin"]) <= 25
        and 20 <= round(sizes["bottom_margin"]) <= 25
        and 30 <= round(sizes["left_margin"]) <= 35
        and 15 <= round(sizes["right_margin"]) <= 20
        and style.name == "Times New Roman"
        and style.size is not None
        and 13 <= style.size.pt <= 14
    )
