"""The legend: what colours and signs mean, in the reader's words, for exactly what is on the map."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import folium

from geo.words import HotspotState, PremisesStatus, PremisesType
from layers import style
from layers.script import layer
from layers.style import Say


@dataclass(frozen=True)
class Entry:
    """One line: how it looks (dot, ring, cross, sign, area, line, dashed), its colour and its meaning."""

    look: str
    colour: str
    text: str
    sign: str = ""


@dataclass(frozen=True)
class Section:
    """A group of lines under a title."""

    title: str
    entries: Sequence[Entry] = field(default_factory=tuple)


def legend_layer(title: str, sections: Iterable[Section]) -> folium.FeatureGroup:
    """The legend in a corner of the map; a section without entries is left out."""
    shown = [
        {
            "title": section.title,
            "entries": [
                {"look": entry.look, "colour": entry.colour, "text": entry.text, "sign": entry.sign}
                for entry in section.entries
            ],
        }
        for section in sections
        if section.entries
    ]
    return layer("legend", {"title": title, "sections": shown})


def type_entries(say: Say, types: Iterable[PremisesType] = PremisesType) -> list[Entry]:
    """A line for each kind of premises."""
    return [Entry("dot", style.TYPE_COLOURS[kind], say(kind)) for kind in types]


def status_entries(say: Say, statuses: Iterable[PremisesStatus] = PremisesStatus) -> list[Entry]:
    """A line for each status; told by form, so without a colour of its own."""
    return [Entry(style.STATUS_LOOKS[status], "#5b6875", say(status)) for status in statuses]


def state_entries(say: Say, states: Iterable[HotspotState] = HotspotState) -> list[Entry]:
    """A line for each state of a hotspot."""
    return [Entry("sign", style.STATE_COLOURS[s], say(s), style.STATE_SIGNS[s]) for s in states]


def risk_entries(texts: Sequence[str], *, look: str = "dot", unknown: str = "") -> list[Entry]:
    """A line for each step of risk; ``texts`` from the lowest to the highest, shown highest first.

    ``unknown`` says what the colour of those without a score means, where there are such.
    """
    lines = [Entry(look, colour, text) for colour, text in zip(style.RISK_COLOURS, texts, strict=True)]
    return lines[::-1] + ([Entry(look, style.NO_RISK_COLOUR, unknown)] if unknown else [])


def score_steps() -> list[tuple[int, int]]:
    """The first and last score of each step of risk."""
    edges = [0, *(int(step) for step in style.RISK_STEPS), 100]
    return list(pairwise(edges))


def alert_entries(text: str) -> list[Entry]:
    """The line for alerts."""
    return [Entry("sign", style.ALERT_COLOUR, text, "!")]


def team_entries(teams: Sequence[str]) -> list[Entry]:
    """A line for each team."""
    return [Entry("line", colour, team) for team, colour in style.team_colours(teams).items()]
