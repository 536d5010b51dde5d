"""The score of premises: parts that add up and say why, whatever the register looks like."""

from __future__ import annotations

import copy
import pickle
import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from data.repositories.frames import columns
from data.tables import Finding, Hotspot, Inspection, Licence, Patrol, Premises, Signal
from geo.errors import InputError
from geo.risk import model_of, parse_settings, score_premises
from geo.risk_parts import Part
from geo.risk_settings import RiskSettings, Scale
from geo.words import LicenceKind, SignalState, VisitOutcome
from tests.paths import ROOT
from tests.unit.geo import frames as f
from tests.unit.geo.frames import at

AS_OF = f.WILD_DAY
TEXT = (ROOT / "geo" / "risk.toml").read_text(encoding="utf-8")
SETTINGS = parse_settings(TEXT)


NOTHING_KNOWN: dict[str, Any] = {
    "premises": f.premises({"geometry": at()}),
    "licences": f.licences(),
    "inspections": f.inspections(),
    "findings": f.findings(),
    "signals": f.signals(),
    "hotspots": f.hotspots(),
    "border_distance_m": None,
}


def scored(*, as_of: date = AS_OF, by: RiskSettings = SETTINGS, **frames: Any) -> pd.DataFrame:
    """Scores by id; frames that are not given are empty, the register is one guesthouse."""
    return score_premises(**(NOTHING_KNOWN | frames), as_of=as_of, settings=by).set_index("id")


def parts(of: str = "p0", /, **given_frames: Any) -> dict[str, Part]:
    return {part.name: part for part in scored(**given_frames).at[of, "parts"]}


def plain(scores: pd.DataFrame) -> list[tuple[Any, ...]]:
    """Everything but the sentences, comparable."""
    return [
        (one, row.score, row["rank"], row.probability, [(p.name, p.value, p.points) for p in row.parts])
        for one, row in scores.iterrows()
    ]


def days_ago(days: int) -> date:
    return AS_OF - timedelta(days=days)


# --- wild districts -------------------------------------------------------------------------------------------

SEEDS = st.integers(0, 2**32 - 1)
WILD = settings(max_examples=12, deadline=None)
COMMON = {"district", "type", "ward"}
NARROW = replace(SETTINGS, scale=Scale(low=-3.1, high=-2.6, base=-3.0))


@WILD
@given(SEEDS, st.sampled_from([SETTINGS, NARROW]))
def test_whatever_the_register_looks_like_parts_add_up_and_every_premises_is_ranked(
    seed: int, by: RiskSettings
) -> None:
    frames = f.wild_district(seed)
    scores = scored(**frames, by=by)
    assert sorted(scores.index) == sorted(frames["premises"]["id"])
    assert scores["rank"].tolist() == list(range(1, len(scores) + 1))
    assert scores["score"].is_monotonic_decreasing
    assert scores["score"].between(0, 100).all()
    assert scores["probability"].between(0, 1, inclusive="neither").all()
    for row in scores.itertuples():
        assert row.parts[0].name == "base"
        assert sum(Decimal(str(part.points)) for part in row.parts) == Decimal(str(row.score))
        assert len({part.name for part in row.parts}) == len(row.parts)
        for part in row.parts:
            assert part.points != 0 or part.name == "base"
            assert np.isfinite([part.value, part.points]).all()
            assert_sentence(part)


def assert_sentence(part: Part) -> None:
    """The sentence ends in the points of its part, says something before them, and shows no hole."""
    text, sign = str(part.text), "-" if part.points < 0 else "+"
    reason, _, points = text.rpartition(": ")
    assert points == f"{sign}{re.sub(r'[.]0$', '', str(abs(part.points)))}"
    assert len(reason) > 5
    assert not re.search(r"\b(nan|None|NaT|<NA>|inf)\b", text), text


