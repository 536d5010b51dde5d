"""The times of a team's day: when it is where on its way through premises, or why that is not legal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from geo.messages import msg
from geo.plan_problem import NEVER_S, Problem, Refusal
from geo.plan_settings import Window
from geo.plan_types import Shift

__all__ = ["Outing", "Refusal", "Stop", "times", "timetable"]


@dataclass(frozen=True)
class Stop:
    """A candidate's visit or an appointment (its number, the other is None), in seconds from midnight of the
    shift's day."""

    candidate: int | None
    appointment: int | None
    arrive_s: int
    leave_s: int


@dataclass(frozen=True)
class Outing:
    """A team's day: its stops in order, from setting out to being back; seconds as in ``Stop``."""

    shift: Shift
    stops: tuple[Stop, ...]
    start_s: int
    end_s: int

    @property
    def candidates(self) -> list[int]:
        """Numbers of the candidates visited, in order."""
        return [stop.candidate for stop in self.stops if stop.candidate is not None]


def timetable(problem: Problem, shift: Shift, choices: Sequence[str]) -> Outing | Refusal:
    """Times of a team's day through premises in order, its appointments fitted in where they belong.

    Parameters
    ----------
    shift : the team-day, from ``problem.shifts`` or ``problem.shift_on``.
    choices : premises ids in order; without any, a day of appointments or an empty one.

    Returns
    -------
    The outing that is back as early as can be and sets out as late as that allows, or the first thing that
    is not legal.
    """
    numbers = []
    for name in choices:
        number = problem.number_of.get(name)
        if number is None:
            left = problem.ruled_out.get(name)
            if left is not None:
                return Refusal(left.code, left.why, name)
            return Refusal("unknown", msg("Cơ sở không có trong kế hoạch này."), name)
        numbers.append(number)
    return times(problem, shift, numbers)


def times(problem: Problem, shift: Shift, candidates: Sequence[int]) -> Outing | Refusal:
    """``timetable`` by the candidates' numbers."""
    refused = _not_together(problem, shift, candidates)
    if refused is not None:
        return refused
    walk = _Walk(problem, shift)
    for candidate in candidates:
        refused = walk.visit(candidate)
        if refused is not None:
            return refused
    walk.keep_appointments()
    if not walk.back_in_time():
        last = problem.candidates[candidates[-1]].premises_id
        return Refusal("no_room", msg("Không kịp về trước giờ kết thúc ca."), last)
    return walk.outing()


def _not_together(problem: Problem, shift: Shift, candidates: Sequence[int]) -> Refusal | None:
    businesses: set[str] = set()
    for number in candidates:
        one = problem.candidates[number]
        refused = problem.barred(shift, number)
        if refused is not None:
            return refused
        if one.business_key in businesses:
            why = msg("Cơ sở khác cùng số đăng ký đã có trong kế hoạch.")
            return Refusal("same_business", why, one.premises_id)
        businesses.add(one.business_key)
    if len(candidates) > shift.most_visits:
        why = msg("Đội đã đủ {n} lượt trong ngày.", n=shift.most_visits)
        return Refusal("daily_limit", why, problem.candidates[candidates[-1]].premises_id)
    return None


@dataclass
class _Walk:
    """A day as it grows: stops so far, with the hours each has leave to move in."""

    problem: Problem
    shift: Shift
    stops: list[Stop] = field(default_factory=list)
    rooms: list[Window] = field(default_factory=list)
    places: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.places.append(self.problem.start_place(self.shift.team))
        self.now = self.problem.teams[self.shift.team].shift.open_s
        self.ahead = list(self.shift.appointments)

    def visit(self, candidate: int) -> Refusal | None:
        """Go to a candidate as early as can be, before the next appointment where that is kept."""
        problem, place = self.problem, self.problem.candidate_place(candidate)
        service_s = problem.service_s(candidate)
        name = problem.candidates[candidate].premises_id
        hours = problem.hours(self.shift, candidate)
        if not hours:
            return Refusal("hours", msg("Giờ hoạt động không khớp ca làm của đội."), name)
        met = False
        while True:
            way_s = self._way_s(place)
            if way_s >= NEVER_S:
                return Refusal("unreachable", msg("Không có đường đến cơ sở từ điểm trước đó."), name)
            earliest = self.now + way_s
            room = next((h for h in hours if max(earliest, h.open_s) + service_s <= h.close_s), None)
            if room is not None:
                arrive_s = max(earliest, room.open_s)
                if self._appointment_kept(place, arrive_s + service_s):
                    self._add(Stop(candidate, None, arrive_s, arrive_s + service_s), room, place)
                    return None
            if not self.ahead:
                if met:
                    return Refusal("appointment", msg("Cuộc hẹn trong ngày không còn chừa đủ giờ."), name)
                return Refusal("no_room", msg("Không còn kịp giờ kiểm tra trong ca."), name)
            self._keep_next()
            met = True

    def keep_appointments(self) -> None:
        """Go to the appointments that are still ahead."""
        while self.ahead:
            self._keep_next()

    def back_in_time(self) -> bool:
        """Whether the team is back before its shift ends. An appointment may keep it longer, a visit not."""
        if not self.stops or self.stops[-1].candidate is None:
            return True
        team = self.shift.team
        home = self.problem.end_place(team)
        return self.now + self._way_s(home) <= self.problem.teams[team].shift.close_s

    def outing(self) -> Outing:
        """The day with every visit moved as late as what follows allows, so that nobody waits at a door."""
        stops, travel = list(self.stops), self.problem.travel_s
        for k in range(len(stops) - 2, -1, -1):
            stop = stops[k]
            if stop.candidate is None:
                continue
            leg_s = int(travel[self.places[k + 1], self.places[k + 2]])
            service_s = stop.leave_s - stop.arrive_s
            latest_s = min(stops[k + 1].arrive_s - leg_s, self.rooms[k].close_s) - service_s
            stops[k] = Stop(stop.candidate, None, latest_s, latest_s + service_s)
        if not stops:
            return Outing(self.shift, (), self.now, self.now)
        home = self.problem.end_place(self.shift.team)
        out_s, back_s = (
            self._gone_s(self.places[0], self.places[1]),
            self._gone_s(self.places[-1], home),
        )
        return Outing(self.shift, tuple(stops), stops[0].arrive_s - out_s, stops[-1].leave_s + back_s)

    def _way_s(self, place: int) -> int:
        return int(self.problem.travel_s[self.places[-1], place])

    def _gone_s(self, here: int, there: int) -> int:
        # Only an appointment that cannot be reached at all is kept all the same; its way then has no time.
        seconds = int(self.problem.travel_s[here, there])
        return seconds if seconds < NEVER_S else 0

    def _appointment_kept(self, place: int, leave_s: int) -> bool:
        if not self.ahead:
            return True
        there = self.problem.appointment_place(self.ahead[0])
        way_s = int(self.problem.travel_s[place, there])
        return leave_s + way_s <= self.problem.meeting_hours(self.ahead[0]).open_s

    def _keep_next(self) -> None:
        appointment = self.ahead.pop(0)
        hours = self.problem.meeting_hours(appointment)
        stop = Stop(None, appointment, hours.open_s, hours.close_s)
        self._add(stop, hours, self.problem.appointment_place(appointment))

    def _add(self, stop: Stop, room: Window, place: int) -> None:
        self.stops.append(stop)
        self.rooms.append(room)
        self.places.append(place)
        self.now = max(self.now, stop.leave_s)
