"""A plan's papers: the public form gives nothing away, the team's sheet says all that the team needs."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

import geopandas as gpd
import pytest
import shapely
from openpyxl import load_workbook

from app.services.official_paper import Issuer, long_date
from app.services.plan_files import plan_workbook, route_file, sheets_of
from app.services.plan_papers import PublicPlan, TeamSheet, public_plan, team_sheets
from app.text import speaking
from data.store import LOCAL_ZONE
from geo.checklist import Asked, parse_checklist
from geo.crs import LONLAT
from geo.errors import InputError
from geo.risk_settings import parse_settings
from geo.words import CheckItem, PlanState
from tests.paths import ROOT
from tests.services.paper_reading import OFFICIAL, measures, of_the_decree, opened, words

ISSUER = Issuer("Ủy ban nhân dân thành phố", "Ủy ban nhân dân phường Mẫu", code="UBND", signer="Chủ tịch")
HOSTILE = "Nhà nghỉ <A & B> \"x\" 'y' ]]>"
SECRET = "Karaoke Bí Mật"
TEAM, OTHER = "Đội phường Một", "Đội phường Hai"
MADE_AT = datetime(2026, 11, 24, 8, tzinfo=LOCAL_ZONE)


@dataclass(frozen=True)
class Read:
    """A plan as it was read back."""

    first: date
    last: date
    state: PlanState
    visits: gpd.GeoDataFrame
    routes: gpd.GeoDataFrame
    sweeps: gpd.GeoDataFrame


def stop(number: int, name: str, team: str, day: int, hour: int, **more: Any) -> dict[str, Any]:
    arrive = datetime(2026, 12, day, hour, 5, tzinfo=LOCAL_ZONE)
    parts = [
        {"name": "base", "points": 1.0, "text": {"text": "Cơ sở đang hoạt động", "values": {}}},
        {"name": "risk", "points": 38.0, "text": {"text": "Điểm nguy cơ 63,4", "values": {}}},
        {"name": "since", "points": 20.0, "text": {"text": "Chưa từng được kiểm tra", "values": {}}},
    ]
    return {
        "id": f"v{number}",
        "premises_id": f"p{number}",
        "team_id": f"id {team}",
        "team": team,
        "on_date": date(2026, 12, day),
        "position": number,
        "arrive": arrive,
        "leave": arrive + timedelta(minutes=45),
        "kind": "planned",
        "reason": {"value": 58.0, "parts": parts},
        "basis": None,
        "joint_with": [],
        "drawn_at_random": False,
        "name": name,
        "type": "karaoke",
        "address": f"Số {number} Phố Mẫu",
        "ward_name": "Phường Một" if team == TEAM else "Phường Hai",
        "geometry": shapely.Point(105.77 + number / 1000, 20.96),
    } | more


@pytest.fixture
def plan() -> Read:
    stops = [
        stop(1, HOSTILE, TEAM, 1, 14, type="guesthouse"),
        stop(2, "Karaoke Thường", TEAM, 1, 19, joint_with=[f"id {OTHER}"]),
        stop(3, SECRET, TEAM, 2, 20, kind="unannounced", basis="Biên bản ghi nhận 12/BB"),
        stop(4, "Khách sạn Mẫu", OTHER, 2, 15, type="hotel", kind="follow_up"),
    ]
    ways = [(TEAM, 1, 5.2, 310), (TEAM, 2, 3.1, 95), (OTHER, 2, 4.4, 120)]
    routes = gpd.GeoDataFrame(
        [
            {
                "team": team,
                "team_id": f"id {team}",
                "on_date": date(2026, 12, day),
                "km": km,
                "minutes": minutes,
            }
            for team, day, km, minutes in ways
        ],
        geometry=[shapely.LineString([(105.77, 20.96), (105.78, 20.97)])] * 3,
        crs=LONLAT,
    )
    when = datetime(2026, 12, 2, 21, tzinfo=LOCAL_ZONE)
    sweep = {
        "on_date": when.date(),
        "starts": when,
        "ends": when + timedelta(minutes=90),
        "teams": [TEAM, OTHER],
    }
    line = shapely.LineString([(105.775, 20.95), (105.775, 20.96)])
    sweeps = gpd.GeoDataFrame([sweep | {"names": ("Phường Một", "Phường Hai")}], geometry=[line], crs=LONLAT)
    visits = gpd.GeoDataFrame(stops, geometry="geometry", crs=LONLAT)
    return Read(date(2026, 12, 1), date(2026, 12, 7), PlanState.APPROVED, visits, routes, sweeps)


def asks(premises_type: str, day: date) -> tuple[Asked, ...]:
    """What the law asks, from the app's own settings."""
    listed = parse_checklist((ROOT / "geo" / "checklist.toml").read_text(encoding="utf-8"))
    required = parse_settings((ROOT / "geo" / "risk.toml").read_text(encoding="utf-8")).required_papers
    return listed.asked(premises_type, day, required)


