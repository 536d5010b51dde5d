"""Commands of reports and the packages that wards send."""

from __future__ import annotations
