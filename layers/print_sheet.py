"""A sheet of paper to draw on: millimetres of paper, metres of ground, and the few strokes a map is made of.

matplotlib's objects are used without pyplot, so that nothing is shared between two drawings; text is never
read as mathematics, whatever signs a name holds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path as File
from typing import Any, Literal

import geopandas as gpd
import matplotlib
import numpy as np
import numpy.typing as npt
import shapely
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, get_font
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.patheffects import withStroke
from matplotlib.text import Text

from geo.messages import Message
from geo.shapes import Shapes, metric_shapes
from layers.legend import Section

#: Says a message in the language of the picture; ``str`` speaks Vietnamese.
Tell = Callable[[Message], str]
#: West, south, east, north in metres (EPSG:3405).
Extent = tuple[float, float, float, float]

POINTS_PER_MM = 72 / 25.4
INCH_MM = 25.4
INK, PALE = "#1f2933", "#5a6b7b"
#: The font that comes with matplotlib: it has all Vietnamese letters and is on every machine.
_FONTS = File(matplotlib.get_data_path()) / "fonts" / "ttf"
_FACES = {
    (False, False): _FONTS / "DejaVuSans.ttf",
    (True, False): _FONTS / "DejaVuSans-Bold.ttf",
    (False, True): _FONTS / "DejaVuSans-Oblique.ttf",
    (True, True): _FONTS / "DejaVuSans-BoldOblique.ttf",
}
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]+")
#: Geometries are cut off this far outside the frame, so that no stroke ends inside it.
_BEYOND_MM = 5.0


@dataclass(frozen=True)
class Page:
    """A sheet of paper as a printer takes it."""

    size: Literal["A4", "A3"] = "A4"
    orientation: Literal["landscape", "portrait"] = "landscape"

    @property
    def landscape(self) -> bool:
        """Wider than high."""
        return self.orientation == "landscape"

    @property
    def width_mm(self) -> float:
        """Width as it lies before the reader."""
        return max(self._sides) if self.landscape else min(self._sides)

    @property
    def height_mm(self) -> float:
        """Height as it lies before the reader."""
        return min(self._sides) if self.landscape else max(self._sides)

    @property
    def _sides(self) -> tuple[float, float]:
        return {"A4": (210.0, 297.0), "A3": (297.0, 420.0)}[self.size]


@dataclass(frozen=True)
class Box:
    """A rectangle on the paper in millimetres, ``x`` and ``y`` its lower left corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def top(self) -> float:
        """Its upper edge."""
        return self.y + self.height

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.x + self.width

    def grown(self, by: float) -> shapely.Polygon:
        """The rectangle with ``by`` millimetres more on each side."""
        return shapely.box(self.x - by, self.y - by, self.right + by, self.top + by)


@dataclass(frozen=True)
class Label:
    """A text that wants a place on the map: the first of ``spots`` (x, y in mm) where nothing else is.

    ``rank``: lower comes first. ``angle`` in degrees. ``soft``: it may lie on routes.
    """

    spots: Sequence[tuple[float, float]]
    text: str
    rank: float
    size: float
    colour: str = INK
    angle: float = 0.0
    bold: bool = False
    italic: bool = False
    soft: bool = False


