"""A made-up town with inspections whose outcomes depend on type, a flag and the premises' own character."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

AFTER = ["minor_count"]
FIRST_WINDOW = date(2025, 1, 1)


def inspections(n: int = 700, *, premises: int = 250, seed: int = 1) -> pd.DataFrame:
    """``n`` inspections from 2024-01-01 on over 18 months, with a flag, a number and a word as features."""
    random = np.random.default_rng(seed)
    place = random.integers(0, premises, n)
    character = random.normal(0, 0.8, premises)[place]
    karaoke = random.random(premises)[place] < 0.4
    flag = random.random(premises)[place] < 0.3
    chance = 1 / (1 + np.exp(1.2 - character - 0.8 * karaoke - 1.5 * flag))
    point = random.random((premises, 2))[place] * 0.05
    days = np.sort(random.integers(0, 546, n))
    return pd.DataFrame(
        {
            "inspection_id": np.arange(n) + 1000,
            "date": pd.Timestamp("2024-01-01") + pd.to_timedelta(days, unit="D"),
            "premises_id": [f"P{k}" for k in place],
            "type": np.where(karaoke, "karaoke", "hotel"),
            "lat": 20.95 + point[:, 0],
            "lon": 105.75 + point[:, 1],
            "found": (random.random(n) < chance).astype(float),
            "minor_count": random.poisson(1 + np.exp(character)),
            "no_fire_approval": flag.astype(int),
            "rooms": random.integers(5, 60, premises)[place],
            "owner_kind": random.choice(["business", "household"], premises)[place],
        }
    )


def signals(n: int = 400, *, seed: int = 2) -> pd.DataFrame:
    """``n`` signals over the same months and ground."""
    random = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "date": pd.Timestamp("2024-01-01") + pd.to_timedelta(random.integers(0, 546, n), unit="D"),
            "lat": 20.95 + random.random(n) * 0.05,
            "lon": 105.75 + random.random(n) * 0.05,
        }
    )
