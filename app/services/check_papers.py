"""The papers of a check (DOCX): inspection decision, minutes with blank lines, letter across a border.

They hold places and offices only: names, statements and signatures are written by hand and stay on paper
(domain rule 5). A number stands where the clerk has issued it, dots elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from docx.document import Document as Paper

from app.services import official_paper as look
from app.services.official_paper import Issuer
from app.services.paper_laws import laws_on
from app.text import label, speaking
from geo.checklist import Asked
from geo.errors import RuleError
from geo.messages import msg
from geo.words import CheckCount, LicenceKind, PremisesType, VisitKind, VisitOutcome

_ABOUT = "kiểm tra việc chấp hành pháp luật về phòng, chống tệ nạn mại dâm và điều kiện kinh doanh"
_CONTENT = (
    "Việc chấp hành pháp luật về phòng, chống tệ nạn mại dâm và điều kiện kinh doanh của cơ sở: đăng ký kinh "
    "doanh, an ninh trật tự, phòng cháy chữa cháy, sử dụng lao động, bản cam kết, quản lý lưu trú."
)


@dataclass(frozen=True)
class Place:
    """A premises as papers name it; ``type`` is a value of PremisesType, ``registration`` its number."""

    name: str
    type: str
    address: str
    ward: str = ""
    registration: str = ""


@dataclass(frozen=True)
class DecisionPaper:
    """An inspection decision.

    ``team`` acts by ``agencies``. ``basis``: of a planned check the document of the plan; of an unannounced one
    the recorded sign of violation at that premises; of a follow-up the number and date of the earlier minutes,
    to whose content it is limited. ``number`` and ``on_date`` are None until the clerk has issued it.
    """

    issuer: Issuer
    team: str
    places: tuple[Place, ...]
    first_day: date
    last_day: date
    kind: VisitKind = VisitKind.PLANNED
    basis: str = ""
    content: str = ""
    agencies: tuple[str, ...] = ()
    number: str | None = None
    on_date: date | None = None
    demo: bool = False


@dataclass(frozen=True)
class MinutesPaper:
    """Minutes to be filled in by hand. ``asked``: what the law asks of the premises on the day; ``known``: what
    the register holds of a paper. ``earlier``: of a follow-up, number and date of the minutes it re-checks."""

    issuer: Issuer
    team: str
    place: Place
    day: date
    asked: tuple[Asked, ...]
    known: Mapping[LicenceKind, str] = field(default_factory=dict)
    agencies: tuple[str, ...] = ()
    decision_number: str | None = None
    decision_date: date | None = None
    earlier: str = ""
    demo: bool = False


@dataclass(frozen=True)
class RequestLetter:
    """A letter that asks the unit across a border for a joint sweep; ``border`` says where. ``rule``: number
    and date of the rule of coordination; ``reply_by``: no answer by then goes to ``city``."""

    issuer: Issuer
    to_unit: str
    border: str
    starts: datetime
    ends: datetime
    reply_by: date
    rule: str = ""
    city: str = "Đội kiểm tra liên ngành 178 thành phố"
    number: str | None = None
    on_date: date | None = None
    demo: bool = False


def decision(paper: DecisionPaper) -> bytes:
    """The inspection decision as a Word file.

    Raises RuleError where an unannounced check states no sign of violation at the premises, or a follow-up no
    earlier minutes (domain rule 1), and where no premises is named.
    """
    _require_basis(paper)
    with speaking("vi"):
        return look.filled(_decision_template(), _decision_values(paper))


def _require_basis(paper: DecisionPaper) -> None:
    if not paper.places:
        raise RuleError("no_premises", msg("Quyết định kiểm tra cần nêu cơ sở được kiểm tra."))
    if paper.basis.strip():
        return
    if paper.kind is VisitKind.UNANNOUNCED:
        raise RuleError(
            "basis_missing",
            msg("Quyết định kiểm tra đột xuất phải nêu căn cứ: dấu hiệu vi phạm rõ ràng tại cơ sở."),
        )
    if paper.kind is VisitKind.FOLLOW_UP:
        raise RuleError("minutes_missing", msg("Quyết định phúc tra phải nêu số và ngày của biên bản trước."))


def _decision_template() -> Paper:
    paper = look.new_paper()
    look.heading(paper, number="{{ number }}")
    look.line(paper, "")
    look.title(paper, "QUYẾT ĐỊNH", "Về việc {{ about }}")
    _demo(paper)
    look.line(paper, "{{ signer }}", bold=True, align=look.CENTRE)
    look.each(paper, "law", "laws", lambda: look.body(paper, "Căn cứ {{ law }};", italic=True))
    look.body(paper, "{{ basis }};", italic=True)
    look.body(paper, "Theo đề nghị của {{ team }}.", italic=True)
    look.line(paper, "QUYẾT ĐỊNH:", bold=True, align=look.CENTRE)
    look.body(paper, "Điều 1. {{ kind }} đối với {{ count }} cơ sở:")
    columns = (("STT", 12, "at"), ("Cơ sở", 60, "name"), ("Loại hình", 33, "type"), ("Địa chỉ", 55, "address"))
    look.listing(paper, columns, "places")
    look.body(paper, "Nội dung: {{ content }}")
    look.body(paper, "Thời hạn: {{ duration }}.")
    look.body(paper, "Điều 2. {{ team }} thực hiện kiểm tra, gồm đại diện các cơ quan:")
    members = (
        ("STT", 12, "at"),
        ("Cơ quan", 73, "agency"),
        ("Họ tên, chức vụ (ghi khi ban hành)", 75, "blank"),
    )
    look.listing(paper, members, "agencies")
    look.body(
        paper,
        "Điều 3. Đội kiểm tra làm việc đúng nội dung, thời hạn và trong địa bàn của mình; lập biên bản từng "
        "lượt; vi phạm chuyển người có thẩm quyền xử lý. Cơ sở được kiểm tra có trách nhiệm xuất trình giấy tờ "
        "liên quan.",
    )
    look.body(
        paper,
        "Điều 4. Quyết định có hiệu lực kể từ ngày ký. Đội kiểm tra, các cơ quan và cơ sở nêu tại Điều 1, Điều "
        "2 chịu trách nhiệm thi hành Quyết định này./.",
    )
    look.signature(paper, "{{ signer }}", recipients="recipients", how="(Ký tên, đóng dấu)")
    return paper


def _decision_values(paper: DecisionPaper) -> dict[str, Any]:
    day = paper.on_date or paper.first_day
    types = [place.type for place in paper.places]
    bases = {
        VisitKind.PLANNED: f"Căn cứ Kế hoạch kiểm tra {paper.basis or look.DOTS}",
        VisitKind.UNANNOUNCED: f"Căn cứ dấu hiệu vi phạm tại cơ sở: {paper.basis}",
        VisitKind.FOLLOW_UP: f"Căn cứ Biên bản kiểm tra {paper.basis}",
    }
    kinds = {
        VisitKind.PLANNED: "Kiểm tra theo kế hoạch",
        VisitKind.UNANNOUNCED: "Kiểm tra đột xuất",
        VisitKind.FOLLOW_UP: "Phúc tra",
    }
    again = f"Việc khắc phục các nội dung nêu tại Biên bản kiểm tra {paper.basis}; không mở rộng nội dung khác."
    content = again if paper.kind is VisitKind.FOLLOW_UP else paper.content or _CONTENT
    return {
        **look.head_values(paper.issuer, "QĐ", paper.number, paper.on_date, paper.first_day.year),
        "about": _ABOUT,
        "demo": look.MADE_UP if paper.demo else "",
        "laws": laws_on(day, types),
        "basis": bases[paper.kind],
        "kind": kinds[paper.kind],
        "team": paper.team,
        "count": f"{len(paper.places):02d}",
        "places": [
            {"at": at, "name": _registered(place), "type": _type(place), "address": place.address}
            for at, place in enumerate(paper.places, start=1)
        ],
        "content": content if content.endswith(".") else f"{content}.",
        "duration": _duration(paper.first_day, paper.last_day),
        "agencies": [
            {"at": at, "agency": agency, "blank": ""}
            for at, agency in enumerate(paper.agencies or ("", "", ""), 1)
        ],
    }


def _duration(first: date, last: date) -> str:
    if first == last:
        return f"ngày {first:%d/%m/%Y}"
    return f"từ ngày {first:%d/%m/%Y} đến ngày {last:%d/%m/%Y}"


def _registered(place: Place) -> str:
    return f"{place.name} (ĐKKD số {place.registration})" if place.registration else place.name


def _type(place: Place) -> str:
    return label(PremisesType(place.type)) if place.type in list(PremisesType) else place.type


def minutes(paper: MinutesPaper) -> bytes:
    """The minutes of a check, filled in as far as the office knows, as a Word file."""
    with speaking("vi"):
        return look.filled(_minutes_template(paper), _minutes_values(paper))


def _minutes_template(paper: MinutesPaper) -> Paper:
    page = look.new_paper()
    look.heading(page, number="{{ number }}")
    look.line(page, "")
    look.title(page, "BIÊN BẢN KIỂM TRA", "Về việc {{ about }}")
    _demo(page)
    look.dotted(page, "Hôm nay, hồi ...... giờ ......, ngày ...... tháng ...... năm {{ year }}, tại")
    look.body(page, "Căn cứ Quyết định kiểm tra {{ decision }};")
    look.section(page, "I. THÀNH PHẦN")
    look.line(page, "1. {{ team }} (họ tên, chức vụ ghi bằng tay):", align=look.LEFT)
    look.each(page, "agency", "agencies", lambda: look.dotted(page, "- {{ agency }}"))
    look.line(page, "2. Đại diện cơ sở (họ tên, chức vụ ghi bằng tay):", align=look.LEFT)
    look.dotted(page, "-")
    look.line(page, "3. Người chứng kiến (nếu có):", align=look.LEFT)
    look.dotted(page, "-")
    look.section(page, "II. CƠ SỞ ĐƯỢC KIỂM TRA")
    look.pairs(page, "facts", "name", "value")
    look.line(page, "Tình trạng khi đến: {{ outcomes }}", align=look.LEFT)
    look.section(page, "III. NỘI DUNG KIỂM TRA")
    _questions(page, paper)
    look.section(page, "IV. Ý KIẾN CỦA ĐẠI DIỆN CƠ SỞ")
    look.dotted(page, lines=3)
    look.section(page, "V. NHẬN XÉT, KIẾN NGHỊ CỦA ĐỘI KIỂM TRA")
    look.dotted(page, lines=3)
    look.dotted(page, "Thời hạn khắc phục")
    look.dotted(page, "Biên bản vi phạm hành chính số (nếu lập)")
    _closing(page)
    return page


def _questions(page: Paper, paper: MinutesPaper) -> None:
    if paper.earlier:
        look.body(page, "Phúc tra: chỉ kiểm tra việc khắc phục các nội dung nêu tại Biên bản {{ earlier }}.")
        look.dotted(page, lines=6)
        return
    columns = (
        ("STT", 12, "at"),
        ("Nội dung, căn cứ", 74, "*question"),
        ("Có", 12, "box"),
        ("Không", 19, "box"),
        ("Ghi nhận", 43, "*blank"),
    )
    look.listing(page, columns, "asked")
    look.line(page, "Khám sức khỏe, lao động: chỉ ghi số người, không ghi tên.", italic=True, size=look.SMALL)
    look.line(page, "Ghi nhận khác:", align=look.LEFT)
    look.dotted(page, lines=3)


def _closing(page: Paper) -> None:
    look.body(
        page,
        "Biên bản lập thành ...... bản, mỗi bên giữ ...... bản, đã đọc lại cho những người có mặt cùng nghe, "
        "công nhận đúng và ký tên. Kết thúc hồi ...... giờ ......, ngày ...... tháng ...... năm .......... .",
    )
    look.signatures(page, ("ĐẠI DIỆN CƠ SỞ", "NGƯỜI LẬP BIÊN BẢN", "ĐẠI DIỆN ĐỘI KIỂM TRA"))


def _minutes_values(paper: MinutesPaper) -> dict[str, Any]:
    number = f"số {paper.decision_number}" if paper.decision_number else "số ................"
    place = paper.place
    facts = (
        ("Tên cơ sở", place.name),
        ("Loại hình", _type(place)),
        ("Địa chỉ", place.address),
        ("Phường", place.ward),
        ("Số đăng ký kinh doanh", place.registration or look.DOTS),
    )
    return {
        **look.head_values(paper.issuer, "BB", None, None, paper.day.year),
        # The minutes are of the day of the check, whichever hour that is written by hand.
        "place_and_date": f"{paper.issuer.place}, {look.long_date(paper.day)}",
        "about": _ABOUT,
        "demo": look.MADE_UP if paper.demo else "",
        "year": paper.day.year,
        "decision": f"{number}, {look.long_date(paper.decision_date, paper.day.year)}",
        "team": paper.team,
        "agencies": [f"{agency}:" for agency in paper.agencies] or [""] * 3,
        "facts": [{"name": name, "value": value} for name, value in facts if value],
        "outcomes": "   ".join(f"☐ {label(outcome)}" for outcome in VisitOutcome),
        "earlier": paper.earlier,
        "asked": [_question(at, one, paper.known) for at, one in enumerate(paper.asked, start=1)],
    }


def _question(at: int, one: Asked, known: Mapping[LicenceKind, str]) -> dict[str, Any]:
    text = label(one.item)
    lines = [f"{text[:1].upper()}{text[1:]} ({one.law})"]
    if one.paper is not None and known.get(one.paper):
        lines.append(f"Theo sổ: {known[one.paper]}")
    counts = [f"{_capital(label(CheckCount(count)))}: ........" for count in one.counts]
    return {"at": at, "question": lines, "box": "☐", "blank": [*counts, "." * 28]}


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def request_letter(letter: RequestLetter) -> bytes:
    """The letter that asks for a joint sweep of a border, as a Word file; it names no premises."""
    with speaking("vi"):
        return look.filled(_letter_template(), _letter_values(letter))


def _letter_template() -> Paper:
    paper = look.new_paper()
    about = "V/v đề nghị phối hợp kiểm tra địa bàn giáp ranh"
    look.heading(paper, number="{{ number }}", about=about)
    look.line(paper, look.INTERNAL, bold=True, size=look.SMALL, align=look.LEFT)
    look.line(paper, "Kính gửi: {{ to_unit }}", align=look.CENTRE)
    _demo(paper)
    look.only_if(paper, "rule", lambda: look.body(paper, "Thực hiện Quy chế phối hợp {{ rule }};"))
    look.body(
        paper,
        "Để phòng ngừa tệ nạn mại dâm tại địa bàn giáp ranh, {{ office_text }} đề nghị {{ to_unit }} phối hợp "
        "kiểm tra như sau:",
    )
    look.body(paper, "1. Địa bàn: {{ border }}.")
    look.body(paper, "2. Thời gian: {{ when }}.")
    look.body(
        paper,
        "3. Cách làm: hai bên kiểm tra cùng lúc, mỗi bên trong địa bàn của mình, theo quyết định kiểm tra của "
        "mình và lập biên bản riêng; thông tin vượt địa bàn được bàn giao, có ghi giờ và bên nhận.",
    )
    look.body(paper, "4. Đề nghị trả lời bằng văn bản và cử đầu mối phối hợp trước ngày {{ reply_by }}.")
    look.body(paper, "Quá thời hạn trên chưa có trả lời, {{ office_text }} báo cáo {{ city }} để điều phối./.")
    look.signature(paper, "{{ signer }}", recipients="recipients", how="(Ký tên, đóng dấu)")
    return paper


def _letter_values(letter: RequestLetter) -> dict[str, Any]:
    issuer = letter.issuer
    copies = tuple(dict.fromkeys(("Như trên", letter.city, *issuer.recipients)))
    values = look.head_values(issuer, "", letter.number, letter.on_date, letter.starts.year)
    same_day = letter.starts.date() == letter.ends.date()
    end = f"{letter.ends:%H:%M}" if same_day else f"{letter.ends:%H:%M} ngày {letter.ends:%d/%m/%Y}"
    return {
        **values,
        "recipients": list(copies),
        "demo": look.MADE_UP if letter.demo else "",
        "to_unit": letter.to_unit,
        "rule": letter.rule,
        "office_text": issuer.name or look.DOTS,
        "border": letter.border,
        "when": f"từ {letter.starts:%H:%M} đến {end}, ngày {letter.starts:%d/%m/%Y}"
        if same_day
        else f"từ {letter.starts:%H:%M} ngày {letter.starts:%d/%m/%Y} đến {end}",
        "reply_by": f"{letter.reply_by:%d/%m/%Y}",
        "city": letter.city,
    }


def _demo(paper: Paper) -> None:
    look.only_if(paper, "demo", lambda: look.line(paper, "{{ demo }}", italic=True, align=look.CENTRE))
