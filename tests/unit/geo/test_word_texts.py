"""Every value of the closed vocabularies has one plain Vietnamese word of its own."""

from __future__ import annotations

from enum import StrEnum

import pytest

from geo import words
from geo.messages import Message, msg
from geo.word_texts import word_text

VOCABULARIES = [
    one
    for one in vars(words).values()
    if isinstance(one, type) and issubclass(one, StrEnum) and one is not StrEnum
]


@pytest.mark.parametrize("vocabulary", VOCABULARIES)
def test_every_value_has_a_word_of_its_own_in_its_vocabulary(vocabulary: type[StrEnum]) -> None:
    texts = [str(word_text(word)) for word in vocabulary]
    assert all(text and text == text.strip() for text in texts)
    assert len(set(texts)) == len(texts)
    assert not {word.value for word in vocabulary if "_" in word.value} & set(texts)


def test_the_words_are_those_that_officers_use() -> None:
    # Domain, section 11.
    states = ["nghi vấn", "đang phức tạp", "đã triệt xóa, đang theo dõi", "hết theo dõi", "tái hoạt động"]
    assert [str(word_text(state)) for state in words.HotspotState] == [*states, "không có căn cứ"]
    assert str(word_text(words.PremisesType.MASSAGE)) == "xoa bóp (massage)"
    assert str(word_text(words.Role.INSPECTOR)) == "thành viên Đội kiểm tra"


def test_nobody_is_called_an_inspector_of_the_state_or_by_another_word_than_the_law_s() -> None:
    for vocabulary in VOCABULARIES:
        for word in vocabulary:
            assert "thanh tra" not in str(word_text(word)).casefold()
            assert "gái" not in str(word_text(word)).casefold().split()


def test_two_vocabularies_with_one_value_keep_their_own_words() -> None:
    assert words.LicenceKind.FIRE == words.FindingKind.FIRE
    assert word_text(words.LicenceKind.FIRE) != word_text(words.FindingKind.FIRE)


def test_a_word_of_no_vocabulary_is_refused() -> None:
    class Other(StrEnum):
        KARAOKE = "karaoke"

    with pytest.raises(KeyError):
        word_text(Other.KARAOKE)


def test_a_sentence_keeps_its_words_when_stored() -> None:
    sentence = msg("{kind}: {n}", kind=word_text(words.LicenceKind.SECURITY), n=3)
    assert Message.from_json(sentence.to_json()) == sentence
    raw = msg("{kind}", kind=words.LicenceKind.FIRE)
    assert Message.from_json(raw.to_json()).values["kind"] is words.LicenceKind.FIRE
