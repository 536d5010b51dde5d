"""What bears the mark of a state secret is known by it, and an ordinary word is no mark."""

from __future__ import annotations

import unicodedata

import pytest

from geo.secret_marks import secret_file_name, secret_mark

MARKED = (
    "MẬT",
    "Mật",
    "(MẬT)",
    "TỐI MẬT",
    "Tuyệt mật",
    "TUYỆT  MẬT - chỉ dùng trong ngành",
    "M Ậ T",
    "T Ố I   M Ậ T",
    "Độ mật: Mật",
    "Độ mật: tối mật",
    "CÔNG VĂN MẬT SỐ 12/CV",
    "Kèm công văn mật số 12 của cơ quan cấp trên",
    "Tài liệu mật, không sao chép",
    "Trang 1 đóng dấu MẬT",
    "Kế hoạch phối hợp (MẬT), bản số 3",
)
ORDINARY = (
    "Giữ bí mật người báo tin",
    "LUẬT BẢO VỆ BÍ MẬT NHÀ NƯỚC",
    "Bảo mật thông tin khách thuê",
    "MẬT ĐỘ CƠ SỞ THEO PHƯỜNG",
    "Mật độ 12 cơ sở trên một km²",
    "Quán cà phê Mật Ong",
    "KARAOKE MẬT NGỌT",
    "Đổi mật khẩu hằng quý",
    "MẬT KHẨU WIFI dán ở quầy",
    "Nhà nghỉ Trăng Mật",
    "NHÀ NGHỈ TUẦN TRĂNG MẬT",
    "Quan hệ thân mật",
    "Bán mật mía và mật gấu",
    "Mặt bằng tầng 1 bị mất điện",
    "Hồ sơ mật độ dân cư",
    "",
)


@pytest.mark.parametrize("text", MARKED)
def test_a_marked_text_is_known_in_every_spelling(text: str) -> None:
    assert secret_mark(text)
    assert secret_mark(unicodedata.normalize("NFD", text))


@pytest.mark.parametrize("text", ORDINARY)
def test_an_ordinary_word_is_no_mark(text: str) -> None:
    assert secret_mark(text) is None
    assert secret_mark(unicodedata.normalize("NFD", text)) is None


NAMES_MARKED = (
    "MẬT_ke-hoach.xlsx",
    "danh-sach-TỐI-MẬT.xlsx",
    "bao cao (MAT).xlsx",
    "toi_mat_2026.csv",
    "TUYETMAT.xlsx",
    "danh-sach-co-so-MAT.xlsx",
)
NAMES_ORDINARY = (
    "mat-do-co-so.xlsx",
    "KARAOKE_MAT_TROI.xlsx",
    "mặt bằng.xlsx",
    "danh-sach-2026.xlsx",
    "bi-mat.txt",
    "mat.csv",
    "trăng mật.xlsx",
)


@pytest.mark.parametrize("name", NAMES_MARKED)
def test_a_file_says_it_in_its_name(name: str) -> None:
    assert secret_file_name(name)


@pytest.mark.parametrize("name", NAMES_ORDINARY)
def test_an_ordinary_file_name_is_no_mark(name: str) -> None:
    assert secret_file_name(name) is None
