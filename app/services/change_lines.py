"""What changed at a premises, line by line as a person reads it: field, old value, new value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.services.edits import FIELD_WORDS
from app.services.premises_file import nobodys_number
from geo.messages import Message, msg
from geo.word_texts import word_text
from geo.words import LicenceKind, LocationQuality, PremisesStatus, PremisesType

_WORDS = FIELD_WORDS | {
    "point": msg("vị trí"),
    "location_quality": msg("nguồn vị trí"),
    "registration_hash": msg("số đăng ký là số định danh"),
}
_KINDS = {
    "type": PremisesType,
    "location_quality": LocationQuality,
    "status": PremisesStatus,
    "kind": LicenceKind,
}
_DAYS = frozenset(name for name in FIELD_WORDS if name.endswith("_on")) | {"term_until"}
_BESIDE = frozenset({"papers", "status"})
_UNTOLD = frozenset({"id", "premises_id", "version"})
#: An identity number leaves only a hash, which says nothing to a person.
_HIDDEN = msg("có, không hiển thị")


@dataclass(frozen=True)
class Line:
    """A field that changed; None where nothing stood or stands. ``field`` is its stable name."""

    field: str
    what: Message
    old: Any
    new: Any


def change_lines(
    before: Mapping[str, Any] | None, after: Mapping[str, Any] | None, *, shows_grounds: bool
) -> tuple[Line, ...]:
    """The lines of a stored change. ``shows_grounds``: the reader may see why a premises is held complex."""
    old, new = before or {}, after or {}
    fields = [name for name in _WORDS if (name in old or name in new) and name not in _BESIDE]
    lines = [_line(name, old.get(name), new.get(name)) for name in fields]
    if not shows_grounds:
        lines = [line for line in lines if line.field != "complex_grounds"]
    lines += _paper_lines(old.get("papers", {}), new.get("papers", {}))
    for status, side in ((old.get("status"), "old"), (new.get("status"), "new")):
        if status is not None:
            told = msg(
                "{status} từ {date}",
                status=word_text(PremisesStatus(status["status"])),
                date=date.fromisoformat(status["on_date"]),
            )
            lines.append(Line("status", _WORDS["status"], *((told, None) if side == "old" else (None, told))))
    return tuple(line for line in lines if line.old != line.new or line.field == "registration_hash")


def _line(name: str, old: Any, new: Any) -> Line:
    return Line(name, _WORDS[name], readable(name, old), readable(name, new))


def readable(name: str, value: Any) -> Any:
    """A stored value as it may be shown: days and words as such, a point as "lat, lon", no identity number."""
    if value is None or value == "":
        return None
    if name == "registration_hash":
        return _HIDDEN
    if name in ("registration_number", "number"):
        return nobodys_number(value) or _HIDDEN
    if name == "point":
        return f"{value[1]:.5f}, {value[0]:.5f}"
    if name in _DAYS:
        return date.fromisoformat(value)
    return _KINDS[name](value) if name in _KINDS else value


def _paper_lines(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Line]:
    for paper_id in {**old, **new}:
        before, after = old.get(paper_id, {}), new.get(paper_id, {})
        kind = after.get("kind") or before.get("kind")
        for name in {**before, **after}:
            if name in _UNTOLD or name == "kind":
                continue
            line = _line(name, before.get(name), after.get(name))
            paper = word_text(LicenceKind(kind)) if kind else msg("giấy tờ")
            what = msg("{paper}: {field}", paper=paper, field=line.what)
            yield Line(f"paper.{name}", what, line.old, line.new)
