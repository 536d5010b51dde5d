"""What a review meeting shows first: five sentences, three risks, three things done, premises to talk about.

Templates filled with figures, nothing else. What may not stand on a projector (suspected places, information
that nobody verified, unannounced checks) has to be left out of the figures before they come here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd

from geo.messages import Message, msg
from geo.word_texts import word_text
from geo.words import HotspotState, LicenceKind, PaperProblem, PremisesStatus

#: Risks and things done that are shown; a back row reads no more.
SHOWN = 3
#: How long a serious violation and a verified tip are talked about, in days.
SERIOUS_DAYS, TIP_DAYS = 365, 182
#: Papers without which a premises should not be open; the others are a matter for the counter.
_GRAVE_PAPERS = (
    PaperProblem.MISSING,
    PaperProblem.WITHDRAWN,
    PaperProblem.SUSPENDED,
    PaperProblem.UNREGISTERED,
)


@dataclass(frozen=True)
class NamedState:
    """A hotspot, the state it came into and the day; never a suspected or a dismissed one."""

    name: str
    state: HotspotState
    day: date


@dataclass(frozen=True)
class ReviewFigures:
    """What the sentences are made of: counts of what happened in the days of the review, and what stands.

    ``checks``: visits that met their premises, ``checked``: distinct premises. ``changes``: of hotspots, newest
    first. ``troubled``: hotspots active or reactivated today; ``watched``: eliminated ones. ``tips``: verified
    in these days. ``remedied``: findings closed; ``overdue``: findings whose deadline has passed.
    ``complex_open``: premises with signs of complexity not yet inspected this year. ``papers``: premises that
    lack a paper they need or lost one. ``late_patrols``: hotspot and days. ``unexplained``: hotspots that arose
    without a report that explains it. ``border``: the names and points of the riskiest strip. ``coverage``: the
    share of premises inspected this year and its target (0-1), where it is not met. ``decisions_*``: of earlier
    meetings.
    """

    checks: int = 0
    checked: int = 0
    findings: int = 0
    serious: int = 0
    changes: Sequence[NamedState] = ()
    troubled: Sequence[NamedState] = ()
    watched: int = 0
    tips: int = 0
    patrols: int = 0
    patrol_signs: int = 0
    opened: int = 0
    closed: int = 0
    active: int = 0
    sweeps: int = 0
    remedied: int = 0
    commitments: int = 0
    overdue: int = 0
    complex_open: int = 0
    papers: int = 0
    late_tips: int = 0
    late_patrols: Sequence[tuple[str, int]] = ()
    unexplained: Sequence[str] = ()
    border: tuple[str, float] | None = None
    coverage: tuple[float, float] | None = None
    decisions_done: int = 0
    decisions_open: int = 0
    decisions_late: int = 0


def sentences(found: ReviewFigures) -> tuple[Message, ...]:
    """What changed, always in five sentences: checks, hotspots, tips and patrols, premises, decisions."""
    return (_checks(found), _hotspots(found), _heard(found), _premises(found), _decisions(found))


def _checks(found: ReviewFigures) -> Message:
    if not found.checks:
        return msg("Chưa có lượt kiểm tra nào.")
    if not found.findings:
        return msg(
            "Đã kiểm tra {checks} lượt tại {premises} cơ sở, không ghi nhận vi phạm.",
            checks=found.checks,
            premises=found.checked,
        )
    return msg(
        "Đã kiểm tra {checks} lượt tại {premises} cơ sở, ghi nhận {findings} vi phạm, {serious} nghiêm trọng.",
        checks=found.checks,
        premises=found.checked,
        findings=found.findings,
        serious=found.serious,
    )


def _hotspots(found: ReviewFigures) -> Message:
    if len(found.changes) == 1:
        return msg("Một điểm phức tạp đổi trạng thái: {one}.", one=_told(found.changes[0]))
    if found.changes:
        return msg(
            "{n} lần điểm phức tạp đổi trạng thái, gần nhất: {one}.",
            n=len(found.changes),
            one=_told(found.changes[0]),
        )
    if not found.troubled and not found.watched:
        return msg("Không có điểm phức tạp nào.")
    return msg(
        "Không điểm phức tạp nào đổi trạng thái: {active} đang phức tạp, {watched} đang theo dõi.",
        active=len(found.troubled),
        watched=found.watched,
    )


def _told(one: NamedState) -> Message:
    return msg("{name} – {state} ({day})", name=one.name, state=one.state, day=one.day)


def _heard(found: ReviewFigures) -> Message:
    if not found.patrols:
        return msg("{n} nguồn tin được xác minh có căn cứ; chưa có lượt tuần tra nào.", n=found.tips)
    return msg(
        "{n} nguồn tin được xác minh có căn cứ; {patrols} lượt tuần tra, {signs} lượt thấy dấu hiệu.",
        n=found.tips,
        patrols=found.patrols,
        signs=found.patrol_signs,
    )


def _premises(found: ReviewFigures) -> Message:
    if not (found.active or found.opened or found.closed):
        return msg("Không có cơ sở nào đang hoạt động.")
    if not (found.opened or found.closed):
        return msg("Không cơ sở nào mở mới hay đóng cửa; {n} cơ sở đang hoạt động.", n=found.active)
    return msg(
        "{opened} cơ sở mở mới, {closed} đóng cửa; {n} cơ sở đang hoạt động.",
        opened=found.opened,
        closed=found.closed,
        n=found.active,
    )


def _decisions(found: ReviewFigures) -> Message:
    if not (found.decisions_done or found.decisions_open or found.decisions_late):
        return msg("Không có kết luận nào của các cuộc họp trước phải báo lại.")
    return msg(
        "Kết luận các cuộc họp trước: {done} đã xong, {open} còn hạn, {late} quá hạn.",
        done=found.decisions_done,
        open=found.decisions_open,
        late=found.decisions_late,
    )


def risks(found: ReviewFigures) -> tuple[Message, ...]:
    """The gravest risks, at most ``SHOWN`` and none that the figures do not show: places that are active first,
    then duties that are late, then what may become one."""
    return tuple(list(_risks(found))[:SHOWN])


def _risks(found: ReviewFigures) -> Iterator[Message]:
    if found.troubled:
        newest = max(found.troubled, key=lambda one: one.day)
        yield msg("{name}: {state} từ {day}.", name=newest.name, state=newest.state, day=newest.day)
    if found.unexplained:
        yield msg("{name}: chưa có báo cáo giải trình khi phát sinh.", name=found.unexplained[0])
    if found.late_tips:
        yield msg("{n} nguồn tin quá hạn xử lý.", n=found.late_tips)
    if found.overdue:
        yield msg("{n} vi phạm quá hạn khắc phục.", n=found.overdue)
    if found.late_patrols:
        name, days = max(found.late_patrols, key=lambda one: one[1])
        yield msg("{name}: quá hạn tuần tra {n} ngày.", name=name, n=days)
    if found.decisions_late:
        yield msg("{n} kết luận họp quá hạn.", n=found.decisions_late)
    if found.complex_open:
        yield msg("{n} cơ sở có dấu hiệu phức tạp chưa được kiểm tra trong năm.", n=found.complex_open)
    if found.coverage is not None:
        share, target = (round(100 * one, 1) for one in found.coverage)
        yield msg("Mới kiểm tra {share}% cơ sở trong năm, chỉ tiêu {target}%.", share=share, target=target)
    if found.border is not None and found.border[1] > 0:
        yield msg(
            "Dải giáp ranh {names}: {points} điểm nguy cơ.", names=found.border[0], points=found.border[1]
        )
    if found.papers:
        yield msg("{n} cơ sở thiếu giấy bắt buộc hoặc giấy không còn hiệu lực.", n=found.papers)


def done(found: ReviewFigures) -> tuple[Message, ...]:
    """The most telling things done, at most ``SHOWN`` and none that the figures do not show."""
    return tuple(list(_done(found))[:SHOWN])


def _done(found: ReviewFigures) -> Iterator[Message]:
    ended = [one for one in found.changes if one.state in (HotspotState.ELIMINATED, HotspotState.CLEARED)]
    if ended:
        yield msg("{name}: {state} ({day}).", name=ended[0].name, state=ended[0].state, day=ended[0].day)
    if found.decisions_done:
        yield msg("{n} kết luận họp đã làm xong.", n=found.decisions_done)
    if found.checks:
        yield msg("{n} cơ sở đã được kiểm tra.", n=found.checked)
    if found.remedied:
        yield msg("{n} vi phạm đã khắc phục xong.", n=found.remedied)
    if found.sweeps:
        yield msg("{n} lần cùng phường bạn kiểm tra dải giáp ranh.", n=found.sweeps)
    if found.patrols:
        yield msg("{n} lượt tuần tra điểm phức tạp.", n=found.patrols)
    if found.tips:
        yield msg("{n} nguồn tin đã xác minh xong, có căn cứ.", n=found.tips)
    if found.commitments:
        yield msg("{n} cơ sở ký cam kết.", n=found.commitments)


@dataclass(frozen=True)
class Talk:
    """A premises to talk about, with the reasons, gravest first."""

    premises_id: str
    reasons: tuple[Message, ...]


def to_talk_about(
    premises: pd.DataFrame,
    *,
    findings: pd.DataFrame,
    signals: pd.DataFrame,
    problems: pd.DataFrame,
    inspected: frozenset[str],
    as_of: date,
    most: int = 8,
) -> list[Talk]:
    """Premises that do business and of which the record gives a reason to talk, most and gravest reasons first.

    Parameters
    ----------
    premises : ``id``, ``status``, ``complex_grounds``; those of the ward.
    findings : ``id``, ``premises_id``, ``on_date``, ``serious``, ``deadline``, ``closed_on``.
    signals : verified ones only; ``premises_id``, ``on_date``.
    problems : as ``geo.licences.paper_problems`` gives them.
    inspected : ids of the premises that any body has inspected this year.

    No score plays a part: scores weigh information that nobody has verified.
    """
    running = premises[premises["status"] == PremisesStatus.ACTIVE]
    weighed: dict[str, list[tuple[int, Message]]] = {}
    for premises_id, weight, reason in [
        *_of_findings(findings, as_of),
        *_of_signals(signals, as_of),
        *_of_complexity(running, inspected, as_of),
        *_of_papers(problems),
    ]:
        weighed.setdefault(premises_id, []).append((weight, reason))
    talks = []
    for premises_id in running["id"]:
        reasons = sorted(weighed.get(premises_id, []), key=lambda one: -one[0])
        if reasons:
            total = sum(weight for weight, _reason in reasons)
            talks.append((total, Talk(premises_id, tuple(reason for _weight, reason in reasons))))
    talks.sort(key=lambda one: (-one[0], one[1].premises_id))
    return [talk for _total, talk in talks[:most]]


_Reason = tuple[str, int, Message]


def _of_findings(findings: pd.DataFrame, as_of: date) -> Iterator[_Reason]:
    today, once = pd.Timestamp(as_of), findings.drop_duplicates("id")
    waiting = once[once["closed_on"].isna() & (pd.to_datetime(once["deadline"]) < today)]
    for premises_id, rows in waiting.groupby("premises_id"):
        oldest = pd.to_datetime(rows["deadline"]).min().date()
        yield str(premises_id), 5, msg("{n} vi phạm quá hạn khắc phục, từ {day}", n=len(rows), day=oldest)
    since = pd.Timestamp(as_of - timedelta(days=SERIOUS_DAYS))
    grave = once[once["serious"].astype(bool) & (pd.to_datetime(once["on_date"]) > since)]
    for premises_id, rows in grave.groupby("premises_id"):
        last = pd.to_datetime(rows["on_date"]).max().date()
        yield str(premises_id), 4, msg("vi phạm nghiêm trọng, kiểm tra ngày {day}", day=last)


def _of_signals(signals: pd.DataFrame, as_of: date) -> Iterator[_Reason]:
    since = pd.Timestamp(as_of - timedelta(days=TIP_DAYS))
    recent = signals[signals["premises_id"].notna() & (pd.to_datetime(signals["on_date"]) > since)]
    for premises_id, rows in recent.groupby("premises_id"):
        yield str(premises_id), 4, msg("{n} nguồn tin đã xác minh có căn cứ trong 6 tháng", n=len(rows))


def _of_complexity(running: pd.DataFrame, inspected: frozenset[str], as_of: date) -> Iterator[_Reason]:
    for premises_id in running.loc[running["complex_grounds"].notna(), "id"]:
        if premises_id not in inspected:
            reason = msg("có dấu hiệu phức tạp, chưa được kiểm tra năm {year}", year=str(as_of.year))
            yield str(premises_id), 3, reason


def grave_papers(problems: pd.DataFrame) -> pd.DataFrame:
    """The paper problems that matter to a meeting: a paper that is needed is missing or no longer in force."""
    needed = problems["code"].isin(_GRAVE_PAPERS) & (problems["law"].notna() | _unregistered(problems))
    return problems[needed]


def _unregistered(problems: pd.DataFrame) -> Any:
    return problems["code"].eq(PaperProblem.UNREGISTERED)


def _of_papers(problems: pd.DataFrame) -> Iterator[_Reason]:
    for row in grave_papers(problems).itertuples():
        word = PaperProblem(str(row.code))
        if word is PaperProblem.UNREGISTERED:
            yield str(row.premises_id), 3, word_text(word)
        else:
            reason = msg("{problem}: {paper}", problem=word, paper=LicenceKind(str(row.kind)))
            yield str(row.premises_id), 2, reason
