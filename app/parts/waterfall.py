"""A score built up part by part, and two scores side by side."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import Any

from app.parts.charts import INK, Bar, BarRow, bar_rows, colour_key
from app.parts.part_words import FAMILY_COLOURS, Family, family, family_points, family_word, part_word, reason
from app.text import _, number
from geo.risk import Part

RAISES, LOWERS, GROUND = "#b8310b", "#0072b2", FAMILY_COLOURS[Family.BASE]
#: Two premises side by side.
FIRST, SECOND = "#0072b2", "#e69f00"
_NAME_CHARACTERS = 60


def in_order(parts: Sequence[Part]) -> list[Part]:
    """The ground that all share first, then what raises, largest first, what lowers, and the limit last."""
    known = list(parts)
    ground = [part for part in known if part.name in ("base", "district")]
    limit = [part for part in known if part.name == "limit"]
    others = [part for part in known if part not in ground and part not in limit]
    return [*ground, *sorted(others, key=lambda part: -part.points), *limit]


def waterfall(parts: Sequence[Part], score: float) -> None:
    """How the parts of one score add up to it: every part's sentence, its points, and where the sum stands."""
    rows, height = [], 0.0
    for part in in_order(parts):
        after = height + part.points
        colour = GROUND if _is_ground(part) else RAISES if part.points > 0 else LOWERS
        rows.append(BarRow(reason(part), [[Bar(height, after, colour, signed(part.points))]]))
        height = after
    rows.append(BarRow(_("Điểm nguy cơ"), [[Bar(0.0, score, INK, number(score))]]))
    shared = [(GROUND, _("mức chung cho mọi cơ sở"))] if any(map(_is_ground, parts)) else []
    colour_key([*shared, (RAISES, _("làm tăng")), (LOWERS, _("làm giảm"))])
    bar_rows(rows, _("Các phần cộng lại thành điểm nguy cơ {score}", score=number(score)))


def _is_ground(part: Part) -> bool:
    return family(part.name) is Family.BASE and part.name != "limit"


def stacked(rows: Sequence[Any]) -> None:
    """Scores of several places as stacked bars, one colour a group of parts.

    ``rows``: each with ``rank``, ``name``, ``score`` and ``parts``.
    """
    used = {group for row in rows for group, points in family_points(row.parts).items() if points}
    colour_key((FAMILY_COLOURS[group], family_word(group)) for group in Family if group in used)
    bar_rows(
        [BarRow(f"{row.rank}. {_short(row.name)}", [_stack(row.parts, row.score)]) for row in rows],
        _("Điểm nguy cơ chia theo nhóm, cơ sở đứng đầu ở trên"),
    )


def _stack(parts: Sequence[Part], score: float) -> list[Bar]:
    """What raises to the right of the zero, what lowers to its left, the score behind."""
    right = left = 0.0
    bars = []
    for group, points in family_points(parts).items():
        if points > 0:
            bars.append(Bar(right, right + points, FAMILY_COLOURS[group]))
            right += points
        elif points < 0:
            bars.append(Bar(left + points, left, FAMILY_COLOURS[group]))
            left += points
    # An empty bar carries the figure behind the longest one.
    return [*bars, Bar(right, right, INK, number(score))]


def side_by_side(one: Any, other: Any) -> None:
    """Two premises' parts under each other, the largest difference first; parts that are equal are left out."""
    colour_key(
        (colour, _("{name}: {score} điểm", name=_short(row.name), score=number(row.score)))
        for colour, row in ((FIRST, one), (SECOND, other))
    )
    rows = [
        BarRow(word, [[_from_zero(mine, FIRST)], [_from_zero(theirs, SECOND)]])
        for word, mine, theirs in differences(one.parts, other.parts)
    ]
    bar_rows(rows, _("Điểm từng phần của hai cơ sở"))


def differences(parts: Sequence[Part], others: Sequence[Part]) -> list[tuple[str, float, float]]:
    """What a part is about, its points here and there; largest difference first, equal ones left out."""
    mine, theirs = ({part.name: part for part in some} for some in (parts, others))
    rows = []
    for name in dict.fromkeys([*mine, *theirs]):
        part, against = mine.get(name), theirs.get(name)
        known = part or against
        if known is None:
            continue
        points = tuple(one.points if one else 0.0 for one in (part, against))
        if round(points[0] - points[1], 1):
            rows.append((part_word(known), *points))
    return sorted(rows, key=lambda row: -abs(row[1] - row[2]))


def pairs_of_sentences(parts: Sequence[Part], others: Sequence[Part]) -> list[tuple[str, str]]:
    """The parts' sentences in two columns, in the order of the waterfall."""
    told = ([f"{reason(part)}: {signed(part.points)}" for part in in_order(some)] for some in (parts, others))
    return list(zip_longest(*told, fillvalue=""))


def _from_zero(points: float, colour: str) -> Bar:
    return Bar(min(points, 0.0), max(points, 0.0), colour, signed(points))


def signed(points: float) -> str:
    """Points with their sign, as the language writes numbers."""
    return f"+{number(points)}" if points > 0 else number(points)


def _short(name: object) -> str:
    text = str(name)
    return text if len(text) <= _NAME_CHARACTERS else text[: _NAME_CHARACTERS - 1] + "…"
