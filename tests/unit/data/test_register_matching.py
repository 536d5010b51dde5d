"""Rows are known again by id, registration or name and address; likely duplicates are shown, nothing else."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from data.importers.entries import Entry
from data.importers.likeness import likeness, similarity
from data.importers.matching import Known, find_duplicates, match_entries
from data.importers.registration import Registration
from geo.words import PremisesType


def entry(
    row: int, name: str, address: str = "Số 5 Phố Giả", number: str | None = None, id: str | None = None
) -> Entry:
    return Entry(row, name, PremisesType.HOTEL, address, id=id, registration=Registration(number))


def known(id: str, name: str, address: str = "Số 5 Phố Giả", number: str | None = None) -> Known:
    return Known(id, name, address, number, None)


def matched(entries: list[Entry], register: list[Known]) -> list[str | None]:
    return [group.known for group in match_entries(entries, register)]


def test_an_id_goes_before_a_registration_and_that_before_a_name() -> None:
    register = [known("p1", "Nhà nghỉ A", number="R1"), known("p2", "Nhà nghỉ B"), known("p3", "Nhà nghỉ C")]
    entries = [
        entry(2, "Nhà nghỉ Mới", id="p1"),
        entry(3, "Nhà nghỉ a'", number="R1"),
        entry(4, "NHA NGHI B"),
        entry(5, "Nhà nghỉ D"),
    ]
    assert matched(entries, register) == ["p1", None, "p2", None]


def test_one_registration_at_another_place_under_another_name_is_another_premises() -> None:
    register = [known("p1", "Karaoke Ngọc Bích", "Số 40 Phan Kế Toại", "R1")]
    assert matched([entry(2, "Massage Ánh Dương", "334 Trần Phú", "R1")], register) == [None]
    assert matched([entry(2, "Karaoke Ngọc Bích", "Số 2 Lê Lợi", "R1")], register) == ["p1"]
    assert matched([entry(2, "Karaoke Sao Mai", "40 Phan Kế Toại", "R1")], register) == ["p1"]


def test_two_premises_under_one_registration_are_told_apart_in_any_order() -> None:
    register = [
        known("p1", "Karaoke Sao", "Số 1 Lê Lợi", "R"),
        known("p2", "Karaoke Sao 2", "Số 9 Lê Lợi", "R"),
    ]
    entries = [entry(2, "Karaoke Sao 2", "Số 9 Lê Lợi", "R"), entry(3, "Karaoke Sao", "Số 1 Lê Lợi", "R")]
    assert matched(entries, register) == ["p2", "p1"]
    assert matched(entries[::-1], register) == ["p1", "p2"]


def test_a_row_that_repeats_another_is_one_premises_with_it() -> None:
    entries = [
        entry(2, "Nhà nghỉ A"),
        entry(3, "NHÀ NGHỈ  A"),
        entry(4, "Nhà nghỉ A", number="R2"),
        entry(5, "B"),
    ]
    groups = match_entries(entries, [])
    assert [[e.row for e in group.entries] for group in groups] == [[2, 3, 4], [5]]
    duplicates = find_duplicates(groups, [])
    assert [(d.row, d.other_row, d.similarity) for d in duplicates] == [(3, 2, 1.0), (4, 2, 1.0)]


def test_rows_of_one_name_with_two_registrations_stay_two() -> None:
    entries = [entry(2, "Nhà nghỉ A", number="R1"), entry(3, "Nhà nghỉ A", number="R2")]
    groups = match_entries(entries, [])
    assert len(groups) == 2
    assert [(d.row, d.other_row) for d in find_duplicates(groups, [])] == [(3, 2)]


def test_the_same_place_under_a_slightly_different_name_is_shown() -> None:
    groups = match_entries([entry(2, "Nhà nghỉ Hoa Sen", "Số 5 Phố Quang Trung, Hà Đông")], [])
    for name, address in (
        ("NN Hoa Sen", "5 Quang Trung"),
        ("Nhà nghỉ Hoa Senn", "Số 5 đường Quang Trung, P. Hà Đông"),
    ):
        (found,) = find_duplicates(groups, [known("p1", name, address)])
        assert (found.row, found.premises, found.other_row) == (2, "p1", None)
        assert found.similarity > 0.85


def test_another_house_or_another_name_is_not_shown() -> None:
    groups = match_entries([entry(2, "Nhà nghỉ Hoa Sen", "Số 5 Phố Quang Trung")], [])
    others = [
        known("p1", "Nhà nghỉ Hoa Sen", "Số 281 Phố Lê Lợi"),
        known("p2", "Karaoke Trúc Xanh", "Số 5 Phố Quang Trung"),
        known("p3", "Nhà nghỉ Mây", "Số 7 Phố Quang Trung"),
    ]
    assert find_duplicates(groups, others) == []


def test_a_premises_that_a_row_already_is_is_no_duplicate_of_it() -> None:
    register = [known("p1", "Nhà nghỉ Hoa Sen")]
    groups = match_entries([entry(2, "Nhà nghỉ Hoa Sen")], register)
    assert groups[0].known == "p1"
    assert find_duplicates(groups, register) == []


TEXTS = st.text(alphabet="aăâ bcđ 123/,.", max_size=30)


@given(TEXTS, TEXTS, TEXTS, TEXTS)
def test_likeness_is_the_same_both_ways_and_whole_for_equal_texts(a: str, b: str, c: str, d: str) -> None:
    one, other = likeness(a, b), likeness(c, d)
    assert similarity(one, other) == similarity(other, one)
    assert 0 <= similarity(one, other) <= 1


@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.sampled_from("xy"), st.sampled_from(["1", "2", None])), max_size=8
    )
)
def test_what_was_stored_is_matched_again_whatever_the_rows(rows: list[tuple[str, str, str | None]]) -> None:
    entries = [entry(i, f"Nhà nghỉ {n}", f"Số 1 {a}", r) for i, (n, a, r) in enumerate(rows)]
    first = match_entries(entries, [])
    stored = []
    for i, group in enumerate(first):
        last = group.entries[-1]
        number = next((e.registration.number for e in reversed(group.entries) if e.registration.number), None)
        stored.append(known(f"p{i}", last.name, last.address, number))
    again = match_entries(entries, stored)
    assert sorted(g.known or "" for g in again) == sorted(one.id for one in stored)
    taken = [g.known for g in again if g.known]
    assert len(taken) == len(set(taken))
