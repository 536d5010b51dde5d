"""The targets of a period as a workbook: per ward, with the figures beside them. Taking it is logged."""

from __future__ import annotations

import tempfile
from pathlib import Path

from app.access import Right, require
from app.services.exports import taken
from app.services.indicators import Indicators
from app.text import render, speaking
from data.exporters.workbook import Percent, Table, write_workbook
from data.store import Actor, Store
from geo.periods import Period
from geo.targets import Indicator

WHOLE = "Toàn địa bàn"


def is_share(one: Indicator) -> bool:
    """Whether a target's value is a share to be shown in percent, not a count."""
    return one.comparator != "count" and not one.code.startswith("T08")


def workbook(store: Store, actor: Actor, found: Indicators, period: Period) -> bytes:
    """The file in Vietnamese; it holds what was worked out for the actor."""
    require(actor, Right.SEE_TIPS)
    return taken(store, actor, period.text, "chi-tieu.xlsx", lambda: _written(found, period))


def _written(found: Indicators, period: Period) -> bytes:
    with speaking("vi"), tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "chi-tieu.xlsx"
        write_workbook([_targets(found, period), _other(found, period), _notes(found)], file)
        return file.read_bytes()


def _targets(found: Indicators, period: Period) -> Table:
    headers = (
        "Mã", "Chỉ tiêu", "Phường", "Tử số", "Mẫu số", "Kết quả", "So sánh", "Phải đạt", "Được giao riêng",
        "Đạt", "Kỳ trước", "Cùng kỳ năm trước", "Diễn giải",
    )  # fmt: skip
    rows = [
        (
            one.code,
            render(one.name),
            one.ward or WHOLE,
            one.numerator,
            one.denominator,
            _value(one, one.value),
            one.comparator,
            _value(one, one.target),
            "có" if one.assigned else "không",
            {True: "đạt", False: "chưa đạt", None: "chưa xét"}[one.met],
            _value(one, one.before),
            _value(one, one.year_before),
            " ".join(render(text) for text in (one.text, *one.flags)),
        )
        for one in found.rows
    ]
    return Table("Chỉ tiêu", headers, rows, (render(period.words),))


def _value(one: Indicator, value: float | None) -> float | Percent | None:
    return Percent(value) if is_share(one) and value is not None else value


def _other(found: Indicators, period: Period) -> Table:
    headers = ("Số liệu", "Phường", "Kỳ này", "Kỳ trước", "Cùng kỳ năm trước")
    rows = [
        (
            render(one.name),
            one.ward or WHOLE,
            "dưới 5" if one.hidden else one.value,
            one.before,
            one.year_before,
        )
        for one in found.other
    ]
    return Table("Số liệu khác", headers, rows, (render(period.words),))


def _notes(found: Indicators) -> Table:
    return Table("Ghi chú", ("Ghi chú",), [(render(note),) for note in found.footnotes])
