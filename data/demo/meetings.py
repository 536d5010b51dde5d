"""Review meetings of the demonstration with what they decided, and a year of the plan's tasks; all invented."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import shapely

from data.demo.hotspots import Place
from data.demo.rows import Clock, stable_id
from data.demo.ward_rows import system_on
from geo.crs import LONLAT, METRIC, transform
from geo.periods import period_of
from geo.review_words import TaskKind, TaskState

_K = TaskKind
#: Places in two of today's wards: which ward met is found by place and day.
_KIEN_HUNG, _HA_DONG = shapely.Point(105.786, 20.953), shapely.Point(105.778, 20.974)
_POLICE, _SOCIAL = "Công an phường", "Phòng Văn hóa - Xã hội phường"
_TEAM, _WARD = "Đội kiểm tra liên ngành 178 phường", "UBND phường"


@dataclass(frozen=True)
class _Planned:
    """A task before it is a row; days before ``as_of``, negative ones after it. ``done`` None: still open."""

    kind: TaskKind
    title: str
    owner: str
    given: int
    due: int
    done: int | None = None
    running: bool = False
    value: int | None = None
    paper: str | None = None


#: Where, days ago, number of its minutes, and what it decided.
_MEETINGS: tuple[tuple[shapely.Point, int, str, tuple[_Planned, ...]], ...] = (
    (
        _KIEN_HUNG, 61, "41/TB-MH (số giả định)",
        (
            _Planned(_K.DECISION, "Kiểm tra lại các cơ sở quá hạn khắc phục về PCCC", _TEAM, 61, 35, done=38),
            _Planned(_K.DECISION, "Gửi công văn đề nghị phường Hà Đông phối hợp dải giáp ranh", _WARD, 61, 45,
                     done=50),
            _Planned(_K.DECISION, "Rà soát cơ sở thiếu giấy chứng nhận đủ điều kiện về ANTT", _POLICE, 61, 20,
                     running=True),
        ),
    ),
    (
        _KIEN_HUNG, 30, "47/TB-MH (số giả định)",
        (
            _Planned(_K.DECISION, "Tăng nhịp tuần tra đoạn phố Văn Khê lên 7 ngày một lần", _POLICE, 30, 23,
                     done=24),
            _Planned(_K.DECISION, "Tuyên truyền tại 5 nhà nghỉ dọc đường Phúc La - Văn Phú", _SOCIAL, 30, 5),
            _Planned(_K.DECISION, "Lập danh sách cơ sở karaoke chưa ký cam kết", _SOCIAL, 30, -6, running=True),
        ),
    ),
    (
        _HA_DONG, 33, "52/TB-MH (số giả định)",
        (
            _Planned(_K.DECISION, "Hoàn thành kiểm tra cơ sở có dấu hiệu phức tạp trong năm", _TEAM, 33, -14,
                     running=True),
            _Planned(_K.DECISION, "Báo cáo kết quả theo dõi đoạn phố Tố Hữu", _POLICE, 33, 12, done=15),
            _Planned(_K.DECISION, "Trả lời công văn phối hợp của phường Kiến Hưng", _WARD, 33, 19),
        ),
    ),
)  # fmt: skip
#: What the plan gives to each ward in a year.
_OF_A_WARD: tuple[_Planned, ...] = (
    _Planned(_K.ANNUAL_PLAN, "Ban hành kế hoạch năm về phòng, chống tệ nạn mại dâm", _WARD, 330, 290, done=301,
             paper="KH"),
    _Planned(_K.ANNUAL_BUDGET, "Bố trí kinh phí năm cho công tác phòng, chống mại dâm", _WARD, 330, 285,
             done=292, paper="QĐ"),
    _Planned(_K.VOLUNTEER_TEAM, "Kiện toàn Đội công tác xã hội tình nguyện", _WARD, 300, 240, done=251,
             value=12, paper="QĐ"),
    _Planned(_K.FRONT_SUPERVISION, "Giám sát việc thực hiện kế hoạch", "Ủy ban Mặt trận Tổ quốc phường", 240,
             60, done=72, value=1, paper="BC"),
    _Planned(_K.HEALTH, "Khám sức khỏe định kỳ cho lao động tại cơ sở", "Trạm Y tế phường", 210, 30, done=41,
             value=36),
    _Planned(_K.LOANS, "Cho vay vốn ưu đãi", "Phòng giao dịch Ngân hàng Chính sách xã hội", 210, -30,
             running=True),
    _Planned(_K.MODEL, "Duy trì, nhân rộng mô hình phòng ngừa tại tổ dân phố", _SOCIAL, 180, -36, running=True),
)  # fmt: skip
#: What bodies above the wards do.
_OF_THE_WHOLE: tuple[_Planned, ...] = (
    _Planned(_K.TRIALS, "Xét xử các vụ án liên quan mại dâm", "Tòa án nhân dân khu vực", 320, 10, done=16,
             value=6),
    _Planned(_K.MOBILE_TRIALS, "Xét xử lưu động", "Tòa án nhân dân khu vực", 320, 40, done=47, value=1),
    _Planned(_K.METHADONE, "Kết nối điều trị Methadone", "Trung tâm Y tế khu vực", 300, -36, running=True),
    _Planned(_K.VICTIMS, "Hỗ trợ nạn nhân trở về, hòa nhập cộng đồng", "Trung tâm Bảo trợ xã hội", 300, -36,
             running=True),
    _Planned(_K.LEGAL_REVIEW, "Rà soát văn bản pháp luật về phòng, chống mại dâm", "Đội kiểm tra liên ngành "
             "178 thành phố", 200, 20, done=28, value=4, paper="BC"),
    _Planned(_K.PROPOSAL, "Kiến nghị sửa đổi quy chế phối hợp giáp ranh", "Đội kiểm tra liên ngành 178 thành "
             "phố", 90, 4),
)  # fmt: skip
#: The hotspot whose arising was explained, and how long after it.
_EXPLAINED, _AFTER = "active", 9
#: A ward that is late with one of its tasks.
_LATE_WARD, _LATE_KIND = "09562", TaskKind.FRONT_SUPERVISION


def meeting_rows(clock: Clock) -> list[dict[str, Any]]:
    """Rows of ``meetings``."""
    return [
        {
            **clock.event("meeting", number, clock.ago(ago)),
            "unit_id": _unit_at(clock, place, clock.ago(ago)),
            "held_on": clock.ago(ago),
            "first_day": period_of(clock.ago(ago), 1).first,
            "last_day": min(period_of(clock.ago(ago), 1).last, clock.as_of),
            "document": number,
            "note": None,
        }
        for place, ago, number, _decisions in _MEETINGS
    ]


def task_rows(clock: Clock, places: Sequence[Place]) -> list[dict[str, Any]]:
    """Rows of ``tasks``, each as it stands on the day of the demonstration."""
    rows = []
    for place, ago, number, decisions in _MEETINGS:
        unit, meeting = _unit_at(clock, place, clock.ago(ago)), stable_id(clock.seed, "meeting", number)
        rows += [_row(clock, one, unit, (number, one.title), meeting_id=meeting) for one in decisions]
    for one in _OF_A_WARD:
        for ward in system_on(clock.seed, clock.ago(one.given)).units:
            late = (ward.row["code"], one.kind) == (_LATE_WARD, _LATE_KIND)
            rows.append(_row(clock, one, str(ward.row["id"]), (ward.row["code"], one.kind), unfinished=late))
    rows += [_row(clock, one, None, one.kind) for one in _OF_THE_WHOLE]
    return [*rows, _explanation(clock, places)]


def _explanation(clock: Clock, places: Sequence[Place]) -> dict[str, Any]:
    """The report that explains the one hotspot; another one still waits for its own."""
    place = next(one for one in places if one.key == _EXPLAINED)
    arisen = (clock.as_of - place.life[-1].on_date).days
    task = _Planned(
        _K.EXPLANATION, f"Báo cáo giải trình việc phát sinh: {place.name}", _POLICE, arisen - 1,
        arisen - _AFTER - 3, done=arisen - _AFTER, paper="BC",
    )  # fmt: skip
    where = transform(place.shape.representative_point(), METRIC, LONLAT)
    unit = _unit_at(clock, where, clock.ago(task.given))
    return _row(clock, task, unit, "explanation", hotspot_id=place.id)


def _row(
    clock: Clock,
    one: _Planned,
    unit_id: str | None,
    key: object,
    *,
    unfinished: bool = False,
    **columns: str,
) -> dict[str, Any]:
    given, done = clock.ago(one.given), None if one.done is None or unfinished else clock.ago(one.done)
    state = TaskState.DONE if done else TaskState.RUNNING if one.running or unfinished else TaskState.OPEN
    return {
        **clock.event("task", key, done or given),
        "kind": one.kind.value,
        "unit_id": unit_id,
        "meeting_id": None,
        "hotspot_id": None,
        "title": one.title,
        "owner": one.owner,
        "given_on": given,
        "due_on": clock.ago(one.due),
        "state": state.value,
        "done_on": done,
        "value": one.value if done else None,
        "document": _paper(one, key, done),
        "note": None,
        **columns,
    }


def _paper(one: _Planned, key: object, day: date | None) -> str | None:
    if one.paper is None or day is None:
        return None
    number = 10 + int(stable_id(0, "paper", key)[:4], 16) % 80
    return f"{number}/{one.paper}-MH ngày {day:%d/%m/%Y} (số giả định)"


def _unit_at(clock: Clock, place: shapely.Point, day: date) -> str:
    unit = system_on(clock.seed, day).at(transform(place, LONLAT, METRIC))
    assert unit is not None, "these places lie inside the district in every ward system"
    return str(unit.row["id"])
