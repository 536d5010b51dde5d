"""What the planner works on: candidates, teams, appointments, the ways between them, and who may when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property

import numpy as np
import numpy.typing as npt

from geo.messages import Message, msg
from geo.plan_settings import DAY_S, PlanningSettings, Window
from geo.plan_types import Appointment, Candidate, Shift, TeamDays, Unserved
from geo.roads import Network, Router, speeds_for

Ints = npt.NDArray[np.int64]

#: Seconds of a way that cannot be gone; far beyond any shift.
NEVER_S = 1_000_000

#: Why a team may not make a visit on a day.
BARRED_WHY = {
    "outside": msg("Nằm ngoài địa bàn của đội."),
    "complaint": msg("Cơ sở đã khiếu nại đội này: đội khác phải kiểm tra."),
    "skill": msg("Phúc tra nội dung phòng cháy chữa cháy cần đội có cảnh sát PCCC."),
    "lock": msg("Người lập kế hoạch đã ấn định đội hoặc ngày khác."),
    "too_early": msg("Hạn khắc phục chưa qua."),
}


@dataclass(frozen=True)
class Refusal:
    """Why something is not legal: a stable word, the sentence, and which premises it is about, if one."""

    code: str
    why: Message
    premises_id: str | None = None


@dataclass(frozen=True)
class Problem:
    """Candidates, teams, their shifts and appointments, with the travel between all places.

    The places, in the order of ``travel_s`` and ``router``: where each team starts, where each ends, the
    appointments, the candidates. ``travel_s``: (p, p) whole minutes in seconds, ``NEVER_S`` where there is no
    way, or where a candidate lies too far from every street. ``metres``: (p, p). ``access_m``: (p,) on foot
    from the street. ``shifts``: by day and team, stable. ``ruled_out``: by premises id, what may not be
    visited at all.
    """

    candidates: tuple[Candidate, ...]
    teams: tuple[TeamDays, ...]
    appointments: tuple[Appointment, ...]
    shifts: tuple[Shift, ...]
    travel_s: Ints
    metres: npt.NDArray[np.float64]
    access_m: npt.NDArray[np.float64]
    router: Router
    settings: PlanningSettings
    ruled_out: Mapping[str, Unserved]

    def start_place(self, team: int) -> int:
        """Place where a team sets out."""
        return team

    def end_place(self, team: int) -> int:
        """Place where a team must be back."""
        return len(self.teams) + team

    def appointment_place(self, appointment: int) -> int:
        """Place of an appointment."""
        return 2 * len(self.teams) + appointment

    def candidate_place(self, candidate: int) -> int:
        """Place of a candidate."""
        return 2 * len(self.teams) + len(self.appointments) + candidate

    @cached_property
    def number_of(self) -> dict[str, int]:
        """The candidates' numbers by premises id."""
        return {candidate.premises_id: number for number, candidate in enumerate(self.candidates)}

    def shift_on(self, team_id: str, day: date) -> Shift | None:
        """A team's shift on a day, also one of its working days on which it was not to go out; None where it
        does not work."""
        for shift in self.shifts:
            if shift.date == day and self.teams[shift.team].team_id == team_id:
                return shift
        for number, team in enumerate(self.teams):
            if team.team_id == team_id and day in team.working_days:
                return Shift(number, day, (), team.max_visits)
        return None

    def service_s(self, candidate: int) -> int:
        """Seconds the visit takes."""
        one = self.candidates[candidate]
        return self.settings.service_s(one.type, one.kind)

    def barred(self, shift: Shift, candidate: int) -> Refusal | None:
        """Why a team may not visit on a day, hours apart: jurisdiction, complaint, skills, a set team or day,
        a deadline that has not passed."""
        one, team = self.candidates[candidate], self.teams[shift.team]
        code = None
        if team.team_id not in one.teams:
            code = one.barred.get(team.team_id, "outside")
        elif one.only_on not in (None, shift.date):
            code = "lock"
        elif not one.open_on(shift.date):
            code = "too_early"
        return None if code is None else Refusal(code, BARRED_WHY[code], one.premises_id)

    def open_hours(self, candidate: int, gap: Window | None) -> tuple[Window, ...]:
        """Hours in which the visit may be, whatever the shift, outside a pause; each holds the whole visit."""
        one = self.candidates[candidate]
        wanted = self.settings.windows_of(one.type, one.kind) if one.windows is None else one.windows
        pieces = _cut(_merged([*wanted, *(each.later(DAY_S) for each in wanted)]), gap)
        return tuple(p for p in pieces if p.close_s - p.open_s >= self.service_s(candidate))

    def hours(self, shift: Shift, candidate: int) -> tuple[Window, ...]:
        """Hours of a shift in which the visit may be; each holds the whole visit."""
        team = self.teams[shift.team]
        inside = [
            Window(max(piece.open_s, team.shift.open_s), min(piece.close_s, team.shift.close_s))
            for piece in self.open_hours(candidate, team.gap)
        ]
        return tuple(p for p in inside if p.close_s - p.open_s >= self.service_s(candidate))

    def meeting_hours(self, appointment: int) -> Window:
        """An appointment in seconds from midnight of its shift's day."""
        meeting = self.appointments[appointment]
        midnight = datetime.combine(meeting.date, time())
        begin, end = (moment.replace(tzinfo=None) - midnight for moment in (meeting.start, meeting.end))
        return Window(int(begin.total_seconds()), int(end.total_seconds()))


