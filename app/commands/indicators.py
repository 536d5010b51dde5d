"""Commands of the plan's targets and what wards enter."""

from __future__ import annotations