@WILD
@example(2424)
@given(SEEDS)
def test_repeated_rows_count_once_and_the_order_of_rows_means_nothing(seed: int) -> None:
    frames = f.wild_district(seed)
    before = plain(scored(**frames))
    events = [name for name in frames if name not in {"premises", "border_distance_m"}]
    twice = {name: pd.concat([frames[name]] * 2, ignore_index=True) for name in events}
    assert plain(scored(**(frames | twice))) == before
    turned = {name: frame[::-1] for name, frame in frames.items() if isinstance(frame, pd.DataFrame)}
    assert plain(scored(**(frames | turned))) == before


@WILD
@given(SEEDS)
def test_what_happens_after_the_day_changes_nothing(seed: int) -> None:
    frames, by = f.wild_district(seed), f.Chance(seed + 1)
    owner = {"premises_id": "p0"}
    later = {
        "inspections": f.inspections(*({**owner, "id": one, "on_date": by.later()} for one in ("i0", "i90"))),
        "findings": f.findings(
            *(
                {**owner, "id": one, "inspection_id": visit, "on_date": by.later(), "serious": True}
                for one in ("f0", "f90")
                for visit in ("i0", "i90")
            )
        ),
        "signals": f.signals(
            *({**owner, "id": one, "on_date": by.later(), "geometry": at()} for one in ("s0", "s90"))
        ),
        "licences": f.licences(
            *({**owner, "id": f"l9{kind}", "kind": kind, "issued_on": by.later()} for kind in LicenceKind)
        ),
        "hotspots": f.hotspots({"id": "h90", "state": "active", "state_since": by.later(), "geometry": at()}),
    }
    # First, so that a repeated id would win if dates were looked at too late.
    grown = {name: pd.concat([new, frames[name]], ignore_index=True) for name, new in later.items()}
    assert plain(scored(**(frames | grown))) == plain(scored(**frames))


@WILD
@given(SEEDS)
def test_one_more_serious_violation_never_lowers_the_score_of_that_premises(seed: int) -> None:
    frames = f.wild_district(seed)
    before = scored(**frames)["score"]
    visits = frames["inspections"]
    for visit in visits[visits["premises_id"].isin(before.index)][:3].itertuples():
        one = {"id": "f90", "inspection_id": visit.id, "premises_id": visit.premises_id}
        found = f.findings(one | {"on_date": visit.on_date, "serious": True})
        more = pd.concat([frames["findings"], found], ignore_index=True)
        after = scored(**(frames | {"findings": more}))["score"]
        assert after[visit.premises_id] >= before[visit.premises_id]


@WILD
@given(SEEDS)
def test_who_inspected_and_under_which_number_changes_nothing(seed: int) -> None:
    frames, by = f.wild_district(seed), f.Chance(seed + 1)
    visits = frames["inspections"].copy()
    for column in ("body", "team_id", "kind", "decision_number", "minutes_number", "grounds"):
        values = [by.word("police", "t1", "unannounced", "9/QĐ", None) for _ in range(len(visits))]
        visits[column] = pd.Series(values, dtype=object)
    visits["selection_probability"] = 0.01
    assert plain(scored(**(frames | {"inspections": visits}))) == plain(scored(**frames))


@WILD
@given(SEEDS)
def test_signals_that_nobody_verified_count_nothing(seed: int) -> None:
    frames, by = f.wild_district(seed), f.Chance(seed + 1)
    others = [state for state in SignalState if state is not SignalState.VERIFIED]
    more = f.signals(*(f.signal_row(by) | {"id": f"s9{state}", "state": state} for state in others))
    grown = pd.concat([frames["signals"], more], ignore_index=True)
    assert plain(scored(**(frames | {"signals": grown}))) == plain(scored(**frames))


@pytest.mark.parametrize("serious", [True, False])
@pytest.mark.parametrize("size", [1, 40])
def test_a_district_where_every_check_finds_the_same_is_scored_alike(serious: bool, size: int) -> None:
    ids = [f"p{k}" for k in range(size)]
    visits = f.inspections(*({"premises_id": one, "on_date": days_ago(30)} for one in ids))
    found = f.findings(*({"inspection_id": one, "serious": serious} for one in visits["id"]), of=visits)
    scores = scored(premises=f.premises(*({"geometry": at()} for _ in ids)), inspections=visits, findings=found)
    assert scores["score"].nunique() == 1
    assert (scores["score"].iloc[0] > scored().at["p0", "score"]) == serious