def build_problem(
    candidates: Iterable[Candidate],
    teams: Sequence[TeamDays],
    network: Network,
    settings: PlanningSettings,
    *,
    appointments: Iterable[Appointment] = (),
    ruled_out: Iterable[Unserved] = (),
) -> Problem:
    """Put the parts together and measure the ways between all places.

    Appointments of teams that are not among ``teams`` are left out.
    """
    every = tuple(sorted(candidates, key=lambda one: one.premises_id))
    known = {team.team_id for team in teams}
    meetings = tuple(
        sorted((a for a in appointments if a.team_id in known), key=lambda a: (a.start, a.team_id, a.id))
    )
    lonlat = [
        *((team.lon, team.lat) for team in teams),
        *(team.end_place for team in teams),
        *((meeting.lon, meeting.lat) for meeting in meetings),
        *((one.lon, one.lat) for one in every),
    ]
    places = np.array(lonlat, dtype=float).reshape(-1, 2)
    router = Router(network, places, settings.speeds or speeds_for(settings.mode))
    table = router.table()
    travel_s = _whole_minutes(table.duration_s)
    far = np.flatnonzero(np.asarray(table.access_m, dtype=float) > settings.max_access_m)
    far = far[far >= len(lonlat) - len(every)]
    travel_s[far, :] = travel_s[:, far] = NEVER_S
    return Problem(
        candidates=every,
        teams=tuple(teams),
        appointments=meetings,
        shifts=_shifts(teams, meetings),
        travel_s=travel_s,
        metres=np.asarray(table.distance_m, dtype=float),
        access_m=np.asarray(table.access_m, dtype=float),
        router=router,
        settings=settings,
        ruled_out={left.premises_id: left for left in ruled_out},
    )


def appointment_notes(teams: Sequence[TeamDays], appointments: Iterable[Appointment]) -> list[Message]:
    """What a planner should know of the appointments: those that fall outside a team's work."""
    notes = []
    by_id = {team.team_id: team for team in teams}
    for meeting in appointments:
        team = by_id.get(meeting.team_id)
        if team is None:
            why = msg("Cuộc hẹn ngày {date}: đội được hẹn không có trong kế hoạch này.", date=meeting.date)
            notes.append(why)
        elif meeting.date not in team.working_days:
            why = msg(
                "Ngày {date} đội không làm việc nhưng có cuộc hẹn: không xếp lượt nào.", date=meeting.date
            )
            notes.append(why)
    return notes


def _shifts(teams: Sequence[TeamDays], meetings: Sequence[Appointment]) -> tuple[Shift, ...]:
    """One for every day a team is to go out or has an appointment, by day and team. On a day on which the
    team does not work it only keeps its appointment."""
    shifts = []
    for number, team in enumerate(teams):
        own = [k for k, meeting in enumerate(meetings) if meeting.team_id == team.team_id]
        for day in sorted({*team.days, *(meetings[k].date for k in own)}):
            works = day in team.days or day in team.working_days
            shifts.append(
                Shift(
                    team=number,
                    date=day,
                    appointments=tuple(k for k in own if meetings[k].date == day),
                    most_visits=team.max_visits if works else 0,
                )
            )
    return tuple(sorted(shifts, key=lambda shift: (shift.date, shift.team)))


def _whole_minutes(duration_s: npt.ArrayLike) -> Ints:
    """Rounded up: a timetable that people can read, and that never promises too much."""
    seconds = np.asarray(duration_s, dtype=float)
    bad = ~np.isfinite(seconds) | (seconds < 0) | (seconds > NEVER_S)
    return np.where(bad, NEVER_S, -(-np.where(bad, 0, seconds) // 60) * 60).astype(np.int64)


def _merged(windows: Iterable[Window]) -> list[Window]:
    merged: list[Window] = []
    for each in sorted(windows, key=lambda one: (one.open_s, one.close_s)):
        if merged and each.open_s <= merged[-1].close_s:
            merged[-1] = Window(merged[-1].open_s, max(merged[-1].close_s, each.close_s))
        else:
            merged.append(each)
    return merged


def _cut(windows: Iterable[Window], gap: Window | None) -> list[Window]:
    if gap is None:
        return list(windows)
    cut = []
    for each in windows:
        cut.append(Window(each.open_s, min(each.close_s, gap.open_s)))
        cut.append(Window(max(each.open_s, gap.close_s), each.close_s))
    return cut
