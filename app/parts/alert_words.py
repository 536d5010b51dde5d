"""How the parts of an alert are called on the screen."""

from __future__ import annotations

from datetime import date

import pandas as pd

from app.services.accounts import SYSTEM
from app.services.alert_inbox import rules
from app.services.notices import Mode
from app.text import _, label, number, render
from geo.alert_times import Response, Stage
from geo.detection import SELF_ENDING
from geo.words import AlertKind, AlertState


def verdict_word(verdict: AlertState) -> str:
    """What a person does when giving the verdict."""
    return {
        AlertState.ACKNOWLEDGED: _("Tiếp nhận"),
        AlertState.CONFIRMED: _("Xác minh đúng"),
        AlertState.UNCLEAR: _("Chưa kết luận được"),
        AlertState.DISMISSED: _("Bỏ qua"),
        AlertState.CLOSED: _("Khép lại"),
    }[verdict]


def stage_word(stage: Stage) -> str:
    """What an alert waits for."""
    return {
        Stage.ACKNOWLEDGE: _("tiếp nhận"),
        Stage.VERIFY: _("xác minh"),
        Stage.ACT: _("xử lý xong"),
    }[stage]


def mode_word(mode: Mode) -> str:
    """How an account is told."""
    return {
        Mode.OFF: _("Không gửi"),
        Mode.DIGEST: _("Gộp, mỗi sáng một lần"),
        Mode.AT_ONCE: _("Gửi ngay"),
    }[mode]


def who_word(name: str) -> str:
    """Who recorded a step of an alert's life."""
    return _("hệ thống") if name == SYSTEM.name else name


def order_word(by: date) -> str:
    """That a patrol was ordered and has not come yet."""
    return _("có lệnh tuần tra trước ngày {day}", day=by)


def deadline_badge(answer: Response, today: date) -> str:
    """What is waited for and until when, as a coloured mark; empty for an alert at an end."""
    if answer.waiting is None or answer.due_on is None:
        return ""
    what = stage_word(answer.waiting)
    if answer.late:
        days = (today - answer.due_on).days
        return f":red-badge[{_('quá hạn {what} {n} ngày', what=what, n=days)}]"
    return f":gray-badge[{_('{what}: hạn {day}', what=what, day=answer.due_on)}]"


def stages_line(alert: pd.Series) -> str:
    """How long each stage has taken, or until when it may."""
    answer: Response = alert["response"]
    said = []
    for stage, days in rules().response.days.items():
        word = stage_word(stage).capitalize()
        late = answer.in_time.get(stage) is False
        if stage in answer.took:
            text = _("{what} sau {n} ngày", what=word, n=answer.took[stage])
        else:
            due = (alert["raised_on"] + pd.Timedelta(days=days)).date()
            text = _("{what}: hạn {day}", what=word, day=due)
        said.append(f":red[{text}]" if late else text)
    return " · ".join(said)


def false_alarm_line(alert: pd.Series) -> str:
    """How often the rule speaks for nothing, as far as that is known."""
    kind, detail = AlertKind(alert["kind"]), alert["detail"] or {}
    if kind in SELF_ENDING:
        return _("Dựa trên sổ sách, không phải suy đoán: cảnh báo tự khép khi việc còn thiếu được ghi.")
    rate = detail.get("false_alarms_per_year")
    if rate is None:
        return _("Chưa đủ số liệu để ước lượng số lần báo sai.")
    if kind is AlertKind.NEW_CLUSTER:
        return _("Ở mức đặt hiện nay, ngẫu nhiên gây khoảng {n} cảnh báo loại này mỗi năm.", n=number(rate, 2))
    return _("Ở mức đặt hiện nay, một điểm yên bị báo sai khoảng {n} lần mỗi năm.", n=number(rate, 2))


def count_lines(alert: pd.Series) -> list[str]:
    """What the statistics behind an alert say."""
    detail, said = alert["detail"] or {}, []
    if "threshold" in detail:
        said.append(
            _(
                "Tuần đến {day}: {observed} sự việc (có trọng số), thường {expected}, ngưỡng {threshold}.",
                day=pd.Timestamp(detail["week_ended"]).date(),
                observed=number(detail["observed"], 1),
                expected=number(detail["expected"], 2),
                threshold=number(detail["threshold"], 0),
            )
        )
    if "recurrence" in detail:
        said.append(render(detail["recurrence"]))
    rules_spoken = detail.get("rules") or []
    if len(rules_spoken) > 1:
        named = "; ".join(label(AlertKind(rule)) for rule in rules_spoken)
        said.append(_("Các quy tắc cùng báo: {rules}.", rules=named))
    return said
