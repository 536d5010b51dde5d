"""What the parts of a risk score are about, in few words, and in which group they are drawn."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from app.text import _, label, render
from geo.messages import Message
from geo.risk import Part
from geo.words import LicenceKind

_LICENCE = "licence_"


class Family(StrEnum):
    """Parts that are drawn in one colour, in the order in which they are stacked."""

    BASE = "base"
    HISTORY = "history"
    KIND = "kind"
    PAPERS = "papers"
    SIGNALS = "signals"
    PLACE = "place"
    OTHER = "other"


#: Told apart by colour-blind readers (Okabe and Ito 2008).
FAMILY_COLOURS = {
    Family.BASE: "#c3cad1",
    Family.HISTORY: "#d55e00",
    Family.KIND: "#56b4e9",
    Family.PAPERS: "#0072b2",
    Family.SIGNALS: "#cc79a7",
    Family.PLACE: "#e69f00",
    Family.OTHER: "#009e73",
}
_FAMILIES = {
    "base": Family.BASE,
    "district": Family.BASE,
    "limit": Family.BASE,
    "type": Family.KIND,
    "ward": Family.KIND,
    "serious_violations": Family.HISTORY,
    "other_violations": Family.HISTORY,
    "since_inspection": Family.HISTORY,
    "never_inspected": Family.HISTORY,
    "deadlines_overdue": Family.HISTORY,
    "deadlines_running": Family.HISTORY,
    "particulars": Family.PAPERS,
    "signals": Family.SIGNALS,
    "hotspot": Family.PLACE,
    "border": Family.PLACE,
}


def family(name: str) -> Family:
    """The group of a part."""
    return Family.PAPERS if name.startswith(_LICENCE) else _FAMILIES.get(name, Family.OTHER)


def family_word(one: Family) -> str:
    """What a group of parts is called."""
    return {
        Family.BASE: _("mức nền của địa bàn"),
        Family.HISTORY: _("lịch sử kiểm tra"),
        Family.KIND: _("loại hình và phường"),
        Family.PAPERS: _("giấy tờ"),
        Family.SIGNALS: _("nguồn tin gần đó"),
        Family.PLACE: _("điểm phức tạp, giáp ranh"),
        Family.OTHER: _("thay đổi, cam kết và phần khác"),
    }[one]


def part_word(part: Part) -> str:
    """What one part is about, without its figures."""
    if part.name.startswith(_LICENCE) and part.name.removeprefix(_LICENCE) in list(LicenceKind):
        return _("Giấy tờ: {paper}", paper=label(LicenceKind(part.name.removeprefix(_LICENCE))))
    words = {
        "base": _("Mức nền"),
        "district": _("Mức chung của địa bàn"),
        "limit": _("Giới hạn của thang điểm"),
        "type": _("Loại hình"),
        "ward": _("Phường"),
        "serious_violations": _("Vi phạm nghiêm trọng đã có"),
        "other_violations": _("Vi phạm khác đã có"),
        "since_inspection": _("Thời gian từ lượt kiểm tra trước"),
        "never_inspected": _("Chưa từng được kiểm tra"),
        "deadlines_overdue": _("Thời hạn khắc phục đã qua"),
        "deadlines_running": _("Thời hạn khắc phục đang chạy"),
        "particulars": _("Giấy tờ không khớp với cơ sở"),
        "new": _("Mới mở"),
        "renamed": _("Thay cho cơ sở đã đóng"),
        "reopened": _("Hoạt động trở lại"),
        "commitment": _("Ký cam kết"),
        "signals": _("Nguồn tin đã xác minh gần đó"),
        "hotspot": _("Điểm phức tạp gần đó"),
        "border": _("Giáp ranh"),
    }
    return words.get(part.name) or reason(part)


def reason(part: Part) -> str:
    """The sentence of a part without the points at its end."""
    whole = part.text
    inner = whole.values.get("reason") if isinstance(whole, Message) else None
    return render(inner if isinstance(inner, Message) else whole)


def family_points(parts: Iterable[Part]) -> dict[Family, float]:
    """Points by group, in the order of the groups; they sum to the score."""
    points = dict.fromkeys(Family, 0.0)
    for part in parts:
        points[family(part.name)] += part.points
    return points
