"""Numerator and denominator of every target over some days, for the whole and for each ward."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import pandas as pd

from geo.messages import Message, msg
from geo.review_words import Measure
from geo.target_entries import ByWard, Entered, lacking, summed
from geo.target_facts import TargetFacts, active_between, between, counted
from geo.target_windows import Window
from geo.targets import Rows
from geo.word_texts import word_text
from geo.words import HotspotState, SignalState, VisitOutcome

#: Older head counts are told to be old.
_STALE = timedelta(days=400)


@dataclass(frozen=True)
class Part:
    """What a target of one ward or the whole is made of.

    ``value`` None: it cannot be said, for the reason ``why``. ``note``: what belongs beside the figures.
    ``rise``: the value is how much the numerator exceeds the denominator, not its share.
    """

    numerator: int | None
    denominator: int | None
    value: float | None
    why: Message | None = None
    note: Message | None = None
    flags: tuple[Message, ...] = ()
    rows: Rows = field(default_factory=dict)
    rise: bool = False


Parts = dict[str | None, Part]


def parts_of(facts: TargetFacts, window: Window) -> Mapping[str, Parts]:
    """The parts of every code, by unit id (None: the whole). Of T07 there is the whole only."""
    return {code: build(facts, window) for code, build in _BUILT.items()}


def _share(
    numerator: int | None,
    denominator: int | None,
    rows: Rows,
    *,
    no_top: Message,
    no_base: Message,
    none_there: Message,
    note: Message | None = None,
    flags: tuple[Message, ...] = (),
) -> Part:
    """A numerator of a denominator; the messages tell why there is no value."""
    if numerator is None or denominator is None or denominator == 0:
        why = none_there if denominator == 0 else no_base if denominator is None else no_top
        return Part(numerator, denominator, None, why, note, flags, rows)
    if numerator > denominator:
        odd = msg("Tử số {n} lớn hơn mẫu số {d}: cần kiểm tra lại số nhập.", n=numerator, d=denominator)
        flags = (*flags, odd)
    return Part(numerator, denominator, numerator / denominator, None, note, flags, rows)


# --- wards that do something (T01, T03, T04, T05)


def _doing(*reads: Callable[[TargetFacts, Window], ByWard]) -> Callable[[TargetFacts, Window], Parts]:
    """The share of wards for which every measure is at least 1; a ward counts as one of one."""

    def build(facts: TargetFacts, window: Window) -> Parts:
        told = [read(facts, window) for read in reads]
        does = {unit: _every([one[unit].value for one in told]) for unit in facts.unit_ids}
        known = [one for one in does.values() if one is not None]
        names = _names(facts, [unit for unit, one in does.items() if one is None])
        flags = tuple(_entry_flags(*(one[None] for one in told)))
        if known and names:
            flags = (*flags, _missing_wards(names))
        of_wards = [one[unit] for one in told for unit in facts.unit_ids]
        whole = _of_wards(sum(known) if known else None, len(does), _ids(*of_wards), flags)
        wards: Parts = {
            unit: _of_wards(
                None if one is None else int(one),
                1,
                _ids(*(figure[unit] for figure in told)),
                tuple(_entry_flags(*(figure[unit] for figure in told))),
            )
            for unit, one in does.items()
        }
        return {None: whole} | wards

    return build


def _of_wards(numerator: int | None, wards: int, rows: Rows, flags: tuple[Message, ...]) -> Part:
    empty = msg("Chưa có số liệu của kỳ này.")
    none_there = msg("Không có phường nào trong bộ địa giới này.")
    return _share(numerator, wards, rows, no_top=empty, no_base=empty, none_there=none_there, flags=flags)


def _every(values: list[int | None]) -> bool | None:
    """Whether all are at least 1; None where the missing ones could decide."""
    if any(value is not None and value < 1 for value in values):
        return False
    return None if any(value is None for value in values) else True


def _entered(measure: Measure) -> Callable[[TargetFacts, Window], ByWard]:
    return lambda facts, window: facts.entries.read(measure, window)


# --- heads reached and trained (T02, T10)


def _heads(tops: tuple[Measure, ...], bases: tuple[Measure, ...]) -> Callable[[TargetFacts, Window], Parts]:
    """The share of a group, head counts only."""

    def build(facts: TargetFacts, window: Window) -> Parts:
        top = summed(_entered(measure)(facts, window) for measure in tops)
        standing = [_entered(measure)(facts, window) for measure in bases]
        base = summed(standing)
        return {unit: _group_share(facts, window, unit, top, base, standing, bases) for unit in facts.keys}

    return build


def _group_share(
    facts: TargetFacts,
    window: Window,
    unit: str | None,
    top: ByWard,
    base: ByWard,
    standing: list[ByWard],
    bases: tuple[Measure, ...],
) -> Part:
    heads = base[unit]
    flags = _entry_flags(top[unit])
    if heads.oldest is not None and window.seen - heads.oldest > _STALE:
        flags.append(msg("Mẫu số đã cũ: nhập cho ngày {day}.", day=heads.oldest))
    if unit is None:
        flags += _whole_flags(facts, top, base)
    gone = [word_text(measure) for measure, one in zip(bases, standing, strict=True) if one[unit].value is None]
    if heads.value is not None and gone:
        flags.append(msg("Mẫu số thiếu: {measure}.", measure=gone[0]))
    return _share(
        top[unit].value,
        heads.value,
        _ids(top[unit], heads),
        no_top=msg("Chưa có số liệu của kỳ này."),
        no_base=msg("Chưa nhập mẫu số: {measure}.", measure=word_text(bases[0])),
        none_there=msg("Không có đối tượng: mẫu số là 0."),
        note=msg("mẫu số tính đến {day}", day=heads.oldest) if heads.oldest else None,
        flags=tuple(flags),
    )


def _whole_flags(facts: TargetFacts, top: ByWard, base: ByWard) -> list[Message]:
    flags = []
    if top[None].value is not None and (names := lacking(top, facts.wards)):
        flags.append(_missing_wards(names))
    bare = [unit for unit in facts.unit_ids if base[unit].value is None and (top[unit].value or 0) > 0]
    if bare and base[None].value is not None:
        flags.append(msg("Thiếu mẫu số của: {wards}.", wards=", ".join(_names(facts, bare))))
    return flags


def _count_entered(measure: Measure) -> Callable[[TargetFacts, Window], Parts]:
    def build(facts: TargetFacts, window: Window) -> Parts:
        return _count_parts(facts, _entered(measure)(facts, window))

    return build


def _count_parts(facts: TargetFacts, found: ByWard) -> Parts:
    empty = msg("Chưa có số liệu của kỳ này.")
    parts: Parts = {}
    for unit, one in found.items():
        flags = _entry_flags(one)
        if unit is None and one.value is not None and (names := lacking(found, facts.wards)):
            flags.append(_missing_wards(names))
        value = None if one.value is None else float(one.value)
        parts[unit] = Part(
            one.value, None, value, empty if value is None else None, None, tuple(flags), _ids(one)
        )
    return parts


# --- signals, cases, hotspots, premises (T06-T09)


def _signals_in_time(facts: TargetFacts, window: Window) -> Parts:
    heard = between(facts.signals, window.first, window.seen)
    received = counted(heard, facts.unit_ids)
    in_time = counted(heard[heard["in_time"]], facts.unit_ids)
    late = counted(heard[heard["late"]], facts.unit_ids)
    running = counted(heard[heard["open"] & ~heard["late"]], facts.unit_ids)
    none_there = msg("Không tiếp nhận nguồn tin nào trong kỳ.")
    return {
        unit: _share(
            len(in_time[unit]),
            len(received[unit]),
            {"signals": received[unit]},
            no_top=none_there,
            no_base=none_there,
            none_there=none_there,
            note=msg(
                "quá hạn {late}, đang trong hạn {running}", late=len(late[unit]), running=len(running[unit])
            )
            if late[unit] or running[unit]
            else None,
        )
        for unit in facts.keys
    }


def _rise_of_cases(facts: TargetFacts, window: Window) -> Parts:
    """Cases of this period against the same days of last year; for the whole only."""
    then = window.year_before
    now = facts.entries.flow(Measure.CRIMINAL_CASES, window.first, window.last)[None]
    last_year = facts.entries.flow(Measure.CRIMINAL_CASES, then.first, then.last)[None]
    flags = tuple(_entry_flags(now, last_year))
    rows = _ids(now, last_year)
    if now.value is None:
        why = msg("Chưa có số liệu của kỳ này.")
    elif last_year.value is None:
        why = msg("Chưa có số liệu cùng kỳ năm trước.")
    elif last_year.value == 0:
        why = msg("Không so sánh được: cùng kỳ năm trước là 0.")
    else:
        rise = now.value / last_year.value - 1
        return {None: Part(now.value, last_year.value, rise, flags=flags, rows=rows, rise=True)}
    return {None: Part(now.value, last_year.value, None, why, None, flags, rows)}


def _hotspots(new: bool, reactivated: bool) -> Callable[[TargetFacts, Window], Parts]:
    """Hotspots that became active for the first time, and those that were eliminated and came back."""

    def build(facts: TargetFacts, window: Window) -> Parts:
        changes = facts.transitions
        active = changes[changes["state"] == HotspotState.ACTIVE]
        begun = active.sort_values("on_date", kind="stable").drop_duplicates("hotspot_id")
        back = changes[changes["state"] == HotspotState.REACTIVATED]
        kept = [part for part, wanted in ((begun, new), (back, reactivated)) if wanted]
        told = between(pd.concat(kept), window.first, window.seen)
        notes = _watchfulness(facts, window)
        return {
            unit: Part(len(ids), None, float(len(ids)), note=notes[unit], rows={"hotspot_transitions": ids})
            for unit, ids in counted(told, facts.unit_ids).items()
        }

    return build


def _watchfulness(facts: TargetFacts, window: Window) -> dict[str | None, Message]:
    """How much was looked and listened: silence must not look like success."""
    heard = between(facts.signals, window.first, window.seen)
    open_ones = heard[heard["state"].isin([SignalState.RECEIVED.value, SignalState.VERIFYING.value])]
    walks, received, waiting = (
        counted(some, facts.unit_ids)
        for some in (between(facts.patrols, window.first, window.seen), heard, open_ones)
    )
    return {
        unit: msg(
            "tuần tra {patrols} lượt, tiếp nhận {signals} nguồn tin, chưa xác minh xong {waiting}",
            patrols=len(walks[unit]),
            signals=len(received[unit]),
            waiting=len(waiting[unit]),
        )
        for unit in facts.keys
    }


def checked_premises(facts: TargetFacts, first: date, last: date) -> pd.DataFrame:
    """The checks of these days by any body, each premises once, in the ward where the premises stands."""
    visits = between(facts.inspections, first, last)
    visits = visits[visits["outcome"] == VisitOutcome.CHECKED].drop_duplicates("premises_id")
    ward_of = facts.premises.set_index("id")["ward"]
    own = ward_of.reindex(visits["premises_id"]).set_axis(visits.index)
    return visits.assign(ward=own.where(own.notna(), visits["ward"]))


def _inspected(facts: TargetFacts, window: Window) -> Parts:
    year = window.whole_year
    active = active_between(facts, year.first, year.seen)
    checks = checked_premises(facts, year.first, year.seen)
    odd = counted(checks[~checks["premises_id"].isin(active["id"])], facts.unit_ids)
    done, there = counted(checks, facts.unit_ids), counted(active, facts.unit_ids)
    notes = _year_notes(facts, window)
    return {
        unit: _share(
            len(done[unit]),
            len(there[unit]),
            {"inspections": done[unit], "premises": there[unit]},
            no_top=_NO_PREMISES,
            no_base=_NO_PREMISES,
            none_there=_NO_PREMISES,
            note=notes[unit],
            flags=_not_running(odd[unit]),
        )
        for unit in facts.keys
    }


_NO_PREMISES = msg("Không có cơ sở.")


def _not_running(odd: tuple[str, ...]) -> tuple[Message, ...]:
    if not odd:
        return ()
    return (msg("{n} cơ sở đã kiểm tra không hoạt động ngày nào trong năm theo danh sách.", n=len(odd)),)


def _inspected_count(facts: TargetFacts, window: Window) -> Parts:
    year = window.whole_year
    done = counted(checked_premises(facts, year.first, year.seen), facts.unit_ids)
    notes = _year_notes(facts, window)
    return {
        unit: Part(len(ids), None, float(len(ids)), note=notes[unit], rows={"inspections": ids})
        for unit, ids in done.items()
    }


def _year_notes(facts: TargetFacts, window: Window) -> dict[str | None, Message]:
    """T09 stays on the calendar year, whatever the period is; turns (lượt) are told apart from premises."""
    year = window.whole_year
    visits = between(facts.inspections, year.first, year.seen)
    turns = counted(visits[visits["outcome"] == VisitOutcome.CHECKED], facts.unit_ids)
    return {
        unit: msg(
            "{turns} lượt, tính theo năm dương lịch {year}, đến {day}",
            turns=len(turns[unit]),
            year=str(window.year),
            day=year.seen,
        )
        for unit in facts.keys
    }


# --- what entries say of themselves


def _entry_flags(*entered: Entered) -> list[Message]:
    flags = []
    if any(one.reaches_back for one in entered):
        flags.append(msg("Có số nhập cho thời gian dài hơn kỳ này, tính trọn vào kỳ có ngày cuối của nó."))
    if any(one.overlaps for one in entered):
        flags.append(msg("Có số nhập trùng thời gian với nhau, có thể bị tính hai lần."))
    return flags


def _missing_wards(names: list[str]) -> Message:
    return msg("Chưa có số liệu của: {wards}.", wards=", ".join(names))


def _names(facts: TargetFacts, units: list[str]) -> list[str]:
    named = dict(zip(facts.wards["id"], facts.wards["name"], strict=True))
    return [named[unit] for unit in units]


def _ids(*entered: Entered) -> Rows:
    return {"ward_figures": tuple(dict.fromkeys(one for part in entered for one in part.ids))}


_M = Measure
_BUILT: Mapping[str, Callable[[TargetFacts, Window], Parts]] = {
    "T01": _doing(_entered(_M.COMMUNICATION_ACTIVITIES)),
    "T02a": _heads((_M.REACHED_PREMISES_WORKERS,), (_M.PREMISES_WORKER_HEADS,)),
    "T02b": _heads((_M.REACHED_ZONE_WORKERS,), (_M.ZONE_WORKER_HEADS,)),
    "T02c": _heads((_M.REACHED_STUDENTS,), (_M.STUDENT_HEADS,)),
    "T02d": _count_entered(_M.REACHED_RESIDENTS),
    "T02e": _count_entered(_M.REACHED_PREMISES_WORKERS),
    "T02f": _count_entered(_M.REACHED_ZONE_WORKERS),
    "T02g": _count_entered(_M.REACHED_STUDENTS),
    "T03": _doing(_entered(_M.PLANS_ISSUED), _entered(_M.PLAN_ACTIVITIES)),
    "T04": _doing(_entered(_M.RUNNING_MODELS)),
    "T05": _doing(_entered(_M.INTEGRATED_ACTIVITIES)),
    "T06": _signals_in_time,
    "T07": _rise_of_cases,
    "T07a": _count_entered(_M.CRIMINAL_CASES),
    "T07b": _count_entered(_M.CASES_TRIED),
    "T08": _hotspots(new=True, reactivated=True),
    "T08a": _hotspots(new=True, reactivated=False),
    "T08b": _hotspots(new=False, reactivated=True),
    "T09": _inspected,
    "T09a": _inspected_count,
    "T10": _heads((_M.STAFF_TRAINED, _M.VOLUNTEERS_TRAINED), (_M.STAFF, _M.VOLUNTEERS)),
    "T10a": _count_entered(_M.STAFF_TRAINED),
}
