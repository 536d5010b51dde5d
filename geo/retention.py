"""How long what is kept (the office's retention table), and what is held back although its time is over."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

import pandas as pd

from geo.errors import InputError
from geo.messages import Message, msg
from geo.words import SignalState

_LONGEST_MONTHS = 1200
#: Papers that wait for somebody else's answer.
_ASKING = ("transfer", "recommendation")


class Keeping(StrEnum):
    """What a rule of the table is about."""

    DISMISSED_SIGNALS = "dismissed_signals"
    CLOSED_SIGNALS = "closed_signals"
    POLICE_HANDOVERS = "police_handovers"
    PATROL_TEXTS = "patrol_texts"
    ALERT_REASONS = "alert_reasons"
    CASES = "cases"
    COMPLAINTS = "complaints"
    PLAN_DRAFTS = "plan_drafts"
    PLAN_VERSIONS = "plan_versions"
    SIGN_INS = "sign_ins"
    NOTICES = "notices"
    IMPORT_FILES = "import_files"


#: What each rule is about, and from when its months are counted.
_WHAT: dict[Keeping, tuple[Message, Message]] = {
    Keeping.DISMISSED_SIGNALS: (msg("nguồn tin không có căn cứ hoặc đã hủy"), msg("ngày xử lý xong")),
    Keeping.CLOSED_SIGNALS: (msg("nguồn tin đã xác minh hoặc đã chuyển"), msg("ngày xử lý xong")),
    Keeping.POLICE_HANDOVERS: (msg("lần chuyển ngay cho công an"), msg("giờ chuyển")),
    Keeping.PATROL_TEXTS: (msg("lời ghi khi tuần tra (lần tuần tra vẫn được đếm)"), msg("ngày tuần tra")),
    Keeping.ALERT_REASONS: (
        msg("lý do ghi ở cảnh báo đã kết thúc (kết luận vẫn được đếm)"),
        msg("ngày kết thúc cảnh báo"),
    ),
    Keeping.CASES: (msg("hồ sơ kiểm tra đã kết thúc: lần kiểm tra, phát hiện, giấy tờ"), msg("ngày kiểm tra")),
    Keeping.COMPLAINTS: (msg("khiếu nại, ý kiến phản đối điểm của cơ sở đã trả lời"), msg("ngày trả lời")),
    Keeping.PLAN_DRAFTS: (msg("lịch kiểm tra chưa duyệt hoặc đã bỏ"), msg("ngày cuối của lịch")),
    Keeping.PLAN_VERSIONS: (msg("bản cũ của lịch đã kết thúc"), msg("ngày cuối của lịch")),
    Keeping.SIGN_INS: (msg("phiên đăng nhập, khóa tạm theo địa chỉ mạng"), msg("giờ hết hạn")),
    Keeping.NOTICES: (msg("thông báo đã gửi"), msg("giờ gửi")),
    Keeping.IMPORT_FILES: (msg("tên tệp của lần nhập sổ (số liệu lần nhập vẫn còn)"), msg("ngày nhập")),
}


@dataclass(frozen=True)
class KeepingRule:
    """What is kept for ``months``; ``law``: its legal basis, as the table gives it."""

    key: Keeping
    months: int
    law: str

    @property
    def what(self) -> Message:
        """What the rule is about."""
        return _WHAT[self.key][0]

    @property
    def since(self) -> Message:
        """From when its months are counted."""
        return _WHAT[self.key][1]

    def cutoff(self, day: date) -> date:
        """What ended before this day has been kept long enough on ``day``."""
        before: date = (pd.Timestamp(day) - pd.DateOffset(months=self.months)).date()
        return before


@dataclass(frozen=True)
class RetentionTable:
    """The rules in their order."""

    rules: tuple[KeepingRule, ...]

    def with_months(self, months: Mapping[str, int]) -> RetentionTable:
        """The table with an office's own terms. Raises InputError for an unknown rule and an unlikely term."""
        for key, term in months.items():
            if key not in {rule.key for rule in self.rules}:
                raise InputError("unknown_rule", msg("Không có mục lưu giữ “{key}”.", key=key))
            _check_months(key, term)
        return RetentionTable(
            tuple(replace(rule, months=months.get(rule.key, rule.months)) for rule in self.rules)
        )

    @property
    def fingerprint(self) -> str:
        """Changes with any term, wording or legal basis: what was approved is this very table."""
        plain = [[rule.key, rule.months, rule.law] for rule in self.rules]
        return hashlib.sha256(json.dumps(plain, ensure_ascii=False).encode()).hexdigest()


