"""Footnotes of the targets: changed wards, entries passed on, what lies in no ward, what is hidden."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

import geopandas as gpd

from geo.messages import Message, msg
from geo.target_facts import TargetFacts
from geo.target_windows import Window
from geo.targets import OtherFigure
from geo.ward_systems import ward_sets

#: Figures of which it is told how many lie in no ward.
_PLACED = {
    "premises": msg("cơ sở"),
    "turns": msg("lượt kiểm tra"),
    "signals": msg("nguồn tin"),
    "patrols": msg("lượt tuần tra"),
}


def footnotes(
    facts: TargetFacts,
    window: Window,
    units: gpd.GeoDataFrame,
    day: date,
    other: Sequence[OtherFigure],
    *,
    scoped: bool,
) -> list[Message]:
    """What a reader of the figures has to know; ``day``: the day whose wards cut them."""
    return [
        *_scope(facts, scoped),
        *_running(window),
        *ward_changes(units, window, day),
        *_passed_on(facts, window, units),
        *_outside(facts, other),
        *_hidden(other),
    ]


def ward_changes(units: gpd.GeoDataFrame, window: Window, day: date) -> Iterator[Message]:
    """Which wards ended and began inside the period, or between it and the wards that cut it."""
    first, last = min(window.first, day), max(window.seen, day)
    names = dict(zip(units["id"], units["name"], strict=True))
    sets, changed = ward_sets(units), False
    for before, after in pairwise(sets):
        if not first <= after.first <= last:
            continue
        old, new = ([names[unit] for unit in one.unit_ids] for one in (before, after))
        ended, begun = [one for one in old if one not in new], [one for one in new if one not in old]
        changed = True
        yield msg(
            "Địa giới thay đổi từ {day}: {n} đơn vị thành {m}. Thôi: {ended}. Mới: {begun}.",
            day=after.first,
            n=len(old),
            m=len(new),
            ended=", ".join(ended) or "-",
            begun=", ".join(begun) or "-",
        )
    if changed:
        yield msg("Số liệu xếp theo các đơn vị có hiệu lực ngày {day}, theo nơi xảy ra.", day=day)


def _scope(facts: TargetFacts, scoped: bool) -> Iterator[Message]:
    if scoped:
        names = ", ".join(facts.wards["name"])
        yield msg("Tổng chỉ gồm địa bàn của tài khoản: {wards}.", wards=names)


def _running(window: Window) -> Iterator[Message]:
    if window.running:
        yield msg(
            "Kỳ chưa kết thúc: số liệu đến {day}; cùng kỳ năm trước tính đến {then}, kỳ trước là trọn kỳ.",
            day=window.seen,
            then=window.year_before.last,
        )


def _passed_on(facts: TargetFacts, window: Window, units: gpd.GeoDataFrame) -> Iterator[Message]:
    """Entries of the period by units of another time: of the wards they went to, one line each."""
    names = dict(zip(units["id"], units["name"], strict=True))
    spoke = facts.entries.units_between(window.first, window.last)
    passed = {unit: heir for unit, heir in facts.entries.passed_on.items() if unit in spoke}
    for ward in facts.unit_ids:
        told = sorted({names[unit] for unit, heir in passed.items() if heir == ward})
        if told:
            yield msg(
                "Số nhập tay của đơn vị thuộc bộ địa giới khác ({units}) tính vào {ward}, nơi có phần lớn "
                "diện tích của đơn vị đó.",
                units=", ".join(told),
                ward=names[ward],
            )


def _outside(facts: TargetFacts, other: Sequence[OtherFigure]) -> Iterator[Message]:
    for key, things in _PLACED.items():
        values = [(one.unit_id, one.value or 0) for one in other if one.key == key]
        outside = sum(value if unit is None else -value for unit, value in values)
        if outside > 0:
            yield msg(
                "{n} {things} ngoài các phường hoặc chưa có vị trí, chỉ tính vào tổng.",
                n=outside,
                things=things,
            )


def _hidden(other: Sequence[OtherFigure]) -> Iterator[Message]:
    if any(one.hidden for one in other):
        yield msg("Số người dưới 5 liên quan đến sức khỏe, hỗ trợ không được nêu, kèm số có thể suy ra nó.")
