"""Entries of the audit log that tell of looking only: signing in, reading, taking a file out."""

from __future__ import annotations

#: A file that a page made was taken out.
FILE_TAKEN = "file.take"
LOOKING = frozenset(
    {
        "sign_in", "sign_in.failed", "sign_in.refused", "plan.unannounced.read", "plan.unannounced.changes",
        "plan.unannounced.proposals", "plan.leak_signs", "premises.sheet", "export", FILE_TAKEN,
    }
)  # fmt: skip
