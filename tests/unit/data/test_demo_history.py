"""What happens in the demonstration keeps the rules of the law and the plan, and holds nothing personal."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import combinations
from typing import Any

import pandas as pd
import pytest
import shapely

from data.demo import demo_rows
from data.demo.hotspots import places
from data.demo.rows import Clock
from data.demo.stories import strip
from data.demo.ward_rows import system_on
from data.store import LOCAL_ZONE
from geo.crs import LONLAT, METRIC, transform
from geo.errors import InputError
from geo.hotspots import check_transition
from geo.privacy import personal_data
from geo.signal_rules import timeliness
from geo.words import HotspotState, SignalState, TeamKind

DAYS = (date(2025, 7, 1), date(2026, 1, 5), date(2026, 11, 24), date(2028, 2, 29))
SEED = 178
EVENTS = (
    "premises_status", "hotspot_transitions", "inspections", "findings", "signals", "patrols", "joint_sweeps",
)  # fmt: skip


@cache
def rows(day: date, seed: int = SEED) -> dict[str, list[dict[str, Any]]]:
    return demo_rows(seed, day)


every_day = pytest.mark.parametrize("day", DAYS, ids=str)


def test_the_same_seed_and_day_give_the_same_rows() -> None:
    assert demo_rows(SEED, DAYS[1]) == rows(DAYS[1])


def test_another_seed_gives_another_district() -> None:
    one, other = rows(DAYS[0]), rows(DAYS[0], 5)
    assert {row["id"] for row in one["premises"]}.isdisjoint(row["id"] for row in other["premises"])
    assert [row["address"] for row in one["premises"]] != [row["address"] for row in other["premises"]]


def test_a_day_before_todays_units_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        demo_rows(SEED, date(2025, 6, 30))
    assert caught.value.code == "demo_too_early"


@every_day
def test_every_table_has_rows_with_the_same_columns_and_ids_of_their_own(day: date) -> None:
    for name, table in rows(day).items():
        assert table, name
        assert len({tuple(row) for row in table}) == 1, name
        assert len({row["id"] for row in table}) == len(table), name


@every_day
def test_foreign_keys_resolve_to_tables_that_come_before(day: date) -> None:
    target = {
        "premises_id": "premises",
        "hotspot_id": "hotspots",
        "team_id": "teams",
        "unit_id": "units",
        "inspection_id": "inspections",
    }
    known: dict[str, set[str]] = {}
    for name, table in rows(day).items():
        known[name] = {row["id"] for row in table}
        for row in table:
            for column in target.keys() & row.keys():
                assert row[column] is None or row[column] in known[target[column]], (name, column)


@every_day
def test_nothing_is_dated_after_the_day(day: date) -> None:
    future = {"due_on", "deadline", "term_until", "valid_to", "last_day"}
    begin = datetime.combine(day, time(0), LOCAL_ZONE)
    for name, table in rows(day).items():
        for row in table:
            for column, value in row.items():
                if isinstance(value, datetime):
                    assert value.tzinfo is UTC
                    assert value <= begin, (name, column)
                elif isinstance(value, date) and column not in future:
                    assert value <= day, (name, column)


@every_day
def test_events_are_recorded_after_they_happened(day: date) -> None:
    inspected = {row["id"]: row["on_date"] for row in rows(day)["inspections"]}
    for name in EVENTS:
        for row in rows(day)[name]:
            on_date = row.get("on_date") or inspected[row["inspection_id"]]
            assert row["recorded_at"].astimezone(LOCAL_ZONE).date() >= on_date
            assert (row["revision"], row["void"], row["recorded_by"]) == (1, False, "minh-hoa")


def shapes(table: list[dict[str, Any]]) -> Iterator[shapely.Geometry]:
    yield from (row[column] for row in table for column in ("geom", "depot") if row.get(column) is not None)


@every_day
def test_everything_lies_inside_the_district(day: date) -> None:
    ground = shapely.union_all([row["geom"] for row in rows(day)["units"]]).buffer(1e-7)
    for name, table in rows(day).items():
        assert all(ground.covers(shape) for shape in shapes(table)), name


@every_day
def test_no_text_holds_personal_data(day: date) -> None:
    texts = {
        (name, column, text)
        for name, table in rows(day).items()
        for row in table
        for column, value in row.items()
        if column != "id" and not column.endswith("_id")
        for text in (value if isinstance(value, list) else [value])
        if isinstance(text, str)
    }
    assert [found for found in texts if personal_data(found[2])] == []


@every_day
def test_a_business_is_checked_once_a_calendar_year_save_for_follow_ups_with_grounds(day: date) -> None:
    seen: Counter[tuple[str, int]] = Counter()
    for row in rows(day)["inspections"]:
        if row["kind"] == "follow_up":
            assert row["grounds"]
        else:
            seen[row["premises_id"], row["on_date"].year] += 1
    assert set(seen.values()) == {1}


@every_day
def test_past_years_reach_55_to_65_percent_and_the_current_one_leaves_work(day: date) -> None:
    assert all(0.55 <= share(day, year) <= 0.65 for year in range(day.year - 5, day.year))
    assert share(day, day.year) < 0.6


def share(day: date, year: int) -> float:
    """Premises checked in a year, of those that did business on some day of it."""
    changes: dict[str, list[tuple[date, str]]] = defaultdict(list)
    for row in rows(day)["premises_status"]:
        changes[row["premises_id"]].append((row["on_date"], row["status"]))
    active = set()
    for premises, dated in changes.items():
        ends = [begin for begin, _ in sorted(dated)[1:]] + [date.max]
        for (begin, status), end in zip(sorted(dated), ends, strict=True):
            if status == "active" and begin <= date(year, 12, 31) and end > date(year, 1, 1):
                active.add(premises)
    done = {
        row["premises_id"]
        for row in rows(day)["inspections"]
        if row["on_date"].year == year and row["outcome"] == "checked"
    }
    return len(done & active) / len(active)


@every_day
def test_every_visit_of_a_team_lies_inside_its_dated_area(day: date) -> None:
    table = rows(day)
    units = {row["id"]: row["geom"] for row in table["units"]}
    areas = defaultdict(list)
    for row in table["team_areas"]:
        areas[row["team_id"]].append((row["valid_from"], row["valid_to"] or date.max, units[row["unit_id"]]))
    for row in table["inspections"]:
        if row["team_id"] is not None:
            valid = [g for begin, end, g in areas[row["team_id"]] if begin <= row["on_date"] <= end]
            assert any(ground.intersects(row["geom"]) for ground in valid)
        assert row["decision_number"]


def test_five_ward_teams_and_one_city_team_are_there_today_and_a_district_team_before() -> None:
    teams = rows(DAYS[2])["teams"]
    today = Counter(row["kind"] for row in teams if row["valid_to"] is None)
    assert today == {TeamKind.WARD: 5, TeamKind.CITY: 1}
    assert [row["valid_to"] for row in teams if row["kind"] == TeamKind.DISTRICT] == [date(2025, 6, 30)]


@every_day
def test_every_hotspot_went_through_legal_states(day: date) -> None:
    table = rows(day)
    catchment = {place.id: place.catchment for place in places(Clock(SEED, day))}
    months = {row["id"]: row["watch_months"] for row in table["hotspots"]}
    history: dict[str, list[tuple[HotspotState, date]]] = defaultdict(list)
    for row in table["hotspot_transitions"]:
        past = history[row["hotspot_id"]]
        heard = [
            signal["on_date"]
            for signal in table["signals"]
            if signal["state"] == SignalState.VERIFIED
            and catchment[row["hotspot_id"]].intersects(transform(signal["geom"], LONLAT, METRIC))
        ]
        state = HotspotState(row["state"])
        check_transition(
            past[-1][0] if past else None,
            state,
            on_date=row["on_date"],
            as_of=day,
            history=past,
            reason=row["reason"],
            document=row["document"],
            watch_months=months[row["hotspot_id"]],
            verified_signals=heard,
        )
        past.append((state, row["on_date"]))
    assert {states[-1][0] for states in history.values()} == set(HotspotState)


def test_the_two_published_areas_are_eliminated_and_say_what_is_made_up() -> None:
    table = rows(DAYS[2])
    for name in ("Khu vực bến xe Yên Nghĩa", "Khu vực chùa Tổng - La Dương"):
        hotspot = next(row for row in table["hotspots"] if row["name"] == name)
        life = [row for row in table["hotspot_transitions"] if row["hotspot_id"] == hotspot["id"]]
        assert life[-1]["state"] == HotspotState.ELIMINATED
        assert life[-1]["on_date"] < date(2022, 1, 1)
        assert all("giả định" in row["reason"] for row in life)
    others = [row["name"] for row in table["hotspots"]][2:]
    assert all("giả định" in name for name in others)


def test_catchments_do_not_overlap() -> None:
    found = places(Clock(SEED, DAYS[2]))
    assert all(one.catchment.disjoint(other.catchment) for one, other in combinations(found, 2))


@every_day
def test_watched_hotspots_are_patrolled_at_their_rhythm_but_for_one(day: date) -> None:
    late = []
    last: dict[str, date] = {}
    for row in rows(day)["patrols"]:
        last[row["hotspot_id"]] = max(row["on_date"], last.get(row["hotspot_id"], row["on_date"]))
    for place in places(Clock(SEED, day)):
        if place.state_on(day) is HotspotState.ELIMINATED:
            gap = (day - last[place.id]).days
            late += [place.key] if gap > place.patrol_every_days else []
    assert late == ["second_time"]


@every_day
def test_one_border_strip_gets_worse_from_half_year_to_half_year(day: date) -> None:
    ground = strip(Clock(SEED, day), 0).ground
    ages = [
        (day - row["on_date"]).days
        for row in rows(day)["signals"]
        if ground.buffer(40).intersects(transform(row["geom"], LONLAT, METRIC))
    ]
    halves = [sum(low <= age < low + 182 for age in ages) for low in (364, 182, 0)]
    assert halves[0] < halves[1] < halves[2]
    serious = {row["inspection_id"] for row in rows(day)["findings"] if row["serious"]}
    found = [
        (day - row["on_date"]).days
        for row in rows(day)["inspections"]
        if row["id"] in serious and ground.intersects(transform(row["geom"], LONLAT, METRIC))
    ]
    assert sum(age <= 365 for age in found) >= 3
    assert sum(age <= 365 for age in found) > sum(365 < age <= 730 for age in found)


@every_day
def test_findings_are_closed_after_the_visit_or_still_open(day: date) -> None:
    visits = {row["id"]: row for row in rows(day)["inspections"]}
    for row in rows(day)["findings"]:
        assert visits[row["inspection_id"]]["outcome"] in ("checked", "unlicensed")
        assert row["closed_on"] is None or row["closed_on"] >= visits[row["inspection_id"]]["on_date"]
    still = [row for row in rows(day)["findings"] if row["closed_on"] is None and row["deadline"]]
    assert any(row["deadline"] < day for row in still)


@every_day
def test_open_signals_have_no_day_of_handling_and_settled_ones_do(day: date) -> None:
    for row in rows(day)["signals"]:
        assert (row["handled_on"] is None) == (row["state"] in ("received", "verifying"))
        assert row["due_on"] > row["on_date"]
        if row["handled_on"]:
            assert row["handled_on"] >= row["on_date"]


@every_day
def test_some_signals_are_late_and_crimes_went_to_the_police_in_time(day: date) -> None:
    signals = pd.DataFrame(rows(day)["signals"])
    timely = timeliness(signals, day)
    assert (timely["open"] & timely["late"]).any()
    crimes = signals["kind"].isin(["denunciation", "crime_report"])
    assert crimes.sum() >= 3
    assert timely.loc[crimes, "in_time"].all()
    assert (signals.loc[crimes, "state"] == "handed_over").all()
    handed = signals[signals["state"] == "handed_over"]
    assert (handed["text"] == "").all()
    assert handed["receipt_number"].notna().all()
    assert (signals["result"].notna() == signals["state"].isin(["verified", "unfounded"])).all()
    assert not signals["number"].duplicated().any()


@every_day
def test_one_open_signal_waits_across_the_border(day: date) -> None:
    (sent,) = rows(day)["signal_handovers"]
    signal = next(row for row in rows(day)["signals"] if row["id"] == sent["signal_id"])
    here = system_on(SEED, day).at(transform(signal["geom"], LONLAT, METRIC))
    assert here is not None
    assert here.row["id"] == sent["from_unit_id"] != sent["to_unit_id"]
    assert signal["handled_on"] is None
    assert sent["accepted_at"] is None
    assert sent["due_on"] < day


def test_a_selection_probability_is_known_on_a_share_and_is_never_nought() -> None:
    known = [row["selection_probability"] for row in rows(DAYS[2])["inspections"]]
    given = [chance for chance in known if chance is not None]
    assert 0.15 < len(given) / len(known) < 0.6
    assert all(0 < chance <= 1 for chance in given)


def test_a_licence_was_issued_at_an_address_where_another_had_been_withdrawn() -> None:
    table = rows(DAYS[2])
    place = {row["id"]: row["geom"] for row in table["premises"]}
    withdrawn = {place[row["premises_id"]]: row for row in table["licences"] if row["withdrawn_on"]}
    again = [
        row
        for row in table["licences"]
        if place[row["premises_id"]] in withdrawn
        and row["premises_id"] != withdrawn[place[row["premises_id"]]]["premises_id"]
        and row["issued_on"] > withdrawn[place[row["premises_id"]]]["withdrawn_on"]
    ]
    assert again


def test_most_licences_have_no_term() -> None:
    papers = rows(DAYS[2])["licences"]
    assert sum(row["term_until"] is None for row in papers) > 0.9 * len(papers)
    assert any(row["withdrawn_on"] for row in papers)
    assert any(row["suspended_on"] for row in papers)


def test_inspections_take_place_where_the_premises_stands_while_it_is_open() -> None:
    table = rows(DAYS[2])
    premises = {row["id"]: row for row in table["premises"]}
    for row in table["inspections"]:
        assert row["geom"] == premises[row["premises_id"]]["geom"]
        assert row["on_date"] >= premises[row["premises_id"]]["opened_on"]
        assert system_on(SEED, row["on_date"]).at(transform(row["geom"], LONLAT, METRIC)) is not None
        assert row["on_date"] <= DAYS[2] - timedelta(days=1)
