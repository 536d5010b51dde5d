"""Asking an Overpass server for wards, streets and places of a named area of OpenStreetMap; answers are kept.

A small client of our own and not OSMnx: that one needs a second server (Nominatim) to find the area, tries a
busy server again every 55 seconds without end instead of saying so, and keeps answers with all their tags,
telephone numbers and operators among them. Here only what is used is kept, without personal data.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import re
import tempfile
import unicodedata
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.importers.osm_elements import PLACE_TAGS, UNIT_LEVELS, Element, without_surplus
from data.importers.roads import CLASS_OF_HIGHWAY
from geo.errors import InputError, SurroundingsError
from geo.messages import Message, msg

PUBLIC_URL = "https://overpass-api.de/api/interpreter"
ATTRIBUTION = "© OpenStreetMap contributors, ODbL"

#: Seconds that the server may work on the answer, and those for the way there and back.
_WORKING_S, _UNDERWAY_S = 180, 15
#: Larger than all of Hà Nội; more is not a map of a district.
_LONGEST_ANSWER = 256_000_000
_BUSY = {429, 503, 504}
#: Letters, digits, blanks, hyphens and apostrophes: nothing that a query or a pattern could read as its own.
_NAME = re.compile(r"[^\W_](?:[^\W_]|[ '’-]){0,79}")
_KINDS = "Phường|Xã|Thị trấn|Đặc khu|Quận|Huyện|Thị xã|Thành phố|Tỉnh"


@dataclass(frozen=True)
class Answer:
    """What the map knows about an area.

    ``areas``: the names under which it was found; ``elements``: wards, streets and places, without surplus;
    ``data_of``: the instant of the map's state, as the server writes it; ``kept``: taken from the folder.
    """

    areas: tuple[str, ...]
    elements: tuple[Element, ...]
    data_of: str | None
    kept: bool


def fetch(
    area: str, *, url: str, cache: Path, refresh: bool = False, patience_s: float | None = None
) -> Answer:
    """Ask the server at ``url`` for an area such as "Hà Đông, Hà Nội"; several are parted by semicolons.

    An answer is kept in the folder ``cache`` and used again until ``refresh``. ``patience_s``: seconds without
    a word from the server after which it counts as out of reach.

    Raises
    ------
    InputError
        ``bad_area`` for what cannot be a name, ``unknown_area`` where the map knows no such area, ``bad_url``.
    SurroundingsError
        ``overpass_unreachable``, ``overpass_busy``, ``overpass_failed``, ``overpass_unreadable``,
        ``overpass_partial`` (the server gave up half way). Nothing is kept then.
    """
    question = query(area)
    if urllib.parse.urlsplit(url).scheme not in {"http", "https"}:
        raise InputError(
            "bad_url",
            msg("Địa chỉ máy chủ Overpass không hợp lệ: {url}", url=url),
            hint=msg("Đặt DIABAN_OVERPASS_URL dạng https://.../api/interpreter."),
        )
    file = cache / f"{hashlib.sha256((url + question).encode()).hexdigest()[:24]}.json"
    kept = None if refresh else _kept(file)
    if kept is not None:
        return kept
    answer = _answer(area, _document(_ask(url, question, patience_s or _WORKING_S + _UNDERWAY_S)))
    _keep(file, answer)
    return answer


def query(area: str) -> str:
    """The question in Overpass's language. Raises InputError ``bad_area``.

    The area is found by its name, with or without its kind ("Phường Hà Đông"), inside the last of the names
    that follow it. ``pivot`` gives the unit itself: its own border does not lie inside of it.
    """
    parts = [part for part in area.split(";") if part.strip()]
    if not parts:
        raise _bad_area(area)
    found = "".join(_find(part, f"a{number}") for number, part in enumerate(parts))
    union = " ".join(f".a{number};" for number in range(len(parts)))
    levels, roads = "|".join(map(str, UNIT_LEVELS)), "|".join(CLASS_OF_HIGHWAY)
    ward = f'["boundary"="administrative"]["admin_level"~"^({levels})$"]'
    places = "".join(f'nwr["{key}"~"^({"|".join(values)})$"](area.a);' for key, values in PLACE_TAGS.items())
    return (
        f"[out:json][timeout:{_WORKING_S}];\n{found}({union})->.a;\n.a out tags;\n"
        f"(rel(pivot.a){ward};rel{ward}(area.a););\nout geom;\n"
        f'way["highway"~"^({roads})$"](area.a);\nout geom;\n'
        f"({places});\nout center;\n"
    )


def _find(part: str, name: str) -> str:
    names = [unicodedata.normalize("NFC", " ".join(one.split())) for one in part.split(",")]
    if not all(_NAME.fullmatch(one) for one in names):
        raise _bad_area(part)
    tags = [f'["boundary"="administrative"]["name"~"^(({_KINDS}) )?{one}$",i]' for one in names]
    if len(tags) == 1:
        return f"area{tags[0]}->.{name};\n"
    return f"area{tags[-1]}->.within;\nrel{tags[0]}(area.within);\nmap_to_area->.{name};\n"


def _bad_area(area: str) -> InputError:
    return InputError(
        "bad_area",
        msg("“{area}” không phải tên một địa bàn.", area=area.strip()),
        hint=msg("Viết như “Hà Đông, Hà Nội”; nhiều địa bàn thì ngăn bằng dấu chấm phẩy."),
    )


def _ask(url: str, question: str, patience_s: float) -> bytes:
    request = urllib.request.Request(
        url, data=urllib.parse.urlencode({"data": question}).encode(), headers={"User-Agent": "DiaBan"}
    )
    try:
        with urllib.request.urlopen(request, timeout=patience_s) as response:
            body: bytes = response.read(_LONGEST_ANSWER + 1)
    except urllib.error.HTTPError as fault:
        fault.close()
        raise _refused(fault.code) from fault
    except (OSError, http.client.HTTPException, ValueError) as fault:
        raise SurroundingsError(
            "overpass_unreachable",
            msg("Không lấy được dữ liệu từ máy chủ Overpass {host}.", host=_host(url)),
            hint=msg(
                "Kiểm tra kết nối mạng rồi chạy lại, hoặc đặt DIABAN_OVERPASS_URL là máy chủ Overpass khác."
            ),
        ) from fault
    if len(body) > _LONGEST_ANSWER:
        raise _failed(
            "overpass_unreadable",
            msg("Máy chủ Overpass trả lời quá dài."),
            msg("Chọn địa bàn nhỏ hơn, chẳng hạn từng phường."),
        )
    return body


def _host(url: str) -> str:
    """The server without what may be a key: a user, a path, a question."""
    return urllib.parse.urlsplit(url).hostname or "-"


def _refused(status: int) -> SurroundingsError:
    if status in _BUSY:
        return _failed(
            "overpass_busy",
            msg("Máy chủ Overpass đang bận (HTTP {status}).", status=status),
            msg("Đợi vài phút rồi chạy lại, hoặc đặt DIABAN_OVERPASS_URL là máy chủ Overpass khác."),
        )
    return _failed(
        "overpass_failed",
        msg("Máy chủ Overpass từ chối yêu cầu (HTTP {status}).", status=status),
        msg("Kiểm tra DIABAN_OVERPASS_URL: địa chỉ phải kết thúc bằng /api/interpreter."),
    )


def _failed(code: str, message: Message, hint: Message) -> SurroundingsError:
    return SurroundingsError(code, message, hint=hint)


def _document(body: bytes) -> dict[str, Any]:
    """The answer, complete. An Overpass server that gives up says so inside of a well-formed answer."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as fault:
        raise _unreadable() from fault
    if not isinstance(document, dict) or not isinstance(document.get("elements"), list):
        raise _unreadable()
    if "error" in str(document.get("remark", "")).casefold():
        raise _failed(
            "overpass_partial",
            msg("Máy chủ Overpass dừng giữa chừng nên dữ liệu không đủ; không nhập gì."),
            msg("Chạy lại lúc khác, hoặc chọn địa bàn nhỏ hơn."),
        )
    return document


