"""Reactivation alarms on weekly counts beside published detectors, all measured in the same way, as JSON.

``python -m tests.benchmarks.alerts [--series CSV]``: ours and the references on the labelled series, each
strictly prospective and, for the references, extended cyclically as published.
``--flat``: ours with every setting moved up and down, one at a time; a leave-one-series-out and a
leave-two-out choice among a grid of settings; without the other series as a baseline.
``--synthetic``: the same detectors on simulated series (after Noufaily et al. 2013 and Salmon et al. 2016).
``--speed``: 10,000 places and 520 weeks.
"""

from __future__ import annotations

import argparse
import itertools
import json
import time
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from geo.count_backtest import Labelled, Measures, measure
from geo.count_detector import DetectorSettings, weekly_alarms
from tests.benchmarks.alert_references import REFERENCES, Bools, Detector, cyclic
from tests.paths import SHARED_DATA

SERIES = SHARED_DATA / "bench" / "labelled_counts_7.csv"
MEASURES = ("f1", "sensitivity", "specificity", "lag_weeks", "false_alarms_per_year")
#: Each setting with its neighbours to either side.
NEIGHBOURS: dict[str, tuple[Any, ...]] = {
    "levels": (
        (0.007, 0.001),
        (0.02, 0.003),
        (0.03, 0.004),
        (0.05, 0.007),
        (0.07, 0.01),
        (0.1, 0.014),
        (0.14, 0.02),
    ),
    "windows": ((1, 2), (1, 3), (1, 4), (1, 6), (1, 8)),
    "min_count": (0.0, 1.0, 2.0, 3.0, 4.0),
    "history_weeks": (52, 78, 104, 156, 208),
    "guard_weeks": (4, 8, 12, 16, 20),
    "usual_limit": (1.5, 2.0, 3.0, 4.0, 6.0),
    "prior_shape": (0.5, 1.0, 2.0, 4.0, 8.0),
    "first_rate": (0.125, 0.25, 0.5, 1.0, 2.0),
    "dispersion": (0.25, 0.5, 1.0, 2.0, 4.0),
    "dispersion_weight": (2.0, 5.0, 10.0, 20.0, 50.0),
    "closing_weeks": (1, 2, 3, 4, 5),
    "closing_share": (0.0, 0.25, 0.35, 0.45, 0.6),
}
#: What the choice by leaving series out may choose from: 144 settings.
GRID: dict[str, tuple[Any, ...]] = {
    "levels": ((0.05, 0.007), (0.07, 0.01), (0.1, 0.014)),
    "guard_weeks": (8, 12, 16),
    "usual_limit": (2.0, 3.0, 4.0, 6.0),
    "closing_weeks": (3, 4),
    "closing_share": (0.25, 0.35),
}


def main() -> None:
    """Print the chosen measurements as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--series", type=Path, default=SERIES)
    for part in ("flat", "synthetic", "speed", "json"):
        parser.add_argument(f"--{part}", action="store_true")
    options = parser.parse_args()
    if options.speed:
        document = speed()
    elif options.synthetic:
        document = synthetic(seed=1)
    else:
        labelled = Labelled.of(pd.read_csv(options.series))
        document = {"flat": flat(labelled), **chosen_elsewhere(labelled)} if options.flat else table(labelled)
    print(json.dumps(document, indent=1))


def table(labelled: Labelled) -> dict[str, Any]:
    """Every detector on the series; ``seen`` are the reference's figures when it sees the future."""
    rows: dict[str, Any] = {"ours": _json(measure(_ours(labelled), labelled))}
    for name, detector in REFERENCES.items():
        rows[name] = _json(measure(_each(detector, labelled), labelled))
        rows[f"{name}, cyclic"] = _json(measure(_each(partial(cyclic, detector), labelled), labelled))
    return rows


def flat(labelled: Labelled) -> dict[str, Any]:
    """Ours with one setting moved at a time, and where each series stands alone."""
    stated = DetectorSettings()
    moved = {
        name: {str(value): _json(_measured(labelled, replace(stated, **{name: value}))) for value in values}
        for name, values in NEIGHBOURS.items()
    }
    alone = [_ours(labelled.part([row]))[0] for row in range(len(labelled.names))]
    return {"stated": _json(_measured(labelled, stated)), "alone": _json(measure(alone, labelled)), **moved}


def chosen_elsewhere(labelled: Labelled) -> dict[str, Any]:
    """The setting of ``GRID`` that is best on the other series (F1 with specificity of at least .94), applied
    to the one or two left out; their alarms pooled over all ways of leaving out."""
    options = [dict(zip(GRID, values, strict=True)) for values in itertools.product(*GRID.values())]
    alarms = [_ours(labelled, replace(DetectorSettings(), **option)) for option in options]
    every = range(len(labelled.names))
    over = [_measured_rows(alarm, labelled, list(every)) for alarm in alarms]
    document: dict[str, Any] = {"grid": {"settings": len(options), **_spread(over)}}
    for left_out in (1, 2):
        picked, rows, choices = [], [], []
        for out in itertools.combinations(every, left_out):
            rest = [row for row in every if row not in out]
            best = max(range(len(options)), key=lambda one: _merit(_measured_rows(alarms[one], labelled, rest)))
            picked.append(alarms[best][list(out)])
            rows += list(out)
            choices.append(best)
        pooled = labelled.part(rows)
        document[f"leave_{left_out}_out"] = {
            **_json(measure(np.concatenate(picked), pooled)),
            "different_choices": len(set(choices)),
        }
    return document


