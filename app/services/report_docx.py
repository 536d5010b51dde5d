"""A report as a Word file (Decree 30/2020/NĐ-CP): the default template, and what fills a template in.

``FIELDS`` is the contract with templates that an office edits: every name that may stand in one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from typing import Any

from docx.document import Document as Paper
from docx.shared import Pt

from app.services import official_paper as look
from app.services.official_paper import Issuer
from app.services.report_figures import Change, Figure
from app.services.report_text import Section

#: Targets that have a column in the table of wards.
WARD_CODES = ("T01", "T02a", "T02b", "T02c", "T03", "T04", "T05", "T06", "T08", "T09", "T10")
WHOLE = "Toàn địa bàn"
#: Names that a template may use; of a list, the names of its rows.
FIELDS: Mapping[str, Sequence[str] | None] = {
    "office_above": None,
    "office": None,
    "number": None,
    "place_and_date": None,
    "signer": None,
    "recipients": None,
    "about": None,
    "about_caps": None,
    "period_line": None,
    "opening": None,
    "demo": None,
    "reference": None,
    "facts": ("name", "value"),
    "sections": ("title", "paragraphs", "head"),
    "notes": None,
    "changes": ("name", "before", "after"),
    "replaced": None,
    "targets": ("at", "code", "name", "result", "target", "met", "before", "year_before"),
    "counts": ("at", "name", "value", "before", "year_before"),
    "wards": ("name", *(code.lower() for code in WARD_CODES)),
}
#: Lists of plain texts.
TEXT_LISTS = ("recipients", "notes")
#: Without these a paper is no report.
REQUIRED = ("office", "number", "place_and_date", "about", "period_line", "sections", "signer", "recipients")


@dataclass(frozen=True)
class ReportPaper:
    """A report to be printed.

    ``about``: what it reports on, over which period; ``period_line``: the first line, with the days counted.
    ``unit_id`` None: of the whole, with a table of the wards. ``facts``: names and values of a quick report.
    ``replaced``: number and date of the report that this one corrects, or that it corrects a draft.
    """

    issuer: Issuer
    about: str
    period_line: str
    sections: Sequence[Section]
    figures: Sequence[Figure]
    unit_id: str | None
    year: int
    number: str | None = None
    on_date: date | None = None
    facts: Sequence[tuple[str, str]] = ()
    notes: Sequence[str] = ()
    replaced: str = ""
    changes: Sequence[Change] = field(default_factory=tuple)
    demo: bool = False


def template() -> bytes:
    """The default template as a Word file that an office can edit and put in its folder."""
    kept = BytesIO()
    _template().save(kept)
    return kept.getvalue()


def _template() -> Paper:
    paper = look.new_paper()
    look.heading(paper, number="{{ number }}")
    look.line(paper, "")
    look.title(paper, "BÁO CÁO", "{{ about }}")
    _ruled(paper)
    look.only_if(paper, "demo", lambda: look.line(paper, "{{ demo }}", italic=True, align=look.CENTRE))
    look.body(paper, "{{ period_line }}")
    look.only_if(paper, "replaced", lambda: look.body(paper, "{{ replaced }}"))
    look.only_if(paper, "opening", lambda: look.body(paper, "{{ opening }}"))
    look.only_if(paper, "facts", lambda: look.pairs(paper, "facts", "name", "value"))
    look.each(paper, "section", "sections", lambda: _section(paper))
    look.only_if(paper, "notes", lambda: _notes(paper))
    look.signature(paper, "{{ signer }}", recipients="recipients", how="(Ký tên, đóng dấu)")
    look.only_if(paper, "targets or counts or wards or changes", lambda: _annex(paper))
    return paper


def _ruled(paper: Paper) -> None:
    """The stroke under the title (Decree 30/2020/NĐ-CP, Appendix I)."""
    look.line(paper, "_______________", align=look.CENTRE, size=Pt(8))


def _section(paper: Paper) -> None:
    look.section(paper, "{{ section.title }}")
    look.each(paper, "text", "section.paragraphs", lambda: look.body(paper, "{{ text }}"))


def _notes(paper: Paper) -> None:
    look.line(paper, "Ghi chú:", italic=True, align=look.LEFT)
    look.each(paper, "note", "notes", lambda: look.body(paper, "- {{ note }}", italic=True))


def _annex(paper: Paper) -> None:
    look.annex(paper, "SỐ LIỆU {{ about_caps }}", "(Kèm theo Báo cáo {{ reference }})")
    look.line(paper, "{{ period_line }}", italic=True, size=look.SMALL)
    small = Pt(11)
    targets = (
        ("Mã", 13, "code"),
        ("Chỉ tiêu", 47, "name"),
        ("Kết quả", 31, "result"),
        ("Mức phải đạt", 19, "target"),
        ("Đánh giá", 16, "met"),
        ("Kỳ trước", 17, "before"),
        ("Cùng kỳ", 17, "year_before"),
    )
    _table(paper, "targets", "Bảng 1. Kết quả thực hiện chỉ tiêu", targets, small)
    counts = (
        ("STT", 12, "at"),
        ("Nội dung", 70, "name"),
        ("Số liệu", 28, "value"),
        ("Kỳ trước", 25, "before"),
        ("Cùng kỳ", 25, "year_before"),
    )
    _table(paper, "counts", "Bảng 2. Số liệu khác", counts, small)
    wards = (("Phường", 29, "name"), *((code, 12, code.lower()) for code in WARD_CODES))
    _table(paper, "wards", "Bảng 3. Kết quả theo phường", wards, Pt(8))
    changed = (("Nội dung", 80, "name"), ("Số đã báo cáo", 40, "before"), ("Số điều chỉnh", 40, "after"))
    _table(paper, "changes", "Bảng điều chỉnh so với báo cáo trước", changed, small)


def _table(paper: Paper, rows: str, title: str, columns: Sequence[tuple[str, int, str]], size: Pt) -> None:
    def build() -> None:
        look.section(paper, title)
        look.listing(paper, columns, rows, size=size)

    look.only_if(paper, rows, build)


def values(paper: ReportPaper) -> dict[str, Any]:
    """What fills a template in: a value for each of ``FIELDS``."""
    own = [one for one in paper.figures if one.unit_id == paper.unit_id]
    wards = [one for one in paper.figures if one.unit_id is not None] if paper.unit_id is None else []
    issued = f"số {paper.number}, " if paper.number else "số ........, "
    return {
        **look.head_values(paper.issuer, "BC", paper.number, paper.on_date, paper.year),
        "about": f"Kết quả {paper.about}",
        "about_caps": paper.about.upper(),
        "period_line": paper.period_line,
        "opening": _opening(paper),
        "demo": look.MADE_UP if paper.demo else "",
        "reference": issued + look.long_date(paper.on_date, paper.year),
        "facts": [{"name": name, "value": value} for name, value in paper.facts],
        "sections": [
            {"title": one.title, "paragraphs": [*one.paragraphs], "head": one.head} for one in paper.sections
        ],
        "notes": [*paper.notes],
        "changes": [
            {"name": f"{one.name} ({one.ward})" if one.ward else one.name} | _sides(one)
            for one in paper.changes
        ],
        "replaced": paper.replaced,
        "targets": [_target_row(at, one) for at, one in _numbered(own, in_plan=True)],
        # A quick report has them in its text.
        "counts": [] if paper.facts else [_count_row(at, one) for at, one in _numbered(own, in_plan=False)],
        "wards": _ward_rows(wards, own),
    }


def _opening(paper: ReportPaper) -> str:
    office = paper.issuer.name or look.DOTS
    return f"{office} báo cáo kết quả {paper.about} như sau:"


def _sides(change: Change) -> dict[str, str]:
    return {"before": change.before, "after": change.after}


def _numbered(figures: Sequence[Figure], *, in_plan: bool) -> Sequence[tuple[int, Figure]]:
    return list(enumerate((one for one in figures if one.in_plan is in_plan), start=1))


def _target_row(at: int, one: Figure) -> dict[str, Any]:
    return {
        "at": at,
        "code": one.code,
        "name": one.name,
        "result": one.shown,
        "target": one.target_shown,
        "met": one.met_shown,
        "before": one.written(one.before),
        "year_before": one.written(one.year_before),
    }


def _count_row(at: int, one: Figure) -> dict[str, Any]:
    return {
        "at": at,
        "name": f"– {one.name}" if ":" in one.code else one.name[:1].upper() + one.name[1:],
        "value": one.shown,
        "before": one.written(one.before),
        "year_before": one.written(one.year_before),
    }


def _ward_rows(wards: Sequence[Figure], whole: Sequence[Figure]) -> list[dict[str, str]]:
    """A line a ward with its targets, the whole last; empty without wards."""
    lines: dict[str | None, dict[str, str]] = {}
    for one in [*wards, *whole]:
        if one.in_plan and (wards or one.unit_id):
            line = lines.setdefault(one.unit_id, {"name": one.ward or WHOLE})
            line[one.code.lower()] = one.written(one.value) or "–"
    blank = {code.lower(): "" for code in WARD_CODES}
    return [blank | line for line in lines.values()]
