"""Importing hotspots, signals, inspections and patrols: every row once, bad ones named, no personal data."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import shapely
from openpyxl import Workbook
from sqlalchemy import func, select

from app.services.events_import import import_events
from data.importers.registration import hasher
from data.repositories import events, places
from data.repositories.facts import identity_key, record_fact
from data.store import Actor, Store
from data.tables import Finding, Hotspot, Inspection, Patrol, Premises, Signal
from geo.errors import InputError, RuleError
from geo.privacy import MASK
from geo.words import Role

DAY = date(2026, 11, 24)
SIGNAL_HEADERS = ("ngày", "nguồn", "vĩ độ", "kinh độ", "độ tin cậy", "trạng thái", "nội dung")
GOOD_SIGNAL = ("12/06/2024", "hotline", "20.96", "105.77", "C2", "received", "Biển hiệu sáng khuya")


def csv_file(folder: Path, headers: Sequence[str], *rows: Sequence[Any], name: str = "t.csv") -> Path:
    with (folder / name).open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([headers, *rows])
    return folder / name


def geojson(folder: Path, *features: tuple[dict[str, Any], shapely.Geometry | None]) -> Path:
    file = folder / "spots.geojson"
    rows = [
        {
            "type": "Feature",
            "properties": properties,
            "geometry": None if shape is None else json.loads(shapely.to_geojson(shape)),
        }
        for properties, shape in features
    ]
    file.write_text(json.dumps({"type": "FeatureCollection", "features": rows}), encoding="utf-8")
    return file


def count(store: Store, operator: Actor, table: Any) -> int:
    with store.read(operator) as work:
        return work.session.scalar(select(func.count()).select_from(table)) or 0


def problems(done: dict[str, Any]) -> list[tuple[int, str, str]]:
    return [(r["row"], r["column"], r["problem"]) for r in done["rejected"]]


@pytest.fixture
def register(empty_store: Store, operator: Actor) -> Store:
    """Three premises, two of which have the same name, and a hotspot."""
    rows = (
        ("p1", "Karaoke Hoa Sen Mẫu", "Số 1 Phố Giả", "01H8000001"),
        ("p2", "Nhà nghỉ Mẫu", "Số 2 Phố Giả", "01H8000002"),
        ("p3", "Nhà nghỉ Mẫu", "Số 3 Phố Giả", None),
    )
    with empty_store.write(operator) as work:
        for premises_id, name, address, number in rows:
            work.session.add(
                Premises(
                    id=premises_id,
                    name=name,
                    folded=name,
                    type="hotel",
                    address=address,
                    registration_number=number,
                    geom=shapely.Point(105.77, 20.96),
                )
            )
        work.session.add(Hotspot(id="h1", name="Khu vực Giả Định", geom=shapely.Point(105.77, 20.96)))
    return empty_store


def test_a_signal_is_stored_as_the_row_says(empty_store: Store, operator: Actor, tmp_path: Path) -> None:
    done = import_events(empty_store, operator, "signals", csv_file(tmp_path, SIGNAL_HEADERS, GOOD_SIGNAL))
    assert done == {"read": 1, "added": 1, "rejected": []}
    with empty_store.read(operator) as work:
        signal = work.session.scalars(select(Signal)).one()
        assert (signal.on_date, signal.source, signal.state) == (date(2024, 6, 12), "hotline", "received")
        assert (signal.reliability, signal.credibility) == ("C", 2)
        assert (signal.geom.x, signal.geom.y) == (105.77, 20.96)
        assert signal.text == "Biển hiệu sáng khuya"


def test_a_signal_without_kind_and_deadline_gets_those_that_its_source_has(
    empty_store: Store, operator: Actor, tmp_path: Path
) -> None:
    own = ("12/06/2024", "tuần tra", *GOOD_SIGNAL[2:])
    import_events(empty_store, operator, "signals", csv_file(tmp_path, SIGNAL_HEADERS, GOOD_SIGNAL, own))
    with empty_store.read(operator) as work:
        stored = events.signals_until(work, DAY).set_index("source")
    assert stored["kind"].to_dict() == {"hotline": "feedback", "patrol": "observation"}
    # 15 working days, and 15 days.
    assert stored.loc["hotline", "due_on"].date() == date(2024, 7, 3)
    assert stored.loc["patrol", "due_on"].date() == date(2024, 6, 27)


def test_kind_number_topic_and_result_are_read_where_a_file_has_them(
    empty_store: Store, operator: Actor, tmp_path: Path
) -> None:
    headers = (*SIGNAL_HEADERS, "Loại tin", "Số tiếp nhận", "Phân loại", "Kết luận", "Hạn xử lý")
    row = (*GOOD_SIGNAL, "đơn khiếu nại", "15/TN", "không phép", "Đang xem xét", "01/08/2024")
    file = csv_file(tmp_path, headers, row)
    assert import_events(empty_store, operator, "signals", file)["rejected"] == []
    assert import_events(empty_store, operator, "signals", file)["added"] == 0
    with empty_store.read(operator) as work:
        signal = work.session.scalars(select(Signal)).one()
        assert (signal.kind, signal.number, signal.topic) == ("complaint", "15/TN", "unregistered")
        assert (signal.result, signal.due_on) == ("Đang xem xét", date(2024, 8, 1))


def test_a_criminal_report_comes_in_only_as_handed_over_and_without_what_it_said(
    register: Store, operator: Actor, tmp_path: Path
) -> None:
    headers = (*SIGNAL_HEADERS, "Loại tin", "Số biên nhận", "Mã cơ sở")
    waiting = (*GOOD_SIGNAL, "tố giác", "", "p1")
    handed = (*GOOD_SIGNAL[:5], "đã chuyển", GOOD_SIGNAL[6], "tố giác", "9/BN", "p1")
    done = import_events(register, operator, "signals", csv_file(tmp_path, headers, waiting, handed))
    assert problems(done) == [(2, "Loại tin", problems(done)[0][2])]
    assert "chuyển công an" in done["rejected"][0]["problem"]
    with register.read(operator) as work:
        signal = work.session.scalars(select(Signal)).one()
        assert (signal.text, signal.premises_id, signal.receipt_number) == ("", None, "9/BN")


def test_importing_a_file_again_adds_nothing(empty_store: Store, operator: Actor, tmp_path: Path) -> None:
    other = ("13/06/2024", *GOOD_SIGNAL[1:])
    file = csv_file(tmp_path, SIGNAL_HEADERS, GOOD_SIGNAL, other, GOOD_SIGNAL)
    assert import_events(empty_store, operator, "signals", file)["added"] == 2
    assert import_events(empty_store, operator, "signals", file) == {"read": 3, "added": 0, "rejected": []}
    assert count(empty_store, operator, Signal) == 2


def test_words_may_be_vietnamese_in_any_spelling(empty_store: Store, operator: Actor, tmp_path: Path) -> None:
    row = ("2024-06-12", "ĐƯỜNG DÂY NÓNG", "20,96", "105,77", "c2", "Đã xác minh, có căn cứ", "")
    done = import_events(empty_store, operator, "signals", csv_file(tmp_path, SIGNAL_HEADERS, row))
    assert done["rejected"] == []
    with empty_store.read(operator) as work:
        assert events.signals_until(work, DAY)["state"].tolist() == ["verified"]


@pytest.mark.parametrize(
    ("column", "value", "why"),
    [
        ("ngày", "31/02/2024", "ngày"),
        ("ngày", "", "ngày"),
        ("ngày", "01/01/2099", "tương lai"),
        ("ngày", "01/01/1960", "quá khứ"),
        ("nguồn", "tin đồn", "dùng một trong"),
        ("trạng thái", "lạ", "dùng một trong"),
        ("ngày", "2024", "ngày"),
        ("ngày", "06/2024", "ngày"),
        ("vĩ độ", "105.77", "Việt Nam"),
        ("vĩ độ", "hai mươi", "ọa độ"),
        ("vĩ độ", "", "tọa độ"),
        ("độ tin cậy", "Z9", "A-F"),
    ],
)
def test_a_bad_cell_leaves_out_its_row_and_is_named(
    empty_store: Store, operator: Actor, tmp_path: Path, column: str, value: str, why: str
) -> None:
    bad = [
        value if header == column else cell for header, cell in zip(SIGNAL_HEADERS, GOOD_SIGNAL, strict=True)
    ]
    done = import_events(empty_store, operator, "signals", csv_file(tmp_path, SIGNAL_HEADERS, bad, GOOD_SIGNAL))
    assert (done["read"], done["added"]) == (2, 1)
    ((row, named, problem),) = problems(done)
    assert (row, named) == (2, column)
    assert why.casefold() in problem.casefold()


def test_swapped_coordinates_are_told_from_other_mistakes(
    empty_store: Store, operator: Actor, tmp_path: Path
) -> None:
    row = ("12/06/2024", "hotline", "105.77", "20.96", "C2", "received", "")
    done = import_events(empty_store, operator, "signals", csv_file(tmp_path, SIGNAL_HEADERS, row))
    assert "đổi chỗ" in done["rejected"][0]["problem"]


def test_a_row_with_a_persons_data_is_left_out_and_the_data_is_not_shown(
    empty_store: Store, operator: Actor, tmp_path: Path
) -> None:
    row = (*GOOD_SIGNAL[:-1], "Gọi 0912345678 gặp chủ quán")
    done = import_events(empty_store, operator, "signals", csv_file(tmp_path, SIGNAL_HEADERS, row))
    assert done["added"] == 0
    assert "0912345678" not in json.dumps(done)
    assert MASK in done["rejected"][0]["value"]
    assert count(empty_store, operator, Signal) == 0


def test_every_problem_of_a_row_is_listed(empty_store: Store, operator: Actor, tmp_path: Path) -> None:
    bad = ("32/13/2024", "x?", "1", "2", "C2", "received", "")
    done = import_events(empty_store, operator, "signals", csv_file(tmp_path, SIGNAL_HEADERS, bad))
    assert [r["column"] for r in done["rejected"]] == ["ngày", "nguồn", "vĩ độ"]


def test_a_file_without_a_needed_column_is_refused_with_the_columns_there_can_be(
    empty_store: Store, operator: Actor, tmp_path: Path
) -> None:
    with pytest.raises(InputError) as refused:
        import_events(empty_store, operator, "signals", csv_file(tmp_path, ("ngày", "nội dung"), ("a", "b")))
    assert refused.value.code == "missing_column"
    assert refused.value.column == "Nguồn"
    assert "Vĩ độ" in str(refused.value.hint)


def test_a_title_above_and_a_signature_below_the_table_are_no_rows(
    empty_store: Store, operator: Actor, tmp_path: Path
) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["SỔ NGUỒN TIN"], [], ["STT", *SIGNAL_HEADERS], [1, *GOOD_SIGNAL], ["Người lập biểu"]):
        sheet.append(row)
    sheet["B4"] = date(2024, 6, 12)
    book.save(tmp_path / "so.xlsx")
    done = import_events(empty_store, operator, "signals", tmp_path / "so.xlsx")
    assert done == {"read": 1, "added": 1, "rejected": []}


def test_a_known_id_with_other_content_is_named_and_the_record_stays(
    empty_store: Store, operator: Actor, tmp_path: Path
) -> None:
    headers = ("Mã tin", *SIGNAL_HEADERS)
    import_events(empty_store, operator, "signals", csv_file(tmp_path, headers, ("s1", *GOOD_SIGNAL)))
    changed = csv_file(tmp_path, headers, ("s1", *GOOD_SIGNAL[:-1], "Khác"), ("s2", *GOOD_SIGNAL))
    done = import_events(empty_store, operator, "signals", changed)
    assert done["added"] == 1
    assert problems(done)[0][:2] == (2, "Mã tin")


def test_an_inspection_finds_its_premises_by_id_number_or_name_and_address(
    register: Store, operator: Actor, tmp_path: Path
) -> None:
    headers = ("Ngày", "Mã cơ sở", "Số ĐKKD", "Tên cơ sở", "Địa chỉ", "Kết quả")
    file = csv_file(
        tmp_path,
        headers,
        ("01/03/2026", "p1", "", "", "", "đã kiểm tra"),
        ("02/03/2026", "", "01H-8000002", "", "", "checked"),
        ("03/03/2026", "", "", "nha nghi mau", "Số 3, phố Giả", "đóng cửa khi đến"),
        ("04/03/2026", "", "", "Nhà nghỉ Mẫu", "", "checked"),
        ("05/03/2026", "", "", "Không có thật", "", "checked"),
    )
    done = import_events(register, operator, "inspections", file)
    assert (done["read"], done["added"]) == (5, 3)
    assert [(row, column) for row, column, _ in problems(done)] == [(5, "Tên cơ sở"), (6, "Tên cơ sở")]
    with register.read(operator) as work:
        stored = events.inspections_until(work, DAY).sort_values("on_date")
    assert stored["premises_id"].tolist() == ["p1", "p2", "p3"]
    assert stored["outcome"].tolist() == ["checked", "checked", "closed_at_arrival"]
    assert stored.geometry.notna().all()


def test_a_household_is_found_by_a_number_that_is_kept_only_as_a_hash(
    register: Store, operator: Actor, tmp_path: Path
) -> None:
    with register.write(operator) as work:
        household = work.session.scalars(select(Premises).where(Premises.id == "p3")).one()
        household.registration_hash = hasher(identity_key(work))("001064733374")
    file = csv_file(tmp_path, ("Ngày", "Số ĐKKD", "Kết quả"), ("01/03/2026", "001064733374", "checked"))
    assert import_events(register, operator, "inspections", file)["added"] == 1
    unknown = csv_file(tmp_path, ("Ngày", "Số ĐKKD", "Kết quả"), ("01/03/2026", "001064733399", "checked"))
    done = import_events(register, operator, "inspections", unknown)
    assert done["added"] == 0
    assert "001064733399" not in json.dumps(done)


def test_rows_of_one_visit_are_one_inspection_with_its_findings(
    register: Store, operator: Actor, tmp_path: Path
) -> None:
    headers = ("Ngày", "Mã cơ sở", "Kết quả", "Số biên bản", "Vi phạm", "Nghiêm trọng", "Hạn khắc phục")
    visit = ("01/03/2026", "p1", "checked", "01/BB")
    file = csv_file(
        tmp_path,
        headers,
        (*visit, "vi phạm PCCC", "x", "01/04/2099"),
        (*visit, "vi phạm giấy phép", "", ""),
        (*visit, "vi phạm giấy phép", "", ""),
    )
    assert import_events(register, operator, "inspections", file)["added"] == 2
    assert import_events(register, operator, "inspections", file) == {"read": 3, "added": 0, "rejected": []}
    assert count(register, operator, Inspection) == 1
    assert count(register, operator, Finding) == 2
    with register.read(operator) as work:
        findings = events.findings_until(work, DAY).set_index("kind")
    assert bool(findings.loc["fire", "serious"])
    assert findings.loc["fire", "deadline"].date() == date(2099, 4, 1)


def test_a_patrol_finds_its_hotspot_by_name(register: Store, operator: Actor, tmp_path: Path) -> None:
    file = csv_file(
        tmp_path,
        ("Ngày", "Điểm phức tạp", "Kết quả", "Dấu hiệu"),
        ("01/03/2026", "khu vuc gia dinh", "yên", ""),
        ("02/03/2026", "h1", "có dấu hiệu", "Đèn sáng khuya"),
        ("03/03/2026", "nơi khác", "yên", ""),
    )
    done = import_events(register, operator, "patrols", file)
    assert done["added"] == 2
    assert problems(done)[0][:2] == (4, "Điểm phức tạp")
    with register.read(operator) as work:
        assert sorted(work.session.scalars(select(Patrol.result))) == ["quiet", "sign"]


def spot(**properties: Any) -> dict[str, Any]:
    return {"name": "Khu vực Một", "state": "active", "found": "2020-01-01", **properties}


POINT = shapely.Point(105.76, 20.96)


def test_a_hotspot_goes_through_its_states_in_a_legal_order(
    empty_store: Store, operator: Actor, tmp_path: Path
) -> None:
    file = geojson(
        tmp_path,
        (spot(name="A"), POINT),
        (spot(name="B", state="suspected"), POINT.buffer(0.001)),
        (spot(name="C", state="eliminated", eliminated="2021-06-15", document="01/QĐ"), POINT),
        (
            spot(name="D", state="cleared", eliminated="2021-06-15", document="01/QĐ", since="2023-07-01"),
            shapely.LineString([(105.76, 20.96), (105.77, 20.96)]),
        ),
    )
    done = import_events(empty_store, operator, "hotspots", file)
    assert done == {"read": 4, "added": 4, "rejected": []}
    with empty_store.read(operator) as work:
        spots = places.hotspots_on(work, DAY).set_index("name")
        steps = places.transitions_until(work, DAY)
    assert spots["state"].to_dict() == {"A": "active", "B": "suspected", "C": "eliminated", "D": "cleared"}
    assert steps.loc[steps["hotspot_id"] == spots.loc["D", "id"], "state"].tolist() == [
        "active",
        "eliminated",
        "cleared",
    ]
    assert spots.loc["C", "eliminated_on"].date() == date(2021, 6, 15)
    assert spots.loc["C", "document"] == "01/QĐ"
    assert import_events(empty_store, operator, "hotspots", file)["added"] == 0


@pytest.mark.parametrize(
    ("properties", "column"),
    [
        ({"state": "eliminated", "eliminated": "2021-06-15"}, "document"),
        ({"state": "eliminated", "document": "01/QĐ"}, "eliminated"),
        ({"state": "eliminated", "eliminated": "2019-06-15", "document": "01/QĐ"}, "eliminated"),
        ({"state": "eliminated", "eliminated": "2999-06-15", "document": "01/QĐ"}, "eliminated"),
        ({"state": "cleared", "eliminated": "2021-06-15", "document": "1", "since": "2022-01-01"}, "since"),
        ({"state": "quiet?"}, "state"),
        ({"found": None}, "found"),
        ({"name": None}, "name"),
        ({"name": "Nhà ông Nguyễn Văn Bình"}, "name"),
        ({"catchment_m": 90_000}, "catchment_m"),
    ],
)
def test_a_hotspot_that_breaks_a_rule_is_left_out_and_the_column_named(
    empty_store: Store, operator: Actor, tmp_path: Path, properties: dict[str, Any], column: str
) -> None:
    extra = {"since": None, "eliminated": None, "document": None, "catchment_m": None}
    file = geojson(tmp_path, (spot(**{**extra, **properties}), POINT))
    done = import_events(empty_store, operator, "hotspots", file)
    assert done["added"] == 0
    assert [(r["row"], r["column"]) for r in done["rejected"]] == [(1, column)]


def test_a_hotspot_without_a_place_in_viet_nam_is_left_out(
    empty_store: Store, operator: Actor, tmp_path: Path
) -> None:
    file = geojson(
        tmp_path, (spot(name="A"), POINT), (spot(name="B"), None), (spot(name="C"), shapely.Point(2.3, 48.9))
    )
    done = import_events(empty_store, operator, "hotspots", file)
    assert done["added"] == 1
    assert [row for row, _, _ in problems(done)] == [2, 3]


def test_a_hotspot_that_is_known_in_another_state_is_named(
    empty_store: Store, operator: Actor, tmp_path: Path
) -> None:
    import_events(empty_store, operator, "hotspots", geojson(tmp_path, (spot(), POINT)))
    later = geojson(tmp_path, (spot(state="eliminated", eliminated="2021-06-15", document="01/QĐ"), POINT))
    done = import_events(empty_store, operator, "hotspots", later)
    assert done["added"] == 0
    assert problems(done)[0][1] == "state"


def test_real_events_do_not_slip_into_the_demonstration(
    empty_store: Store, operator: Actor, tmp_path: Path
) -> None:
    with empty_store.write(operator) as work:
        record_fact(work, "demo", {"seed": 1})
    file = csv_file(tmp_path, SIGNAL_HEADERS, GOOD_SIGNAL)
    with pytest.raises(RuleError):
        import_events(empty_store, operator, "signals", file)
    assert import_events(empty_store, operator, "signals", file, into_demo=True)["added"] == 1


def test_who_may_not_import_is_refused(empty_store: Store, tmp_path: Path) -> None:
    with pytest.raises(RuleError):
        import_events(empty_store, Actor("xem", Role.VIEWER), "signals", tmp_path / "x.csv")


def test_an_unknown_kind_is_refused(empty_store: Store, operator: Actor, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="people"):
        import_events(empty_store, operator, "people", tmp_path / "x.csv")
