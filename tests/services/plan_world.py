"""A decided plan of two wards with an unannounced visit in it, written straight into the demonstration."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import pandas as pd
import shapely

from app.services import plan_life
from app.services.plan_keeping import keep_version
from app.services.plan_summary import SECRET
from data.repositories import events, places
from data.repositories import plans as repository
from data.repositories.frames import add_rows
from data.repositories.teams import teams_between
from data.store import LOCAL_ZONE, Actor, Store, Work
from data.tables import Plan, Route, Visit, new_id
from geo.messages import msg
from geo.words import PlanStep, Role, VisitKind
from tests.conftest import DEMO_DAY

PLANNER = Actor("lập lịch", Role.PLANNER)
OTHER_PLANNER = Actor("lập lịch khác", Role.PLANNER)
REVIEWER = Actor("lãnh đạo", Role.REVIEWER)
OTHER_REVIEWER = Actor("lãnh đạo khác", Role.REVIEWER)
VIEWER = Actor("xem", Role.VIEWER)
FIRST, LAST = date(2026, 12, 1), date(2026, 12, 14)
#: The day of the unannounced visit; its team's shift starts at 14:00.
SECRET_DAY = date(2026, 12, 3)
BASIS = "Tiếng ồn và khách ra vào sau giờ đóng cửa, biên bản 12/BB (quyết định 31/QĐ ngày 20/11/2026)"


@dataclass(frozen=True)
class PlanWorld:
    """Ids: the plan, the unannounced stop with its premises, the two wards with their teams and inspectors."""

    plan_id: str
    secret_visit: str
    secret_premises: str
    secret_name: str
    ward: str
    team: str
    other_ward: str
    other_team: str
    planned: tuple[str, ...]

    @property
    def inspector(self) -> Actor:
        """On the team that goes unannounced."""
        return Actor("đội phường nhà", Role.INSPECTOR, frozenset({self.ward}))

    @property
    def neighbour(self) -> Actor:
        """On the next ward's team."""
        return Actor("đội phường bên", Role.INSPECTOR, frozenset({self.other_ward}))

    @property
    def officer(self) -> Actor:
        """The ward's officer."""
        return Actor("cán bộ phường", Role.WARD_OFFICER, frozenset({self.ward}))


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """An instant in Hà Nội."""
    return datetime.combine(day, time(hour, minute), LOCAL_ZONE)


def make_world(store: Store, *, secret: bool = True) -> PlanWorld:
    """Draft: in each of two wards two planned stops on two days, and an unannounced one in the first ward, on
    the day of a planned one."""
    with store.write(PLANNER) as work:
        free = _free_premises(work)
        teams = teams_between(work, FIRST, LAST)
        home, other = _wards(teams, free)
        rows = [
            _stop(free, home, 0, SECRET_DAY, 1, 14),
            _stop(free, home, 1, date(2026, 12, 8), 1, 15),
            _stop(free, other, 0, SECRET_DAY, 1, 14),
            _stop(free, other, 1, date(2026, 12, 9), 1, 15),
        ]
        hidden = _stop(free, home, 2, SECRET_DAY, 2, 16, kind=VisitKind.UNANNOUNCED)
        stops = [*rows, hidden] if secret else rows
        plan = Plan(
            id=new_id(), first_day=FIRST, last_day=LAST, made_at=work.now, made_by=PLANNER.name,
            sealed_seed="4711", seed_given=False, settings={"strip_m": 150.0, "outings_per_week": 2},
            summary=_summary(free, home, other, stops),
        )  # fmt: skip
        work.session.add(plan)
        work.session.flush()
        add_rows(work, Visit, [{**row, "plan_id": plan.id} for row in stops])
        add_rows(work, Route, [_route(plan.id, row) for row in stops if row["position"] == 1])
        repository.add_step(work, plan.id, PlanStep.DRAFTED)
        keep_version(work, plan, msg("Lập dự thảo"), parent=None)
        name = free.set_index("id").at[hidden["premises_id"], "name"]
        return PlanWorld(
            plan_id=plan.id,
            secret_visit=hidden["id"],
            secret_premises=hidden["premises_id"],
            secret_name=name,
            ward=home["unit"],
            team=home["team"],
            other_ward=other["unit"],
            other_team=other["team"],
            planned=tuple(row["premises_id"] for row in rows),
        )


def decided(store: Store, world: PlanWorld) -> None:
    """The reviewer signs the draft."""
    plan_life.approve(store, REVIEWER, world.plan_id, "45/KH-UBND", DEMO_DAY)


