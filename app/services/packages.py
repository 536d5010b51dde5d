"""A ward's figures of a period as one file, taking in such files, and all wards together, each counted once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.access import Right, require
from app.services.figure_entry import PRIVATE
from app.services.free_text import about_places, file_label
from app.services.indicators import Indicators, indicators
from data.exporters.package import package_bytes, sealed
from data.exporters.replacing import replacing
from data.importers.package import MOST_BYTES, parse_package, read_package
from data.repositories import figures
from data.repositories.frames import current
from data.store import Actor, Store, Work
from data.tables import ReceivedPackage, Task, Unit, new_id
from geo.errors import InputError
from geo.fold import fold
from geo.messages import msg
from geo.periods import Period, parse_period
from geo.review_words import TaskKind
from geo.targets import Indicator

#: Fewer heads of persons who were examined or helped leave the office in no file (domain rule 5).
LEAST_SHOWN = 5
_PRIVATE_TASKS = frozenset({TaskKind.HEALTH, TaskKind.METHADONE, TaskKind.VICTIMS, TaskKind.LOANS})
#: A larger file is no package of a ward.
MOST_MEGABYTES = MOST_BYTES // 1_000_000
#: A sender's clock may be ahead of ours.
_SLACK = timedelta(days=1)
_LEVEL_WORDS = ("phuong ", "xa ", "thi tran ")


def export_package(
    store: Store, actor: Actor, period: Period, code: str, file: Path, *, as_of: date
) -> dict[str, Any]:
    """Write a ward's package of a period to a file. ``code``: of the unit of the period's last day.

    Gives ``{file, ward, period, checksum, indicators, figures, tasks}``. Raises InputError for an unknown unit
    and a file that cannot be written.
    """
    content, document = make_package(store, actor, period, code, as_of=as_of)
    with replacing(file) as beside:
        beside.write_bytes(content)
    counts = {name: len(document[name]) for name in ("indicators", "figures", "tasks")}
    told = {"ward": document["unit"]["name"], "period": period.text, "checksum": document["checksum"]}
    return {"file": str(file), **told, **counts}


def make_package(
    store: Store, actor: Actor, period: Period, code: str, *, as_of: date
) -> tuple[bytes, dict[str, Any]]:
    """A ward's package as the bytes of its file and as a document; taking it is written to the log."""
    require(actor, Right.REPORT)
    with store.read(actor) as work:
        unit = _unit_of(work, code, period)
    found = indicators(store, actor, period.first, period.last, as_of=as_of, units_as_of=period.last)
    with store.write(actor) as work:
        document = sealed(_contents(work, unit, period, found, as_of))
        work.note("package.export", unit.id, period=period.text, checksum=document["checksum"])
    return package_bytes(document), document


def _unit_of(work: Work, code: str, period: Period) -> Unit:
    for unit in work.session.scalars(select(Unit).where(Unit.code == code)):
        seen = work.actor.scope is None or unit.id in work.actor.scope
        if seen and _valid(unit, period.last):
            return unit
    raise InputError(
        "unknown_unit",
        msg("Không có phường mã {code} vào ngày {day} trong địa bàn của bạn.", code=code[:20], day=period.last),
        hint=msg("Mã phường được dùng lại qua các thời kỳ: xem trang Hệ thống phường."),
    )


def code_of(store: Store, actor: Actor, unit_id: str) -> str:
    """The code of a unit, empty for an unknown one."""
    require(actor, Right.SEE)
    with store.read(actor) as work:
        return work.session.scalar(select(Unit.code).where(Unit.id == unit_id)) or ""


def file_word(ward: str) -> str:
    """A ward's name as part of a file's name."""
    return "-".join(re.findall(r"[a-z0-9]+", fold(ward)))


def _valid(unit: Unit, day: date) -> bool:
    return unit.valid_from <= day and (unit.valid_to is None or unit.valid_to >= day)


def _contents(work: Work, unit: Unit, period: Period, found: Indicators, as_of: date) -> dict[str, Any]:
    own = [one for one in found.rows if one.unit_id == unit.id and not one.code.startswith("T07")]
    beside = [one for one in found.other if one.unit_id == unit.id]
    tasks = work.session.execute(current(Task).where(Task.unit_id == unit.id)).all()
    return {
        "unit": {
            "code": unit.code,
            "name": unit.name,
            "valid_from": unit.valid_from.isoformat(),
            "valid_to": _iso(unit.valid_to),
        },
        "period": {
            "text": period.text,
            "first": period.first.isoformat(),
            "last": period.last.isoformat(),
        },
        "as_of": as_of.isoformat(),
        "made_at": work.now.isoformat(timespec="microseconds"),
        "indicators": [_indicator(one) for one in own],
        "other": [{"key": one.key, "value": one.value} for one in beside],
        "figures": _entered(work, unit.id, period),
        "tasks": [_task(row) for row in tasks if _told_in(row, period)],
    }


def _indicator(one: Indicator) -> dict[str, Any]:
    return {
        "code": one.code,
        "numerator": one.numerator,
        "denominator": one.denominator,
        "value": one.value,
        "comparator": one.comparator,
        "target": one.target,
        "assigned": one.assigned,
        "met": one.met,
    }


