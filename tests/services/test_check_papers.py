"""The papers of a check: what the office knows is filled in, what people say and sign is left to the pen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from app.services.check_papers import (
    DecisionPaper,
    MinutesPaper,
    Place,
    RequestLetter,
    decision,
    minutes,
    request_letter,
)
from app.services.official_paper import Issuer
from app.services.paper_laws import laws_on
from app.text import speaking
from data.store import LOCAL_ZONE
from geo.errors import RuleError
from geo.words import LicenceKind, VisitKind
from tests.services.paper_reading import OFFICIAL, of_the_decree, opened, words
from tests.services.test_plan_papers import asks

HOSTILE = "Nhà nghỉ <A & B> \"x\" 'y' ]]>"
ISSUER = Issuer(
    "Ủy ban nhân dân thành phố",
    "Ủy ban nhân dân phường Mẫu",
    code="UBND",
    signer="Chủ tịch",
    recipients=("Công an phường",),
)
PLACE = Place(HOSTILE, "karaoke", "Số 1 <Phố> & Mẫu", "Phường Một", "01H8000123")
TEAM = "Đội Kiểm tra liên ngành 178 phường Mẫu"
AGENCIES = ("Phòng Văn hóa - Xã hội", "Công an phường", "Trạm Y tế")
DAY = date(2026, 12, 1)
DECISION = DecisionPaper(
    ISSUER, TEAM, (PLACE,), DAY, date(2026, 12, 7), basis="số 12/KH-UBND", agencies=AGENCIES
)
MINUTES = MinutesPaper(
    ISSUER,
    TEAM,
    PLACE,
    DAY,
    asks("karaoke", DAY),
    {LicenceKind.KARAOKE: "số 9/KRO, cấp ngày 01/01/2020"},
    AGENCIES,
    "15/QĐ-UBND",
    date(2026, 11, 27),
)
LETTER = RequestLetter(
    ISSUER,
    "Ủy ban nhân dân phường Bên",
    "đoạn giáp ranh giữa phường Mẫu và phường Bên",
    datetime(2026, 12, 4, 19, tzinfo=LOCAL_ZONE),
    datetime(2026, 12, 4, 20, 30, tzinfo=LOCAL_ZONE),
    date(2026, 11, 30),
    rule="số 03/QC-UBND",
)


@pytest.mark.parametrize("content", [decision(DECISION), minutes(MINUTES), request_letter(LETTER)])
def test_every_paper_looks_as_the_decree_wants_it(content: bytes) -> None:
    assert of_the_decree(content)
    told = words(content)
    for phrase in (*OFFICIAL, "ỦY BAN NHÂN DÂN PHƯỜNG MẪU"):
        assert phrase in told


def test_a_decision_names_places_content_time_team_by_agency_and_who_signs() -> None:
    told = words(decision(DECISION))
    for text in (HOSTILE, "01H8000123", "từ ngày 01/12/2026 đến ngày 07/12/2026", TEAM, *AGENCIES, "CHỦ TỊCH"):
        assert text in told
    assert "Căn cứ Kế hoạch kiểm tra số 12/KH-UBND" in told
    assert "Nơi nhận:" in told
    assert "- Công an phường;" in told
    assert "Kiểm tra theo kế hoạch" in told


def test_a_number_stands_on_a_decision_only_when_it_was_issued() -> None:
    assert "Số: ......../QĐ-UBND" in words(decision(DECISION))
    issued = words(decision(replace(DECISION, number="15/QĐ-UBND", on_date=date(2026, 11, 27))))
    assert "Số: 15/QĐ-UBND" in issued
    assert "Hà Nội, ngày 27 tháng 11 năm 2026" in issued


def test_the_signer_s_position_stays_open_where_it_is_not_known() -> None:
    told = words(decision(replace(DECISION, issuer=Issuer())))
    assert "CHỦ TỊCH" not in told
    assert "......" in told


def test_a_decision_cites_the_law_of_its_day_and_of_the_kind_of_premises() -> None:
    assert "282/2025/NĐ-CP" in words(decision(DECISION))
    old = replace(DECISION, first_day=date(2025, 5, 1), last_day=date(2025, 5, 2))
    told = words(decision(old))
    assert "144/2021/NĐ-CP" in told and "20/CT-TTg" in told
    assert "198/2025/QH15" not in told
    assert "54/2019/NĐ-CP" in words(decision(DECISION))
    hotel = replace(DECISION, places=(replace(PLACE, type="hotel"),))
    assert "54/2019/NĐ-CP" not in words(decision(hotel))


def test_the_frequency_rule_changes_hands_on_its_day() -> None:
    before, after = (" ".join(laws_on(day, ())) for day in (date(2025, 5, 16), date(2025, 5, 17)))
    assert "20/CT-TTg" in before and "198/2025/QH15" not in before
    assert "198/2025/QH15" in after and "20/CT-TTg" not in after
    fines = (" ".join(laws_on(day, ())) for day in (date(2025, 12, 14), date(2025, 12, 15)))
    assert ["282/2025/NĐ-CP" in law for law in fines] == [False, True]


def test_an_unannounced_check_states_the_sign_of_violation_or_has_no_decision() -> None:
    unannounced = replace(DECISION, kind=VisitKind.UNANNOUNCED, basis="biển hiệu hoạt động sau 0 giờ, 12/BB")
    told = words(decision(unannounced))
    assert "Căn cứ dấu hiệu vi phạm tại cơ sở: biển hiệu hoạt động sau 0 giờ, 12/BB" in told
    assert "Kiểm tra đột xuất" in told
    with pytest.raises(RuleError) as refused:
        decision(replace(unannounced, basis="  "))
    assert refused.value.code == "basis_missing"


def test_a_follow_up_is_limited_to_the_content_of_the_earlier_minutes() -> None:
    again = replace(
        DECISION, kind=VisitKind.FOLLOW_UP, basis="số 20/BB ngày 01/10/2026", content="Kiểm tra toàn bộ"
    )
    told = words(decision(again))
    assert "Việc khắc phục các nội dung nêu tại Biên bản kiểm tra số 20/BB ngày 01/10/2026" in told
    assert "Kiểm tra toàn bộ" not in told
    with pytest.raises(RuleError):
        decision(replace(again, basis=""))
    recheck = words(minutes(replace(MINUTES, earlier="số 20/BB ngày 01/10/2026")))
    assert "chỉ kiểm tra việc khắc phục" in recheck
    assert "Có giấy phép karaoke" not in recheck


def test_a_decision_about_no_premises_is_refused() -> None:
    with pytest.raises(RuleError) as refused:
        decision(replace(DECISION, places=()))
    assert refused.value.code == "no_premises"


def test_minutes_are_filled_in_as_far_as_the_office_knows() -> None:
    told = words(minutes(MINUTES))
    for text in (
        HOSTILE,
        "Số 1 <Phố> & Mẫu",
        "Phường Một",
        "01H8000123",
        "15/QĐ-UBND",
        "ngày 27 tháng 11 năm 2026",
    ):
        assert text in told
    assert "Theo sổ: số 9/KRO, cấp ngày 01/01/2020" in told
    assert all(f"- {agency}:" in told for agency in AGENCIES)


def test_minutes_ask_what_the_law_asks_and_name_the_law() -> None:
    told = words(minutes(MINUTES)).lower()
    for item in (
        "đăng ký kinh doanh",
        "antt",
        "karaoke",
        "phòng cháy",
        "hợp đồng lao động",
        "khám sức khỏe",
        "cam kết",
    ):
        assert item in told
    assert "nghị định 96/2016/nđ-cp" in told
    lodging = words(minutes(replace(MINUTES, place=replace(PLACE, type="hotel"), asked=asks("hotel", DAY))))
    assert "sổ quản lý lưu trú" in lodging
    assert "giấy phép karaoke" not in lodging


def test_health_and_labour_are_counted_never_named() -> None:
    told = words(minutes(MINUTES))
    assert "Số người có hợp đồng: ........" in told
    assert "Số người đã khám trong 12 tháng: ........" in told
    assert "chỉ ghi số người, không ghi tên" in told


def test_names_statements_and_signatures_are_lines_for_the_pen() -> None:
    paper = opened(minutes(MINUTES))
    dotted = [one for one in paper.paragraphs if "\t" in one.text]
    assert len(dotted) >= 12
    assert all(one.paragraph_format.tab_stops[0].leader is not None for one in dotted)
    told = words(minutes(MINUTES))
    for text in ("Ý KIẾN CỦA ĐẠI DIỆN CƠ SỞ", "ĐẠI DIỆN CƠ SỞ", "NGƯỜI LẬP BIÊN BẢN", "(Ký, ghi rõ họ tên)"):
        assert text in told
    for never in ("CCCD", "CMND", "điện thoại", "ngày sinh", "bao cao su", "HIV"):
        assert never not in told


def test_minutes_of_a_check_of_which_little_is_known_can_be_printed_too() -> None:
    bare = MinutesPaper(Issuer(), TEAM, Place("Cơ sở không phép", "khác", ""), DAY, ())
    told = words(minutes(bare))
    assert "Căn cứ Quyết định kiểm tra số ................" in told
    assert "Cơ sở không phép" in told


def test_a_letter_asks_for_a_joint_sweep_without_naming_a_premises() -> None:
    told = words(request_letter(LETTER))
    for text in (
        "V/v đề nghị phối hợp kiểm tra địa bàn giáp ranh",
        "Kính gửi: Ủy ban nhân dân phường Bên",
        "từ 19:00 đến 20:30, ngày 04/12/2026",
        "trước ngày 30/11/2026",
        "Quy chế phối hợp số 03/QC-UBND",
        "theo quyết định kiểm tra của mình",
        "thành phố để điều phối",
        "LƯU HÀNH NỘI BỘ",
    ):
        assert text in told
    assert "karaoke" not in told.lower()
    assert "Số: ......../UBND" in told
    without = words(request_letter(replace(LETTER, rule="")))
    assert "Quy chế" not in without


def test_a_sweep_over_midnight_names_both_days() -> None:
    late = replace(LETTER, ends=datetime(2026, 12, 5, 0, 30, tzinfo=LOCAL_ZONE))
    assert "từ 19:00 ngày 04/12/2026 đến 00:30 ngày 05/12/2026" in words(request_letter(late))


def test_a_demonstration_says_so_on_every_paper() -> None:
    for paper in (
        decision(replace(DECISION, demo=True)),
        minutes(replace(MINUTES, demo=True)),
        request_letter(replace(LETTER, demo=True)),
    ):
        assert "dữ liệu giả định" in words(paper)
    assert "dữ liệu giả định" not in words(decision(DECISION))


def test_papers_speak_vietnamese_whatever_the_screen_speaks() -> None:
    with speaking("en"):
        told = words(minutes(MINUTES))
    assert "đã kiểm tra" in told
    assert "Có đăng ký kinh doanh" in told


def test_a_name_that_looks_like_a_tag_stays_what_it_is() -> None:
    odd = replace(PLACE, name="{{ 7 * 7 }} {% raw %}")
    paper = opened(decision(replace(DECISION, places=(odd,), team="Đội {% if %}")))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    assert any("{{ 7 * 7 }} {% raw %}" in cell for cell in cells)
    assert any("Đội {% if %}" in one.text for one in paper.paragraphs)
