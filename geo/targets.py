"""The plan's targets (Chỉ tiêu T01-T10) as figures: what was counted, out of what, and whether it is enough."""

from __future__ import annotations

from dataclasses import dataclass, field

from geo.messages import Message

#: Table name -> ids of the rows behind a figure (truy vết).
Rows = dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Indicator:
    """A target of the plan in a ward (``unit_id``) or in the whole (None).

    ``value``: numerator over denominator, or the count itself where the target is a count; None where it cannot
    be said, for the reason in ``text``. ``comparator``: how ``value`` stands to ``target``: ">", ">=", "<=", or
    "count" for a count that should reach it; shares are of 0 to 1. ``assigned``: the target was given to this
    unit by a share of its own. ``met`` None: nobody can say. ``flags``: what is odd about the figures.
    ``before`` and ``year_before``: the value in the period before and in the same period of last year.
    """

    code: str
    name: Message
    unit_id: str | None
    ward: str | None
    numerator: int | None
    denominator: int | None
    value: float | None
    comparator: str
    target: float | None
    assigned: bool
    met: bool | None
    text: Message
    flags: tuple[Message, ...] = ()
    before: float | None = None
    year_before: float | None = None
    rows: Rows = field(default_factory=dict)


@dataclass(frozen=True)
class OtherFigure:
    """A count beside the targets, in a ward or in the whole (``unit_id`` None).

    ``value`` None: not entered, or ``hidden`` since so few heads are concerned ("dưới 5") or since the hidden
    ones could be worked out from it.
    """

    key: str
    name: Message
    unit_id: str | None
    ward: str | None
    value: int | None
    before: int | None = None
    year_before: int | None = None
    rows: Rows = field(default_factory=dict)
    hidden: bool = False
