"""The papers of an inspection plan (DOCX): the plan that may be published, and the sheet each team works from.

The public form lists premises and quarter, without day, hour, score or reason, and never an unannounced visit;
what a team carries is marked as internal (domain rule 4).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from docx.document import Document as Paper

from app.services import official_paper as look
from app.services.official_paper import Issuer
from app.services.paper_laws import laws_on
from app.text import label, number, speaking
from geo.words import PremisesType, VisitOutcome

#: What a plan announces that is looked at, whatever the premises.
CONTENT = (
    "Đăng ký kinh doanh; giấy chứng nhận đủ điều kiện về an ninh, trật tự; giấy phép karaoke, vũ trường",
    "Phòng cháy, chữa cháy; hợp đồng lao động; khám sức khỏe định kỳ cho người lao động",
    "Bản cam kết không để xảy ra tệ nạn mại dâm; sổ quản lý lưu trú đối với cơ sở lưu trú",
)
#: By which the public form is sorted; never by the order of the visits.
_ORDER = ("year", "quarter", "ward", "name", "address")
_ROMAN = ("", "I", "II", "III", "IV")
_OPEN_DECISION = "số ................ ngày ....../....../.........."
#: Domain rule 7: the team does not verify, it hands over.
HAND_OVER = (
    "Gặp người đang gặp nguy hiểm, người dưới 18 tuổi, dấu hiệu bị cưỡng ép, mua bán người hoặc dấu hiệu tội "
    "phạm: báo ngay Công an (113) hoặc Tổng đài bảo vệ trẻ em (111); Đội không tự xác minh, chỉ ghi giờ bàn "
    "giao và số tiếp nhận."
)


@dataclass(frozen=True)
class PublicPlan:
    """A plan as it may be published.

    ``rows``: mappings with name, address, ward, quarter (1-4) and year, as ``plan_reading.public_form`` gives
    them; ``number`` and ``on_date``: of the document, None until the clerk has issued it.
    """

    issuer: Issuer
    rows: Sequence[Mapping[str, Any]]
    number: str | None = None
    on_date: date | None = None
    demo: bool = False


@dataclass(frozen=True)
class Stop:
    """A stop on a team's sheet. ``reasons`` and ``checks``: sentences; ``beside``: teams that come along."""

    number: int
    arrive: datetime
    leave: datetime
    name: str
    type: str
    address: str
    kind: str
    reasons: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sweep:
    """A joint sweep of a border, between which units, with which other teams."""

    names: str
    starts: datetime
    ends: datetime
    beside: tuple[str, ...] = ()


@dataclass(frozen=True)
class Day:
    """A team's day; ``km`` and ``minutes`` of its way, None where it is not shown."""

    on: date
    stops: tuple[Stop, ...]
    sweeps: tuple[Sweep, ...] = ()
    km: float | None = None
    minutes: float | None = None


@dataclass(frozen=True)
class TeamSheet:
    """What one team does in a plan's period. ``decision``: number and date of its decision, where issued."""

    team: str
    first: date
    last: date
    days: tuple[Day, ...]
    decision: str = ""


def public_plan(plan: PublicPlan) -> bytes:
    """The inspection plan as a Word file: premises by name and ward with their quarter, and nothing more."""
    with speaking("vi"):
        return look.filled(_public_template(), _public_values(plan))


