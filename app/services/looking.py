"""Entries of the audit log that tell of looking only: signing in, reading, taking a file out."""

from __future__ import annotations

from enum import StrEnum

#: A file that a page made was taken out.
FILE_TAKEN = "file.take"
#: The log itself was taken out.
LOG_TAKEN = "audit.export"


class Looked(StrEnum):
    """What is watched over when it is looked at: once a day for each account, a single tip for each tip."""

    RANKING = "read.ranking"
    BORDERS = "read.borders"
    TIPS = "read.tips"
    TIP = "read.tip"
    CHANGES_OF_PLANS = "read.plan_changes"
    LOG = "read.log"


LOOKING = frozenset(
    {
        "sign_in", "sign_in.failed", "sign_in.refused", "sign_out", "session.end", "password.wrong",
        "second_factor.wrong", "account.end_sessions", "backup", "meeting.reveal", "plan.unannounced.read",
        "plan.unannounced.changes",
        "plan.unannounced.proposals", "plan.leak_signs", "premises.sheet", "export", FILE_TAKEN, LOG_TAKEN,
        *(one.value for one in Looked),
    }
)  # fmt: skip
