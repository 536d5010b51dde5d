"""Inspection teams with the ground of their dated areas."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import shapely
from sqlalchemy import or_, select

from data.repositories.frames import columns, frame
from data.repositories.places import all_units
from data.store import Work
from data.tables import Account, AccountTeam, Team, TeamArea


def teams_between(work: Work, first: date, last: date) -> gpd.GeoDataFrame:
    """Teams valid throughout the period, with the ground of their areas; the geometry: where they start."""
    valid = (Team.valid_from <= first, or_(Team.valid_to.is_(None), Team.valid_to >= last))
    # A frame has one geometry, the point where a team starts; where it ends stands beside it.
    plain = [column for column in columns(Team) if column.name != "end_depot"]
    teams = frame(work, select(*plain).where(*valid).order_by(Team.name))
    asked = select(Team.id, Team.end_depot).where(*valid)
    ends = {row.id: row.end_depot for row in work.session.execute(asked)}
    teams["end_depot"] = [ends[team] for team in teams["id"]]
    area = TeamArea.__table__.c
    areas = frame(
        work,
        select(area.team_id, area.unit_id)
        .where(area.valid_from <= first)
        .where(or_(area.valid_to.is_(None), area.valid_to >= first)),
    )
    units = all_units(work)
    # A dict: ``in`` on a series of geometries asks for a geometry.
    ground = dict(zip(units["id"], units.geometry, strict=True))
    by_team = {team: list(group) for team, group in areas.groupby("team_id")["unit_id"]} if len(areas) else {}
    teams["unit_ids"] = [by_team.get(team, []) for team in teams["id"]]
    teams["area"] = [shapely.union_all([ground[u] for u in own if u in ground]) for own in teams["unit_ids"]]
    return teams


def named_teams(work: Work) -> frozenset[str]:
    """The teams that an administrator gave the actor's account; none where its units say which are its own."""
    given = select(AccountTeam.team_id).join(Account, Account.id == AccountTeam.account_id)
    return frozenset(work.session.scalars(given.where(Account.name == work.actor.name)))