def _entered(work: Work, unit_id: str, period: Period) -> list[dict[str, Any]]:
    """What the ward entered for days of the period."""
    rows = figures.ward_figures(work)
    if rows.empty:
        return []
    own = rows[rows["unit_id"] == unit_id]
    first, last = own["first_day"].dt.date, own["last_day"].dt.date
    own = own[((first >= period.first) & (last <= period.last)).to_numpy(dtype=bool)]
    return [
        {
            "id": row.id,
            "measure": row.measure,
            "first_day": row.first_day.date().isoformat(),
            "last_day": row.last_day.date().isoformat(),
            "value": _shown(row.measure, int(row.value)),
            "hidden": _hidden(row.measure, int(row.value)),
            "body": row.body if isinstance(row.body, str) else None,
            "document": row.document if isinstance(row.document, str) else None,
            "note": row.note if isinstance(row.note, str) else None,
        }
        for row in own.itertuples()
    ]


def _hidden(measure: str, value: int | None) -> bool:
    return measure in PRIVATE and value is not None and 0 < value < LEAST_SHOWN


def _shown(measure: str, value: int | None) -> int | None:
    return None if _hidden(measure, value) else value


def _told_in(task: Any, period: Period) -> bool:
    """Whether a task concerns a period: given by its end, and not closed before it began."""
    return task.given_on <= period.last and (task.done_on is None or task.done_on >= period.first)


def _task(row: Any) -> dict[str, Any]:
    plain = {name: getattr(row, name) for name in ("id", "kind", "title", "owner", "state", "document", "note")}
    days = {name: _iso(getattr(row, name)) for name in ("given_on", "due_on", "done_on")}
    hidden = row.value is not None and 0 < row.value < LEAST_SHOWN and row.kind in _PRIVATE_TASKS
    return {**plain, **days, "value": None if hidden else row.value}


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def import_package(store: Store, actor: Actor, file: Path) -> dict[str, Any]:
    """Take in a package that a ward sent (see ``receive``)."""
    require(actor, Right.REPORT)
    return _receive(store, actor, read_package(file), file.name)


def receive(store: Store, actor: Actor, content: bytes, name: str) -> dict[str, Any]:
    """Take in the bytes of a package. Gives ``{ward, unit, period, checksum, made_at, new, newest}``.

    The same file twice is one package (``new`` False); an older one than is on record is kept but does not
    count (``newest`` False). Raises InputError for a file that was changed, is no package or is of an unknown
    unit, and RuleError for personal data in it.
    """
    require(actor, Right.REPORT)
    return _receive(store, actor, parse_package(content, name), name)


def _receive(store: Store, actor: Actor, document: dict[str, Any], name: str) -> dict[str, Any]:
    _refuse_secrets(document)
    period, made_at = parse_period(document["period"]["text"]), datetime.fromisoformat(document["made_at"])
    with store.write(actor) as work:
        unit = _sender(work, document["unit"], period, name)
        if made_at > work.now + _SLACK:
            raise InputError(
                "future", msg("Gói số liệu ghi ngày lập ở tương lai: {day}.", day=made_at.date()), file=name
            )
        rows = _received(work, period, unit.id)
        new = document["checksum"] not in {row.checksum for row in rows}
        newest = all(row.made_at <= made_at for row in rows)
        if new:
            work.session.add(_package_row(work, unit.id, period, document, made_at))
            checksum = document["checksum"]
            work.note("package.import", unit.id, file=file_label(name), period=period.text, checksum=checksum)
        told = {"ward": unit.name, "unit": unit.id, "period": period.text, "checksum": document["checksum"]}
    return {**told, "made_at": document["made_at"], "new": new, "newest": newest}


def _refuse_secrets(document: dict[str, Any]) -> None:
    """Raise RuleError for a text that may not be kept here, as for one that is typed."""
    for row in (*document["figures"], *document["tasks"]):
        for field in ("title", "owner", "body", "document", "note"):
            about_places(row.get(field))


def _package_row(
    work: Work, unit_id: str, period: Period, document: dict[str, Any], made_at: datetime
) -> ReceivedPackage:
    return ReceivedPackage(
        id=new_id(),
        unit_id=unit_id,
        first_day=period.first,
        last_day=period.last,
        checksum=document["checksum"],
        made_at=made_at,
        received_at=work.now,
        received_by=work.actor.name,
        contents=document,
    )


def _sender(work: Work, told: Mapping[str, Any], period: Period, name: str) -> Unit:
    """The unit that sent a package: the same code, beginning and name. A code alone may mean other ground."""
    for unit in work.session.scalars(select(Unit).where(Unit.code == told["code"])):
        seen = work.actor.scope is None or unit.id in work.actor.scope
        same = unit.valid_from.isoformat() == told["valid_from"] and _bare(unit.name) == _bare(told["name"])
        if seen and same and _valid(unit, period.last):
            return unit
    raise InputError(
        "unknown_unit",
        msg(
            "Gói số liệu của {name} (mã {code}, hiệu lực từ {day}): ở đây không có phường đó.",
            name=told["name"],
            code=told["code"],
            day=date.fromisoformat(told["valid_from"]),
        ),
        hint=msg("Nhập ranh giới phường của đúng thời kỳ trước, rồi nhập gói số liệu."),
        file=name,
    )


def _bare(name: str) -> str:
    folded = fold(name).strip()
    for word in _LEVEL_WORDS:
        folded = folded.removeprefix(word)
    return folded


def _received(work: Work, period: Period, unit_id: str | None = None) -> list[ReceivedPackage]:
    statement = select(ReceivedPackage).where(
        ReceivedPackage.first_day == period.first, ReceivedPackage.last_day == period.last
    )
    if unit_id is not None:
        statement = statement.where(ReceivedPackage.unit_id == unit_id)
    return list(work.session.scalars(statement))
