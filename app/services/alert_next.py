"""What lies at the place of an alert, for whoever decides what to do there."""

from __future__ import annotations

from datetime import date

import pandas as pd

from app.access import Right, require
from app.services.alert_places import with_places
from app.services.facts import Known
from data.repositories import alerts as repository
from data.repositories.frames import matched
from data.store import Actor, Store
from geo.hotspots import catchments
from geo.words import PremisesStatus, VisitOutcome


def premises_there(store: Store, actor: Actor, alert_id: str, day: date) -> pd.DataFrame:
    """Running premises in the catchment (of a hotspot) or inside the ground of an alert: id, name and
    ``checked_on``, the last check of the calendar year, by any body; those named by the evidence first."""
    require(actor, Right.SEE_TIPS)
    with store.read(actor) as work:
        alert = with_places(work, repository.alerts(work, alert_id=alert_id), day)
        known = Known(work, day)
        if alert.empty or alert.geometry.isna().all():
            return pd.DataFrame(columns=["id", "name", "checked_on"])
        ground = alert.geometry.iloc[0]
        spots = known.hotspots[known.hotspots["id"] == alert["place_id"].iloc[0]]
        if len(spots):
            ground = catchments(spots).iloc[0]
        running = known.premises[known.premises["status"] == PremisesStatus.ACTIVE]
        inside = running[running.geometry.notna() & running.geometry.intersects(ground)][["id", "name"]]
        visits = known.inspections
        checked = visits[visits["outcome"].eq(VisitOutcome.CHECKED) & visits["on_date"].dt.year.eq(day.year)]
        last = checked.groupby("premises_id")["on_date"].max()
        named = _named_by(alert.iloc[0], known)
    there = pd.DataFrame(inside).assign(checked_on=pd.to_datetime(matched(inside["id"], last)))
    order = there.assign(first=there["id"].isin(named)).sort_values(["first", "name"], ascending=[False, True])
    return order[["id", "name", "checked_on"]].reset_index(drop=True)


def _named_by(alert: pd.Series, known: Known) -> set[str]:
    """The premises that the evidence is about."""
    ids = {item["id"] for item in alert["evidence"]}
    frames = (known.signals, known.findings, known.licences)
    return {
        premises for frame in frames for premises in frame.loc[frame["id"].isin(ids), "premises_id"].dropna()
    }
