"""Placing by hand: what waits, what is proposed, and that a chosen place is stored, told and taken back."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date

import pytest
import shapely
from sqlalchemy import select

from app.services import placing
from app.services.placing import Placed, Waiting
from data.repositories import places
from data.repositories.frames import add_rows
from data.store import Actor, Store
from data.tables import AuditEntry, Premises, PremisesChange, Street, Unit
from geo.errors import ConflictError, InputError, RuleError
from geo.words import LocationQuality, PremisesStatus, Role

DAY = date(2026, 3, 1)
WEST, EAST = (105.70, 20.90, 105.75, 21.00), (105.75, 20.90, 105.80, 21.00)


def premises(id: str, address: str, quality: str, point: tuple[float, float] | None) -> dict[str, object]:
    geom = None if point is None else shapely.Point(point)
    plain = {"id": id, "name": f"Nhà nghỉ {id}", "folded": f"nha nghi {id}", "type": "guesthouse"}
    return {**plain, "address": address, "location_quality": quality, "geom": geom}


@pytest.fixture
def district(empty_store: Store, operator: Actor) -> Store:
    """Two wards, a street through both, and a premises of each kind of place."""
    with empty_store.write(operator) as work:
        for id, name, box in (("w", "Phường Tây", WEST), ("e", "Phường Đông", EAST)):
            ground = shapely.MultiPolygon([shapely.box(*box)])
            add_rows(
                work,
                Unit,
                [{"id": id, "code": id, "name": name, "valid_from": date(2025, 7, 1), "geom": ground}],
            )
        line = shapely.LineString([(105.71, 20.95), (105.79, 20.95)])
        add_rows(work, Street, [{"id": "s", "name": "Phố Giả Định", "street_class": "main", "geom": line}])
        add_rows(
            work,
            Premises,
            [
                premises("a", "Số 5 Phố Giả Định", "street", (105.75, 20.95)),
                premises("b", "Tổ 7", "none", None),
                premises("c", "Phường Đông", "ward", (105.775, 20.95)),
                premises("d", "Số 9 Phố Giả Định", "given", (105.72, 20.951)),
                premises("e", "Số 11 Phố Giả Định", "manual", (105.73, 20.951)),
            ],
        )
    return empty_store


def waiting(store: Store, actor: Actor) -> dict[str, Waiting]:
    return {one.id: one for one in placing.waiting(placing.read_register(store, actor, DAY))}


def put(store: Store, actor: Actor, id: str, lon: float, lat: float) -> Placed:
    return placing.place(store, actor, id, lon, lat, version=waiting(store, actor)[id].version)


def row(store: Store, actor: Actor, id: str) -> Premises:
    with store.read(actor) as work:
        return work.session.scalars(select(Premises).where(Premises.id == id)).one()


def notes(store: Store, actor: Actor) -> list[AuditEntry]:
    with store.read(actor) as work:
        return list(work.session.scalars(select(AuditEntry).order_by(AuditEntry.seq)).all())


def ward(store: Store, actor: Actor, id: str) -> str:
    with store.read(actor) as work:
        return places.premises_on(work, DAY).set_index("id").at[id, "ward_name"]


def test_what_has_no_place_comes_before_what_is_known_to_a_ward_or_a_street(
    district: Store, operator: Actor
) -> None:
    assert list(waiting(district, operator)) == ["b", "c", "a"]


def test_a_place_that_was_given_or_set_by_hand_does_not_wait(district: Store, operator: Actor) -> None:
    assert not {"d", "e"} & set(waiting(district, operator))


def test_closed_premises_come_last(district: Store, operator: Actor) -> None:
    register = placing.read_register(district, operator, DAY)
    register.loc[register["id"] == "b", "status"] = PremisesStatus.CLOSED.value
    assert [one.id for one in placing.waiting(register)] == ["c", "a", "b"]


def test_a_chosen_place_is_stored_as_set_by_hand_and_the_ward_follows(district: Store, operator: Actor) -> None:
    done = put(district, operator, "b", 105.76, 20.97)
    stored = row(district, operator, "b")
    assert (stored.geom.x, stored.geom.y, stored.location_quality) == (105.76, 20.97, "manual")
    assert done.ward_name == ward(district, operator, "b") == "Phường Đông"
    assert "b" not in waiting(district, operator)


def test_a_place_outside_all_wards_is_kept_and_has_no_ward(district: Store, operator: Actor) -> None:
    assert put(district, operator, "b", 105.9, 20.97).ward_name is None
    assert row(district, operator, "b").location_quality == "manual"


def test_to_confirm_the_place_on_record_is_enough(district: Store, operator: Actor) -> None:
    put(district, operator, "a", 105.75, 20.95)
    assert row(district, operator, "a").location_quality == "manual"


def test_the_log_and_the_history_of_the_premises_tell_of_it(district: Store, operator: Actor) -> None:
    put(district, operator, "a", 105.76, 20.97)
    last = notes(district, operator)[-1]
    assert (last.action, last.subject) == ("premises.place", "a")
    assert last.detail["before"] == {"lon": 105.75, "lat": 20.95, "quality": "street"}
    assert last.detail["after"] == {"lon": 105.76, "lat": 20.97, "quality": "manual"}
    with district.read(operator) as work:
        change = work.session.scalars(select(PremisesChange)).one()
    assert change.after == {"point": [105.76, 20.97], "location_quality": "manual"}


@pytest.mark.parametrize("id", ["a", "b"])
def test_undo_puts_it_back_to_where_it_stood(district: Store, operator: Actor, id: str) -> None:
    before = waiting(district, operator)[id]
    placing.undo(district, operator, put(district, operator, id, 105.76, 20.97))
    after = waiting(district, operator)[id]
    assert replace(after, version=before.version) == before


def test_a_place_is_not_written_over_what_somebody_else_has_saved(district: Store, operator: Actor) -> None:
    seen = waiting(district, operator)["a"]
    put(district, operator, "a", 105.76, 20.97)
    with pytest.raises(ConflictError):
        placing.place(district, operator, "a", 105.71, 20.91, version=seen.version)
    assert row(district, operator, "a").geom.x == 105.76


def test_undo_leaves_alone_what_was_saved_since(district: Store, operator: Actor) -> None:
    done = put(district, operator, "a", 105.76, 20.97)
    placing.place(district, operator, "a", 105.77, 20.97, version=done.version)
    with pytest.raises(ConflictError):
        placing.undo(district, operator, done)
    assert row(district, operator, "a").geom.x == 105.77


@pytest.mark.parametrize("lon, lat", [(20.95, 105.75), (math.nan, 20.95), (105.75, math.inf), (0, 0)])
def test_a_place_outside_the_country_is_refused(
    district: Store, operator: Actor, lon: float, lat: float
) -> None:
    with pytest.raises(InputError) as refused:
        put(district, operator, "a", lon, lat)
    assert refused.value.code == "bad_point"


def test_an_officer_places_only_inside_their_own_ward(district: Store) -> None:
    officer = Actor("cán bộ", Role.WARD_OFFICER, frozenset({"e"}))
    mine = waiting(district, officer)
    assert "b" not in mine and "c" in mine
    with pytest.raises(RuleError) as refused:
        placing.place(district, officer, "c", 105.71, 20.95, version=mine["c"].version)
    assert refused.value.code == "outside_scope"
    assert row(district, officer, "c").location_quality == "ward"
    assert placing.place(district, officer, "c", 105.77, 20.95, version=mine["c"].version).ward_name


def test_who_may_not_edit_places_neither_sees_the_list_nor_places(district: Store) -> None:
    viewer = Actor("người xem", Role.VIEWER)
    for ask in (
        lambda: placing.read_register(district, viewer, DAY),
        lambda: placing.read_ground(district, viewer, DAY),
        lambda: placing.place(district, viewer, "a", 105.76, 20.97, version=1),
    ):
        with pytest.raises(RuleError):
            ask()


def test_an_address_on_a_known_street_is_proposed_with_what_matched(district: Store, operator: Actor) -> None:
    known = placing.read_ground(district, operator, DAY).gazetteer
    first = placing.suggestions("Số 10 Phố Giả Định", known)[0]
    assert first.quality is LocationQuality.HOUSE
    assert 105.72 <= first.lon <= 105.73
    assert "Giả Định" in first.text
    assert placing.suggestions("Tổ 7", known) == []


def test_no_place_is_proposed_twice_and_no_more_than_there_are_digits(district: Store, operator: Actor) -> None:
    known = placing.read_ground(district, operator, DAY).gazetteer
    found = placing.suggestions("Phố Giả Định", known)
    spots = {(round(one.lon, 4), round(one.lat, 4)) for one in found}
    assert 1 <= len(spots) == len(found) <= placing.MOST_SUGGESTED


def test_only_premises_with_a_sure_place_show_the_way(district: Store, operator: Actor) -> None:
    register = placing.read_register(district, operator, DAY)
    assert list(placing.landmarks(register, 105.731, 20.95)["id"]) == ["e", "d"]
    assert placing.landmarks(register.iloc[:0], 105.731, 20.95).empty
