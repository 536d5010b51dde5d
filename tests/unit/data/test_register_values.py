"""What the cells of a register say: dates, kinds, counts, states, coordinates, registration numbers."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.importers.coordinates import parse_joined, parse_pair, to_lonlat
from data.importers.registration import Registration, hasher, paper_number, parse_registration
from data.importers.values import BadCell, parse_count, parse_date, parse_mark, parse_status, parse_type
from geo.words import PremisesStatus, PremisesType

HASH = hasher(b"a key for tests")


@pytest.mark.parametrize(
    ("written", "day"),
    [
        (date(2020, 2, 29), date(2020, 2, 29)),
        ("29/02/2020", date(2020, 2, 29)),
        ("1/2/2020", date(2020, 2, 1)),
        ("01-02-2020", date(2020, 2, 1)),
        ("1.2.2020", date(2020, 2, 1)),
        ("2020-02-01", date(2020, 2, 1)),
        ("2020-02-01 00:00:00", date(2020, 2, 1)),
        ("5/6/19", date(2019, 6, 5)),
        ("ngày 5 tháng 6 năm 2019", date(2019, 6, 5)),
        ("05/2019", date(2019, 5, 1)),
        ("2019", date(2019, 1, 1)),
        (2019, date(2019, 1, 1)),
        (43831, date(2020, 1, 1)),
        ("43831", date(2020, 1, 1)),
        ("05062019", date(2019, 6, 5)),
        ("vô thời hạn", None),
        ("-", None),
        (None, None),
    ],
)
def test_a_date_is_read_in_every_usual_spelling(written: Any, day: date | None) -> None:
    assert parse_date(written) == day


@pytest.mark.parametrize(
    "written", ["30/02/2021", "31/04/2020", "12/25/2020", "mai", "32/01/2020", 7, True, "0"]
)
def test_an_impossible_date_is_named(written: Any) -> None:
    if written == "0":
        written = "00/00/2020"
    with pytest.raises(BadCell) as bad:
        parse_date(written)
    assert bad.value.code == "bad_date"


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("nhà nghỉ", PremisesType.GUESTHOUSE),
        ("NHÀ NGHỈ", PremisesType.GUESTHOUSE),
        ("nha nghi", PremisesType.GUESTHOUSE),
        ("Kinh doanh dịch vụ lưu trú", PremisesType.GUESTHOUSE),
        ("KS", PremisesType.HOTEL),
        ("Khách sạn 2 sao", PremisesType.HOTEL),
        ("karaoke", PremisesType.KARAOKE),
        ("DV karaoke", PremisesType.KARAOKE),
        ("xoa bóp", PremisesType.MASSAGE),
        ("cơ sở xoa bóp", PremisesType.MASSAGE),
        ("xoa bóp (massage)", PremisesType.MASSAGE),
        ("Massage", PremisesType.MASSAGE),
        ("vũ trường", PremisesType.DANCE_HALL),
        ("quán bar", PremisesType.BAR),
        ("phòng trọ, căn hộ cho thuê", PremisesType.RENTED_ROOMS),
        ("cà phê", PremisesType.CAFE),
        ("dance_hall", PremisesType.DANCE_HALL),
        ("nhà nghỉ, karaoke", PremisesType.GUESTHOUSE),
    ],
)
def test_a_kind_is_known_by_its_synonyms(written: str, kind: PremisesType) -> None:
    assert parse_type(written) is kind


@pytest.mark.parametrize(
    ("written", "code"), [("Tạp hóa", "unknown_type"), ("Barber", "unknown_type"), (None, "no_type")]
)
def test_an_unknown_kind_is_named(written: str | None, code: str) -> None:
    with pytest.raises(BadCell) as bad:
        parse_type(written)
    assert bad.value.code == code


def test_counts_are_whole_numbers_with_or_without_a_word() -> None:
    assert [parse_count(c) for c in (12, 12.0, "12", "12 phòng", "1.200", None, "-")] == [
        12,
        12,
        12,
        12,
        1200,
        None,
        None,
    ]
    for bad in ("nhiều", "10-12", -1, 1.5, True, 10**9):
        with pytest.raises(BadCell):
            parse_count(bad)


def test_states_are_known_in_the_words_of_offices() -> None:
    assert parse_status("Đang hoạt động") is PremisesStatus.ACTIVE
    assert parse_status("tạm ngừng") is PremisesStatus.SUSPENDED
    assert parse_status("Đã đóng cửa") is PremisesStatus.CLOSED
    assert parse_status(None) is None
    with pytest.raises(BadCell):
        parse_status("đang sửa chữa")


def test_marks_say_yes_no_or_something_else() -> None:
    assert [parse_mark(c) for c in ("x", "Có", "Chưa", "không", None, True, "12/GP")] == [
        True, True, False, False, False, True, None
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (20.973528, 105.778952),
        ("20.973528", "105.778952"),
        ("20,973528", "105,778952"),
        ("20.973.528", "105.778.952"),
        ("20°58'24.70\"N", "105°46'44.23\"E"),
        ("20° 58' 24,70\" B", "105° 46' 44,23\" Đ"),
        ("20°58.41168'", "105°46.73712'"),
    ],
)
def test_one_point_in_every_spelling(first: Any, second: Any) -> None:
    for swapped, pair in ((False, (first, second)), (True, (second, first))):
        found = parse_pair(*pair, lat_first=True)
        assert found is not None
        assert (found.x, found.y) == pytest.approx((105.778952, 20.973528), abs=1e-5)
        assert found.swapped is swapped
        joined = parse_joined("; ".join(map(str, pair)))
        assert joined is not None
        assert (joined.x, joined.y) == pytest.approx((found.x, found.y))


def test_vn2000_metres_are_known_by_their_size_and_turned_into_degrees() -> None:
    # Easting 580,929.46 and northing 2,319,843.29 in EPSG:5897, computed with PROJ from 105.778952, 20.973528.
    from pyproj import Transformer

    x, y = Transformer.from_crs("EPSG:4326", "EPSG:5897", always_xy=True).transform(105.778952, 20.973528)
    for pair in ((x, y), (y, x), (f"{y:.2f}".replace(".", ","), f"{x:,.2f}")):
        found = parse_pair(*pair, lat_first=None)
        assert found is not None and found.metric and not found.swapped
        assert to_lonlat([found])[0] == pytest.approx((105.778952, 20.973528), abs=1e-6)


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [
        (1, 2, "bad_coordinates"),
        (20.97, 20.98, "bad_coordinates"),
        ("abc", "105.7", "bad_coordinates"),
        (48.85, 2.35, "bad_coordinates"),
        (20.97, None, "half_coordinates"),
        ("20°75'", "105°46'", "bad_coordinates"),
    ],
)
def test_coordinates_that_are_no_place_in_the_country_are_named(first: Any, second: Any, code: str) -> None:
    with pytest.raises(BadCell) as bad:
        parse_pair(first, second, lat_first=True)
    assert bad.value.code == code


def test_no_coordinates_and_zeros_are_no_point() -> None:
    assert parse_pair(None, None, lat_first=True) is None
    assert parse_pair(0, 0, lat_first=True) is None
    assert parse_joined("-") is None


@pytest.mark.parametrize("number", ["01H8543125", "0101234567", "0101234567-001", "41A8012345", "12/GP-UBND"])
def test_numbers_of_businesses_stay(number: str) -> None:
    assert parse_registration(number, HASH) == Registration(number=number)


@pytest.mark.parametrize(
    "written",
    ["001064733374", "001 064 733 374", "CCCD 001064733374", "'001064733374", 1064733374, 1064733374.0],
)
def test_a_twelve_digit_number_is_a_person_and_only_its_hash_stays(written: Any) -> None:
    found = parse_registration(written, HASH)
    assert found == Registration(hash=HASH("001064733374"))
    assert "1064733374" not in repr(found)
    assert paper_number(written) is None


def test_a_lone_nine_digit_number_is_a_person_too() -> None:
    assert parse_registration("012345678", HASH) == Registration(hash=HASH("012345678"))


def test_an_enterprise_code_that_lost_its_zero_in_a_number_cell_gets_it_back() -> None:
    # 0100109106 is a code with a right check digit (weights 31 29 23 19 17 13 7 5 3, modulo 11).
    assert parse_registration(100109106, HASH) == Registration(number="0100109106")
    assert parse_registration(100109107, HASH).hash is not None


def test_a_telephone_in_a_number_column_is_not_kept() -> None:
    assert parse_registration("0912345678", HASH) == Registration()


def test_the_hash_depends_on_the_key_of_the_database() -> None:
    assert HASH("001064733374") == hasher(b"a key for tests")("001064733374")
    assert HASH("001064733374") != hasher(b"another")("001064733374")


CELLS = st.one_of(
    st.none(),
    st.text(max_size=40),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.dates(),
)


@given(CELLS, CELLS)
def test_any_cell_is_read_or_named_and_never_breaks(one: Any, other: Any) -> None:
    for parse in (parse_date, parse_type, parse_count, parse_status, parse_joined):
        try:
            parse(one)
        except BadCell as bad:
            assert str(bad.message)
    try:
        parse_pair(one, other, lat_first=True)
    except BadCell as bad:
        assert str(bad.message)
    parse_mark(one)
    found = parse_registration(one, HASH)
    assert found.number is None or found.hash is None
