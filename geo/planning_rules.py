"""Who may be visited, by whom: the yearly cap, jurisdiction, status. Rules of domain.md, section 3."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from geo.messages import Message, msg
from geo.word_texts import body_text
from geo.words import PremisesStatus, TeamKind, VisitKind, VisitOutcome


@dataclass(frozen=True)
class Rule:
    """What the rules say of one premises: ``code`` and ``why`` are None where it may be visited.

    ``not_before``: first day on which it may. ``business_key``: as in ``business_keys``.
    """

    code: str | None = None
    why: Message | None = None
    kind: VisitKind = VisitKind.PLANNED
    not_before: date | None = None
    business_key: str = ""


def business_keys(premises: pd.DataFrame) -> pd.Series:
    """One key a business: its registration number (or its hash), else the premises itself. By id."""
    keys = {}
    for row in premises.to_dict("records"):
        number = next(
            (
                str(row[name]).strip().casefold()
                for name in ("registration_number", "registration_hash")
                if not pd.isna(row.get(name)) and str(row[name]).strip()
            ),
            None,
        )
        keys[row["id"]] = f"number:{number}" if number else f"premises:{row['id']}"
    return pd.Series(keys, dtype=object)


def checks(inspections: pd.DataFrame) -> pd.DataFrame:
    """Inspections that took place, by whatever body; a closed door does not use up the yearly check."""
    if inspections.empty:
        return inspections
    return inspections[inspections["outcome"] == VisitOutcome.CHECKED]


def last_checked(inspections: pd.DataFrame, before: date) -> dict[str, date]:
    """Last check of each premises before a day."""
    done = checks(inspections)
    if done.empty:
        return {}
    done = done[done["on_date"] < pd.Timestamp(before)]
    return {str(key): day.date() for key, day in done.groupby("premises_id")["on_date"].max().items()}


def open_deadlines(findings: pd.DataFrame, until: date) -> dict[str, list[date]]:
    """Deadlines, on or before a day, of findings that are not closed; earliest first, by premises."""
    if findings.empty:
        return {}
    still = findings[findings["closed_on"].isna() & (findings["deadline"] <= pd.Timestamp(until))]
    return {
        str(key): sorted(stamp.date() for stamp in group)
        for key, group in still.groupby("premises_id")["deadline"]
    }


def visit_rules(
    premises: gpd.GeoDataFrame,
    inspections: pd.DataFrame,
    findings: pd.DataFrame,
    *,
    first: date,
    last: date,
    standing: frozenset[str] = frozenset(),
    excluded: frozenset[str] = frozenset(),
    beyond_cap: Collection[str] = (),
) -> dict[str, Rule]:
    """Which premises may be visited between two days.

    Rule 1 of domain.md, section 3 (Resolution 198/2025/QH15, Art. 4): a business that any body has checked in
    a calendar year is not planned again in that year; the cap goes by registration number and holds for
    every year that the period touches. Where a deadline of earlier minutes has passed and is still open, a
    follow-up limited to those minutes is possible.

    Parameters
    ----------
    premises, inspections, findings : frames of the project.
    first, last : the period, both days included.
    standing : premises with a visit still to be carried out in an approved plan of the year.
    excluded : premises left out by hand.
    beyond_cap : premises with a recorded clear sign of violation and a numbered decision that states it.

    Returns
    -------
    What the rules say, by premises id.
    """
    keys = business_keys(premises)
    capped = _capped(inspections, keys, first, last)
    deadlines = open_deadlines(findings, last)
    taken = {keys[name] for name in standing if name in keys.index}
    rules = {}
    for row in premises.to_dict("records"):
        name = row["id"]
        rule = _out_of_question(row, first, excluded)
        if rule is None and (name in standing or keys[name] in taken):
            rule = Rule("standing", msg("Đã có lượt kiểm tra trong kế hoạch được duyệt của năm."))
        if rule is None:
            check = None if name in beyond_cap else capped.get(keys[name])
            rule = _under_cap(check, name, deadlines.get(name, []), first)
        rules[str(name)] = replace(rule, business_key=str(keys[name]))
    return rules


def eligible(
    premises: gpd.GeoDataFrame,
    inspections: pd.DataFrame,
    findings: pd.DataFrame,
    *,
    first: date,
    last: date,
    standing: frozenset[str] = frozenset(),
    excluded: frozenset[str] = frozenset(),
) -> pd.DataFrame:
    """``visit_rules`` as a frame by premises id: ``eligible`` (bool), ``code`` and ``why`` (Message) where not,
    ``kind`` (VisitKind), ``not_before`` (date or None) and ``business_key``."""
    rules = visit_rules(
        premises, inspections, findings, first=first, last=last, standing=standing, excluded=excluded
    )
    columns = {
        name: pd.Series([getattr(rule, name) for rule in rules.values()], dtype=object, index=list(rules))
        for name in ("code", "why", "kind", "not_before", "business_key")
    }
    frame = pd.DataFrame(columns, index=list(rules))
    frame.insert(0, "eligible", [rule.code is None for rule in rules.values()])
    return frame


def teams_at(teams: gpd.GeoDataFrame, points: Sequence[shapely.Point]) -> list[frozenset[str]]:
    """Teams whose area holds each point, its border included (rule 2). A city team without an area of its
    own may act everywhere, any other team without one nowhere."""
    found: list[set[str]] = [set() for _ in points]
    for row in teams.to_dict("records"):
        area = row.get("area")
        if area is None or pd.isna(area) or area.is_empty:
            inside = [row.get("kind") == TeamKind.CITY] * len(points)
        else:
            shapely.prepare(area)
            inside = [bool(shapely.intersects(area, point)) for point in points]
        for team_ids, here in zip(found, inside, strict=True):
            if here:
                team_ids.add(str(row["id"]))
    return [frozenset(team_ids) for team_ids in found]


def _out_of_question(row: dict[str, Any], first: date, excluded: frozenset[str]) -> Rule | None:
    if row["id"] in excluded:
        return Rule("excluded", msg("Người lập kế hoạch đã loại cơ sở này."))
    if row["status"] == PremisesStatus.SUSPENDED:
        return Rule("inactive", msg("Cơ sở đang tạm ngừng kinh doanh."))
    if row["status"] != PremisesStatus.ACTIVE:
        return Rule("inactive", msg("Cơ sở đã đóng cửa."))
    if row["geometry"] is None or row["geometry"].is_empty:
        return Rule("no_point", msg("Chưa có vị trí trên bản đồ."))
    opened = row.get("opened_on")
    if opened is not None and not pd.isna(opened) and opened > pd.Timestamp(first):
        return Rule("not_open", msg("Đến ngày {date} mới bắt đầu hoạt động.", date=opened.date()))
    return None


def _under_cap(check: tuple[str, date, str] | None, name: str, deadlines: list[date], first: date) -> Rule:
    if check is None:
        return Rule()
    if deadlines:
        # The day of the deadline itself still belongs to the business.
        day_after = deadlines[0] + timedelta(days=1)
        return Rule(kind=VisitKind.FOLLOW_UP, not_before=day_after if day_after > first else None)
    checked_id, day, code = check
    body = body_text(code)
    if checked_id == name:
        return Rule("capped", msg("Đã được kiểm tra ngày {date}, cơ quan {body}.", date=day, body=body))
    why = msg("Cơ sở cùng số đăng ký đã được kiểm tra ngày {date}, cơ quan {body}.", date=day, body=body)
    return Rule("capped", why)


def _capped(
    inspections: pd.DataFrame, keys: pd.Series, first: date, last: date
) -> dict[str, tuple[str, date, str]]:
    """By business: premises, day and body of its last check in a calendar year that the period touches."""
    done = checks(inspections)
    if done.empty:
        return {}
    year = done["on_date"].dt.year
    done = done[(year >= first.year) & (year <= last.year)].sort_values("on_date", kind="stable")
    found = {}
    for row in done.to_dict("records"):
        name = str(row["premises_id"])
        if name in keys.index:
            found[str(keys[name])] = (name, row["on_date"].date(), str(row["body"]))
    return found
