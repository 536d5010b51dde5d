"""The file of ``plan --teams``: which teams take part and with which hours.

A JSON object by team id or name, for instance
``{"Đội 178 phường Hà Đông": {"shift_start": "18:00", "shift_end": "23:30", "max_visits": 4}}``; teams that are
not named do not take part.
"""

from __future__ import annotations

import json
from datetime import time
from pathlib import Path
from typing import Any

from geo.errors import InputError
from geo.messages import Message, msg

_FIELDS = ("shift_start", "shift_end", "max_visits")
_MOST_VISITS = 50


def read_team_file(path: Path) -> dict[str, dict[str, Any]]:
    """Changes by team id or name. Raises InputError naming the file, the team and the field."""
    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise _refused(path, msg("Không đọc được tệp {file} (JSON).", file=path.name)) from error
    if not isinstance(document, dict) or not all(isinstance(entry, dict) for entry in document.values()):
        raise _refused(path, msg("Tệp {file} cần một đối tượng JSON theo tên đội.", file=path.name))
    return {team: _changes(path, team, entry) for team, entry in document.items()}


def _changes(path: Path, team: str, entry: dict[str, Any]) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    for name, value in entry.items():
        if name not in _FIELDS:
            what = msg(
                "{team}: không có mục {field}; các mục là {known}.",
                team=team,
                field=name,
                known=", ".join(_FIELDS),
            )
            raise _refused(path, what)
        read = _visits(value) if name == "max_visits" else _time(value)
        if read is None:
            raise _refused(path, msg("{team}: giá trị của {field} không hợp lệ.", team=team, field=name))
        changes[name] = read
    return changes


def _visits(value: Any) -> int | None:
    whole = isinstance(value, int) and not isinstance(value, bool)
    return value if whole and 0 <= value <= _MOST_VISITS else None


def _time(value: Any) -> time | None:
    try:
        return time.fromisoformat(str(value))
    except ValueError:
        return None


def _refused(path: Path, what: Message) -> InputError:
    hint = msg("Xem ví dụ trong README, mục “Lập lịch từ dòng lệnh”.")
    return InputError("bad_team_file", what, file=str(path), hint=hint)