def _public_template() -> Paper:
    paper = look.new_paper()
    look.heading(paper, number="{{ number }}")
    look.line(paper, "")
    look.title(paper, "KẾ HOẠCH", "{{ about }}")
    look.only_if(paper, "demo", lambda: look.line(paper, "{{ demo }}", italic=True, align=look.CENTRE))
    look.each(paper, "law", "laws", lambda: look.body(paper, "Căn cứ {{ law }};", italic=True))
    look.body(paper, "{{ office_text }} ban hành Kế hoạch {{ about_text }}, cụ thể như sau:")
    look.section(paper, "I. MỤC ĐÍCH, YÊU CẦU")
    look.body(
        paper,
        "1. Đánh giá việc chấp hành pháp luật của các cơ sở kinh doanh dịch vụ dễ bị lợi dụng để hoạt động mại "
        "dâm; hướng dẫn, nhắc nhở và xử lý kịp thời vi phạm theo thẩm quyền.",
    )
    look.body(
        paper,
        "2. Kiểm tra đúng thẩm quyền, đúng nội dung; mỗi doanh nghiệp, hộ kinh doanh không quá một lần trong "
        "năm, trừ trường hợp có dấu hiệu vi phạm rõ ràng; mỗi lượt kiểm tra phải có quyết định.",
    )
    look.section(paper, "II. ĐỐI TƯỢNG, NỘI DUNG, THỜI GIAN")
    look.body(paper, "1. Đối tượng: {{ count }} cơ sở nêu tại Phụ lục, gồm:")
    look.listing(paper, (("Phường", 110, "ward"), ("Số cơ sở", 50, "count")), "wards")
    look.body(paper, "2. Nội dung:")
    look.each(paper, "item", "content", lambda: look.body(paper, "- {{ item }}."))
    look.body(paper, "3. Thời gian: theo quý ghi tại Phụ lục.")
    look.section(paper, "III. TỔ CHỨC THỰC HIỆN")
    look.body(
        paper,
        "1. Đội kiểm tra liên ngành 178 kiểm tra trong địa bàn của mình theo quyết định kiểm tra; Công an và "
        "các cơ quan có thành viên trong Đội phối hợp thực hiện.",
    )
    look.body(
        paper,
        "2. Kết quả từng lượt được lập biên bản; vi phạm được chuyển người có thẩm quyền xử lý theo quy định.",
    )
    look.signature(paper, "{{ signer }}", recipients="recipients", how="(Ký tên, đóng dấu)")
    look.annex(paper, "DANH SÁCH CƠ SỞ ĐƯỢC KIỂM TRA {{ period_caps }}", "(Kèm theo Kế hoạch {{ reference }})")
    columns = (
        ("STT", 12, "at"),
        ("Tên cơ sở", 42, "name"),
        ("Địa chỉ", 50, "address"),
        ("Phường", 29, "ward"),
        ("Thời gian", 27, "when"),
    )
    look.listing(paper, columns, "premises")
    return paper


def _public_values(plan: PublicPlan) -> dict[str, Any]:
    rows = _once(plan.rows)
    year = int(rows[0]["year"]) if rows else None
    period = _period(rows)
    about = "kiểm tra cơ sở kinh doanh dịch vụ dễ bị lợi dụng để hoạt động mại dâm"
    about = f"{about}, {period}" if period else about
    per_ward = Counter(str(row["ward"] or "") for row in rows)
    day = plan.on_date or _last_day(rows)
    reference = f"số {plan.number}, " if plan.number else "số ........, "
    return {
        **look.head_values(plan.issuer, "KH", plan.number, plan.on_date, year),
        "about": about[0].upper() + about[1:],
        "about_text": about,
        "office_text": plan.issuer.name or look.DOTS,
        "demo": look.MADE_UP if plan.demo else "",
        "laws": laws_on(day, [kind.value for kind in PremisesType]) if day else [],
        "count": len(rows),
        "wards": [{"ward": ward, "count": count} for ward, count in sorted(per_ward.items())],
        "content": CONTENT,
        "period_caps": period.upper(),
        "reference": reference + look.long_date(plan.on_date, year),
        "premises": [
            {"at": at, **{key: row[key] or "" for key in ("name", "address", "ward")}, "when": _quarter(row)}
            for at, row in enumerate(rows, start=1)
        ],
    }


