"""Entering what follows a check: the next paper, the payment of a fine, the end of a finding.

Numbers are entered after the clerk has issued them. The team proposes; a sanction is what the competent person
has decided, entered by somebody who did not inspect; who recorded the check does not close its findings.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import streamlit as st

from app.access import Right, may
from app.parts.case_chain import finding_name
from app.parts.case_words import body_word, due_word, paper_word
from app.parts.failures import told
from app.parts.plain import plain
from app.parts.visit import Visit
from app.services import case_papers
from app.services.case_facts import CheckFacts
from app.services.case_papers import TEAM_PAPERS, PaperEntry
from app.services.case_work import owed_in
from app.services.cases import Case, CaseFinding
from app.services.cells import text_of
from app.text import _, number, render, show
from geo.words import CasePaperKind

#: Counts what was saved: the fields of what was saved start empty, those of a refused entry stay.
_SAVED = "case-saved"


@dataclass(frozen=True)
class _Choice:
    kind: CasePaperKind
    finding: CaseFinding | None


def saved(text: str) -> None:
    """Say that something was entered, and show the page as it now is."""
    st.session_state[_SAVED] = st.session_state.get(_SAVED, 0) + 1
    st.toast(text, icon=":material/check:")
    st.rerun()


def field_key(name: str) -> str:
    """The key of a field, another one after each entry."""
    return f"{name}-{st.session_state.get(_SAVED, 0)}"


def paper_form(visit: Visit, case: Case, facts: CheckFacts) -> None:
    """The next paper of the case, by the kinds that the visitor may enter."""
    kinds = _kinds(visit)
    if not kinds:
        return
    st.subheader(_("Nhập văn bản"))
    choice = _choice(case, kinds)
    if choice.kind is CasePaperKind.SANCTION and facts.recorded_by_reader:
        st.info(_("Bạn đã ghi lần kiểm tra này: Đội chỉ đề nghị, người khác nhập quyết định xử phạt."))
        return
    entry = _fields(visit, case, choice)
    if entry is not None:
        with told():
            case_papers.add_paper(visit.store, visit.actor, case.inspection_id, entry, visit.today)
            saved(_("Đã ghi {paper}.", paper=entry.kind))


def _kinds(visit: Visit) -> list[CasePaperKind]:
    keeps, inspects = may(visit.actor, Right.KEEP_CASES), may(visit.actor, Right.INSPECT)
    return [
        kind
        for kind in CasePaperKind
        if kind is not CasePaperKind.CLOSED and (keeps or (inspects and kind in TEAM_PAPERS))
    ]


def _choice(case: Case, kinds: list[CasePaperKind]) -> _Choice:
    """Which paper, about which finding; what is owed first is offered first."""
    owed = [(finding, one.kind) for finding, one in owed_in(case) if one.kind in kinds]
    first_finding, first_kind = owed[0] if owed else (None, None)
    left, right = st.columns(2)
    kind = left.selectbox(
        _("Văn bản"),
        kinds,
        index=kinds.index(first_kind) if first_kind in kinds else 0,
        format_func=paper_word,
        key=field_key(f"case-kind-{case.inspection_id}"),
    )
    whole = kind in (CasePaperKind.MINUTES, CasePaperKind.RESULT_NOTICE)
    options: list[CaseFinding | None] = [] if whole else [one for one in case.findings if not one.closed_on]
    if kind is not CasePaperKind.SANCTION:
        options = [*options, None]
    at = options.index(first_finding) if first_finding in options else 0
    finding = right.selectbox(
        _("Về"),
        options,
        index=at if options else None,
        format_func=lambda one: _("cả lần kiểm tra") if one is None else finding_name(case, one),
        key=field_key(f"case-finding-{case.inspection_id}-{kind.value}"),
    )
    return _Choice(kind, finding)


def _fields(visit: Visit, case: Case, choice: _Choice) -> PaperEntry | None:
    """The form of one kind of paper; gives what was entered when it was sent."""
    kind = choice.kind
    at = f"{case.inspection_id}-{kind.value}"
    with st.form(field_key(f"case-paper-{at}")):
        left, right = st.columns(2)
        written = left.text_input(_("Số (văn thư đã cấp)"), max_chars=80, key=field_key(f"number-{at}"))
        day = right.date_input(
            _("Ngày"),
            visit.today,
            min_value=case.on_date,
            max_value=visit.today,
            format="DD/MM/YYYY",
            key=field_key(f"day-{at}"),
        )
        body, article, amount, due = "", "", None, None
        if (word := body_word(kind)) is not None:
            body = st.text_input(
                word,
                max_chars=200,
                key=field_key(f"body-{at}"),
                help=_("Tên cơ quan hoặc chức vụ, không ghi tên người."),
            )
        if kind is CasePaperKind.SANCTION:
            article, amount = _sanction_fields(choice, at)
        if (word := due_word(kind)) is not None:
            due = st.date_input(
                word, None, min_value=case.on_date, format="DD/MM/YYYY", key=field_key(f"due-{at}")
            )
        note = st.text_input(
            _("Ghi chú (không ghi tên người, số điện thoại)"), max_chars=600, key=field_key(f"note-{at}")
        )
        if not st.form_submit_button(_("Ghi vào hồ sơ"), type="primary"):
            return None
    return PaperEntry(
        kind=kind,
        on_date=day,
        number=written or "",
        finding_id=choice.finding.id if choice.finding else None,
        body=body or "",
        article=article,
        amount_vnd=amount,
        due_on=due,
        note=note or "",
    )


def _sanction_fields(choice: _Choice, at: str) -> tuple[str, int | None]:
    """Article and amount of a fine; the decree in force on the day of the check stands there already."""
    decree = choice.finding.sanctioned_by if choice.finding else None
    left, right = st.columns([3, 2])
    article = left.text_input(
        _("Nghị định, điều, khoản"),
        value=_("{decree}, Điều ", decree=decree) if decree else "",
        max_chars=200,
        key=field_key(f"article-{at}-{choice.finding.id if choice.finding else ''}"),
        help=_("Vi phạm áp dụng văn bản có hiệu lực vào ngày kiểm tra."),
    )
    amount = right.number_input(
        _("Mức phạt (đồng)"), min_value=0, value=None, step=500_000, key=field_key(f"amount-{at}")
    )
    if decree is None:
        st.caption(_("Chưa có nghị định ghi sẵn cho loại vi phạm này: ghi rõ căn cứ của quyết định."))
    st.caption(_("Chỉ ghi quyết định đã ký của người có thẩm quyền; Đội kiểm tra chỉ đề nghị."))
    return article or "", None if amount is None else int(amount)


def payments(visit: Visit, case: Case) -> None:
    """Fines that wait to be paid."""
    if not may(visit.actor, Right.KEEP_CASES):
        return
    papers = case.papers
    fines = papers[(papers["kind"] == CasePaperKind.SANCTION.value) & papers["paid_on"].isna()]
    for row in fines[fines["amount_vnd"].fillna(0) > 0].itertuples(index=False):
        with st.form(f"case-paid-{row.id}"):
            name = text_of(row.number) or paper_word(CasePaperKind.SANCTION)
            st.markdown(
                _(
                    "**Nộp phạt** {amount} đồng, {paper}",
                    amount=number(float(row.amount_vnd), 0),
                    paper=plain(name),
                )
            )
            paid = st.date_input(
                _("Ngày nộp"),
                visit.today,
                min_value=row.on_date.date(),
                max_value=visit.today,
                format="DD/MM/YYYY",
            )
            if st.form_submit_button(_("Đã nộp phạt")):
                with told():
                    case_papers.mark_paid(visit.store, visit.actor, row.id, paid, visit.today)
                    saved(_("Đã ghi ngày nộp phạt."))


def closing(visit: Visit, case: Case, facts: CheckFacts) -> None:
    """The end of each open finding, under a document's number, by somebody who did not inspect."""
    still_open = [finding for finding in case.findings if finding.closed_on is None]
    if not still_open or not may(visit.actor, Right.KEEP_CASES):
        return
    st.subheader(_("Kết thúc phát hiện"))
    if facts.recorded_by_reader:
        st.info(
            _("Bạn đã ghi lần kiểm tra này nên không được đóng phát hiện của nó. Nhờ người khác giữ hồ sơ."),
            icon=":material/person_off:",
        )
        return
    for finding in still_open:
        _closing_form(visit, case, finding)


