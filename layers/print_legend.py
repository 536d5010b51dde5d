"""The legend of a printed map: as large as its room allows, in columns, cut off with a word when too long."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from matplotlib.lines import Line2D
from matplotlib.patches import Circle, Polygon, Rectangle

from geo.messages import msg
from layers.legend import Entry, Section
from layers.print_sheet import POINTS_PER_MM, Box, Sheet, width_mm

#: Type sizes in points, the first that fits is taken.
SIZES = (9.0, 8.0, 7.0, 6.0)
#: A column is at least this wide at 9 points.
_COLUMN_MM = 52.0
#: Space for the sign, and between columns.
_SIGN_MM, _GAP_MM = 8.0, 4.0
_LEADING = 1.35


@dataclass(frozen=True)
class _Line:
    """A line of text, with the sign of its entry where it is the first of one."""

    text: str
    letters: float
    space: float = 0.0
    entry: Entry | None = None
    bold: bool = False
    #: The next line has to stand in the same column.
    holds_next: bool = False

    @property
    def height(self) -> float:
        """With the space above it."""
        return self.letters + self.space


def draw_legend(sheet: Sheet, box: Box, sections: Sequence[Section]) -> None:
    """Write the sections into a box of the paper."""
    for size in SIZES:
        columns = _columns(box, size)
        lines = list(_lines(sections, size, _column_width(box, columns)))
        flow = _flow(lines, box.height, columns)
        if len(flow) == len(lines):
            break
    for line, column, down in _told(sheet, flow, lines, size):
        x = box.x + column * (_column_width(box, columns) + _GAP_MM)
        _write(sheet, line, x, box.top - down - line.space - line.letters / 2, size)


def _columns(box: Box, size: float) -> int:
    return max(1, int((box.width + _GAP_MM) // (_COLUMN_MM * size / SIZES[0] + _GAP_MM)))


def _column_width(box: Box, columns: int) -> float:
    return (box.width - (columns - 1) * _GAP_MM) / columns


def _lines(sections: Sequence[Section], size: float, width: float) -> Iterator[_Line]:
    height = size / POINTS_PER_MM * _LEADING
    for number, section in enumerate(sections):
        # Some space above every section but the first.
        space = 0.5 * height if number else 0.0
        for text in wrap(section.title, size, width, bold=True) if section.title else ():
            yield _Line(text, height, space, bold=True, holds_next=True)
            space = 0.0
        for entry in section.entries:
            indent = _SIGN_MM if entry.look else 0.0
            wrapped = wrap(entry.text, size, width - indent)
            for at, text in enumerate(wrapped):
                last = at == len(wrapped) - 1
                sign = entry if at == 0 else Entry(entry.look and " ", "", "")
                yield _Line(text, height, space, sign, holds_next=not last)
                space = 0.0


def wrap(text: str, size: float, width: float, *, bold: bool = False) -> list[str]:
    """The text in lines of at most ``width`` millimetres; a word that is longer stands alone."""
    lines: list[str] = []
    for word in text.split() or [""]:
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_mm(longer, size, bold=bold) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _flow(lines: Sequence[_Line], height: float, columns: int) -> list[tuple[_Line, int, float]]:
    """Each line with its column and how far down it begins, as many as there is room for."""
    placed: list[tuple[_Line, int, float]] = []
    column, down = 0, 0.0
    for number, line in enumerate(lines):
        together = line.height
        while lines[number].holds_next and number + 1 < len(lines):
            number += 1
            together += lines[number].height
        if down and down + together > height:
            column, down = column + 1, 0.0
        if column >= columns or down + line.height > height:
            break
        placed.append((line, column, down))
        down += line.height
    return placed


def _told(
    sheet: Sheet, flow: list[tuple[_Line, int, float]], lines: Sequence[_Line], size: float
) -> list[tuple[_Line, int, float]]:
    """The lines that fit; where some do not, the last says so."""
    left = len(lines) - len(flow)
    if not left or not flow:
        return flow
    text = sheet.tell(msg("… và {n} dòng nữa", n=left + 1))
    last, column, down = flow[-1]
    return [*flow[:-1], (_Line(text, last.letters, last.space), column, down)]


def _write(sheet: Sheet, line: _Line, x: float, y: float, size: float) -> None:
    entry = line.entry
    indent = _SIGN_MM if entry is not None and entry.look else 0.0
    sheet.text(x + indent, y, line.text, size, bold=line.bold)
    if entry is not None and entry.look.strip():
        _sign(sheet, entry, x + _SIGN_MM / 2 - 1, y, size)


def house(x: float, y: float) -> list[tuple[float, float]]:
    """The corners of a small house, the sign of a team's base."""
    outline = ((-1.3, -1.3), (1.3, -1.3), (1.3, 0.2), (0.0, 1.6), (-1.3, 0.2))
    return [(x + right, y + up) for right, up in outline]


def _sign(sheet: Sheet, entry: Entry, x: float, y: float, size: float) -> None:
    """The sign of an entry, as the map draws it, centred on a place of the paper."""
    axes, high, colour = sheet.axes, size / POINTS_PER_MM, entry.colour
    if entry.look in ("dot", "ring"):
        face = colour if entry.look == "dot" else "#ffffff"
        edge = "#ffffff" if entry.look == "dot" else colour
        axes.add_patch(Circle((x, y), 0.38 * high, facecolor=face, edgecolor=edge, linewidth=1.2))
    elif entry.look == "cross":
        axes.add_line(Line2D([x], [y], marker="x", markersize=0.7 * size, markeredgewidth=1.6, color=colour))
    elif entry.look in ("sign", "stop"):
        axes.add_patch(Circle((x, y), 0.55 * high, facecolor=colour, edgecolor="#ffffff", linewidth=0.6))
        sheet.text(x, y, entry.sign, 0.75 * size, colour="#ffffff", bold=True, ha="center")
    elif entry.look == "base":
        axes.add_patch(Polygon(house(x, y), closed=True, facecolor=colour))
    elif entry.look in ("area", "hatch"):
        box = Rectangle((x - 2.4, y - 0.35 * high), 4.8, 0.7 * high, edgecolor=colour, linewidth=0.8)
        box.set(facecolor="none", hatch="//////") if entry.look == "hatch" else box.set(facecolor=colour)
        axes.add_patch(box)
    else:
        line = Line2D([x - 2.6, x + 2.6], [y, y], color=colour, linewidth=1.8)
        line.set_linestyle((0, (4, 2)) if entry.look == "dashed" else "-")
        axes.add_line(line)
