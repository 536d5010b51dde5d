"""Papers of a check to print (Word): pre-filled minutes, and for a re-check its decision and minutes."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from app.access import Right, may
from app.parts import premises_reads
from app.parts.visit import Visit
from app.runtime import runtime
from app.services import check_papers, exports
from app.services.case_facts import CheckFacts
from app.services.check_papers import DecisionPaper, MinutesPaper, Place
from app.services.field_visits import checklist
from app.services.office import issuer
from app.text import _, label, show, speaking
from geo.words import LicenceKind, VisitKind

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def papers_to_print(visit: Visit, facts: CheckFacts) -> None:
    """The papers that the office knows enough of to fill in; each is made when it is asked for."""
    if not (may(visit.actor, Right.INSPECT) or may(visit.actor, Right.KEEP_CASES)):
        return
    with st.popover(_("In văn bản"), icon=":material/print:"):
        st.caption(_("Tên người, lời khai và chữ ký ghi tay trên giấy; số văn bản ghi khi văn thư cấp."))
        _button(visit, facts, _("Biên bản kiểm tra điền sẵn"), f"bien-ban-{facts.on_date:%Y%m%d}", minutes)
        if facts.minutes_number is not None:
            day = f"{visit.today:%Y%m%d}"
            _button(visit, facts, _("Quyết định phúc tra"), f"quyet-dinh-phuc-tra-{day}", recheck_decision)
            _button(visit, facts, _("Biên bản phúc tra điền sẵn"), f"bien-ban-phuc-tra-{day}", recheck_minutes)


def _button(
    visit: Visit, facts: CheckFacts, text: str, name: str, make: Callable[[Visit, CheckFacts], bytes]
) -> None:
    def made() -> bytes:
        file = f"{name}.docx"
        return exports.taken(visit.store, visit.actor, facts.inspection_id, file, lambda: make(visit, facts))

    st.download_button(
        f"{text} (Word)", data=made, file_name=f"{name}.docx", mime=_DOCX, on_click="ignore", width="stretch"
    )


def minutes(visit: Visit, facts: CheckFacts) -> bytes:
    """The minutes of the check with what the register knows, for its own day."""
    laws, required = checklist()
    again = facts.kind is VisitKind.FOLLOW_UP
    paper = MinutesPaper(
        issuer=issuer(runtime().settings.office),
        team=facts.team,
        place=_place(facts),
        day=facts.on_date,
        asked=() if again else laws.asked(facts.type, facts.on_date, required),
        known=_known(visit, facts),
        agencies=facts.agencies,
        decision_number=facts.decision_number,
        decision_date=facts.decision_date,
        earlier=facts.earlier,
        demo=visit.demo,
    )
    return check_papers.minutes(paper)


def recheck_minutes(visit: Visit, facts: CheckFacts) -> bytes:
    """The minutes of a re-check, limited to the content of the minutes of this check (domain rule 1)."""
    paper = MinutesPaper(
        issuer=issuer(runtime().settings.office),
        team=facts.team,
        place=_place(facts),
        day=visit.today,
        asked=(),
        agencies=facts.agencies,
        earlier=_earlier(facts),
        demo=visit.demo,
    )
    return check_papers.minutes(paper)


def recheck_decision(visit: Visit, facts: CheckFacts) -> bytes:
    """The decision for a re-check of this check's minutes, still without number and date."""
    paper = DecisionPaper(
        issuer=issuer(runtime().settings.office),
        team=facts.team,
        places=(_place(facts),),
        first_day=visit.today,
        last_day=visit.today,
        kind=VisitKind.FOLLOW_UP,
        basis=_earlier(facts),
        agencies=facts.agencies,
        demo=visit.demo,
    )
    return check_papers.decision(paper)


def _place(facts: CheckFacts) -> Place:
    return Place(facts.premises, facts.type, facts.address, facts.ward, facts.registration)


def _earlier(facts: CheckFacts) -> str:
    return f"số {facts.minutes_number} ngày {facts.on_date:%d/%m/%Y}"


def _known(visit: Visit, facts: CheckFacts) -> dict[LicenceKind, str]:
    """Numbers and standing of the register's papers, as printed paper names them."""
    with speaking("vi"):
        return {
            one.kind: ", ".join(filter(None, (one.number, show(one.issued_on), label(one.state))))
            for one in premises_reads.premises_file(visit, facts.premises_id).papers
        }
