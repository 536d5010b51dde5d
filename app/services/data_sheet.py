"""The data-protection sheet: every table and field, its purpose, legal basis, retention and who sees it.

Made from the tables of the database, the rights and the retention table, so that none of them can change
without it; what each field is for is written in ``app/data_sheet.toml``. ``python -m app.services.data_sheet``
writes ``docs/data-protection.md`` anew.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Any

from app.access import RIGHTS, Right
from app.config import ROOT
from app.services.purge import default_table
from app.text import label, render, speaking
from data.tables import Base
from geo.retention import Keeping
from geo.words import Role

SHEET = ROOT / "app" / "data_sheet.toml"
DOCUMENT = ROOT / "docs" / "data-protection.md"
#: What stands in "seen" where it is no right.
_SEEN_OTHERWISE = {"self": "chỉ tài khoản của chính mình", "none": "không hiện trên màn hình"}


@dataclass(frozen=True)
class Field:
    """A column and what it is for; ``purpose`` is None where nobody has written it yet."""

    name: str
    purpose: str | None


@dataclass(frozen=True)
class TableSheet:
    """A table: what it holds, why, by what law, how long, and who sees it."""

    name: str
    what: str
    purpose: str
    law: str
    kept: str
    seen: str
    fields: tuple[Field, ...]


@cache
def written() -> dict[str, Any]:
    """What is written about the tables by hand."""
    return tomllib.loads(SHEET.read_text(encoding="utf-8"))


def table_sheets() -> list[TableSheet]:
    """The sheet of every table, by name. Raises KeyError for a table that nobody has described."""
    return [_sheet(table, written()["tables"][name]) for name, table in sorted(Base.metadata.tables.items())]


def _sheet(table: Any, entry: dict[str, Any]) -> TableSheet:
    common, own = written()["common"], entry["columns"]
    fields = tuple(
        Field(column.name, own.get(column.name) or common.get(column.name)) for column in table.columns
    )
    law = written()["law"][entry["law"]]
    kept = "; ".join(_kept(key) for key in entry["kept"])
    return TableSheet(table.name, entry["what"], entry["purpose"], law, kept, _seen(entry["seen"]), fields)


def _kept(key: str) -> str:
    if key in written()["kept"]:
        return str(written()["kept"][key])
    rule = next(one for one in default_table().rules if one.key == Keeping(key))
    return f"{render(rule.what)}: {rule.months} tháng kể từ {render(rule.since)}"


def _seen(key: str) -> str:
    if key in _SEEN_OTHERWISE:
        return _SEEN_OTHERWISE[key]
    return ", ".join(label(role) for role in Role if Right(key) in RIGHTS[role])


_BEGINNING = """# Phiếu bảo vệ dữ liệu

Tệp này do lệnh `python -m app.services.data_sheet` tạo từ các bảng của cơ sở dữ liệu, bảng quyền và bảng
thời hạn lưu giữ mặc định; không sửa tay. Thời hạn cơ quan đã đặt và duyệt xem trên trang Dữ liệu và lưu giữ.

Hệ thống ghi về **địa điểm**, không ghi về người. Văn bản người dùng gõ hoặc nhập từ tệp được soát: số điện
thoại, số định danh, thư điện tử, biển số xe, tên người bị từ chối hoặc che. Bộ soát giúp người làm đúng,
không phải bằng chứng rằng không còn sót. Người xem còn bị giới hạn theo **địa bàn** của tài khoản. Người vận
hành máy chủ đọc được toàn bộ cơ sở dữ liệu. Bản sao lưu cũng phải hủy theo các thời hạn dưới đây.

## Các trường có ở mọi bảng
"""


def document() -> str:
    """The whole sheet as Markdown, in the language of record."""
    with speaking("vi"):
        return _document()


def _document() -> str:
    lines = [_BEGINNING, *_rows(written()["common"].items())]
    for sheet in table_sheets():
        own = [
            (field.name, field.purpose or "") for field in sheet.fields if field.name not in written()["common"]
        ]
        lines += [
            "",
            f"## {sheet.name}: {sheet.what}",
            "",
            f"- Mục đích: {sheet.purpose}",
            f"- Căn cứ: {sheet.law}",
            f"- Lưu giữ: {sheet.kept}",
            f"- Người xem: {sheet.seen}",
            "",
            *_rows(own),
        ]
    return "\n".join(lines) + "\n"


def _rows(fields: Any) -> list[str]:
    return ["| Trường | Để làm gì |", "|---|---|", *(f"| `{name}` | {purpose} |" for name, purpose in fields)]


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
