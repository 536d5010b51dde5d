"""What people decide about alerts: acknowledge, hand to somebody, judge, close."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from app.access import Right, require
from app.services import notices
from app.services.alert_places import judges, with_places
from app.services.free_text import about_places
from data.repositories import alerts as repository
from data.store import Actor, Store, Work
from geo.detection import OPEN_STATES, REACTIVATION
from geo.errors import InputError, RuleError
from geo.messages import msg
from geo.words import AlertState, Role

#: From which state which verdict may follow.
VERDICTS: dict[AlertState, tuple[AlertState, ...]] = {
    AlertState.RAISED: (AlertState.ACKNOWLEDGED, AlertState.DISMISSED),
    AlertState.ACKNOWLEDGED: (AlertState.CONFIRMED, AlertState.UNCLEAR, AlertState.DISMISSED),
    AlertState.UNCLEAR: (AlertState.CONFIRMED, AlertState.DISMISSED, AlertState.CLOSED),
    AlertState.CONFIRMED: (AlertState.CLOSED,),
    AlertState.DISMISSED: (),
    AlertState.CLOSED: (),
}
LONGEST_PAPER = 200


def judge(
    store: Store,
    actor: Actor,
    alert_id: str,
    verdict: AlertState,
    reason: str,
    *,
    seen: AlertState,
    document: str = "",
) -> None:
    """Record a person's verdict. ``seen`` is the state that the person had before their eyes.

    Raises InputError ``unknown_alert`` for one outside the scope too; RuleError when the verdict cannot follow,
    when it has no reason, or when somebody else was first.
    """
    require(actor, Right.JUDGE_ALERTS)
    with store.write(actor) as work:
        _judge(work, alert_id, verdict, reason, document, _state(_own(work, alert_id), seen))


def judge_at_once(
    store: Store, actor: Actor, alert_id: str, verdict: AlertState, reason: str, *, document: str = ""
) -> dict[str, Any]:
    """Record a verdict on an alert as it stands, for the command line: ``{id, state, place, kind}``.

    Whoever has verified a new alert has taken it up; both steps are recorded.
    """
    require(actor, Right.JUDGE_ALERTS)
    with store.write(actor) as work:
        alert = _own(work, alert_id).iloc[0]
        state = AlertState(alert["state"])
        if verdict not in VERDICTS[state] and verdict in VERDICTS[AlertState.ACKNOWLEDGED]:
            _judge(work, alert_id, AlertState.ACKNOWLEDGED, "", "", state)
            state = AlertState.ACKNOWLEDGED
        _judge(work, alert_id, verdict, reason, document, state)
    return {"id": alert_id, "state": verdict.value, "place": alert["place_id"], "kind": alert["kind"]}


def _judge(
    work: Work, alert_id: str, verdict: AlertState, reason: str, document: str, state: AlertState
) -> None:
    if verdict not in VERDICTS[state]:
        raise RuleError(
            "verdict_refused",
            msg("Cảnh báo đang “{state}” không thể chuyển sang “{verdict}”.", state=state, verdict=verdict),
        )
    why, paper = about_places(reason), about_places(document)
    if verdict is not AlertState.ACKNOWLEDGED and not why:
        raise RuleError("reason_missing", msg("Cần ghi lý do của quyết định này."))
    if len(paper) > LONGEST_PAPER:
        raise InputError("too_long", msg("Số văn bản dài nhất {n} ký tự.", n=LONGEST_PAPER))
    # Whoever takes it up has it, as long as nobody else was given it.
    taken = verdict is AlertState.ACKNOWLEDGED and _owner(work, alert_id) is None
    repository.add_alert_event(
        work,
        alert_id,
        verdict,
        why or None,
        assigned_to=work.actor.name if taken else None,
        document=paper or None,
    )
    work.note("alert.judge", alert_id, verdict=verdict.value)


def assign(store: Store, actor: Actor, alert_id: str, to: str, *, seen: AlertState, reason: str = "") -> None:
    """Give an open alert to an account whose scope holds its place. ``reason``: what it is asked to do.

    Raises RuleError ``not_assignable`` for another account, ``alert_settled`` for an alert at an end.
    """
    require(actor, Right.JUDGE_ALERTS)
    with store.write(actor) as work:
        alert = _own(work, alert_id)
        state = _state(alert, seen)
        _refuse_settled(state)
        if to not in judges(work, alert, work.today):
            raise RuleError(
                "not_assignable",
                msg("Tài khoản {name} không phụ trách nơi này nên không giao được.", name=to),
            )
        step = repository.add_alert_event(work, alert_id, state, about_places(reason) or None, assigned_to=to)
        work.note("alert.assign", alert_id, to=to)
        notices.enqueue_assignment(work, alert_id, to, step)


def record_deed(work: Work, alert_id: str, place_id: str, deed: str) -> None:
    """Put into the life of an open alert what has just been done at its place.

    Raises InputError ``unknown_alert`` for one of another place too, RuleError ``alert_settled`` at its end.
    """
    alert = _own(work, alert_id).iloc[0]
    if alert["place_id"] != place_id:
        raise _unknown(alert_id)
    _refuse_settled(AlertState(alert["state"]))
    repository.add_alert_event(work, alert_id, AlertState(alert["state"]), deed)


def assignable(store: Store, actor: Actor, alert_id: str, day: date) -> dict[str, Role]:
    """The accounts that an alert may be given to, with their role."""
    require(actor, Right.JUDGE_ALERTS)
    with store.read(actor) as work:
        return judges(work, _own(work, alert_id), day)


def close_answered(work: Work, place_id: str, reason: str) -> None:
    """Close a place's open alerts in the name of who has just decided that the place is back, and why."""
    alerts = repository.alerts(work)
    asked = alerts["place_id"].eq(place_id) & alerts["state"].isin(OPEN_STATES)
    for alert_id in alerts.loc[asked & alerts["kind"].isin(REACTIVATION), "id"]:
        repository.add_alert_event(work, alert_id, AlertState.CLOSED, reason)
        work.note("alert.judge", alert_id, verdict=AlertState.CLOSED.value)


def _own(work: Work, alert_id: str) -> pd.DataFrame:
    """The alert as a frame of one row, locked; InputError when there is none in the actor's scope."""
    repository.locked(work, alert_id)
    found = with_places(work, repository.alerts(work, alert_id=alert_id), work.today)
    if found.empty:
        raise _unknown(alert_id)
    return found


def _unknown(alert_id: str) -> InputError:
    return InputError("unknown_alert", msg("Không có cảnh báo {id}.", id=alert_id))


def _refuse_settled(state: AlertState) -> None:
    if state not in OPEN_STATES:
        raise RuleError("alert_settled", msg("Cảnh báo này đã khép, không giao nữa."))


def _owner(work: Work, alert_id: str) -> str | None:
    owner = repository.alerts(work, alert_id=alert_id)["assigned_to"].iloc[0]
    return owner if isinstance(owner, str) else None


def _state(alert: pd.DataFrame, seen: AlertState) -> AlertState:
    row = alert.iloc[0]
    state = AlertState(row["state"])
    if state is not seen:
        raise RuleError(
            "changed_meanwhile",
            msg(
                "{who} đã chuyển cảnh báo này sang “{state}” trước bạn.",
                who=row["recorded_by"],
                state=state,
            ),
            hint=msg("Tải lại trang để xem tình trạng mới."),
        )
    return state
