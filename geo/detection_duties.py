"""What an office owes and has not done, and what got worse at places nobody has called a hotspot: as alerts.

Each of these asks its own question (``geo.detection.question``). Most end by themselves once the thing is done.
The score only orders the inbox; it rises with the days that have passed and never reaches 100.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from geo.detection import Evidence, RaisedAlert
from geo.hotspots import patrols_due
from geo.messages import Message, msg
from geo.signal_rules import timeliness
from geo.words import AlertKind, PaperProblem

_TROUBLES = frozenset(
    {
        PaperProblem.MISSING,
        PaperProblem.WITHDRAWN,
        PaperProblem.SUSPENDED,
        PaperProblem.NAME_DIFFERS,
        PaperProblem.ADDRESS_DIFFERS,
        PaperProblem.ROOMS_DIFFER,
        PaperProblem.UNREGISTERED,
    }
)


@dataclass(frozen=True)
class DutySettings:
    """When a duty is broken.

    ``patrol_grace_days``: late by no more than so many days is no alert. ``risky_score``: premises of at least
    this score are watched for their papers (of the demonstration's some 2%: an inbox of everything is read by
    nobody). ``border_rise``: points by which a segment's risk must have risen, to ``border_least`` or more;
    ``border_ranks``: of so many of the riskiest segments. ``days_to_half``: days late at which a score is 50.
    """

    patrol_grace_days: int = 3
    risky_score: float = 80.0
    border_rise: float = 10.0
    border_least: float = 25.0
    border_ranks: int = 10
    days_to_half: float = 10.0

    def lateness_score(self, days: float) -> float:
        """0 on time, 50 after ``days_to_half`` days, towards 100."""
        return round(100 * (1 - math.exp2(-max(days, 0.0) / self.days_to_half)), 1)


def broken_watch(
    hotspots: pd.DataFrame, patrols: pd.DataFrame, as_of: date, settings: DutySettings
) -> list[RaisedAlert]:
    """Hotspots under watch where the patrol is overdue by more than the days of grace."""
    names = dict(zip(hotspots["id"], hotspots["name"], strict=True))
    raised = []
    for row in patrols_due(hotspots, patrols, as_of).itertuples():
        if row.overdue_days <= settings.patrol_grace_days:
            continue
        spot, due = str(row.hotspot_id), row.due_on
        said = (
            msg("Lượt tuần tra hạn ngày {due} chưa có; gần nhất ngày {last}", due=due, last=row.last_on)
            if row.last_on is not None
            else msg("Lượt tuần tra hạn ngày {due} chưa có; chưa tuần tra lần nào", due=due)
        )
        text = msg("Tuần tra điểm {name} quá hạn {n} ngày", name=str(names[spot]), n=int(row.overdue_days))
        evidence = Evidence("patrol_due", f"{spot}:{due.isoformat()}", due, said)
        raised.append(_one(AlertKind.WATCH_BROKEN, "hotspot", spot, row.overdue_days, text, evidence, settings))
    return raised


def late_signals(signals: pd.DataFrame, as_of: date, settings: DutySettings) -> list[RaisedAlert]:
    """Signals that nobody has brought to an end by their deadline; linked duplicates stand with the first."""
    if signals.empty:
        return []
    late = timeliness(signals, as_of)
    own = signals["same_as"].isna() if "same_as" in signals else True
    kept = signals[late["open"] & late["late"] & own]
    raised = []
    for row in kept.assign(days=-late.loc[kept.index, "days_left"]).itertuples():
        due, one = row.due_on.date(), str(row.id)
        said = msg("Hạn xử lý ngày {due}, tiếp nhận ngày {day}", due=due, day=row.on_date.date())
        text = msg("Nguồn tin quá hạn xử lý {n} ngày", n=int(row.days))
        raised.append(
            _one(
                AlertKind.SIGNAL_LATE,
                "signal",
                one,
                row.days,
                text,
                Evidence("signal", f"{one}:{due}", due, said),
                settings,
            )
        )
    return raised


def late_handovers(handovers: pd.DataFrame, as_of: date, settings: DutySettings) -> list[RaisedAlert]:
    """Signals sent across a border that the other side has not accepted by the deadline.

    ``handovers``: columns id, signal_id, to_name, due_on, accepted_at. They stay with the sender meanwhile.
    """
    raised = []
    for row in handovers.itertuples():
        days = (as_of - row.due_on.date()).days
        if days > 0 and pd.isna(row.accepted_at):
            due = row.due_on.date()
            said = msg("Chuyển {to}, cần được nhận trước ngày {due}", to=str(row.to_name), due=due)
            text = msg("Tin chuyển {to} chưa được nhận, quá hạn {n} ngày", to=str(row.to_name), n=days)
            evidence = Evidence("handover", str(row.id), due, said)
            raised.append(
                _one(AlertKind.HANDOVER_LATE, "signal", str(row.signal_id), days, text, evidence, settings)
            )
    return raised


def rising_borders(
    now: pd.DataFrame, before: pd.DataFrame, as_of: date, compared: date, settings: DutySettings
) -> list[RaisedAlert]:
    """Border segments among the riskiest whose risk has risen since ``compared``.

    ``now``, ``before``: columns id, names, risk, rank of both days. Told once a quarter.
    """
    old = dict(zip(before["id"], before["risk"].astype(float), strict=True))
    raised = []
    for row in now[now["rank"] <= settings.border_ranks].itertuples():
        segment, risk = str(row.id), float(row.risk)
        rise = risk - old.get(segment, risk)
        if rise < settings.border_rise or risk < settings.border_least:
            continue
        names = " - ".join(str(name) for name in row.names)
        text = msg(
            "Đoạn giáp ranh {names}: nguy cơ từ {before} lên {now} kể từ ngày {day}",
            names=names,
            before=round(old[segment], 1),
            now=round(risk, 1),
            day=compared,
        )
        quarter = f"{as_of.year}-Q{(as_of.month + 2) // 3}"
        evidence = Evidence(
            "border", f"{segment}:{quarter}", as_of, msg("Nguy cơ tăng {rise} điểm", rise=round(rise, 1))
        )
        raised.append(
            RaisedAlert(
                AlertKind.BORDER_RISING, "border", segment, round(min(risk, 99.9), 1), text, (evidence,)
            )
        )
    return raised


def paper_troubles(
    problems: pd.DataFrame,
    scores: Mapping[str, float],
    names: Mapping[str, str],
    as_of: date,
    settings: DutySettings,
    *,
    asked: Collection[str] = (),
) -> list[RaisedAlert]:
    """Risky premises where a paper is missing, withdrawn, suspended or says something else.

    ``problems``: columns premises_id, kind, code, text (Message), since (``geo.licences``). ``asked``: premises
    with an open alert, which a falling score does not answer.
    """
    raised = []
    kept = problems[problems["code"].isin(_TROUBLES)] if len(problems) else problems
    for premises, rows in kept.groupby("premises_id") if len(kept) else ():
        name = str(premises)
        score = scores.get(name, 0.0)
        if score < settings.risky_score and name not in asked:
            continue
        evidence = tuple(
            Evidence("paper", f"{name}:{row.kind}:{row.code}", _since(row.since, as_of), row.text)
            for row in rows.itertuples()
        )
        text = msg(
            "{premises}: {n} vấn đề về giấy phép tại cơ sở có điểm nguy cơ {score}",
            premises=names.get(name, name),
            n=len(evidence),
            score=round(score, 1),
        )
        raised.append(
            RaisedAlert(AlertKind.PAPERS, "premises", name, round(min(score, 99.9), 1), text, evidence)
        )
    return raised


def _since(value: object, as_of: date) -> date:
    return as_of if value is None or pd.isna(value) else pd.Timestamp(value).date()


def _one(
    kind: AlertKind,
    place_kind: str,
    place_id: str,
    days: float,
    text: Message,
    evidence: Evidence,
    settings: DutySettings,
) -> RaisedAlert:
    return RaisedAlert(kind, place_kind, place_id, settings.lateness_score(days), text, (evidence,))
