"""Counts beside the targets: checks by body, findings, signals by kind, patrols, what wards entered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import pandas as pd

from geo.messages import Message, msg
from geo.review_words import Measure
from geo.target_facts import Counts, TargetFacts, active_between, between, counted
from geo.target_parts import checked_premises
from geo.target_windows import Window
from geo.targets import OtherFigure, Rows
from geo.word_texts import word_text
from geo.words import (
    CasePaperKind,
    FindingKind,
    HotspotState,
    InspectionBody,
    LicenceKind,
    PatrolResult,
    SignalKind,
    SignalState,
    VisitOutcome,
)

#: Heads of persons who were examined or helped: fewer than ``_FEW`` are hidden (domain, rule 5).
_PRIVATE = frozenset(
    {Measure.HEALTH_CHECKED, Measure.LOANS, Measure.VOCATIONAL_SUPPORT, Measure.VICTIMS_SUPPORTED}
)
_FEW = 5


@dataclass(frozen=True)
class _Line:
    """One figure for every unit. ``table``: where the counted ids are; ``private``: few heads are hidden."""

    key: str
    name: Message
    values: dict[str | None, int | None]
    rows: dict[str | None, Rows]
    private: bool = False


def other_figures(facts: TargetFacts, window: Window) -> list[OtherFigure]:
    """The figures beside the targets, each for the whole and every ward."""
    now, before, last_year = (
        {line.key: line for line in _lines(facts, one)} for one in (window, window.before, window.year_before)
    )
    names = dict(zip(facts.wards["id"], facts.wards["name"], strict=True))
    found = []
    for key in _in_order([*now, *before, *last_year]):
        line = now.get(key) or replace((before | last_year)[key], values={}, rows={})
        units: list[str | None] = [None] if len(line.values) == 1 else facts.keys
        absent = 0 if ":" in key else None
        hidden = _hidden(line, units)
        for unit in units:
            found.append(
                OtherFigure(
                    key=key,
                    name=line.name,
                    unit_id=unit,
                    ward=None if unit is None else names[unit],
                    value=None if unit in hidden else line.values.get(unit, absent),
                    before=_past(before, key, unit, absent),
                    year_before=_past(last_year, key, unit, absent),
                    rows={} if unit in hidden else line.rows.get(unit, {}),
                    hidden=unit in hidden,
                )
            )
    return found


def _in_order(keys: Iterable[str]) -> list[str]:
    """Each key once; parts ("findings:fire") stand behind what they are parts of."""
    first_seen = {head: number for number, head in reversed(list(enumerate(key.split(":")[0] for key in keys)))}
    once = dict.fromkeys(keys)
    return sorted(once, key=lambda key: first_seen[key.split(":")[0]])


def _past(lines: dict[str, _Line], key: str, unit: str | None, absent: int | None) -> int | None:
    line = lines.get(key)
    value = absent if line is None else line.values.get(unit, absent)
    few = line is not None and line.private and value is not None and 0 < value < _FEW
    return None if few else value


def _hidden(line: _Line, units: list[str | None]) -> set[str | None]:
    """Units whose figure is hidden: few heads, and as many more as it takes that nobody works them out."""
    if not line.private:
        return set()
    known = {unit: value for unit, value in line.values.items() if value}
    few: set[str | None] = {unit for unit, value in known.items() if value < _FEW}
    wards = sorted((unit for unit in known if unit is not None and unit not in few), key=lambda u: known[u])
    while len(few - {None}) == 1 and None not in few and wards:
        few.add(wards.pop(0))
    return few


def _lines(facts: TargetFacts, window: Window) -> Iterator[_Line]:
    yield from _checks(facts, window)
    yield from _premises(facts, window)
    yield from _signals(facts, window)
    yield from _hotspots(facts, window)
    for measure in Measure:
        yield _measure(facts, window, measure)


def _checks(facts: TargetFacts, window: Window) -> Iterator[_Line]:
    visits = between(facts.inspections, window.first, window.seen)
    checks = visits[visits["outcome"] == VisitOutcome.CHECKED]
    yield _events(facts, "turns", msg("Lượt kiểm tra"), checks, "inspections")
    for body, some in checks.groupby("body", sort=True):
        name = msg("Lượt kiểm tra: {body}", body=_body(str(body)))
        yield _events(facts, f"turns:{body}", name, some, "inspections")
    shut = visits[visits["outcome"] != VisitOutcome.CHECKED]
    yield _events(facts, "not_checked", msg("Lượt đến nhưng không kiểm tra được"), shut, "inspections")
    found = between(facts.findings, window.first, window.seen)
    yield _events(facts, "findings", msg("Vi phạm phát hiện"), found, "findings")
    for kind, some in found.groupby("kind", sort=True):
        name = msg("Vi phạm: {kind}", kind=_word(FindingKind, str(kind)))
        yield _events(facts, f"findings:{kind}", name, some, "findings")
    serious = found[found["serious"].eq(True)]
    yield _events(facts, "serious_findings", msg("Vi phạm nghiêm trọng"), serious, "findings")
    fines = between(facts.papers, window.first, window.seen)
    fines = fines[fines["kind"] == CasePaperKind.SANCTION]
    yield _events(facts, "sanctions", msg("Quyết định xử phạt"), fines, "case_papers")
    yield _money(facts, fines)


def _money(facts: TargetFacts, fines: pd.DataFrame) -> _Line:
    amount = pd.to_numeric(fines["amount_vnd"]).fillna(0)
    of_wards = amount.groupby(fines["ward"].to_numpy()).sum()
    values: dict[str | None, int | None] = {None: int(amount.sum())}
    values |= {unit: int(of_wards.get(unit, 0)) for unit in facts.unit_ids}
    ids = counted(fines, facts.unit_ids)
    rows: dict[str | None, Rows] = {unit: {"case_papers": ids[unit]} for unit in facts.keys}
    return _Line("fines_vnd", msg("Tiền phạt theo quyết định (đồng)"), values, rows)


def _premises(facts: TargetFacts, window: Window) -> Iterator[_Line]:
    standing = active_between(facts, window.seen, window.seen)
    yield _events(facts, "premises", msg("Cơ sở đang hoạt động cuối kỳ"), standing, "premises")
    signed = between(facts.premises, window.first, window.seen, "commitment_on")
    yield _events(facts, "commitments", msg("Cơ sở ký cam kết trong kỳ"), signed, "premises")
    held = standing[pd.to_datetime(standing["commitment_on"]) <= pd.Timestamp(window.seen)]
    yield _events(facts, "commitments_standing", msg("Cơ sở đang hoạt động đã ký cam kết"), held, "premises")
    yield _events(
        facts,
        "post_licence_checks",
        msg("Kiểm tra lần đầu sau cấp phép karaoke (hậu kiểm)"),
        _post_licence(facts, window),
        "inspections",
    )
    complex_ones = standing[standing["complex_grounds"].notna()]
    yield _events(facts, "complex_premises", msg("Cơ sở có dấu hiệu phức tạp"), complex_ones, "premises")
    year = window.whole_year
    checks = between(facts.inspections, year.first, year.seen)
    checks = checks[checks["outcome"] == VisitOutcome.CHECKED]
    times = checks.groupby("premises_id").size()
    for least, key, name in (
        (1, "complex_checked", msg("Cơ sở có dấu hiệu phức tạp đã kiểm tra trong năm")),
        (2, "complex_rechecked", msg("Cơ sở có dấu hiệu phức tạp đã kiểm tra lại trong năm")),
    ):
        done = complex_ones[complex_ones["id"].isin(times[times >= least].index)]
        yield _events(facts, key, name, done, "premises")
    distinct = checked_premises(facts, window.first, window.seen)
    yield _events(facts, "premises_checked", msg("Cơ sở được kiểm tra trong kỳ"), distinct, "inspections")


def _post_licence(facts: TargetFacts, window: Window) -> pd.DataFrame:
    """The first check of a premises after its karaoke licence was granted, where it lies in these days."""
    papers = facts.licences[
        (facts.licences["kind"] == LicenceKind.KARAOKE) & facts.licences["issued_on"].notna()
    ]
    checks = facts.inspections[facts.inspections["outcome"] == VisitOutcome.CHECKED]
    if papers.empty or checks.empty:
        return checks.iloc[:0]
    pairs = checks.merge(papers[["premises_id", "issued_on"]], on="premises_id")
    after = pairs[pairs["on_date"] >= pairs["issued_on"]].sort_values("on_date", kind="stable")
    first = after.drop_duplicates(["premises_id", "issued_on"])
    return between(first, window.first, window.seen)


def _signals(facts: TargetFacts, window: Window) -> Iterator[_Line]:
    heard = between(facts.signals, window.first, window.seen)
    yield _events(facts, "signals", msg("Nguồn tin tiếp nhận"), heard, "signals")
    for kind, some in heard.groupby("kind", sort=True):
        name = msg("Nguồn tin: {kind}", kind=_word(SignalKind, str(kind)))
        yield _events(facts, f"signals:{kind}", name, some, "signals")
    unverified = heard[heard["state"].isin([SignalState.RECEIVED.value, SignalState.VERIFYING.value])]
    yield _events(facts, "signals_unverified", msg("Nguồn tin chưa xác minh xong"), unverified, "signals")
    late = heard[heard["late"]]
    yield _events(facts, "signals_late", msg("Nguồn tin quá hạn"), late, "signals")
    handed = between(facts.police, window.first, window.seen)
    ids = tuple(handed["id"].astype(str))
    yield _Line(
        "police_handovers",
        msg("Vụ việc chuyển ngay cho công an (không giữ nơi xảy ra)"),
        {None: len(ids)},
        {None: {"police_handovers": ids}},
    )


def _hotspots(facts: TargetFacts, window: Window) -> Iterator[_Line]:
    changes = between(facts.transitions, window.first, window.seen)
    gone = changes[changes["state"] == HotspotState.ELIMINATED]
    yield _events(
        facts, "hotspots_eliminated", msg("Điểm phức tạp được triệt xóa"), gone, "hotspot_transitions"
    )
    walks = between(facts.patrols, window.first, window.seen)
    yield _events(facts, "patrols", msg("Lượt tuần tra điểm phức tạp"), walks, "patrols")
    signs = walks[walks["result"] == PatrolResult.SIGN]
    yield _events(facts, "patrols_with_sign", msg("Lượt tuần tra thấy dấu hiệu"), signs, "patrols")


def _measure(facts: TargetFacts, window: Window, measure: Measure) -> _Line:
    found = facts.entries.read(measure, window)
    return _Line(
        measure.value,
        word_text(measure),
        {unit: one.value for unit, one in found.items()},
        {unit: {"ward_figures": one.ids} for unit, one in found.items()},
        measure in _PRIVATE,
    )


def _events(facts: TargetFacts, key: str, name: Message, some: pd.DataFrame, table: str) -> _Line:
    ids: Counts = counted(some, facts.unit_ids)
    return _Line(
        key,
        name,
        {unit: len(of_unit) for unit, of_unit in ids.items()},
        {unit: {table: of_unit} for unit, of_unit in ids.items()},
    )


def _body(body: str) -> Message | str:
    return _word(InspectionBody, body)


def _word(words: type[FindingKind] | type[SignalKind] | type[InspectionBody], value: str) -> Message | str:
    """The word of a vocabulary; a file may bring others."""
    return word_text(words(value)) if value in set(words) else value
