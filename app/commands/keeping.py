"""Commands of backup, restore, the doctor, the purge."""

from __future__ import annotations
