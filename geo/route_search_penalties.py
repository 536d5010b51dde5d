"""What breaking a limit costs while the search goes on, to the measure of the prizes.

PyVRP begins with penalties fit for plans in which everybody must be visited. Where visits are optional these
keep the search inside the limits, and there it cannot get from one good plan to the next. Here a unit too much
(of load, time or distance) costs at first a few times what a unit brings on average, and is adapted from there
so that a fixed share of the plans tried keeps each limit (as in Vidal et al. 2012).
"""

from __future__ import annotations

import numpy as np
from pyvrp import CostEvaluator, ProblemData, Solution

#: Plans between two adaptations, and the factors.
_EVERY, _UP, _DOWN = 100, 1.5, 0.9
#: Shares this close to the one wanted are left alone.
_TOLERANCE = 0.05
#: No penalty falls below the one or stays below the other; far above, PyVRP's whole numbers would overflow.
_LEAST, _MOST = 0.1, 100_000.0


class Penalties:
    """Penalties of load, time and distance, adapted to the plans shown."""

    def __init__(self, data: ProblemData, factor: float, feasible: float) -> None:
        worth = _worths(data)
        self._most = [max(_MOST, 1000 * unit) for unit in worth]
        self._now = [max(_LEAST, factor * unit) for unit in worth]
        self._feasible = feasible
        self._kept = [0] * len(worth)
        self._shown = 0

    def evaluator(self) -> CostEvaluator:
        """Costs with the penalties of now."""
        return CostEvaluator(self._now[:-2], self._now[-2], self._now[-1])

    def strict(self) -> CostEvaluator:
        """Costs that leave no reason to break a limit."""
        return CostEvaluator(self._most[:-2], self._most[-2], self._most[-1])

    def show(self, solution: Solution) -> None:
        """Learn from a plan."""
        beyond = [*solution.excess_load(), solution.time_warp(), solution.excess_distance()]
        self._kept = [count + (not excess) for count, excess in zip(self._kept, beyond, strict=True)]
        self._shown += 1
        if self._shown == _EVERY:
            self._adapt()
            self._kept, self._shown = [0] * len(self._now), 0

    def _adapt(self) -> None:
        for limit, kept in enumerate(self._kept):
            missing = self._feasible - kept / _EVERY
            if abs(missing) >= _TOLERANCE:
                penalty = self._now[limit] * (_UP if missing > 0 else _DOWN)
                self._now[limit] = min(self._most[limit], max(_LEAST, penalty))


def _worths(data: ProblemData) -> list[float]:
    """What a unit of each limit would bring on average if all prizes were collected."""
    prizes = float(sum(client.prize for client in data.clients()))
    loads = np.zeros(data.num_load_dimensions)
    seconds = distance = 0.0
    for kind in data.vehicle_types():
        loads += kind.num_available * np.array(kind.capacity, dtype=float)
        shift = min(kind.shift_duration + kind.max_overtime, kind.tw_late - kind.tw_early)
        seconds += kind.num_available * float(shift)
        distance += kind.num_available * float(kind.max_distance)
    return [prizes / max(1.0, total) for total in (*loads.tolist(), seconds, distance)]