# --- single facts ---------------------------------------------------------------------------------------------


def test_a_register_without_history_is_scored_by_what_it_says() -> None:
    found = parts(premises=f.premises({"type": "cafe"}))
    # The table: base -3.0 and never inspected 0.6 on a scale from -4.5 to 1.5, so 0.06 a point.
    assert {name: part.points for name, part in found.items()} == {"base": 25.0, "never_inspected": 10.0}
    assert scored(premises=f.premises({"type": "cafe"}))["score"].to_list() == [35.0]
    assert parts()["type"].points == 2.5
    assert scored(premises=f.premises()).empty


def test_a_serious_violation_is_named_with_its_count_months_and_checks() -> None:
    visits = f.inspections({"on_date": days_ago(200)}, {"on_date": days_ago(50)})
    found = f.findings(
        {"inspection_id": "i0", "serious": True}, {"inspection_id": "i1", "serious": True}, of=visits
    )
    part = parts(inspections=visits, findings=found)["serious_violations"]
    assert part.value == 2
    assert part.points > 0
    assert str(part.text).startswith("2 vi phạm nghiêm trọng trong 24 tháng (2 lượt kiểm tra): +")


def test_checks_without_a_violation_lower_the_score() -> None:
    visits = f.inspections(*({"on_date": days_ago(day)} for day in (1, 100, 300)))
    part = parts(inspections=visits)["serious_violations"]
    assert part.points < 0
    assert "Không có vi phạm nghiêm trọng qua 3 lượt kiểm tra" in str(part.text)


@pytest.mark.parametrize("outcome", [outcome for outcome in VisitOutcome if outcome != "checked"])
def test_a_visit_that_checked_nothing_is_no_check(outcome: str) -> None:
    visits = f.inspections({"on_date": days_ago(20), "outcome": outcome})
    found = f.findings({"inspection_id": "i0", "serious": True}, of=visits)
    assert plain(scored(inspections=visits, findings=found)) == plain(scored())


def test_a_violation_weighs_less_with_the_years_and_nothing_after_two() -> None:
    def points(day: int) -> float:
        visits = f.inspections({"on_date": days_ago(day)})
        found = f.findings({"inspection_id": "i0", "serious": True}, of=visits)
        part = parts(inspections=visits, findings=found).get("serious_violations")
        return part.points if part else 0.0

    assert points(10) > points(300) > points(700) > 0
    assert points(800) == 0


def test_another_premises_of_the_ward_and_type_is_touched_only_through_their_common_rates() -> None:
    both = f.premises({"geometry": at()}, {"geometry": at(50)})
    visits = f.inspections({"on_date": days_ago(20)})
    found = f.findings({"inspection_id": "i0", "serious": True}, of=visits)
    with_it = parts("p1", premises=both, inspections=visits, findings=found)
    without = parts("p1", premises=both, inspections=visits)
    assert {name for name in with_it | without if with_it.get(name) != without.get(name)} <= COMMON
    assert with_it["type"].points >= without["type"].points


def test_a_verified_signal_counts_more_when_nearer_and_newer_and_most_at_the_door() -> None:
    def points(metres: int, days: int, **more: Any) -> float:
        heard = f.signals({"on_date": days_ago(days), "geometry": at(metres)} | more)
        part = parts(signals=heard).get("signals")
        return part.points if part else 0.0

    assert points(20, 5) > points(200, 5) > points(450, 5) > 0
    assert points(20, 5) > points(20, 200) > 0
    assert points(520, 5) == 0
    assert points(20, 365) == 0
    assert points(5000, 5, premises_id="p0") > points(20, 5)
    assert points(20, 5, handled_on=AS_OF + timedelta(days=1)) == 0


def test_a_signal_that_names_a_premises_without_a_point_reaches_it_and_no_other() -> None:
    both = f.premises({"geometry": None}, {"geometry": at()})
    heard = f.signals({"on_date": days_ago(5), "premises_id": "p0"})
    assert "signals" in parts("p0", premises=both, signals=heard)
    assert "signals" not in parts("p1", premises=both, signals=heard)


