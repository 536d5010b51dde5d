"""Names are found despite typing errors, and never taken for a neighbour."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.address_match import NameIndex

STREETS = [
    "Quang Trung", "Tô Hiệu", "Tố Hữu", "Lê Lợi", "Lê Lai", "Hà Trì", "Hà Cầu", "Nguyễn Trác", "Nguyễn Trực",
    "Nguyễn Văn Lộc", "Phùng Hưng", "Hoàng Đôn Hoà", "19 Tháng 5", "Vạn Phúc", "Đa Sỹ", "Xốm",
]  # fmt: skip
INDEX = NameIndex(STREETS)


def sure(text: str) -> list[str]:
    return [STREETS[match.place] for match in INDEX.find(text) if match.sure]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("quang trung", "Quang Trung"),
        ("QUANG TRUNG", "Quang Trung"),
        ("Quang Trug", "Quang Trung"),
        ("Qunag Trung", "Quang Trung"),
        ("Quan Trung", "Quang Trung"),
        ("Quangtrung", "Quang Trung"),
        ("Quang Trungg", "Quang Trung"),
        ("da sy", "Đa Sỹ"),
        ("Lê Lợii", "Lê Lợi"),
        ("Phùng Hưg", "Phùng Hưng"),
        ("xm", "Xốm"),
        ("Nguyen Van Loc", "Nguyễn Văn Lộc"),
        ("Ng. Văn Lộc", "Nguyễn Văn Lộc"),
        ("Nguyễ Văn Lộc", "Nguyễn Văn Lộc"),
        ("Hoàng Đôn Hòa", "Hoàng Đôn Hoà"),
        ("19/5", "19 Tháng 5"),
        ("19 thang 5", "19 Tháng 5"),
    ],
)
def test_typing_errors_do_not_hide_a_name(written: str, meant: str) -> None:
    assert sure(written) == [meant]


@pytest.mark.parametrize(
    "other",
    ["Nguyễn Trãi", "nguyen trai", "Lê Lễ", "Văn Phú", "Tô Hữu Lê", "Hà Tri Phương", "Xóc", "Phú La", "", "?"],
)
def test_another_name_is_not_taken_for_a_similar_one(other: str) -> None:
    assert sure(other) == []


def test_a_similar_name_is_shown_with_its_similarity() -> None:
    best = INDEX.find("Nguyễn Trãi")[0]
    assert STREETS[best.place] in {"Nguyễn Trác", "Nguyễn Trực"}
    assert 70 <= best.similarity < 100


def test_marks_decide_between_names_that_fold_alike() -> None:
    index = NameIndex(["Văn La", "Văn Lã"])
    assert [match.place for match in index.find("Văn Lã")] == [1]
    assert [match.place for match in index.find("van la")] == [0, 1]


@given(st.text(max_size=40))
def test_any_text_can_be_looked_up(text: str) -> None:
    assert all(0 <= match.similarity <= 100 for match in INDEX.find(text))
