"""The handout of a review meeting (DOCX): what its screens show, on paper, with a map drawn without a browser.

Everything comes from the ``Review`` and from the meeting's own map, so that what may not be projected is not
printed either; premises stand there by code.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

from docx.document import Document as Paper
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm

from app.access import Right, require
from app.services import exports, meeting_map
from app.services import official_paper as look
from app.services.map_data import MapData
from app.services.meeting import Review, TargetLine
from app.services.official_paper import Issuer
from app.text import _, label, number, render, show, speaking
from data.store import Actor, Store
from geo.review_words import TaskState
from layers.print_furniture import Titles
from layers.print_ground import print_alerts, print_hotspots, print_premises, print_strips, print_units
from layers.print_map import draw_map
from layers.print_sheet import Page

NAME = "hop-ra-soat-dia-ban.docx"
_WHOLE = "toàn địa bàn"
_DPI = 170


def handout(store: Store, actor: Actor, review: Review, issuer: Issuer, *, demo: bool) -> bytes:
    """The handout of a review, noted in the audit log and marked with who took it and when.

    Needs the right that the meeting needs; ``review`` is what the actor has before their eyes.
    """
    require(actor, Right.SEE_TIPS)

    def make() -> bytes:
        with speaking("vi"):
            # Raises for a unit outside the actor's scope, before anything is drawn.
            ground, _heat = meeting_map.meeting_map(
                store, actor, review.unit_id, review.as_of, as_of=review.as_of
            )
            return look.filled(
                _template(_picture(ground, review, demo=demo)), values(review, issuer, demo=demo)
            )

    return exports.taken(store, actor, review.unit_id or _WHOLE, NAME, make)


def values(review: Review, issuer: Issuer, *, demo: bool) -> dict[str, Any]:
    """What the template is filled with."""
    return {
        **look.head_values(issuer, "", None, None, review.as_of.year),
        "internal": look.INTERNAL,
        "demo": look.MADE_UP if demo else "",
        "about": f"{review.unit or _WHOLE.capitalize()}, {render(review.period.words)}",
        "days": _days(review),
        "sentences": [render(one) for one in review.sentences],
        "risks": _or_none(render(one) for one in review.risks),
        "done": _or_none(render(one) for one in review.done),
        "premises": [
            {"code": one.code, "why": "; ".join(render(reason) for reason in one.reasons)}
            for one in review.premises
        ],
        "borders": [
            {
                "names": " – ".join(one.names),
                "risk": number(one.risk),
                "premises": str(one.premises),
                "joint": show(one.last_joint) or _("chưa có"),
            }
            for one in review.borders
        ],
        "alerts": [
            {
                "place": one.place,
                "kind": label(one.kind),
                "since": show(one.since),
                "late": _("quá hạn") if one.late else "",
            }
            for one in review.alerts
        ],
        "late": _(
            "Nguồn tin quá hạn xử lý: {tips}. Tin chuyển quá hạn nhận: {handovers}.",
            tips=review.late_tips,
            handovers=review.late_handovers,
        ),
        "targets": [_target(one) for one in review.targets if one.value is not None],
        "decisions": [
            {
                "title": one.title,
                "owner": one.owner,
                "given": show(one.given_on),
                "due": show(one.due_on),
                "state": _state(one.state, one.days_late),
            }
            for one in review.decisions
        ],
    }


def _days(review: Review) -> str:
    if review.since:
        return _("Từ sau cuộc họp ngày {day} đến {last}.", day=review.since, last=review.last)
    return _("Từ {first} đến {last}; chưa có cuộc họp trước.", first=review.first, last=review.last)


def _or_none(lines: Any) -> list[str]:
    return list(lines) or [_("Số liệu không cho thấy điều gì.")]


def _state(state: TaskState, days_late: int) -> str:
    return _("{state}, quá hạn {n} ngày", state=label(state), n=days_late) if days_late > 0 else label(state)


def _target(one: TargetLine) -> dict[str, Any]:
    def amount(value: float | None) -> str:
        if value is None:
            return ""
        return number(value, 0) if one.denominator is None else f"{number(100 * value)}%"

    return {
        "code": one.code,
        "name": [render(one.name), *([render(one.text)] if one.met is False else [])],
        "value": amount(one.value),
        "target": amount(one.target),
        "met": {True: _("đạt"), False: _("chưa đạt"), None: _("chưa giao")}[one.met],
    }


def _picture(ground: MapData, review: Review, *, demo: bool) -> bytes:
    """The map as a picture that fits an upright page, drawn around the unit that the meeting is about."""
    units = ground.units
    own = units[units["id"] == review.unit_id] if review.unit_id else units
    titles = Titles(
        review.unit or _WHOLE.capitalize(), render(review.period.words), review.as_of, look.INTERNAL, demo
    )
    layers = [
        print_units(units),
        *([print_strips(ground.strips)] if len(ground.strips) else []),
        print_premises(ground.premises),
        print_hotspots(ground.hotspots),
        print_alerts(ground.alerts),
    ]
    return draw_map(Page("A4", "landscape"), titles, layers, view=[own], form="png", dpi=_DPI)


def _template(picture: bytes) -> Paper:
    paper = look.new_paper()
    look.heading(paper, number="{{ internal }}")
    look.title(paper, "TÀI LIỆU HỌP RÀ SOÁT ĐỊA BÀN", "{{ about }}")
    look.only_if(paper, "demo", lambda: look.line(paper, "{{ demo }}", italic=True, align=look.CENTRE))
    look.section(paper, "1. Thay đổi từ lần họp trước")
    look.body(paper, "{{ days }}", italic=True)
    _lines(paper, "sentences")
    look.body(paper, "Không kể kiểm tra đột xuất và tin chưa xác minh.", italic=True)
    look.section(paper, "2. Bản đồ")
    drawn = paper.add_paragraph()
    drawn.alignment = WD_ALIGN_PARAGRAPH.CENTER
    drawn.add_run().add_picture(BytesIO(picture), width=Mm(look.WIDE_MM))
    look.section(paper, "3. Ba rủi ro")
    _lines(paper, "risks")
    look.section(paper, "4. Ba việc đã làm")
    _lines(paper, "done")
    _table(paper, "5. Cơ sở cần bàn (theo mã)", "premises", [("Mã", 25, "code"), ("Vì sao", 135, "why")])
    _table(
        paper,
        "6. Dải giáp ranh",
        "borders",
        [
            ("Dải giáp ranh", 75, "names"),
            ("Điểm nguy cơ", 25, "risk"),
            ("Cơ sở", 20, "premises"),
            ("Phối hợp gần nhất", 40, "joint"),
        ],
    )
    _table(
        paper,
        "7. Cảnh báo đang mở",
        "alerts",
        [("Nơi", 60, "place"), ("Cảnh báo", 50, "kind"), ("Từ ngày", 27, "since"), ("", 23, "late")],
    )
    look.body(paper, "{{ late }}")
    _table(
        paper,
        "8. Chỉ tiêu",
        "targets",
        [
            ("Mã", 15, "code"),
            ("Chỉ tiêu", 80, "*name"),
            ("Đạt được", 22, "value"),
            ("Mức giao", 21, "target"),
            ("", 22, "met"),
        ],
    )
    _table(
        paper,
        "9. Kết luận của các cuộc họp",
        "decisions",
        [
            ("Kết luận", 52, "title"),
            ("Cơ quan thực hiện", 32, "owner"),
            ("Ngày giao", 25, "given"),
            ("Hạn", 25, "due"),
            ("Tình trạng", 26, "state"),
        ],
    )
    return paper


def _lines(paper: Paper, rows: str) -> None:
    look.each(paper, "one", rows, lambda: look.body(paper, "- {{ one }}"))


def _table(paper: Paper, title: str, rows: str, columns: list[tuple[str, int, str]]) -> None:
    look.section(paper, title)
    look.only_if(paper, rows, lambda: look.listing(paper, columns, rows))
    look.only_if(paper, f"not {rows}", lambda: look.body(paper, "Không có."))
