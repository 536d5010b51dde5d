"""The plan's targets of the demonstration: scopes, ward systems, what was on record, the command."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import shapely

from app.cli import main
from app.services.indicators import Indicators, indicators
from app.services.signal_figures import handled_in_time
from data.repositories import places
from data.repositories.frames import add_rows
from data.store import Actor, Store
from data.tables import Inspection, Premises, PremisesChange, Unit, WardFigure
from geo.errors import InputError, RuleError
from geo.review_words import Measure
from geo.target_settings import CODES
from geo.words import Role
from tests.conftest import DEMO_DAY

YEAR = (date(2026, 1, 1), date(2026, 12, 31))
YEAR_2024 = (date(2024, 1, 1), date(2024, 12, 31))
YEAR_2025 = (date(2025, 1, 1), date(2025, 12, 31))
OLD_WARDS = date(2024, 6, 30)


def values(found: Indicators, unit: str | None = None) -> dict[str, Any]:
    return {one.key: one.value for one in found.other if one.unit_id == unit}


def scoped(store: Store, operator: Actor, code: str) -> Actor:
    with store.read(operator) as work:
        units = places.units_on(work, DEMO_DAY).set_index("code")["id"]
    return Actor("phường", Role.WARD_OFFICER, frozenset({units[code]}))


@pytest.fixture(scope="module")
def system() -> Actor:
    return Actor("system", Role.ADMIN)


@pytest.fixture(scope="module")
def year(demo: Store, system: Actor) -> Indicators:
    return indicators(demo, system, *YEAR, as_of=DEMO_DAY)


def test_every_target_is_there_for_the_whole_and_for_every_ward(year: Indicators) -> None:
    codes = {one.code for one in year.rows if one.unit_id is None}
    assert codes == set(CODES)
    for unit in year.units["id"]:
        of_ward = {one.code for one in year.rows if one.unit_id == unit}
        assert of_ward == codes - {"T07", "T07a", "T07b"}


def test_signals_in_time_are_those_of_the_inbox(year: Indicators, demo: Store, operator: Actor) -> None:
    inbox = {one.ward_id: one for one in handled_in_time(demo, operator, *YEAR, as_of=DEMO_DAY)}
    for row in (one for one in year.rows if one.code == "T06"):
        if row.unit_id in inbox:
            asked = inbox[row.unit_id]
            assert (row.numerator, row.denominator) == (asked.in_time, asked.received)
        else:
            assert row.denominator == 0 and row.value is None
    assert values(year)["police_handovers"] == inbox[None].police


def test_2024_in_its_17_wards_and_in_today_s_units_add_up_to_the_same(demo: Store, operator: Actor) -> None:
    of_its_time = indicators(demo, operator, *YEAR_2024, as_of=DEMO_DAY)
    of_today = indicators(demo, operator, *YEAR_2024, as_of=DEMO_DAY, units_as_of=DEMO_DAY)
    assert (len(of_its_time.units), len(of_today.units)) == (17, 6)
    assert values(of_its_time) == values(of_today)
    for found in (of_its_time, of_today):
        for key in ("turns", "signals", "patrols", "communication_activities", "student_heads", "spent_vnd"):
            wards = [one.value or 0 for one in found.other if one.key == key and one.unit_id is not None]
            told = [note for note in found.footnotes if "chỉ tính vào tổng" in str(note)]
            if not told:
                assert sum(wards) == values(found)[key], key
    assert not [note for note in of_its_time.footnotes if "Địa giới thay đổi" in str(note)]
    changed = [str(note) for note in of_today.footnotes if "Địa giới thay đổi" in str(note)]
    assert [note[:28] for note in changed] == ["Địa giới thay đổi từ 2025-01", "Địa giới thay đổi từ 2025-07"]


def test_changed_wards_inside_the_period_are_told_by_themselves(demo: Store, operator: Actor) -> None:
    found = indicators(demo, operator, *YEAR_2025, as_of=DEMO_DAY)
    changed = [str(note) for note in found.footnotes if "Địa giới thay đổi" in str(note)]
    assert "từ 2025-01-01: 17 đơn vị thành 15. Thôi: Phường Nguyễn Trãi, Phường Yết Kiêu." in changed[0]
    assert "từ 2025-07-01: 15 đơn vị thành 6" in changed[1]
    assert any("bộ địa giới khác" in str(note) for note in found.footnotes)


def test_a_ward_s_account_gets_its_own_ward_and_is_told_so(
    year: Indicators, demo: Store, operator: Actor
) -> None:
    ward = scoped(demo, operator, "09552")
    own = indicators(demo, ward, *YEAR, as_of=DEMO_DAY)
    (unit,) = ward.scope or ()
    assert {one.unit_id for one in own.rows} == {None, unit}
    assert {one.unit_id for one in own.other} == {None, unit}
    assert any("Tổng chỉ gồm địa bàn của tài khoản: Phường Kiến Hưng." in str(one) for one in own.footnotes)
    for code in ("T01", "T02c", "T06", "T08", "T09", "T10"):
        mine, all_wards = (
            next(one for one in found.rows if (one.code, one.unit_id) == (code, unit)) for found in (own, year)
        )
        assert (mine.numerator, mine.denominator) == (all_wards.numerator, all_wards.denominator), code
    assert values(own)["turns"] == values(own, unit)["turns"]


def test_whoever_may_not_see_tips_gets_no_figures_of_them(demo: Store) -> None:
    with pytest.raises(RuleError):
        indicators(demo, Actor("xem", Role.VIEWER), *YEAR, as_of=DEMO_DAY)


def test_a_reversed_period_and_a_day_without_wards_are_refused(demo: Store, operator: Actor) -> None:
    with pytest.raises(InputError) as reversed_:
        indicators(demo, operator, *YEAR[::-1], as_of=DEMO_DAY)
    assert reversed_.value.code == "period_reversed"
    with pytest.raises(InputError) as unknown:
        indicators(demo, operator, *YEAR, as_of=DEMO_DAY, units_as_of=date(1990, 1, 1))
    assert unknown.value.code == "no_units"


def test_a_city_figure_is_no_ward_s_target_without_a_share(year: Indicators) -> None:
    counts = {(one.code, one.ward): one for one in year.rows if one.code == "T09a"}
    part = counts["T09a", "Phường Chương Mỹ (phần Biên Giang cũ)"]
    assert (part.target, part.met, part.assigned) == (None, None, False)
    given = counts["T09a", "Phường Kiến Hưng"]
    assert given.assigned and given.target == 42.0 and given.met is not None
    assert counts["T09a", None].target is None


def test_what_is_entered_or_corrected_later_does_not_change_what_was_known(
    own_demo: Store, operator: Actor
) -> None:
    known_by = datetime.now(UTC) - timedelta(seconds=1)
    before = indicators(own_demo, operator, *YEAR, as_of=DEMO_DAY, known_by=known_by)
    with own_demo.write(operator) as work:
        unit = places.units_on(work, DEMO_DAY)["id"].iloc[0]
        point = shapely.point_on_surface(work.session.get(Unit, 1).geom)
        late = {**work.event(), "premises_id": "moi", "on_date": date(2026, 3, 3), "body": "fire"}
        change = {**work.event(), "premises_id": "moi", "kind": "created", "after": {}, "telling": False}
        add_rows(
            work,
            Premises,
            [{"id": "moi", "version": 1, "name": "Mới", "folded": "moi", "type": "hotel", "geom": point}],
        )
        add_rows(work, PremisesChange, [{**change, "batch_id": None, "before": None, "state": "x"}])
        add_rows(work, Inspection, [{**late, "kind": "planned", "outcome": "checked", "geom": point}])
        days = {"first_day": date(2026, 3, 1), "last_day": date(2026, 3, 31)}
        figure = {**work.event(), "unit_id": unit, "measure": Measure.REACHED_STUDENTS.value, "value": 77}
        add_rows(work, WardFigure, [{**figure, **days}])
        first = work.session.query(Premises).filter(Premises.opened_on.is_not(None)).first()
        plain = {"kind": "updated", "batch_id": None, "telling": False, "state": "x"}
        was = first.opened_on.isoformat()
        moved = {**work.event(), "premises_id": first.id, "before": {"opened_on": was}, **plain}
        add_rows(work, PremisesChange, [{**moved, "after": {"opened_on": "2030-01-01"}}])
        first.opened_on = date(2030, 1, 1)
    after = indicators(own_demo, operator, *YEAR, as_of=DEMO_DAY, known_by=known_by)
    assert after.rows == before.rows
    assert after.other == before.other
    now = indicators(own_demo, operator, *YEAR, as_of=DEMO_DAY)
    assert values(now)["turns"] == values(before)["turns"] + 1
    assert values(now)["reached_students"] == values(before)["reached_students"] + 77


def test_the_command_gives_the_documented_json(
    demo_folder: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DIABAN_DATA", str(demo_folder))
    arguments = ["indicators", "--period", "2024-Q4", "--units-as-of", "2026-01-01", "--json"]
    assert main([*arguments, "--as-of", DEMO_DAY.isoformat()]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["period"] == "2024-Q4"
    asked = {
        "code", "name", "ward", "numerator", "denominator", "value", "comparator", "target", "assigned", "met",
        "text",
    }  # fmt: skip
    assert all(asked <= set(row) for row in document["rows"])
    t09 = next(row for row in document["rows"] if row["code"] == "T09" and row["ward"] is None)
    assert (t09["comparator"], t09["target"]) == (">", 0.6)
    assert "31/12/2024" in t09["text"]
    assert {"key", "name", "ward", "value"} <= set(document["other"][0])
    assert main(["indicators", "--period", "2026-13", "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "bad_period"


def test_a_district_without_data_has_no_figures(empty_store: Store, operator: Actor) -> None:
    with pytest.raises(InputError) as refused:
        indicators(empty_store, operator, *YEAR, as_of=DEMO_DAY)
    assert refused.value.code == "no_units"
