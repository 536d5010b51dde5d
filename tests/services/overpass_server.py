"""A small server that answers like Overpass, on the loopback: one made-up area, and every way to fail."""

from __future__ import annotations

import json
import threading
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

#: The area that the server knows, and what lies in it. Names, streets and houses are made up.
AREA, CITY = "Hà Đông", "Hà Nội"
WEST, MIDDLE, EAST, SOUTH, NORTH = 105.75, 105.77, 105.79, 20.95, 20.97


def corner(lon: float, lat: float) -> dict[str, float]:
    return {"lon": lon, "lat": lat}


def border(*points: tuple[float, float], role: str = "outer") -> dict[str, Any]:
    return {"type": "way", "ref": 1, "role": role, "geometry": [corner(*point) for point in points]}


def unit(number: int, name: str, *members: dict[str, Any], level: str = "6", **tags: str) -> dict[str, Any]:
    centre = {"type": "node", "ref": 2, "role": "admin_centre", "lon": MIDDLE, "lat": NORTH}
    told = {"boundary": "administrative", "admin_level": level, "name": name, "type": "boundary", **tags}
    return {"type": "relation", "id": number, "members": [centre, *members], "tags": told}


def street(number: int, name: str, *points: tuple[float, float], **tags: str) -> dict[str, Any]:
    told = {"highway": "residential", "name": name, **tags}
    return {
        "type": "way",
        "id": number,
        "nodes": [1, 2],
        "geometry": [corner(*p) for p in points],
        "tags": told,
    }


def place(number: int, lon: float, lat: float, **tags: str) -> dict[str, Any]:
    return {"type": "node", "id": number, "lon": lon, "lat": lat, "tags": tags}


#: Two wards whose outer borders are given in pieces and in either direction.
UNITS = [
    unit(
        101,
        "Phường Hà Đông",
        border((WEST, SOUTH), (MIDDLE, SOUTH), (MIDDLE, NORTH)),
        border((WEST, SOUTH), (WEST, NORTH), (MIDDLE, NORTH)),
        ref="09556",
        population="185205",
    ),
    unit(
        102,
        "Phường Kiến Hưng",
        border((EAST, NORTH), (MIDDLE, NORTH), (MIDDLE, SOUTH), (EAST, SOUTH), (EAST, NORTH)),
        ref="09552",
    ),
]
STREETS = [
    street(201, "Đường Quang Trung", (WEST, 20.96), (MIDDLE, 20.96), (EAST, 20.96)),
    street(202, "Phố Giả Định", (MIDDLE, SOUTH), (MIDDLE, 20.96), oneway="yes"),
    street(203, "Ngõ kín", (MIDDLE, 20.96), (MIDDLE, NORTH), access="private"),
]
PLACES = [
    place(301, 105.76, 20.96, amenity="karaoke_box", name="Karaoke Sao Mai",
          **{"addr:housenumber": "12", "addr:street": "Quang Trung", "phone": "0912 345 678"}),
    place(302, 105.78, 20.955, tourism="guest_house", name="Nhà nghỉ Hoa Sen (bà Trần Thị Bình)"),
    place(303, 105.781, 20.956, tourism="hotel", name="Hộ kinh doanh Nguyễn Văn An",
          **{"addr:street": "Phố Giả Định"}),
    place(304, 105.765, 20.965, amenity="cafe", name="Cà phê <b>Gió</b>", operator="Lê Văn Cường"),
    place(305, 105.766, 20.965, amenity="cafe"),
    place(306, 105.767, 20.965, leisure="dance", name="Lớp khiêu vũ", **{"dance:teaching": "yes"}),
    place(307, 105.768, 20.965, amenity="pharmacy", name="Nhà thuốc"),
    {"type": "way", "id": 308, "nodes": [1, 2, 3, 1], "center": corner(105.762, 20.958),
     "tags": {"building": "yes", "shop": "massage", "name": "Massage Hương Quê"}},
]  # fmt: skip


class OverpassServer:
    """What is served and what was asked. ``status``, ``body`` and ``delay_s`` make it fail."""

    def __init__(self) -> None:
        self.elements: list[dict[str, Any]] = [*UNITS, *STREETS, *PLACES]
        self.remark: str | None = None
        self.status = 200
        self.body: bytes | None = None
        self.delay_s = 0.0
        self.questions: list[str] = []
        self.url = ""

    def answer(self, question: str) -> bytes:
        """The made-up area for whoever asks for it by name; no area for any other name."""
        if self.body is not None:
            return self.body
        known = f"{AREA}$" in question and (f"{CITY}$" in question or "area.within" not in question)
        area = {"type": "area", "id": 3600000101, "tags": {"name": f"Phường {AREA}"}}
        document: dict[str, Any] = {
            "version": 0.6,
            "osm3s": {"timestamp_osm_base": "2026-11-01T00:00:00Z", "copyright": "ODbL"},
            "elements": [area, *self.elements] if known else [],
        }
        if self.remark:
            document["remark"] = self.remark
        return json.dumps(document, ensure_ascii=False).encode()


@contextmanager
def overpass_server() -> Iterator[OverpassServer]:
    """The server while the block runs."""
    told = OverpassServer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers["Content-Length"]))
            question = urllib.parse.parse_qs(sent.decode())["data"][0]
            told.questions.append(question)
            time.sleep(told.delay_s)
            body = told.answer(question)
            try:
                self.send_response(told.status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            except ConnectionError:
                # The client has lost its patience: that is what is tested.
                return

        def log_message(self, format: str, *args: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.url = f"http://127.0.0.1:{server.server_address[1]}/api/interpreter"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
