"""2024 in its own wards and in today's: the traps of reused codes, and totals that stay."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest
import shapely
from sqlalchemy import select

from app.services import ward_systems as service
from data.repositories.frames import add_rows
from data.store import Actor, Store
from data.tables import Inspection, Premises, Signal, Unit
from geo.errors import InputError, RuleError
from geo.words import Role
from tests.conftest import DEMO_DAY

OLD, MIDDLE, TODAY = date(2024, 6, 1), date(2025, 3, 1), DEMO_DAY
YEAR_2024 = {"first": date(2024, 1, 1), "last": date(2024, 12, 31)}
ALL: tuple[service.Counted, ...] = ("premises", "inspections", "findings", "signals")


def by_name(cut: service.Cut) -> dict[str, int]:
    assert cut.units["name"].is_unique
    return dict(zip(cut.units["name"], cut.units["n"], strict=True))


def ward(store: Store, actor: Actor, code: str, day: date) -> Any:
    with store.read(actor) as work:
        (found,) = [
            unit
            for unit in work.session.scalars(select(Unit).where(Unit.code == code))
            if unit.valid_from <= day and (unit.valid_to is None or day <= unit.valid_to)
        ]
        return found


@pytest.mark.parametrize(
    ("code", "before", "now"),
    [
        ("09556", "Phường Hà Cầu", "Phường Hà Đông"),
        ("09552", "Phường Phú La", "Phường Kiến Hưng"),
        ("09568", "Phường Phú Lãm", "Phường Phú Lương"),
    ],
)
def test_a_code_means_another_place_in_2024_than_in_2026(
    demo: Store, operator: Actor, code: str, before: str, now: str
) -> None:
    old, new = ward(demo, operator, code, OLD), ward(demo, operator, code, TODAY)
    assert (old.name, new.name) == (before, now)
    # The same inspections of 2024, looked for under the same code: two different counts, both right.
    own = service.cut(demo, operator, what="inspections", **YEAR_2024, by="own").units.set_index("unit_id")["n"]
    today = service.cut(demo, operator, what="inspections", **YEAR_2024, by=TODAY).units
    with demo.read(operator) as work:
        points = [
            row.geom
            for row in work.session.scalars(select(Inspection))
            if row.on_date.year == 2024 and row.geom
        ]
    assert own[old.id] == sum(shapely.intersects(old.geom, point) for point in points)
    assert today.set_index("unit_id")["n"][new.id] == sum(
        shapely.intersects(new.geom, point) for point in points
    )
    assert old.id not in set(today["unit_id"])
    assert new.id not in own.index


def test_2025_by_its_own_wards_has_a_reused_code_once_for_each_meaning(demo: Store, operator: Actor) -> None:
    cut = service.cut(
        demo, operator, what="inspections", first=date(2025, 1, 1), last=date(2025, 12, 31), by="own"
    )
    meanings = cut.units[cut.units["code"] == "09556"]
    assert list(meanings["name"]) == ["Phường Hà Cầu", "Phường Hà Đông"]
    assert list(meanings["valid_from"]) == [pd.Timestamp(2025, 1, 1), pd.Timestamp(2025, 7, 1)]
    assert cut.units["unit_id"].is_unique


@pytest.mark.parametrize("what", ALL)
def test_2024_adds_up_the_same_in_its_own_wards_in_those_of_2025_and_in_todays(
    demo: Store, operator: Actor, what: service.Counted
) -> None:
    own, middle, today = (
        service.cut(demo, operator, what=what, **YEAR_2024, by=by) for by in ("own", MIDDLE, TODAY)
    )
    assert own.total == middle.total == today.total > 0
    assert [len(cut.units) for cut in (own, middle, today)] == [17, 15, 6]


def test_bien_giang_is_counted_in_chuong_my_today(demo: Store, operator: Actor) -> None:
    own = by_name(service.cut(demo, operator, what="premises", **YEAR_2024, by="own"))
    today = by_name(service.cut(demo, operator, what="premises", **YEAR_2024, by=TODAY))
    assert own["Phường Biên Giang"] > 0
    assert today["Phường Chương Mỹ (phần Biên Giang cũ)"] == own["Phường Biên Giang"]
    assert "Phường Biên Giang" not in today


def test_nguyen_trai_and_yet_kieu_are_counted_in_quang_trung_from_2025_on(demo: Store, operator: Actor) -> None:
    own = by_name(service.cut(demo, operator, what="inspections", **YEAR_2024, by="own"))
    middle = by_name(service.cut(demo, operator, what="inspections", **YEAR_2024, by=MIDDLE))
    joined = ("Phường Quang Trung", "Phường Nguyễn Trãi", "Phường Yết Kiêu")
    assert middle["Phường Quang Trung"] == sum(own[name] for name in joined)
    assert not {"Phường Nguyễn Trãi", "Phường Yết Kiêu"} & set(middle)


def test_what_happened_outside_the_district_or_without_a_place_stays_in_the_total(
    own_demo: Store, operator: Actor
) -> None:
    before = service.cut(own_demo, operator, what="signals", **YEAR_2024, by=TODAY)
    with own_demo.write(operator) as work:
        told = {"on_date": date(2024, 5, 5), "source": "citizen", "state": "verified"}
        add_rows(
            work,
            Signal,
            [{**work.event(), **told, "geom": geom} for geom in (shapely.Point(106.5, 21.5), None)],
        )
    after = service.cut(own_demo, operator, what="signals", **YEAR_2024, by=TODAY)
    assert (after.outside, after.unplaced) == (before.outside + 1, before.unplaced + 1)
    assert after.total == before.total + 2


def test_closed_premises_and_those_not_yet_open_are_not_in_the_register_of_the_day(
    own_demo: Store, operator: Actor
) -> None:
    before = service.cut(own_demo, operator, what="premises", **YEAR_2024, by="own").total
    with own_demo.write(operator) as work:
        new = {"name": "Cơ sở mới", "folded": "", "type": "hotel", "geom": shapely.Point(105.77, 20.97)}
        work.session.add(Premises(**new, opened_on=date(2025, 1, 1)))
    assert service.cut(own_demo, operator, what="premises", **YEAR_2024, by="own").total == before


def test_the_crosswalk_adds_up_by_ground_and_by_premises(demo: Store, operator: Actor) -> None:
    table = service.crosswalk(demo, operator, OLD, TODAY)
    assert table[table["old_id"].notna()].groupby("old_id")["share"].sum().to_numpy() == pytest.approx(
        1.0, abs=1e-3
    )
    now = service.cut(demo, operator, what="premises", first=TODAY, last=TODAY, by=OLD)
    assert table["premises"].sum() == now.total - now.unplaced
    khe = table[table["old_name"] == "Phường La Khê"]
    assert list(khe["new_name"]) == ["Phường Hà Đông", "Phường Dương Nội"]
    (bien_giang,) = table[table["old_code"] == "10123"].itertuples()
    assert bien_giang.new_code == "10015"


def test_the_changes_of_both_reforms_are_told(demo: Store, operator: Actor) -> None:
    assert [(one.first, one.last, len(one.unit_ids)) for one in service.ward_sets(demo, operator)] == [
        (date(2009, 5, 8), date(2024, 12, 31), 17),
        (date(2025, 1, 1), date(2025, 6, 30), 15),
        (date(2025, 7, 1), None, 6),
    ]
    first, second = service.changes(demo, operator)
    assert (first.day, set(first.ended)) == (date(2025, 1, 1), {"Phường Nguyễn Trãi", "Phường Yết Kiêu"})
    assert second.day == date(2025, 7, 1)
    told = {row.code: (row.old_name, row.new_name) for row in second.codes.itertuples()}
    assert told["09556"] == ("Phường Hà Cầu", "Phường Hà Đông")
    assert told["09552"] == ("Phường Phú La", "Phường Kiến Hưng")
    assert told["09568"] == ("Phường Phú Lãm", "Phường Phú Lương")


def test_a_day_without_wards_and_a_reversed_period_are_refused_with_a_way_out(
    demo: Store, empty_store: Store, operator: Actor
) -> None:
    with pytest.raises(InputError, match="địa giới"):
        service.cut(demo, operator, what="premises", **YEAR_2024, by=date(1990, 1, 1))
    with pytest.raises(InputError, match="địa giới"):
        service.crosswalk(empty_store, operator, OLD, TODAY)
    with pytest.raises(InputError, match="kỳ"):
        service.cut(demo, operator, what="premises", first=TODAY, last=OLD, by="own")
    assert service.ward_sets(empty_store, operator) == []
    assert service.changes(empty_store, operator) == []
    assert service.cut(empty_store, operator, what="inspections", **YEAR_2024, by="own").total == 0


def test_who_may_not_see_tips_counts_no_signals_and_a_ward_counts_its_own(demo: Store, operator: Actor) -> None:
    with pytest.raises(RuleError):
        service.cut(demo, Actor("xem", Role.VIEWER), what="signals", **YEAR_2024, by="own")
    mine = ward(demo, operator, "09556", TODAY)
    officer = Actor("phường", Role.WARD_OFFICER, frozenset({mine.id}))
    seen = service.cut(demo, officer, what="signals", **YEAR_2024, by=TODAY)
    whole = service.cut(demo, operator, what="signals", **YEAR_2024, by=TODAY)
    assert 0 < seen.total < whole.total
