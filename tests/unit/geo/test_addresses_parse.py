"""Written addresses are taken apart as people in Hà Đông mean them."""

from __future__ import annotations

from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.address_parts import ParsedAddress, parse_address
from geo.address_words import UnitNames, bare_unit_name
from tests.unit.geo.address_table import TABLE, WARDS, Expected

KNOWN = UnitNames(WARDS)
_WORD_TEXT = (
    "số ngõ ngách hẻm đường phố P. Đ. Q. TP tổ TDP KĐT lô LK thôn chung cư toà Km QL6 Hà Đông Quang Trung Lê "
    "Lợi 12 12/34 5A , - ( ) / . phường quận Hà Nội Xốm to ngo quan xa duong P.5 đối diện"
)
WORDS = _WORD_TEXT.split(" ")
#: Any text, and texts of the words that mean something.
ADDRESSES = st.one_of(st.text(max_size=80), st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join))


def filled(parsed: ParsedAddress) -> Expected:
    return {name: value for name, value in asdict(parsed).items() if value and name != "bare_ward"}


def test_the_table_is_as_long_as_promised() -> None:
    assert len({text for text, _ in TABLE}) >= 120


@pytest.mark.parametrize(("text", "expected"), TABLE)
def test_addresses_of_the_table_are_read_as_written_there(text: str, expected: Expected) -> None:
    assert filled(parse_address(text, KNOWN)) == expected


def test_without_known_wards_the_announced_ones_are_still_read() -> None:
    parsed = parse_address("Số 5 ngõ 12 phố Lê Lợi, P. Hà Cầu, Q. Hà Đông, TP. Hà Nội")
    assert filled(parsed) == {
        "house": "5", "alley": "12", "street": "Lê Lợi",
        "ward": "Hà Cầu", "district": "Hà Đông", "city": "Hà Nội",
    }  # fmt: skip


def test_a_ward_without_its_kind_is_marked_as_less_certain() -> None:
    assert parse_address("12 Lê Lợi, Hà Cầu", KNOWN).bare_ward
    assert not parse_address("12 Lê Lợi, phường Hà Cầu", KNOWN).bare_ward


def test_hà_đông_is_the_ward_only_where_such_a_ward_is_known() -> None:
    old_wards = UnitNames(["Phường Hà Cầu", "Phường Quang Trung"])
    assert parse_address("12 Lê Lợi, Hà Đông", old_wards).district == "Hà Đông"
    assert parse_address("12 Lê Lợi, Hà Đông", KNOWN).ward == "Hà Đông"


@given(ADDRESSES)
def test_any_text_can_be_read(text: str) -> None:
    parsed = parse_address(text, KNOWN)
    assert all(isinstance(value, str) for name, value in asdict(parsed).items() if name != "bare_ward")
    assert parse_address(text, KNOWN) == parsed


def test_a_very_long_text_is_read_in_no_time() -> None:
    assert parse_address("1" * 100_000 + " Quang Trung " * 10_000, KNOWN).house == ""


@pytest.mark.parametrize(
    ("name", "bare"),
    [("Phường Hà Cầu", "Hà Cầu"), ("XÃ Đại Thanh", "Đại Thanh"), ("Phường 5", "5"), ("Hà Cầu", "Hà Cầu")],
)
def test_the_kind_of_a_unit_is_no_part_of_its_name(name: str, bare: str) -> None:
    assert bare_unit_name(name) == bare
