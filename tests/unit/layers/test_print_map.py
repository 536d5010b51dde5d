"""The map on paper: true to scale, complete without internet, silent about what is not announced."""

from __future__ import annotations

import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta
from io import BytesIO
from itertools import pairwise
from typing import Any

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely
from matplotlib.figure import Figure
from matplotlib.font_manager import get_font
from matplotlib.patches import PathPatch, Polygon, Rectangle
from matplotlib.text import Text
from PIL import Image

from geo.crs import LONLAT
from geo.messages import Message
from layers.legend import Entry, Section
from layers.print_furniture import Titles, bar_length, scale_for
from layers.print_ground import (
    print_alerts,
    print_hotspots,
    print_premises,
    print_streets,
    print_strips,
    print_units,
)
from layers.print_labels import footprint, place_labels, spread
from layers.print_map import compose, draw_map, plan_map, team_map
from layers.print_routes import STOP_MM, announced, numbered, print_routes, print_sweeps
from layers.print_sheet import Box, Page, PrintLayer, font
from tests.paths import ROOT
from tests.unit.layers import made_up

TITLES = Titles("Lịch kiểm tra tuần 49", "6 đội, 55 lượt", date(2026, 11, 24), "Lưu hành nội bộ", demo=True)
PAGES = [Page("A4", "landscape"), Page("A4", "portrait"), Page("A3", "landscape"), Page("A3", "portrait")]
FIRST = datetime(2026, 12, 1, 14, 0)
MAGENTA = (255, 0, 255)


def visits() -> gpd.GeoDataFrame:
    """Ten stops of two teams on two days, one of them unannounced."""
    frame = made_up.visits()
    days = [FIRST + timedelta(days=i // 6, minutes=45 * i) for i in range(len(frame))]
    kinds = ["unannounced" if i == 7 else "planned" for i in range(len(frame))]
    return frame.assign(arrive=days, on_date=[day.date() for day in days], kind=kinds)


def routes() -> gpd.GeoDataFrame:
    """The way of each team on each of its days."""
    stops = visits()
    rows = [(team, day, list(rows.geometry)) for (team, day), rows in stops.groupby(["team", "on_date"])]
    lines = [shapely.LineString(points) for _, _, points in rows]
    frame = {"team": [row[0] for row in rows], "on_date": [row[1] for row in rows]}
    return gpd.GeoDataFrame(frame, geometry=lines, crs=LONLAT)


def sweep(team: str) -> gpd.GeoDataFrame:
    """A joint sweep of a stretch of the border between two wards."""
    when = datetime(2026, 12, 4, 19, 0)
    row = {"starts": [when], "ends": [when + timedelta(minutes=90)], "teams": [[team]]}
    return gpd.GeoDataFrame(row, geometry=[made_up.strips().geometry.iloc[0]], crs=LONLAT)


def everything() -> list[PrintLayer]:
    return [
        print_units(made_up.units()),
        print_streets(made_up.streets()),
        print_strips(made_up.strips()),
        print_hotspots(made_up.hotspots()),
        print_premises(made_up.premises(60)),
        print_alerts(made_up.alerts()),
        print_routes(numbered(visits()), routes()),
    ]


def ground(**more: Any) -> dict[str, Any]:
    return {"units": made_up.units(), "streets": made_up.streets(), **more}


def texts(figure: Figure) -> list[str]:
    return [artist.get_text() for artist in figure.findobj(Text) if artist.get_text()]


def bar(figure: Figure) -> tuple[float, float]:
    """Where the scale bar begins and how long it is, in millimetres of paper."""
    pieces = [one for one in figure.findobj(Rectangle) if one.get_gid() == "scale-bar"]
    first = min(piece.get_x() for piece in pieces)
    return first, max(piece.get_x() + piece.get_width() for piece in pieces) - first


def bar_metres(figure: Figure) -> float:
    """What the scale bar says it is long."""
    (last,) = [text for text in texts(figure) if text.endswith((" m", " km")) and text[0].isdigit()]
    value, unit = last.split(" ")
    return float(value.replace(",", ".")) * (1000 if unit == "km" else 1)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.size} {page.orientation}")
def test_the_scale_bar_is_as_long_as_the_ground_it_measures(page: Page) -> None:
    figure, sheet = compose(page, TITLES, everything())
    metres, (_, length) = bar_metres(figure), bar(figure)
    here = (made_up.WEST + made_up.SIZE, made_up.SOUTH + made_up.SIZE)
    for bearing in (0, 45, 90):
        lon, lat, _ = pyproj.Geod(ellps="WGS84").fwd(*here, bearing, metres)
        line = sheet.shapes(gpd.GeoDataFrame(geometry=[shapely.LineString([here, (lon, lat)])], crs=LONLAT))[0]
        # The grid of the maps of Vietnam shortens by 4 parts in 10,000 at most.
        assert line.length == pytest.approx(length, rel=5e-4)
    assert length == pytest.approx(metres * 1000 / sheet.scale)
    assert f"Tỷ lệ 1:{sheet.scale:,.0f}".replace(",", ".") in texts(figure)


def test_what_the_bar_measures_is_that_long_in_the_picture() -> None:
    figure, _ = compose(Page(), TITLES, [print_units(made_up.units())])
    metres, (_, length) = bar_metres(figure), bar(figure)
    west = (made_up.WEST + made_up.SIZE / 2, made_up.SOUTH + made_up.SIZE)
    lon, lat, _ = pyproj.Geod(ellps="WGS84").fwd(*west, 90, metres)
    line = gpd.GeoDataFrame(geometry=[shapely.LineString([west, (lon, lat)])], crs=LONLAT)
    layer = PrintLayer(
        lambda sheet: sheet.lines(sheet.shapes(line), "#ff00ff", 0.5, capstyle="butt", zorder=50)
    )
    picture = draw_map(Page(), TITLES, [print_units(made_up.units()), layer], form="png", dpi=300)
    pixels = np.asarray(Image.open(BytesIO(picture)).convert("RGB"))
    drawn = np.flatnonzero((pixels == MAGENTA).all(axis=2).any(axis=0))
    assert drawn.max() - drawn.min() + 1 == pytest.approx(length / 25.4 * 300, abs=3)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.size} {page.orientation}")
