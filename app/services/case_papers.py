"""Writing the papers of a case: what the team proposes, what only the competent person does, who closes."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from app.access import Right, may, require
from app.services.cases import own_papers, sanction_law, seen_inspections, state_of, unknown_inspection
from app.services.free_text import about_places
from data.repositories import checks as repository
from data.store import Actor, Store, Work
from data.tables import CasePaper, Finding
from geo.cases import FindingFacts
from geo.errors import InputError, RuleError
from geo.messages import msg
from geo.words import CasePaperKind

#: What the team itself writes; everything else is for those who keep cases.
TEAM_PAPERS = frozenset(
    {
        CasePaperKind.MINUTES,
        CasePaperKind.VIOLATION_RECORD,
        CasePaperKind.RECOMMENDATION,
        CasePaperKind.RECHECK,
    }
)
#: An article with its number; its name alone stands in the form before anybody typed.
_ARTICLE = re.compile(r"Điều\s*\d", re.IGNORECASE)
#: Which paper has to be there before another can.
_AFTER = {
    CasePaperKind.SANCTION: (CasePaperKind.VIOLATION_RECORD,),
    CasePaperKind.ANSWER: (CasePaperKind.TRANSFER, CasePaperKind.RECOMMENDATION),
}


@dataclass(frozen=True)
class PaperEntry:
    """A paper as it is entered.

    ``number``: after the clerk has issued it. ``body``: who issued it, or to whom it goes. ``article``: decree
    and article of a sanction. ``due_on``: by when it asks for something.
    """

    kind: CasePaperKind
    on_date: date
    number: str = ""
    finding_id: str | None = None
    body: str = ""
    article: str = ""
    amount_vnd: int | None = None
    paid_on: date | None = None
    due_on: date | None = None
    note: str = ""


def add_paper(store: Store, actor: Actor, inspection_id: str, entry: PaperEntry, as_of: date) -> str:
    """Enter a paper of a case and give its id.

    The team enters what it writes itself (``TEAM_PAPERS``): it proposes. A sanction names number, body and the
    decree in force on the day of the check, and is entered by somebody who did not inspect. A paper out of
    order raises RuleError, an impossible day InputError.
    """
    _require_writer(actor, entry.kind)
    if entry.kind is CasePaperKind.CLOSED:
        raise RuleError("close_finding", msg("Kết thúc hồ sơ bằng việc đóng phát hiện, kèm số văn bản."))
    clean = _checked(entry, as_of)
    with store.write(actor) as work:
        inspection, finding = _subject(work, inspection_id, entry.finding_id, as_of)
        if entry.on_date < inspection["on_date"]:
            raise InputError("bad_day", msg("Ngày văn bản đứng trước ngày kiểm tra."))
        papers = own_papers(repository.papers_of(work, [inspection_id]), entry.finding_id)
        _require_order(entry, papers)
        if entry.kind is CasePaperKind.SANCTION:
            _require_sanction(work, clean, inspection, finding)
        made = repository.add_paper(work, inspection_id=inspection_id, finding_id=entry.finding_id, **clean)
        if entry.kind is CasePaperKind.REMEDY_EXTENDED and finding is not None:
            repository.revise(work, Finding, finding, clean["number"], deadline=entry.due_on)
        work.note("case.paper", made, kind=entry.kind.value, inspection=inspection_id)
        return made


def mark_paid(store: Store, actor: Actor, paper_id: str, paid_on: date, as_of: date) -> None:
    """Record that a fine was paid."""
    require(actor, Right.KEEP_CASES)
    with store.write(actor) as work:
        before, seen = repository.paper(work, paper_id), set(seen_inspections(work, as_of)["id"])
        if (
            before is None
            or before["kind"] != CasePaperKind.SANCTION.value
            or before["inspection_id"] not in seen
        ):
            raise InputError("unknown_paper", msg("Không có quyết định xử phạt này."))
        if not before["on_date"] <= paid_on <= as_of:
            raise InputError("bad_day", msg("Ngày nộp phải từ ngày quyết định đến hôm nay."))
        repository.revise(work, CasePaper, before, None, paid_on=paid_on)
        work.note("case.paid", paper_id)


def close_finding(
    store: Store, actor: Actor, finding_id: str, closed_on: date, document: str, as_of: date, reason: str = ""
) -> None:
    """Close a finding under a document's number.

    Raises RuleError for whoever recorded the inspection or the finding, without a number, and while a sanction
    or a re-check is owed; InputError outside the actor's scope and for an impossible day.
    """
    require(actor, Right.KEEP_CASES)
    number, why = about_places(document)[:200], about_places(reason)[:600] or None
    _require_number(number)
    with store.write(actor) as work:
        finding, seen = repository.finding(work, finding_id), set(seen_inspections(work, as_of)["id"])
        if finding is None or finding["inspection_id"] not in seen:
            raise InputError("unknown_finding", msg("Không có phát hiện này."))
        inspection, _same = _subject(work, finding["inspection_id"], finding_id, as_of)
        if actor.name in inspection["recorded"] | {finding["first_by"]}:
            raise RuleError(
                "same_person",
                msg("Người đã kiểm tra không được đóng phát hiện của lần kiểm tra đó."),
                hint=msg("Nhờ người khác giữ hồ sơ."),
            )
        if finding["closed_on"] is not None:
            raise RuleError("closed", msg("Phát hiện này đã đóng ngày {day}.", day=finding["closed_on"]))
        if not inspection["on_date"] <= closed_on <= as_of:
            raise InputError("bad_day", msg("Ngày đóng phải từ ngày kiểm tra đến hôm nay."))
        _require_settled(work, inspection, finding, as_of)
        repository.revise(work, Finding, finding, why, closed_on=closed_on, document=number)
        repository.add_paper(
            work,
            inspection_id=finding["inspection_id"],
            finding_id=finding_id,
            kind=CasePaperKind.CLOSED.value,
            number=number[:80],
            on_date=closed_on,
        )
        work.note("finding.close", finding_id, document=number)


def _require_writer(actor: Actor, kind: CasePaperKind) -> None:
    if not (kind in TEAM_PAPERS and may(actor, Right.INSPECT)):
        require(actor, Right.KEEP_CASES)


def _checked(entry: PaperEntry, as_of: date) -> dict[str, Any]:
    """The entry as it is stored, its texts without personal data."""
    if entry.on_date > as_of:
        raise InputError("future_day", msg("Ngày {day} chưa tới.", day=entry.on_date))
    if entry.due_on is not None and entry.due_on < entry.on_date:
        raise InputError("bad_day", msg("Thời hạn đứng trước ngày văn bản."))
    if entry.amount_vnd is not None and entry.amount_vnd < 0:
        raise InputError("bad_amount", msg("Số tiền phạt không thể âm."))
    number = about_places(entry.number)[:80]
    if entry.kind is not CasePaperKind.RECHECK:
        _require_number(number)
    if entry.kind is CasePaperKind.REMEDY_EXTENDED and entry.due_on is None:
        raise InputError("due_missing", msg("Gia hạn cần ngày hết hạn mới."))
    return {
        "kind": entry.kind.value,
        "on_date": entry.on_date,
        "number": number or None,
        "body": about_places(entry.body)[:200] or None,
        "article": about_places(entry.article)[:200] or None,
        "amount_vnd": entry.amount_vnd,
        "paid_on": entry.paid_on,
        "due_on": entry.due_on,
        "note": about_places(entry.note)[:600] or None,
    }


def _require_number(number: str) -> None:
    if not any(character.isdigit() for character in number):
        raise RuleError("number_missing", msg("Cần số văn bản; chỉ nhập khi văn thư đã cấp số."))


def _subject(
    work: Work, inspection_id: str, finding_id: str | None, as_of: date
) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """The inspection, in the actor's scope, and its finding where one is named."""
    inspection = repository.inspection(work, inspection_id)
    seen = seen_inspections(work, as_of)
    if inspection is None or inspection_id not in set(seen["id"]):
        raise unknown_inspection()
    if finding_id is None:
        return inspection, None
    finding = repository.finding(work, finding_id)
    if finding is None or finding["inspection_id"] != inspection_id:
        raise InputError("unknown_finding", msg("Không có phát hiện này."))
    return inspection, finding