def test_of_several_hotspots_the_strongest_counts_and_is_named() -> None:
    around = f.hotspots(
        {"name": "Chùa Tổng", "state": "eliminated", "geometry": at(10)},
        {"name": "Bến xe", "state": "active", "geometry": at(100)},
        {"name": "Cầu Bươu", "state": "active", "geometry": at(400)},
    )
    part = parts(hotspots=around)["hotspot"]
    assert "Trong vùng theo dõi của điểm Bến xe (đang phức tạp)" in str(part.text)
    assert part.points == parts(hotspots=around[1:2])["hotspot"].points
    outside = parts(hotspots=around[2:])["hotspot"]
    assert 0 < outside.points < part.points
    assert re.match(r"Cách điểm Cầu Bươu \(đang phức tạp\) (399|400) m: \+", str(outside.text))


def test_of_equally_strong_hotspots_the_nearest_is_named_then_the_first_by_id() -> None:
    around = f.hotspots(
        {"name": "Chợ", "geometry": at(90)},
        {"name": "Ga", "geometry": at(90)},
        {"name": "Xa", "geometry": at(150)},
    )
    for order in (around, around[::-1]):
        assert "điểm Chợ" in str(parts(hotspots=order)["hotspot"].text)
    assert "điểm Ga" in str(parts(hotspots=around[1:])["hotspot"].text)


def test_a_dismissed_hotspot_counts_nothing() -> None:
    assert "hotspot" not in parts(hotspots=f.hotspots({"state": "dismissed", "geometry": at()}))


def test_the_border_counts_less_with_the_distance_and_nothing_at_its_width() -> None:
    def points(metres: float) -> float:
        part = parts(border_distance_m=pd.Series({"p0": metres})).get("border")
        return part.points if part else 0.0

    assert points(0) > points(150) > 0
    assert points(SETTINGS.border.width_m) == 0
    assert "border" not in parts(border_distance_m=pd.Series({"p7": 1.0}))


@pytest.mark.parametrize(
    ("paper", "words"),
    [
        ({}, None),
        ({"term_until": AS_OF}, None),
        ({"term_until": days_ago(1)}, "Hết thời hạn ghi trên giấy"),
        ({"suspended_on": AS_OF}, "Đang bị tạm đình chỉ"),
        ({"withdrawn_on": AS_OF}, "Đã bị thu hồi"),
        ({"withdrawn_on": AS_OF + timedelta(days=1)}, None),
        ({"issued_on": AS_OF + timedelta(days=1)}, "Chưa có giấy bắt buộc với loại hình"),
        ({"issued_on": None}, None),
    ],
)
def test_a_paper_counts_when_it_is_not_in_force(paper: dict[str, Any], words: str | None) -> None:
    three = f.premises(*({"geometry": at(9 * k)} for k in range(3)))
    papers = f.licences(paper, {"premises_id": "p1"}, {"premises_id": "p2"})
    part = parts(premises=three, licences=papers).get("licence_security")
    if words is None:
        assert part is None
    else:
        assert part is not None and part.points > 0
        assert str(part.text).startswith(words)
        assert "giấy chứng nhận đủ điều kiện về ANTT" in str(part.text)


def test_of_several_papers_of_a_kind_the_best_one_counts() -> None:
    papers = f.licences({"withdrawn_on": days_ago(90)}, {"issued_on": days_ago(30)})
    assert "licence_security" not in parts(licences=papers)


def test_a_paper_that_the_type_does_not_need_is_not_missed() -> None:
    room = f.premises({"type": "rented_rooms", "geometry": at()}, {"geometry": at(9)})
    assert not [
        name for name in parts(premises=room, licences=f.licences({"premises_id": "p1"})) if "licence" in name
    ]


def test_a_paper_that_the_register_hardly_records_is_not_called_missing() -> None:
    many = f.premises(*({"geometry": at(9 * k)} for k in range(10)))
    some = [{"premises_id": f"p{k}"} for k in range(1, 4)]
    assert "licence_security" in parts(premises=many, licences=f.licences(*some))
    assert "licence_security" not in parts(premises=many, licences=f.licences(*some[:2]))


