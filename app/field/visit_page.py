"""One stop on the phone: the way there, what was decided, the form; and what was recorded of it."""

from __future__ import annotations

from datetime import datetime

from starlette.requests import Request
from starlette.responses import HTMLResponse

from app.access import Actor
from app.field.pages import note, page, problem_note
from app.field.parts import Values, link, row, to_police
from app.field.visit_form import as_sentence, earlier_list, values_of, visit_form
from app.html_page import text
from app.services.field_work import KeptReport, OpenVisit, Place
from app.text import _, label, render, show
from geo.checklist import told_count
from geo.errors import InputError


def visit_page(
    request: Request,
    actor: Actor,
    visit: OpenVisit,
    now: datetime,
    *,
    values: Values | None = None,
    problem: InputError | None = None,
) -> HTMLResponse:
    """A stop with its form, or with what was recorded of it. ``values``: what was typed and refused."""
    name, address = f"visit:{visit.stop.visit_id}", f"/field/visit/{visit.stop.visit_id}"
    body = f"<h1>{text(visit.place.name)}</h1>{_about(visit)}{_notes(visit)}{to_police(now, name)}"
    recorded = ""
    if visit.report is not None:
        body, recorded = body + problem_note(problem) + _recorded(visit, visit.report), name
    elif visit.stop.on_date > now.date():
        body += note(_("Ngày {date} chưa đến.", date=visit.stop.on_date), "bad")
    elif visit.stop.decision.problem is None:
        start = f'<summary class="button good">{text(_("Bắt đầu"))}</summary>'
        asked = visit_form(visit, values or {}, name, address, problem)
        body += f'<details class="start"{"" if values is None else " open"}>{start}{asked}</details>'
    return page(request, actor, visit.place.name, body, status=_status(problem), recorded=recorded)


def correction_page(
    request: Request,
    actor: Actor,
    visit: OpenVisit,
    report: KeptReport,
    *,
    values: Values | None = None,
    problem: InputError | None = None,
) -> HTMLResponse:
    """The same form over what was recorded, with a reason."""
    title, name = _("Đính chính"), f"correct:{report.inspection_id}:{report.revision}"
    stop = f"/field/visit/{visit.stop.visit_id}"
    asked = visit_form(
        visit, values or values_of(report), name, f"{stop}/correct", problem, seen=report.revision
    )
    seen = row(link(stop, _("Xem bản đã ghi"), "second"))
    body = f"<h1>{text(title)}</h1><p><b>{text(visit.place.name)}</b></p>{seen}{asked}"
    return page(request, actor, title, body, status=_status(problem))


def _status(problem: InputError | None) -> int:
    return 200 if problem is None else 422


def _about(visit: OpenVisit) -> str:
    stop, place = visit.stop, visit.place
    when = f"{stop.position}. {stop.arrive:%H:%M} {show(stop.on_date)} · {stop.team} · {label(stop.kind)}"
    reasons = "".join(f"<li>{text(one)}</li>" for one in place.reasons)
    return (
        f'<p>{text(label(place.type))} · {text(place.address)}</p><p class="small">{text(when)}</p>'
        + (f"<ul>{reasons}</ul>" if reasons else "")
        + row(_ways(place), link(f"/field/visit/{stop.visit_id}/sheet", _("In phiếu"), "second"))
    )


def _ways(place: Place) -> str:
    """Links that only the person opens; they carry coordinates and nothing else."""
    if place.lon is None or place.lat is None:
        return ""
    lat, lon = f"{place.lat:.6f}", f"{place.lon:.6f}"
    openstreetmap = f"https://www.openstreetmap.org/?mlat={lat}&mlon={lon}#map=18/{lat}/{lon}"
    away = 'target="_blank" rel="noopener noreferrer" referrerpolicy="no-referrer"'
    return link(f"geo:{lat},{lon}?q={lat},{lon}", _("Dẫn đường")) + link(
        openstreetmap, "OpenStreetMap", "second", away
    )


def _notes(visit: OpenVisit) -> str:
    decision = visit.stop.decision
    if decision.problem is not None:
        found = note(render(decision.problem), "bad")
    else:
        number, day = decision.number, decision.on_date
        found = note(_("Quyết định kiểm tra số {number} ngày {day}.", number=number, day=day))
    if visit.refused is not None:
        found += note(_("Không được kiểm tra thêm: {why}", why=render(visit.refused)), "bad")
    if visit.basis:
        found += note(_("Căn cứ: {basis}", basis=visit.basis))
    if visit.earlier:
        found += earlier_list(visit)
    elif visit.deadlines:
        days = ", ".join(show(day) for day in visit.deadlines)
        found += note(_("Vi phạm cũ chưa khép, hạn khắc phục: {days}.", days=days))
    if visit.last_checked_on is not None:
        found += f'<p class="small">{text(_("Kiểm tra lần trước: {day}.", day=visit.last_checked_on))}</p>'
    return found


def _recorded(visit: OpenVisit, report: KeptReport) -> str:
    told = _("Đã ghi lúc {at}, tài khoản {who}.", at=report.recorded_at, who=report.recorded_by)
    said = f"<p><b>{text(as_sentence(label(report.outcome)))}</b></p><p>{text(told)}</p>"
    found = "".join(
        f"<li><b>{text(label(one.kind))}{' · ' + text(_('nghiêm trọng')) if one.serious else ''}</b>: "
        f"{text(one.text)}{' · ' + text(_('hạn {day}', day=one.deadline)) if one.deadline else ''}</li>"
        for one in report.findings
    )
    correct = link(f"/field/visit/{visit.stop.visit_id}/correct", _("Đính chính"), "second")
    return (
        f'<div class="note good">{said}</div>{_answers(report)}'
        + (f"<h2>{text(_('Vi phạm'))}</h2><ul>{found}</ul>" if found else "")
        + row(correct if report.correctable else "", link("/field", _("Lượt tiếp theo")))
    )


def _answers(report: KeptReport) -> str:
    heads = {count: n for one in report.answers.values() for count, n in one.counts.items()}
    rows = "".join(
        f"<tr><td>{text(as_sentence(label(item)))}<td><b>{text(label(given.answer))}</b>"
        + "".join(f"<br><small>{text(render(told_count(count, heads)))}</small>" for count in given.counts)
        for item, given in report.answers.items()
        if given.answer is not None
    )
    return f"<table>{rows}</table>" if rows else ""
