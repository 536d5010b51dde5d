"""``python -m tests.benchmarks.register``: seconds to preview a register of 20,000 rows (limit 10 s).

The rows are made up: messy as offices write them, with a title, Vietnamese headers and personal columns.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import tempfile
import time
from pathlib import Path

from openpyxl import Workbook

from app.config import Settings
from app.services import database
from app.services.accounts import SYSTEM
from app.services.premises_import import PremisesRequest, import_premises
from tests.conftest import DEMO_DAY, opened

_TYPES = ("nhà nghỉ", "Khách sạn", "KARAOKE", "xoa bóp", "Nhà nghỉ ")
_STREETS = ("Quang Trung", "Trần Phú", "Tố Hữu", "Nguyễn Văn Lộc", "Phùng Hưng", "Ba La", "Văn Khê")


def write_register(path: Path, rows: int) -> None:
    """A workbook with so many made-up premises."""
    rng = random.Random(1)
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Danh sách")
    sheet.append(["DANH SÁCH CƠ SỞ (DỮ LIỆU GIẢ ĐỊNH)"])
    sheet.append(
        ["STT", "Tên cơ sở", "Chủ hộ", "Điện thoại", "Đ/c", "Loại hình", "Số phòng", "Số ĐKKD", "Ngày cấp"]
    )
    for k in range(1, rows + 1):
        street = rng.choice(_STREETS)
        address = f"Số {rng.randrange(1, 900)} ngõ {rng.randrange(1, 200)} {street}, Hà Đông"
        day = f"{rng.randrange(1, 29):02}/{rng.randrange(1, 13):02}/{rng.randrange(2010, 2026)}"
        name = f"Cơ sở giả định {street} {k}"
        kind, rooms = rng.choice(_TYPES), rng.randrange(3, 60)
        sheet.append([k, name, "Người Giả Định", "0900000000", address, kind, rooms, f"01H{k:07}", day])
    book.save(path)


def main() -> None:
    """Preview against the demonstration's register, print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=20_000)
    options.add_argument("--repeat", type=int, default=3)
    options.add_argument("--json", action="store_true", help="accepted for symmetry: the output is JSON")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data=Path(folder))
        database.initialise(settings, demo=True, as_of=DEMO_DAY)
        file = Path(folder) / "register.xlsx"
        write_register(file, given.rows)
        store, taken = opened(settings), []
        for _ in range(given.repeat):
            begun = time.perf_counter()
            done = import_premises(store, SYSTEM, PremisesRequest(file=file, dry_run=True))
            taken.append(time.perf_counter() - begun)
    figures = {"rows": done["read"], "would_add": done["added"], "seconds": round(statistics.median(taken), 2)}
    print(json.dumps({**figures, "runs": [round(t, 2) for t in taken], "limit_s": 10}, indent=2))


if __name__ == "__main__":
    main()