def _closing_form(visit: Visit, case: Case, finding: CaseFinding) -> None:
    ready = finding.state.next is CasePaperKind.CLOSED
    with st.expander(finding_name(case, finding), expanded=ready):
        if not ready:
            st.caption(plain(_("Còn chờ: {what}", what=_waits(finding))))
        with st.form(field_key(f"case-close-{finding.id}"), border=False):
            left, right = st.columns(2)
            paper = left.text_input(
                _("Số văn bản kết thúc"), max_chars=80, key=field_key(f"close-n-{finding.id}")
            )
            day: date = right.date_input(
                _("Ngày kết thúc"),
                visit.today,
                min_value=case.on_date,
                max_value=visit.today,
                format="DD/MM/YYYY",
                key=field_key(f"close-d-{finding.id}"),
            )
            why = st.text_input(
                _("Lý do (không ghi tên người)"), max_chars=600, key=field_key(f"close-w-{finding.id}")
            )
            if st.form_submit_button(_("Đóng phát hiện"), type="primary" if ready else "secondary"):
                with told():
                    case_papers.close_finding(
                        visit.store, visit.actor, finding.id, day, paper or "", visit.today, why or ""
                    )
                    saved(_("Đã đóng phát hiện."))


def _waits(finding: CaseFinding) -> str:
    return " ".join(
        f"{render(one.text)} ({show(one.due_on)})" if one.due_on else render(one.text)
        for one in finding.state.owed
    )