def _unreadable() -> SurroundingsError:
    return _failed(
        "overpass_unreadable",
        msg("Máy chủ trả lời không đúng dạng Overpass JSON."),
        msg("Kiểm tra DIABAN_OVERPASS_URL, hoặc thử máy chủ khác."),
    )


def _answer(area: str, document: dict[str, Any]) -> Answer:
    elements = [one for one in document["elements"] if isinstance(one, dict)]
    names = [_area_name(one) for one in elements if one.get("type") == "area"]
    if not names:
        raise InputError(
            "unknown_area",
            msg("Bản đồ OpenStreetMap không có địa bàn “{area}”.", area=area.strip()),
            hint=msg("Viết đủ dấu, kèm tỉnh hoặc thành phố, như “Hà Đông, Hà Nội”."),
        )
    told = document.get("osm3s")
    data_of = told.get("timestamp_osm_base") if isinstance(told, dict) else None
    return Answer(
        tuple(sorted(set(filter(None, names)))),
        tuple(without_surplus(elements)),
        str(data_of) if data_of else None,
        kept=False,
    )


def _area_name(element: dict[str, Any]) -> str:
    tags = element.get("tags")
    return str(tags.get("name", "")) if isinstance(tags, dict) else ""


def _kept(file: Path) -> Answer | None:
    """The answer that was kept; None where there is none or it cannot be read any more."""
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
        return Answer(tuple(document["areas"]), tuple(document["elements"]), document["data_of"], kept=True)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _keep(file: Path, answer: Answer) -> None:
    """Write whole or not at all."""
    document = {
        "attribution": ATTRIBUTION,
        "areas": answer.areas,
        "data_of": answer.data_of,
        "elements": answer.elements,
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as part:
            json.dump(document, part, ensure_ascii=False)
        os.replace(name, file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