def _once(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Each premises once a quarter, by ward and name: the order of the visits stays inside the house."""
    kept = {tuple(str(row[key] or "") for key in _ORDER): row for row in rows}
    return [dict(kept[one]) for one in sorted(kept)]


def _last_day(rows: Sequence[Mapping[str, Any]]) -> date | None:
    """The day whose laws a plan without a date names: the last of its quarters."""
    if not rows:
        return None
    year, quarter = max((int(row["year"]), int(row["quarter"])) for row in rows)
    return date(year, quarter * 3, 30)


def _quarter(row: Mapping[str, Any]) -> str:
    return f"Quý {_ROMAN[int(row['quarter'])]}/{row['year']}"


def _period(rows: Sequence[Mapping[str, Any]]) -> str:
    """The quarters of a plan in words; its days would say too much."""
    quarters = sorted({(int(row["year"]), int(row["quarter"])) for row in rows})
    return ", ".join(f"quý {_ROMAN[quarter]} năm {year}" for year, quarter in quarters)


def team_sheets(sheets: Sequence[TeamSheet], *, made_on: date, demo: bool) -> bytes:
    """The sheets of teams in one Word file, each on its own page: stops with hour, reason and boxes to tick.

    They are internal, and hold what they are given: whoever calls decides on unannounced visits.
    """
    with speaking("vi"):
        values = {
            "sheets": [_sheet_values(sheet) for sheet in sheets],
            "made_on": f"Ngày in: {made_on:%d/%m/%Y}",
            "demo": look.MADE_UP if demo else "",
            "hand_over": HAND_OVER,
        }
        return look.filled(_sheet_template(), values)


def _sheet_template() -> Paper:
    paper = look.new_paper(lying=True)
    look.each(paper, "sheet", "sheets", lambda: _one_sheet(paper))
    return paper


def _one_sheet(paper: Paper) -> None:
    look.new_page(look.line(paper, look.INTERNAL, bold=True, align=look.RIGHT))
    look.title(paper, "PHIẾU KIỂM TRA CỦA ĐỘI", "{{ sheet.team }}")
    look.line(paper, "{{ sheet.period }}", italic=True, align=look.CENTRE)
    look.only_if(paper, "demo", lambda: look.line(paper, "{{ demo }}", italic=True, align=look.CENTRE))
    look.line(paper, "{{ sheet.decision }}", align=look.LEFT)
    look.only_if(paper, "not sheet.days", lambda: look.line(paper, "Không có lượt kiểm tra nào."))
    look.each(paper, "day", "sheet.days", lambda: _one_day(paper))
    look.line(paper, "{{ hand_over }}", bold=True)
    look.dotted(paper, "Bàn giao cho Công an (nếu có): giờ, số tiếp nhận", width_mm=look.LYING_MM)
    look.dotted(paper, "Ghi chú của Đội", lines=2, width_mm=look.LYING_MM)
    look.line(paper, "{{ made_on }}", italic=True, align=look.RIGHT)


def _one_day(paper: Paper) -> None:
    look.section(paper, "{{ day.title }}")
    look.each(paper, "sweep", "day.sweeps", lambda: look.body(paper, "{{ sweep }}"))
    columns = (
        ("TT", 9, "number"),
        ("Giờ", 16, "hours"),
        ("Cơ sở", 57, "*place"),
        ("Vì sao", 43, "*reasons"),
        ("Nội dung kiểm tra", 58, "checks"),
        ("Kết quả, ghi chú", 64, "*outcomes"),
    )
    look.only_if(paper, "day.stops", lambda: look.listing(paper, columns, "day.stops", size=look.Pt(10.5)))


def _sheet_values(sheet: TeamSheet) -> dict[str, Any]:
    return {
        "team": sheet.team,
        "period": f"Từ ngày {sheet.first:%d/%m/%Y} đến ngày {sheet.last:%d/%m/%Y}",
        "decision": f"Quyết định kiểm tra: {sheet.decision or _OPEN_DECISION}",
        "days": [_day_values(day) for day in sheet.days],
    }


def _day_values(day: Day) -> dict[str, Any]:
    told = [f"Ngày {day.on:%d/%m/%Y}", f"{len(day.stops)} lượt"]
    if day.km is not None:
        told.append(f"{number(day.km)} km")
    if day.minutes is not None:
        told.append(f"cả ca {round(day.minutes)} phút")
    return {
        "title": ", ".join(told),
        "sweeps": [_sweep_text(sweep) for sweep in day.sweeps],
        "stops": [_stop_values(stop) for stop in day.stops],
    }


def _sweep_text(sweep: Sweep) -> str:
    beside = f", cùng lúc với {', '.join(sweep.beside)}" if sweep.beside else ""
    hours = f"{sweep.starts:%H:%M} - {sweep.ends:%H:%M}"
    return (
        f"Kiểm tra chung địa bàn giáp ranh {sweep.names}: {hours}{beside}. "
        "Mỗi bên kiểm tra trong địa bàn của mình theo quyết định của mình."
    )


def _stop_values(stop: Stop) -> dict[str, Any]:
    outcomes = [f"☐ {label(outcome)}" for outcome in VisitOutcome]
    beside = [f"Cùng với {', '.join(stop.beside)}"] if stop.beside else []
    return {
        "number": stop.number,
        "hours": f"{stop.arrive:%H:%M} - {stop.leave:%H:%M}",
        "place": [stop.name, f"({_type_label(stop.type)}; {stop.kind})", stop.address, *beside],
        "reasons": list(stop.reasons),
        "checks": ";  ".join(f"☐ {check}" for check in stop.checks),
        "outcomes": [";  ".join(outcomes), f"BB số {'.' * 34}", "." * 44, "." * 44],
    }


def _type_label(value: str) -> str:
    return label(PremisesType(value)) if value in list(PremisesType) else value
