"""How risky a stretch of border is, in parts that can be read aloud and add up to the score."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.borders import BorderWeights, border_risk, border_segments
from geo.errors import InputError
from geo.words import HotspotState, PremisesStatus, SignalState
from tests.unit.geo.unit_world import frame, grid

AS_OF = date(2026, 9, 30)
ON_THE_LINE = (1000, 250)


def ago(days: int) -> pd.Timestamp:
    return pd.Timestamp(AS_OF - timedelta(days=days))


@cache
def border() -> gpd.GeoDataFrame:
    """The common border of two wards, at x = 1000: a southern and a northern stretch of 500 m."""
    segments = border_segments(frame(grid(2, 1)))
    return segments[segments["unit_b"].notna()].reset_index(drop=True)


def premises(*places: tuple[float, float], **columns: Any) -> gpd.GeoDataFrame:
    ids = [f"p{number}" for number in range(len(places))]
    return frame(
        [shapely.Point(xy) for xy in places], **{"id": ids, "status": PremisesStatus.ACTIVE, **columns}
    )


def events(letter: str, places: list[Any], columns: dict[str, Any]) -> gpd.GeoDataFrame:
    shapes = [
        place if place is None or isinstance(place, shapely.Geometry) else shapely.Point(place)
        for place in places
    ]
    return frame(shapes, **{"id": [f"{letter}{number}" for number in range(len(places))], **columns})


def signals(*places: Any, **columns: Any) -> gpd.GeoDataFrame:
    told = {
        "state": SignalState.VERIFIED,
        "on_date": ago(0),
        "due_on": None,
        "handled_on": None,
        "premises_id": None,
    }
    return events("s", list(places), {**told, **columns})


def findings(*places: Any, **columns: Any) -> gpd.GeoDataFrame:
    return events("f", list(places), {"serious": True, "on_date": ago(0), "premises_id": None, **columns})


def hotspots(*places: Any, **columns: Any) -> gpd.GeoDataFrame:
    told = {
        "state": HotspotState.ACTIVE,
        "catchment_m": 200.0,
        "found_on": None,
        "state_since": None,
        **columns,
    }
    return events("h", list(places), told)


def sweeps(*places: Any, **columns: Any) -> gpd.GeoDataFrame:
    return events("w", list(places), {"on_date": ago(0), **columns})


def ranked(segments: gpd.GeoDataFrame | None = None, **known: Any) -> gpd.GeoDataFrame:
    told = {
        "premises": premises(),
        "scores": pd.Series(dtype=float),
        "hotspots": hotspots(),
        "signals": signals(),
        "findings": findings(),
        "sweeps": sweeps(),
        "as_of": AS_OF,
        "width_m": 150.0,
    }
    return border_risk(border() if segments is None else segments, **{**told, **known})


def points(segments: gpd.GeoDataFrame, name: str, row: int = 0) -> float:
    return sum(part.points for part in segments["parts"].iloc[row] if part.name == name)


def text(segments: gpd.GeoDataFrame, name: str, row: int = 0) -> str:
    return next(str(part.text) for part in segments["parts"].iloc[row] if part.name == name)


def test_where_nothing_is_known_nothing_is_risky() -> None:
    segments = ranked()
    assert list(segments["risk"]) == [0.0, 0.0]
    assert sorted(segments["rank"]) == [1, 2]
    assert list(segments["parts"]) == [[], []]
    assert list(segments["premises"]) == [0, 0]
    assert list(segments["hotspots"]) == [0, 0]
    assert segments["last_joint_inspection"].isna().all()


def test_premises_count_on_both_sides_within_the_width_and_weigh_more_the_nearer_they_are() -> None:
    register = premises((950, 250), (1050, 250), (1000, 200), (1200, 250))
    one = pd.Series({"p0": 60.0})
    segments = ranked(premises=register, scores=one)
    assert list(segments["premises"]) == [3, 0]
    assert points(segments, "premises") == pytest.approx(30 * (0.6 * (1 - 50 / 150)) / 2, abs=0.06)
    same_other_side = ranked(premises=register, scores=pd.Series({"p1": 60.0}))
    assert points(same_other_side, "premises") == points(segments, "premises")
    on_the_line = ranked(premises=register, scores=pd.Series({"p2": 60.0}))
    assert points(on_the_line, "premises") > points(segments, "premises")
    assert ranked(premises=register, scores=pd.Series({"p3": 100.0}))["risk"].iloc[0] == 0
    assert text(segments, "premises") == "3 cơ sở trong 150 m hai bên ranh giới, điểm nguy cơ cao nhất 60.0: +6"


def test_a_wider_strip_takes_in_more_premises() -> None:
    register = premises((950, 250), (1200, 250))
    assert list(ranked(premises=register, width_m=250.0)["premises"]) == [2, 0]


def test_closed_and_suspended_premises_and_those_without_a_point_do_not_count() -> None:
    register = premises(ON_THE_LINE, ON_THE_LINE, ON_THE_LINE)
    register["status"] = ["closed", "suspended", "active"]
    register.loc[2, "geometry"] = None
    segments = ranked(premises=register, scores=pd.Series({"p0": 100.0, "p1": 100.0, "p2": 100.0}))
    assert list(segments["premises"]) == [0, 0]
    assert list(segments["risk"]) == [0, 0]


def test_a_premises_without_a_score_counts_as_number_only() -> None:
    register = premises(ON_THE_LINE, ON_THE_LINE)
    segments = ranked(premises=register, scores=pd.Series({"p0": np.nan}))
    assert segments["premises"].iloc[0] == 2
    assert segments["risk"].iloc[0] == 0


def test_a_signal_fades_with_distance_and_with_time() -> None:
    here = points(ranked(signals=signals(ON_THE_LINE)), "signals")
    farther = points(ranked(signals=signals((1150, 250))), "signals")
    older = points(ranked(signals=signals(ON_THE_LINE, on_date=ago(120))), "signals")
    assert here == pytest.approx(25 / 3, abs=0.06)
    assert farther == pytest.approx(here / 2, abs=0.1)
    assert older == pytest.approx(here / 2, abs=0.1)
    assert ranked(signals=signals((1310, 250)))["risk"].iloc[0] == 0
    assert ranked(signals=signals(ON_THE_LINE, on_date=ago(400)))["risk"].iloc[0] == 0


def test_a_signal_not_yet_verified_counts_half() -> None:
    verified = points(ranked(signals=signals(ON_THE_LINE)), "signals")
    for state in (SignalState.RECEIVED, SignalState.VERIFYING):
        assert points(ranked(signals=signals(ON_THE_LINE, state=state)), "signals") == pytest.approx(
            verified / 2, abs=0.1
        )


@pytest.mark.parametrize("state", [SignalState.UNFOUNDED, SignalState.HANDED_OVER])
def test_unfounded_signals_and_those_with_the_police_never_count_in_any_part(state: SignalState) -> None:
    kept = {"signals": signals(ON_THE_LINE, due_on=ago(3), handled_on=ago(1))}
    more = signals(ON_THE_LINE, ON_THE_LINE, due_on=[ago(3), ago(9)], handled_on=[ago(1), None])
    more["state"] = [SignalState.VERIFIED, state]
    assert ranked(signals=more)["parts"].iloc[0] == ranked(**kept)["parts"].iloc[0]


def test_a_signal_without_a_point_lies_at_its_premises() -> None:
    told = signals(None, premises_id="p0")
    assert ranked(premises=premises(ON_THE_LINE), signals=told)["risk"].iloc[0] > 0
    assert ranked(premises=premises(), signals=told)["risk"].iloc[0] == 0


def test_what_was_verified_only_later_was_not_yet_verified_on_the_day() -> None:
    later = signals(ON_THE_LINE, handled_on=ago(-5))
    waiting = signals(ON_THE_LINE, state=SignalState.RECEIVED)
    assert ranked(signals=later)["risk"].iloc[0] == ranked(signals=waiting)["risk"].iloc[0]


def test_nobody_s_ground_is_the_share_of_signals_left_past_their_deadline() -> None:
    told = signals(ON_THE_LINE, (1010, 240), (1020, 240), (990, 240))
    told["due_on"] = [ago(10), ago(10), ago(10), None]
    told["handled_on"] = pd.to_datetime([ago(12), None, ago(-2), None])
    segments = ranked(signals=told)
    assert points(segments, "neglect") == pytest.approx(15 * 2 / 3, abs=0.06)
    assert text(segments, "neglect") == "2 trong 3 nguồn tin gần đó đã quá hạn mà chưa được xử lý: +10"


def test_a_deadline_of_today_has_not_passed() -> None:
    assert points(ranked(signals=signals(ON_THE_LINE, due_on=ago(0))), "neglect") == 0


def test_hotspots_count_where_their_catchment_touches_the_strip() -> None:
    places = hotspots((1340, 250), (1360, 250))
    segments = ranked(hotspots=places)
    assert list(segments["hotspots"]) == [1, 0]
    assert points(segments, "hotspots") == 25


def test_hotspots_weigh_by_their_state() -> None:
    def worth(state: HotspotState) -> float:
        return points(ranked(hotspots=hotspots(ON_THE_LINE, state=state)), "hotspots")

    assert worth(HotspotState.ACTIVE) == worth(HotspotState.REACTIVATED) == 25
    assert 25 > worth(HotspotState.SUSPECTED) > worth(HotspotState.ELIMINATED) > worth(HotspotState.CLEARED) > 0
    dismissed = ranked(hotspots=hotspots(ON_THE_LINE, state=HotspotState.DISMISSED))
    assert dismissed["hotspots"].iloc[0] == 0
    assert dismissed["risk"].iloc[0] == 0


def test_a_hotspot_may_be_a_road_or_an_area_and_one_of_tomorrow_is_unknown_today() -> None:
    road = shapely.LineString([(1300, 0), (1300, 400)])
    area = shapely.box(700, 600, 900, 900)
    broken = shapely.Polygon([(990, 100), (1010, 200), (1010, 100), (990, 200)])
    assert list(ranked(hotspots=hotspots(road, area, broken))["hotspots"]) == [3, 3]
    assert list(ranked(hotspots=hotspots(ON_THE_LINE, found_on=ago(-1)))["hotspots"]) == [0, 0]
    assert list(ranked(hotspots=hotspots(ON_THE_LINE, state_since=ago(-1)))["hotspots"]) == [0, 0]


def test_recent_findings_weigh_by_gravity_and_age() -> None:
    grave = points(ranked(findings=findings(ON_THE_LINE)), "findings")
    assert grave == 5
    assert points(ranked(findings=findings(ON_THE_LINE, serious=False)), "findings") == 1.5
    assert 0 < points(ranked(findings=findings(ON_THE_LINE, on_date=ago(180))), "findings") < grave
    assert points(ranked(findings=findings(ON_THE_LINE, on_date=ago(365))), "findings") == 0
    assert points(ranked(findings=findings((1151, 250))), "findings") == 0


def test_a_recent_joint_sweep_lowers_the_risk_and_its_day_is_shown() -> None:
    along = shapely.LineString([(1000, 0), (1000, 500)])
    place = {"hotspots": hotspots(ON_THE_LINE)}
    segments = ranked(sweeps=sweeps(along, along, on_date=[ago(30), ago(90)]), **place)
    assert segments["risk"].iloc[0] == pytest.approx(25 - 15 * (1 - 30 / 180), abs=0.06)
    assert segments["last_joint_inspection"].iloc[0] == ago(30)
    assert text(segments, "sweep") == "Hai bên đã phối hợp kiểm tra cách đây 30 ngày: -12.5"
    # The northern stretch only touches its end.
    assert segments["last_joint_inspection"].isna().tolist() == [False, True]


def test_an_old_sweep_is_shown_but_lowers_nothing_and_a_future_one_is_not_known() -> None:
    along = shapely.LineString([(1000, 0), (1000, 500)])
    old = ranked(sweeps=sweeps(along, on_date=ago(400)), hotspots=hotspots(ON_THE_LINE))
    assert old["risk"].iloc[0] == 25
    assert old["last_joint_inspection"].iloc[0] == ago(400)
    assert ranked(sweeps=sweeps(along, on_date=ago(-1)))["last_joint_inspection"].isna().all()


def test_a_sweep_of_a_quiet_stretch_leaves_it_at_zero_and_says_so() -> None:
    segments = ranked(sweeps=sweeps(shapely.LineString([(1000, 0), (1000, 500)])))
    assert segments["risk"].iloc[0] == 0
    assert {part.name: part.points for part in segments["parts"].iloc[0]} == {"sweep": -15.0, "limit": 15.0}


def busy() -> dict[str, Any]:
    many = [ON_THE_LINE] * 30
    return {
        "premises": premises(*many),
        "scores": pd.Series(100.0, index=[f"p{number}" for number in range(30)]),
        "signals": signals(*many, due_on=ago(1)),
        "findings": findings(*many),
        "hotspots": hotspots(*many[:3]),
    }


def test_however_much_comes_together_the_risk_ends_at_a_hundred() -> None:
    segments = ranked(**busy())
    assert segments["risk"].iloc[0] == 100
    assert points(segments, "limit") == -10
    assert text(segments, "limit") == "Giới hạn của thang điểm 0-100: -10"


def test_the_riskiest_stretch_is_first_and_ties_go_by_id() -> None:
    segments = border_segments(frame(grid(3, 2)))
    assert sorted(ranked(segments)["rank"]) == list(range(1, len(segments) + 1))
    ordered = ranked(segments).sort_values("rank")
    assert list(ordered["id"]) == sorted(ordered["id"])
    with_signal = ranked(segments, signals=signals(ON_THE_LINE)).sort_values("rank")
    assert list(with_signal["risk"]) == sorted(with_signal["risk"], reverse=True)
    shuffled = segments.sample(frac=1, random_state=3)
    again = ranked(shuffled, signals=signals(ON_THE_LINE)).sort_values("rank")
    assert list(again["id"]) == list(with_signal["id"])


def test_the_frame_keeps_its_rows_and_columns() -> None:
    segments = border().set_index(pd.Index([7, 3]))
    answer = ranked(segments, signals=signals(ON_THE_LINE))
    assert list(answer.index) == [7, 3]
    assert list(answer["id"]) == list(segments["id"])
    assert list(answer.columns[:6]) == list(segments.columns)
    assert "risk" not in segments


def test_without_borders_there_is_nothing_to_rank() -> None:
    empty = ranked(border_segments(frame({})), **busy())
    assert len(empty) == 0
    assert {"risk", "rank", "parts", "premises", "hotspots", "last_joint_inspection"} <= set(empty.columns)


def test_bare_empty_frames_will_do() -> None:
    nothing = gpd.GeoDataFrame()
    answer = ranked(premises=nothing, hotspots=nothing, signals=nothing, findings=nothing, sweeps=nothing)
    assert list(answer["risk"]) == [0, 0]


def test_weights_can_be_set_by_name() -> None:
    only = BorderWeights(hotspots=60.0)
    assert ranked(hotspots=hotspots(ON_THE_LINE), weights=only)["risk"].iloc[0] == 60


@pytest.mark.parametrize("width_m", [0.0, -1.0, float("nan")])
def test_a_strip_without_width_is_refused(width_m: float) -> None:
    with pytest.raises(InputError) as refused:
        ranked(width_m=width_m)
    assert refused.value.code == "strip_width"


def test_every_part_can_be_stored_and_shown() -> None:
    for part in ranked(**busy())["parts"].iloc[0]:
        assert "{" not in str(part.text)
        json.dumps(part.to_json(), ensure_ascii=False)


places = st.one_of(st.none(), st.tuples(st.floats(500, 1500), st.floats(-300, 1300)))
days = st.one_of(st.none(), st.integers(-400, 900).map(ago))


def rows(make: Callable[..., gpd.GeoDataFrame], **columns: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    row = st.fixed_dictionaries({"place": places, **columns})

    def made(found: list[dict[str, Any]]) -> gpd.GeoDataFrame:
        cells = {name: [one[name] for one in found] for name in columns}
        return make(*(one["place"] for one in found), **cells)

    return st.lists(row, max_size=6).map(made)


@settings(max_examples=25, deadline=None)
@given(
    signals=rows(
        signals,
        state=st.sampled_from(list(SignalState)),
        on_date=days,
        due_on=days,
        handled_on=days,
        premises_id=st.sampled_from(["p0", "p1", "elsewhere", None]),
    ),
    findings=rows(findings, on_date=days, serious=st.sampled_from([True, False, None])),
    hotspots=rows(
        hotspots,
        state=st.sampled_from(list(HotspotState)),
        catchment_m=st.sampled_from([0.0, 150.0, float("nan")]),
        found_on=days,
        state_since=days,
    ),
    sweeps=rows(sweeps, on_date=days),
    scores=st.lists(st.one_of(st.floats(0, 100), st.just(float("nan"))), max_size=3),
    width_m=st.floats(1, 2000),
)
def test_the_parts_sum_to_the_risk_exactly_and_nothing_is_ever_missing(
    scores: list[float], width_m: float, **known: gpd.GeoDataFrame
) -> None:
    register = premises(ON_THE_LINE, (1100, 700), (900, 100))
    told = pd.Series(scores, index=[f"p{number}" for number in range(len(scores))], dtype=float)
    answer = ranked(premises=register, scores=told, width_m=width_m, **known)
    assert sorted(answer["rank"]) == [1, 2]
    for row in answer.itertuples():
        assert 0 <= row.risk <= 100
        assert round(row.risk * 10) == sum(round(part.points * 10) for part in row.parts)
        assert row.risk == round(row.risk, 1)
        assert all(np.isfinite([part.value, part.points]).all() and part.points != 0 for part in row.parts)
        assert len({part.name for part in row.parts}) == len(row.parts)
        assert row.premises >= 0
        assert row.hotspots >= 0
        assert pd.isna(row.last_joint_inspection) or row.last_joint_inspection <= pd.Timestamp(AS_OF)
