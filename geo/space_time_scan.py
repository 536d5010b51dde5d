"""New gatherings of events: a prospective space-time permutation scan (Kulldorff et al. 2005).

Discs of several radii are held against the last 1 to 8 weeks. A disc is a cluster when it holds more of the
recent events than its share of all events would give it. What is expected is made of the events' own margins,
of how many each place has in the whole history and how many each week has everywhere, so no population is
needed, and reporting is taken into account: a place that always reports much and a week in which everybody
reports more expect more and are no cluster. Only more of both at once is, which also means that a wave of
patrols at one place alone looks like one: whoever judges a cluster asks for that first.

Kulldorff, Heffernan, Hartman, Assunção, Mostashari: A space-time permutation scan statistic for disease
outbreak detection, PLoS Medicine 2(3), 2005. Recurrence interval: Kleinman, Lazarus, Platt 2004.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from scipy.sparse import csc_array, csr_array
from scipy.spatial import cKDTree
from scipy.special import xlogy

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_DAYS_A_WEEK = 7
_DAYS_A_YEAR = 365.0
#: Replicates at once: bounds the memory.
_BATCH = 50
#: Statistics of the same cylinder summed in another order differ by less.
_ROUNDING = 1e-9


@dataclass(frozen=True)
class ScanSettings:
    """Cylinders and how they are judged.

    ``radii_m``: of the discs. ``longest_weeks``: longest cylinder; all end on the last day. ``history_weeks``:
    older events are left out, for over years places change for good, which is no cluster. ``spacing_m``: one
    disc centre for each square of this size that holds an event, in the middle of its events. ``fewest``: least
    weight of a cluster. ``largest_p``: clusters that chance gives more often are not told.
    ``scans_per_year``: how often one looks, for the recurrence interval.
    """

    radii_m: tuple[float, ...] = (300.0, 500.0, 700.0, 1000.0)
    longest_weeks: int = 8
    history_weeks: int = 52
    spacing_m: float = 150.0
    fewest: float = 3.0
    replicates: int = 999
    largest_p: float = 0.05
    scans_per_year: float = 365.0


@dataclass(frozen=True)
class Cluster:
    """More events at one place, up to the last day, than the rest of the history lets expect.

    ``x``, ``y``, ``radius_m``: the disc in metres. ``first_day``: of the cylinder. ``observed`` and
    ``expected``: weights of its events. ``p``: share of permuted histories with a cylinder as strong anywhere,
    at least 1 / (replicates + 1). ``recurrence_days``: chance alone gives such a cluster about once in so many
    days, scanning at the pace of the settings. ``members``: row numbers of its events in the input.
    """

    x: float
    y: float
    radius_m: float
    first_day: int
    observed: float
    expected: float
    p: float
    recurrence_days: float
    members: tuple[int, ...]


def new_clusters(
    xy: Floats,
    day: Ints,
    last_day: int,
    *,
    seed: int,
    weight: Floats | None = None,
    known: shapely.Geometry | None = None,
    settings: ScanSettings | None = None,
) -> list[Cluster]:
    """Clusters that last until ``last_day``, strongest first, no two discs of which overlap.

    Parameters
    ----------
    xy : (n, 2) metres; a row without a point is left out.
    day : (n,) whole days counted from any fixed day; later ones than ``last_day`` are not looked at.
    seed : of the permutations; the same input and seed give the same answer.
    weight : (n,) how much each event counts, 1 by default; one that counts nothing is left out.
    known : ground in metres whose events are left out, as the catchments of known hotspots.

    Notes
    -----
    Statistic of a cylinder: Poisson log-likelihood ratio of observed c against c_place * c_weeks / C. Its
    largest value is compared with that of histories in which the days are shuffled among the places; the
    second and later clusters are compared with the largest too, which makes their p too large rather than too
    small.
    """
    settings = settings or ScanSettings()
    age = (last_day - day) // _DAYS_A_WEEK
    kept = np.isfinite(xy).all(axis=1) & (day <= last_day) & (age < settings.history_weeks)
    if known is not None and not known.is_empty:
        kept &= ~np.asarray(shapely.intersects_xy(known, xy[:, 0], xy[:, 1]), dtype=bool)
    counted = np.ones(len(day)) if weight is None else np.asarray(weight, dtype=float)
    rows = np.flatnonzero(kept & (counted > 0))
    if len(rows) == 0:
        return []
    discs = _Discs.around(xy[rows], counted[rows], settings)
    if len(discs.weight) == 0:
        return []
    weeks = np.asarray(np.minimum(age[rows], settings.longest_weeks), dtype=np.int64)
    chance = _largest_by_chance(discs, weeks, seed, settings)
    return _told(discs, weeks, chance, rows, last_day, settings)


@dataclass(frozen=True)
class _Discs:
    """The discs, lightest first: ``centre`` (d, 2), ``radius_m`` (d,) and ``weight`` (d,) of all events inside;
    ``inside`` (d, n) the weight of each event inside each disc; ``of_event`` (n,) the events' weights."""

    centre: Floats
    radius_m: Floats
    weight: Floats
    inside: csc_array
    of_event: Floats

    @classmethod
    def around(cls, xy: Floats, weight: Floats, settings: ScanSettings) -> _Discs:
        _, place = np.unique(np.floor(xy / settings.spacing_m), axis=0, return_inverse=True)
        place = place.reshape(-1)
        count = np.bincount(place)
        middle = np.column_stack([np.bincount(place, xy[:, axis]) / count for axis in (0, 1)])
        radii = np.unique(settings.radii_m)
        near = cKDTree(middle).sparse_distance_matrix(cKDTree(xy), radii[-1], output_type="ndarray")
        least = np.searchsorted(radii, near["v"])
        # Of several discs around one middle with the same events the smallest says it best.
        kept = np.unique(near["i"] * len(radii) + least)
        number, event = [], []
        for step in range(len(radii)):
            within = least <= step
            number.append(near["i"][within] * len(radii) + step)
            event.append(near["j"][within])
        row, column = np.concatenate(number), np.concatenate(event)
        shape = (len(middle) * len(radii), len(xy))
        inside = csr_array((weight[column], (row, column)), shape=shape)[kept]
        total = np.asarray(inside.sum(axis=1), dtype=float).ravel()
        order = np.argsort(total, kind="stable")
        return cls(
            centre=middle[kept // len(radii)][order],
            radius_m=radii[kept % len(radii)][order],
            weight=total[order],
            inside=csc_array(inside[order]),
            of_event=weight,
        )

    def holding(self, counted: npt.NDArray[np.bool_]) -> tuple[Floats, Floats]:
        """(d, k) weight inside each disc, and (k,) everywhere, of the events that are ``counted`` (n, k)."""
        event, column = np.nonzero(counted)
        chosen = csc_array((np.ones(len(event)), (event, column)), shape=counted.shape)
        return (self.inside @ chosen).toarray(), np.asarray(chosen.T @ self.of_event, dtype=float)


def _ratio(observed: Floats, expected: Floats, total: float, fewest: float) -> Floats:
    """Poisson log-likelihood ratio; 0 where there are too few or not more than expected."""
    more = (observed >= fewest - _ROUNDING) & (observed > expected + _ROUNDING)
    seen, due = np.where(more, observed, 1.0), np.where(more, expected, 1.0)
    rest, rest_due = np.maximum(total - seen, 0.0), np.maximum(total - due, _ROUNDING)
    ratio = xlogy(seen, seen / due) + xlogy(rest, np.where(rest > 0, rest, 1.0) / rest_due)
    return np.where(more, ratio, 0.0)


def _largest_by_chance(discs: _Discs, weeks: Ints, seed: int, settings: ScanSettings) -> Floats:
    """(replicates,) the largest statistic of each history with shuffled days, rising."""
    random = np.random.default_rng(seed)
    total = float(discs.of_event.sum())
    # Of discs of one weight only the fullest can have the largest statistic.
    weight, first = np.unique(discs.weight, return_index=True)
    largest = []
    for start in range(0, settings.replicates, _BATCH):
        count = min(_BATCH, settings.replicates - start)
        shuffled = random.permuted(np.tile(weeks.astype(np.int16), (count, 1)), axis=1).T
        inside, everywhere = np.zeros((len(discs.weight), count)), np.zeros(count)
        best = np.zeros(count)
        for week in range(settings.longest_weeks):
            more, more_everywhere = discs.holding(shuffled == week)
            inside += more
            everywhere += more_everywhere
            fullest = np.maximum.reduceat(inside, first, axis=0)
            expected = weight[:, None] * everywhere / total
            best = np.maximum(best, _ratio(fullest, expected, total, settings.fewest).max(axis=0))
        largest.append(best)
    return np.sort(np.concatenate(largest)) if largest else np.empty(0)


def _told(
    discs: _Discs, weeks: Ints, chance: Floats, rows: Ints, last_day: int, settings: ScanSettings
) -> list[Cluster]:
    """The cylinders of the true history that chance seldom gives, strongest first, without overlap."""
    by_length = [discs.holding((weeks <= length)[:, None]) for length in range(settings.longest_weeks)]
    observed = np.hstack([inside for inside, _ in by_length])
    everywhere = np.concatenate([one for _, one in by_length])
    total = float(discs.of_event.sum())
    expected = discs.weight[:, None] * everywhere / total
    ratio = _ratio(observed, expected, total, settings.fewest)
    stronger = len(chance) - np.searchsorted(chance, ratio - _ROUNDING)
    p = (1 + stronger) / (len(chance) + 1)
    # Of equal ones the shorter, then the lighter disc.
    disc, length = np.divmod(
        np.lexsort((*np.indices(ratio.shape).reshape(2, -1), -ratio.ravel())), len(by_length)
    )
    seldom = (ratio[disc, length] > 0) & (p[disc, length] <= settings.largest_p)
    disc, length = disc[seldom], length[seldom]
    found = []
    while len(disc):
        best, long = int(disc[0]), int(length[0])
        recent = (weeks <= long) & (discs.inside[[best]].toarray().ravel() > 0)
        found.append(
            Cluster(
                x=float(discs.centre[best, 0]),
                y=float(discs.centre[best, 1]),
                radius_m=float(discs.radius_m[best]),
                first_day=last_day - _DAYS_A_WEEK * (long + 1) + 1,
                observed=float(observed[best, long]),
                expected=float(expected[best, long]),
                p=float(p[best, long]),
                recurrence_days=_DAYS_A_YEAR / (float(p[best, long]) * settings.scans_per_year),
                members=tuple(rows[recent].tolist()),
            )
        )
        apart = np.hypot(*(discs.centre[disc] - discs.centre[best]).T)
        free = apart >= discs.radius_m[disc] + discs.radius_m[best]
        disc, length = disc[free], length[free]
    return found