def rows(plan: Read) -> list[dict[str, Any]]:
    """The announced stops as the public form is given them, in the order of the days."""
    return [
        {"name": one.name, "address": one.address, "ward": one.ward_name, "quarter": 4, "year": 2026}
        for one in plan.visits.itertuples(index=False)
        if one.kind != "unannounced"
    ]


def printed(plan: Read, **more: Any) -> str:
    return words(team_sheets(sheets_of(plan, asks, **more), made_on=date(2026, 11, 24), demo=False))


def test_the_public_form_looks_as_the_decree_wants_it(plan: Read) -> None:
    paper = public_plan(PublicPlan(ISSUER, rows(plan)))
    assert of_the_decree(paper)
    told = words(paper)
    for phrase in (*OFFICIAL, "Nơi nhận:", "KẾ HOẠCH", "PHỤ LỤC", "ỦY BAN NHÂN DÂN PHƯỜNG MẪU", "CHỦ TỊCH"):
        assert phrase in told


def test_the_public_form_lists_premises_and_quarter_and_nothing_of_day_hour_score_or_reason(plan: Read) -> None:
    told = words(public_plan(PublicPlan(ISSUER, rows(plan))))
    assert told.count("Quý IV/2026") == 3
    for name in (HOSTILE, "Karaoke Thường", "Khách sạn Mẫu"):
        assert name in told
    for hidden in (
        "12/2026",
        "tháng 12",
        "19:05",
        "14:05",
        "63,4",
        "nguy cơ",
        "Chưa từng",
        "ngẫu nhiên",
        "phúc tra",
    ):
        assert hidden not in told
    assert not re.search(r"\d{1,2}:\d{2}", told)
    assert SECRET not in told
    assert "đột xuất" not in told.lower()


def test_the_public_form_does_not_follow_the_order_of_the_visits(plan: Read) -> None:
    given = rows(plan)
    assert words(public_plan(PublicPlan(ISSUER, given))) == words(public_plan(PublicPlan(ISSUER, given[::-1])))
    again = [*given, given[0]]
    assert words(public_plan(PublicPlan(ISSUER, again))) == words(public_plan(PublicPlan(ISSUER, given)))


def test_number_and_date_stay_open_until_the_clerk_has_issued_the_plan(plan: Read) -> None:
    open_plan = words(public_plan(PublicPlan(ISSUER, rows(plan))))
    assert "Số: ......../KH-UBND" in open_plan
    assert "ngày ..... tháng ..... năm 2026" in open_plan
    issued = words(public_plan(PublicPlan(ISSUER, rows(plan), "12/KH-UBND", date(2026, 2, 3))))
    assert "Số: 12/KH-UBND" in issued
    assert "Hà Nội, ngày 03 tháng 02 năm 2026" in issued
    assert "(Kèm theo Kế hoạch số 12/KH-UBND, ngày 03 tháng 02 năm 2026)" in issued


