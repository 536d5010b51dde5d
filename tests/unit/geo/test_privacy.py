"""Free text speaks of places: what is about a person is found and masked, what only looks like it passes."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.privacy import MASK, HitKind, mask, personal_data
from tests.benchmarks.privacy import items_of, sentences_in, sentences_of, unmarked
from tests.unit.geo.privacy_sentences import PERSONAL, SETS

FRAGMENTS = st.sampled_from(
    [
        "ông ",
        "Bà ",
        "anh ",
        "Nguyễn ",
        "Văn ",
        "Hùng",
        "0912",
        "345",
        "678",
        "+84",
        "CCCD ",
        "001187012345",
        "30A-",
        "123.45",
        "@gmail.com",
        "lan",
        ".",
        "-",
        " ",
        "\n",
        "phố ",
        "Bà Triệu",
        "\u200b",
        "́",
        "ｏ",
        "０９",
        "đồng",
        "20.97",
        "/QĐ",
        "(",
        ")",
        "họ tên: ",
        "CHỊ ",
        "a. ",
        "█",
    ]
)
TYPED = st.lists(FRAGMENTS, max_size=25).map("".join)


def kinds(text: str) -> list[HitKind]:
    return [hit.kind for hit in personal_data(text)]


def test_the_labelled_sentences_are_told_apart_as_well_as_promised() -> None:
    every = sentences_in()
    traps = sum(len(group) for _, groups in SETS.values() for group in groups.values())
    assert len(every) >= 300 and traps >= len(every) / 2
    for count in (sentences_of(every), items_of(every)):
        figures = count.to_json()
        assert figures["recall"] >= 0.97, count.missed
        assert figures["precision"] >= 0.90, count.stopped


def test_sentences_that_the_rules_were_mended_on_stay_told_apart() -> None:
    count = items_of(sentences_in("first", "later", "third", "varied"))
    assert count.to_json()["recall"] >= 0.99, count.missed
    assert count.to_json()["precision"] >= 0.99, count.stopped


def test_sentences_that_the_rules_were_never_mended_on_are_told_apart_nearly_as_well() -> None:
    figures = sentences_of(sentences_in("held_out")).to_json()
    assert figures["recall"] >= 0.95
    assert figures["precision"] >= 0.90


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("0912 345 678", HitKind.PHONE),
        ("+84.912.345.678", HitKind.PHONE),
        ("0243 354 1122", HitKind.PHONE),
        ("０９１２３４５６７８", HitKind.PHONE),
        ("09\u200b12345678", HitKind.PHONE),
        ("012345678", HitKind.IDENTITY),
        ("001187012345", HitKind.IDENTITY),
        ("001 187 012 345", HitKind.IDENTITY),
        ("a.b@c.vn", HitKind.EMAIL),
        ("30A-123.45", HitKind.PLATE),
        ("ông Hùng", HitKind.NAME),
        ("họ tên: Bùi Thị Xoan", HitKind.NAME),
    ],
)
def test_each_kind_of_personal_data_is_named(text: str, kind: HitKind) -> None:
    assert kinds(text) == [kind]
    assert kinds(f"Ghi chú: {text}, đã báo.") == [kind]


def test_a_household_tax_code_is_an_identity_number_and_an_enterprise_code_is_not() -> None:
    assert kinds("MST 001085023456") == [HitKind.IDENTITY]
    assert kinds("MST 0101234567") == []
    assert kinds("MST 0101234567-001") == []
    assert kinds("Mã số thuế: 0312345678") == []


@pytest.mark.parametrize(
    "text",
    [
        "Ngày 02.03.2024 - 123 lượt",
        "21:30 09/03/2025 - 12 345",
        "20.971234, 105.778456",
        "Phạt 123.456.789.012 đồng",
        "150000000000 VND",
        "Quyết định 0912/2024/QĐ-UBND",
    ],
)
def test_dates_times_coordinates_and_money_are_nobody_s_numbers(text: str) -> None:
    assert kinds(text) == []


def test_decomposed_text_is_read_like_composed_text() -> None:
    for sentence in ("Bà Trần Thị Lan vắng mặt", "Chủ cơ sở Vũ Thị Kim Oanh", "phố Bà Triệu", "Gặp anh Tuấn"):
        pulled_apart = unicodedata.normalize("NFD", sentence)
        assert kinds(pulled_apart) == kinds(sentence)
        for hit, composed in zip(personal_data(pulled_apart), personal_data(sentence), strict=True):
            found = pulled_apart[hit.start : hit.end]
            assert unicodedata.normalize("NFC", found) == sentence[composed.start : composed.end]


def test_a_street_named_after_a_person_is_a_place_and_a_person_with_that_name_is_not() -> None:
    assert kinds("45 phố Bà Triệu") == []
    assert kinds("Dọc Lê Trọng Tấn có hai quán") == []
    assert kinds("gặp bà Triệu ở quầy") == [HitKind.NAME]
    assert kinds("Chủ hộ Lê Trọng Tấn vắng mặt") == [HitKind.NAME]


def test_masked_text_keeps_what_is_about_the_place() -> None:
    text = "Nhà nghỉ Hoàng Anh, 12 phố Bà Triệu: ông Nguyễn Văn Hùng, số 0912 345 678, hẹn 05/06/2025."
    assert mask(text) == f"Nhà nghỉ Hoàng Anh, 12 phố Bà Triệu: {MASK}, số {MASK}, hẹn 05/06/2025."


@given(TYPED | st.text(max_size=80))
def test_any_text_is_searched_without_an_error_and_every_hit_lies_in_it(text: str) -> None:
    hits = personal_data(text)
    ends = 0
    for hit in hits:
        assert ends <= hit.start < hit.end <= len(text)
        assert text[hit.start : hit.end].strip()
        ends = hit.end


@given(TYPED | st.text(max_size=80))
def test_nothing_is_found_in_masked_text(text: str) -> None:
    masked = mask(text)
    assert personal_data(masked) == []
    if not personal_data(text):
        assert masked == text


@pytest.mark.parametrize("kind", ["phone", "identity", "email", "plate"])
def test_no_character_of_a_number_or_address_survives_masking(kind: str) -> None:
    for sentence in PERSONAL[kind]:
        text, items = unmarked(sentence)
        around = [text[place] for place in _outside(items, len(text)) if text[place].isalnum()]
        assert [one for one in mask(text) if one.isalnum()] == around, sentence


def _outside(items: list[tuple[int, int]], size: int) -> list[int]:
    return [place for place in range(size) if not any(start <= place < end for start, end in items)]


def test_a_long_text_is_searched_quickly() -> None:
    # Whatever someone pastes: the time grows with the length, so no pattern may explode.
    for piece in ("0 ", "a" * 50 + " ", "Nguyễn ", "ông ", "0912.", "1" * 30, "A.B-", "(", "phố Bà "):
        assert isinstance(personal_data(piece * (4000 // len(piece))), list)