def parse_retention(text: str, file: str = "retention.toml") -> RetentionTable:
    """The table of a configuration in TOML. Raises InputError that names what is missing or wrong."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(
            "bad_toml", msg("Tệp cấu hình không đúng dạng TOML: {cause}", cause=str(error)), file=file
        ) from error
    rules = []
    for key in Keeping:
        entry = document.pop(key.value, None)
        if not isinstance(entry, dict) or not isinstance(entry.get("law"), str):
            raise InputError("rule_missing", msg("Thiếu mục lưu giữ “{key}”.", key=key.value), file=file)
        _check_months(key.value, entry.get("months"))
        rules.append(KeepingRule(key, entry["months"], entry["law"]))
    if document:
        raise InputError(
            "unknown_rule", msg("Không có mục lưu giữ “{key}”.", key=next(iter(document))), file=file
        )
    return RetentionTable(tuple(rules))


def _check_months(key: str, months: object) -> None:
    if not isinstance(months, int) or isinstance(months, bool) or not 1 <= months <= _LONGEST_MONTHS:
        raise InputError(
            "bad_months", msg("{key}: số tháng từ {least} đến {most}.", key=key, least=1, most=_LONGEST_MONTHS)
        )


def held_inspections(
    inspections: pd.DataFrame, findings: pd.DataFrame, papers: pd.DataFrame, complaints: pd.DataFrame
) -> frozenset[str]:
    """Ids of checks that must stay: something of them is not at an end.

    A finding without an end, a fine without its payment, a transfer or recommendation without an answer after
    it, or an open complaint of the premises. All frames hold the events in force.
    """
    fines = papers[
        (papers["kind"] == "sanction") & papers["amount_vnd"].fillna(0).gt(0) & papers["paid_on"].isna()
    ]
    answered = papers[papers["kind"] == "answer"].groupby("inspection_id")["on_date"].max()
    asking = papers[papers["kind"].isin(_ASKING)]
    asking = asking[~(answered.reindex(asking["inspection_id"]).to_numpy() >= asking["on_date"].to_numpy())]
    closed = set(papers.loc[papers["kind"] == "closed", "finding_id"].dropna())
    open_findings = findings[findings["closed_on"].isna() & ~findings["id"].isin(closed)]
    complained = open_complaints(complaints)
    of_premises = inspections.loc[inspections["premises_id"].isin(complained), "id"]
    return frozenset(
        {*open_findings["inspection_id"], *fines["inspection_id"], *asking["inspection_id"], *of_premises}
    )


def open_complaints(complaints: pd.DataFrame) -> frozenset[str]:
    """Premises whose complaint has no answer yet."""
    return frozenset(complaints.loc[complaints["answered_on"].isna(), "premises_id"])


def held_signals(
    signals: pd.DataFrame, held: frozenset[str], inspections: pd.DataFrame, complaints: pd.DataFrame
) -> frozenset[str]:
    """Ids of signals about a premises with a check that must stay, or with an open complaint."""
    premises = set(inspections.loc[inspections["id"].isin(held), "premises_id"]) | open_complaints(complaints)
    return frozenset(signals.loc[signals["premises_id"].isin(premises), "id"])


def signal_rule(state: str, void: bool) -> Keeping | None:
    """The rule that a signal falls under, None while somebody still has it to handle."""
    if void or state == SignalState.UNFOUNDED:
        return Keeping.DISMISSED_SIGNALS
    if state in (SignalState.VERIFIED, SignalState.HANDED_OVER):
        return Keeping.CLOSED_SIGNALS
    return None