def test_a_plan_names_the_laws_of_its_own_time(plan: Read) -> None:
    old, new = (
        words(public_plan(PublicPlan(ISSUER, rows(plan), "1/KH", day)))
        for day in (date(2025, 3, 1), date(2026, 3, 1))
    )
    for law in ("10/2003/PL-UBTVQH11", "178/2004/NĐ-CP", "05/2006/TT-BLĐTBXH"):
        assert law in old
        assert law in new
    assert "20/CT-TTg" in old and "198/2025/QH15" not in old
    assert "198/2025/QH15" in new and "20/CT-TTg" not in new
    assert "144/2021/NĐ-CP" in old and "282/2025/NĐ-CP" in new and "144/2021/NĐ-CP" not in new


def test_an_office_that_has_not_named_itself_gets_lines_to_fill_in() -> None:
    told = words(public_plan(PublicPlan(Issuer(), [])))
    assert "......" in told
    assert all(phrase in told for phrase in OFFICIAL)


def test_dates_are_written_as_the_decree_writes_them() -> None:
    assert long_date(date(2026, 1, 5)) == "ngày 05 tháng 01 năm 2026"
    assert long_date(date(2026, 3, 15)) == "ngày 15 tháng 3 năm 2026"


def test_a_team_reads_hour_address_reason_and_what_to_check_and_writes_the_result(plan: Read) -> None:
    told = printed(plan)
    assert told.count("LƯU HÀNH NỘI BỘ") == 2
    for text in (
        TEAM,
        OTHER,
        "14:05 - 14:50",
        "Số 1 Phố Mẫu",
        "Điểm nguy cơ 63,4",
        "☐ đã kiểm tra",
        "BB số",
        "5,2 km",
    ):
        assert text in told
    assert "☐ có giấy phép karaoke, vũ trường" in told
    assert "☐ có sổ quản lý lưu trú" in told
    assert f"Cùng với {OTHER}" in told
    assert "21:00 - 22:30" in told
    assert "113" in told and "111" in told


def test_a_follow_up_is_limited_to_the_earlier_minutes(plan: Read) -> None:
    (sheet,) = sheets_of(plan, asks, own_team=OTHER)
    (stop_,) = [one for day in sheet.days for one in day.stops]
    assert stop_.checks == ("việc khắc phục nêu tại biên bản trước",)


def test_the_checklist_on_paper_never_asks_for_what_is_no_business_of_the_team(plan: Read) -> None:
    told = printed(plan).lower()
    for never in ("bao cao su", "thuốc", "hiv", "methadone", "khách lưu trú", "cặp", "số phòng", "cccd"):
        assert never not in told


def test_an_unannounced_visit_is_on_no_sheet_but_on_that_of_its_own_team_when_asked(plan: Read) -> None:
    assert SECRET not in printed(plan)
    assert "3,1 km" not in printed(plan)
    assert SECRET not in printed(plan, own_team=OTHER)
    own = printed(plan, own_team=TEAM)
    assert SECRET in own
    assert "Căn cứ: Biên bản ghi nhận 12/BB" in own
    assert "Khách sạn Mẫu" not in own


def test_a_name_stays_whole_on_every_paper(plan: Read) -> None:
    assert HOSTILE in printed(plan)
    assert HOSTILE in words(public_plan(PublicPlan(ISSUER, rows(plan))))
    renamed = replace(plan, visits=plan.visits.assign(team="Đội <1> & {{ 2 }}"))
    assert "Đội <1> & {{ 2 }}" in printed_raw(renamed)


def printed_raw(plan: Read) -> str:
    paper = opened(team_sheets(sheets_of(plan, asks), made_on=date(2026, 11, 24), demo=False))
    return "\n".join(paragraph.text for paragraph in paper.paragraphs)


def test_each_team_has_its_own_page_and_the_page_lies(plan: Read) -> None:
    content = team_sheets(sheets_of(plan, asks), made_on=date(2026, 11, 24), demo=True)
    sizes = measures(content)
    assert (round(sizes["page_width"]), round(sizes["page_height"])) == (297, 210)
    heads = [one for one in opened(content).paragraphs if one.text == "LƯU HÀNH NỘI BỘ"]
    assert [one.paragraph_format.page_break_before for one in heads] == [True, True]
    assert "dữ liệu giả định" in words(content)


