"""Changing a plan by hand, with the price of every change before anybody agrees to it.

A change is looked at on the days it touches: what the visits are worth, the minutes and the way, and whether
the rules still hold. Rules and times are the planner's own (``plan_timetable``); here are only those that span
several days. A change that is not legal leaves the book as it was and says why.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from geo.messages import Message, msg
from geo.plan_book import Paper, PlanBook, TeamDay, released
from geo.plan_problem import Refusal
from geo.plan_timetable import Outing
from geo.words import VisitKind


@dataclass(frozen=True)
class Price:
    """What a change costs and gains. ``minutes_delta`` and ``km_delta`` are of the teams' days, 0 where the
    change is not legal. ``notes``: legal, but worth knowing. ``text``: the price in one sentence."""

    value_delta: float
    minutes_delta: float
    km_delta: float
    refusals: tuple[Message, ...]
    text: Message
    notes: tuple[Message, ...] = ()

    @property
    def legal(self) -> bool:
        """Whether every rule holds after the change."""
        return not self.refusals


@dataclass(frozen=True)
class Change:
    """A change that a person may agree to: the book after it, or the old one where it is not legal."""

    book: PlanBook
    price: Price


@dataclass(frozen=True)
class Insertion:
    """A place for a visit: ``position`` counts from 1 within the team's day."""

    team_id: str
    date: date
    position: int
    change: Change


@dataclass(frozen=True)
class Insertions:
    """The cheapest places, cheapest first; where there is none, why not, the commonest reason first."""

    places: tuple[Insertion, ...]
    refusals: tuple[Message, ...]


def lock(book: PlanBook, premises_id: str) -> Change:
    """Hold a visit where it is, also when the rest is planned anew."""
    if book.where(premises_id) is None:
        return _refused(book, _not_there())
    return _free_of_charge(replace(book, locked=book.locked | {premises_id}))


def unlock(book: PlanBook, premises_id: str) -> Change:
    """Let a visit go again; a wish the plan was made with (team, day, hour) is dropped with it."""
    free = replace(book, problem=released(book.problem, premises_id), locked=book.locked - {premises_id})
    key = book.where(premises_id)
    # Without a fixed hour the day's times may change.
    return _free_of_charge(free) if key is None else _priced(book, free, [key])


def drop(book: PlanBook, premises_id: str) -> Change:
    """Take a visit out."""
    key = book.where(premises_id)
    if key is None:
        return _refused(book, _not_there())
    stuck = _stuck(book, premises_id)
    candidate = book.candidate(premises_id)
    if stuck is None and candidate is not None and candidate.drawn_at_random:
        stuck = msg("Cơ sở được rút ngẫu nhiên: bỏ đi thì mẫu không còn ngẫu nhiên.")
    if stuck is not None:
        return _refused(book, stuck)
    papers = {name: paper for name, paper in book.papers.items() if name != premises_id}
    left = _without(book, premises_id)
    return _priced(book, replace(left, added=book.added - {premises_id}, papers=papers))


def move(book: PlanBook, premises_id: str, team_id: str, day: date, position: int | None = None) -> Change:
    """Give a visit to a team on a day, at a position (from 1) or at the best one."""
    if book.where(premises_id) is None:
        return _refused(book, _not_there())
    stuck = _stuck(book, premises_id)
    if stuck is not None:
        return _refused(book, stuck)
    return _placed(book, _without(book, premises_id), premises_id, (team_id, day), position)


def reorder(book: PlanBook, premises_id: str, position: int) -> Change:
    """Put a visit at another position (from 1) of its day."""
    key = book.where(premises_id)
    return _refused(book, _not_there()) if key is None else move(book, premises_id, *key, position)