def test_a_page_has_the_size_that_the_printer_takes(page: Page) -> None:
    picture = Image.open(BytesIO(draw_map(page, TITLES, everything(), form="png", dpi=100)))
    assert picture.width == pytest.approx(page.width_mm / 25.4 * 100, abs=1)
    assert picture.height == pytest.approx(page.height_mm / 25.4 * 100, abs=1)
    assert (page.width_mm > page.height_mm) == (page.orientation == "landscape")
    paper = draw_map(page, TITLES, everything())
    assert paper.startswith(b"%PDF")
    box = paper[paper.index(b"/MediaBox") :].split(b"[")[1].split(b"]")[0].split()
    assert [round(float(side) / 72 * 25.4) for side in box[2:]] == [page.width_mm, page.height_mm]


def test_a_page_says_what_when_for_whom_by_whose_streets_and_that_it_is_made_up() -> None:
    streets = made_up.streets().assign(source="đường phố © OpenStreetMap contributors (ODbL)")
    told = texts(compose(Page(), TITLES, [print_units(made_up.units()), print_streets(streets)])[0])
    for words in ("Lịch kiểm tra tuần 49", "6 đội, 55 lượt", "Lưu hành nội bộ", "Bắc"):
        assert words in told
    assert "© OpenStreetMap contributors" in told
    assert any("24/11/2026" in text for text in told)
    assert any("MINH HỌA" in text for text in told)
    plain = texts(compose(Page(), Titles("Bản đồ"), [print_streets(made_up.streets())])[0])
    assert not any("©" in text or "MINH HỌA" in text or "Ngày in" in text for text in plain)


def test_the_legend_explains_what_is_on_the_map_and_nothing_else() -> None:
    told = texts(compose(Page("A3"), TITLES, everything())[0])
    for words in ("Chú giải", "karaoke", "đang phức tạp", "cao nhất", "Đội Mộ Lao", "cảnh báo đang mở"):
        assert words in told
    only_bars = made_up.premises(5).assign(type="bar", status="active")
    told = texts(compose(Page(), TITLES, [print_premises(only_bars)])[0])
    assert "quán bar" in told
    assert "karaoke" not in told
    assert "tạm ngừng" not in told
    by_risk = texts(compose(Page(), TITLES, [print_premises(made_up.premises(5), colour_by="risk")])[0])
    assert "80 - 100 điểm" in by_risk
    bare = texts(compose(Page(), TITLES, [print_units(made_up.units())])[0])
    assert "Chú giải" not in bare


def test_a_legend_that_is_too_long_says_so() -> None:
    entries = [
        Entry("stop", "#0062a3", f"14:00 Cơ sở có một cái tên khá dài số {n}", str(n)) for n in range(400)
    ]
    told = texts(compose(Page(), TITLES, [], sections=[Section("01/12/2026", entries)])[0])
    (cut,) = [text for text in told if text.startswith("… và")]
    shown = sum(text.startswith("14:00") for text in told)
    assert 0 < shown < 400
    assert int("".join(filter(str.isdigit, cut))) >= 400 - shown


