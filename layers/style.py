"""The map's colours and signs, in one place: told apart by colour-blind readers and on a dim projector.

Categories use the palette of Okabe and Ito (Color Universal Design, 2008); steps of risk run from light to
dark, so that their order survives in grey. What a colour says, a sign or an outline says too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum

import numpy as np
import pandas as pd

from geo.words import HotspotState, PremisesStatus, PremisesType, StreetClass

#: Gives the reader's word for a value of a vocabulary.
Say = Callable[[StrEnum], str]

TYPE_COLOURS: Mapping[PremisesType, str] = {
    PremisesType.KARAOKE: "#0072b2",
    PremisesType.MASSAGE: "#d55e00",
    PremisesType.HOTEL: "#009e73",
    PremisesType.GUESTHOUSE: "#e69f00",
    PremisesType.BAR: "#cc79a7",
    PremisesType.DANCE_HALL: "#56b4e9",
    PremisesType.RENTED_ROOMS: "#f0e442",
    PremisesType.CAFE: "#4a4a4a",
}
#: How a point is drawn: filled, hollow or crossed out.
STATUS_LOOKS: Mapping[PremisesStatus, str] = {
    PremisesStatus.ACTIVE: "dot",
    PremisesStatus.SUSPENDED: "ring",
    PremisesStatus.CLOSED: "cross",
}
STATE_COLOURS: Mapping[HotspotState, str] = {
    HotspotState.SUSPECTED: "#9a6700",
    HotspotState.ACTIVE: "#b2182b",
    HotspotState.ELIMINATED: "#0062a3",
    HotspotState.CLEARED: "#00795a",
    HotspotState.REACTIVATED: "#7b1fa2",
    HotspotState.DISMISSED: "#6b6b6b",
}
STATE_SIGNS: Mapping[HotspotState, str] = {
    HotspotState.SUSPECTED: "?",
    HotspotState.ACTIVE: "!",
    HotspotState.ELIMINATED: "○",
    HotspotState.CLEARED: "✓",
    HotspotState.REACTIVATED: "↻",
    HotspotState.DISMISSED: "–",
}
STREET_COLOURS: Mapping[StreetClass, str] = {
    StreetClass.MAIN: "#dcbf8e",
    StreetClass.STREET: "#cfcac1",
    StreetClass.LANE: "#dcd8d0",
}
#: Lowest fifth of the scale first.
RISK_COLOURS: Sequence[str] = ("#fff3b0", "#fdc04c", "#f07818", "#b8310b", "#5c0a0a")
#: Scores (0-100) at which the next colour begins.
RISK_STEPS: Sequence[float] = (20.0, 40.0, 60.0, 80.0)
NO_RISK_COLOUR = "#9aa5b1"
ALERT_COLOUR = "#c8102e"
TEAM_COLOURS: Sequence[str] = (
    "#0062a3",
    "#b34700",
    "#00795a",
    "#7b1fa2",
    "#8a6100",
    "#b2185d",
    "#3d4a57",
    "#1d7f8c",
)
WARD_STYLE: Mapping[str, object] = {
    "color": "#5a6b7b",
    "weight": 2,
    "dashArray": "6 4",
    "fillColor": "#ffffff",
    "fillOpacity": 0.45,
}
#: For a value outside the vocabulary, as an older file may hold.
OTHER_COLOUR = "#9aa5b1"


def risk_class(score: pd.Series) -> pd.Series:
    """The step of each score (0-100) in ``RISK_COLOURS``; one past the end where there is none."""
    steps = np.digitize(score.astype(float).fillna(0), RISK_STEPS)
    return pd.Series(steps, index=score.index).where(score.notna(), len(RISK_COLOURS)).astype(int)


def rank_class(rank: pd.Series) -> pd.Series:
    """The step of each rank (1 is the riskiest) in ``RISK_COLOURS``: five groups of equal size."""
    count = len(RISK_COLOURS)
    place = rank.rank(method="min", ascending=False) - 1
    return (place * count // max(len(rank), 1)).clip(0, count - 1).astype(int)


def team_colours(teams: Sequence[str]) -> dict[str, str]:
    """One colour a team, in the order of their names; colours repeat after the eighth."""
    return {team: TEAM_COLOURS[i % len(TEAM_COLOURS)] for i, team in enumerate(sorted(set(teams)))}
