"""What is typed into the search box finds an address, whether or not either names the kind of street."""

from __future__ import annotations

import unicodedata

import pandas as pd
import pytest

from app.parts.choices import matches, search_words
from geo.fold import fold

PLACES = ["Nhà nghỉ An, 12 Quang Trung", "Karaoke Bình, 3 Phố Xốm", "Quán Cam, Dương Nội", "Quán Đào, Hà Nội"]


def found(typed: str) -> list[int]:
    texts = pd.Series([fold(place) for place in PLACES])
    return [int(i) for i in texts.index[matches(texts, search_words(typed))]]


@pytest.mark.parametrize(
    ("typed", "places"),
    [
        ("duong quang trung", [0]),
        ("đường Quang Trung", [0]),
        (unicodedata.normalize("NFD", "Đường Quang Trung"), [0]),
        ("phố xốm", [1]),
        ("pho xom", [1]),
        ("duong noi", [2]),
        ("Dương Nội", [2]),
        ("phố", [1]),
        ("đường lê lợi", []),
        ("", [0, 1, 2, 3]),
    ],
)
def test_the_kind_of_street_may_be_typed_or_left_out(typed: str, places: list[int]) -> None:
    assert found(typed) == places
