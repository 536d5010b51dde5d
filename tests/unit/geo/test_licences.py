"""Papers of premises: how each stands on a day, what is wrong with them, and what is not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from geo.address_words import UnitNames
from geo.licences import (
    POST_LICENCE_CHECK_MONTHS,
    Rules,
    hardly_recorded,
    law_of,
    needed_kinds,
    paper_problems,
    paper_states,
)
from geo.particulars import same_address, same_name
from geo.risk_settings import RequiredPaper
from geo.words import LicenceKind, PaperProblem, PaperState, PremisesType
from tests.unit.geo import frames as f

DAY = date(2026, 11, 24)
WARDS = UnitNames(["Hà Cầu", "Quang Trung", "Phường Hà Đông", "Vạn Phúc"])
REQUIRED = (
    RequiredPaper(LicenceKind.BUSINESS, ("guesthouse", "karaoke"), date(2010, 6, 1), None, "Luật A"),
    RequiredPaper(LicenceKind.SECURITY, ("guesthouse", "karaoke"), date(2016, 7, 1), None, "Nghị định 96/2016"),
    RequiredPaper(LicenceKind.KARAOKE, ("karaoke",), date(2019, 9, 1), None, "Nghị định 54/2019"),
)
RULES = Rules(REQUIRED, POST_LICENCE_CHECK_MONTHS, 0.0, WARDS)


def papers(*rows: Mapping[str, Any]) -> pd.DataFrame:
    """Papers with what they state, security certificates of ``p0`` unless given."""
    stated = ("stated_name", "stated_address", "stated_rooms")
    made = f.licences(*({k: v for k, v in row.items() if k not in stated} for row in rows))
    for name in stated:
        made[name] = pd.Series([row.get(name) for row in rows], dtype=object)
    return made


def guesthouse(**changes: Any) -> gpd.GeoDataFrame:
    return f.premises({"registration_number": "01H8543125", **changes})


def problems(
    premises: gpd.GeoDataFrame,
    licences: pd.DataFrame,
    inspections: gpd.GeoDataFrame | None = None,
    *,
    rules: Rules = RULES,
    day: date = DAY,
) -> list[dict[str, Any]]:
    checked = f.inspections() if inspections is None else inspections
    return list(paper_problems(premises, licences, checked, rules, day).to_dict("records"))


def codes(*args: Any, **options: Any) -> list[PaperProblem]:
    return [row["code"] for row in problems(*args, **options)]


# --- what is normal -------------------------------------------------------------------------------------------


def test_a_paper_without_a_term_is_in_force_for_good() -> None:
    assert codes(guesthouse(), papers({"issued_on": date(2001, 1, 1)})) == []


def test_a_paper_without_a_date_of_issue_is_a_paper() -> None:
    assert codes(guesthouse(), papers({"issued_on": pd.NaT})) == []


@pytest.mark.parametrize("status", ["closed", "suspended"])
def test_a_premises_that_does_not_run_needs_nothing(status: str) -> None:
    assert codes(guesthouse(status=status), papers({"withdrawn_on": date(2026, 1, 1)})) == []


def test_a_premises_that_opens_tomorrow_needs_nothing_today() -> None:
    assert codes(guesthouse(opened_on=date(2026, 11, 25)), papers()) == []


def test_a_paper_that_another_has_taken_the_place_of_is_no_problem() -> None:
    both = papers({"withdrawn_on": date(2024, 3, 1)}, {"issued_on": date(2024, 3, 1)})
    assert codes(guesthouse(), both) == []


def test_a_district_without_premises_or_papers_has_no_problem() -> None:
    assert problems(f.premises(), papers()) == []
    assert paper_states(papers(), DAY).empty


# --- states ---------------------------------------------------------------------------------------------------


def test_each_paper_has_a_state_and_the_last_day_of_a_term_still_counts() -> None:
    states = paper_states(
        papers(
            {},
            {"term_until": DAY},
            {"term_until": date(2026, 11, 23)},
            {"suspended_on": DAY, "term_until": date(2020, 1, 1)},
            {"withdrawn_on": DAY, "suspended_on": date(2020, 1, 1)},
            {"withdrawn_on": date(2026, 11, 25)},
        ),
        DAY,
    )
    assert list(states) == [
        PaperState.IN_FORCE,
        PaperState.IN_FORCE,
        PaperState.TERM_PASSED,
        PaperState.SUSPENDED,
        PaperState.WITHDRAWN,
        PaperState.IN_FORCE,
    ]


# --- missing --------------------------------------------------------------------------------------------------


def test_a_paper_that_the_type_needs_is_missing_since_the_law_asks_for_it() -> None:
    (row,) = problems(guesthouse(opened_on=date(2012, 1, 1)), papers())
    assert (row["code"], row["kind"], row["licence_id"]) == (PaperProblem.MISSING, LicenceKind.SECURITY, None)
    assert row["since"] == date(2016, 7, 1)
    assert row["law"] == "Nghị định 96/2016"
    assert "giấy chứng nhận đủ điều kiện về ANTT" in str(row["text"])


def test_a_later_opening_is_when_the_paper_went_missing() -> None:
    (row,) = problems(guesthouse(opened_on=date(2020, 5, 1)), papers())
    assert row["since"] == date(2020, 5, 1)


def test_nothing_is_missing_before_the_law_asks_for_it() -> None:
    assert codes(guesthouse(opened_on=date(2012, 1, 1)), papers(), day=date(2016, 6, 30)) == []


def test_a_law_that_has_ended_asks_for_nothing() -> None:
    ended = tuple(replace(paper, valid_to=date(2020, 12, 31)) for paper in REQUIRED)
    assert codes(guesthouse(), papers(), rules=replace(RULES, required=ended)) == []


def test_a_paper_issued_tomorrow_is_missing_today() -> None:
    assert codes(guesthouse(), papers({"issued_on": date(2026, 11, 25)})) == [PaperProblem.MISSING]


@pytest.mark.parametrize("number", [{"registration_number": "01H8543125"}, {"registration_hash": "ab12"}])
def test_a_number_in_the_register_is_a_registration_also_when_only_its_hash_is_kept(
    number: dict[str, str],
) -> None:
    assert codes(f.premises(number), papers({})) == []


def test_a_premises_without_number_or_paper_lacks_its_registration() -> None:
    (row,) = problems(f.premises({}), papers({}))
    assert (row["code"], row["kind"]) == (PaperProblem.MISSING, LicenceKind.BUSINESS)


def test_who_runs_without_any_registration_is_told_once_with_the_basis() -> None:
    hidden = f.premises({"type": "karaoke", "unregistered_basis": "Biên bản xác minh 12/BB"})
    (row,) = problems(hidden, papers())
    assert (row["code"], row["law"]) == (PaperProblem.UNREGISTERED, "Luật A")
    assert "12/BB" in str(row["text"])


def test_a_basis_of_old_says_nothing_once_the_premises_is_registered() -> None:
    assert codes(guesthouse(unregistered_basis="Biên bản 12/BB"), papers({})) == []


def test_a_register_that_hardly_holds_a_paper_says_nothing_of_its_absence() -> None:
    many = f.premises(*({"registration_number": f"MH-{n}"} for n in range(10)))
    careful = replace(RULES, recorded_share=0.3)
    two, three = papers({}, {"premises_id": "p1"}), papers({}, {"premises_id": "p1"}, {"premises_id": "p2"})
    assert codes(many, two, rules=careful) == []
    assert hardly_recorded(many, two, careful, DAY) == [LicenceKind.SECURITY]
    assert codes(many, three, rules=careful) == [PaperProblem.MISSING] * 7
    assert hardly_recorded(many, three, careful, DAY) == []


# --- withdrawn, suspended, term -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ending", "code", "since"),
    [
        ({"withdrawn_on": date(2026, 2, 3)}, PaperProblem.WITHDRAWN, date(2026, 2, 3)),
        ({"suspended_on": date(2026, 2, 3)}, PaperProblem.SUSPENDED, date(2026, 2, 3)),
        ({"term_until": date(2026, 2, 3)}, PaperProblem.TERM_PASSED, date(2026, 2, 4)),
    ],
)
def test_a_paper_that_is_no_longer_in_force_is_told_with_number_day_and_law(
    ending: dict[str, date], code: PaperProblem, since: date
) -> None:
    (row,) = problems(guesthouse(), papers({"number": "12/ANTT", **ending}))
    assert (row["code"], row["since"], row["law"]) == (code, since, "Nghị định 96/2016")
    assert row["licence_id"] == "l0"
    assert "12/ANTT" in str(row["text"])


def test_a_paper_that_the_type_does_not_need_is_told_without_a_law() -> None:
    cafe = f.premises({"type": "cafe", "registration_number": "MH-1"})
    (row,) = problems(cafe, papers({"withdrawn_on": date(2026, 2, 3)}))
    assert (row["code"], row["law"]) == (PaperProblem.WITHDRAWN, None)


def test_the_law_is_the_one_of_the_day() -> None:
    two = (
        replace(REQUIRED[0], valid_to=date(2025, 6, 30), law="Luật cũ"),
        replace(REQUIRED[0], valid_from=date(2025, 7, 1), law="Luật mới"),
    )
    assert law_of(two, LicenceKind.BUSINESS, "karaoke", date(2025, 6, 30)) == "Luật cũ"
    assert law_of(two, LicenceKind.BUSINESS, "karaoke", date(2025, 7, 1)) == "Luật mới"
    assert law_of(two, LicenceKind.BUSINESS, "karaoke", date(2010, 5, 31)) is None
    assert needed_kinds(two, "karaoke", DAY) == [LicenceKind.BUSINESS]
    new = replace(RULES, required=two)
    (row,) = problems(f.premises({"opened_on": date(2015, 1, 1)}), papers(), rules=new)
    assert (row["law"], row["since"]) == ("Luật mới", date(2015, 1, 1))


# --- particulars ----------------------------------------------------------------------------------------------


def test_particulars_that_no_longer_match_are_told_one_by_one() -> None:
    stated = {"stated_name": "Khách sạn Hồng", "stated_address": "Số 15 Quang Trung", "stated_rooms": 8}
    rows = problems(guesthouse(), papers(stated))
    assert [row["code"] for row in rows] == [
        PaperProblem.NAME_DIFFERS,
        PaperProblem.ADDRESS_DIFFERS,
        PaperProblem.ROOMS_DIFFER,
    ]
    assert all(row["since"] is None for row in rows)
    assert "8 phòng trên giấy, 10 phòng trong sổ" in str(rows[2]["text"])


def test_a_paper_that_states_nothing_disagrees_with_nothing() -> None:
    assert codes(guesthouse(), papers({"stated_name": " ", "stated_rooms": None})) == []
    assert codes(guesthouse(rooms=None), papers({"stated_rooms": 9})) == []


def test_particulars_of_a_withdrawn_paper_no_longer_matter() -> None:
    old = papers({"withdrawn_on": date(2026, 1, 1), "stated_rooms": 9})
    assert codes(guesthouse(), old) == [PaperProblem.WITHDRAWN]


@pytest.mark.parametrize(
    ("stated", "known"),
    [
        ("NHÀ NGHỈ HOA SEN", "Nhà nghỉ Hoa Sen"),
        ("NN Hoa Sen", "Nhà nghỉ Hoa Sen"),
        ("Hoa Sen", "Nhà nghỉ Hoa Sen"),
        ("Hộ kinh doanh Hoa Sen", "Nhà nghỉ Hoa Sen"),
        ("Công ty TNHH MTV Khách sạn Phương Đông", "KS Phương Đông"),
        ("Massage Thư Giãn", "Xoa bóp Thư Giãn"),
        ("Kara 99", "Karaoke 99"),
        ("Karaoke Q. Trung", "Karaoke Quang Trung"),
        ("Nhà nghỉ Hoa & Lan", "Nhà nghỉ Hoa và Lan"),
        ("Khách sạn Hoa-Sen 2", "Khách sạn Hoa Sen 2"),
    ],
)
def test_names_that_are_one_but_for_the_writing(stated: str, known: str) -> None:
    assert same_name(stated, known)
    assert same_name(known, stated)


@pytest.mark.parametrize(
    ("stated", "known"),
    [
        ("Nhà nghỉ Hoa Sen", "Nhà nghỉ Hoa Hồng"),
        ("Karaoke Hoa Sen", "Nhà nghỉ Hoa Sen"),
        ("Khách sạn Hoa Sen 1", "Khách sạn Hoa Sen 2"),
        ("Khách sạn Hoa Sen", "Khách sạn Hoa Sen 2"),
        ("Karaoke", "Karaoke 99"),
    ],
)
def test_names_that_are_two(stated: str, known: str) -> None:
    assert not same_name(stated, known)
    assert not same_name(known, stated)


@pytest.mark.parametrize(
    ("stated", "known"),
    [
        ("Số 12 Quang Trung, P. Quang Trung, Q. Hà Đông", "12 đường Quang Trung, phường Hà Đông, Hà Nội"),
        ("12/34 Quang Trung", "Số 12 ngõ 34 phố Quang Trung"),
        ("số 05 Q. Trung", "5 Quang Trung"),
        ("12-14 Quang Trung", "12 Quang Trung"),
        ("Ng. Trãi", "Đường Nguyễn Trãi, phường Mộ Lao"),
        ("phường Hà Cầu", "12 Quang Trung"),
        ("Quang Trung", "12 Quang Trung"),
        ("km 10 quốc lộ 6", "Km 10 QL6"),
    ],
)
def test_addresses_that_are_one_house_as_far_as_both_say(stated: str, known: str) -> None:
    assert same_address(stated, known, WARDS)
    assert same_address(known, stated, WARDS)


@pytest.mark.parametrize(
    ("stated", "known"),
    [
        ("12 Quang Trung", "15 Quang Trung"),
        ("12 Quang Trung", "12 Lê Lợi"),
        ("12 Quang Trung", "12 ngõ 34 Quang Trung"),
        ("Số 12 ngõ 34 Quang Trung", "Số 12 ngõ 36 Quang Trung"),
        ("CT1 khu đô thị Xa La", "12 Quang Trung"),
    ],
)
def test_addresses_of_two_houses(stated: str, known: str) -> None:
    assert not same_address(stated, known, WARDS)
    assert not same_address(known, stated, WARDS)


@settings(max_examples=60)
@example("&", "")
@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_can_be_compared_and_agrees_with_itself(one: str, other: str) -> None:
    assert same_address(one, one, WARDS)
    assert same_name(one, other) == same_name(other, one)
    assert same_address(one, other, WARDS) == same_address(other, one, WARDS)


# --- post-licence check ---------------------------------------------------------------------------------------


def karaoke(issued_on: date) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """A karaoke premises with all its papers, the licence issued on a day."""
    return (
        f.premises({"type": "karaoke", "registration_number": "MH-1"}),
        papers({}, {"kind": "karaoke", "issued_on": issued_on, "number": "7/GP"}),
    )


def test_a_new_karaoke_licence_is_to_be_checked_within_the_office_s_months() -> None:
    premises, licences = karaoke(date(2026, 5, 24))
    (row,) = problems(premises, licences)
    assert (row["code"], row["kind"], row["since"]) == (PaperProblem.CHECK_DUE, LicenceKind.KARAOKE, DAY)
    assert codes(premises, licences, day=date(2026, 11, 23)) == []
    patient = replace(RULES, check_months={PremisesType.KARAOKE: 12})
    assert codes(premises, licences, rules=patient) == []


def test_a_check_by_any_body_since_the_licence_is_enough_a_closed_door_is_not() -> None:
    premises, licences = karaoke(date(2026, 5, 24))
    checked = f.inspections({"on_date": date(2026, 6, 1), "body": "fire"})
    shut = f.inspections({"on_date": date(2026, 6, 1), "outcome": "closed_at_arrival"})
    before = f.inspections({"on_date": date(2026, 5, 23)})
    assert codes(premises, licences, checked) == []
    assert codes(premises, licences, shut) == [PaperProblem.CHECK_DUE]
    assert codes(premises, licences, before) == [PaperProblem.CHECK_DUE]


def test_a_type_without_a_setting_has_no_post_licence_check() -> None:
    assert codes(guesthouse(), papers({"issued_on": date(2020, 1, 1)})) == []
    set_by_office = replace(RULES, check_months={PremisesType.GUESTHOUSE: 3})
    assert codes(guesthouse(), papers({"issued_on": date(2020, 1, 1)}), rules=set_by_office) == [
        PaperProblem.CHECK_DUE
    ]
