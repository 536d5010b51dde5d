"""A Nominatim server is asked only when it is allowed, only for what was not found, only about addresses."""

from __future__ import annotations

import json
import threading
import time
import urllib.parse
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import shapely

from app.cli import main
from app.config import Settings
from app.services.locate import locate_file
from app.services.premises_import import PremisesRequest, import_premises, preview_premises
from data.importers import nominatim
from data.importers.nominatim import OnlineAnswers, ask
from data.repositories.frames import add_rows
from data.store import Actor, Store
from data.tables import Street, Unit
from geo.errors import InputError
from tests.services.test_import_premises import TITLES, row, stored
from tests.unit.data.register_files import workbook

AREA = shapely.box(105.7, 20.9, 105.8, 21.0)
INSIDE, OUTSIDE = {"lon": "105.75", "lat": "20.96"}, {"lon": "105.85", "lat": "21.03"}
DAY = date(2026, 3, 1)


class NominatimServer:
    """What is answered, by the beginning of an address, and what was asked. All of it is made up."""

    def __init__(self) -> None:
        self.places: dict[str, dict[str, str]] = {"12 Phố Lạ": INSIDE | {"class": "highway", "type": "street"}}
        self.status = 200
        self.body: bytes | None = None
        self.asked: list[dict[str, str]] = []
        self.paths: list[str] = []
        self.agents: list[str] = []
        self.times: list[float] = []
        self.url = ""

    @property
    def addresses(self) -> list[str]:
        return [question["q"] for question in self.asked]

    def answer(self, address: str) -> bytes:
        if self.body is not None:
            return self.body
        found = [place for name, place in self.places.items() if address.startswith(name)]
        return json.dumps([{"display_name": "x"} | place for place in found]).encode()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[NominatimServer]:
    """The server, asked without pauses."""
    monkeypatch.setattr(nominatim, "_PAUSE_S", 0.0)
    told = NominatimServer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urllib.parse.urlsplit(self.path)
            told.times.append(time.monotonic())
            told.paths.append(parts.path)
            told.asked.append(dict(urllib.parse.parse_qsl(parts.query)))
            told.agents.append(self.headers["User-Agent"])
            body = told.answer(told.asked[-1]["q"])
            self.send_response(told.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            return

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.url = f"http://127.0.0.1:{http.server_address[1]}/geo/"
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield told
    http.shutdown()
    http.server_close()
    thread.join()


@pytest.fixture
def district(empty_store: Store, operator: Actor) -> Store:
    """One ward with one street."""
    line = shapely.LineString([(105.71, 20.95), (105.79, 20.95)])
    ward = {"id": "u1", "code": "09556", "name": "Phường Hà Đông", "valid_from": date(2025, 7, 1)}
    with empty_store.write(operator) as work:
        add_rows(work, Unit, [ward | {"geom": shapely.MultiPolygon([AREA])}])
        add_rows(work, Street, [{"id": "s1", "name": "Phố Giả Định", "street_class": "main", "geom": line}])
    return empty_store


def unplaced(number: int, address: str, **changed: Any) -> list[Any]:
    return row(number, address=address, lat=None, lon=None, **changed)


@pytest.fixture
def register(tmp_path: Path) -> Path:
    """A premises with coordinates, one on the loaded street, and two that only a server may know."""
    rows = [
        row(1, address="1 Phố Có Tọa Độ"),
        unplaced(2, "Số 2 Phố Giả Định"),
        unplaced(3, "12 Phố Lạ", ward=None),
        unplaced(4, "7 Phố Lạ Hơn, phường Hà Đông"),
    ]
    return workbook(tmp_path / "register.xlsx", [TITLES, *rows])


def test_without_the_setting_nothing_is_sent(
    district: Store, operator: Actor, register: Path, server: NominatimServer
) -> None:
    assert Settings(data=register.parent).nominatim_url is None
    done = import_premises(district, operator, PremisesRequest(register))
    assert done["located"] == {"given": 1, "house": 0, "street": 1, "ward": 1, "none": 1}
    assert server.asked == []
    assert not any("Nominatim" in warning for warning in done["warnings"])


def test_only_addresses_that_were_not_found_are_asked_for(
    district: Store, operator: Actor, register: Path, server: NominatimServer
) -> None:
    done = import_premises(district, operator, PremisesRequest(register, nominatim_url=server.url))
    assert server.addresses == ["12 Phố Lạ", "7 Phố Lạ Hơn, phường Hà Đông"]
    assert done["located"] == {"given": 1, "house": 0, "street": 2, "ward": 1, "none": 0}
    third = stored(district, operator)[2]
    assert (third.geom.x, third.geom.y, third.location_quality) == (105.75, 20.96, "street")
    assert any("Đã gửi 2 địa chỉ" in warning and "127.0.0.1" in warning for warning in done["warnings"])


def test_nothing_but_the_address_goes_out(
    district: Store, operator: Actor, tmp_path: Path, server: NominatimServer
) -> None:
    told = unplaced(1, "12 Phố Lạ (ông Nguyễn Văn Mẫu, ĐT 0912345678)", name="Nhà nghỉ Kín", ward=None)
    file = workbook(tmp_path / "register.xlsx", [TITLES, told])
    import_premises(district, operator, PremisesRequest(file, nominatim_url=server.url))
    (question,) = server.asked
    assert question.keys() == {"q", "format", "limit", "countrycodes", "viewbox", "bounded", "accept-language"}
    assert (question["countrycodes"], question["bounded"]) == ("vn", "1")
    assert question["q"].startswith("12 Phố Lạ")
    sent = json.dumps(question, ensure_ascii=False)
    assert not any(word in sent for word in ("Mẫu", "0912345678", "Nhà nghỉ Kín"))
    assert (server.agents, server.paths) == (["dia-ban"], ["/geo/search"])


@pytest.mark.parametrize(
    ("status", "body"),
    [(500, b""), (429, b"{}"), (200, b"<html>"), (200, b'["x"]'), (200, b'[{"lat": "x", "lon": "y"}]'),
     (200, b'[{"lat": "NaN", "lon": "105"}]'), (200, b'{"error": "no"}'), (200, b"\xff\xfe"), (200, b"[{}]")],
)  # fmt: skip
def test_a_failing_server_changes_nothing(
    district: Store, operator: Actor, register: Path, server: NominatimServer, status: int, body: bytes
) -> None:
    server.status, server.body = status, body
    done = import_premises(district, operator, PremisesRequest(register, nominatim_url=server.url))
    assert done["located"] == {"given": 1, "house": 0, "street": 1, "ward": 1, "none": 1}
    assert (done["added"], len(server.asked)) == (4, 2)
    assert any("không trả lời 2 địa chỉ" in warning for warning in done["warnings"])


def test_a_server_out_of_reach_is_soon_left_alone(server: NominatimServer) -> None:
    server.status = 503
    said = ask([f"{n} Phố Lạ" for n in range(9)], server.url, AREA)
    assert (said.points, said.sent, said.failed, said.left, len(server.asked)) == ({}, 3, 3, 6, 3)
    closed = ask(["12 Phố Lạ"], "http://127.0.0.1:9", AREA)
    assert (closed.points, closed.failed) == ({}, 1)


@pytest.mark.parametrize(
    "place",
    [OUTSIDE | {"class": "highway", "type": "street"}, INSIDE | {"class": "boundary", "type": "administrative"},
     INSIDE | {"class": "place", "type": "suburb"}],
    ids=["outside all units", "a ward", "a quarter"],
)  # fmt: skip
def test_an_answer_that_is_no_place_in_the_district_is_refused(
    server: NominatimServer, place: dict[str, str]
) -> None:
    server.places = {"12 Phố Lạ": place}
    said = ask(["12 Phố Lạ"], server.url, AREA)
    assert (said.points, said.sent, said.failed) == ({}, 1, 0)


def test_an_import_sends_a_bounded_number_and_each_address_once(server: NominatimServer) -> None:
    said = ask([f"{n % 6} Phố Lạ" for n in range(12)], server.url, AREA, most=4)
    assert server.addresses == ["0 Phố Lạ", "1 Phố Lạ", "2 Phố Lạ", "3 Phố Lạ"]
    assert (said.sent, said.left) == (4, 2)


def test_before_there_are_units_nothing_is_sent(server: NominatimServer) -> None:
    assert ask(["12 Phố Lạ"], server.url, shapely.Polygon()).sent == 0
    assert server.asked == []


def test_a_second_passes_between_two_questions(
    server: NominatimServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    ask(["1 Phố Lạ", "2 Phố Lạ"], server.url, AREA)
    # The second is between sendings; the first may arrive a little later than it was sent.
    assert server.times[1] - server.times[0] > 0.8


def test_what_was_asked_for_the_preview_is_not_asked_again(
    district: Store, operator: Actor, register: Path, server: NominatimServer
) -> None:
    request = PremisesRequest(register, nominatim_url=server.url)
    preview = preview_premises(district, operator, request)
    done = import_premises(district, operator, replace(request, online=preview.online))
    assert len(server.asked) == 2
    assert done["located"]["street"] == 2


@pytest.mark.parametrize("url", ["file:///etc/hosts", "nominatim", "http://", "http://[x"])
def test_a_wrong_setting_is_told_by_its_name(
    district: Store, operator: Actor, register: Path, url: str
) -> None:
    with pytest.raises(InputError) as refused:
        import_premises(district, operator, PremisesRequest(register, nominatim_url=url))
    assert refused.value.code == "bad_url"
    assert stored(district, operator) == []


def test_a_file_of_addresses_is_asked_for_only_when_allowed(
    district: Store, operator: Actor, tmp_path: Path, server: NominatimServer
) -> None:
    file = tmp_path / "a.csv"
    file.write_text("id;address\n1;Số 2 Phố Giả Định\n2;12 Phố Lạ\n3;7 Phố Lạ Hơn\n", encoding="utf-8")
    before = locate_file(district, operator, file, DAY)
    assert (before["counts"]["none"], before["warnings"], server.asked) == (2, [], [])
    done = locate_file(district, operator, file, DAY, nominatim_url=server.url)
    assert server.addresses == ["12 Phố Lạ", "7 Phố Lạ Hơn"]
    assert [row["quality"] for row in done["rows"]] == ["street", "street", "none"]
    found = done["rows"][1]
    assert (found["lon"], found["lat"], found["ward"], found["ward_name"]) == (
        105.75, 20.96, "09556", "Phường Hà Đông",
    )  # fmt: skip
    assert "Đã gửi 2 địa chỉ" in done["warnings"][0]


def test_a_file_is_located_before_there_are_units(
    empty_store: Store, operator: Actor, tmp_path: Path, server: NominatimServer
) -> None:
    file = tmp_path / "a.csv"
    file.write_text("address\n12 Phố Lạ\n", encoding="utf-8")
    done = locate_file(empty_store, operator, file, DAY, nominatim_url=server.url)
    assert (done["counts"]["none"], server.asked) == (1, [])


@pytest.mark.parametrize("command", [["locate"], ["import", "premises"]], ids=" ".join)
@pytest.mark.parametrize("allowed", [True, False])
def test_the_commands_ask_when_the_environment_allows_it(
    district: Store,
    register: Path,
    server: NominatimServer,
    monkeypatch: pytest.MonkeyPatch,
    command: list[str],
    allowed: bool,
) -> None:
    monkeypatch.delenv("DIABAN_NOMINATIM_URL", raising=False)
    if allowed:
        monkeypatch.setenv("DIABAN_NOMINATIM_URL", server.url)
    url = district.engine.url.render_as_string(hide_password=False)
    assert main([*command, str(register), "--json", "--db", url, "--as-of", DAY.isoformat()]) == 0
    assert ("12 Phố Lạ" in server.addresses) == allowed
    assert bool(server.asked) == allowed


def test_without_questions_there_is_nothing_to_tell() -> None:
    assert OnlineAnswers("example.org").warnings == []
