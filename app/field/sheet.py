"""The printed sheet of a stop: the same questions on paper, in the place of a phone."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.requests import Request
from starlette.responses import HTMLResponse

from app.access import Actor
from app.field.pages import page
from app.field.parts import DANGER, button, link, row
from app.field.visit_form import as_sentence
from app.html_page import text
from app.services.field_work import OpenVisit
from app.text import _, label, render, show
from geo.checklist import Asked
from geo.words import CheckAnswer, FindingKind, VisitOutcome

_LINE = '<div class="blank"></div>'


def sheet_page(request: Request, actor: Actor, visit: OpenVisit) -> HTMLResponse:
    """A page of A4 with blank lines; names and signatures only ever stand on the paper."""
    title = _("Phiếu kiểm tra tại cơ sở")
    back = link(f"/field/visit/{visit.stop.visit_id}", _("Quay lại"), "second")
    parts = (_head(visit), _outcomes(), _items(visit), _findings(), _signs(), _handover())
    body = (
        f'<div class="noprint">{row(button(_("In"), "", "data-print"), back)}</div>'
        f'<div class="sheet"><h1>{text(title)}</h1>{"".join(parts)}</div>'
    )
    return page(request, actor, title, body)


def _head(visit: OpenVisit) -> str:
    stop, decision = visit.stop, visit.stop.decision
    number = "." * 40
    if decision.number is not None:
        number = _("số {number} ngày {day}", number=decision.number, day=decision.on_date)
    lines = [
        (_("Cơ sở"), f"{visit.place.name} ({label(visit.place.type)})"),
        (_("Địa chỉ"), visit.place.address),
        (_("Đội"), f"{stop.team} · {label(stop.kind)}"),
        (_("Ngày, giờ dự kiến"), f"{show(stop.on_date)} {stop.arrive:%H:%M}"),
        (_("Quyết định kiểm tra"), number),
        (_("Bắt đầu, kết thúc"), "......... - ........."),
    ]
    return "<table>" + "".join(f"<tr><th>{text(word)}<td>{text(said)}" for word, said in lines) + "</table>"


def _boxes(words: Iterable[str]) -> str:
    return " ".join(f'<span class="box">☐ {text(word)}</span>' for word in words)


def _outcomes() -> str:
    return f"<h2>{text(_('Kết quả đến nơi'))}</h2><p>{_boxes(label(one) for one in VisitOutcome)}</p>"


def _items(visit: OpenVisit) -> str:
    head = f"<tr><th>{text(_('Mục'))}<th>{text(_('Trả lời'))}"
    rows = "".join(_item(one, visit.on_record.get(one.item, "")) for one in visit.asked)
    return f"<h2>{text(_('Danh mục kiểm tra'))}</h2><table>{head}{rows}</table>"


def _item(one: Asked, known: str) -> str:
    counts = "".join(f"<br>{text(label(count))}: ........" for count in one.counts)
    told = f"{one.law}. {known}" if known else one.law
    return (
        f"<tr><td>{text(as_sentence(label(one.item)))}<br><small>{text(told)}</small>"
        f'<td class="box">{_boxes(label(answer) for answer in CheckAnswer)}{counts}'
    )


def _findings() -> str:
    kinds = _boxes([*(label(kind) for kind in FindingKind), _("nghiêm trọng")])
    until = text(_("Hạn khắc phục: {blank}", blank="....../....../.........."))
    return f"<h2>{text(_('Vi phạm'))}</h2>" + f"<p>{kinds}</p>{_LINE * 2}<p>{until}</p>" * 2


def _signs() -> str:
    how = text(_("(ký, ghi rõ họ tên)"))
    sides = (_("Đại diện đội kiểm tra"), _("Đại diện cơ sở"))
    signs = "".join(f"<p><b>{text(one)}</b><br><small>{how}</small></p>" for one in sides)
    return f'<div class="signs">{signs}</div>'


def _handover() -> str:
    receipt = _("Giờ chuyển công an, số biên nhận: {blank}", blank="." * 50)
    return f"<p><small>{text(render(DANGER))} 113, 111.<br>{text(receipt)}</small></p>"
