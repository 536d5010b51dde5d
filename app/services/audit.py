"""The audit log for whoever watches over the work: whether it is whole, what it says, and looking into it."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import BytesIO, StringIO
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font

from app.access import Right, require
from app.services.audit_words import action_word
from app.services.looking import LOG_TAKEN, Looked
from app.services.watermark import refuse_too_many, stamped, watermark
from app.text import _, render
from data import audit, audit_anchor
from data.cell_text import harmless
from data.repositories import audit as repository
from data.repositories.audit import Wanted
from data.store import LOCAL_ZONE, Actor, Store
from data.tables import AuditEntry
from geo.errors import InputError, RuleError
from geo.messages import Message, msg

#: What was seen in this process today, so that looking again costs nothing: whose database, who, what, day.
_seen: set[tuple[str, str, str, str, date]] = set()


@dataclass(frozen=True)
class Entry:
    """One entry. ``what``: the action in words; ``origin``: from where, None where that is not known."""

    seq: int
    at: datetime
    actor: str
    action: str
    what: str
    subject: str
    origin: str | None
    detail: dict[str, Any]
    hash: str


@dataclass(frozen=True)
class Verdict:
    """Whether the log is whole: entries that fit, the first that does not with the reason, and the anchor.

    ``anchored``: number and instant of the entry that the anchor names; ``note``: why it says nothing here.
    """

    entries: int
    broken: int | None
    why: Message | None
    anchored: tuple[int, datetime] | None
    note: Message | None


def verify(store: Store, actor: Actor) -> Verdict:
    """Walk the whole chain and hold it against its anchor: finds what was changed, removed, moved, cut."""
    _require_log(actor)
    with store.read(actor) as work:
        chain = audit.walk(work.session)
        judged = audit_anchor.judge(work.session, audit_anchor.anchor_file(store.engine), chain)
    broken = chain.broken or judged.broken
    anchor = judged.anchor
    return Verdict(
        entries=chain.entries,
        broken=None if broken is None else broken.seq,
        why=None if broken is None else broken.why,
        anchored=None if anchor is None else (anchor.seq, datetime.fromisoformat(anchor.at)),
        note=judged.note,
    )


def show(store: Store, actor: Actor, wanted: Wanted, *, most: int = 200) -> list[Entry]:
    """Entries of the log, newest first. Looking into it is noted once a day."""
    _require_log(actor)
    note_reading(store, actor, Looked.LOG)
    with store.read(actor) as work:
        return [_entry(one) for one in repository.entries(work, wanted, most)]


def choices(store: Store, actor: Actor) -> tuple[list[str], list[str]]:
    """Who stands in the log, and the codes of what was done."""
    _require_log(actor)
    with store.read(actor) as work:
        return repository.actors(work), repository.actions(work)


def whole_days(first: date | None, last: date | None) -> tuple[datetime | None, datetime | None]:
    """The instants between which both days lie in Hà Nội, the second one not included."""
    ends = (first, None if last is None else last + timedelta(days=1))
    since, until = (None if day is None else datetime.combine(day, time(), LOCAL_ZONE) for day in ends)
    return since, until


def export_log(store: Store, actor: Actor, wanted: Wanted, suffix: str) -> bytes:
    """The entries that are wanted as a file, .csv or .xlsx; taking it out stands in the log before it is made.

    Raises InputError ``unknown_format``, RuleError for more rows than the role may take out at once.
    """
    _require_log(actor)
    if suffix not in (".csv", ".xlsx"):
        raise InputError("unknown_format", msg("Nhật ký xuất ra tệp .csv hoặc .xlsx."))
    with store.read(actor) as work:
        rows = [_cells(_entry(one)) for one in repository.entries(work, wanted)]
    refuse_too_many(actor, len(rows))
    with store.write(actor) as work:
        work.note(LOG_TAKEN, file=suffix, rows=len(rows))
        mark = watermark(actor, work.now)
    return _csv(rows) if suffix == ".csv" else stamped(_xlsx(rows), suffix, mark)


def note_reading(store: Store, actor: Actor, looked: Looked, subject: str = "") -> None:
    """Write to the log that the actor looked at something that is watched over, once a day and subject.

    Called before it is shown: what cannot be logged is not shown.
    """
    with store.read(actor) as work:
        day = work.today
        key = (str(store.engine.url), actor.name, looked.value, subject, day)
        if key in _seen:
            return
        since, _until = whole_days(day, None)
        assert since is not None
        known = repository.noted_since(work, looked.value, subject, since)
    if not known:
        with store.write(actor) as work:
            work.note(looked.value, subject)
    for old in [one for one in _seen if one[-1] != day]:
        _seen.discard(old)
    _seen.add(key)


def _require_log(actor: Actor) -> None:
    """The log tells of all units: it is for accounts of the whole database."""
    require(actor, Right.AUDIT)
    if actor.scope is not None:
        raise RuleError(
            "outside_scope",
            msg("Nhật ký kể về mọi địa bàn; tài khoản {name} chỉ phụ trách một phần.", name=actor.name),
            hint=msg("Dùng tài khoản kiểm soát của toàn địa bàn."),
        )


def _entry(one: AuditEntry) -> Entry:
    what = render(action_word(one.action))
    return Entry(one.seq, one.at, one.actor, one.action, what, one.subject, one.origin, one.detail, one.hash)


def headers() -> list[str]:
    """What the columns of the log are called."""
    return [
        _("Số"), _("Thời điểm"), _("Ai"), _("Từ đâu"), _("Việc"), _("Mã việc"), _("Đối tượng"), _("Chi tiết"),
        _("Mã băm"),
    ]  # fmt: skip


def _cells(one: Entry) -> list[Any]:
    at = one.at.astimezone(LOCAL_ZONE).replace(tzinfo=None)
    detail = json.dumps(one.detail, ensure_ascii=False, sort_keys=True) if one.detail else ""
    return [one.seq, at, one.actor, one.origin or "", one.what, one.action, one.subject, detail, one.hash]


def _csv(rows: Sequence[Sequence[Any]]) -> bytes:
    text = StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(headers())
    for number, at, *rest in rows:
        writer.writerow([number, f"{at:%d/%m/%Y %H:%M:%S}", *map(harmless, rest)])
    return text.getvalue().encode("utf-8-sig")


def _xlsx(rows: Sequence[Sequence[Any]]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = _("Nhật ký")
    sheet.append(headers())
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for row in rows:
        # A cell of Excel holds no more.
        sheet.append([harmless(cell)[:32_000] if isinstance(cell, str) else cell for cell in row])
    for row_cells in sheet.iter_rows(min_row=2):
        row_cells[1].number_format = "dd/mm/yyyy hh:mm:ss"
        for cell in row_cells:
            if isinstance(cell.value, str):
                cell.data_type = "s"
    for letter, width in zip("ABCDEFGHI", (8, 19, 20, 24, 40, 24, 34, 60, 20), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"
    file = BytesIO()
    book.save(file)
    return file.getvalue()
