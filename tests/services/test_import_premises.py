"""Importing a register: what can be taken is stored once and whole, what cannot is named, people stay out."""

from __future__ import annotations

import logging
import re
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from app.services.premises_import import PremisesRequest, import_premises, preview_premises
from app.services.templates import template
from data.repositories import facts, places
from data.repositories.frames import add_rows
from data.store import Actor, Store
from data.tables import AuditEntry, Licence, Premises, PremisesStatusChange, Setting, Street, Unit
from geo.crs import LONLAT
from geo.errors import InputError, RuleError
from geo.words import Role
from tests.paths import SAMPLES, needs_shared_data
from tests.unit.data.register_files import HEADER, workbook

TITLES = (*HEADER, "Số phòng", "Vĩ độ", "Kinh độ", "Số ANTT", "Trạng thái", "Mã cơ sở")
PEOPLE = ("Nguyễn Văn Mẫu", "0912345678", "001064733374")


def row(number: int, **changed: Any) -> list[Any]:
    """A good row, with some cells changed by name."""
    cells: dict[str, Any] = {
        "stt": number,
        "name": f"Nhà nghỉ Mẫu {number}",
        "type": "nhà nghỉ",
        "address": f"Số {number} Phố Giả Định",
        "ward": "Hà Đông",
        "registration": f"01H80{number:05}",
        "rooms": 10,
        "lat": 20.97,
        "lon": 105.77,
        "security": f"{number}/ANTT",
        "status": None,
        "id": None,
    }
    return list((cells | changed).values())


@pytest.fixture
def district(empty_store: Store, operator: Actor) -> Store:
    """A database with one ward (105.7-105.8 E, 20.9-21.0 N) and one street through it."""
    with empty_store.write(operator) as work:
        ward = shapely.MultiPolygon([shapely.box(105.7, 20.9, 105.8, 21.0)])
        line = shapely.LineString([(105.71, 20.95), (105.79, 20.95)])
        unit = {
            "id": "u1",
            "code": "09556",
            "name": "Phường Hà Đông",
            "valid_from": date(2025, 7, 1),
            "geom": ward,
        }
        add_rows(work, Unit, [unit])
        add_rows(work, Street, [{"id": "s1", "name": "Phố Giả Định", "street_class": "main", "geom": line}])
    return empty_store


def take(store: Store, operator: Actor, folder: Path, *rows: list[Any], **options: Any) -> dict[str, Any]:
    file = workbook(folder / "register.xlsx", [TITLES, *rows])
    return import_premises(store, operator, PremisesRequest(file, **options))


def counts(done: dict[str, Any]) -> tuple[int, int, int, int]:
    return done["read"], done["added"], done["updated"], done["unchanged"]


def stored(store: Store, operator: Actor, table: Any = Premises) -> list[Any]:
    with store.read(operator) as work:
        return list(work.session.scalars(select(table).order_by(table.rid)).all())


def everything(store: Store) -> str:
    """All that the database file holds, as text."""
    store.engine.dispose()
    file = Path(str(store.engine.url.database))
    beside = [file.with_name(f"{file.name}-wal")]
    data = b"".join(f.read_bytes() for f in (file, *beside) if f.exists())
    return data.decode("utf-8", errors="replace")


def test_a_register_is_stored_with_place_papers_and_key(
    district: Store, operator: Actor, tmp_path: Path
) -> None:
    done = take(district, operator, tmp_path, row(1), row(2, lat=None, lon=None))
    assert counts(done) == (2, 2, 0, 0)
    assert done["located"] == {"given": 1, "house": 0, "street": 1, "ward": 0, "none": 0}
    first, second = stored(district, operator)
    assert (first.name, first.type, first.rooms, first.registration_number) == (
        "Nhà nghỉ Mẫu 1", "guesthouse", 10, "01H8000001"
    )  # fmt: skip
    assert first.folded.startswith("nha nghi mau 1")
    assert (first.geom.x, first.geom.y, first.location_quality) == (105.77, 20.97, "given")
    assert second.location_quality == "street"
    assert second.geom.y == pytest.approx(20.95, abs=1e-4)
    papers = stored(district, operator, Licence)
    assert [(p.premises_id, p.kind, p.number) for p in papers[:2]] == [
        (first.id, "business", "01H8000001"), (first.id, "security", "1/ANTT")
    ]  # fmt: skip


