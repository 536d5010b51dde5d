"""Words of the page of cases: kinds of task, how late something is, who a paper comes from or goes to."""

from __future__ import annotations

from datetime import date

from app.services.case_work import TaskKind
from app.text import _, label
from geo.words import CasePaperKind


def task_words() -> dict[TaskKind, str]:
    """What each kind of task is called."""
    return {
        TaskKind.DECISION: _("Quyết định chờ số"),
        TaskKind.MINUTES: _("Thiếu biên bản"),
        TaskKind.NOTICE: _("Thông báo kết quả"),
        TaskKind.RECORD: _("Lập biên bản, kiến nghị"),
        TaskKind.SANCTION: _("Chờ xử phạt"),
        TaskKind.PAYMENT: _("Chờ nộp phạt"),
        TaskKind.ANSWER: _("Chờ trả lời"),
        TaskKind.REMEDY: _("Đang khắc phục"),
        TaskKind.RECHECK: _("Cần phúc tra"),
        TaskKind.CLOSING: _("Chờ kết thúc"),
        TaskKind.LETTER: _("Phối hợp giáp ranh"),
        TaskKind.COMPLAINT: _("Khiếu nại"),
    }


def sentence(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]


def lateness(due_on: date | None, today: date) -> str:
    """How far off a day is, in words."""
    if due_on is None:
        return _("không định hạn")
    days = (due_on - today).days
    if days < 0:
        return _("muộn {n} ngày", n=-days)
    return _("hôm nay") if days == 0 else _("còn {n} ngày", n=days)


def body_word(kind: CasePaperKind) -> str | None:
    """What the office beside a paper is: who issued it, to whom it goes; None where none is asked for."""
    return {
        CasePaperKind.SANCTION: _("Cơ quan, chức vụ ra quyết định"),
        CasePaperKind.TRANSFER: _("Nơi nhận"),
        CasePaperKind.RECOMMENDATION: _("Nơi nhận"),
        CasePaperKind.ANSWER: _("Cơ quan trả lời"),
        CasePaperKind.RESULT_NOTICE: _("Cơ quan ban hành"),
        CasePaperKind.REMEDY_EXTENDED: _("Cơ quan cho gia hạn"),
    }.get(kind)


def due_word(kind: CasePaperKind) -> str | None:
    """What the day is that a paper sets; None where it sets none."""
    return {
        CasePaperKind.TRANSFER: _("Đề nghị trả lời trước ngày"),
        CasePaperKind.RECOMMENDATION: _("Đề nghị trả lời trước ngày"),
        CasePaperKind.REMEDY_EXTENDED: _("Hạn khắc phục mới"),
    }.get(kind)


def paper_word(kind: CasePaperKind) -> str:
    """A kind of paper at the beginning of a line."""
    return sentence(label(kind))
