"""Every sentence can be read in Vietnamese and in English, and numbers and dates look as people write them."""

from __future__ import annotations

import string
from datetime import UTC, date, datetime
from enum import StrEnum

import pytest

from app.text import _, english, label, number, render, set_language, show, speaking
from app.text.update import sentences, untranslated
from geo import words
from geo.messages import msg


def slots(text: str) -> set[str]:
    return {name for _before, name, _spec, _conversion in string.Formatter().parse(text) if name}


def test_every_sentence_has_an_english_translation() -> None:
    assert untranslated() == []


def test_a_translation_keeps_the_slots_of_its_sentence() -> None:
    wrong = {text: there for text, there in english().items() if slots(text) != slots(there)}
    assert wrong == {}


def test_the_catalog_holds_nothing_that_the_code_no_longer_says() -> None:
    assert set(english()) - sentences() == set()


def test_every_word_of_the_vocabularies_has_a_label() -> None:
    kinds = [kind for kind in vars(words).values() if isinstance(kind, type) and issubclass(kind, StrEnum)]
    for kind in kinds:
        for word in kind:
            assert label(word)


def test_words_that_are_spelt_alike_keep_their_own_label() -> None:
    assert label(words.PremisesStatus.CLOSED) == "đã đóng cửa"
    assert label(words.AlertState.CLOSED) == "đã khép lại"
    assert label(words.PlanState.CLOSED) == "đã kết thúc"


@pytest.mark.parametrize(
    "value, vi",
    [
        (date(2026, 3, 9), "09/03/2026"),
        (datetime(2026, 3, 9, 13, 5, tzinfo=UTC), "09/03/2026 20:05"),
        (1234.5, "1.234,5"),
        (12345, "12.345"),
        (2026, "2026"),
        (None, ""),
        (float("nan"), ""),
        (True, "có"),
        (words.HotspotState.ACTIVE, "đang phức tạp"),
    ],
)
def test_values_are_shown_as_people_write_them(value: object, vi: str) -> None:
    with speaking("vi"):
        assert show(value) == vi


def test_english_writes_numbers_its_own_way() -> None:
    with speaking("en"):
        assert number(1234.5) == "1,234.5"
        assert label(words.PremisesType.HOTEL) == "hotel"


def test_a_stored_sentence_is_read_back_in_the_readers_language() -> None:
    stored = msg("{n} cảnh báo", n=3).to_json()
    assert render(stored) == "3 cảnh báo"


def test_two_people_read_two_languages_at_once() -> None:
    set_language("vi")
    with speaking("en"):
        inside = _("Bản đồ")
    assert (inside, _("Bản đồ")) == ("Map", "Bản đồ")