def test_the_same_file_again_changes_nothing(district: Store, operator: Actor, tmp_path: Path) -> None:
    rows = [row(1), row(2, registration="001064733374"), row(3, registration=None, lat=None, lon=None)]
    rows.append(row(4, status="Tạm ngừng"))
    take(district, operator, tmp_path, *rows)
    before = everything(district).count("Nhà nghỉ Mẫu")
    again = take(district, operator, tmp_path, *rows)
    assert counts(again) == (4, 0, 0, 4)
    assert again["located"]["given"] == 3
    assert everything(district).count("Nhà nghỉ Mẫu") == before
    assert all(premises.version == 1 for premises in stored(district, operator))
    assert len(stored(district, operator, PremisesStatusChange)) == 1


def test_a_later_file_updates_what_it_says_and_keeps_the_rest(
    district: Store, operator: Actor, tmp_path: Path
) -> None:
    take(district, operator, tmp_path, row(1), row(2))
    short = workbook(
        tmp_path / "later.xlsx",
        [
            ("Tên cơ sở", "Loại hình", "Số ĐKKD", "Số phòng"),
            ("Khách sạn Mẫu 1", "khách sạn", "01H8000001", None),
        ],
    )
    with district.write(operator) as work:
        work.session.scalars(select(Premises)).first().complex_grounds = "biên bản"  # type: ignore[union-attr]
    done = import_premises(district, operator, PremisesRequest(short))
    assert counts(done) == (1, 0, 1, 0)
    first, second = stored(district, operator)
    assert (first.name, first.type) == ("Khách sạn Mẫu 1", "hotel")
    assert (first.rooms, first.address, first.complex_grounds) == (10, "Số 1 Phố Giả Định", "biên bản")
    assert (first.location_quality, first.folded[:15]) == ("given", "khach san mau 1")
    assert (first.version, second.version) == (3, 1)


def test_rows_that_cannot_be_taken_are_named_and_the_rest_is_stored(
    district: Store, operator: Actor, tmp_path: Path
) -> None:
    done = take(district, operator, tmp_path, row(1), row(2, type="Tạp hóa", lat=1, lon=2), row(3, name=None))
    assert counts(done) == (3, 1, 0, 0)
    assert [(r["row"], r["column"], r["code"]) for r in done["rejected"]] == [
        (3, "Loại hình", "unknown_type"), (3, "Vĩ độ", "bad_coordinates"), (4, "Tên cơ sở", "no_name")
    ]  # fmt: skip
    assert all(set(r) >= {"row", "column", "value", "problem"} for r in done["rejected"])


def test_strict_refuses_the_whole_file_and_writes_nothing(
    district: Store, operator: Actor, tmp_path: Path
) -> None:
    with pytest.raises(InputError) as refused:
        take(district, operator, tmp_path, row(1), row(2, type="Tạp hóa"), strict=True)
    error = refused.value
    assert (error.code, error.row, error.column, error.sheet) == ("rejected_rows", 3, "Loại hình", "DS")
    assert stored(district, operator) == []
    assert stored_settings(district, operator) == []


def stored_settings(store: Store, operator: Actor) -> list[str]:
    with store.read(operator) as work:
        return list(work.session.scalars(select(Setting.key)).all())


def test_a_dry_run_says_the_same_and_writes_nothing(district: Store, operator: Actor, tmp_path: Path) -> None:
    rows = [row(1, registration="001064733374"), row(2, type="x y z")]
    dry = take(district, operator, tmp_path, *rows, dry_run=True)
    assert stored(district, operator) == []
    assert stored_settings(district, operator) == []
    with district.read(operator) as work:
        assert work.session.scalar(select(func.count()).select_from(AuditEntry)) == 0
    assert take(district, operator, tmp_path, *rows) == dry


