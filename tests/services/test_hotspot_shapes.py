"""Hotspots are drawn, get another shape and are split: what is kept, who may, and what is refused."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import geopandas as gpd
import pytest
import shapely

from app.services import hotspots
from app.services.facts import Known
from app.services.hotspot_shapes import NewHotspot, change_shape, checked, new_hotspot, pieces, split_hotspot
from app.services.hotspot_view import sheet
from app.services.patrols import order_patrol, rounds
from data.repositories import places
from data.store import LOCAL_ZONE, Actor, Store
from data.tables import AuditEntry, Hotspot
from geo.errors import ConflictError, InputError, RuleError
from geo.words import HotspotState, Role
from tests.conftest import DEMO_DAY

OFFICER = Actor("canbo", Role.WARD_OFFICER)
LON, LAT = 105.772, 20.965
AREA = shapely.box(LON, LAT, LON + 0.002, LAT + 0.002)
ACROSS = shapely.LineString([(LON + 0.001, LAT - 0.001), (LON + 0.001, LAT + 0.003)])


def same(one: shapely.Geometry, other: shapely.Geometry) -> bool:
    """Whether two shapes are alike to a tenth of a metre."""
    return bool(one.normalize().equals_exact(other.normalize(), 1e-6))


def today(store: Store) -> date:
    with store.read(OFFICER) as work:
        return work.today


def made(store: Store, **changed: object) -> str:
    values = {
        "name": "Khu vực chợ thử nghiệm",
        "geometry": AREA,
        "state": HotspotState.SUSPECTED,
        "found_on": DEMO_DAY,
        "reason": "Có nguồn tin, chờ xác minh",
        **changed,
    }
    return new_hotspot(store, OFFICER, NewHotspot(**values))[0]  # type: ignore[arg-type]


def spot_of(store: Store, hotspot_id: str, day: date | None = None) -> gpd.GeoDataFrame:
    with store.read(OFFICER) as work:
        spots = places.hotspots_on(work, day or today(store))
    return spots[spots["id"] == hotspot_id]


def eliminated(store: Store) -> str:
    """An area of the demonstration that is eliminated and patrolled."""
    with store.read(OFFICER) as work:
        spots = places.hotspots_on(work, today(store))
    return str(spots.loc[spots["name"].eq("Khu vực bến xe Yên Nghĩa"), "id"].iloc[0])


def cut_of(store: Store, hotspot_id: str) -> shapely.LineString:
    west, south, east, north = spot_of(store, hotspot_id).total_bounds
    middle = (west + east) / 2
    return shapely.LineString([(middle, south - 0.001), (middle, north + 0.001)])


def test_a_drawn_hotspot_is_on_record_with_its_first_state_and_its_watch(own_demo: Store) -> None:
    hotspot_id = made(own_demo, catchment_m=120.0, patrol_by="Công an phường Hà Đông", document="12/BC")
    spot = spot_of(own_demo, hotspot_id).iloc[0]
    assert (spot["state"], spot["catchment_m"], spot["patrol_by"]) == (
        "suspected", 120.0, "Công an phường Hà Đông",
    )  # fmt: skip
    assert same(spot.geometry, AREA)
    view = sheet(own_demo, OFFICER, hotspot_id, today(own_demo))
    assert [one.number for one in view.documents] == ["12/BC"]


@pytest.mark.parametrize(
    "changed, code",
    [
        ({"state": HotspotState.ELIMINATED}, "hotspot_transition"),
        ({"reason": " "}, "hotspot_reason"),
        ({"found_on": date(2999, 1, 1)}, "hotspot_date"),
        ({"geometry": shapely.Point(106.5, 20.9)}, "hotspot_outside"),
        ({"geometry": None}, "hotspot_shape"),
        ({"name": ""}, "hotspot_name"),
        ({"name": "khu vực bến xe yên nghĩa"}, "hotspot_name"),
        ({"catchment_m": 5.0}, "out_of_bounds"),
        ({"reason": "Gọi số 0912345678 để biết thêm"}, "personal_data"),
    ],
)
def test_what_the_rules_forbid_is_refused_and_nothing_is_written(
    own_demo: Store, changed: dict[str, object], code: str
) -> None:
    with own_demo.read(OFFICER) as work:
        before = work.session.query(Hotspot).count()
    with pytest.raises(InputError) as refused:
        made(own_demo, **changed)
    assert refused.value.code == code
    with own_demo.read(OFFICER) as work:
        assert work.session.query(Hotspot).count() == before


def test_who_may_not_edit_places_draws_nothing(own_demo: Store) -> None:
    with pytest.raises(RuleError):
        checked(own_demo, Actor("đội", Role.INSPECTOR), AREA)


def test_a_ward_draws_on_its_own_ground_alone(own_demo: Store) -> None:
    with own_demo.read(OFFICER) as work:
        units = places.units_on(work, today(own_demo))
    here = units[units.intersects(AREA)]["id"].iloc[0]
    far = units[~units.intersects(AREA.buffer(0.005))]["id"].iloc[0]
    checked(own_demo, Actor("a", Role.WARD_OFFICER, frozenset({here})), AREA)
    with pytest.raises(RuleError, match="phụ trách"):
        checked(own_demo, Actor("b", Role.WARD_OFFICER, frozenset({far})), AREA)


def test_another_shape_keeps_the_former_one_in_the_log_and_in_the_timeline(own_demo: Store) -> None:
    hotspot_id = made(own_demo)
    smaller = shapely.box(LON, LAT, LON + 0.001, LAT + 0.001)
    version = int(spot_of(own_demo, hotspot_id)["version"].iloc[0])
    change_shape(own_demo, OFFICER, hotspot_id, smaller, version=version, reason="Đo lại tại chỗ")
    assert same(spot_of(own_demo, hotspot_id).geometry.iloc[0], smaller)
    with own_demo.read(OFFICER) as work:
        entry = work.session.query(AuditEntry).filter_by(action="hotspot.shape", subject=hotspot_id).one()
    assert same(shapely.from_wkt(entry.detail["before"]), AREA)
    assert same(shapely.from_wkt(entry.detail["after"]), smaller)
    assert "shape" in set(sheet(own_demo, OFFICER, hotspot_id, today(own_demo)).timeline["kind"])


def test_two_people_do_not_overwrite_each_others_shape(own_demo: Store) -> None:
    hotspot_id = made(own_demo)
    version = int(spot_of(own_demo, hotspot_id)["version"].iloc[0])
    change_shape(own_demo, OFFICER, hotspot_id, shapely.Point(LON, LAT), version=version)
    with pytest.raises(ConflictError):
        change_shape(own_demo, OFFICER, hotspot_id, AREA, version=version)
    assert spot_of(own_demo, hotspot_id).geometry.iloc[0].geom_type == "Point"


def split(store: Store, hotspot_id: str) -> list[str]:
    blade = cut_of(store, hotspot_id)
    found = pieces(spot_of(store, hotspot_id), blade)
    version = int(spot_of(store, hotspot_id)["version"].iloc[0])
    names = [f"Bến xe, phần {n}" for n in range(1, len(found) + 1)]
    return split_hotspot(store, OFFICER, hotspot_id, blade, names, version=version, reason="Hai khu khác nhau")


def test_after_a_split_the_parts_stand_and_the_whole_does_not(own_demo: Store) -> None:
    whole = eliminated(own_demo)
    before = spot_of(own_demo, whole).iloc[0]
    parts = split(own_demo, whole)
    assert len(parts) == 2
    assert spot_of(own_demo, whole).empty
    for part in parts:
        spot = spot_of(own_demo, part).iloc[0]
        assert spot["state"] == before["state"]
        assert spot["eliminated_on"] == before["eliminated_on"]
        assert spot["patrol_by"] == before["patrol_by"]
        view = sheet(own_demo, OFFICER, part, today(own_demo))
        assert all(reason.startswith("tách từ") for reason in view.transitions["reason"])
        assert [one.number for one in view.documents]


def test_yesterday_still_knows_the_whole_and_not_the_parts(own_demo: Store) -> None:
    whole = eliminated(own_demo)
    parts = split(own_demo, whole)
    yesterday = today(own_demo) - timedelta(days=1)
    assert len(spot_of(own_demo, whole, yesterday)) == 1
    assert all(spot_of(own_demo, part, yesterday).empty for part in parts)


def test_the_patrols_of_the_whole_count_for_each_part(own_demo: Store) -> None:
    whole, day = eliminated(own_demo), today(own_demo)
    police = Actor("congan", Role.ADMIN)
    due = next(one for one in rounds(own_demo, police, day) if one.hotspot_id == whole)
    parts = split(own_demo, whole)
    for part in parts:
        mine = next(one for one in rounds(own_demo, police, day) if one.hotspot_id == part)
        assert (mine.last_on, mine.due_on) == (due.last_on, due.due_on)
        assert "patrol" in set(sheet(own_demo, OFFICER, part, day).timeline["kind"])


def test_an_order_to_patrol_the_whole_stands_at_each_part(own_demo: Store) -> None:
    whole, day = eliminated(own_demo), today(own_demo)
    order_patrol(own_demo, OFFICER, whole, day, datetime.combine(day, time(8), LOCAL_ZONE))
    for part in split(own_demo, whole):
        assert sheet(own_demo, OFFICER, part, day).patrols.ordered == day


def test_changes_that_parts_inherit_are_marked_so_that_nobody_counts_them_twice(own_demo: Store) -> None:
    whole, day = eliminated(own_demo), today(own_demo)
    with own_demo.read(OFFICER) as work:
        before = places.transitions_until(work, day)
    assert not before["inherited"].any()
    split(own_demo, whole)
    with own_demo.read(OFFICER) as work:
        after = places.transitions_until(work, day)
    assert len(after[~after["inherited"]]) == len(before)
    assert after["inherited"].sum() == 2 * before["hotspot_id"].eq(whole).sum()


def test_a_split_hotspot_is_neither_changed_nor_split_again_and_a_part_may_be(own_demo: Store) -> None:
    whole = eliminated(own_demo)
    blade = cut_of(own_demo, whole)
    part = split(own_demo, whole)[0]
    with pytest.raises(InputError) as refused:
        split_hotspot(own_demo, OFFICER, whole, blade, ["A", "B"], version=1, reason="Lần nữa")
    assert refused.value.code == "unknown_hotspot"
    again = split_hotspot(
        own_demo, OFFICER, part, cut_of(own_demo, part), ["Phần một", "Phần hai"], version=1, reason="Nhỏ hơn"
    )
    for one in again:
        view = sheet(own_demo, OFFICER, one, today(own_demo))
        assert "patrol" in set(view.timeline["kind"])


@pytest.mark.parametrize(
    "names, reason, code",
    [
        (["Một"], "Lý do", "hotspot_cut"),
        (["Một", "Một"], "Lý do", "hotspot_name"),
        (["Một", "Hai"], " ", "hotspot_reason"),
    ],
)
def test_a_split_needs_a_name_for_each_part_and_a_reason(
    own_demo: Store, names: list[str], reason: str, code: str
) -> None:
    hotspot_id = made(own_demo)
    with pytest.raises(InputError) as refused:
        split_hotspot(own_demo, OFFICER, hotspot_id, ACROSS, names, version=1, reason=reason)
    assert refused.value.code == code
    assert len(spot_of(own_demo, hotspot_id)) == 1


def test_the_watch_plan_says_who_patrols_and_a_conflict_names_it(own_demo: Store) -> None:
    hotspot_id = made(own_demo)
    seen = hotspots.WatchSettings(200.0, 24, 14)
    new = hotspots.WatchSettings(150.0, 12, 7, "Công an phường Hà Đông")
    hotspots.change_watch(own_demo, OFFICER, hotspot_id, new, seen=seen, version=1)
    spot = spot_of(own_demo, hotspot_id).iloc[0]
    assert (spot["patrol_every_days"], spot["patrol_by"]) == (7, "Công an phường Hà Đông")
    with pytest.raises(ConflictError, match="Công an phường Hà Đông"):
        hotspots.change_watch(own_demo, OFFICER, hotspot_id, new, seen=seen, version=1)


def test_a_hotspot_of_later_days_is_not_there_before(own_demo: Store) -> None:
    hotspot_id = made(own_demo, found_on=DEMO_DAY)
    with own_demo.read(OFFICER) as work:
        earlier = Known(work, DEMO_DAY - timedelta(days=1)).hotspots
    assert hotspot_id not in set(earlier["id"])
