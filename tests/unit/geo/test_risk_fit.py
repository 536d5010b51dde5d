"""The fitted score: the table moved by one's own inspections, never by the future; its parts add up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.risk import FittedWeights, model_of, part_columns, score_premises
from geo.risk_fit import Block, calendar_periods, doubt_of_table, fit_weights
from geo.risk_past import RiskRecord, read_block, read_blocks, risk_record
from geo.risk_settings import RiskSettings
from geo.words import VisitKind, VisitOutcome
from tests.unit.geo import frames as f
from tests.unit.geo.risk_world import AS_OF, SETTINGS, made_frames, made_record, units, with_fit


def blocks_of(record: RiskRecord, as_of: date = AS_OF, by: RiskSettings = SETTINGS) -> list[Block]:
    return read_blocks(record, as_of, by, by.fit.period_months)


def fitted(record: RiskRecord, by: RiskSettings = SETTINGS) -> FittedWeights:
    weights = fit_weights(blocks_of(record, by=by), by)
    assert weights is not None
    return weights


def scored(record: RiskRecord, weights: FittedWeights | None, by: RiskSettings = SETTINGS) -> pd.DataFrame:
    return score_premises(**record.on(AS_OF), as_of=AS_OF, settings=by, fitted=weights)


# --- what the fit learns --------------------------------------------------------------------------------------


def test_a_missing_paper_that_matters_here_weighs_more_than_in_the_table() -> None:
    # The made-up chances: log-odds of 2.2, where the table says 0.5.
    assert fitted(made_record(1500)).multipliers["licence_fire"] > 2


def test_what_the_data_speak_against_weighs_nothing_and_never_speaks_for_a_premises() -> None:
    def better_without(no_fire: npt.NDArray[np.bool_], _character: Any) -> Any:
        return np.where(no_fire, 0.02, 0.3)

    record = made_record(1500, chance=better_without)
    weights = fitted(record)
    assert weights.multipliers["licence_fire"] == 0
    assert min(weights.multipliers.values()) >= 0
    names = {part.name for parts in scored(record, weights)["parts"] for part in parts}
    assert "licence_fire" not in names


def test_a_table_that_is_believed_stays_as_it_is() -> None:
    weights = fitted(made_record(), with_fit(weight_spread=0.001))
    assert list(weights.multipliers.values()) == pytest.approx([1.0] * len(weights.multipliers), abs=0.01)


@pytest.mark.parametrize("chance", [0.0, 1.0])
def test_where_every_check_found_the_same_nothing_is_fitted(chance: float) -> None:
    record = made_record(900, chance=lambda no_fire, _character: np.full(len(no_fire), chance))
    assert fit_weights(blocks_of(record), SETTINGS) is None


def test_too_few_checks_or_none_are_not_fitted() -> None:
    assert fit_weights([], SETTINGS) is None
    assert blocks_of(made_record(0)) == []
    assert fit_weights(blocks_of(made_record(150)), SETTINGS) is None
    assert fit_weights(blocks_of(made_record(150)), with_fit(least_inspections=50, least_found=5)) is not None


# --- exact parts ----------------------------------------------------------------------------------------------


def test_the_parts_of_a_fitted_score_add_up_exactly_and_keep_their_names_and_sentences() -> None:
    record = made_record()
    table, ours = (scored(record, one).set_index("id") for one in (None, fitted(record)))
    for row in ours.itertuples():
        assert sum(Decimal(str(part.points)) for part in row.parts) == Decimal(str(row.score))
        plain = {part.name: part for part in table.at[row.Index, "parts"]}
        for part in row.parts[1:]:
            assert part.value == plain[part.name].value
            assert str(part.text).rpartition(": ")[0] == str(plain[part.name].text).rpartition(": ")[0]


def test_a_fitted_score_is_linear_in_the_log_odds_and_pinned_to_the_same_scale() -> None:
    record = made_record()
    scores = scored(record, fitted(record))
    log_odds = np.log(scores["probability"] / (1 - scores["probability"]))
    low, high = SETTINGS.scale.low, SETTINGS.scale.high
    inside = scores["score"].between(0.1, 99.9)
    assert np.allclose(scores["score"][inside], ((log_odds - low) / (high - low) * 100)[inside])


def test_the_rounded_parts_stay_within_a_tenth_each_of_the_fit() -> None:
    record = made_record()
    weights = fitted(record)
    block = blocks_of(record)[-1]
    exact = weights.log_odds(block, SETTINGS.scale.base)
    by_hand = SETTINGS.scale.base + weights.base + block.part("district")
    for name, times in weights.multipliers.items():
        by_hand = by_hand + times * block.part(name)
    np.testing.assert_allclose(exact, by_hand, rtol=0, atol=1e-12)


# --- versions -------------------------------------------------------------------------------------------------


def test_a_version_names_the_settings_and_what_was_fitted() -> None:
    frames = made_frames()
    weights = fitted(made_record())
    turned = {name: frames[name][::-1] for name in ("inspections", "findings", "licences")}
    assert fitted(risk_record(**(frames | turned))).version == weights.version
    assert fitted(made_record(seed=2)).version != weights.version
    other = replace(SETTINGS, border=replace(SETTINGS.border, weight=0.21))
    assert fitted(made_record(), other).version != weights.version
    model = model_of(SETTINGS, weights)
    assert (model.name, model.version, model.fitted_on) == (
        SETTINGS.fit.name,
        weights.version,
        date(2026, 2, 28),
    )
    assert model_of(SETTINGS).fitted_on is None


# --- ranges ---------------------------------------------------------------------------------------------------


def test_a_probability_lies_in_its_range() -> None:
    record = made_record()
    for weights in (None, fitted(record)):
        scores = scored(record, weights)
        assert (scores["probability_low"] < scores["probability"]).all()
        assert (scores["probability"] < scores["probability_high"]).all()


def test_more_checks_leave_less_of_the_fit_in_doubt() -> None:
    few, many = (fitted(made_record(checks), with_fit(least_found=5)) for checks in (400, 3000))
    columns = part_columns(**made_record().on(AS_OF), as_of=AS_OF, settings=SETTINGS)
    parts = {column.name: column.log_odds for column in columns}
    assert np.median(many.doubt(parts)) < np.median(few.doubt(parts))


def test_violations_seen_often_leave_a_rate_less_in_doubt_than_one_seen_once() -> None:
    frames = made_frames(0, premises=2)
    visits = f.inspections(
        {"premises_id": "p000", "on_date": AS_OF - timedelta(days=10)},
        *({"premises_id": "p001", "on_date": AS_OF - timedelta(days=9 * k)} for k in range(1, 30)),
    )
    found = f.findings(*({"inspection_id": f"i{k}", "serious": True} for k in range(15)), of=visits)
    record = risk_record(**(frames | {"inspections": visits, "findings": found}))
    columns = {
        column.name: column for column in part_columns(**record.on(AS_OF), as_of=AS_OF, settings=SETTINGS)
    }
    doubt = columns["serious_violations"].doubt
    assert doubt is not None
    assert doubt[1] < doubt[0]


def test_the_table_s_weights_are_in_doubt_by_a_share_of_themselves() -> None:
    parts = {"district": np.array([9.0]), "a": np.array([0.3]), "b": np.array([0.4])}
    # Each by itself: .3 and .4, together .7; half of the root of .09 + .16 + .49.
    assert doubt_of_table(parts, SETTINGS.fit) == pytest.approx([0.5 * np.sqrt(0.74)])


# --- only the past --------------------------------------------------------------------------------------------


def with_another_future(frames: dict[str, Any], after: date, seed: int) -> dict[str, Any]:
    """The same record up to ``after``; what follows is shuffled, and things happen that did not."""
    rng = np.random.default_rng(seed)
    later = frames["inspections"]["on_date"] > pd.Timestamp(after)
    visits = frames["inspections"].copy()
    visits.loc[later, "premises_id"] = rng.permutation(visits.loc[later, "premises_id"].to_numpy())
    ids = visits.loc[later, "id"].to_numpy()
    findings = frames["findings"]
    kept = findings[findings["on_date"] <= pd.Timestamp(after)]
    new = f.findings(
        *({"id": f"n{one}", "inspection_id": one, "serious": True} for one in ids[rng.random(len(ids)) < 0.5]),
        of=visits,
    )
    day = after + timedelta(days=1)
    return frames | {
        "inspections": visits,
        "findings": pd.concat([kept, new], ignore_index=True),
        "signals": f.signals(*({"on_date": day, "geometry": f.at(20 * k)} for k in range(9))),
        "status_changes": pd.DataFrame(
            {"premises_id": ["p001", "p002"], "on_date": pd.Timestamp(day), "status": "closed"}
        ),
        "hotspots": f.hotspots({"geometry": f.at()}),
        "transitions": pd.DataFrame(
            {"hotspot_id": ["h0"], "on_date": [pd.Timestamp(day)], "state": ["active"]}
        ),
        "renames": pd.DataFrame({"premises_id": ["p003"], "on_date": [pd.Timestamp(day)]}),
    }


@settings(max_examples=2, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_what_happens_after_the_day_changes_neither_the_fit_nor_a_score(seed: int) -> None:
    frames = made_frames(until=AS_OF + timedelta(days=300))
    one, other = risk_record(**frames), risk_record(**with_another_future(frames, AS_OF, seed))
    before, after = fitted(one), fitted(other)
    assert before.version == after.version
    columns = ["id", "score", "rank", "probability", "probability_low", "probability_high"]
    pd.testing.assert_frame_equal(scored(one, before)[columns], scored(other, after)[columns])


def test_a_past_check_is_seen_with_what_was_known_before_its_period_alone() -> None:
    frames = made_frames()
    first, last = date(2025, 5, 1), date(2025, 6, 30)
    known = read_block(risk_record(**frames), first, last, SETTINGS)
    changed = with_another_future(frames, first - timedelta(days=1), 8)
    # The checks themselves stay, so that their rows can be compared; all they found is another.
    other = read_block(risk_record(**(changed | {"inspections": frames["inspections"]})), first, last, SETTINGS)
    np.testing.assert_array_equal(known.log_odds, other.log_odds)
    assert len(known.outcome) > 20


def test_who_inspected_changes_nothing_in_the_fit() -> None:
    frames = made_frames()
    visits = frames["inspections"].copy()
    visits["body"], visits["team_id"], visits["decision_number"] = "police", "t9", "9/QĐ"
    assert fitted(risk_record(**(frames | {"inspections": visits}))).version == fitted(made_record()).version


def test_only_planned_and_unannounced_checks_teach_and_each_once() -> None:
    rows = [
        {"on_date": date(2025, 3, 3)},
        {"on_date": date(2025, 3, 3)},
        {"on_date": date(2025, 4, 3), "kind": VisitKind.FOLLOW_UP},
        {"on_date": date(2025, 5, 3), "outcome": VisitOutcome.REFUSED},
        {"on_date": date(2025, 6, 3), "kind": VisitKind.UNANNOUNCED},
        {"on_date": None},
    ]
    frames = made_frames(0, premises=1)
    visits = f.inspections(*rows)
    found = f.findings(
        {"inspection_id": "i1", "serious": True}, {"inspection_id": "i2", "serious": True}, of=visits
    )
    twice = pd.concat([visits, visits], ignore_index=True)
    checks = risk_record(**(frames | {"inspections": twice, "findings": found})).checks
    assert checks["on_date"].dt.date.tolist() == [date(2025, 3, 3), date(2025, 6, 3)]
    assert checks["found"].tolist() == [True, False]


def test_premises_that_were_not_in_business_before_the_period_are_left_out_and_counted() -> None:
    frames = made_frames(300, premises=5)
    frames["premises"].loc[0, "opened_on"] = pd.Timestamp(2025, 5, 20)
    block = read_block(risk_record(**frames), date(2025, 5, 1), date(2025, 6, 30), SETTINGS)
    checks = risk_record(**frames).checks
    inside = checks[checks["on_date"].between("2025-05-01", "2025-06-30")]
    assert block.left_out == (inside["premises_id"] == "p000").sum() > 0
    assert len(block.outcome) + block.left_out == len(inside)


# --- periods --------------------------------------------------------------------------------------------------


def test_periods_are_those_of_the_calendar_that_have_ended() -> None:
    periods = calendar_periods(date(2025, 8, 15), date(2026, 3, 10), 2)
    assert periods[0] == (date(2025, 9, 1), date(2025, 10, 31))
    assert periods[-1] == (date(2026, 1, 1), date(2026, 2, 28))
    assert calendar_periods(date(2026, 1, 1), date(2026, 2, 28), 2) == [(date(2026, 1, 1), date(2026, 2, 28))]
    assert calendar_periods(date(2026, 1, 1), date(2026, 2, 27), 2) == []
    assert calendar_periods(date(2026, 5, 1), date(2026, 2, 27), 2) == []


def test_a_long_history_counts_back_to_so_many_checks() -> None:
    record = made_record(900)
    whole = blocks_of(record)
    some = blocks_of(record, by=with_fit(most_inspections=100))
    assert 100 <= sum(len(block.outcome) for block in some) < sum(len(block.outcome) for block in whole)
    assert some[-1].last == whole[-1].last


# --- wild registers -------------------------------------------------------------------------------------------


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_whatever_the_record_looks_like_there_is_a_finite_score_or_no_fit(seed: int) -> None:
    frames = f.wild_district(seed)
    by = f.Chance(seed + 1)
    changes = [
        {"premises_id": by.owner(), "on_date": by.day(), "status": by.word("active", "closed")} for _ in "abc"
    ]
    moves = [
        {"hotspot_id": f"h{k}", "on_date": by.day(), "state": by.word("active", "cleared")} for k in range(3)
    ]
    record = risk_record(
        **{
            name: frames[name]
            for name in ("premises", "licences", "inspections", "findings", "signals", "hotspots")
        },
        status_changes=pd.DataFrame(changes),
        units=units("Đông", "Tây") if by.word(True, False) else units().iloc[:0],
        transitions=pd.DataFrame(moves),
    )
    easy = with_fit(least_inspections=1, least_found=1, warm_up_months=1, period_months=12)
    weights = fit_weights(blocks_of(record, f.WILD_DAY, easy), easy)
    scores = score_premises(**record.on(f.WILD_DAY), as_of=f.WILD_DAY, settings=easy, fitted=weights)
    numbers = scores[["score", "probability", "probability_low", "probability_high"]].to_numpy(dtype=float)
    assert np.isfinite(numbers).all()
    for parts in scores["parts"]:
        assert all(np.isfinite([part.points, part.value]).all() for part in parts)
