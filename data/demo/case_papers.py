"""The papers that followed the demonstration's checks: complete where a finding was closed, else with gaps.

Numbers are made up and say so; offices stand in the papers, never people. A paper that would be dated after the
day of the demonstration is not there yet: it is what the office still owes.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from data.demo.rows import Clock, generator
from data.demo.ward_table import TODAYS_SYSTEM
from geo import checklist
from geo.cases import office_day
from geo.words import CasePaperKind, FindingKind, VisitKind

_K = CasePaperKind
_Row = Mapping[str, Any]
#: Papers are kept of the checks of so many days, and of older ones with a finding that is still open.
_KEPT = 550
#: A finding open for longer was checked again, and waits to be closed.
_LONG = 210
_FRESH = 60
_SIGNS = {
    _K.RESULT_NOTICE: "TB",
    _K.VIOLATION_RECORD: "BB-VPHC",
    _K.SANCTION: "QĐ",
    _K.TRANSFER: "PC",
    _K.RECOMMENDATION: "KN",
    _K.ANSWER: "CV",
    _K.RECHECK: "BB-PT",
    _K.CLOSED: "KT",
}
_FINES_VND = (3_000_000, 5_000_000, 7_500_000, 10_000_000, 12_500_000)
_RECEIVERS = {
    FindingKind.PROSTITUTION: "Công an phường",
    FindingKind.LICENCE: "Phòng Văn hóa - Xã hội phường",
    FindingKind.SECURITY: "Công an phường",
    FindingKind.FIRE: "Công an PCCC khu vực",
    FindingKind.LABOUR: "Phòng Kinh tế, Hạ tầng và Đô thị phường",
    FindingKind.OTHER: "Phòng Văn hóa - Xã hội phường",
}


@dataclass(frozen=True)
class _Paper:
    """A paper before it is a row; ``number`` None: one is given in the order of the days."""

    kind: CasePaperKind
    on_date: date
    finding_id: str | None = None
    number: str | None = None
    body: str | None = None
    article: str | None = None
    amount_vnd: int | None = None
    paid_on: date | None = None


def paper_rows(clock: Clock, inspections: Sequence[_Row], findings: Sequence[_Row]) -> list[dict[str, Any]]:
    """Rows of ``case_papers`` for the given rows of ``inspections`` and ``findings``."""
    found = defaultdict(list)
    for row in findings:
        found[row["inspection_id"]].append(row)
    again = {(row["premises_id"], row["grounds"]): row for row in inspections if _is_recheck(row)}
    papers = [
        (check["id"], paper)
        for check in inspections
        if _is_kept(clock, check, found[check["id"]])
        for paper in _of_check(clock, check, found[check["id"]], again)
        if paper.on_date <= clock.last
    ]
    return _numbered(clock, papers)


def _is_recheck(row: _Row) -> bool:
    return bool(row["kind"] == VisitKind.FOLLOW_UP.value)


def _is_kept(clock: Clock, check: _Row, found: Sequence[_Row]) -> bool:
    recent = check["on_date"] >= clock.ago(_KEPT)
    return check["body"] == "team178" and any(recent or one["closed_on"] is None for one in found)


def _of_check(
    clock: Clock, check: _Row, found: Sequence[_Row], again: Mapping[tuple[str, str], _Row]
) -> Iterator[_Paper]:
    rng = generator(clock.seed, f"case-{check['id']}")
    day = check["on_date"]
    last = min((one["closed_on"] or clock.last for one in found), default=clock.last)
    age = (clock.last - day).days
    wait = int(rng.integers(1, 6)) if rng.random() < 0.8 else int(rng.integers(6, 13))
    if age > _FRESH or rng.random() < 0.8:
        yield _Paper(_K.RESULT_NOTICE, min(office_day(day, wait), max(day, last)), body=_office(day))
    for one in found:
        grounds = f"Phúc tra thời hạn khắc phục, trong phạm vi biên bản ngày {day:%d/%m/%Y} (giả định)"
        recheck = again.get((check["premises_id"], grounds)) if one["serious"] else None
        yield from _of_finding(clock, check, one, recheck, rng)


def _of_finding(
    clock: Clock, check: _Row, one: _Row, recheck: _Row | None, rng: np.random.Generator
) -> Iterator[_Paper]:
    day, closed, key = check["on_date"], one["closed_on"], one["id"]
    papers = [*_first_steps(clock, check, one, rng)]
    deadline, age = one["deadline"], (clock.last - day).days
    if deadline is not None:
        seen = recheck["on_date"] if recheck else closed or deadline + timedelta(days=int(rng.integers(2, 12)))
        if recheck or closed or age > _LONG or rng.random() < 0.25:
            number = recheck["minutes_number"] if recheck else None
            papers.append(_Paper(_K.RECHECK, max(seen, day), number=number))
    if closed is not None:
        # What was closed has all its papers, none of them later.
        papers = [_until(paper, closed) for paper in papers]
        papers.append(_Paper(_K.CLOSED, closed))
    yield from (replace(paper, finding_id=key) for paper in papers)


def _until(paper: _Paper, last: date) -> _Paper:
    paid = paper.paid_on
    return replace(paper, on_date=min(paper.on_date, last), paid_on=None if paid is None else min(paid, last))


def _first_steps(clock: Clock, check: _Row, one: _Row, rng: np.random.Generator) -> Iterator[_Paper]:
    """What follows at once: record and sanction, or a paper to the body whose matter it is, with its answer."""
    day, kind = check["on_date"], FindingKind(one["kind"])
    settled = one["closed_on"] is not None or (clock.last - day).days > _LONG
    decree = _laws().sanction(kind, day)
    if one["serious"] and decree is not None and kind is not FindingKind.PROSTITUTION:
        yield from _sanctioned(clock, day, decree, rng, settled=settled)
        return
    if one["serious"] or one["deadline"] is None:
        sent = office_day(day, int(rng.integers(1, 4)))
        asked = _K.TRANSFER if one["serious"] else _K.RECOMMENDATION
        yield _Paper(asked, day if kind is FindingKind.PROSTITUTION else sent, body=_RECEIVERS[kind])
        if settled or rng.random() < 0.6:
            yield _Paper(_K.ANSWER, office_day(sent, int(rng.integers(4, 19))), body=_RECEIVERS[kind])


def _sanctioned(
    clock: Clock, day: date, decree: str, rng: np.random.Generator, *, settled: bool
) -> Iterator[_Paper]:
    if not settled and rng.random() < 0.1:
        return
    yield _Paper(_K.VIOLATION_RECORD, day)
    fined = office_day(day, int(rng.integers(3, 9)))
    if not settled and rng.random() < 0.4:
        return
    paid: date | None = fined + timedelta(days=int(rng.integers(2, 13)))
    if paid is not None and (paid > clock.last or (not settled and rng.random() < 0.5)):
        paid = None
    yield _Paper(
        _K.SANCTION,
        fined,
        body=_office(day),
        article=f"{decree} (điều, khoản giả định)",
        amount_vnd=int(rng.choice(_FINES_VND)),
        paid_on=paid,
    )


def _office(day: date) -> str:
    return "UBND phường" if day >= TODAYS_SYSTEM else "UBND quận Hà Đông"


@cache
def _laws() -> checklist.Checklist:
    return checklist.parse_checklist(
        Path(checklist.__file__).with_name("checklist.toml").read_text(encoding="utf-8")
    )


def _in_order(one: tuple[str, _Paper]) -> tuple[date, str, int]:
    return one[1].on_date, one[0], list(CasePaperKind).index(one[1].kind)


def _numbered(clock: Clock, papers: Sequence[tuple[str, _Paper]]) -> list[dict[str, Any]]:
    """Rows by day, each kind of paper numbered anew every year."""
    given: Counter[tuple[CasePaperKind, int]] = Counter()
    rows: list[dict[str, Any]] = []
    for inspection_id, paper in sorted(papers, key=_in_order):
        kind, year = paper.kind, paper.on_date.year
        given[kind, year] += 1
        number = f"{given[kind, year]:03d}/{year}/{_SIGNS[kind]}-MH (số giả định)"
        key = (inspection_id, paper.finding_id, kind.value, len(rows))
        rows.append(
            {
                **clock.event("case_paper", key, paper.paid_on or paper.on_date, 8.0),
                "inspection_id": inspection_id,
                "finding_id": paper.finding_id,
                "kind": kind.value,
                "number": paper.number or number,
                "on_date": paper.on_date,
                "body": paper.body,
                "article": paper.article,
                "amount_vnd": paper.amount_vnd,
                "paid_on": paper.paid_on,
                "due_on": None,
                "note": None,
            }
        )
    return rows
