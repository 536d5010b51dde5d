"""Whether routes keep an instance's rules, from its raw numbers: written apart from the solvers' matrices."""

from __future__ import annotations

import math

from tests.benchmarks.orienteering_instances import Instance


class IllegalRoutesError(ValueError):
    """Routes that break a rule; the message says which."""


def collected(instance: Instance, routes: list[list[int]]) -> float:
    """The prize that the routes collect.

    Raises
    ------
    IllegalRoutesError
        More routes than teams, a point twice, the depot as a visit, a route too long or a window missed.
    """
    driven = [route for route in routes if route]
    if len(driven) > instance.teams:
        raise IllegalRoutesError(f"{len(driven)} routes for {instance.teams} teams")
    visits = [point for route in driven for point in route]
    if len(set(visits)) != len(visits):
        raise IllegalRoutesError("a point is visited twice")
    if any(point in (0, instance.end) or not 0 < point < len(instance.prize) for point in visits):
        raise IllegalRoutesError("a visit that is none of the instance's")
    for route in driven:
        _check(instance, route)
    return math.fsum(float(instance.prize[point]) for point in visits)


def _check(instance: Instance, route: list[int]) -> None:
    now, here, length = float(instance.opens[0]), 0, 0.0
    for point in [*route, instance.end]:
        way = _way(instance, here, point)
        length += way
        now += way
        if now > float(instance.closes[point]) + 1e-6:
            raise IllegalRoutesError(f"point {point} is reached at {now:.4f}, after {instance.closes[point]}")
        now = max(now, float(instance.opens[point])) + float(instance.service[point])
        here = point
    if instance.longest is not None and length > instance.longest + 1e-6:
        raise IllegalRoutesError(f"a route of {length:.4f} where {instance.longest} is the longest")


def _way(instance: Instance, a: int, b: int) -> float:
    """Euclidean; with windows cut off after the published decimals."""
    (x, y), (u, v) = instance.xy[a], instance.xy[b]
    exact = math.sqrt((x - u) ** 2 + (y - v) ** 2)
    if instance.decimals is None:
        return exact
    unit = 10**instance.decimals
    return math.floor(exact * unit + 1e-9) / unit
