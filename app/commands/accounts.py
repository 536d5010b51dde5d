"""Commands of accounts of the office."""

from __future__ import annotations