def test_all_vietnamese_letters_can_be_drawn_on_every_machine() -> None:
    letters = "ăâđêôơưĂÂĐÊÔƠƯàáãèéìíòóõùúýÀÁÃÈÉÌÍÒÓÕÙÚÝĩũĨŨ" + "".join(map(chr, range(0x1EA0, 0x1EFA)))
    for bold in (False, True):
        for italic in (False, True):
            file = font(10, bold=bold, italic=italic).get_file()
            assert "matplotlib" in str(file)
            known = get_font(str(file)).get_charmap()
            assert not [letter for letter in letters + "!?○✓↻–·©" if ord(letter) not in known]


@pytest.mark.parametrize("name", ["Karaoke $x^2$ & <b>", "$\\frac{", "a\nb\tc", "\ufffe \x00 lạ", "%s {n}"])
def test_any_name_is_drawn_as_text(name: str) -> None:
    units, spots = made_up.units().assign(name=name), made_up.hotspots().assign(name=name)
    stops, ways = visits().assign(team=name, name=name), routes().assign(team=name)
    sweeps = sweep(name)
    shown = {"visits": stops, "routes": ways, "units": units, "streets": made_up.streets().assign(name=name)}
    for form in ("pdf", "png"):
        assert team_map(Page(), Titles(name, name), name, **shown, sweeps=sweeps, form=form, dpi=50)
    layers = [print_units(units), print_hotspots(spots)]
    figure, _ = compose(Page(), Titles(name, name), layers)
    wanted = " ".join(name.replace("\ufffe", " ").replace("\x00", " ").split())
    assert wanted in texts(figure)
    assert not any(artist.get_parse_math() for artist in figure.findobj(Text) if artist.get_text())


def test_no_internet_is_asked_for_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: Any) -> None:
        raise AssertionError("a map on paper needs no network")

    monkeypatch.setattr(socket.socket, "connect", refused)
    monkeypatch.setattr(socket, "getaddrinfo", refused)
    assert plan_map(Page(), TITLES, visits=visits(), routes=routes(), **ground())


def test_drawings_share_no_state_and_come_out_the_same() -> None:
    code = "import sys, layers.print_map; sys.exit('matplotlib.pyplot' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0

    def drawn(page: Page) -> bytes:
        return plan_map(page, TITLES, visits=visits(), routes=routes(), **ground())

    alone = [drawn(page) for page in PAGES[:2]]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(drawn, PAGES[:2] * 2)) == alone * 2


def test_the_plan_on_paper_is_the_same_as_if_the_unannounced_visit_did_not_exist() -> None:
    stops, ways = visits(), routes()
    secret = stops[stops["kind"] == "unannounced"].iloc[0]
    without = stops[stops["kind"] != "unannounced"]
    leads_there = (ways["team"] == secret["team"]) & (ways["on_date"] == secret["on_date"])
    assert leads_there.sum() == 1
    shown = plan_map(Page(), TITLES, visits=stops, routes=ways, **ground())
    assert shown == plan_map(Page(), TITLES, visits=without, routes=ways[~leads_there], **ground())
    only = stops.assign(
        team=[
            "Đội A" if kind == "unannounced" else team
            for kind, team in zip(stops["kind"], stops["team"], strict=True)
        ]
    )
    assert plan_map(Page(), TITLES, visits=only, routes=ways, **ground()) == plan_map(
        Page(), TITLES, visits=without, routes=ways, **ground()
    )


def test_only_the_team_itself_gets_its_unannounced_visit_when_asked_for() -> None:
    stops, ways = visits(), routes()
    team = stops.loc[stops["kind"] == "unannounced", "team"].iloc[0]
    public, open_ways = announced(stops, ways)
    usual = team_map(Page(), TITLES, team, visits=stops, routes=ways, **ground())
    assert usual == team_map(Page(), TITLES, team, visits=public, routes=open_ways, **ground())
    assert usual != team_map(Page(), TITLES, team, visits=stops, routes=ways, with_unannounced=True, **ground())
    other = next(name for name in set(stops["team"]) if name != team)
    theirs = team_map(Page(), TITLES, other, visits=stops, routes=ways, with_unannounced=True, **ground())
    assert theirs == team_map(Page(), TITLES, other, visits=public, routes=open_ways, **ground())


def test_stops_are_numbered_through_all_days_of_a_team() -> None:
    shown = numbered(visits())
    for _, own in shown.groupby("team"):
        assert own["number"].tolist() == list(range(1, len(own) + 1))
        assert own.sort_values("number")["arrive"].is_monotonic_increasing


