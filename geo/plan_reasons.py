"""Why a premises is not visited, in words: the most particular reason that is true."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from geo.messages import Message, msg
from geo.plan_problem import BARRED_WHY, NEVER_S, Problem, Refusal
from geo.plan_timetable import Outing, times
from geo.plan_types import Candidate, Shift, Unserved

#: A code and its sentence.
Verdict = tuple[str, Message]


def sorted_out(problem: Problem) -> tuple[list[int], list[Unserved]]:
    """Numbers of the candidates that some team could visit if it did nothing else, and why the others cannot
    be."""
    possible, unserved = [], []
    for number, candidate in enumerate(problem.candidates):
        if any(_alone(problem, shift, number) for shift in problem.shifts):
            possible.append(number)
        else:
            verdict = _why_never(problem, number)
            unserved.append(Unserved(candidate.premises_id, *verdict, candidate.kind))
    return possible, unserved


def left_out(
    problem: Problem, possible: Sequence[int], outings: Sequence[Outing], most_visits: int | None
) -> list[Unserved]:
    """Why candidates that could be visited are not."""
    chosen = {k for outing in outings for k in outing.candidates}
    keys = {problem.candidates[k].business_key for k in chosen}
    values = [problem.candidates[k].value for k in chosen if not problem.candidates[k].drawn_at_random]
    room = _Room(problem, outings, min(values, default=0.0), most_visits)
    left = []
    for number in possible:
        candidate = problem.candidates[number]
        if number in chosen:
            continue
        if candidate.business_key in keys:
            verdict = "same_business", msg("Cơ sở khác cùng số đăng ký đã có trong kế hoạch.")
        else:
            verdict = room.why(number)
        left.append(Unserved(candidate.premises_id, *verdict, candidate.kind))
    return left


class _Room:
    """A finished plan, asked why it has no place for a candidate."""

    def __init__(
        self, problem: Problem, outings: Sequence[Outing], lowest: float, most_visits: int | None
    ) -> None:
        self.problem, self.lowest, self.most_visits = problem, lowest, most_visits
        self.on = {outing.shift: outing for outing in outings}

    def why(self, number: int) -> Verdict:
        candidate = self.problem.candidates[number]
        shifts = [s for s in self.problem.shifts if self.problem.barred(s, number) is None]
        if not candidate.required and candidate.value <= self.lowest:
            text = msg("Giá trị {value} thấp hơn các lượt được chọn.", value=candidate.value)
            return "lower_value", text
        used = [self.on[shift] for shift in shifts if shift in self.on]
        if used and len(used) == len(shifts) and all(_full(outing) for outing in used):
            most = max(outing.shift.most_visits for outing in used)
            text = msg(
                "Mọi buổi của đội được phép kiểm tra đã đủ {n} lượt mỗi ngày (giá trị {value}).",
                n=most,
                value=candidate.value,
            )
            return "daily_limit", text
        if candidate.not_before is not None:
            return "too_early", msg("Hạn khắc phục qua quá muộn để xếp vào các buổi của kỳ.")
        if self.most_visits is not None and not candidate.required and self._quota_reached():
            text = msg(
                "Kỳ này chỉ cần {n} lượt theo tiến độ năm (giá trị {value}).",
                n=self.most_visits,
                value=candidate.value,
            )
            return "quota", text
        text = msg("Các đội đã hết lượt hoặc hết giờ trong kỳ (giá trị {value}).", value=candidate.value)
        return "no_room", text

    def _quota_reached(self) -> bool:
        inside = [self.problem.candidates[k] for outing in self.on.values() for k in outing.candidates]
        return sum(not one.required for one in inside) >= (self.most_visits or 0)


def _full(outing: Outing) -> bool:
    return len(outing.candidates) >= outing.shift.most_visits


def _alone(problem: Problem, shift: Shift, number: int) -> bool:
    return not isinstance(times(problem, shift, [number]), Refusal)


def _why_never(problem: Problem, number: int) -> Verdict:
    candidate = problem.candidates[number]
    inside = [team for team in problem.teams if team.team_id in candidate.teams]
    if not inside:
        return _why_nobody(problem, candidate)
    shifts = [shift for shift in problem.shifts if problem.teams[shift.team] in inside]
    if not shifts:
        return "no_days", msg("Đội được phép kiểm tra không có ngày làm việc trong kỳ.")
    shifts = [shift for shift in shifts if candidate.open_on(shift.date)]
    if not shifts and candidate.only_on is not None:
        text = msg("Ngày ấn định {date} không phải buổi đi của đội được phép.", date=candidate.only_on)
        return "lock", text
    if not shifts:
        return "too_early", msg("Hạn khắc phục chưa qua trước buổi kiểm tra cuối của kỳ.")
    return _why_not_then(problem, number, shifts)


def _why_nobody(problem: Problem, candidate: Candidate) -> Verdict:
    present = {team.team_id for team in problem.teams}
    words = [word for team, word in candidate.barred.items() if team in present]
    if "lock" in words and len(set(words)) == 1:
        return "lock", msg("Đội được ấn định không được phép kiểm tra cơ sở này.")
    if "complaint" in words:
        return "complaint", msg("Cơ sở đã khiếu nại đội được phép kiểm tra; cần đội khác.")
    if "skill" in words:
        return "skill", BARRED_WHY["skill"]
    return "outside", msg("Nằm ngoài địa bàn của mọi đội trong kế hoạch.")


def _why_not_then(problem: Problem, number: int, shifts: Sequence[Shift]) -> Verdict:
    place = problem.candidate_place(number)
    access_m = float(problem.access_m[place])
    if access_m > problem.settings.max_access_m:
        return "unreachable", msg("Cách đường gần nhất {metres} m.", metres=round(access_m))
    starts = {problem.start_place(shift.team) for shift in shifts}
    if all(int(problem.travel_s[start, place]) >= NEVER_S for start in starts):
        return "unreachable", msg("Không có đường đi từ điểm xuất phát của đội được phép đến cơ sở.")
    if not any(problem.hours(shift, number) for shift in shifts):
        if problem.candidates[number].windows is not None:
            return "hours", msg("Giờ ấn định nằm ngoài giờ hoạt động của cơ sở hoặc ca làm của đội.")
        text = msg("Đóng cửa cả kỳ: giờ hoạt động không khớp ca làm của đội được phép kiểm tra.")
        return "hours", text
    free = [replace(shift, appointments=(), most_visits=max(shift.most_visits, 1)) for shift in shifts]
    if not any(_alone(problem, shift, number) for shift in free):
        return "hours", msg("Ca làm của đội không đủ giờ để đi đến, kiểm tra và quay về.")
    return "appointment", msg("Các buổi của đội được phép kiểm tra đã dành cho cuộc hẹn cố định.")
