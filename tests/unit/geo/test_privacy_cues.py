"""Names that no title tells: nicknames, small letters, a name before what its bearer does, not places."""

from __future__ import annotations

import pytest

from geo.privacy import MASK, HitKind, mask, personal_data, unexcused


@pytest.mark.parametrize(
    "text",
    [
        "Biệt danh Hải trọc, hay đứng đầu ngõ",
        "Có người gọi là Tuấn dắt khách",
        "Tuấn (chủ quán) nhận tiền",
        "Lan - lễ tân - ghi sổ",
        "Do Nguyễn Lan đứng tên hợp đồng",
        "gặp nguyễn thị hoa ở quầy",
        "nguyen van an dung ten thue nha",
        "chị ngọc cho biết quán đóng cửa",
        "bác hai xe ôm chỉ đường",
        "bà tư hường nói quán đổi khóa",
        "gã Dũng đứng canh",
        "Nhân viên Hoa, Lan, Huệ không có hợp đồng",
        "Tổ trưởng dân phố Vũ Đình Khôi",
        "Trưởng công an phường Trần Đức Long",
    ],
)
def test_a_person_is_known_by_what_stands_beside_the_name(text: str) -> None:
    assert [hit.kind for hit in personal_data(text)].count(HitKind.NAME) >= 1


@pytest.mark.parametrize(
    "text",
    [
        "duong nguyen van troi keo dai",
        "khu do thi van khe",
        "Nhà hàng Anh Vũ cho thuê phòng hát",
        "Công ty cổ phần Đầu tư Lê Hoàng Long đứng tên thuê",
        "Chủ tịch UBND phường Nguyễn Trãi kết luận",
        "anh bảo vệ nói quán đóng cửa",
        "cô giáo phản ánh loa to",
        "Em Xinh Spa chưa có giấy phép",
        "Gọi là Karaoke Sao Mai",
        "Quản lý: Đội 178",
        "Hộ KD Lê Thị Hoa, 12 Tô Hiệu",
    ],
)
def test_a_place_a_firm_or_an_office_is_let_pass(text: str) -> None:
    assert personal_data(text) == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("xe TC-12-34 dừng trước cửa", HitKind.PLATE),
        ("xe 29-123-NG-45 đỗ qua đêm", HitKind.PLATE),
        ("xe máy 29Y7-1234", HitKind.PLATE),
        ("gọi 0912,345,678", HitKind.PHONE),
        ("gọi 09l2345678", HitKind.PHONE),
        ("số không chín một hai ba bốn năm sáu bảy tám", HitKind.PHONE),
        ("CCCD 001-085-012345", HitKind.IDENTITY),
        ("mst 030088005566 da doi ten", HitKind.IDENTITY),
        ("thư nguyenvana@gmail . com", HitKind.EMAIL),
    ],
)
def test_numbers_are_known_however_they_are_written(text: str, kind: HitKind) -> None:
    assert [hit.kind for hit in personal_data(text)] == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "Giấy phép số 012345678",
        "Giấy chứng nhận đăng ký số 0358123456",
        "Số 123456789/ĐK-HKD",
        "lô 29A1-2345",
        "Camera IP 192.168.1.100",
        "Từ một đến ba, bốn lượt",
    ],
)
def test_numbers_of_papers_and_plots_are_nobody_s(text: str) -> None:
    assert personal_data(text) == []


def test_an_excused_phrase_excuses_itself_and_no_longer_name() -> None:
    text = "Anh Văn, tiếng Hàn; gặp anh Văn Hùng"
    hits = personal_data(text)
    assert len(hits) == 2
    assert [text[hit.start : hit.end] for hit in unexcused(text, hits, ["anh  văn"])] == ["anh Văn Hùng"]
    assert mask(text, ["Anh Văn"]) == f"Anh Văn, tiếng Hàn; gặp {MASK}"
    assert unexcused(text, hits, ["", "an"]) == hits