def add(
    book: PlanBook,
    premises_id: str,
    team_id: str,
    day: date,
    position: int | None = None,
    *,
    paper: Paper | None = None,
) -> Change:
    """Put in a visit of a candidate of the problem, at a position (from 1) or at the best one.

    ``paper``: of an unannounced check, which needs both a basis and the decision that states it (domain.md,
    section 3, rule 1). The problem has to be made with the request, so that hours and cap are the right ones.
    """
    refused = _not_addable(book, premises_id, paper)
    if refused is not None:
        return _refused(book, refused)
    candidate = book.candidate(premises_id)
    secret = candidate is not None and candidate.kind is VisitKind.UNANNOUNCED
    papers = {**book.papers, premises_id: paper} if secret and paper is not None else book.papers
    after = replace(book, added=book.added | {premises_id}, papers=papers)
    return _placed(book, after, premises_id, (team_id, day), position)


def cheapest_insertions(
    book: PlanBook,
    premises_id: str,
    k: int = 3,
    *,
    first: date | None = None,
    paper: Paper | None = None,
) -> Insertions:
    """Where a visit fits in for the fewest minutes, over teams and days: a verified signal, or a no-show.

    ``first``: not before this day. A premises that already has a visit is moved; the day it has now counts
    only from ``first`` on. Ties go by way, day and team.
    """
    moved = book.where(premises_id) is not None
    found: list[Insertion] = []
    reasons: list[Message] = []
    for team_id, day in _working_days(book, first):
        if moved:
            change = move(book, premises_id, team_id, day)
        else:
            change = add(book, premises_id, team_id, day, paper=paper)
        if change.price.legal:
            position = change.book.routes[team_id, day].index(premises_id) + 1
            found.append(Insertion(team_id, day, position, change))
        else:
            reasons += change.price.refusals
    found.sort(key=_cost)
    return Insertions(tuple(found[:k]), () if found else _commonest(reasons))


def _cost(place: Insertion) -> tuple[float, float, date, str]:
    price = place.change.price
    return price.minutes_delta, price.km_delta, place.date, place.team_id


def _commonest(reasons: Sequence[Message]) -> tuple[Message, ...]:
    counted = Counter(str(reason) for reason in reasons)
    by_text = {str(reason): reason for reason in reasons}
    return tuple(by_text[text] for text, _ in counted.most_common())


def _working_days(book: PlanBook, first: date | None) -> list[TeamDay]:
    """Every team on every day on which it works, by day and team."""
    days = {
        (team.team_id, day)
        for team in book.problem.teams
        for day in {*team.working_days, *team.days}
        if first is None or day >= first
    }
    return sorted(days, key=lambda key: (key[1], key[0]))


def _not_there() -> Message:
    return msg("Cơ sở không có trong lịch.")


def _stuck(book: PlanBook, premises_id: str) -> Message | None:
    locked = premises_id in book.locked
    return msg("Lượt này đang khóa: hãy mở khóa trước.") if locked else None


def _not_addable(book: PlanBook, premises_id: str, paper: Paper | None) -> Message | None:
    if book.where(premises_id) is not None:
        return msg("Cơ sở đã có trong lịch.")
    candidate = book.candidate(premises_id)
    if candidate is None:
        left = book.problem.ruled_out.get(premises_id)
        return left.why if left is not None else msg("Không có cơ sở {name}.", name=premises_id)
    there = [one for names in book.routes.values() for name in names if (one := book.candidate(name))]
    if any(one.business_key == candidate.business_key for one in there):
        return msg("Cơ sở khác cùng số đăng ký đã có trong kế hoạch.")
    if candidate.kind is not VisitKind.UNANNOUNCED:
        return None
    if paper is None or not paper.basis.strip() or not paper.decision.strip():
        return msg("Kiểm tra đột xuất cần có căn cứ và số quyết định kiểm tra.")
    return None


def _without(book: PlanBook, premises_id: str) -> PlanBook:
    """The routes without a visit; what is known of it stays."""
    key = book.where(premises_id)
    if key is None:
        return book
    return book.with_route(key, tuple(name for name in book.routes[key] if name != premises_id))