def test_no_person_reaches_the_database_the_log_or_the_answer(
    district: Store, operator: Actor, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    name, phone, identity = PEOPLE
    caplog.set_level(logging.DEBUG)
    header = (*TITLES, "Chủ hộ", "Điện thoại", "Số CCCD", "Ghi chú", "Cột lạ")
    people = (name, phone, identity, f"gọi {phone}", name)
    rows = [
        (*row(1, name=f"Hộ kinh doanh {name}", registration=identity), *people),
        (*row(2, name=f"Nhà nghỉ Mây ({name})", address=f"Số 2 Phố Giả Định (ĐT {phone})"), *people),
        (*row(3, type=name, security=identity), *people),
        (*row(4, security=identity, rooms=phone), *people),
        (*row(5, security=identity), *people),
    ]
    file = workbook(tmp_path / f"DS {name} {phone}.xlsx", [header, *rows])
    done = import_premises(district, operator, PremisesRequest(file))
    assert done["added"] == 3
    assert done["dropped_columns"] == ["Chủ hộ", "Điện thoại", "Số CCCD", "Ghi chú", "Cột lạ"]
    kept = everything(district)
    for secret in (*PEOPLE, "1064733374", "912345678", "Văn Mẫu"):
        assert secret not in kept
        assert secret not in caplog.text
        assert secret not in str(done)
    first, second, _ = stored(district, operator)
    assert first.name == "Nhà nghỉ Số 1 Phố Giả Định"
    assert first.registration_number is None and len(first.registration_hash) == 64
    assert (second.name, second.address) == ("Nhà nghỉ Mây", "Số 2 Phố Giả Định")


def test_an_identity_number_is_known_again_by_its_hash_alone(
    district: Store, operator: Actor, tmp_path: Path
) -> None:
    take(district, operator, tmp_path, row(1, registration="001064733374"))
    done = take(district, operator, tmp_path, row(1, name="Nhà nghỉ Tên Mới", registration=1064733374))
    assert counts(done) == (1, 0, 1, 0)
    with district.read(operator) as work:
        assert facts.fact(work, "identity_key") is not None


def test_points_outside_all_wards_are_kept_and_said(district: Store, operator: Actor, tmp_path: Path) -> None:
    done = take(district, operator, tmp_path, row(1), row(2, lat=20.5, lon=105.2))
    assert done["added"] == 2
    (warning,) = [text for text in done["warnings"] if "ngoài mọi phường" in text]
    assert warning.endswith("dòng 3.")


def test_a_row_without_coordinates_or_known_address_is_kept_without_a_place(
    district: Store, operator: Actor, tmp_path: Path
) -> None:
    nowhere = row(1, address="Chỗ lạ", ward=None, lat=None, lon=None)
    done = take(district, operator, tmp_path, nowhere)
    assert done["located"]["none"] == 1
    (premises,) = stored(district, operator)
    assert (premises.geom, premises.location_quality) == (None, "none")
    assert counts(take(district, operator, tmp_path, nowhere)) == (1, 0, 0, 1)


def test_a_house_is_placed_between_houses_of_the_same_file(
    district: Store, operator: Actor, tmp_path: Path
) -> None:
    known = [row(n, address=f"Số {n} Phố Giả Định", lat=20.95, lon=105.71 + n / 1000) for n in (2, 10, 20, 30)]
    done = take(district, operator, tmp_path, *known, row(16, lat=None, lon=None))
    assert done["located"]["house"] == 1
    placed = stored(district, operator)[-1]
    assert placed.geom.x == pytest.approx(105.726, abs=0.0005)


def test_an_address_found_before_is_looked_up_again_when_it_changes(
    district: Store, operator: Actor, tmp_path: Path
) -> None:
    take(district, operator, tmp_path, row(1, lat=None, lon=None))
    done = take(district, operator, tmp_path, row(1, address="Chỗ lạ", ward=None, lat=None, lon=None))
    assert done["updated"] == 1
    assert stored(district, operator)[0].location_quality == "none"


def test_a_place_set_by_hand_stays(district: Store, operator: Actor, tmp_path: Path) -> None:
    take(district, operator, tmp_path, row(1))
    with district.write(operator) as work:
        premises = work.session.scalars(select(Premises)).one()
        premises.geom, premises.location_quality = shapely.Point(105.75, 20.96), "manual"
    done = take(district, operator, tmp_path, row(1))
    assert counts(done) == (1, 0, 0, 1)
    assert any("đặt bằng tay" in text for text in done["warnings"])
    assert done["located"]["manual"] == 1
    assert stored(district, operator)[0].geom.x == 105.75


def test_likely_duplicates_within_the_file_and_with_the_register_are_listed(
    district: Store, operator: Actor, tmp_path: Path
) -> None:
    take(district, operator, tmp_path, row(1, name="Nhà nghỉ Hoa Sen"))
    (premises,) = stored(district, operator)
    done = take(
        district,
        operator,
        tmp_path,
        row(1, name="NN Hoa Senn", registration="01H8999999"),
        row(2, name="Karaoke Sao"),
        row(2, name="KARAOKE SAO"),
        row(2, name="Karaoke Sao ", registration="01H8888888"),
    )
    found = {(d["row"], d["premises"], d["other_row"]): d["similarity"] for d in done["duplicates"]}
    assert set(found) == {(2, premises.id, None), (4, None, 3), (5, None, 3)}
    assert found[4, None, 3] == 1.0
    assert counts(done) == (4, 3, 0, 1)


def test_states_papers_and_commitments_follow_the_file(
    district: Store, operator: Actor, tmp_path: Path
) -> None:
    take(district, operator, tmp_path, row(1), row(2))
    done = take(district, operator, tmp_path, row(1, status="Đã đóng cửa"), row(2, security="99/ANTT"))
    assert counts(done) == (2, 0, 2, 0)
    (change,) = stored(district, operator, PremisesStatusChange)
    assert change.status == "closed"
    numbers = [paper.number for paper in stored(district, operator, Licence) if paper.kind == "security"]
    assert numbers == ["1/ANTT", "2/ANTT", "99/ANTT"]
    with district.read(operator) as work:
        register = places.premises_on(work, work.today)
    assert sorted(register["status"]) == ["active", "closed"]


def test_a_signed_commitment_without_a_day_gets_the_day_of_the_import_once(
    district: Store, operator: Actor, tmp_path: Path
) -> None:
    file = workbook(
        tmp_path / "a.xlsx",
        [("Tên cơ sở", "Loại hình", "Địa chỉ", "Ký cam kết"), ("Nhà nghỉ Mẫu", "nhà nghỉ", "Số 1", "x")],
    )
    done = import_premises(district, operator, PremisesRequest(file))
    assert any("cam kết" in text for text in done["warnings"])
    (premises,) = stored(district, operator)
    assert premises.commitment_on is not None
    assert counts(import_premises(district, operator, PremisesRequest(file))) == (1, 0, 0, 1)


def test_ids_given_by_the_file_are_kept_and_decide(district: Store, operator: Actor, tmp_path: Path) -> None:
    take(district, operator, tmp_path, row(1, id="hd-001"), row(2))
    done = take(
        district, operator, tmp_path, row(7, id="hd-001", name="Nhà nghỉ Khác", registration="01H8777777")
    )
    assert counts(done) == (1, 0, 1, 0)
    assert stored(district, operator)[0].id == "hd-001"
    assert stored(district, operator)[0].name == "Nhà nghỉ Khác"


def test_real_premises_are_not_mixed_with_the_demonstration(
    own_demo: Store, operator: Actor, tmp_path: Path
) -> None:
    with pytest.raises(RuleError, match="minh họa"):
        take(own_demo, operator, tmp_path, row(1))
    assert take(own_demo, operator, tmp_path, row(1), dry_run=True)["added"] == 1
    assert take(own_demo, operator, tmp_path, row(1), into_demo=True)["added"] == 1


def test_only_who_may_import_can(district: Store, tmp_path: Path) -> None:
    with pytest.raises(RuleError):
        take(district, Actor("xem", Role.VIEWER), tmp_path, row(1))
    assert take(district, Actor("thủ kho", Role.STEWARD), tmp_path, row(1))["added"] == 1


def test_the_import_is_in_the_audit_log_with_counts_only(
    district: Store, operator: Actor, tmp_path: Path
) -> None:
    take(district, operator, tmp_path, row(1), row(2, type="Tạp hóa"))
    (entry,) = [e for e in stored_audit(district, operator) if e.action == "import.premises"]
    assert entry.subject == "register.xlsx"
    assert entry.detail == {"read": 2, "added": 1, "updated": 0, "unchanged": 0, "rejected": 1}


def stored_audit(store: Store, operator: Actor) -> list[AuditEntry]:
    with store.read(operator) as work:
        return list(work.session.scalars(select(AuditEntry).order_by(AuditEntry.seq)).all())


def test_a_preview_shows_old_and_new_values_and_writes_nothing(
    district: Store, operator: Actor, tmp_path: Path
) -> None:
    take(district, operator, tmp_path, row(1), row(2))
    file = workbook(tmp_path / "b.xlsx", [TITLES, row(1, rooms=12), row(2), row(3)])
    told: list[float] = []
    preview = preview_premises(district, operator, PremisesRequest(file), told.append)
    assert [change.kind for change in preview.changes] == ["updated", "unchanged", "added"]
    changed = preview.changes[0]
    assert changed.old is not None
    assert (changed.old["rooms"], changed.values) == (10, {"rooms": 12})
    assert told == sorted(told) and told[0] >= 0 and told[-1] <= 1
    assert len(stored(district, operator)) == 2


def test_a_template_names_its_columns_in_both_languages(tmp_path: Path) -> None:
    done = template("premises", tmp_path / "mẫu.xlsx")
    assert (done["file"], done["kind"]) == (str(tmp_path / "mẫu.xlsx"), "premises")
    assert {"vi": "Tên cơ sở", "en": "name", "needed": True} in done["columns"]
    assert Path(done["file"]).exists()


def _cell(*usual: Any) -> st.SearchStrategy[Any]:
    """Mostly a usual value, at times anything."""
    return st.one_of(st.sampled_from(usual), st.sampled_from(usual), st.text(max_size=8), st.none())


WILD_ROWS = st.lists(
    st.builds(
        row,
        st.integers(1, 3),
        name=_cell("Nhà nghỉ A", "NHÀ NGHỈ  A", "Karaoke B", "Hộ kinh doanh Nguyễn Văn Mẫu"),
        type=_cell("nhà nghỉ", "karaoke", "Tạp hóa"),
        address=_cell("Số 1 Phố Giả Định", "1 Phố Giả Định", "Số 9 Phố Lạ"),
        registration=_cell("01H8000001", "01H8000002", "001064733374", 1064733374),
        lat=_cell(20.97, 105.77, 2319000, None),
        lon=_cell(105.77, 20.97, 580000, None),
        security=_cell("1/ANTT", "x", date(2020, 1, 1)),
        status=_cell("Tạm ngừng", "Đang hoạt động", None),
        id=_cell("hd-1", "hd-2", None, None),
    ),
    min_size=1,
    max_size=6,
)


@given(rows=WILD_ROWS)
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_rows_are_taken_whole_or_named_and_come_back_unchanged(
    district: Store, operator: Actor, tmp_path: Path, rows: list[list[Any]]
) -> None:
    writable = [
        [re.sub(r"[\x00-\x1f\ud800-\udfff]", "", c) if isinstance(c, str) else c for c in r] for r in rows
    ]
    before = len(stored(district, operator))
    done = take(district, operator, tmp_path, *writable)
    refused = {entry["row"] for entry in done["rejected"]}
    assert done["read"] == done["added"] + done["updated"] + done["unchanged"] + len(refused)
    assert len(stored(district, operator)) == before + done["added"]
    assert sum(done["located"].values()) == done["read"] - len(refused)
    again = take(district, operator, tmp_path, *writable)
    assert (again["added"], again["updated"]) == (0, 0)
    assert again["rejected"] == done["rejected"]
    assert "001064733374" not in everything(district)


@needs_shared_data
@pytest.mark.realdata
def test_the_sample_register_is_taken_but_for_its_two_bad_rows(district: Store, operator: Actor) -> None:
    request = PremisesRequest(SAMPLES / "register_sample.xlsx")
    done = import_premises(district, operator, request)
    # 120 rows; "30/02/2021" in row 45 and "Tạp hóa" in row 81 cannot be taken (looked up in the file).
    assert counts(done) == (120, 118, 0, 0)
    assert [(r["row"], r["value"]) for r in done["rejected"]] == [(45, "30/02/2021"), (81, "Tạp hóa")]
    assert done["dropped_columns"] == ["Chủ hộ kinh doanh", "Điện thoại"]
    assert [(d["row"], d["other_row"]) for d in done["duplicates"]] == [(105, 104)]
    kept = everything(district)
    assert "Người Giả Định" not in kept
    assert "09000000" not in kept
    assert counts(import_premises(district, operator, request)) == (120, 0, 0, 118)
    with district.read(operator) as work:
        register = places.premises_on(work, work.today)
    swapped = register[register["name"] == "Nhà nghỉ Hồng Hạc Minh Họa 17"].iloc[0]
    assert (swapped.geometry.x, swapped.geometry.y) == (105.78701, 20.951392)
    assert isinstance(register, gpd.GeoDataFrame) and register.crs == LONLAT
