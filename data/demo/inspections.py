"""Five years and more of inspections with findings: at most one check of a business a calendar year.

Who is visited is drawn with chances that rise with a hidden risk (systematic sampling with unequal chances), so
that a known selection probability is a true one; what is found depends on the same risk, on the hotspots of the
time and on the border strip, so that risk scores have something to find.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from data.demo.findings import FoundThing, findings_of, follow_up_on
from data.demo.hotspots import Place
from data.demo.names import FINDING_TEXTS
from data.demo.premises import Business
from data.demo.rows import Clock, generator
from data.demo.stories import VIOLATION_AGO, Returning, Strip, strip_serious_chance
from data.demo.teams import team_on
from data.demo.ward_rows import system_on
from data.demo.ward_table import TODAYS_SYSTEM
from geo.calendar_vn import working_days
from geo.words import FindingKind, HotspotState, PremisesType, VisitKind, VisitOutcome

Floats = npt.NDArray[np.float64]

#: Share of the businesses drawn in a past year and in the current one: a few doors stay shut.
_DRAWN, _DRAWN_NOW = 0.69, 0.5
_OUTCOMES = {
    VisitOutcome.CHECKED: 0.915,
    VisitOutcome.CLOSED_AT_ARRIVAL: 0.045,
    VisitOutcome.REFUSED: 0.012,
    VisitOutcome.MOVED: 0.008,
    VisitOutcome.OTHER_BUSINESS: 0.012,
    VisitOutcome.UNLICENSED: 0.008,
}
_OTHER_BODIES = ("police", "fire", "culture", "market")
_TROUBLED = frozenset({HotspotState.ACTIVE, HotspotState.REACTIVATED})


@dataclass(frozen=True)
class Check:
    """A visit that took place. ``probability`` is the chance with which it was drawn, where it is known."""

    business: Business
    on_date: date
    kind: VisitKind
    body: str
    outcome: VisitOutcome
    probability: float | None = None
    grounds: str | None = None
    city: bool = False


@dataclass(frozen=True)
class World:
    """What the visits happen in."""

    clock: Clock
    businesses: Sequence[Business]
    places: Sequence[Place]
    returning: Returning
    strip: Strip

    def places_at(self, one: Business) -> list[Place]:
        """Hotspots whose catchment a business lies in."""
        return [place for place in self.places if place.catchment.intersects(one.point)]


def checks(world: World) -> list[tuple[Check, list[FoundThing]]]:
    """All visits with what they found, in order of time."""
    rng = generator(world.clock.seed, "checks")
    told = world.clock.ago(VIOLATION_AGO).year
    # Businesses whose check of a year is spoken for: by the story, or by a re-check of last year's minutes.
    spoken_for = {(told, world.returning.offender.id)}
    done = [_violation_at_the_returning_place(world)]
    for year in range(world.clock.first.year, world.clock.as_of.year + 1):
        for check in _of_year(world, year, spoken_for, rng):
            found = _found(world, check, rng)
            again = _follow_up(world, check, found, spoken_for, rng)
            if again is not None:
                found = [replace(one, closed_on=again.on_date if one.closed_on else None) for one in found]
                spoken_for.add((again.on_date.year, check.business.id))
                done.append((again, []))
            done.append((check, found))
    return sorted(done, key=lambda one: (one[0].on_date, one[0].business.id))


def _of_year(
    world: World, year: int, spoken_for: set[tuple[int, str]], rng: np.random.Generator
) -> Iterator[Check]:
    clock = world.clock
    days = working_days(date(year, 1, 8), date(year, 12, 22))
    pool = [
        one
        for one in world.businesses
        if one.opened_on < date(year, 11, 1) and one.open_on(days[-1]) and (year, one.id) not in spoken_for
    ]
    chance = _chances(world, pool, year)
    for number in _systematic(chance, rng):
        one, day = pool[number], days[int(rng.integers(len(days)))]
        if day > clock.last or day < one.opened_on + timedelta(days=20) or not one.open_on(day):
            continue
        yield _check(clock, one, day, float(chance[number]), rng)


def _chances(world: World, pool: Sequence[Business], year: int) -> Floats:
    """Chance of each business to be drawn, (n,): more at a higher hidden risk, much more in the strip."""
    share = _DRAWN_NOW if year == world.clock.as_of.year else _DRAWN
    appeal = 0.6 + 0.8 / (1 + np.exp(-np.array([one.risk for one in pool])))
    recent = year >= world.clock.as_of.year - 1
    appeal[[recent and world.strip.ground.contains(one.point) for one in pool]] *= 1.8
    return np.asarray(np.clip(share * appeal / appeal.mean(), 0.05, 0.98))


def _systematic(chance: Floats, rng: np.random.Generator) -> list[int]:
    """Numbers drawn so that each has exactly its chance and their count hardly varies (Madow 1949)."""
    order = rng.permutation(len(chance))
    total = np.r_[0.0, np.cumsum(chance[order])] + rng.random()
    drawn = np.floor(total[1:]) > np.floor(total[:-1])
    return sorted(int(n) for n in order[drawn])


def _check(clock: Clock, one: Business, day: date, chance: float, rng: np.random.Generator) -> Check:
    ours = rng.random() > 0.07
    city = ours and day >= TODAYS_SYSTEM and rng.random() < 0.12
    unannounced = ours and (city or rng.random() < 0.06)
    outcome = list(_OUTCOMES)[int(rng.choice(len(_OUTCOMES), p=list(_OUTCOMES.values())))]
    known = ours and not unannounced and day.year >= clock.as_of.year - 2 and rng.random() < 0.75
    return Check(
        business=one,
        on_date=day,
        kind=VisitKind.UNANNOUNCED if unannounced else VisitKind.PLANNED,
        body="team178" if ours else str(rng.choice(_OTHER_BODIES)),
        outcome=outcome,
        probability=round(chance, 4) if known else None,
        city=city,
    )


def _found(world: World, check: Check, rng: np.random.Generator) -> list[FoundThing]:
    if check.outcome not in (VisitOutcome.CHECKED, VisitOutcome.UNLICENSED):
        return []
    near = world.places_at(check.business)
    troubled = any(place.state_on(check.on_date) in _TROUBLED for place in near)
    chance = 1 / (1 + np.exp(3.35 - 2.0 * check.business.risk - (1.6 if troubled else 0)))
    in_strip = world.strip.ground.contains(check.business.point)
    if in_strip:
        chance = strip_serious_chance(world.clock, check.on_date)
    # In the demonstration a quiet hotspot is quiet: only the one that comes back has such a finding.
    spared = in_strip or any(place.quiet_on(check.on_date) for place in near)
    spared |= check.business.kind in (PremisesType.CAFE, PremisesType.RENTED_ROOMS)
    prostitution = 0.0 if spared else 0.6 if troubled else 0.25
    return findings_of(
        world.clock,
        check.on_date,
        rng,
        serious_chance=float(chance),
        prostitution_share=prostitution,
        unlicensed=check.outcome is VisitOutcome.UNLICENSED,
    )


def _follow_up(
    world: World,
    check: Check,
    found: list[FoundThing],
    spoken_for: set[tuple[int, str]],
    rng: np.random.Generator,
) -> Check | None:
    """The re-check of a remedy deadline, limited to the earlier minutes, for some serious findings."""
    day = follow_up_on(found, rng)
    if day is None or day > world.clock.last or not check.business.open_on(day) or check.body != "team178":
        return None
    if (day.year, check.business.id) in spoken_for:
        return None
    grounds = f"Phúc tra thời hạn khắc phục, trong phạm vi biên bản ngày {check.on_date:%d/%m/%Y} (giả định)"
    return replace(
        check,
        on_date=day,
        kind=VisitKind.FOLLOW_UP,
        outcome=VisitOutcome.CHECKED,
        probability=None,
        grounds=grounds,
        city=False,
    )


def _violation_at_the_returning_place(world: World) -> tuple[Check, list[FoundThing]]:
    day = world.clock.ago(VIOLATION_AGO)
    check = Check(
        world.returning.offender, day, VisitKind.UNANNOUNCED, "team178", VisitOutcome.CHECKED, city=True
    )
    text = FINDING_TEXTS[FindingKind.PROSTITUTION][0]
    found = FoundThing(FindingKind.PROSTITUTION, True, text, day + timedelta(days=30), None)
    return check, [found]


def inspection_rows(world: World, done: Sequence[tuple[Check, list[FoundThing]]]) -> list[dict[str, Any]]:
    """Rows of ``inspections``."""
    rows, counts = [], dict.fromkeys(range(world.clock.first.year, world.clock.as_of.year + 1), 0)
    for check, _ in done:
        counts[check.on_date.year] += 1
        number, year = counts[check.on_date.year], check.on_date.year
        ours, entered = check.body == "team178", check.outcome is not VisitOutcome.CLOSED_AT_ARRIVAL
        unit = system_on(world.clock.seed, check.on_date).at(check.business.point)
        team = team_on(world.clock.seed, check.on_date, unit, city=check.city) if ours and unit else None
        rows.append(
            {
                **world.clock.event("inspection", _key(check), check.on_date, 6.0),
                "premises_id": check.business.id,
                "on_date": check.on_date,
                "body": check.body,
                "team_id": team,
                "kind": check.kind.value,
                "decision_number": f"{number:03d}/{year}/QĐ-KT-MH (số giả định)",
                "minutes_number": f"{number:03d}/{year}/BB-MH (số giả định)" if entered else None,
                "grounds": check.grounds,
                "outcome": check.outcome.value,
                "selection_probability": check.probability,
                "geom": check.business.row["geom"],
                "content_key": None,
            }
        )
    return rows


def finding_rows(
    world: World, done: Sequence[tuple[Check, list[FoundThing]]], inspections: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Rows of ``findings``."""
    rows = []
    for (check, found), inspection in zip(done, inspections, strict=True):
        for number, thing in enumerate(found):
            document = inspection["minutes_number"] if thing.serious else None
            rows.append(
                {
                    **world.clock.event("finding", (_key(check), number), check.on_date, 7.0),
                    "inspection_id": inspection["id"],
                    "kind": thing.kind.value,
                    "serious": thing.serious,
                    "text": thing.text,
                    "deadline": thing.deadline,
                    "closed_on": thing.closed_on,
                    "document": document,
                }
            )
    return rows


def _key(check: Check) -> str:
    return f"{check.business.id}|{check.on_date}|{check.kind.value}"


def mark_complex(done: Sequence[tuple[Check, list[FoundThing]]], clock: Clock) -> None:
    """Record on the register which premises showed signs of complexity in the last three years."""
    for check, found in done:
        if any(thing.kind is FindingKind.PROSTITUTION for thing in found) and check.on_date > clock.ago(1_095):
            check.business.row["complex_grounds"] = (
                f"Vi phạm liên quan mại dâm theo biên bản ngày {check.on_date:%d/%m/%Y} (giả định)"
            )