def _merit(measures: Measures) -> tuple[float, float]:
    specificity = measures.specificity or 0.0
    return (min(specificity, 0.94), measures.f1 or 0.0)


def _spread(measures: list[Measures]) -> dict[str, list[float]]:
    """Lowest, median and highest of each measure."""
    values = {name: [getattr(one, name) for one in measures] for name in MEASURES}
    return {
        name: [round(float(np.quantile(numbers, at)), 3) for at in (0, 0.5, 1)]
        for name, numbers in values.items()
    }


def synthetic(seed: int, sets: int = 10, series: int = 14) -> dict[str, Any]:
    """Pooled measures on families of simulated series with weak and strong, short and long outbreaks."""
    random = np.random.default_rng(seed)
    document: dict[str, Any] = {}
    for name, (rate, height, length) in {
        "rare, strong": (0.15, 4.0, 8),
        "rare, weak": (0.3, 1.5, 12),
        "frequent, strong": (1.5, 6.0, 10),
        "frequent, weak": (1.5, 2.5, 15),
    }.items():
        families = [simulated(random, series, rate, height, length) for _set in range(sets)]
        alarms = np.concatenate([_ours(family) for family in families])
        whole = Labelled(
            sum((family.names for family in families), ()),
            np.concatenate([family.counts for family in families]),
            np.concatenate([family.outbreak for family in families]),
            np.concatenate([family.listed for family in families]),
        )
        rows = {"ours": _json(measure(alarms, whole))}
        for reference in ("EARS C3", "bayes(4,0,2)", "negative binomial, 104 weeks", "four-week sum, guard 8"):
            rows[reference] = _json(measure(_each(REFERENCES[reference], whole), whole))
        document[name] = {"zeros": round(float((whole.counts == 0).mean()), 2), **rows}
    return document


def simulated(
    random: np.random.Generator, series: int, rate: float, height: float, length: float, weeks: int = 209
) -> Labelled:
    """Negative binomial weeks at a lognormal rate, each with one or two labelled outbreaks (a rise, a plateau,
    an unlabelled decay) and one smaller unlabelled one."""
    rates = rate * np.exp(random.normal(0, 0.6, series))
    extra, outbreak = np.zeros((series, weeks)), np.zeros((series, weeks), dtype=bool)
    after = np.arange(weeks)
    for row in range(series):
        for labelled in [True] * int(random.integers(1, 3)) + [False]:
            lasts = max(2, int(random.gamma(3, length / 3)))
            begin = int(random.integers(0, weeks - 20))
            top = height * np.exp(random.normal(0, 0.5)) * (1.0 if labelled else 0.5)
            rise = np.clip((after - begin + 1) / (lasts / 3), 0, 1)
            fall = np.exp(-np.maximum(after - begin - lasts + 1, 0) / 2)
            extra[row] += np.where(after >= begin, top * rise * fall, 0)
            outbreak[row, begin : begin + lasts] |= labelled
    unsteady = random.gamma(2, 1 / 2, (series, weeks))
    counts = random.poisson((rates[:, None] + extra) * unsteady).astype(float)
    return Labelled(
        tuple(f"s{row}" for row in range(series)), counts, outbreak, np.ones((series, weeks), dtype=bool)
    )


def speed(places: int = 10_000, weeks: int = 520) -> dict[str, Any]:
    """Seconds to scan ten years of weeks of many places, one core."""
    random = np.random.default_rng(1)
    counts = random.poisson(random.gamma(0.5, 0.6, (places, weeks)))
    start, busy = time.perf_counter(), time.process_time()
    weekly_alarms(counts)
    seconds, busy = time.perf_counter() - start, time.process_time() - busy
    return {
        "places": places,
        "weeks": weeks,
        "zeros": round(float((counts == 0).mean()), 2),
        "seconds": round(seconds, 2),
        "processor_seconds": round(busy, 2),
        "limit": 10,
    }


def _ours(labelled: Labelled, settings: DetectorSettings | None = None) -> Bools:
    return weekly_alarms(labelled.counts, settings=settings).alarm


def _each(detector: Detector, labelled: Labelled) -> Bools:
    return np.array([detector(series) for series in labelled.counts])


def _measured(labelled: Labelled, settings: DetectorSettings) -> Measures:
    return measure(_ours(labelled, settings), labelled)


def _measured_rows(alarm: Bools, labelled: Labelled, rows: list[int]) -> Measures:
    return measure(alarm[rows], labelled.part(rows))


def _json(measures: Measures) -> dict[str, float | None]:
    return measures.to_json(*MEASURES)


if __name__ == "__main__":
    main()
