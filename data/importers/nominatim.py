"""Asking a Nominatim server for addresses that the loaded streets do not know, once a person allowed it.

Addresses go to whoever runs the server, so nothing else does: no name, no number of a paper, no personal data
that stood in the address. The server's rule of one request a second is kept across all imports of a process.
"""

from __future__ import annotations

import contextlib
import http.client
import urllib.parse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

import shapely
from geopy.exc import GeopyError
from geopy.extra.rate_limiter import RateLimiter
from geopy.geocoders import Nominatim
from geopy.location import Location

from data.importers.persons import without_personal_data
from geo.errors import InputError
from geo.messages import Message, msg

#: The most addresses that one import or one file sends: some minutes at one a second.
MOST_ASKED = 200
_TIMEOUT_S, _PAUSE_S = 10, 1.0
#: A server that fails so often in a row is out of reach: the person does not wait for the others.
_FAILURES_IN_A_ROW = 3
_LONGEST = 250
#: Classes of wards, quarters and the like, of which a point says no more than is known without the server.
_COARSE, _HOUSES = frozenset({"boundary", "place", "landuse"}), frozenset({"house", "houses"})
#: What a server that answers something else than it should makes geopy raise.
_FAILURES = (GeopyError, OSError, http.client.HTTPException, ValueError, TypeError, LookupError, AttributeError)


@dataclass(frozen=True)
class OnlineAnswers:
    """What a server said: ``points`` (lon, lat) by address as it was asked for.

    ``host``: who was asked; ``sent``: addresses that went there; ``failed``: of these without any answer;
    ``left``: addresses that were not sent any more.
    """

    host: str = ""
    points: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    sent: int = 0
    failed: int = 0
    left: int = 0

    @property
    def warnings(self) -> list[Message]:
        """What a person must know: how many addresses went to whom, and what came of it."""
        said = []
        if self.sent:
            said.append(
                msg(
                    "Đã gửi {n} địa chỉ đến máy chủ Nominatim {host}, tìm thêm được {found} vị trí.",
                    n=self.sent,
                    host=self.host,
                    found=len(self.points),
                )
            )
        if self.failed:
            said.append(msg("Máy chủ Nominatim không trả lời {n} địa chỉ.", n=self.failed))
        if self.left:
            said.append(msg("{n} địa chỉ chưa rõ vị trí không gửi đến máy chủ Nominatim.", n=self.left))
        return said


def ask(
    addresses: Sequence[str],
    url: str,
    area: shapely.Geometry,
    *,
    most: int = MOST_ASKED,
    progress: Callable[[float], None] | None = None,
) -> OnlineAnswers:
    """Ask the server at ``url`` for addresses inside ``area`` (EPSG:4326), each once and ``most`` of them.

    An answer outside ``area``, or of a whole ward or quarter, is refused. A failure leaves its address without
    a point; after some in a row nothing more is sent. In an empty ``area`` nothing is asked. ``progress`` is
    told how much is done, from 0 to 1. Raises InputError ``bad_url``.
    """
    host, geocode = _server(url).hostname or "", _geocoder(url)
    sendable = {one: text for one in dict.fromkeys(addresses) if (text := _text(one))}
    if area.is_empty or not sendable:
        return OnlineAnswers(host)
    west, south, east, north = area.bounds
    points: dict[str, tuple[float, float]] = {}
    sent = failed = in_a_row = 0
    for address, text in list(sendable.items())[:most]:
        if in_a_row == _FAILURES_IN_A_ROW:
            break
        sent += 1
        try:
            found = geocode(
                text, country_codes="vn", viewbox=[(south, west), (north, east)], bounded=True, language="vi"
            )
            point = _point(found, area)
        except _FAILURES:
            failed, in_a_row = failed + 1, in_a_row + 1
            continue
        in_a_row = 0
        if point is not None:
            points[address] = point
        if progress is not None:
            progress(sent / min(most, len(sendable)))
    return OnlineAnswers(host, points, sent, failed, len(sendable) - sent)


@cache
def _geocoder(url: str) -> RateLimiter:
    """One for each server, kept: imports at the same time share its pause."""
    parts = _server(url)
    server = Nominatim(
        scheme=parts.scheme, domain=parts.netloc + parts.path, user_agent="dia-ban", timeout=_TIMEOUT_S
    )
    # No second try: it would send the address again, and geopy would write it to the log.
    return RateLimiter(server.geocode, min_delay_seconds=_PAUSE_S, max_retries=0, swallow_exceptions=False)


def _server(url: str) -> urllib.parse.SplitResult:
    with contextlib.suppress(ValueError):
        parts = urllib.parse.urlsplit(url)
        if parts.scheme in {"http", "https"} and parts.hostname:
            return parts
    raise InputError(
        "bad_url",
        msg("Địa chỉ máy chủ Nominatim không hợp lệ: {url}", url=url),
        hint=msg("Đặt DIABAN_NOMINATIM_URL dạng https://máy-chủ, hoặc bỏ trống để không hỏi."),
    )


def _text(address: str) -> str:
    return without_personal_data(" ".join(address.split()))[:_LONGEST]


def _point(found: Location | None, area: shapely.Geometry) -> tuple[float, float] | None:
    if found is None or (found.raw.get("class") in _COARSE and found.raw.get("type") not in _HOUSES):
        return None
    lonlat = (float(found.longitude), float(found.latitude))
    return lonlat if area.covers(shapely.Point(lonlat)) else None
