"""One command brings a district in from OpenStreetMap: whole or not at all, never over official data."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import osmium
import pytest
import shapely
from sqlalchemy import func, select

from app.services import imports, osm_import
from app.services.imports import WardsRequest, import_roads, import_wards
from app.services.osm_import import ATTRIBUTION, candidates, confirm, dismiss, import_osm
from data import audit
from data.importers.overpass import query
from data.repositories import places
from data.store import Actor, Store
from data.tables import AuditEntry, Premises, PremisesCandidate, Street, Unit
from geo.errors import ConflictError, InputError, RuleError, SurroundingsError
from geo.words import PremisesType, Role
from tests.conftest import DEMO_DAY
from tests.paths import REAL_DATA, needs_shared_data
from tests.services import overpass_server as made_up
from tests.services.overpass_server import OverpassServer, border, overpass_server, place, street, unit

AREA = "Hà Đông, Hà Nội"
REFORM = date(2025, 7, 1)


@pytest.fixture
def server() -> Iterator[OverpassServer]:
    with overpass_server() as running:
        yield running


@pytest.fixture
def bring(empty_store: Store, operator: Actor, server: OverpassServer, tmp_path: Path) -> Any:
    """The command against the made-up server, into an empty district."""

    def run(area: str = AREA, **options: Any) -> dict[str, Any]:
        return import_osm(
            empty_store, operator, area, **{"url": server.url, "cache": tmp_path / "osm", **options}
        )

    return run


def counts(store: Store, actor: Actor) -> dict[str, int]:
    with store.read(actor) as work:
        return {
            table.__tablename__: work.session.scalar(select(func.count()).select_from(table)) or 0
            for table in (Unit, Street, PremisesCandidate, Premises, AuditEntry)
        }


def waiting(store: Store, actor: Actor) -> Any:
    return candidates(store, actor).set_index("osm_id")


def test_one_command_brings_wards_streets_and_places(bring: Any, empty_store: Store, operator: Actor) -> None:
    done = bring()
    assert (done["units"], done["streets"], done["candidates"]) == (2, 2, 5)
    assert done["attribution"] == "© OpenStreetMap contributors, ODbL"
    assert (done["areas"], done["data_of"]) == (["Phường Hà Đông"], "2026-11-01T00:00:00Z")
    assert done["rejected"] == []
    with empty_store.read(operator) as work:
        units = places.units_on(work, DEMO_DAY).set_index("code")
        streets = places.streets(work)
        assert audit.first_broken(work.session) is None
    assert dict(units["name"]) == {"09552": "Phường Kiến Hưng", "09556": "Phường Hà Đông"}
    assert units.loc["09556", "population"] == 185_205
    west = shapely.box(made_up.WEST, made_up.SOUTH, made_up.MIDDLE, made_up.NORTH)
    assert units.geometry["09556"].symmetric_difference(west).area < 1e-9
    assert set(units["valid_from"].dt.date) == {REFORM}
    assert set(units["source"]) == set(streets["source"]) == {ATTRIBUTION}
    # The private alley is not driven on.
    assert sorted(streets["name"]) == ["Phố Giả Định", "Đường Quang Trung"]


def test_the_question_asks_for_the_area_by_name_its_wards_streets_and_places(
    bring: Any, server: OverpassServer
) -> None:
    bring()
    (question,) = server.questions
    for part in (
        "[out:json]", 'Hà Nội$",i]->.within', 'Hà Đông$",i](area.within)', "map_to_area", "rel(pivot.a)",
        '"admin_level"~"^(6|8)$"', "residential", "karaoke_box", "guest_house", "massage", "out geom",
        "out center",
    ):  # fmt: skip
        assert part in question


def test_several_areas_are_asked_for_at_once() -> None:
    asked = query("Phường Hà Đông, Hà Nội; Kiến Hưng")
    assert "->.a0;" in asked and "->.a1;" in asked
    assert "(.a0; .a1;)->.a;" in asked


def test_places_become_candidates_and_the_register_stays_as_it_is(
    bring: Any, empty_store: Store, operator: Actor
) -> None:
    bring()
    assert counts(empty_store, operator)["premises"] == 0
    found = waiting(empty_store, operator)
    assert set(found["state"]) == {"new"}
    assert dict(found["type"]) == {
        "node/301": "karaoke",
        "node/302": "guesthouse",
        "node/303": "hotel",
        "node/304": "cafe",
        "way/308": "massage",
    }
    assert found.loc["node/301", "address"] == "Số 12 Quang Trung"
    assert found.geometry["way/308"].equals(shapely.Point(105.762, 20.958))


def test_no_person_reaches_the_database_or_the_kept_answer(
    bring: Any, empty_store: Store, operator: Actor, tmp_path: Path
) -> None:
    bring()
    found = waiting(empty_store, operator)
    assert found.loc["node/302", "name"] == "Nhà nghỉ Hoa Sen"
    assert found.loc["node/303", "name"] == "Khách sạn Phố Giả Định"
    (kept,) = (tmp_path / "osm").iterdir()
    with empty_store.read(operator) as work:
        log = json.dumps([e.detail for e in work.session.scalars(select(AuditEntry))], ensure_ascii=False)
    for text in (kept.read_text(encoding="utf-8"), log, str(found.to_dict())):
        for personal in ("Bình", "Nguyễn Văn An", "0912", "Cường"):
            assert personal not in text


def test_the_answer_is_kept_and_asked_for_again_only_on_demand(
    bring: Any, server: OverpassServer, tmp_path: Path
) -> None:
    assert not bring()["from_cache"]
    server.status = 500
    again = bring()
    assert again["from_cache"]
    assert (again["units"], again["candidates"]) == (2, 0)
    assert len(server.questions) == 1
    (kept,) = (tmp_path / "osm").iterdir()
    assert json.loads(kept.read_text(encoding="utf-8"))["attribution"] == ATTRIBUTION
    with pytest.raises(SurroundingsError):
        bring(refresh=True)
    server.status = 200
    kept.write_text("{", encoding="utf-8")
    assert not bring()["from_cache"]


def test_bringing_it_again_doubles_nothing_and_leaves_decisions(
    bring: Any, server: OverpassServer, empty_store: Store, operator: Actor
) -> None:
    bring()
    before = counts(empty_store, operator)
    found = waiting(empty_store, operator)
    dismiss(empty_store, operator, found.loc["node/304", "id"], "không thuộc diện quản lý", version=1)
    server.elements = [
        *made_up.UNITS,
        *made_up.STREETS,
        *(one for one in made_up.PLACES if one["id"] not in (301, 304)),
        place(301, 105.7601, 20.96, amenity="karaoke_box", name="Karaoke Sao Hôm"),
        place(304, 105.765, 20.965, amenity="bar", name="Quán mới"),
    ]
    done = bring(refresh=True)
    assert (done["candidates"], done["candidates_changed"]) == (0, 1)
    after = counts(empty_store, operator)
    assert {k: after[k] for k in after if k != "audit_log"} == {
        k: before[k] for k in before if k != "audit_log"
    }
    found = waiting(empty_store, operator)
    assert found.loc["node/301", "name"] == "Karaoke Sao Hôm"
    assert (found.loc["node/304", "name"], found.loc["node/304", "state"]) == ("Cà phê <b>Gió</b>", "dismissed")


def test_official_wards_and_streets_are_not_overwritten_unless_asked_for(
    bring: Any, empty_store: Store, operator: Actor, tmp_path: Path
) -> None:
    official = gpd.GeoDataFrame(
        {"name": ["Phường Chính thức"], "code": ["1"]},
        geometry=[shapely.box(105.74, 20.94, 105.8, 20.98)],
        crs="EPSG:4326",
    )
    official.to_file(tmp_path / "wards.geojson")
    lines = gpd.GeoDataFrame(
        {"name": ["Đường chính thức"]},
        geometry=[shapely.LineString([(105.76, 20.96), (105.77, 20.96)])],
        crs=4326,
    )
    lines.to_file(tmp_path / "streets.geojson")
    import_wards(empty_store, operator, WardsRequest(tmp_path / "wards.geojson", valid_from=REFORM))
    import_roads(empty_store, operator, tmp_path / "streets.geojson")
    done = bring()
    assert (done["units"], done["streets"], done["candidates"]) == (0, 0, 5)
    assert len([text for text in done["warnings"] if "--replace" in text]) == 2
    with empty_store.read(operator) as work:
        assert list(places.units_on(work, DEMO_DAY)["name"]) == ["Phường Chính thức"]
        assert list(places.streets(work)["name"]) == ["Đường chính thức"]
    done = bring(replace=True)
    assert (done["units"], done["streets"]) == (2, 2)


FAILURES: dict[str, tuple[dict[str, Any], str]] = {
    "busy": ({"status": 429}, "overpass_busy"),
    "overloaded": ({"status": 504}, "overpass_busy"),
    "bad question": ({"status": 400}, "overpass_failed"),
    "broken": ({"status": 500}, "overpass_failed"),
    "a web page": ({"body": b"<html>rate limited</html>"}, "overpass_unreadable"),
    "a number": ({"body": b"7"}, "overpass_unreadable"),
    "no elements": ({"body": b"{}"}, "overpass_unreadable"),
    "not UTF-8": ({"body": b"\xff\xfe{"}, "overpass_unreadable"),
    "half": ({"remark": 'runtime error: Query timed out in "query" at line 3'}, "overpass_partial"),
}


@pytest.mark.parametrize("failure", FAILURES)
def test_when_the_server_fails_nothing_is_written_and_the_way_out_is_told(
    failure: str, bring: Any, server: OverpassServer, empty_store: Store, operator: Actor, tmp_path: Path
) -> None:
    before = counts(empty_store, operator)
    settings, code = FAILURES[failure]
    for name, value in settings.items():
        setattr(server, name, value)
    with pytest.raises(SurroundingsError) as refused:
        bring()
    assert refused.value.code == code
    assert refused.value.hint
    assert counts(empty_store, operator) == before
    assert not list(tmp_path.glob("osm/*"))


def test_a_server_that_does_not_answer_is_out_of_reach(
    bring: Any, server: OverpassServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.delay_s = 1.5
    monkeypatch.setattr("data.importers.overpass._WORKING_S", 0.2)
    monkeypatch.setattr("data.importers.overpass._UNDERWAY_S", 0.1)
    with pytest.raises(SurroundingsError) as refused:
        bring()
    assert refused.value.code == "overpass_unreachable"


def test_no_server_at_all_is_out_of_reach(bring: Any) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://user:secret@127.0.0.1:{free.getsockname()[1]}/api/interpreter"
    with pytest.raises(SurroundingsError, match=r"127\.0\.0\.1") as refused:
        bring(url=url)
    assert refused.value.code == "overpass_unreachable"
    assert "secret" not in str(refused.value.message)


def test_an_unknown_area_is_told_with_a_way_out(bring: Any, empty_store: Store, operator: Actor) -> None:
    before = counts(empty_store, operator)
    with pytest.raises(InputError, match="Atlantis") as refused:
        bring("Atlantis, Hà Nội")
    assert (refused.value.code, bool(refused.value.hint)) == ("unknown_area", True)
    assert not isinstance(refused.value, SurroundingsError)
    assert counts(empty_store, operator) == before


@pytest.mark.parametrize("area", ["", " ; ", "Hà Đông,", '"];out;', "Hà.*", "a\\b", "x" * 200, "node(1)"])
def test_what_cannot_be_a_name_never_reaches_the_server(bring: Any, server: OverpassServer, area: str) -> None:
    with pytest.raises(InputError) as refused:
        bring(area)
    assert refused.value.code == "bad_area"
    assert server.questions == []


@pytest.mark.parametrize("url", ["file:///etc/hostname", "ftp://127.0.0.1/x", "", "overpass"])
def test_only_web_addresses_are_asked(bring: Any, url: str) -> None:
    with pytest.raises(InputError) as refused:
        bring(url=url)
    assert refused.value.code == "bad_url"


def test_when_a_later_step_fails_the_earlier_ones_are_undone(
    bring: Any, empty_store: Store, operator: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = counts(empty_store, operator)

    def refuse(*_arguments: Any) -> None:
        raise InputError("unreadable", imports.msg("Không đọc được."))

    monkeypatch.setattr(osm_import.repository, "record_found", refuse)
    with pytest.raises(InputError):
        bring()
    assert counts(empty_store, operator) == before


def test_odd_elements_are_passed_over_and_an_open_border_is_named(
    bring: Any, server: OverpassServer, empty_store: Store, operator: Actor
) -> None:
    open_border = border((105.79, 20.95), (105.80, 20.95), (105.80, 20.97))
    server.elements = [
        made_up.UNITS[0],
        unit(103, "Phường Hở", open_border),
        unit(104, "Phường Không viền"),
        unit(105, "Quận Hà Đông", *made_up.UNITS[0]["members"][1:]),
        {"type": "way", "id": 1}, {"type": "relation"}, "x", None, {"tags": 7, "id": 1, "type": "node"},
        {"type": "way", "id": 2, "tags": {"highway": "residential"}, "geometry": [None, {"lon": 1}]},
        place(9, float("nan"), 20.9, amenity="bar", name="Ở đâu"),
        {"type": "node", "id": 10, "lon": "105", "lat": None, "tags": {"amenity": "bar", "name": "Chữ"}},
        street(203, "Đường cắt", (105.75, 20.96), (105.77, 20.96)),
    ]  # fmt: skip
    done = bring()
    assert (done["units"], done["streets"], done["candidates"]) == (1, 1, 0)
    assert [one["feature"] for one in done["rejected"]] == ["Phường Hở", "Phường Không viền"]
    assert all("khép kín" in one["problem"] for one in done["rejected"])


def test_an_area_without_wards_or_streets_still_brings_its_places(bring: Any, server: OverpassServer) -> None:
    server.elements = [made_up.PLACES[0]]
    done = bring()
    assert (done["units"], done["streets"], done["candidates"]) == (0, 0, 1)
    assert len(done["warnings"]) == 2


def test_before_the_reform_wards_are_one_level_below_the_district(
    bring: Any, server: OverpassServer, empty_store: Store, operator: Actor
) -> None:
    around = border((105.75, 20.95), (105.79, 20.95), (105.79, 20.97), (105.75, 20.97), (105.75, 20.95))
    inner = border((105.76, 20.955), (105.765, 20.955), (105.765, 20.96), (105.76, 20.955), role="inner")
    server.elements = [unit(1, "Hà Đông", around), unit(2, "Phường Cũ", around, inner, level="8")]
    assert bring()["units"] == 1
    with empty_store.read(operator) as work:
        (old,) = places.units_on(work, DEMO_DAY).itertuples()
    assert old.name == "Phường Cũ"
    assert old.geometry.area == pytest.approx(0.04 * 0.02 - 0.005 * 0.005 / 2)


def test_a_confirmed_place_is_a_premises_without_papers_on_the_basis_of_the_map(
    bring: Any, empty_store: Store, operator: Actor
) -> None:
    bring()
    found = waiting(empty_store, operator).loc["node/302"]
    made = confirm(empty_store, operator, found["id"], version=found["version"], type=PremisesType.HOTEL)
    with empty_store.read(operator) as work:
        register = places.premises_on(work, DEMO_DAY).set_index("id")
    assert list(register.index) == [made]
    premises = register.loc[made]
    assert (premises["name"], premises["type"], premises["status"]) == ("Nhà nghỉ Hoa Sen", "hotel", "active")
    assert (premises["location_quality"], premises["unregistered_basis"]) == ("given", "OpenStreetMap")
    assert premises["registration_number"] is None
    assert premises["ward_name"] == "Phường Kiến Hưng"
    judged = waiting(empty_store, operator).loc["node/302"]
    assert (judged["state"], judged["premises_id"], judged["decided_by"]) == ("confirmed", made, operator.name)
    assert judged["decided_at"] is not None


def test_a_place_is_decided_once_and_with_a_reason(bring: Any, empty_store: Store, operator: Actor) -> None:
    bring()
    found = waiting(empty_store, operator)
    first, second = found.loc["node/301"], found.loc["node/304"]
    with pytest.raises(InputError):
        dismiss(empty_store, operator, first["id"], "  ", version=1)
    with pytest.raises(RuleError):
        dismiss(empty_store, operator, first["id"], "gặp bà Nguyễn Thị Lan 0912345678", version=1)
    dismiss(empty_store, operator, first["id"], "đã đóng cửa từ lâu", version=1)
    with pytest.raises(ConflictError):
        confirm(empty_store, operator, first["id"], version=1)
    with pytest.raises(ConflictError):
        confirm(empty_store, operator, second["id"], version=7)
    with pytest.raises(InputError) as refused:
        confirm(empty_store, operator, "không có", version=1)
    assert refused.value.code == "unknown_candidate"
    assert waiting(empty_store, operator).loc["node/301", "reason"] == "đã đóng cửa từ lâu"
    assert counts(empty_store, operator)["premises"] == 0


def test_a_premises_that_stands_there_already_is_shown_beside_the_place_and_not_added_again(
    bring: Any, empty_store: Store, operator: Actor
) -> None:
    with empty_store.write(operator) as work:
        for name, lon in (("KARAOKE SAO MAI", 105.7602), ("Xa quá", 105.768)):
            work.session.add(Premises(name=name, folded="", type="karaoke", geom=shapely.Point(lon, 20.96)))
    bring()
    found = waiting(empty_store, operator)
    assert found.loc["node/301", "near_name"] == "KARAOKE SAO MAI"
    assert found.loc["node/301", "near_m"] == pytest.approx(21, abs=1)
    assert found["near_name"].isna().sum() == len(found) - 1
    with pytest.raises(InputError) as refused:
        confirm(empty_store, operator, found.loc["node/301", "id"], version=1)
    assert refused.value.code == "already_known"


def test_a_ward_judges_its_own_places_only(bring: Any, empty_store: Store, operator: Actor) -> None:
    bring()
    with empty_store.read(operator) as work:
        mine = work.session.scalars(select(Unit.id).where(Unit.code == "09556")).one()
    officer = Actor("phường", Role.WARD_OFFICER, frozenset({mine}))
    assert set(waiting(empty_store, officer).index) == {"node/301", "node/304", "way/308"}
    beyond = waiting(empty_store, operator).loc["node/302", "id"]
    with pytest.raises(InputError) as refused:
        confirm(empty_store, officer, beyond, version=1)
    assert refused.value.code == "unknown_candidate"
    with pytest.raises(RuleError):
        bring_as = Actor("xem", Role.VIEWER)
        candidates(empty_store, bring_as)


def test_who_may_not_import_and_the_demonstration_are_refused_before_anything_is_asked(
    own_demo: Store, operator: Actor, server: OverpassServer, tmp_path: Path
) -> None:
    where = {"url": server.url, "cache": tmp_path}
    with pytest.raises(RuleError):
        import_osm(own_demo, Actor("phường", Role.WARD_OFFICER), AREA, **where)
    with pytest.raises(RuleError) as refused:
        import_osm(own_demo, operator, AREA, **where)
    assert refused.value.code == "is_demo"
    assert server.questions == []
    assert import_osm(own_demo, operator, AREA, **where, into_demo=True)["candidates"] == 5


OAKLAND = REAL_DATA / "west_oakland.osm.bz2"


def as_elements(file: Path) -> list[dict[str, Any]]:
    """The ways of an OpenStreetMap file as Overpass gives them."""
    ways = osmium.FileProcessor(str(file)).with_locations().with_filter(osmium.filter.KeyFilter("highway"))
    return [
        {
            "type": "way",
            "id": way.id,
            "tags": {tag.k: tag.v for tag in way.tags},
            "geometry": [{"lon": node.lon, "lat": node.lat} for node in way.nodes if node.location.valid()],
        }
        for way in ways
        if way.is_way()
    ]


@needs_shared_data
@pytest.mark.realdata
def test_a_real_network_is_the_same_from_a_server_as_from_a_file(
    bring: Any, server: OverpassServer, empty_store: Store, operator: Actor
) -> None:
    server.elements = as_elements(OAKLAND)
    from_server = bring()
    with empty_store.read(operator) as work:
        pieces = len(places.streets(work))
    from_file = import_roads(empty_store, operator, OAKLAND)
    with empty_store.read(operator) as work:
        assert len(places.streets(work)) == pieces == from_server["streets"] > 20
    assert from_server["roads"] == from_file
    # A network that came from a file is somebody's choice: it stays.
    assert bring(refresh=True)["streets"] == 0