def test_new_and_reopened_premises_are_told_apart() -> None:
    new = f.premises({"opened_on": days_ago(100), "status_since": days_ago(100)})
    assert {"new"} == {"new", "reopened"} & set(parts(premises=new))
    reopened = f.premises({"opened_on": days_ago(3000), "status_since": days_ago(100)})
    assert {"reopened"} == {"new", "reopened"} & set(parts(premises=reopened))
    closed = f.premises({"opened_on": days_ago(3000), "status_since": days_ago(100), "status": "closed"})
    assert not {"new", "reopened"} & set(parts(premises=closed))


def test_a_commitment_and_passed_deadlines_are_worth_what_the_table_says() -> None:
    visits = f.inspections({"on_date": days_ago(40)})
    late = [{"inspection_id": "i0", "deadline": days_ago(5)} for _ in range(5)]
    found = parts(
        premises=f.premises({"commitment_on": days_ago(9)}),
        inspections=visits,
        findings=f.findings(*late, of=visits),
    )
    # -0.2 and, capped at three, 3 x 0.35, at 0.06 a point.
    assert (found["commitment"].points, found["deadlines_overdue"].points) == (-3.3, 17.5)
    assert str(found["deadlines_overdue"].text) == "5 thời hạn khắc phục đã qua mà chưa xong: +17.5"


def test_a_signed_commitment_lowers_the_score_from_its_day_on() -> None:
    signed = f.premises({"commitment_on": AS_OF})
    assert parts(premises=signed)["commitment"].points < 0
    assert "commitment" not in parts(premises=signed, as_of=days_ago(1))


def test_equal_scores_are_ranked_by_id() -> None:
    same = f.premises(*({"id": name} for name in ("b", "c", "a")))
    assert scored(premises=same).index.tolist() == ["a", "b", "c"]


def test_the_limit_of_the_scale_is_a_part_and_the_probability_is_not_limited() -> None:
    by = replace(SETTINGS, scale=Scale(low=-2.9, high=-2.5, base=-3.0))
    found = {part.name: part for part in scored(by=by).at["p0", "parts"]}
    assert found["base"].points < 0
    assert found["limit"].points < 0
    assert scored(by=by).at["p0", "score"] == 100
    assert scored(by=by).at["p0", "probability"] == pytest.approx(scored().at["p0", "probability"], abs=0.002)


def test_the_score_is_linear_in_the_log_odds_of_the_probability() -> None:
    visits = f.inspections(*({"premises_id": f"p{k}", "on_date": days_ago(40 + 200 * k)} for k in range(3)))
    scores = scored(premises=f.premises(*({"geometry": at(80 * k)} for k in range(4))), inspections=visits)
    log_odds = np.log(scores["probability"] / (1 - scores["probability"]))
    low, high = SETTINGS.scale.low, SETTINGS.scale.high
    assert np.allclose(scores["score"], (log_odds - low) / (high - low) * 100)


def test_parts_outlive_their_frames_as_a_plain_list() -> None:
    found = scored().at["p0", "parts"]
    for kept in (pickle.loads(pickle.dumps(found)), copy.deepcopy(found), list(found)):
        assert type(kept) is list
        assert found == kept
    assert len(found) == len(list(found)) > 1
    assert found[:1] == [found[0]]
    assert [part.to_json()["points"] for part in found] == [part.points for part in found]


# --- settings -------------------------------------------------------------------------------------------------


def variants() -> dict[str, str]:
    """The settings with one value changed, by the line that was changed."""
    lines = TEXT.splitlines()
    changed = {}
    for at_line, line in enumerate(lines):
        new = re.sub(r"^(\w+ = )(-?\d+\.\d+)$", lambda m: f"{m[1]}{float(m[2]) + 0.001:.4f}", line)
        new = re.sub(r"^(\w+ = )(\d+)$", lambda m: f"{m[1]}{int(m[2]) + 1}", new)
        new = re.sub(r"^((?:from|until) = \d{4}-\d\d-)\d\d$", r"\g<1>17", new)
        new = re.sub(r'^(name|law)( = ")', r"\1\2X", new)
        new = re.sub(r'^mode = "auto"', 'mode = "table"', new)
        new = re.sub(r'^types = \["\w+", ', "types = [", new)
        if new != line:
            changed[f"{at_line + 1}: {line}"] = "\n".join([*lines[:at_line], new, *lines[at_line + 1 :]])
    return changed


