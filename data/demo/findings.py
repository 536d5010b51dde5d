"""What a check finds: violations, serious or not, with deadlines that are met, missed or still running."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from data.demo.names import FINDING_TEXTS
from data.demo.rows import Clock
from geo.words import FindingKind

_F = FindingKind
_SERIOUS = {_F.LICENCE: 0.3, _F.SECURITY: 0.35, _F.FIRE: 0.35}
_OTHER = {_F.SECURITY: 0.25, _F.FIRE: 0.3, _F.LABOUR: 0.25, _F.LICENCE: 0.08, _F.OTHER: 0.12}


@dataclass(frozen=True)
class FoundThing:
    """A finding before it is a row."""

    kind: FindingKind
    serious: bool
    text: str
    deadline: date | None
    closed_on: date | None


def findings_of(
    clock: Clock,
    on_date: date,
    rng: np.random.Generator,
    *,
    serious_chance: float,
    prostitution_share: float,
    unlicensed: bool,
) -> list[FoundThing]:
    """Findings of one check; a serious one at most, and up to two others."""
    found = []
    if unlicensed:
        found.append(_thing(clock, on_date, _F.LICENCE, True, rng))
    elif rng.random() < serious_chance:
        kind = _F.PROSTITUTION if rng.random() < prostitution_share else _drawn(_SERIOUS, rng)
        found.append(_thing(clock, on_date, kind, True, rng))
    for _ in range(int(rng.binomial(2, 0.12 + 0.35 * min(serious_chance, 0.5)))):
        found.append(_thing(clock, on_date, _drawn(_OTHER, rng), False, rng))
    return found


def _drawn(shares: dict[FindingKind, float], rng: np.random.Generator) -> FindingKind:
    return list(shares)[int(rng.choice(len(shares), p=list(shares.values())))]


def _thing(
    clock: Clock, on_date: date, kind: FindingKind, serious: bool, rng: np.random.Generator
) -> FoundThing:
    text = FINDING_TEXTS[kind][int(rng.integers(len(FINDING_TEXTS[kind])))]
    deadline = (
        on_date + timedelta(days=int(rng.choice([15, 30, 45, 60]))) if serious or rng.random() < 0.5 else None
    )
    closed: date | None = (deadline or on_date) + timedelta(days=int(rng.integers(-9, 26)))
    never = rng.random() < (0.16 if (clock.as_of - on_date).days < 500 else 0.05)
    if never or closed is None or closed > clock.last:
        closed = None
    return FoundThing(kind, serious, text, deadline, None if closed is None else max(closed, on_date))


def follow_up_on(found: list[FoundThing], rng: np.random.Generator) -> date | None:
    """The day of a re-check: soon after the deadline of a serious finding, where there is to be one."""
    due = [thing.deadline for thing in found if thing.serious and thing.deadline is not None]
    if not due or rng.random() > 0.4:
        return None
    day = max(due) + timedelta(days=int(rng.integers(2, 18)))
    return day if day.weekday() < 6 else day + timedelta(days=1)
