"""What leaves the program in files: how much a role may take at once, and the mark of who took it and when."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from pathlib import PurePath
from xml.sax.saxutils import escape

from docx import Document
from docx.shared import Pt, RGBColor

from app.text import _, show_time, speaking
from data.cell_text import printable
from data.store import Actor
from geo.errors import RuleError
from geo.messages import msg
from geo.words import Role

#: Rows of one file by role; who is not named here keeps the whole database anyway.
MOST_ROWS: dict[Role, int] = {
    Role.VIEWER: 5_000,
    Role.INSPECTOR: 5_000,
    Role.WARD_POLICE: 5_000,
    Role.WARD_OFFICER: 10_000,
    Role.PLANNER: 50_000,
    Role.REVIEWER: 50_000,
    Role.STEWARD: 200_000,
    Role.AUDITOR: 200_000,
}
#: In a sheet of a workbook the footer comes after these, in this order.
_BEFORE_FOOTER = re.compile(rb"<pageSetup\b[^>]*/>|<pageMargins\b[^>]*/>")
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_DESCRIPTION = b'<dc:description xmlns:dc="http://purl.org/dc/elements/1.1/">'
_GREY = RGBColor(0x60, 0x60, 0x60)


def refuse_too_many(actor: Actor, rows: int) -> None:
    """Raise RuleError ``export_limit`` for more rows than the actor's role may take out in one file."""
    most = MOST_ROWS.get(actor.role)
    if most is not None and rows > most:
        raise RuleError(
            "export_limit",
            msg(
                "Tệp có {n} dòng; vai trò {role} được xuất nhiều nhất {most}.",
                n=rows,
                role=actor.role,
                most=most,
            ),
            hint=msg("Lọc hẹp lại, hoặc nhờ người giữ dữ liệu xuất."),
        )


def watermark(actor: Actor, now: datetime) -> str:
    """Who took a file out and when, as it stands in the file."""
    with speaking("vi"):
        return _("Xuất bởi {name}, {time}", name=actor.name, time=show_time(now))


def stamped(data: bytes, name: str, mark: str, *, seen: bool = True) -> bytes:
    """A file with its mark: workbooks and Word files in the footer of the page and in their properties, each
    file of a .zip likewise. Files for programs (.csv, .geojson, .gpx...) can carry none and stay as they are.

    ``name``: the file's name, or its ending. ``seen`` False: of a Word file in its properties alone, since a
    paper that was issued has the layout of the decree and nothing else.
    """
    match PurePath(name if not name.startswith(".") else f"file{name}").suffix.casefold():
        case ".xlsx":
            return _workbook(data, mark)
        case ".docx":
            return _word(data, mark, seen)
        case ".zip":
            return _rewritten(data, lambda entry, part: stamped(part, entry, mark))
    return data


def _workbook(data: bytes, mark: str) -> bytes:
    # Written into the parts: opening a workbook of fifty thousand rows again would take longer than making it.
    # In a footer & begins a code.
    shown = escape(printable(mark).replace("&", "&&")).encode()
    footer = b"<headerFooter><oddFooter>&amp;L&amp;8" + shown + b"</oddFooter></headerFooter>"

    def part(entry: str, content: bytes) -> bytes:
        if entry == "docProps/core.xml":
            said = _DESCRIPTION + escape(printable(mark)).encode() + b"</dc:description>"
            return content.replace(b"</cp:coreProperties>", said + b"</cp:coreProperties>")
        if not _SHEET.fullmatch(entry) or b"<headerFooter" in content:
            return content
        places = list(_BEFORE_FOOTER.finditer(content))
        if not places:
            return content
        end = places[-1].end()
        return content[:end] + footer + content[end:]

    return _rewritten(data, part)


def _rewritten(data: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(entry, change(entry.filename, old.read(entry)))
    return made.getvalue()


def _word(data: bytes, mark: str, seen: bool) -> bytes:
    document = Document(BytesIO(data))
    document.core_properties.comments = printable(mark)
    for number, section in enumerate(document.sections if seen else ()):
        # A footer that is linked is that of the section before.
        feet = [section.footer] if number == 0 or not section.footer.is_linked_to_previous else []
        if section.different_first_page_header_footer:
            feet.append(section.first_page_footer)
        for foot in feet:
            run = foot.add_paragraph().add_run(printable(mark))
            run.font.size, run.font.color.rgb = Pt(7), _GREY
    done = BytesIO()
    document.save(done)
    return done.getvalue()
