"""Exports hold what the actor may see, come back by import, and never show an unannounced visit."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely
from openpyxl import load_workbook
from sqlalchemy import select

from app.services.events_import import import_events
from app.services.exports import export_layer
from app.services.imports import WardsRequest, import_wards
from data.store import Actor, Store
from data.tables import (
    AuditEntry,
    Hotspot,
    HotspotTransition,
    Licence,
    Plan,
    Premises,
    Route,
    Signal,
    Team,
    TeamArea,
    Unit,
    Visit,
)
from geo.errors import InputError, RuleError
from geo.words import Role

DAY = date(2026, 11, 24)
WEST = shapely.box(105.75, 20.95, 105.77, 20.97)
EAST = shapely.box(105.77, 20.95, 105.79, 20.97)
IN_WEST, IN_EAST = shapely.Point(105.76, 20.96), shapely.Point(105.78, 20.96)
LAYERS = ("wards", "premises", "hotspots", "borders", "signals", "plan")


@pytest.fixture
def district(empty_store: Store, operator: Actor, tmp_path: Path) -> Store:
    """Two wards; a premises, a hotspot and a signal in each; a plan with one visit unannounced."""
    gpd.GeoDataFrame({"name": ["Tây", "Đông"], "code": ["1", "2"]}, geometry=[WEST, EAST], crs=4326).to_file(
        tmp_path / "wards.gpkg"
    )
    import_wards(empty_store, operator, WardsRequest(tmp_path / "wards.gpkg", valid_from=date(2025, 7, 1)))
    with empty_store.write(operator) as work:
        for name, point in (("tay", IN_WEST), ("dong", IN_EAST)):
            _places(work, name, point)
        work.session.flush()
        _plan(work)
    return empty_store


def _places(work: Any, name: str, point: shapely.Point) -> None:
    work.session.add(
        Premises(
            id=name,
            name=f"=Karaoke {name}",
            folded=name,
            type="karaoke",
            address="Số 1 Phố Giả",
            geom=point,
            location_quality="given",
            registration_number="01H8000001" if name == "tay" else "001064733374",
            registration_hash="f" * 64,
            rooms=8,
            complex_grounds="Căn cứ mẫu",
            commitment_on=date(2025, 3, 1),
        )
    )
    work.session.add(Hotspot(id=f"h-{name}", name=f"Điểm {name}", geom=point, found_on=date(2020, 1, 1)))
    work.session.flush()
    for state, day, document in (("active", date(2020, 1, 1), None), ("eliminated", date(2024, 1, 1), "01/QĐ")):
        work.session.add(
            HotspotTransition(
                **work.event(), hotspot_id=f"h-{name}", state=state, on_date=day, reason="-", document=document
            )
        )
    work.session.add(
        Signal(
            **work.event(),
            on_date=date(2026, 5, 2),
            source="hotline",
            state="received",
            reliability="C",
            credibility=2,
            geom=point,
            text="Biển hiệu",
        )
    )
    work.session.add(
        Licence(id=f"l-{name}", premises_id=name, kind="security", number="12/ANTT", issued_on=date(2019, 2, 3))
    )
    work.session.add(
        Licence(
            id=f"w-{name}",
            premises_id=name,
            kind="karaoke",
            number="9/KRO",
            issued_on=date(2020, 1, 1),
            withdrawn_on=date(2024, 1, 1),
        )
    )


def _plan(work: Any) -> None:
    work.session.add(Team(id="t", name="Đội Mẫu", kind="ward", valid_from=date(2025, 7, 1)))
    work.session.add(
        Plan(
            id="plan1",
            first_day=date(2026, 12, 1),
            last_day=date(2026, 12, 7),
            made_at=datetime(2026, 11, 20, tzinfo=UTC),
            made_by="thử",
            sealed_seed="424242",
            state="approved",
        )
    )
    work.session.flush()
    for unit in work.session.scalars(select(Unit)).all():
        work.session.add(TeamArea(team_id="t", unit_id=unit.id, valid_from=date(2025, 7, 1)))
    start = datetime(2026, 12, 1, 8, tzinfo=UTC)
    stops = (("tay", "unannounced", 1, 0), ("dong", "planned", 2, 0), ("tay", "planned", 1, 1))
    for premises, kind, position, day in stops:
        arrive = start + timedelta(days=day, hours=position)
        work.session.add(
            Visit(
                plan_id="plan1",
                premises_id=premises,
                team_id="t",
                on_date=arrive.date(),
                arrive=arrive,
                leave=arrive + timedelta(minutes=45),
                position=position,
                kind=kind,
                reason={"value": 1, "parts": [{"name": "risk", "points": 1, "text": {"text": "nguy cơ cao"}}]},
                selection_probability=1.0,
            )
        )
    for day in (0, 1):
        work.session.add(
            Route(
                plan_id="plan1",
                team_id="t",
                on_date=start.date() + timedelta(days=day),
                km=2.5,
                minutes=30,
                geom=shapely.LineString([IN_WEST, IN_EAST]),
            )
        )


def rows(file: Path) -> list[dict[str, Any]]:
    sheet = load_workbook(file).worksheets[0]
    header, *body = list(sheet.iter_rows(values_only=True))
    return [dict(zip((str(name) for name in header), row, strict=True)) for row in body]


@pytest.mark.parametrize("layer", LAYERS)
def test_every_layer_goes_into_every_format(
    district: Store, operator: Actor, tmp_path: Path, layer: str
) -> None:
    for suffix in (".gpkg", ".geojson", ".xlsx", ".csv", ".kml"):
        file = tmp_path / f"out{suffix}"
        done = export_layer(district, operator, layer, file, DAY)
        assert done["file"] == str(file)
        assert done["rows"] > 0
        assert file.stat().st_size > 0


def test_exported_wards_can_be_imported_again(district: Store, operator: Actor, tmp_path: Path) -> None:
    for suffix in (".gpkg", ".geojson", ".kml"):
        file = tmp_path / f"again{suffix}"
        export_layer(district, operator, "wards", file, DAY)
        done = import_wards(district, operator, WardsRequest(file, valid_from=date(2025, 7, 1)))
        assert (done["units"], done["replaced"], done["rejected"]) == (2, 2, [])
    with district.read(operator) as work:
        assert sorted(work.session.scalars(select(Unit.code))) == ["1", "2"]


@pytest.mark.parametrize("layer", ["hotspots", "signals"])
def test_exported_events_are_known_when_they_come_back(
    district: Store, operator: Actor, tmp_path: Path, layer: str
) -> None:
    for suffix in (".xlsx", ".csv", ".geojson", ".gpkg"):
        file = tmp_path / f"back{suffix}"
        export_layer(district, operator, layer, file, DAY)
        back = import_events(district, operator, layer, file, as_of=DAY)
        assert back == {"read": 2, "added": 0, "rejected": []}


def test_a_sheet_of_premises_has_no_formula_no_hash_and_no_identity_number(
    district: Store, operator: Actor, tmp_path: Path
) -> None:
    export_layer(district, operator, "premises", tmp_path / "p.xlsx", DAY)
    by_id = {row["Mã cơ sở"]: row for row in rows(tmp_path / "p.xlsx")}
    assert by_id["tay"]["Tên cơ sở"] == "'=Karaoke tay"
    assert by_id["tay"]["Phường"] == "Tây"
    assert by_id["tay"]["Loại hình"] == "karaoke"
    assert by_id["tay"]["Số ĐKKD"] == "01H8000001"
    assert by_id["tay"]["Số giấy chứng nhận ANTT"] == "12/ANTT"
    assert by_id["tay"]["Ngày cấp ANTT"] == datetime(2019, 2, 3)
    assert by_id["dong"]["Số ĐKKD"] is None
    # A paper that was withdrawn is not shown as one that holds.
    assert by_id["tay"]["Số giấy phép karaoke"] is None
    assert not any("f" * 64 in str(cell) for row in by_id.values() for cell in row.values())


def test_an_unannounced_visit_is_in_no_file_nor_a_route_that_would_show_it(
    district: Store, operator: Actor, tmp_path: Path
) -> None:
    export_layer(district, operator, "plan", tmp_path / "plan.gpkg", DAY)
    visits = gpd.read_file(tmp_path / "plan.gpkg", layer="visits")
    assert sorted(zip(visits["date"], visits["order"], visits["kind"], strict=True)) == [
        ("2026-12-01", 1, "planned"),
        ("2026-12-02", 1, "planned"),
    ]
    assert gpd.read_file(tmp_path / "plan.gpkg", layer="routes")["date"].tolist() == ["2026-12-02"]
    for suffix in (".xlsx", ".csv", ".kml", ".gpx", ".ics", ".geojson"):
        file = tmp_path / f"plan{suffix}"
        assert export_layer(district, operator, "plan", file, DAY)["rows"] == 2
        if suffix != ".xlsx":
            text = file.read_text(encoding="utf-8")
            assert "đột xuất" not in text
            assert "unannounced" not in text
            assert "424242" not in text


def test_times_of_a_plan_are_local_in_sheets(district: Store, operator: Actor, tmp_path: Path) -> None:
    export_layer(district, operator, "plan:plan1", tmp_path / "plan.xlsx", DAY)
    first = rows(tmp_path / "plan.xlsx")[0]
    assert first["Đến"] == datetime(2026, 12, 1, 17, 0)
    assert first["Đội"] == "Đội Mẫu"
    assert first["Vì sao"] == "nguy cơ cao"


def test_roles_get_only_the_layers_they_may_see(district: Store, tmp_path: Path) -> None:
    viewer, police = Actor("xem", Role.VIEWER), Actor("công an", Role.WARD_POLICE)
    for layer in LAYERS:
        for actor, allowed in ((viewer, {"wards", "premises"}), (police, set(LAYERS) - {"plan"})):
            file = tmp_path / f"{layer}.csv"
            if layer in allowed:
                export_layer(district, actor, layer, file, DAY)
            else:
                with pytest.raises(RuleError):
                    export_layer(district, actor, layer, file, DAY)


def test_signs_of_complexity_go_only_to_those_who_see_tips(
    district: Store, operator: Actor, tmp_path: Path
) -> None:
    export_layer(district, Actor("xem", Role.VIEWER), "premises", tmp_path / "a.xlsx", DAY)
    export_layer(district, operator, "premises", tmp_path / "b.xlsx", DAY)
    assert "Dấu hiệu phức tạp" not in rows(tmp_path / "a.xlsx")[0]
    assert rows(tmp_path / "b.xlsx")[0]["Dấu hiệu phức tạp"] == "Căn cứ mẫu"


@pytest.mark.parametrize(("layer", "count"), [("hotspots", 1), ("signals", 1), ("plan", 1)])
def test_an_actor_of_one_ward_gets_that_ward(
    district: Store, operator: Actor, tmp_path: Path, layer: str, count: int
) -> None:
    with district.read(operator) as work:
        east = work.session.scalars(select(Unit.id).where(Unit.code == "2")).one()
    inspector = Actor("đông", Role.INSPECTOR, frozenset({east}))
    file = tmp_path / "mine.geojson"
    assert export_layer(district, inspector, layer, file, DAY)["rows"] == count
    (feature,) = json.loads(file.read_text(encoding="utf-8"))["features"]
    assert feature["geometry"]["coordinates"] == [105.78, 20.96]


def test_a_team_gets_no_file_of_a_draft(district: Store, operator: Actor, tmp_path: Path) -> None:
    with district.write(operator) as work:
        work.session.scalars(select(Plan)).one().state = "draft"
    inspector = Actor("đội", Role.INSPECTOR)
    for layer in ("plan", "plan:plan1"):
        with pytest.raises(InputError):
            export_layer(district, inspector, layer, tmp_path / "mine.ics", DAY)
    assert not (tmp_path / "mine.ics").exists()


def test_what_happened_after_the_day_is_not_in_the_file(
    district: Store, operator: Actor, tmp_path: Path
) -> None:
    assert export_layer(district, operator, "signals", tmp_path / "s.csv", date(2026, 5, 1))["rows"] == 0
    export_layer(district, operator, "hotspots", tmp_path / "h.geojson", date(2023, 1, 1))
    features = json.loads((tmp_path / "h.geojson").read_text(encoding="utf-8"))["features"]
    assert {feature["properties"]["state"] for feature in features} == {"active"}


def test_an_export_stands_in_the_audit_log(district: Store, operator: Actor, tmp_path: Path) -> None:
    export_layer(district, operator, "wards", tmp_path / "w.csv", DAY)
    with district.read(operator) as work:
        last = work.session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
    assert last is not None
    assert (last.action, last.subject, last.detail["rows"]) == ("export", "wards", 2)


@pytest.mark.parametrize(
    ("layer", "name", "code"),
    [
        ("people", "a.csv", "unknown_layer"),
        ("wards", "a.docx", "unknown_format"),
        ("wards", "a.gpx", "unknown_format"),
        ("plan:none", "a.csv", "unknown_plan"),
        ("wards", "missing/a.csv", "no_folder"),
    ],
)
def test_what_cannot_be_exported_is_refused_with_the_way_out(
    district: Store, operator: Actor, tmp_path: Path, layer: str, name: str, code: str
) -> None:
    with pytest.raises(InputError) as refused:
        export_layer(district, operator, layer, tmp_path / name, DAY)
    assert refused.value.code == code
    assert not (tmp_path / name).exists()


def test_a_plan_without_visits_gives_a_file_without_rows(
    empty_store: Store, operator: Actor, tmp_path: Path
) -> None:
    with empty_store.write(operator) as work:
        work.session.add(
            Plan(
                id="plan1",
                first_day=date(2026, 12, 1),
                last_day=date(2026, 12, 7),
                made_at=datetime(2026, 11, 20, tzinfo=UTC),
                made_by="thử",
                sealed_seed="1",
            )
        )
    for suffix in (".xlsx", ".csv", ".kml", ".gpx", ".ics", ".geojson", ".gpkg"):
        file = tmp_path / f"plan{suffix}"
        assert export_layer(empty_store, operator, "plan", file, DAY)["rows"] == 0
        assert file.exists()


def test_without_a_plan_the_way_to_one_is_named(empty_store: Store, operator: Actor, tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        export_layer(empty_store, operator, "plan", tmp_path / "plan.csv", DAY)
    assert refused.value.code == "no_plan"