def _require_order(entry: PaperEntry, papers: pd.DataFrame) -> None:
    needed = _AFTER.get(entry.kind)
    if needed is None:
        return
    before = papers[papers["kind"].isin([kind.value for kind in needed])]
    if before.empty or before["on_date"].min() > pd.Timestamp(entry.on_date):
        raise RuleError(
            "paper_missing", msg("Trước {kind} cần có {needed}.", kind=entry.kind, needed=needed[0])
        )


def _require_sanction(
    work: Work, clean: dict[str, Any], inspection: dict[str, Any], finding: dict[str, Any] | None
) -> None:
    """The team proposes, only the competent person sanctions; the law is that of the day of the check."""
    if work.actor.name in inspection["recorded"]:
        raise RuleError("same_person", msg("Người đã kiểm tra không nhập quyết định xử phạt."))
    if finding is None:
        raise RuleError("finding_missing", msg("Quyết định xử phạt phải gắn với một phát hiện."))
    if not clean["body"] or not clean["article"]:
        raise RuleError("sanction_incomplete", msg("Cần cơ quan ra quyết định và điều khoản xử phạt."))
    if not _ARTICLE.search(unicodedata.normalize("NFC", clean["article"])):
        raise RuleError(
            "article_missing",
            msg("Chưa ghi số điều của căn cứ xử phạt."),
            hint=msg("Ghi số ngay sau chữ “Điều”, ví dụ “Điều 12, khoản 1”, như trong quyết định đã ký."),
        )
    law = sanction_law(finding["kind"], inspection["on_date"])
    number = re.search(r"\d+/\d{4}", law or "")
    if number and number.group() not in clean["article"]:
        raise RuleError(
            "wrong_law",
            msg("Vi phạm ngày {day} áp dụng {law}.", day=inspection["on_date"], law=law),
            hint=msg("Ghi rõ nghị định và điều, khoản."),
        )


def _require_settled(work: Work, inspection: dict[str, Any], finding: dict[str, Any], as_of: date) -> None:
    rows = own_papers(repository.papers_of(work, [inspection["id"]]), finding["id"])
    facts = FindingFacts(bool(finding["serious"]), finding["deadline"], None)
    state = state_of(rows, facts, inspection["on_date"], inspection["minutes_number"], as_of)
    for owed in state.owed:
        waits = owed.kind in (CasePaperKind.SANCTION, CasePaperKind.RECHECK)
        running = owed.kind is None and finding["deadline"] is not None and owed.due_on == finding["deadline"]
        if waits or running:
            raise RuleError("papers_missing", msg("Chưa đóng được: {why}", why=owed.text))
