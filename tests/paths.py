"""Where tests find real data that is never committed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED_DATA = Path(os.environ.get("DIABAN_REALDATA", ROOT.parent / "shared" / "data"))
REAL_DATA = SHARED_DATA / "real"
SAMPLES = SHARED_DATA / "samples"

needs_shared_data = pytest.mark.skipif(
    not SHARED_DATA.is_dir(), reason=f"real data not found at {SHARED_DATA}; set DIABAN_REALDATA"
)
