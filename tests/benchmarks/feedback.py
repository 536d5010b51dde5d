"""The two-region urn of Ensign et al. 2018: learning from what was found, plainly and with weights, as JSON.

``python -m tests.benchmarks.feedback [--days 100000] [--runs 100] [--seed 1]``: each day one of two regions is
visited, by the share of what was found there so far; a visit finds something with the region's own rate. The
plain urn adds a ball of the region's colour; the project's estimator adds 1 / the visit's probability, with
15% of the visits drawn at random.
"""

from __future__ import annotations

import argparse
import json
from typing import Any

import numpy as np

from geo.feedback import Floats, selection_weights, visit_probability

TRUE_SHARE = 0.567
#: Chance that a visit finds something, by region.
RATES = np.array([TRUE_SHARE, 1 - TRUE_SHARE])
RANDOM_SHARE = 0.15


def final_shares(days: int, runs: int, seed: int, *, weighted: bool, random_share: float) -> Floats:
    """(runs,) the first region's share of what was found, after ``days`` visits from one ball each."""
    random = np.random.default_rng(seed)
    urn = np.ones((runs, 2))
    every = np.arange(runs)
    for _day in range(days):
        chance = visit_probability(urn, random_share)
        region = (random.random(runs) >= chance[:, 0]).astype(np.int64)
        found = random.random(runs) < RATES[region]
        worth = selection_weights(chance[every, region]) if weighted else np.ones(runs)
        urn[every, region] += worth * found
    return np.asarray(urn[:, 0] / urn.sum(axis=1))


def measure(days: int, runs: int, seed: int) -> dict[str, Any]:
    """Mean final shares and the middle 95% of the runs, beside the true share."""
    kinds = {
        "ours": {"weighted": True, "random_share": RANDOM_SHARE},
        "naive": {"weighted": False, "random_share": 0.0},
        "weights_without_random_visits": {"weighted": True, "random_share": 0.0},
        "random_visits_without_weights": {"weighted": False, "random_share": RANDOM_SHARE},
    }
    document: dict[str, Any] = {"true_share": TRUE_SHARE, "days": days, "runs": runs, "seed": seed}
    for name, kind in kinds.items():
        shares = final_shares(days, runs, seed, **kind)
        low, high = np.quantile(shares, [0.025, 0.975])
        document[name] = {
            "final_share": round(float(shares.mean()), 4),
            "interval": [round(float(low), 4), round(float(high), 4)],
        }
    return document


def main() -> None:
    """Print the measurement as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="the only form there is")
    options = parser.parse_args()
    print(json.dumps(measure(options.days, options.runs, options.seed), indent=1))


if __name__ == "__main__":
    main()
