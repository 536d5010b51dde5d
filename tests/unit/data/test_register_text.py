"""Legacy encodings become Unicode without harm to good text; people are taken out of names and addresses."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.importers.legacy_text import Font, clean_rows, clean_text
from data.importers.persons import is_person, masked, personal_column, without_personal_data, without_persons
from data.importers.syllables import is_syllable
from geo.privacy import MASK

SENTENCES = (
    "Nhà nghỉ Hoa Sen",
    "Khách sạn Phương Đông",
    "Số 12 ngõ 34 đường Nguyễn Văn Lộc, phường Mộ Lao, quận Hà Đông",
    "Cơ sở xoa bóp Ánh Dương, 70 phố Lê Lợi",
    "Đường trục phía Nam",
    "Tố Hữu, Quyết Thắng, Lê Trọng Tấn, Phùng Hưng",
    "Đ. Quang Trung",
    "đã ký cam kết",
)
#: Written by the tables of TCVN 5712:1993 (VN3) and of VNI for Windows, independently of the code under test.
TCVN3 = dict(
    zip(
        "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵĂÂĐÊÔƠƯ",
        "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\u00adõøö÷ùúýûüþ¡¢§£¤¥¦",
        strict=True,
    )
)
_VNI_TONES = {"\u0300": "ø", "\u0301": "ù", "\u0309": "û", "\u0303": "õ", "\u0323": "ï"}
_VNI_HATS = {
    "\u0302": {"": "â", "\u0300": "à", "\u0301": "á", "\u0309": "å", "\u0303": "ã", "\u0323": "ä"},
    "\u0306": {"": "ê", "\u0300": "è", "\u0301": "é", "\u0309": "ú", "\u0303": "ü", "\u0323": "ë"},
}
_VNI_WHOLE = {"đ": "ñ", "ơ": "ô", "ư": "ö", "ỉ": "æ", "ĩ": "ó", "ị": "ò", "í": "í", "ì": "ì", "ỵ": "î"}


def in_tcvn3(text: str) -> str:
    return "".join(TCVN3.get(c, c) for c in text)


def in_vni(text: str) -> str:
    return "".join(_vni(c) for c in text)


def _vni(letter: str) -> str:
    small = letter.lower()
    if small in _VNI_WHOLE:
        return _VNI_WHOLE[small].upper() if letter != small else _VNI_WHOLE[small]
    base, *marks = unicodedata.normalize("NFD", letter)
    hat = next((m for m in marks if m in _VNI_HATS), None)
    tone = next((m for m in marks if m in _VNI_TONES), "")
    horn = "\u031b" in marks
    written = _VNI_WHOLE[{"o": "ơ", "u": "ư"}[base.lower()]] if horn else base
    sign = _VNI_HATS[hat][tone] if hat else _VNI_TONES.get(tone, "")
    return (written.upper() + sign.upper()) if letter != small else written + sign


@pytest.mark.parametrize("written", [in_tcvn3, in_vni])
def test_text_of_legacy_fonts_is_converted_and_counted(written) -> None:  # type: ignore[no-untyped-def]
    rows, converted = clean_rows([[written(text), 5, None] for text in SENTENCES])
    assert [row[0] for row in rows] == list(SENTENCES)
    assert converted == len(SENTENCES)


@pytest.mark.parametrize("written", [in_tcvn3, in_vni])
def test_a_word_that_reads_well_either_way_follows_its_column(written) -> None:  # type: ignore[no-untyped-def]
    words = sorted({word for text in SENTENCES for word in text.split()})
    rows, _ = clean_rows([[written(word)] for word in words])
    assert [row[0] for row in rows] == words


def test_capitals_of_the_capital_font_stay_capitals() -> None:
    assert clean_text("NHµ NGHØ Hå T¢Y", Font.TCVN3) == "NHÀ NGHỈ HỒ TÂY"


@pytest.mark.parametrize("text", [*SENTENCES, "Chùa Láng", "Hà Nội", "Café Paris", "São Paulo", "Pokémon",
    "© 2020 ABC ®", "Massage Thái Lan", "CÀ PHÊ", "Thông báo", "Hoà Bình", "5 m² “đẹp”", "36°5'"])  # fmt: skip
def test_good_text_stays_as_it_is(text: str) -> None:
    assert clean_rows([[text]]) == ([[text]], 0)


@given(st.lists(st.sampled_from(SENTENCES), min_size=1), st.sampled_from([in_tcvn3, in_vni]))
def test_unicode_beside_legacy_text_is_never_touched(texts, written) -> None:  # type: ignore[no-untyped-def]
    rows, _ = clean_rows([[text, written(SENTENCES[2])] for text in texts])
    assert [row[0] for row in rows] == texts


@given(st.text(max_size=60))
def test_any_text_is_cleaned_to_composed_single_spaced_text_once(text: str) -> None:
    cleaned = clean_text(text)
    assert clean_text(cleaned) == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    assert "  " not in cleaned


def test_syllables_are_told_from_what_only_looks_like_them() -> None:
    assert all(is_syllable(word) for word in ("nghỉ", "khuyết", "quỳnh", "thuở", "giữ", "gì", "Đông", "ương"))
    assert not any(is_syllable(word) for word in ("nghổ", "kà", "cet", "phòc", "karaoke", "hotel", ""))


@pytest.mark.parametrize(
    "name",
    [
        "Hộ kinh doanh Nguyễn Văn A", "HỘ KINH DOANH NGUYỄN VĂN AN", "hộ kinh doanh nguyen van an",
        "HKD Trần Thị Bình", "Hộ KD bà Lê Thị Hoa", "Hộ kinh doanh bà Lan",
        "Hộ kinh doanh nhà nghỉ Nguyễn Thị Lan",
        "Nguyễn Văn An", "Nhà nghỉ Nguyễn Thị Lan", "Cơ sở Nguyễn Thị Hà", "Hộ kinh doanh ông Trần Văn Tuấn",
    ],
)  # fmt: skip
def test_a_name_that_is_only_a_person_is_left_empty(name: str) -> None:
    assert without_persons(name) == ""


@pytest.mark.parametrize(
    "name",
    [
        "Nhà nghỉ Hoa Sen", "Hộ kinh doanh Hoa Sen", "Karaoke Hoàng Gia", "Hộ kinh doanh Karaoke Hoàng Gia",
        "Nhà nghỉ Bà Triệu", "Karaoke Trần Phú", "Quán cà phê Nguyễn Du", "Hoàng Anh Spa", "Karaoke Cô Ba",
        "Khách sạn Lá Phong Giả Định 109", "Massage 3/2", "Lê Lai",
    ],
)  # fmt: skip
def test_a_business_named_like_a_street_or_a_flower_keeps_its_name(name: str) -> None:
    assert without_persons(name) == name


def test_a_person_beside_the_name_of_a_business_is_taken_out() -> None:
    assert without_persons("Nhà nghỉ Hoa Sen (bà Trần Thị Bích)") == "Nhà nghỉ Hoa Sen"
    assert without_persons("Nhà nghỉ Hoa Sen - Nguyễn Văn Bình") == "Nhà nghỉ Hoa Sen"
    assert without_persons("Hộ kinh doanh Phạm Văn Tú - Xoa bóp Ánh Dương") == "Xoa bóp Ánh Dương"
    assert without_persons("Nhà nghỉ Hoa Sen 0912 345 678") == "Nhà nghỉ Hoa Sen"


def test_an_address_keeps_its_street_and_loses_its_telephone_and_people() -> None:
    assert without_personal_data("Số 5 Quang Trung (ĐT: 0912345678)") == "Số 5 Quang Trung"
    assert "Lan" not in without_personal_data("nhà bà Lan, số 5 Quang Trung")
    for address in (
        "Số 163 Phố Nguyễn Văn Lộc, Hà Đông",
        "12 Bà Triệu",
        "Số 41 ngõ 28 Chu Văn An",
        "Km 10 QL6",
    ):
        assert without_personal_data(address) == address


def test_what_is_shown_of_a_refused_cell_is_masked() -> None:
    for value in ("0912 345 678", 123456789012, "001 064 733 374", "Nguyễn Văn An", "a@example.org"):
        assert masked(value) == MASK
    assert masked("Tạp hóa") == "Tạp hóa"
    assert masked("30/02/2021") == "30/02/2021"
    assert masked(20.973528) == "20.973528"


def test_a_column_of_people_is_known_by_its_content() -> None:
    assert personal_column(["Nguyễn Văn An", "Trần Thị Bình", None, "Lê Văn Cường"])
    assert personal_column([912345678, "0987 654 321", None])
    assert personal_column(["001064733374", "001064733375"])
    assert not personal_column(["Trần Phú", "Lê Lợi", "Quang Trung"])
    assert not personal_column(["Tốt", "Khá", None, 12])
    assert not personal_column([None, None])


@given(st.text(max_size=80))
def test_taking_people_out_never_breaks_and_is_done_once(text: str) -> None:
    cleaned = clean_text(text)
    assert without_personal_data(without_personal_data(cleaned)) == without_personal_data(cleaned)
    without_persons(cleaned)
    is_person(cleaned)
    masked(cleaned)
