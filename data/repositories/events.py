"""What happened, up to a day: signals, patrols, inspections, findings, joint sweeps."""

from __future__ import annotations

from datetime import date

import geopandas as gpd

from data.repositories.frames import current, frame, up_to
from data.repositories.places import with_parts
from data.repositories.register import under_kept
from data.repositories.scope import within_scope
from data.store import Work
from data.tables import Finding, Inspection, JointSweep, Patrol, Signal
from geo.signal_sources import told_before

#: What a signal grew from where that record is weighed by itself.
_WEIGHED = ("finding:", "licence:", "patrol:")


def signals_until(work: Work, day: date) -> gpd.GeoDataFrame:
    """Signals inside the actor's scope, every event once: what is weighed, counted and drawn.

    Left out are duplicates of one that is among them; what grew from a finding, a licence or a patrol, which
    are weighed themselves; and an opening or a new name told before (``geo.signal_sources.told_before``). Who
    has to handle signals reads ``repositories.signals``.
    """
    heard = under_kept(work, frame(work.whole, up_to(Signal, day)))
    twice = heard["same_as"].isin(heard["id"]) | told_before(heard)
    twice |= heard["grew_from"].str.startswith(_WEIGHED, na=False)
    return within_scope(work, heard[~twice].reset_index(drop=True))


def patrols_until(work: Work, day: date) -> gpd.GeoDataFrame:
    """Patrols inside the actor's scope; a patrol without its own point is judged by nobody else's scope. One of
    a hotspot that was split since counts for each of its parts: a row for each, with the same ``id``."""
    return with_parts(work, within_scope(work, frame(work, up_to(Patrol, day))), day)


def inspections_until(work: Work, day: date) -> gpd.GeoDataFrame:
    """Inspections of every body. The yearly cap holds across scopes, so all are seen."""
    return under_kept(work, frame(work, up_to(Inspection, day)))


def findings_until(work: Work, day: date) -> gpd.GeoDataFrame:
    """Findings inside the actor's scope, with the premises, date and place of their inspection."""
    found = frame(work, current(Finding))
    visits = inspections_until(work, day)[["id", "premises_id", "on_date", "geometry"]]
    joined = found.merge(visits.rename(columns={"id": "inspection_id"}), on="inspection_id")
    return within_scope(work, gpd.GeoDataFrame(joined, geometry="geometry", crs=visits.crs))


def sweeps_until(work: Work, day: date) -> gpd.GeoDataFrame:
    """Joint sweeps of border stretches."""
    return frame(work, up_to(JointSweep, day))