@dataclass
class Sheet:
    """The paper while it is drawn on: ``axes`` counts millimetres, ``frame`` is where the map lies.

    ``west`` and ``south`` (metres, EPSG:3405) lie at the frame's lower left corner; the map is ``scale`` times
    smaller than the ground. ``labels`` find their place when all else is drawn; none covers ``taken``, and
    those that are not soft keep off ``ways`` too.
    """

    axes: Axes
    frame: Box
    west: float
    south: float
    scale: float
    tell: Tell = str
    labels: list[Label] = field(default_factory=list)
    taken: list[shapely.Geometry] = field(default_factory=list)
    ways: list[shapely.Geometry] = field(default_factory=list)

    def xy(self, metres: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Places in metres, shape (n, 2), as millimetres of paper."""
        corner = np.array([self.frame.x, self.frame.y])
        from_corner = (metres - (self.west, self.south)) * 1000.0 / self.scale
        placed: npt.NDArray[np.float64] = corner + from_corner
        return placed

    def shapes(self, frame: gpd.GeoDataFrame) -> Shapes:
        """The geometries of a frame in millimetres, cut to the map; None for one that is not on it."""
        return self.drawn(metric_shapes(frame))

    def drawn(self, metric: Shapes) -> Shapes:
        """Geometries in metres as they lie on the paper, cut to the map."""
        around = self.frame.grown(_BEYOND_MM).bounds
        moved = shapely.transform(metric, self.xy) if len(metric) else metric
        cut: Shapes = shapely.clip_by_rect(moved, *around)
        cut[shapely.is_missing(cut) | shapely.is_empty(cut)] = None
        return cut

    def inside(self, point: shapely.Point) -> bool:
        """Whether a point of the paper lies on the map."""
        return bool(self.frame.x <= point.x <= self.frame.right and self.frame.y <= point.y <= self.frame.top)

    def add(self, artist: Artist) -> None:
        """Draw something of the map, cut off at its frame."""
        frame = self.frame
        corners = [(frame.x, frame.y), (frame.right, frame.y), (frame.right, frame.top), (frame.x, frame.top)]
        self.axes.add_artist(artist)
        artist.set_clip_path(Path([*corners, corners[0]]), self.axes.transData)

    def lines(self, shapes: Iterable[Any], colour: str, width_mm: float, **look: Any) -> None:
        """Lines, and the outlines of areas."""
        paths = [
            np.asarray(part.coords)
            for shape in shapes
            if shape is not None
            for part in _strokes(shape)
            if len(part.coords) > 1
        ]
        if paths:
            look = {"capstyle": "round", "joinstyle": "round"} | look
            strokes = LineCollection(paths, colors=colour, linewidths=width_mm * POINTS_PER_MM, **look)
            self.add(strokes)

    def areas(self, shapes: Iterable[Any], **look: Any) -> None:
        """Areas with their holes, each a patch of its own with one look; widths in points as matplotlib's."""
        for shape in shapes:
            rings = [
                _ring(ring)
                for part in (shapely.get_parts(shape) if shape is not None else ())
                if isinstance(part, shapely.Polygon)
                for ring in (part.exterior, *part.interiors)
            ]
            if rings:
                self.add(PathPatch(Path.make_compound_path(*rings), **look))

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        *,
        colour: str = INK,
        bold: bool = False,
        italic: bool = False,
        ha: Literal["left", "center", "right"] = "left",
        va: Literal["top", "center_baseline", "bottom"] = "center_baseline",
        angle: float = 0.0,
        halo: float = 0.0,
        cut: bool = False,
        zorder: float = 45,
    ) -> None:
        """A text at a place of the paper; ``halo``: millimetres of white around its letters, ``cut``: off at
        the frame of the map."""
        words = Text(x, y, plain(text), color=colour, fontproperties=font(size, bold=bold, italic=italic))
        words.set_parse_math(False)
        words.set(ha=ha, va=va, rotation=angle, rotation_mode="anchor", zorder=zorder)
        if halo:
            stroke = withStroke(linewidth=2 * halo * POINTS_PER_MM, foreground="#ffffff", alpha=0.85)
            words.set_path_effects([stroke])
        if cut:
            self.add(words)
        else:
            self.axes.add_artist(words)


@dataclass(frozen=True)
class PrintLayer:
    """One kind of thing on a printed map.

    ``paint`` draws it; ``legend`` says what its colours mean, for what is on the map; ``credit`` names who
    holds rights in it; ``reach``: its places, in metres, where a map that is asked for nothing else goes.
    """

    paint: Callable[[Sheet], None]
    legend: tuple[Section, ...] = ()
    credit: str = ""
    reach: Sequence[Any] = ()


def blank(page: Page) -> tuple[Figure, Axes]:
    """An empty page whose axes count millimetres from its lower left corner."""
    figure = Figure(figsize=(page.width_mm / INCH_MM, page.height_mm / INCH_MM), facecolor="#ffffff")
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_axis_off()
    axes.set_xlim(0, page.width_mm)
    axes.set_ylim(0, page.height_mm)
    axes.set_autoscale_on(False)
    return figure, axes


def font(size: float, *, bold: bool = False, italic: bool = False) -> FontProperties:
    """The map's font in points."""
    return FontProperties(fname=str(_FACES[bold, italic]), size=size)


def plain(text: object) -> str:
    """The text in one line, without what no font can draw."""
    return " ".join(_UNPRINTABLE.sub(" ", str(text)).split())


def width_mm(text: str, size: float, *, bold: bool = False) -> float:
    """How long a text in one line is on the paper."""
    return _width_at_10(plain(text), bold) * size / 10.0


@lru_cache(maxsize=8192)
def _width_at_10(text: str, bold: bool) -> float:
    face = get_font(str(_FACES[bold, False]))
    face.set_size(10.0, 72.0)
    face.set_text(text, 0.0)
    width, _ = face.get_width_height()
    return float(width) / 64.0 / POINTS_PER_MM


def _strokes(shape: Any) -> list[shapely.LineString]:
    lines = []
    for part in shapely.get_parts(shape):
        if isinstance(part, shapely.Polygon):
            lines += [part.exterior, *part.interiors]
        elif isinstance(part, shapely.LineString):
            lines.append(part)
        elif hasattr(part, "geoms"):
            lines += _strokes(part)
    return lines


def _ring(ring: shapely.LinearRing) -> Path:
    return Path(np.asarray(ring.coords), closed=True)