def test_any_changed_value_is_a_new_version_and_a_changed_comment_is_not() -> None:
    versions = {line: parse_settings(text).version for line, text in variants().items()}
    values = [line for line in TEXT.splitlines() if " = " in line and not line.startswith("#")]
    # Every line with a value was changed, but for the kinds of the papers.
    assert len(versions) == len([line for line in values if not line.startswith("kind")])
    assert len({*versions.values(), SETTINGS.version}) == len(versions) + 1
    assert parse_settings(re.sub("#.*", "# khác", TEXT)).version == SETTINGS.version
    assert model_of(SETTINGS).version == SETTINGS.version


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("low = -4.5", "", "scale.low"),
        ("low = -4.5", "lwo = -4.5", "scale.lwo"),
        ("low = -4.5", 'low = "-4.5"', "scale.low"),
        ("low = -4.5", "low = 2.0", "scale.low"),
        ("low = -4.5", "low = nan", "scale.low"),
        ("window_months = 24", "window_months = 0", "history.window_months"),
        ("window_months = 24", "window_months = 24.5", "history.window_months"),
        ("window_months = 24", "window_months = 100000", "history.window_months"),
        ("own_strength = 6.0", "own_strength = 0", "history.own_strength"),
        ("per_year = 0.25", "per_year = -1", "since.per_year"),
        ("per_year = 0.25", "per_year = true", "since.per_year"),
        ("[since]", "[sinec]", "sinec"),
        ("karaoke = 0.3", "karoke = 0.3", "type.karoke"),
        ("karaoke = 0.3", "", "type.karaoke"),
        ('kind = "fire"', 'kind = "fier"', "licences.required.kind"),
        ("from = 2021-01-10", "from = 2021-01-10T00:00:00", "licences.required.from"),
        ("from = 2016-07-01", "from = 2016-07-01\nuntil = 2016-01-01", "licences.required.until"),
        ('types = ["karaoke", "dance_hall"]', "types = [[]]", "licences.required.types"),
        ("low = -4.5", "low = = 1", "TOML"),
        ('mode = "auto"', 'mode = "otto"', "fit.mode"),
        ('name = "bang-diem-hieu-chinh"', "name = 7", "fit.name"),
        ("period_months = 2", "period_months = 13", "fit.period_months"),
        ("range_share = 0.8", "range_share = 1.0", "fit.range_share"),
        ("largest_weight = 20.0", "largest_weight = 0.5", "history.largest_weight"),
    ],
)
def test_a_mistake_in_the_settings_is_refused_and_named(old: str, new: str, named: str) -> None:
    assert old in TEXT
    with pytest.raises(InputError) as caught:
        parse_settings(TEXT.replace(old, new, 1))
    assert named in str(caught.value)


# --- the frames these tests are made of -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "frame", "derived"),
    [
        (Premises, f.premises(), {"status", "status_since", "ward_id", "ward_code", "ward_name"}),
        (Licence, f.licences(), set()),
        (Inspection, f.inspections(), set()),
        (Finding, f.findings(), {"premises_id", "on_date", "geometry"}),
        (Signal, f.signals(), set()),
        (Patrol, f.patrols(), set()),
        (Hotspot, f.hotspots(), {"state", "state_since", "eliminated_on", "document"}),
    ],
)
def test_the_frames_of_these_tests_have_the_columns_that_the_repositories_give(
    table: Any, frame: gpd.GeoDataFrame, derived: set[str]
) -> None:
    stored = {"geometry" if column.name == "geom" else column.name for column in columns(table)}
    # Columns that no rule reads may be left out; none may be made up.
    assert set(frame.columns) <= stored | derived
