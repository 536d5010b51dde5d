"""The columns of a register are known however their headers are written; personal ones are known as such."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.importers.fields import TITLES, Field
from data.importers.headers import Column, match_columns
from geo.errors import InputError
from geo.fold import fold
from tests.unit.data.register_files import HEADER, ROW, decomposed, read, register, workbook


def fields(*headers: str) -> dict[Field, str]:
    found = match_columns([Column(i, header) for i, header in enumerate(headers)], {})
    return {field: column.header for field, column in found.fields.items()}


SYNONYMS = {
    Field.NAME: (
        "Tên cơ sở",
        "Tên CSKD",
        "Tên hộ kinh doanh",
        "TÊN CƠ SỞ KINH DOANH",
        "Tên hộ KD",
        "Name",
        "Biển hiệu",
    ),
    Field.TYPE: ("Loại hình", "Ngành nghề", "Ngành nghề KD", "Loại hình kinh doanh", "Type", "Loại hinh"),
    Field.ADDRESS: ("Địa chỉ", "Đ/c", "Đ/C", "Dia chi", "Địa chỉ kinh doanh", "Address", "Địa chi"),
    Field.WARD: ("Phường", "Phường/xã", "Xã, phường", "Ward"),
    Field.LAT: ("Vĩ độ", "Lat", "Latitude", "Vĩ độ (WGS84)"),
    Field.LON: ("Kinh độ", "Lng", "Long", "Longitude"),
    Field.X: ("X", "Tọa độ X (VN-2000)"),
    Field.ROOMS: ("Số phòng", "Số phòng hát", "Tổng số phòng", "Rooms"),
    Field.WORKERS: ("Số lao động", "Số nhân viên", "Số LĐ", "Workers"),
    Field.REGISTRATION_NUMBER: (
        "Số ĐKKD",
        "GPKD",
        "Số giấy phép kinh doanh",
        "Mã số hộ kinh doanh",
        "Số GCN ĐKKD",
    ),
    Field.REGISTERED_ON: ("Ngày cấp ĐKKD", "Ngày đăng ký kinh doanh", "Registered on"),
    Field.TAX_NUMBER: ("Mã số thuế", "MST", "MST/CCCD"),
    Field.SECURITY_NUMBER: ("Số GCN đủ điều kiện về ANTT", "ANTT", "Giấy chứng nhận an ninh trật tự"),
    Field.SECURITY_ISSUED_ON: ("Ngày cấp ANTT",),
    Field.SECURITY_UNTIL: ("Ngày hết hạn ANTT", "Thời hạn GCN ANTT"),
    Field.KARAOKE_NUMBER: ("Giấy phép karaoke", "Số GP kinh doanh karaoke"),
    Field.FIRE_NUMBER: ("PCCC", "Văn bản nghiệm thu PCCC"),
    Field.COMMITMENT: ("Ký cam kết", "Ngày ký cam kết", "Cam kết"),
    Field.OPENED_ON: ("Ngày bắt đầu hoạt động", "Ngày khai trương"),
    Field.STATUS: ("Trạng thái", "Tình trạng hoạt động"),
    Field.ID: ("Mã cơ sở", "id"),
    Field.NOTES: ("Ghi chú",),
}


@pytest.mark.parametrize(("field", "header"), [(f, h) for f, headers in SYNONYMS.items() for h in headers])
def test_a_header_is_known_with_and_without_marks_and_composed_or_not(field: Field, header: str) -> None:
    for written in (header, header.upper(), fold(header), decomposed(header)):
        assert fields(written) == {field: written}


def test_every_field_is_known_by_its_title_and_its_name() -> None:
    for field in Field:
        assert fields(TITLES[field]) == {field: TITLES[field]}
        assert fields(field.value) == {field: field.value}


@pytest.mark.parametrize(
    "header",
    [
        "Chủ hộ kinh doanh", "Họ và tên chủ hộ", "Họ tên", "Chủ cơ sở", "Người đại diện", "Điện thoại", "SĐT",
        "Người đại diện pháp luật", "ĐT", "Số điện thoại", "Số CCCD", "CMND", "CMND/CCCD", "Căn cước công dân",
        "Ngày sinh", "Năm sinh", "Email", "Giới tính", "Hộ khẩu thường trú", "Địa chỉ thường trú", "Owner",
        "Phone", "Liên hệ",
    ],
)  # fmt: skip
def test_personal_headers_are_known_as_such(header: str) -> None:
    for written in (header, header.upper()):
        found = match_columns([Column(0, written)], {})
        assert not found.fields
        assert [column.header for column in found.personal] == [written]


def test_a_note_is_not_taken_for_an_owner() -> None:
    assert fields("Ghi chú", "Chủ hộ") == {Field.NOTES: "Ghi chú"}


def test_the_date_and_place_of_issue_go_with_the_paper_to_their_left() -> None:
    headers = ("Số ĐKKD", "Ngày cấp", "Số CCCD", "Ngày cấp ", "Nơi cấp", "Số ANTT", " Ngày cấp")
    found = match_columns([Column(i, header) for i, header in enumerate(headers)], {})
    assert {field: column.index for field, column in found.fields.items()} == {
        Field.REGISTRATION_NUMBER: 0,
        Field.REGISTERED_ON: 1,
        Field.SECURITY_NUMBER: 5,
        Field.SECURITY_ISSUED_ON: 6,
    }
    assert [column.index for column in found.personal] == [2, 3, 4]


def test_the_best_of_two_rival_columns_wins_and_the_other_is_named() -> None:
    found = match_columns([Column(0, "Địa chỉ trụ sở chính"), Column(1, "Địa chỉ")], {})
    assert found.fields[Field.ADDRESS].index == 1
    assert [column.index for column in found.unknown] == [0]


def test_what_a_person_corrected_before_is_known_again() -> None:
    found = match_columns([Column(0, "Cột lạ")], {}, {"cot la": Field.NAME})
    assert found.fields[Field.NAME].header == "Cột lạ"


def test_columns_can_be_named_by_header_or_letter(tmp_path: Path) -> None:
    file = workbook(
        tmp_path / "a.xlsx", [("Cột A lạ", "Loại hình", "Chỗ"), ("Nhà nghỉ Mẫu", "nhà nghỉ", "Số 5")]
    )
    found = read(file, column_map={"name": "cot a la", "address": "C"})
    assert (found.entries[0].name, found.entries[0].address) == ("Nhà nghỉ Mẫu", "Số 5")


@pytest.mark.parametrize(
    ("column_map", "code"),
    [
        ({"tên": "Tên cơ sở"}, "unknown_field"),
        ({"name": "Không có"}, "no_column"),
        ({"address": "Chủ hộ"}, "personal_column"),
    ],
)
def test_a_wrong_map_is_refused(tmp_path: Path, column_map: dict[str, str], code: str) -> None:
    with pytest.raises(InputError) as refused:
        register(tmp_path, [(*ROW, "Nguyễn Văn Mẫu")], (*HEADER, "Chủ hộ"), column_map=column_map)
    assert refused.value.code == code
    assert refused.value.hint is not None


@pytest.mark.parametrize(("missing", "title"), [(1, "Tên cơ sở"), (2, "Loại hình")])
def test_a_missing_column_is_named_with_file_sheet_and_a_way_out(
    tmp_path: Path, missing: int, title: str
) -> None:
    header = [text for i, text in enumerate(HEADER) if i != missing]
    with pytest.raises(InputError) as refused:
        register(tmp_path, [[cell for i, cell in enumerate(ROW) if i != missing]], header)
    error = refused.value
    assert (error.code, error.file, error.sheet, error.column) == (
        "column_missing",
        "register.xlsx",
        "DS",
        title,
    )
    assert "--map" in str(error.hint)


def test_a_file_without_any_header_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        read(workbook(tmp_path / "a.xlsx", [("Nhà nghỉ Mẫu", "x", 5), ("Nhà nghỉ Thử", "y", 6)]))
    assert (refused.value.code, refused.value.sheet) == ("no_header", "DS")
    (tmp_path / "a.csv").write_text("Nhà nghỉ Mẫu,nhà nghỉ\n", encoding="utf-8")
    with pytest.raises(InputError) as refused:
        read(tmp_path / "a.csv")
    assert refused.value.code == "no_header"
