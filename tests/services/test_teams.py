"""Teams of one's own district: from a file or one a ward, each with dated areas, none taken in twice."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import shapely
from openpyxl import Workbook

from app.services import plan_reading
from app.services.teams import import_teams
from data.repositories import teams as repository
from data.store import Actor, Store
from data.tables import Unit
from geo.errors import InputError, RuleError
from geo.words import Role
from tests.conftest import DEMO_DAY

REFORM = date(2025, 7, 1)
HA_DONG = "Đội kiểm tra liên ngành 178 Phường Hà Đông"


@pytest.fixture
def district(empty_store: Store, operator: Actor) -> Store:
    """Two wards side by side."""
    with empty_store.write(operator) as work:
        for number, (code, name) in enumerate((("09556", "Phường Hà Đông"), ("09886", "Phường Dương Nội"))):
            west = 105.75 + number / 100
            ground = shapely.MultiPolygon([shapely.box(west, 20.95, west + 0.01, 20.96)])
            work.session.add(Unit(code=code, name=name, valid_from=REFORM, geom=ground))
    return empty_store


def a_json(tmp_path: Path, *teams: dict[str, Any]) -> Path:
    file = tmp_path / "teams.json"
    file.write_text(json.dumps(teams, ensure_ascii=False), encoding="utf-8")
    return file


def team(**other: Any) -> dict[str, Any]:
    return {"name": "Đội 178 phường Hà Đông", "kind": "ward", "units": ["09556"], **other}


def test_an_office_without_a_file_gets_one_team_a_ward(district: Store, operator: Actor) -> None:
    done = import_teams(district, operator, None, DEMO_DAY)
    assert done == {"read": 2, "added": 2, "updated": 0, "unchanged": 0, "rejected": []}
    teams = plan_reading.teams(district, operator, DEMO_DAY, DEMO_DAY).set_index("name")
    assert set(teams.index) == {HA_DONG, "Đội kiểm tra liên ngành 178 Phường Dương Nội"}
    assert f"{teams.at[HA_DONG, 'shift_start']:%H:%M} {teams.at[HA_DONG, 'shift_end']:%H:%M}" == "14:00 22:00"
    assert teams.at[HA_DONG, "max_visits"] == 6
    assert len(teams.at[HA_DONG, "unit_ids"]) == 1
    assert import_teams(district, operator, None, DEMO_DAY)["unchanged"] == 2


def test_a_workbook_with_vietnamese_headers_is_read(district: Store, operator: Actor, tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(
        ["Tên đội", "Cấp", "Phường", "Vĩ độ", "Kinh độ", "Giờ bắt đầu", "Giờ kết thúc", "Số lượt tối đa",
         "Cơ quan", "Quyết định thành lập", "Hiệu lực từ"]
    )  # fmt: skip
    book.active.append(
        ["Đội số 1", "phường", 9556, "20,955", 105.755, "18:00", "23g30", 4, "Trạm Y tế; Công an phường",
         "11/QĐ-UBND", "01/08/2025"]
    )  # fmt: skip
    book.active.append(["Đội thành phố", "thành phố", "Hà Đông; phuong duong noi"])
    book.save(tmp_path / "teams.xlsx")
    assert import_teams(district, operator, tmp_path / "teams.xlsx", DEMO_DAY)["added"] == 2
    teams = plan_reading.teams(district, operator, DEMO_DAY, DEMO_DAY).set_index("name")
    first = teams.loc["Đội số 1"]
    assert (f"{first['shift_start']:%H:%M}", f"{first['shift_end']:%H:%M}") == ("18:00", "23:30")
    assert first["max_visits"] == 4
    assert first["agencies"] == ["Trạm Y tế", "Công an phường"]
    assert first["founding_decision"] == "11/QĐ-UBND"
    assert first["valid_from"].date() == date(2025, 8, 1)
    assert (first["geometry"].x, first["geometry"].y) == (105.755, 20.955)
    assert len(teams.at["Đội thành phố", "unit_ids"]) == 2


def test_a_team_is_known_by_its_name_and_keeps_what_the_file_leaves_out(
    district: Store, operator: Actor, tmp_path: Path
) -> None:
    import_teams(district, operator, a_json(tmp_path, team(max_visits=4)), DEMO_DAY)
    assert import_teams(district, operator, a_json(tmp_path, team()), DEMO_DAY)["unchanged"] == 1
    done = import_teams(district, operator, a_json(tmp_path, team(shift_end="23:00")), DEMO_DAY)
    assert (done["added"], done["updated"]) == (0, 1)
    teams = plan_reading.teams(district, operator, DEMO_DAY, DEMO_DAY)
    assert list(teams["max_visits"]) == [4]


def test_a_new_area_holds_from_its_day_and_the_old_one_until_then(
    district: Store, operator: Actor, tmp_path: Path
) -> None:
    import_teams(district, operator, a_json(tmp_path, team()), DEMO_DAY)
    changed = team(units=["Dương Nội"], valid_from="2026-12-01")
    assert import_teams(district, operator, a_json(tmp_path, changed), DEMO_DAY)["updated"] == 1
    with district.read(operator) as work:
        before = repository.teams_between(work, DEMO_DAY, DEMO_DAY)["area"].iloc[0]
        after = repository.teams_between(work, date(2026, 12, 1), date(2026, 12, 1))["area"].iloc[0]
    assert before.bounds[0] == 105.75
    assert after.bounds[0] == 105.76


@pytest.mark.parametrize(
    ("wrong", "column"),
    [
        ({"name": " "}, "name"),
        ({"kind": "đội bóng"}, "kind"),
        ({"kind": None}, "kind"),
        ({"units": ["Phường Không Có"]}, "units"),
        ({"units": []}, "units"),
        ({"units": ["09556"], "valid_from": "2020-01-01"}, "units"),
        ({"shift_start": "25:00"}, "shift_start"),
        ({"shift_start": "23:00"}, "shift_end"),
        ({"max_visits": -1}, "max_visits"),
        ({"lat": 20.95}, "lat"),
        ({"lat": 105.7, "lon": 20.9}, "lat"),
        ({"valid_from": "31/02/2026"}, "valid_from"),
        ({"agencies": ["Ông Nguyễn Văn An, 0912345678"]}, "agencies"),
    ],
)
def test_a_row_that_cannot_be_taken_is_named_and_the_others_come_in(
    district: Store, operator: Actor, tmp_path: Path, wrong: dict[str, Any], column: str
) -> None:
    good = {"name": "Đội thành phố", "kind": "city"}
    done = import_teams(district, operator, a_json(tmp_path, team(**wrong), good), DEMO_DAY)
    assert (done["read"], done["added"]) == (2, 1)
    (rejected,) = done["rejected"]
    assert (rejected["row"], rejected["column"]) == (1, column)
    assert rejected["name"] == (team() | wrong)["name"].strip() and rejected["problem"]
    assert "0912345678" not in json.dumps(done)


def test_files_that_hold_no_teams_are_refused(district: Store, operator: Actor, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("{", encoding="utf-8")
    (tmp_path / "b.csv").write_text("cột,khác\n1,2\n", encoding="utf-8")
    (tmp_path / "c.json").write_text("[]", encoding="utf-8")
    for name in ("a.json", "b.csv", "c.json", "d.json"):
        with pytest.raises(InputError) as refused:
            import_teams(district, operator, tmp_path / name, DEMO_DAY)
        assert name in str(refused.value.message)


def test_without_wards_there_are_no_teams(empty_store: Store, operator: Actor) -> None:
    with pytest.raises(InputError, match="địa giới"):
        import_teams(empty_store, operator, None, DEMO_DAY)


def test_only_those_who_import_or_manage_make_teams(district: Store, demo: Store, operator: Actor) -> None:
    with pytest.raises(RuleError, match="không có quyền"):
        import_teams(district, Actor("lập lịch", Role.PLANNER), None, DEMO_DAY)
    assert import_teams(district, Actor("nhập liệu", Role.STEWARD), None, DEMO_DAY)["added"] == 2
    with pytest.raises(RuleError, match="minh họa"):
        import_teams(demo, operator, None, DEMO_DAY)
