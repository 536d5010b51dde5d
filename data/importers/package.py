"""Reading a ward's package: whole, unchanged, of known form, without personal data; else refused in words."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from data.exporters.package import FORMAT, SECTIONS, VERSION, digest
from geo.errors import InputError, RuleError
from geo.messages import Message, msg
from geo.periods import parse_period
from geo.privacy import personal_data
from geo.review_words import Measure, TaskKind, TaskState

MOST_BYTES = 4_000_000
_MOST_DEPTH, _MOST_ENTRIES = 8, 5_000
_MOST_COUNT = 10_000_000_000_000
#: A string, also one that never ends, or a bracket outside of one; possessive, so that no file makes it slow.
_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[\]{}]', re.DOTALL)
_CODE, _KEY = re.compile(r"T\d\d[a-z]?"), re.compile(r"[a-z0-9_.:-]{1,80}")
_UNIT_CODE, _ID = re.compile(r"[0-9A-Za-z.-]{1,20}"), re.compile(r"[0-9A-Za-z_.:-]{1,64}")
_COMPARATORS = (">", ">=", "<=", "<", "==", "count")

#: Says whether a value fits its field.
Check = Callable[[Any], bool]


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST_COUNT


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= _MOST_COUNT


def _truth(value: Any) -> bool:
    return isinstance(value, bool)


def _day(value: Any) -> bool:
    return _parses(date.fromisoformat, value)


def _instant(value: Any) -> bool:
    return _parses(datetime.fromisoformat, value) and datetime.fromisoformat(value).tzinfo is not None


def _parses(parse: Callable[[str], Any], value: Any) -> bool:
    try:
        parse(value)
    except (TypeError, ValueError):
        return False
    return isinstance(value, str)


def _text(longest: int) -> Check:
    return lambda value: isinstance(value, str) and len(value) <= longest


def _like(pattern: re.Pattern[str]) -> Check:
    return lambda value: isinstance(value, str) and pattern.fullmatch(value) is not None


def _word(words: type[StrEnum]) -> Check:
    return lambda value: isinstance(value, str) and value in {word.value for word in words}


def _or_none(check: Check) -> Check:
    return lambda value: value is None or check(value)


_UNIT: dict[str, Check] = {
    "code": _like(_UNIT_CODE),
    "name": _text(120),
    "valid_from": _day,
    "valid_to": _or_none(_day),
}
_PERIOD: dict[str, Check] = {"text": _text(10), "first": _day, "last": _day}
_LISTS: dict[str, dict[str, Check]] = {
    "indicators": {
        "code": _like(_CODE),
        "numerator": _or_none(_whole),
        "denominator": _or_none(_whole),
        "value": _or_none(_number),
        "comparator": lambda value: value in _COMPARATORS,
        "target": _or_none(_number),
        "assigned": _truth,
        "met": _or_none(_truth),
    },
    "other": {"key": _like(_KEY), "value": _or_none(_whole)},
    "figures": {
        "id": _like(_ID),
        "measure": _word(Measure),
        "first_day": _day,
        "last_day": _day,
        "value": _or_none(_whole),
        "hidden": _truth,
        "body": _or_none(_text(40)),
        "document": _or_none(_text(200)),
        "note": _or_none(_text(600)),
    },
    "tasks": {
        "id": _like(_ID),
        "kind": _word(TaskKind),
        "title": _text(400),
        "owner": _text(200),
        "given_on": _day,
        "due_on": _or_none(_day),
        "state": _word(TaskState),
        "done_on": _or_none(_day),
        "value": _or_none(_whole),
        "document": _or_none(_text(200)),
        "note": _or_none(_text(1000)),
    },
}
#: What people typed; an id that a person chose is asked too.
_TYPED = frozenset({"name", "id", "body", "document", "note", "title", "owner"})
_MADE_ID = re.compile(r"[0-9a-f]{32}")


def read_package(file: Path) -> dict[str, Any]:
    """The package in a file. Raises InputError, or RuleError for personal data; nothing of it is repeated."""
    try:
        with file.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise _bad(
            "package_unreadable", msg("Không đọc được tệp {file}.", file=file.name), file.name
        ) from error
    return parse_package(content, file.name)


def parse_package(content: bytes, name: str) -> dict[str, Any]:
    """The package in the bytes of the file ``name``. Raises as ``read_package``."""
    document = _parsed(content, name)
    _check_head(document, name)
    _check_seal(document, name)
    _check_fields(document["unit"], _UNIT, "unit", name)
    _check_fields(document["period"], _PERIOD, "period", name)
    _check_period(document["period"], name)
    for field, check in (("as_of", _day), ("made_at", _instant)):
        if not check(document[field]):
            raise _wrong_field(field, name)
    for section, fields in _LISTS.items():
        rows = document[section]
        if not isinstance(rows, list):
            raise _wrong_field(section, name)
        if len(rows) > _MOST_ENTRIES:
            raise _too_large(name)
        for number, row in enumerate(rows):
            _check_fields(row, fields, f"{section}[{number}]", name)
        _check_once(rows, section, name)
    for number, row in enumerate(document["figures"]):
        if not document["period"]["first"] <= row["first_day"] <= row["last_day"] <= document["period"]["last"]:
            raise _wrong_field(f"figures[{number}].last_day", name)
    return document


def _parsed(content: bytes, name: str) -> dict[str, Any]:
    if len(content) > MOST_BYTES:
        raise _too_large(name)
    try:
        text = content.decode("utf-8-sig")
        if _depth(text) > _MOST_DEPTH:
            raise _bad("package_too_deep", msg("Tệp lồng quá nhiều lớp."), name)
        document = json.loads(text, object_pairs_hook=_once, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise _bad("package_unreadable", msg("Tệp {file} không phải gói số liệu.", file=name), name) from error
    if not isinstance(document, dict):
        raise _bad("package_unreadable", msg("Tệp {file} không phải gói số liệu.", file=name), name)
    return document


def _depth(text: str) -> int:
    """How many brackets stand open at most; the reader of JSON would run out of stack."""
    deepest = depth = 0
    for found in _BRACKETS.finditer(text):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(found[0], 0)
        deepest = max(deepest, depth)
        if deepest > _MOST_DEPTH:
            break
    return deepest


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({key for key, _ in pairs}) < len(pairs):
        raise ValueError("a key twice")
    return dict(pairs)


def _refuse(constant: str) -> Any:
    raise ValueError(constant)


def _check_head(document: Mapping[str, Any], name: str) -> None:
    if document.get("format") != FORMAT:
        raise _bad("package_unreadable", msg("Tệp {file} không phải gói số liệu.", file=name), name)
    if document.get("version") != VERSION:
        raise _bad(
            "package_version",
            msg("Gói số liệu có phiên bản khác; chương trình đọc được phiên bản {version}.", version=VERSION),
            name,
            msg("Cập nhật chương trình ở hai nơi lên cùng phiên bản rồi xuất lại gói."),
        )
    wanted = {"format", "version", *SECTIONS, "checksums", "checksum"}
    for field in sorted(wanted ^ document.keys()):
        raise _wrong_field(field, name)


def _check_seal(document: Mapping[str, Any], name: str) -> None:
    told = document["checksums"]
    if not isinstance(told, dict) or told.keys() != set(SECTIONS):
        raise _wrong_field("checksums", name)
    try:
        changed = [section for section in SECTIONS if told[section] != digest(document[section])]
        whole = digest({key: value for key, value in document.items() if key != "checksum"})
    except ValueError as error:
        # A number or a text that no JSON of ours holds.
        raise _bad("package_unreadable", msg("Tệp {file} không phải gói số liệu.", file=name), name) from error
    if changed or document["checksum"] != whole:
        where = ", ".join(changed) or "checksum"
        raise _bad(
            "package_changed",
            msg("Gói số liệu đã bị thay đổi sau khi xuất: mục {where}.", where=where),
            name,
            msg("Đề nghị phường gửi lại gói vừa xuất, không mở ra sửa."),
        )


def _check_fields(row: Any, fields: Mapping[str, Check], place: str, name: str) -> None:
    if not isinstance(row, dict):
        raise _wrong_field(place, name)
    for field in sorted(fields.keys() ^ row.keys()):
        raise _wrong_field(f"{place}.{str(field)[:40]}", name)
    for field, check in fields.items():
        value = row[field]
        if not check(value):
            raise _wrong_field(f"{place}.{field}", name)
        if field in _TYPED and value and not _MADE_ID.fullmatch(value) and personal_data(value):
            raise RuleError(
                "personal_data",
                msg("Gói số liệu: mục {where} có vẻ chứa thông tin cá nhân.", where=f"{place}.{field}"),
                hint=msg("Đề nghị phường bỏ phần đó trong hệ thống của mình rồi xuất lại gói."),
                file=name,
            )


def _check_period(period: Mapping[str, Any], name: str) -> None:
    written = parse_period(period["text"])
    if (written.first.isoformat(), written.last.isoformat()) != (period["first"], period["last"]):
        raise _wrong_field("period", name)


def _check_once(rows: list[dict[str, Any]], section: str, name: str) -> None:
    """A code, a key or an id stands once: what stands twice would be summed twice."""
    key = {"indicators": "code", "other": "key"}.get(section, "id")
    seen: set[str] = set()
    for number, row in enumerate(rows):
        if row[key] in seen:
            raise _wrong_field(f"{section}[{number}].{key}", name)
        seen.add(row[key])


def _wrong_field(place: str, name: str) -> InputError:
    return _bad("package_field", msg("Gói số liệu: mục {where} thiếu, thừa hoặc sai.", where=place[:100]), name)


def _too_large(name: str) -> InputError:
    return _bad("package_too_large", msg("Tệp lớn hơn một gói số liệu của phường."), name)


def _bad(code: str, message: Message, name: str, hint: Message | None = None) -> InputError:
    return InputError(code, message, hint=hint, file=name)
