"""What stands around and on a printed map: title, north, scale bar, footer; and its scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from matplotlib.patches import Polygon, Rectangle

from geo.messages import msg
from layers.legend import Section
from layers.print_legend import SIZES, draw_legend, wrap
from layers.print_sheet import INK, PALE, Box, Extent, Page, Sheet, width_mm

MARGIN_MM = 8.0
#: For what must not be overlooked.
WARNING = "#b2182b"
_TITLE_MM, _FOOTER_MM = 15.0, 9.0
_GAP_MM = 4.0
_SIDE_MM = {"A4": 62.0, "A3": 88.0}
_BAND_MM = {"A4": 52.0, "A3": 66.0}
#: Round scales, times a power of ten.
_SCALES = (1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 7.5, 8.0)
#: A single place is not drawn larger than this.
_LARGEST_SCALE = 2000.0
_BAR_LENGTHS = (1, 2, 5)


@dataclass(frozen=True)
class Titles:
    """What a printed map says of itself. ``made_on``: the day it was drawn. ``mark``: for whom it is, e.g.
    "Lưu hành nội bộ". ``demo``: all of it is made up, and it says so."""

    title: str
    subtitle: str = ""
    made_on: date | None = None
    mark: str = ""
    demo: bool = False


@dataclass(frozen=True)
class Rooms:
    """Where map and legend lie on the page; ``legend`` is None where there is none."""

    map: Box
    legend: Box | None


def rooms(page: Page, *, legend: bool) -> Rooms:
    """Map and legend side by side, or one above the other on an upright page."""
    wide = page.width_mm - 2 * MARGIN_MM
    low, high = MARGIN_MM + _FOOTER_MM, page.height_mm - MARGIN_MM - _TITLE_MM
    if not legend:
        return Rooms(Box(MARGIN_MM, low, wide, high - low), None)
    if page.landscape:
        side = _SIDE_MM[page.size]
        room = Box(MARGIN_MM, low, wide - side - _GAP_MM, high - low)
        return Rooms(room, Box(room.right + _GAP_MM, low, side, high - low))
    band = _BAND_MM[page.size]
    room = Box(MARGIN_MM, low + band + _GAP_MM, wide, high - low - band - _GAP_MM)
    return Rooms(room, Box(MARGIN_MM, low, wide, band))


def scale_for(extent: Extent, room: Box) -> float:
    """The largest round scale at which the ground (metres) fits the room with a little space around it."""
    west, south, east, north = extent
    needed = max((east - west) / room.width, (north - south) / room.height) * 1000.0 * 1.04
    power = 1.0
    while True:
        for step in _SCALES:
            scale = step * power
            if scale >= max(needed, _LARGEST_SCALE):
                return scale
        power *= 10.0


def bar_length(scale: float, room_mm: float) -> float:
    """The longest round number of metres that is at most ``room_mm`` long on the paper."""
    best, power = 1.0, 1.0
    while power * 1000.0 / scale <= room_mm:
        for step in _BAR_LENGTHS:
            if step * power * 1000.0 / scale <= room_mm:
                best = step * power
        power *= 10.0
    return best


def draw_frame(sheet: Sheet) -> None:
    """The line around the map."""
    frame = sheet.frame
    edge = Rectangle((frame.x, frame.y), frame.width, frame.height, edgecolor=INK, linewidth=0.8, zorder=40)
    edge.set_facecolor("none")
    sheet.axes.add_patch(edge)


def draw_scale(sheet: Sheet) -> None:
    """The scale bar in the lower left corner of the map, its length in metres of the ground."""
    frame = sheet.frame
    metres = bar_length(sheet.scale, min(50.0, frame.width / 4))
    length = metres * 1000.0 / sheet.scale
    text = sheet.tell(msg("Tỷ lệ 1:{scale}", scale=_grouped(sheet.scale)))
    _white(sheet, Box(frame.x, frame.y, max(length + 16.0, width_mm(text, 7) + 8.0), 12.0))
    x, y = frame.x + 4.0, frame.y + 6.5
    for part in range(4):
        piece = Rectangle((x + part * length / 4, y), length / 4, 1.2, edgecolor=INK, linewidth=0.6, zorder=31)
        piece.set(facecolor="#ffffff" if part % 2 else INK, gid="scale-bar")
        sheet.axes.add_patch(piece)
    for share in (0.0, 0.5, 1.0):
        mark = _distance(metres * share, metres, last=share == 1.0)
        sheet.text(x + share * length, y + 1.8, mark, 6.5, ha="center", va="bottom")
    sheet.text(x, y - 1.4, text, 7, va="top")


def draw_north(sheet: Sheet) -> None:
    """The arrow to the north in the upper right corner of the map."""
    frame = sheet.frame
    _white(sheet, Box(frame.right - 11.0, frame.top - 17.0, 11.0, 17.0))
    x, y = frame.right - 5.5, frame.top - 15.5
    for side, face in ((-3, "#ffffff"), (3, INK)):
        half = Polygon([(x, y + 2), (x + side, y), (x, y + 9)], closed=True, edgecolor=INK, linewidth=0.7)
        half.set(facecolor=face, zorder=31)
        sheet.axes.add_patch(half)
    sheet.text(x, y + 10.2, sheet.tell(msg("Bắc")), 7, bold=True, ha="center", va="bottom")


def draw_titles(sheet: Sheet, page: Page, titles: Titles) -> None:
    """Title and subtitle above the map, the mark to their right."""
    top, right = page.height_mm - MARGIN_MM, page.width_mm - MARGIN_MM
    whole = page.width_mm - 2 * MARGIN_MM
    room = whole
    if titles.mark:
        room -= width_mm(titles.mark, 9, bold=True) + 6
        sheet.text(right, top, titles.mark, 9, colour=WARNING, bold=True, ha="right", va="top")
    size = next((size for size in (15.0, 13.0, 11.0) if width_mm(titles.title, size, bold=True) <= room), 9.5)
    sheet.text(MARGIN_MM, top, _cut(titles.title, size, room, bold=True), size, bold=True, va="top")
    sheet.text(MARGIN_MM, top - 8.5, _cut(titles.subtitle, 9, whole), 9, colour=PALE, va="top")


def draw_footer(sheet: Sheet, page: Page, titles: Titles, credits: Sequence[str]) -> None:
    """The day, whether all is made up, and who holds rights in what is shown."""
    tell, parts = sheet.tell, []
    if titles.made_on is not None:
        parts.append(tell(msg("Ngày in: {day}", day=f"{titles.made_on:%d/%m/%Y}")))
    parts.append(tell(msg("Hệ tọa độ VN-2000 / UTM 48N")))
    y, right = MARGIN_MM + 1.0, page.width_mm - MARGIN_MM
    sheet.text(MARGIN_MM, y, " · ".join(parts), 7, colour=PALE)
    if titles.demo:
        made_up = tell(msg("DỮ LIỆU MINH HỌA: mọi cơ sở và sự việc đều là giả định"))
        sheet.text(MARGIN_MM, y + 4.0, made_up, 7.5, colour=WARNING, bold=True)
    sheet.text(right, y, " · ".join(credits), 7, colour=PALE, ha="right")


def draw_key(sheet: Sheet, box: Box, sections: Sequence[Section]) -> None:
    """The legend under its title."""
    title = sheet.tell(msg("Chú giải"))
    sheet.text(box.x, box.top, title, SIZES[0] + 1, bold=True, va="top")
    draw_legend(sheet, Box(box.x, box.y, box.width, box.height - 7.0), sections)


def _white(sheet: Sheet, box: Box) -> None:
    """Paper for what lies on the map, which no label covers."""
    paper = Rectangle((box.x, box.y), box.width, box.height, facecolor="#ffffff", alpha=0.85, zorder=30)
    paper.set_linewidth(0)
    sheet.axes.add_patch(paper)
    sheet.taken.append(box.grown(0.5))


def _cut(text: str, size: float, room: float, *, bold: bool = False) -> str:
    lines = wrap(text, size, room, bold=bold)
    return lines[0] if len(lines) == 1 else f"{lines[0]} …"


def _distance(metres: float, longest: float, *, last: bool) -> str:
    kilometres = longest >= 1000.0
    value = f"{metres / 1000.0 if kilometres else metres:g}".replace(".", ",")
    return value + ((" km" if kilometres else " m") if last else "")


def _grouped(scale: float) -> str:
    return f"{round(scale):,}".replace(",", ".")
