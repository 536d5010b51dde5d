"""What a visit is worth: points that can be read aloud and that sum to the value, exactly.

The value ranks visits, it decides nothing: who may be visited at all is a matter of the rules
(``planning_rules``), and a score or a neighbour's violation is never a ground for a second check.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from geo.messages import Message, msg


@dataclass(frozen=True)
class VisitWeights:
    """Most points each reason can give.

    ``base`` for any active premises (so that every value is positive); ``risk`` at score 100; ``since`` at
    ``since_cap_days`` without a check, or never checked; ``follow_up`` for a deadline that has passed without
    being closed; ``border`` in the strip of a segment with risk 100; ``coverage`` where the ward has nothing
    of what the target asks by now; ``coverage_due`` for the best of a ward, as many as it owes in the period;
    ``complex_grounds`` for recorded signs of complexity not yet checked this
    year (to be checked once a year at least: domain rule 3).
    """

    base: float = 1.0
    risk: float = 60.0
    since: float = 20.0
    since_cap_days: int = 730
    follow_up: float = 30.0
    border: float = 15.0
    coverage: float = 15.0
    coverage_due: float = 40.0
    complex_grounds: float = 25.0


@dataclass(frozen=True)
class Part:
    """One reason: its stable name, its points and the sentence for people."""

    name: str
    points: float
    text: Message


@dataclass(frozen=True)
class VisitFacts:
    """What the value of a visit depends on.

    ``score``: risk 0-100 or None. ``last_checked``: by any body, None if never. ``open_deadlines``: findings
    whose deadline has passed. ``border_risk``: 0-100 of the riskiest border strip it lies in, None outside
    all. ``ward_behind``: 0 where the ward keeps up with the target, 1 where nothing is done.
    """

    score: float | None = None
    last_checked: date | None = None
    open_deadlines: int = 0
    border_risk: float | None = None
    ward_behind: float = 0.0
    complex_grounds: bool = False


def visit_value(facts: VisitFacts, on: date, weights: VisitWeights) -> tuple[float, tuple[Part, ...]]:
    """Value (> 0, one decimal) of a visit on or about ``on``, and its parts without the zeros."""
    parts = [
        _base(weights),
        _risk(facts.score, weights),
        _since(facts.last_checked, on, weights),
        _follow_up(facts.open_deadlines, weights),
        _border(facts.border_risk, weights),
        _coverage(facts.ward_behind, weights),
        _complex(facts.complex_grounds, weights),
    ]
    kept = tuple(part for part in parts if part is not None and part.points > 0)
    return round(sum(part.points for part in kept), 1), kept


def coverage_parts(behind: float, owed: int, weights: VisitWeights) -> tuple[Part, ...]:
    """What a visit does for its ward's target: ``behind`` as in ``VisitFacts``; ``owed``: how many premises
    the ward owes in the period, where this is one of the best of them, else 0."""
    parts = [_coverage(behind, weights)]
    if owed:
        points = _points(weights.coverage_due, 1.0)
        text = msg("Thuộc {n} cơ sở mà phường cần kiểm tra trong kỳ: +{points}", n=owed, points=points)
        parts.append(Part("coverage_due", points, text))
    return tuple(part for part in parts if part.points > 0)


def follow_up_part(deadline: date, content: str | Message) -> Part:
    """The reason and the limit of a follow-up: it adds nothing to the value."""
    text = msg("Phúc tra, chỉ trong nội dung biên bản có hạn {date}: {content}", date=deadline, content=content)
    return Part("follow_up_content", 0.0, text)


def unannounced_part(basis: str, decision: str | None) -> Part:
    """The basis of an unannounced check: it adds nothing to the value."""
    if decision:
        text = msg("Đột xuất, căn cứ: {basis}; quyết định {decision}", basis=basis, decision=decision)
    else:
        text = msg("Đột xuất, căn cứ: {basis}", basis=basis)
    return Part("unannounced", 0.0, text)


def locked_part() -> Part:
    """The reason of a visit that a person has fixed: it adds nothing to the value."""
    return Part("locked", 0.0, msg("Người lập kế hoạch đã ấn định"))


def lot_part(pool: int, drawn: int) -> Part:
    """The reason of a visit that was drawn: it adds nothing to the value."""
    text = msg("Rút ngẫu nhiên: {drawn} trong {pool} cơ sở được phép kiểm tra", drawn=drawn, pool=pool)
    return Part("lot", 0.0, text)


def _points(most: float, share: float) -> float:
    return round(most * min(max(share, 0.0), 1.0), 1)


def _base(weights: VisitWeights) -> Part:
    points = max(round(weights.base, 1), 0.1)
    return Part("base", points, msg("Cơ sở đang hoạt động: +{points}", points=points))


def _risk(score: float | None, weights: VisitWeights) -> Part | None:
    if score is None:
        return None
    points = _points(weights.risk, score / 100)
    text = msg("Điểm nguy cơ {score}: +{points}", score=round(score, 1), points=points)
    return Part("risk", points, text)


def _since(last: date | None, on: date, weights: VisitWeights) -> Part:
    if last is None:
        points = _points(weights.since, 1.0)
        return Part("since", points, msg("Chưa từng được kiểm tra: +{points}", points=points))
    days = max((on - last).days, 0)
    points = _points(weights.since, days / weights.since_cap_days)
    return Part("since", points, msg("Chưa kiểm tra {days} ngày: +{points}", days=days, points=points))


def _follow_up(count: int, weights: VisitWeights) -> Part | None:
    if not count:
        return None
    points = _points(weights.follow_up, 1.0)
    text = msg("{count} kiến nghị quá hạn chưa khắc phục: +{points}", count=count, points=points)
    return Part("follow_up", points, text)


def _border(risk: float | None, weights: VisitWeights) -> Part | None:
    if risk is None:
        return None
    points = _points(weights.border, risk / 100)
    text = msg("Trong dải giáp ranh có nguy cơ {risk}: +{points}", risk=round(risk, 1), points=points)
    return Part("border", points, text)


def _coverage(behind: float, weights: VisitWeights) -> Part:
    points = _points(weights.coverage, behind)
    return Part("coverage", points, msg("Phường chậm so với chỉ tiêu kiểm tra: +{points}", points=points))


def _complex(grounds: bool, weights: VisitWeights) -> Part | None:
    if not grounds:
        return None
    points = _points(weights.complex_grounds, 1.0)
    text = msg("Có dấu hiệu phức tạp, mỗi năm kiểm tra ít nhất một lần: +{points}", points=points)
    return Part("complex_grounds", points, text)
