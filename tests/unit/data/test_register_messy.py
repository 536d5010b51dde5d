"""Registers as offices make them by hand: one workbook for each trap, and what is read of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from data.importers.fields import Field
from data.importers.registration import hasher
from geo.words import LicenceKind, PremisesStatus, PremisesType
from tests.unit.data.register_files import (
    HEADER,
    KEY,
    ROW,
    decomposed,
    excel_97,
    open_document,
    read,
    register,
    workbook,
)
from tests.unit.data.test_register_text import in_tcvn3, in_vni


def row(number: int, **changed: Any) -> tuple[Any, ...]:
    """A good row of the plain header, with some cells changed by field name."""
    names = ("stt", "name", "type", "address", "ward", "registration")
    cells = dict(zip(names, ROW, strict=True)) | {
        "stt": number,
        "name": f"Nhà nghỉ Mẫu {number}",
        "address": f"Số {number} Phố Giả Định",
        "registration": f"01H800{number:04}",
    }
    return tuple((cells | changed).values())


def warned(found: Any, words: str) -> str:
    (text,) = [str(warning) for warning in found.warnings if words in str(warning)]
    return text


def test_a_title_over_merged_cells_and_lines_below_are_no_data(tmp_path: Path) -> None:
    rows = [
        ("DANH SÁCH CƠ SỞ KINH DOANH (DỮ LIỆU GIẢ ĐỊNH)",),
        ("Tính đến ngày 31/10/2026",),
        (),
        HEADER,
        row(1),
        row(2),
        (None, "Tổng: 2 cơ sở"),
        (None, None, None, "Hà Đông, ngày 3 tháng 11 năm 2026"),
        (None, "NGƯỜI LẬP", None, None, "THỦ TRƯỞNG"),
        (None, "Nguyễn Văn Mẫu", None, None, "Trần Thị Thử"),
    ]
    found = read(workbook(tmp_path / "a.xlsx", rows, merged=["A1:F1", "A2:F2"]))
    assert found.read == 2
    assert [entry.row for entry in found.entries] == [5, 6]
    assert not found.problems


def test_a_total_in_the_counting_column_is_no_data(tmp_path: Path) -> None:
    header = (*HEADER, "Số phòng", "Số lao động")
    total = ("Tổng cộng", None, None, None, None, None, 25, 12)
    found = register(tmp_path, [(*row(1), 10, 5), (*row(2), 15, 7), total], header)
    assert (found.read, len(found.entries)) == (2, 2)


def test_a_header_of_two_rows_is_read_as_one(tmp_path: Path) -> None:
    top = (
        "STT",
        "Tên cơ sở",
        "Loại hình",
        "Địa chỉ",
        "Tọa độ",
        None,
        "Giấy chứng nhận ANTT",
        None,
        "Chủ cơ sở",
        None,
    )
    below = (None, None, None, None, "Vĩ độ", "Kinh độ", "Số", "Ngày cấp", "Họ tên", "Điện thoại")
    data = (
        1,
        "Karaoke Mẫu",
        "karaoke",
        "Số 1 Phố Giả Định",
        20.97,
        105.77,
        "12/ANTT",
        "01/02/2020",
        "Ai Đó",
        "0912345678",
    )
    merged = ["A1:A2", "B1:B2", "C1:C2", "D1:D2", "E1:F1", "G1:H1", "I1:J1"]
    for number, blocks in enumerate((merged, [])):
        found = read(workbook(tmp_path / f"{number}.xlsx", [top, below, data], merged=blocks))
        (entry,) = found.entries
        assert (found.read, entry.row, entry.point) == (1, 3, (105.77, 20.97))
        (paper,) = entry.papers
        assert (paper.kind, paper.number, paper.issued_on) == (
            LicenceKind.SECURITY,
            "12/ANTT",
            date(2020, 2, 1),
        )
        assert found.dropped_columns == ["Họ tên", "Điện thoại"]


def test_the_row_that_numbers_the_columns_is_no_data(tmp_path: Path) -> None:
    for numbering in (("(1)", "(2)", "(3)", "(4)", "(5)", "(6)"), (1, 2, 3, 4, 5, 6), ("A", "B", "C", 1, 2, 3)):
        found = register(tmp_path, [numbering, row(1)])
        assert (found.read, len(found.entries)) == (1, 1)


def test_a_header_repeated_on_every_page_is_no_data(tmp_path: Path) -> None:
    found = register(tmp_path, [row(1), HEADER, row(2)])
    assert [entry.row for entry in found.entries] == [2, 4]
    assert found.read == 2


def test_headings_between_the_rows_are_no_data(tmp_path: Path) -> None:
    found = register(tmp_path, [("I", "Phường Hà Đông"), row(1), (None, "KARAOKE"), row(2)])
    assert [entry.row for entry in found.entries] == [3, 5]


def test_text_with_marks_apart_is_composed(tmp_path: Path) -> None:
    found = register(
        tmp_path, [[decomposed(c) if isinstance(c, str) else c for c in row(1)]], list(map(decomposed, HEADER))
    )
    (entry,) = found.entries
    assert (entry.name, entry.address) == ("Nhà nghỉ Mẫu 1", "Số 1 Phố Giả Định")


@pytest.mark.parametrize("written", [in_tcvn3, in_vni])
def test_a_workbook_in_a_legacy_font_is_converted_and_says_so(tmp_path: Path, written: Any) -> None:
    rows = [[written(c) if isinstance(c, str) else c for c in row(n)] for n in (1, 2, 3)]
    found = register(tmp_path, rows, [written(text) for text in HEADER])
    assert [entry.name for entry in found.entries] == ["Nhà nghỉ Mẫu 1", "Nhà nghỉ Mẫu 2", "Nhà nghỉ Mẫu 3"]
    assert found.entries[0].address == "Số 1 Phố Giả Định"
    assert warned(found, "bảng mã cũ")


def test_legacy_rows_among_good_ones_are_converted_alone(tmp_path: Path) -> None:
    legacy = [in_tcvn3(c) if isinstance(c, str) else c for c in row(2, name="Nhà nghỉ Hướng Dương")]
    found = register(tmp_path, [row(1), legacy, row(3)])
    assert [entry.name for entry in found.entries] == [
        "Nhà nghỉ Mẫu 1",
        "Nhà nghỉ Hướng Dương",
        "Nhà nghỉ Mẫu 3",
    ]


def test_text_dates_stand_beside_real_ones_and_serial_numbers(tmp_path: Path) -> None:
    days = (date(2020, 1, 1), "01/01/2020", "1-1-2020", 43831, "2020-01-01", "")
    found = register(tmp_path, [(*row(n), day) for n, day in enumerate(days, 1)], (*HEADER, "Ngày cấp ĐKKD"))
    issued = [entry.papers[0].issued_on for entry in found.entries]
    assert issued == [date(2020, 1, 1)] * 5 + [None]


def test_an_impossible_date_leaves_the_row_out_and_is_named(tmp_path: Path) -> None:
    found = register(tmp_path, [(*row(1), "30/02/2021"), (*row(2), "28/02/2021")], (*HEADER, "Ngày cấp ĐKKD"))
    assert [(p.row, p.column, p.value, p.code) for p in found.problems] == [
        (2, "Ngày cấp ĐKKD", "30/02/2021", "bad_date")
    ]
    assert [entry.row for entry in found.entries] == [3]


def test_every_problem_of_a_row_is_an_entry_of_its_own(tmp_path: Path) -> None:
    bad = (*row(1, name=None, type="Tạp hóa"), "32/13/2020", "nhiều")
    found = register(tmp_path, [bad], (*HEADER, "Ngày cấp ĐKKD", "Số phòng"))
    assert (found.read, len(found.entries)) == (1, 0)
    assert {p.code for p in found.problems} == {"no_name", "unknown_type", "bad_date", "bad_number"}
    assert {p.row for p in found.problems} == {2}


def test_swapped_coordinates_are_turned_round_and_said(tmp_path: Path) -> None:
    rows = [(*row(1), 20.97, 105.77), (*row(2), 105.77, 20.97), (*row(3), None, None)]
    found = register(tmp_path, rows, (*HEADER, "Vĩ độ", "Kinh độ"))
    assert [entry.point for entry in found.entries] == [(105.77, 20.97), (105.77, 20.97), None]
    assert "3" in warned(found, "đảo vĩ độ")


def test_vn2000_coordinates_become_degrees(tmp_path: Path) -> None:
    # 105.778952 E, 20.973528 N in EPSG:5897 is 580,976 m east and 2,320,207 m north to a metre (PROJ).
    from pyproj import Transformer

    x, y = Transformer.from_crs("EPSG:4326", "EPSG:5897", always_xy=True).transform(105.778952, 20.973528)
    found = register(tmp_path, [(*row(1), y, x), (*row(2), x, y)], (*HEADER, "X", "Y"))
    for entry in found.entries:
        assert entry.point == pytest.approx((105.778952, 20.973528), abs=1e-6)
    assert warned(found, "VN-2000")


def test_other_metres_are_read_in_the_system_that_is_named(tmp_path: Path) -> None:
    from pyproj import Transformer

    x, y = Transformer.from_crs("EPSG:4326", "EPSG:32648", always_xy=True).transform(105.778952, 20.973528)
    found = register(tmp_path, [(*row(1), x, y)], (*HEADER, "X", "Y"), crs="EPSG:32648")
    assert found.entries[0].point == pytest.approx((105.778952, 20.973528), abs=1e-6)


def test_degrees_minutes_seconds_in_one_column_are_read(tmp_path: Path) -> None:
    found = register(tmp_path, [(*row(1), "20°58'12\"N 105°46'12\"E")], (*HEADER, "Tọa độ"))
    assert found.entries[0].point == pytest.approx((105.77, 20.97))


def test_nonsense_and_half_coordinates_leave_the_row_out(tmp_path: Path) -> None:
    rows = [(*row(1), 2, 1), (*row(2), 20.97, None)]
    found = register(tmp_path, rows, (*HEADER, "Vĩ độ", "Kinh độ"))
    assert [(p.row, p.code) for p in found.problems] == [(2, "bad_coordinates"), (3, "half_coordinates")]


def test_columns_of_people_are_left_out_and_named(tmp_path: Path) -> None:
    header = (*HEADER, "Chủ hộ kinh doanh", "Điện thoại", "Số CCCD", "Ngày sinh", "Email", "Cột 7", "Ghi chú")
    people = ("Người Giả Định", "0912345678", "001064733374", "01/01/1980", "a@example.org")
    rows = [(*row(n), *people, "Nguyễn Văn Mẫu", "gọi 0912345678") for n in (1, 2, 3)]
    found = register(tmp_path, rows, header)
    assert found.dropped_columns == list(header[6:])
    assert len(found.entries) == 3
    assert not any(secret in repr(found) for secret in (*people, "Nguyễn Văn Mẫu"))


def test_unknown_columns_are_named_and_not_stored(tmp_path: Path) -> None:
    found = register(tmp_path, [(*row(1), "Tốt", "đông khách")], (*HEADER, "Xếp loại", "Ghi chú"))
    assert warned(found, "Xếp loại, Ghi chú")
    assert "đông khách" not in repr(found.entries)
    assert not found.dropped_columns


def test_identity_numbers_among_registrations_leave_only_a_hash(tmp_path: Path) -> None:
    numbers = ("001064733374", 1064733374, "001 064 733 374", "01H8000004", "123456789")
    found = register(tmp_path, [row(n, registration=number) for n, number in enumerate(numbers, 1)])
    kept = [entry.registration for entry in found.entries]
    assert [r.hash for r in kept[:3]] == [hasher(KEY)("001064733374")] * 3
    assert [r.number for r in kept] == [None, None, None, "01H8000004", None]
    assert "1064733374" not in repr(found) and "123456789" not in repr(found)
    assert "5" not in warned(found, "số định danh").split(":")[1]


def test_a_tax_number_stands_in_for_a_missing_registration(tmp_path: Path) -> None:
    rows = [(*row(1, registration=None), "0101234567"), (*row(2), "001064733374")]
    found = register(tmp_path, rows, (*HEADER, "Mã số thuế"))
    first, second = (entry.registration for entry in found.entries)
    assert first.number == "0101234567"
    assert (second.number, second.hash) == ("01H8000002", hasher(KEY)("001064733374"))


def test_a_household_named_after_a_person_is_told_by_kind_and_address(tmp_path: Path) -> None:
    found = register(tmp_path, [row(1, name="Hộ kinh doanh Nguyễn Văn Mẫu"), row(2)])
    assert found.entries[0].name == "Nhà nghỉ Số 1 Phố Giả Định"
    assert "Nguyễn" not in repr(found)
    assert warned(found, "loại hình và địa chỉ").endswith("2.")


def test_values_of_refused_cells_are_masked_where_personal(tmp_path: Path) -> None:
    found = register(tmp_path, [row(1, type="Nguyễn Văn Mẫu"), row(2, type="0912345678")])
    assert len(found.problems) == 2
    assert not any("Nguyễn" in p.value or "0912" in p.value for p in found.problems)


def test_papers_are_read_with_numbers_dates_and_ticks(tmp_path: Path) -> None:
    header = (*HEADER, "Số GCN ANTT", "Ngày cấp", "Ngày hết hạn ANTT", "Giấy phép karaoke", "PCCC")
    rows = [
        (*row(1), "45/ANTT", "02/03/2018", "không thời hạn", "x", "Chưa"),
        (*row(2), None, None, "26-06-2026", "12/GPKR", date(2021, 5, 6)),
    ]
    first, second = ({p.kind: p for p in e.papers} for e in register(tmp_path, rows, header).entries)
    assert set(first) == {LicenceKind.BUSINESS, LicenceKind.SECURITY, LicenceKind.KARAOKE}
    security = first[LicenceKind.SECURITY]
    assert (security.number, security.issued_on, security.term_until) == ("45/ANTT", date(2018, 3, 2), None)
    assert first[LicenceKind.KARAOKE].number is None
    assert second[LicenceKind.SECURITY].term_until == date(2026, 6, 26)
    assert second[LicenceKind.KARAOKE].number == "12/GPKR"
    assert second[LicenceKind.FIRE].issued_on == date(2021, 5, 6)


def test_commitments_and_states_are_read(tmp_path: Path) -> None:
    header = (*HEADER, "Ký cam kết", "Trạng thái", "Trạng thái từ ngày")
    rows = [
        (*row(1), "x", "Tạm ngừng", "01/06/2026"),
        (*row(2), "05/05/2025", None, None),
        (*row(3), "Chưa", None, None),
    ]
    first, second, third = register(tmp_path, rows, header).entries
    assert (first.committed, first.commitment_on) == (True, None)
    assert (first.status, first.status_on) == (PremisesStatus.SUSPENDED, date(2026, 6, 1))
    assert (second.committed, second.commitment_on) == (True, date(2025, 5, 5))
    assert (third.committed, third.commitment_on, third.status) == (False, None, None)


def test_house_number_and_street_in_columns_of_their_own_make_an_address(tmp_path: Path) -> None:
    header = ("Tên cơ sở", "Loại hình", "Số nhà", "Đường")
    rows = [
        ("Nhà nghỉ A", "nhà nghỉ", 12, "Quang Trung"),
        ("Nhà nghỉ B", "nhà nghỉ", date(2026, 3, 12), "Lê Lợi"),
    ]
    found = register(tmp_path, rows, header)
    # A spreadsheet takes 12/3 for a date.
    assert [entry.address for entry in found.entries] == ["Số 12 Quang Trung", "Số 12/3 Lê Lợi"]


def test_a_ward_merged_down_over_its_rows_holds_for_each(tmp_path: Path) -> None:
    rows = [HEADER, row(1, ward="Kiến Hưng"), row(2, ward=None), row(3, ward=None)]
    found = read(workbook(tmp_path / "a.xlsx", rows, merged=["E2:E4"]))
    assert [entry.ward for entry in found.entries] == ["Kiến Hưng"] * 3


def test_the_sheet_that_reads_like_a_register_is_taken(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["Hướng dẫn điền", "Tên cơ sở: ghi như biển hiệu"])
    for line in (HEADER, row(1)):
        (book["DS"] if "DS" in book.sheetnames else book.create_sheet("DS")).append(line)
    book.save(tmp_path / "a.xlsx")
    found = read(tmp_path / "a.xlsx")
    assert (found.sheet, found.read) == ("DS", 1)


@pytest.mark.parametrize(("name", "make"), [("a.xls", excel_97), ("a.ods", open_document)])
def test_older_and_open_formats_give_the_same_register(tmp_path: Path, name: str, make: Any) -> None:
    assert (
        read(make(tmp_path / name, [HEADER, row(1), row(2)])).entries
        == register(tmp_path, [row(1), row(2)]).entries
    )


def test_a_csv_gives_the_same_register(tmp_path: Path) -> None:
    lines = [HEADER, row(1), row(2)]
    (tmp_path / "a.csv").write_text("\n".join(";".join(map(str, line)) for line in lines), encoding="utf-16")
    found = read(tmp_path / "a.csv")
    assert found.entries == register(tmp_path, [row(1), row(2)]).entries
    assert found.sheet is None


def test_english_headers_and_a_translated_second_row_are_read(tmp_path: Path) -> None:
    rows = [("STT", "Name", "Type", "Address", "Ward", "Registration number"), row(1, type="guesthouse")]
    found = register(tmp_path, rows)
    assert [entry.type for entry in found.entries] == [PremisesType.GUESTHOUSE]
    assert set(found.columns) >= {Field.NAME, Field.TYPE, Field.ADDRESS, Field.WARD}


def test_a_repeated_id_is_named_with_the_row_that_had_it_first(tmp_path: Path) -> None:
    found = register(
        tmp_path, [(*row(1), "p1"), (*row(2), "p1"), (*row(3), "001064733374")], (*HEADER, "Mã cơ sở")
    )
    assert [(p.row, p.code) for p in found.problems] == [(3, "repeated_id"), (4, "bad_id")]
    assert "1064733374" not in repr(found)


def test_a_second_header_row_that_says_nothing_known_is_no_data(tmp_path: Path) -> None:
    top = ("STT", "Tên cơ sở", "Loại hình", "Địa chỉ", "Xếp hạng", None)
    rows = [top, (None, None, None, None, "Sao", "Năm"), (1, "Khách sạn Mẫu", "khách sạn", "Số 1", 3, 2020)]
    found = read(workbook(tmp_path / "a.xlsx", rows, merged=["E1:F1"]))
    assert (found.read, [entry.row for entry in found.entries]) == (1, [3])