def test_numbers_do_not_lie_on_each_other() -> None:
    place = np.array([[50.0, 50.0]] * 7 + [[52.0, 50.0], [90.0, 90.0]])
    moved = spread(place, 2 * STOP_MM)
    for row, one in enumerate(moved):
        others = np.delete(moved, row, axis=0)
        assert np.hypot(*(others - one).T).min() > 2 * STOP_MM * 0.98
    assert moved[-1].tolist() == [90.0, 90.0]
    assert np.hypot(*(moved - place).T).max() < 15
    assert spread(np.empty((0, 2)), 4).shape == (0, 2)


def test_no_label_covers_another_or_a_stop() -> None:
    _, sheet = compose(Page(), TITLES, everything())
    shown = [footprint(label, x, y) for label, x, y in place_labels(sheet)]
    assert len(shown) > 5
    for number, one in enumerate(shown):
        assert not any(one.intersects(other) for other in (*shown[:number], *sheet.taken))


def test_arrows_point_where_the_team_drives() -> None:
    for ends in (((105.75, 20.97), (105.79, 20.97)), ((105.79, 20.97), (105.75, 20.97))):
        way = gpd.GeoDataFrame({"team": ["Đội"]}, geometry=[shapely.LineString(ends)], crs=LONLAT)
        stops = numbered(visits().head(0))
        figure, _ = compose(Page(), TITLES, [print_routes(stops, way)])
        arrows = [shape.get_xy() for shape in figure.findobj(Polygon) if shape.get_zorder() == 7]
        assert len(arrows) >= 2
        eastward = ends[0][0] < ends[1][0]
        for tip, *tail in (corners[:3] for corners in arrows):
            assert all((tip[0] > corner[0]) == eastward for corner in tail)


def test_a_joint_sweep_is_hatched_and_told() -> None:
    layers = [print_units(made_up.units()), print_sweeps(sweep("Mộ Lao"))]
    figure, _ = compose(Page(), TITLES, layers)
    assert any(shape.get_hatch() for shape in figure.findobj(PathPatch))
    assert "Mộ Lao" in " ".join(texts(figure))
    assert "04/12, 19:00 - 20:30" in texts(figure)


def test_a_team_sees_its_own_joint_sweeps_only() -> None:
    stops, ways = visits(), routes()
    team, other = sorted(set(stops["team"]))
    without = team_map(Page(), TITLES, team, visits=stops, routes=ways, **ground())
    assert without == team_map(Page(), TITLES, team, visits=stops, routes=ways, **ground(sweeps=sweep(other)))
    assert without != team_map(Page(), TITLES, team, visits=stops, routes=ways, **ground(sweeps=sweep(team)))


def test_what_has_no_place_at_all_is_a_map_all_the_same() -> None:
    nothing = {"visits": visits().head(0), "routes": routes().head(0)}
    empty = {"units": made_up.units().head(0), "streets": made_up.streets().head(0)}
    assert plan_map(Page(), TITLES, **nothing, **empty).startswith(b"%PDF")
    nowhere = visits()
    nowhere.loc[:, "geometry"] = None
    assert plan_map(Page(), TITLES, visits=nowhere, routes=routes(), **ground()).startswith(b"%PDF")


def test_one_single_place_is_not_drawn_larger_than_life() -> None:
    room = Box(0, 0, 200, 150)
    assert scale_for((5e5, 2.3e6, 5e5, 2.3e6), room) == 2000
    for one, next_one in pairwise(
        scale_for((0, 0, size, size), room) for size in (500, 5_000, 50_000, 500_000)
    ):
        assert one < next_one
    assert bar_length(50_000, 50) == 2000
    assert bar_length(2000, 10) == 20


def test_all_that_has_to_be_seen_is_on_the_map() -> None:
    for page in PAGES:
        _, sheet = compose(page, TITLES, everything(), view=[visits(), routes()])
        assert all(sheet.inside(shape) for shape in sheet.shapes(visits()))


def test_closed_premises_are_crossed_out_and_suspended_ones_hollow() -> None:
    told = []
    for status in ("active", "suspended", "closed"):
        layer = print_premises(made_up.premises(1).assign(status=status, type="hotel"))
        told.append(draw_map(Page(), replace(TITLES, title="Cơ sở"), [layer]))
    assert len(set(told)) == 3


def test_another_language_gets_its_own_words() -> None:
    def tell(message: Message) -> str:
        return f"[{message}]"

    figure, _ = compose(Page(), TITLES, [print_premises(made_up.premises(5), tell=tell)], tell=tell)
    assert "[Chú giải]" in texts(figure)
    assert "[karaoke]" in texts(figure)
