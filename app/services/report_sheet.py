"""The annex of a report as sheets of a workbook: text, targets, counts, and the rows each figure came from."""

from __future__ import annotations

from collections.abc import Sequence

from app.services.report_figures import Figure
from app.services.report_rows import table_word
from app.services.reports import KeptReport
from app.text import speaking
from data.exporters.workbook import Percent, Table

WHOLE = "Toàn địa bàn"
TRACE = "Truy vết"


def tables(kept: KeptReport) -> list[Table]:
    """The sheets of a report's workbook, in Vietnamese."""
    with speaking("vi"):
        figures = kept.contents.figures
        found = [_text(kept), _targets(kept, figures), _counts(kept, figures), _trace(kept, figures)]
        return [*found, _changes(kept)] if kept.contents.changes else found


def _text(kept: KeptReport) -> Table:
    rows = []
    for section in kept.contents.sections:
        rows.append((section.title, ""))
        rows += [("", paragraph) for paragraph in section.paragraphs if not section.head]
    rows += [("Ghi chú", note) for note in kept.contents.notes]
    return Table("Báo cáo", ("Phần", "Nội dung"), rows, _above(kept))


def _above(kept: KeptReport) -> tuple[str, ...]:
    about = kept.contents.about
    number = f"Số {kept.number} ngày {kept.on_date:%d/%m/%Y}" if kept.number and kept.on_date else "Bản nháp"
    return (f"Kết quả {about}", kept.contents.period_line, number)


def _targets(kept: KeptReport, figures: Sequence[Figure]) -> Table:
    headers = (
        "Mã", "Chỉ tiêu", "Phường", "Tử số", "Mẫu số", "Giá trị", "So sánh", "Chỉ tiêu giao", "Đánh giá",
        "Kỳ trước", "Cùng kỳ năm trước", "Ghi chú",
    )  # fmt: skip
    rows = [
        (
            one.code,
            one.name,
            one.ward or WHOLE,
            one.numerator,
            one.denominator,
            _value(one, one.value),
            one.comparator,
            _value(one, one.target) if one.target is not None else one.target_shown,
            one.met_shown,
            _value(one, one.before),
            _value(one, one.year_before),
            " ".join(filter(None, (one.text, *one.flags))),
        )
        for one in figures
        if one.in_plan
    ]
    return Table("Chỉ tiêu", headers, rows, (kept.contents.period_line,))


def _counts(kept: KeptReport, figures: Sequence[Figure]) -> Table:
    headers = ("Nội dung", "Phường", "Số liệu", "Kỳ trước", "Cùng kỳ năm trước")
    rows = [
        (one.name, one.ward or WHOLE, one.value, one.before, one.year_before)
        for one in figures
        if not one.in_plan
    ]
    return Table("Số liệu", headers, rows, (kept.contents.period_line,))


def _value(one: Figure, value: float | None) -> float | Percent | None:
    return Percent(value) if one.share and value is not None else value


def _trace(kept: KeptReport, figures: Sequence[Figure]) -> Table:
    headers = ("Mã số liệu", "Số liệu", "Phường", "Giá trị", "Bảng", "Tên bảng", "Mã dòng")
    rows = [
        (one.id, one.name, one.ward or WHOLE, one.shown, table, table_word(table), row_id)
        for one in figures
        for table, ids in one.rows.items()
        for row_id in ids
    ]
    return Table(TRACE, headers, rows, (kept.contents.period_line,))


def _changes(kept: KeptReport) -> Table:
    rows = [(one.figure, one.name, one.ward or WHOLE, one.before, one.after) for one in kept.contents.changes]
    headers = ("Mã số liệu", "Nội dung", "Phường", "Số đã báo cáo", "Số điều chỉnh")
    return Table("Điều chỉnh", headers, rows, (kept.contents.period_line,))