def _free_premises(work: Work) -> pd.DataFrame:
    """Active premises with a place that nobody has checked this year, the only one of their registration."""
    register = places.premises_on(work, DEMO_DAY)
    done = events.inspections_until(work, DEMO_DAY)
    checked = done[(done["outcome"] == "checked") & (done["on_date"].dt.year == 2026)]
    number = register["registration_number"].where(
        register["registration_number"].notna(), register["registration_hash"]
    )
    taken = number[register["id"].isin(checked["premises_id"])]
    free = register[
        (register["status"] == "active")
        & register["ward_id"].notna()
        & ~register["id"].isin(checked["premises_id"])
        & ~number.isin(taken.dropna())
        & ~number.duplicated(keep=False)
    ]
    opened = free["opened_on"].isna() | (free["opened_on"] <= pd.Timestamp(DEMO_DAY))
    return free[opened].sort_values("id").reset_index(drop=True)


def _wards(teams: pd.DataFrame, free: pd.DataFrame) -> tuple[dict[str, Any], dict[str, Any]]:
    """Two wards with a team of their own and enough premises: unit, team."""
    counts = free["ward_id"].value_counts()
    own = teams[teams["kind"] == "ward"].sort_values("shift_start", ascending=False)
    found = [
        {"unit": row.unit_ids[0], "team": row.id}
        for row in own.itertuples()
        if counts.get(row.unit_ids[0], 0) >= 3
    ]
    return found[0], found[1]


def _stop(
    free: pd.DataFrame, ward: dict[str, Any], number: int, day: date, position: int, hour: int,
    *, kind: VisitKind = VisitKind.PLANNED,
) -> dict[str, Any]:  # fmt: skip
    premises = free[free["ward_id"] == ward["unit"]].iloc[number]["id"]
    unannounced = kind is VisitKind.UNANNOUNCED
    parts = [{"name": "base", "points": 30.0, "text": msg("Cơ sở đang hoạt động").to_json()}]
    return {
        "id": new_id(), "premises_id": premises, "team_id": ward["team"], "on_date": day,
        "arrive": at(day, hour), "leave": at(day, hour) + timedelta(minutes=45), "position": position,
        "kind": kind.value, "evidence": [], "joint_with": [], "drawn_at_random": False,
        "selection_probability": 1.0, "value": 30.0, "locked": False, "decision_id": None,
        "reason": {"value": 30.0, "parts": parts, **({"asked_by": PLANNER.name} if unannounced else {})},
        "basis": BASIS if unannounced else None,
    }  # fmt: skip


def _route(plan_id: str, row: dict[str, Any]) -> dict[str, Any]:
    line = shapely.LineString([(105.77, 20.97), (105.78, 20.97)])
    return {
        "id": new_id(), "plan_id": plan_id, "team_id": row["team_id"], "on_date": row["on_date"], "km": 3.0,
        "minutes": 90.0, "geom": line,
    }  # fmt: skip


def _summary(
    free: pd.DataFrame, home: dict[str, Any], other: dict[str, Any], stops: list[dict[str, Any]]
) -> dict[str, Any]:
    """As the planner gives it: of the home ward one more premises is reached, in secret."""
    chosen = {row["premises_id"] for row in stops}
    hidden = [row["premises_id"] for row in stops if row["kind"] == VisitKind.UNANNOUNCED.value]
    left = [
        {
            "premises": name, "code": "lower_value", "kind": "planned",
            "why": msg("Giá trị {value} thấp hơn các lượt được chọn.", value=12.0).to_json(),
        }
        for name in free["id"]
        if name not in chosen
    ]  # fmt: skip
    coverage = [
        {
            "ward": ward["unit"], "premises": 100, "inspected": 40, "planned": 2 + extra, "unannounced": extra,
            "before": 0.4, "after": round((42 + extra) / 100, 4), "target": 0.6, "missing": 18 - extra,
            "pace": 9.0,
        }
        for ward, extra in ((home, len(hidden)), (other, 0))
    ]  # fmt: skip
    public = [
        {"premises": name, "code": "not_chosen", "why": msg("Không được chọn trong kỳ này.").to_json()}
        for name in hidden
    ]
    return {
        "coverage": coverage, "borders": [], "unserved": left, "notes": [],
        "draw": {"pool": 10, "drawn": 1, "probability": 0.1},
        "solver": {"seconds": 1.0, "iterations": 10, "objective": 120.0 + 30.0 * len(hidden), "crow": False},
        SECRET: public,
    }  # fmt: skip
