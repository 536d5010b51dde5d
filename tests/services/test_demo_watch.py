"""The demonstration told week by week: the returning hotspot is alerted when a careful reader would say so, the
quiet ones are not in five years."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from app.services.accounts import SYSTEM
from app.services.facts import Known
from app.services.hotspot_counts import counts_of
from data.demo.stories import TIP_AGO
from data.repositories import places
from data.store import Store
from geo.count_detector import weekly_alarms
from geo.detection import detect
from geo.detection_clusters import cluster_alerts
from geo.detection_gap import detect_since
from tests.conftest import DEMO_DAY

RETURNING = "Đoạn phố Văn Khê (điểm giả định A)"
WEEKS = 5 * 52
#: The detector needs two years before the first week that it judges.
PAST = 104


@dataclass(frozen=True)
class Story:
    """All that the demonstration knows. A scan looks at nothing dated after its day, so that the records of the
    last day serve every week; the states of the hotspots are those of each week."""

    known: Known
    returns: dict[str, date]

    @property
    def records(self) -> dict[str, Any]:
        names = ("signals", "patrols", "findings", "licences", "premises")
        return {name: getattr(self.known, name) for name in names}

    def name(self, hotspot_id: str) -> str:
        return str(self.known.hotspots.set_index("id").at[hotspot_id, "name"])

    def coming_back(self, hotspot_id: str, day: date) -> bool:
        """Whether the place was declared back within a month, or is the one that is coming back today."""
        if self.name(hotspot_id) == RETURNING:
            return DEMO_DAY - timedelta(days=TIP_AGO + 7) < day
        back = self.returns.get(hotspot_id)
        return back is not None and back - timedelta(days=35) < day <= back


@pytest.fixture(scope="module")
def story(demo: Store) -> Iterator[Story]:
    with demo.read(SYSTEM) as work:
        known = Known(work, DEMO_DAY)
        changes = known.transitions
        back = changes[changes["state"] == "reactivated"]
        returns = {row.hotspot_id: row.on_date.date() for row in back.itertuples()}
        yield Story(known, returns)


def test_the_returning_hotspot_is_alerted_on_the_day_of_its_second_independent_sign(story: Story) -> None:
    second = DEMO_DAY - timedelta(days=TIP_AGO)
    first_alert = None
    for ago in range(30, -1, -1):
        day = DEMO_DAY - timedelta(days=ago)
        raised = detect(hotspots=story.known.hotspots, as_of=day, **story.records)
        told = {story.name(alert.place_id) for alert in raised}
        assert told <= {RETURNING}
        if told and first_alert is None:
            first_alert = day
    assert first_alert == second


def test_weekly_scans_tell_it_in_the_same_week_even_when_some_were_missed(story: Story) -> None:
    for every in (7, 14, 28):
        days = [DEMO_DAY - timedelta(days=TIP_AGO - 3 + every * back) for back in (1, 0)]
        alerts = detect_since(hotspots=story.known.hotspots, since=days[0], as_of=days[1], **story.records)
        assert {story.name(alert.place_id) for alert in alerts} == {RETURNING}


def test_in_five_years_the_count_detector_speaks_only_of_what_came_back(story: Story) -> None:
    weekly = counts_of(story.known, weeks=WEEKS + PAST)
    # What is said of a week uses that week and those before it only: one run replays them all.
    alarm = weekly_alarms(weekly.judged, exposure=weekly.exposure).alarm[:, -WEEKS:]
    days = [day.date() for day in weekly.last_days[-WEEKS:]]
    spoken = [(weekly.hotspot_ids[place], days[week]) for place, week in np.argwhere(alarm)]
    assert [one for one in spoken if not story.coming_back(*one)] == []
    weeks = [day for place, day in spoken if story.name(place) == RETURNING]
    assert weeks and DEMO_DAY - timedelta(days=TIP_AGO) <= min(weeks) <= DEMO_DAY - timedelta(days=TIP_AGO - 7)


@pytest.mark.slow
def test_in_five_years_of_weekly_scans_no_new_cluster_is_alerted(story: Story) -> None:
    # What the rules say of these weeks is in the tests of the demonstration's rows.
    work, signals, premises = story.known.work, story.known.signals, story.known.premises
    for week in range(WEEKS):
        day = DEMO_DAY - timedelta(weeks=week)
        spots = places.hotspots_on(work, day)
        found = cluster_alerts(signals, premises=premises, hotspots=spots, earlier=(), as_of=day)
        assert found == [], (found, day)
