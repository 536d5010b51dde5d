"""The papers of one check as a line down the page: from the decision to the end, and what is owed."""

from __future__ import annotations

import html
from dataclasses import dataclass
from datetime import date
from typing import Any

import streamlit as st

from app.parts.case_words import lateness, paper_word, sentence
from app.parts.visit import Visit
from app.services.case_facts import CheckFacts
from app.services.case_work import owed_in
from app.services.cases import Case, CaseFinding
from app.services.cells import day_of, text_of
from app.text import _, label, number, render, show
from geo.cases import Owed
from geo.word_texts import body_text
from geo.words import CasePaperKind, InspectionBody


@dataclass(frozen=True)
class _Step:
    """A point of the line. ``tone``: done, next, wait or late."""

    tone: str
    title: str
    day: str
    lines: tuple[str, ...] = ()


def chain(visit: Visit, case: Case, facts: CheckFacts) -> None:
    """The line of papers. Of another body's check only what was recorded: its papers are kept there."""
    steps = [_decision(facts), _check(facts), *_minutes(case, facts), *_papers(case)]
    if facts.body == InspectionBody.TEAM178.value:
        steps += [_owed(visit, case, finding, one) for finding, one in owed_in(case)]
    items = "".join(_item(step) for step in steps)
    st.html(f"{_STYLE}<ol class='chain' aria-label='{html.escape(_('Các văn bản'))}'>{items}</ol>")


def finding_name(case: Case, finding: CaseFinding) -> str:
    """How a finding is called where a check has several."""
    kind = label(finding.kind)
    if len(case.findings) == 1:
        return sentence(kind)
    return _("Phát hiện {n}: {kind}", n=case.findings.index(finding) + 1, kind=kind)


def _decision(facts: CheckFacts) -> _Step:
    known = facts.decision_number is not None
    lines = (_("Căn cứ: {basis}", basis=facts.decision_basis),) if facts.decision_basis else ()
    title = _("Quyết định kiểm tra")
    return _Step(
        "done" if known else "late",
        f"{title} {facts.decision_number}" if known else _("{paper}: chưa có số", paper=title),
        show(facts.decision_date),
        lines,
    )


def _check(facts: CheckFacts) -> _Step:
    who = facts.team or sentence(render(body_text(facts.body)))
    return _Step(
        "done",
        _("Kiểm tra: {outcome}", outcome=label(facts.outcome)),
        show(facts.on_date),
        (f"{sentence(label(facts.kind))} · {who}",),
    )


def _minutes(case: Case, facts: CheckFacts) -> list[_Step]:
    if facts.minutes_number is None:
        return []
    title = f"{paper_word(CasePaperKind.MINUTES)} {facts.minutes_number}"
    return [_Step("done", title, show(facts.on_date), tuple(_found(case)))]


def _found(case: Case) -> list[str]:
    lines = []
    for finding in case.findings:
        told = [finding_name(case, finding), finding.text]
        if finding.serious:
            told.append(_("nghiêm trọng"))
        if finding.deadline is not None:
            told.append(_("hạn khắc phục {day}", day=finding.deadline))
        lines.append(" · ".join(filter(None, told)))
    return lines or [_("Không ghi nhận vi phạm.")]


def _papers(case: Case) -> list[_Step]:
    named = {finding.id: finding for finding in case.findings}
    order = list(CasePaperKind)
    rows = sorted(
        case.papers.itertuples(index=False), key=lambda row: (row.on_date, order.index(CasePaperKind(row.kind)))
    )
    return [_paper(case, row, named.get(row.finding_id)) for row in rows]


def _paper(case: Case, row: Any, finding: CaseFinding | None) -> _Step:
    kind = CasePaperKind(row.kind)
    lines = [finding_name(case, finding)] if finding is not None and len(case.findings) > 1 else []
    sent = kind in (CasePaperKind.TRANSFER, CasePaperKind.RECOMMENDATION)
    body, article, due = text_of(row.body), text_of(row.article), day_of(row.due_on)
    if body:
        lines.append(_("Gửi: {body}", body=body) if sent else body)
    if article:
        lines.append(article)
    if row.amount_vnd == row.amount_vnd and row.amount_vnd is not None:
        lines.append(_fine(int(row.amount_vnd), day_of(row.paid_on)))
    if due is not None:
        lines.append(_("Hạn: {day}", day=due))
    if note := text_of(row.note):
        lines.append(note)
    return _Step(
        "done",
        f"{paper_word(kind)} {text_of(row.number) or ''}".strip(),
        show(day_of(row.on_date)),
        tuple(lines),
    )


def _fine(amount: int, paid_on: date | None) -> str:
    money = _("Phạt {amount} đồng", amount=number(amount, 0))
    paid = _("đã nộp ngày {day}", day=paid_on) if paid_on else _("chưa nộp")
    return f"{money}, {paid}"


def _owed(visit: Visit, case: Case, finding: CaseFinding | None, one: Owed) -> _Step:
    lines = [finding_name(case, finding)] if finding is not None and len(case.findings) > 1 else []
    if one.law:
        lines.append(_("Theo {law}", law=one.law))
    if one.kind is CasePaperKind.SANCTION and finding is not None and finding.sanctioned_by:
        lines.append(_("Xử phạt theo {law}", law=finding.sanctioned_by))
    title, day = render(one.text), show(one.due_on)
    left = lateness(one.due_on, visit.today) if one.due_on else ""
    # A day that the sentence names already is not said twice.
    due = left if day in title else f"{day} · {left}"
    return _Step("late" if one.overdue else "next", title, due, tuple(lines))


def _item(step: _Step) -> str:
    lines = "".join(f"<span>{html.escape(line)}</span>" for line in step.lines)
    day = f"<time>{html.escape(step.day)}</time>" if step.day else ""
    return f"<li class='{step.tone}'><b>{html.escape(step.title)}</b>{day}{lines}</li>"


_STYLE = """<style>.chain{list-style:none;margin:.3rem 0 .5rem!important;padding:0 0 0 .3rem!important}
.chain li{position:relative;padding:0 0 .75rem 1.4rem;border-left:2px solid #9aa7b2;margin:0;line-height:1.35}
.chain li:last-child{border-left-color:transparent;padding-bottom:.2rem}
.chain li::before{content:'';position:absolute;left:-.45rem;top:.25rem;width:.6rem;height:.6rem;
border-radius:50%;background:#1f6f43;border:2px solid #1f6f43}
.chain li.next::before{background:#fff;border-color:#8a5300}.chain li.late::before{background:#b42318;
border-color:#b42318}
.chain b{display:inline;font-weight:600;overflow-wrap:anywhere}.chain time{color:#52606d;margin-left:.5rem;
white-space:nowrap}
.chain span{display:block;color:#3b4752;font-size:.92rem;overflow-wrap:anywhere}
.chain .next b{color:#8a5300}.chain .late b,.chain .late time{color:#b42318}</style>"""
