"""The fitted risk model: parts that add up, what it learns, what it refuses, odd columns and gaps."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.risk_features import (
    NEARBY_OUTCOMES,
    FeatureSettings,
    InspectionLog,
    days_since_last,
    features_at,
    read_log,
    read_signals,
)
from geo.risk_model import ENOUGH_ROWS, FittedRisk, fit_risk, learn_encoding, ridge_logistic, training_set
from tests.unit.geo.inspections_world import AFTER, inspections, signals

AS_OF = 20_089  # 2025-01-01
SETTINGS = FeatureSettings(nearby=True)


def log_of(frame: pd.DataFrame) -> InspectionLog:
    return read_log(frame, "found", AFTER, 21.0)


def fitted(log: InspectionLog) -> FittedRisk:
    training = training_set(log, read_signals(signals(), 21.0), AS_OF, 60, SETTINGS)
    assert training is not None
    return fit_risk(training)


def features(log: InspectionLog) -> pd.DataFrame:
    rows = np.flatnonzero(log.day >= AS_OF)
    return features_at(log, read_signals(signals(), 21.0), rows, AS_OF, SETTINGS)


def test_the_parts_of_every_prediction_add_up_to_its_log_odds() -> None:
    log = log_of(inspections())
    model = fitted(log)
    some = features(log)
    parts = model.parts(some)
    assert {"type", "rooms", "history_outcome", "log_days_since", "signals_nearby", NEARBY_OUTCOMES} <= set(
        parts
    )
    np.testing.assert_allclose(model.base + parts.sum(axis=1), model.log_odds(some), rtol=0, atol=1e-12)


def test_the_inspection_itself_and_its_id_are_no_features() -> None:
    parts = set(fitted(log_of(inspections())).parts(features(log_of(inspections()))))
    assert not parts & {"inspection_id", "premises_id", "date", "found", "minor_count", "lat", "lon"}


def test_a_missing_paper_that_matters_raises_the_log_odds_and_a_constant_adds_nothing() -> None:
    frame = inspections(1500)
    frame["always"] = 7
    log = log_of(frame)
    parts = fitted(log).parts(features(log))
    flag = features(log)["no_fire_approval"] == 1
    assert parts["no_fire_approval"][flag].min() > parts["no_fire_approval"][~flag].max()
    assert (parts["always"] == 0).all()


def test_own_history_counts_earlier_findings_only_and_fades() -> None:
    frame = inspections(4)
    frame["premises_id"] = "P1"
    frame["date"] = pd.to_datetime(["2024-01-01", "2024-12-01", "2025-01-01", "2025-02-01"])
    frame["found"] = [0.0, 1.0, 1.0, 1.0]
    log = log_of(frame)
    seen = features_at(log, None, np.array([2]), AS_OF, SETTINGS)
    assert days_since_last(log, np.array([2]), AS_OF)[0] == 31
    # Mean residual is 0 without decay; the later finding weighs more.
    assert seen["history_outcome"][0] > 0
    first_only = features_at(log, None, np.array([2]), AS_OF - 200, SETTINGS)
    assert first_only["history_outcome"][0] <= 0


def test_an_own_finding_is_not_counted_again_as_a_nearby_one() -> None:
    frame = inspections(300)
    log = log_of(frame)
    alone = replace(log, premises=np.zeros(len(log), dtype=np.int64))
    seen = features_at(alone, None, np.flatnonzero(log.day >= AS_OF), AS_OF, SETTINGS)
    assert (seen[NEARBY_OUTCOMES] == 0).all()


def test_a_premises_that_was_never_inspected_gets_a_finite_score() -> None:
    frame = inspections()
    new = frame.iloc[-1:].assign(premises_id="new", date=pd.Timestamp("2025-01-01"), inspection_id=1)
    log = log_of(pd.concat([frame, new], ignore_index=True))
    row = np.array([len(log) - 1])
    seen = features_at(log, read_signals(signals(), 21.0), row, AS_OF, SETTINGS)
    assert seen["log_days_since"].isna().all()
    assert np.isfinite(fitted(log).log_odds(seen)).all()


@pytest.mark.parametrize("column", ["rooms", "owner_kind", "type", "lat", "minor_count"])
def test_missing_values_give_a_score(column: str) -> None:
    frame = inspections()
    frame.loc[::3, column] = None
    log = log_of(frame)
    assert np.isfinite(fitted(log).log_odds(features(log))).all()


def test_a_word_never_seen_in_training_gives_a_score() -> None:
    log = log_of(inspections())
    some = features(log).assign(owner_kind="cooperative", rooms="many")
    assert np.isfinite(fitted(log).log_odds(some)).all()


def test_too_little_data_is_refused() -> None:
    frame = inspections(ENOUGH_ROWS - 1)
    frame["date"] -= pd.Timedelta(days=400)
    assert training_set(log_of(frame), None, AS_OF, 60, SETTINGS) is None
    all_found = inspections().assign(found=1.0)
    assert training_set(log_of(all_found), None, AS_OF, 60, SETTINGS) is None
    assert training_set(log_of(inspections().iloc[:0]), None, AS_OF, 60, SETTINGS) is None


def test_noise_gives_small_parts() -> None:
    frame = inspections(1000)
    frame["found"] = np.random.default_rng(5).permutation(frame["found"].to_numpy())
    log = log_of(frame)
    parts = fitted(log).parts(features(log))
    assert parts.abs().mean().max() < 0.1


def test_the_ridge_shrinks_separable_data_to_finite_slopes() -> None:
    x = np.repeat([[-1.0], [1.0]], 20, axis=0)
    _base, slopes, evidence = ridge_logistic(x, (x[:, 0] > 0).astype(float), np.ones(40), 1.0)
    assert 0 < slopes[0] < 10
    assert np.isfinite(evidence)


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.one_of(st.none(), st.booleans(), st.integers(-(10**9), 10**9), st.floats(), st.text(max_size=3)),
        min_size=1,
        max_size=30,
    )
)
def test_any_column_becomes_finite_numbers(values: list[object]) -> None:
    column = pd.Series(values, name="any", dtype=object)
    encoding = learn_encoding(column)
    assert np.isfinite(encoding.columns(column)).all()
    other = pd.Series(["x", None, "3"], name="any", dtype=object)
    assert encoding.columns(other).shape == (3, encoding.columns(column).shape[1])