def _placed(before: PlanBook, base: PlanBook, premises_id: str, key: TeamDay, position: int | None) -> Change:
    """The visit put into a book that does not hold it, where that takes least time; the price against
    ``before``."""
    names = base.routes.get(key, ())
    spots = range(1, len(names) + 2) if position is None else [position]
    refusals: list[Message] = []
    best: tuple[tuple[int, float, int], PlanBook] | None = None
    for spot in spots:
        if not 1 <= spot <= len(names) + 1:
            return _refused(before, msg("Ngày này chỉ có {n} lượt.", n=len(names) + 1))
        route = (*names[: spot - 1], premises_id, *names[spot - 1 :])
        outing = base.outing(key, route)
        if isinstance(outing, Refusal):
            refusals.append(outing.why)
            continue
        cost = outing.end_s - outing.start_s, base.metres(outing), spot
        if best is None or cost < best[0]:
            best = cost, base.with_route(key, route)
    if best is None:
        return _refused(before, *_commonest(refusals)[:1])
    return _priced(before, best[1])


def _priced(before: PlanBook, after: PlanBook, also: Iterable[TeamDay] = ()) -> Change:
    """The price of going from one book to another, on the days whose route changes and on ``also``."""
    keys = {*before.routes, *after.routes}
    touched = sorted({*(key for key in keys if before.routes.get(key) != after.routes.get(key)), *also})
    was, now = [before.outing(key) for key in touched], [after.outing(key) for key in touched]
    refused = [outing.why for outing in now if isinstance(outing, Refusal)]
    if refused:
        return _refused(before, *refused)
    value = round(_value(after, touched) - _value(before, touched), 1)
    minutes = round(_minutes(now) - _minutes(was), 1)
    km = round((_metres(after, now) - _metres(before, was)) / 1000, 2)
    text = msg(
        "{points}, {minutes}, {km}, vẫn đúng luật",
        points=_signed(value, msg("+{n} điểm", n=value), msg("−{n} điểm", n=-value)),
        minutes=_signed(minutes, msg("+{n} phút", n=minutes), msg("−{n} phút", n=-minutes)),
        km=_signed(km, msg("+{n} km", n=km), msg("−{n} km", n=-km)),
    )
    return Change(after, Price(value, minutes, km, (), text, tuple(_notes(before, after))))


def _refused(book: PlanBook, *why: Message) -> Change:
    text = msg("Không được: {why}", why=why[0])
    return Change(book, Price(0.0, 0.0, 0.0, why, text))


def _free_of_charge(book: PlanBook) -> Change:
    return Change(book, Price(0.0, 0.0, 0.0, (), msg("Không đổi thời gian, vẫn đúng luật")))


def _signed(number: float, positive: Message, negative: Message) -> Message:
    return negative if number < 0 else positive


def _value(book: PlanBook, keys: Iterable[TeamDay]) -> float:
    candidates = (book.candidate(name) for key in keys for name in book.routes.get(key, ()))
    return sum(candidate.value for candidate in candidates if candidate is not None)


def _minutes(outings: Iterable[Outing | Refusal]) -> float:
    return sum((one.end_s - one.start_s) / 60 for one in outings if not isinstance(one, Refusal))


def _metres(book: PlanBook, outings: Iterable[Outing | Refusal]) -> float:
    return sum(book.metres(one) for one in outings if not isinstance(one, Refusal))


def _notes(before: PlanBook, after: PlanBook) -> Iterator[Message]:
    """Teams that now go out more often in a week than the office has set."""
    most = after.problem.settings.outings_per_week
    was, now = _outings(before), _outings(after)
    for (team, year, week), count in sorted(now.items()):
        if count > most and count > was[team, year, week]:
            yield msg("Đội đi {n} buổi trong tuần, nhiều hơn {most} buổi đã đặt.", n=count, most=most)


def _outings(book: PlanBook) -> Counter[tuple[str, int, int]]:
    return Counter((team, *day.isocalendar()[:2]) for team, day in book.days())
