"""The plan's targets over a period, per ward and for the whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import geopandas as gpd

from app.access import Right, require
from app.config import ROOT
from app.services.database import need_data
from app.services.indicator_facts import known_facts, shares_of, wards_on
from app.services.indicator_notes import footnotes
from data.repositories import places
from data.store import Actor, Store
from geo.errors import InputError
from geo.messages import Message, msg
from geo.target_others import other_figures
from geo.target_rows import indicator_rows
from geo.target_settings import TargetSettings, parse_targets
from geo.target_windows import Window
from geo.targets import Indicator, OtherFigure

TARGETS = ROOT / "geo" / "targets.toml"


@dataclass(frozen=True)
class Indicators:
    """Targets and the figures beside them, each for the whole first and then every ward of ``units`` by name.

    The whole is everything that the actor may see, also what lies outside of all wards or has no place.
    """

    rows: list[Indicator]
    other: list[OtherFigure]
    units: gpd.GeoDataFrame
    footnotes: list[Message]


def target_settings() -> TargetSettings:
    """The targets as the office configured them."""
    return parse_targets(TARGETS.read_text(encoding="utf-8"))


def indicators(
    store: Store,
    actor: Actor,
    first: date,
    last: date,
    *,
    as_of: date,
    units_as_of: date | None = None,
    known_by: datetime | None = None,
    t09_year: int | None = None,
) -> Indicators:
    """Targets of the days from ``first`` to ``last``, both included, of what happened up to ``as_of``.

    ``units_as_of``: the day whose wards cut the figures; by default the period's last day, or ``as_of`` while
    it still runs. ``known_by``: only what was on record at that instant. ``t09_year``: the calendar year of
    T09, by default that of ``last``. A scoped actor gets its own wards, and as the whole its own ground.

    Raises InputError where the period is reversed or no ward is known on the day of the wards.
    """
    require(actor, Right.SEE_TIPS)
    if first > last:
        raise InputError("period_reversed", msg("Ngày đầu đứng sau ngày cuối của kỳ."))
    window = Window(first, last, as_of, t09_year)
    day = units_as_of or min(last, max(as_of, first))
    with store.read(actor) as work:
        need_data(work, day)
        units = places.all_units(work)
        wards = wards_on(work, units, day)
        facts = known_facts(work, window, units, wards, known_by=known_by)
        shares = shares_of(work, units, wards, known_by=known_by)
    rows = indicator_rows(facts, target_settings(), shares, window)
    other = other_figures(facts, window)
    notes = footnotes(facts, window, units, day, other, scoped=actor.scope is not None)
    return Indicators(rows, other, wards, notes)
