"""The demonstration district: invented premises and events on schematic ground, from a seed and a date.

Place names are real, everything that happens is made up and says so. The same seed and date give the same rows.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from data.demo import (
    case_papers,
    hotspots,
    inspections,
    meetings,
    papers,
    premises,
    signals,
    stories,
    streets,
    sweeps,
    teams,
    ward_figures,
    ward_rows,
)
from data.demo.rows import Clock
from data.demo.ward_table import TODAYS_SYSTEM
from geo.errors import InputError
from geo.messages import msg

__all__ = ["demo_rows"]


def demo_rows(seed: int, as_of: date) -> dict[str, list[dict[str, Any]]]:
    """Rows by table, in an order that respects foreign keys; nothing is dated after ``as_of``.

    Raises InputError ``demo_too_early`` before 1 July 2025, when today's units begin.
    """
    if as_of < TODAYS_SYSTEM:
        raise InputError(
            "demo_too_early",
            msg(
                "Dữ liệu minh họa chỉ dựng được cho ngày từ {first} trở đi.", first=f"{TODAYS_SYSTEM:%d/%m/%Y}"
            ),
        )
    clock = Clock(seed, as_of)
    places = hotspots.places(clock)
    register = premises.register(clock)
    back = stories.returning(clock, hotspots.place(clock, "returning"), len(register) + 1)
    strip = stories.strip(clock, len(register) + 4)
    plain = [*register, *strip.businesses]
    businesses = [*plain, *back.businesses]
    world = inspections.World(clock, businesses, places, back, strip)
    done = inspections.checks(world)
    inspections.mark_complex(done, clock)
    inspected = inspections.inspection_rows(world, done)
    found = inspections.finding_rows(world, done, inspected)
    heard = signals.signal_rows(world)
    return {
        "units": ward_rows.unit_rows(seed),
        "streets": streets.street_rows(seed),
        "teams": teams.team_rows(seed),
        "team_areas": teams.area_rows(seed),
        "premises": [one.row for one in businesses],
        "premises_status": premises.status_rows(clock, businesses),
        "licences": [*papers.licence_rows(clock, plain), *stories.returning_papers(clock, back)],
        "hotspots": hotspots.hotspot_rows(clock, places),
        "hotspot_transitions": hotspots.transition_rows(clock, places),
        "inspections": inspected,
        "findings": found,
        "case_papers": case_papers.paper_rows(clock, inspected, found),
        "signals": heard,
        "signal_handovers": signals.handover_rows(world, heard),
        "patrols": signals.patrol_rows(world),
        "joint_sweeps": sweeps.sweep_rows(world),
        "ward_figures": ward_figures.figure_rows(clock),
        "assigned_shares": ward_figures.share_rows(clock),
        "meetings": meetings.meeting_rows(clock),
        "tasks": meetings.task_rows(clock, places),
    }