def test_a_team_without_any_visit_gets_a_sheet_that_says_so() -> None:
    empty = TeamSheet(TEAM, date(2026, 12, 1), date(2026, 12, 7), ())
    assert "Không có lượt kiểm tra nào." in words(team_sheets([empty], made_on=date(2026, 11, 24), demo=False))


def test_papers_speak_vietnamese_whatever_the_screen_speaks(plan: Read) -> None:
    with speaking("en"):
        told = printed(plan)
    assert "theo kế hoạch" in told
    assert "☐ đóng cửa khi đến" in told


def sheets(content: bytes) -> dict[str, list[tuple[Any, ...]]]:
    book = load_workbook(BytesIO(content))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}


def test_the_workbook_has_a_summary_and_a_sheet_for_each_team(plan: Read) -> None:
    told = sheets(plan_workbook(plan))
    assert list(told) == ["Tổng hợp", OTHER, TEAM]
    assert told["Tổng hợp"][1:] == [(OTHER, 1, 1, 4.4, 120), (TEAM, 1, 2, 5.2, 310)]
    first = dict(zip(told[TEAM][0], told[TEAM][1], strict=True))
    assert first["Tên cơ sở"] == HOSTILE
    assert first["Ngày"] == datetime(2026, 12, 1)
    assert f"{first['Đến']:%H:%M}" == "14:05"
    assert first["Vì sao"].startswith("Điểm nguy cơ")


def test_the_workbook_holds_no_unannounced_visit_and_no_formula(plan: Read) -> None:
    told = sheets(plan_workbook(replace(plan, visits=plan.visits.assign(address="=1+1"))))
    cells = [str(cell) for rows in told.values() for row in rows for cell in row]
    assert SECRET not in cells
    assert "đột xuất" not in cells
    assert "'=1+1" in cells


def test_teams_with_long_or_forbidden_names_have_their_sheets(plan: Read) -> None:
    long = "Đội Kiểm tra liên ngành 178 phường [Số: 1/2] ở rất xa "
    names = [long + "A", long + "B", long + "A", long + "b"]
    told = sheets(plan_workbook(replace(plan, visits=plan.visits.assign(team=names))))
    assert len(told) == 1 + 3
    assert all(len(title) <= 31 for title in told)
    alike = plan.visits.assign(team=["x?", "x*", "x:", "X/"], kind="planned")
    assert len(sheets(plan_workbook(replace(plan, visits=alike)))) == 5


@pytest.mark.parametrize("suffix", [".gpx", ".kml", ".ics"])
def test_files_for_the_road_hold_no_unannounced_visit(plan: Read, suffix: str) -> None:
    content = route_file(plan, suffix, made_at=MADE_AT).decode()
    assert "Karaoke Thường" in content
    assert SECRET not in content
    assert "3.1" not in content


@pytest.mark.parametrize("suffix", [".gpx", ".kml"])
def test_the_named_team_may_take_its_own_unannounced_visits_along(plan: Read, suffix: str) -> None:
    own = route_file(plan, suffix, made_at=MADE_AT, own_team=TEAM).decode()
    assert SECRET in own
    assert "Khách sạn Mẫu" not in own
    assert SECRET not in route_file(plan, suffix, made_at=MADE_AT, own_team=OTHER).decode()


def test_a_calendar_never_holds_an_unannounced_visit(plan: Read) -> None:
    own = route_file(plan, ".ics", made_at=MADE_AT, own_team=TEAM).decode()
    assert own.count("BEGIN:VEVENT") == 2
    assert SECRET not in own


def test_another_format_is_refused(plan: Read) -> None:
    with pytest.raises(InputError) as refused:
        route_file(plan, ".exe", made_at=MADE_AT)
    assert refused.value.code == "unknown_format"


def test_the_checklist_is_that_of_the_law() -> None:
    asked = {one.item for one in asks("karaoke", date(2026, 12, 1))}
    assert {CheckItem.REGISTRATION, CheckItem.SECURITY, CheckItem.KARAOKE, CheckItem.FIRE} <= asked
