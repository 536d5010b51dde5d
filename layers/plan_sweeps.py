"""Joint sweeps of a plan: the stretch of border, hatched to both sides."""

from __future__ import annotations

import folium
import geopandas as gpd
import shapely

from geo.crs import LONLAT, METRIC
from layers.compact import placed, shape
from layers.routes import Tell
from layers.script import layer

SWEEP_COLOUR = "#7b1fa2"


def sweeps_layer(sweeps: gpd.GeoDataFrame, *, tell: Tell, width_m: float = 150.0) -> folium.FeatureGroup:
    """Hatched strips ``width_m`` to each side; a click picks ("sweep", segment_id).

    ``sweeps``: columns segment_id, geometry (the stretch of border). ``tell`` gives the tooltip's lines.
    """
    shown = placed(sweeps)
    strips: list[shapely.Geometry] = []
    if len(shown):
        strips = list(shown.geometry.to_crs(METRIC).buffer(width_m, cap_style="flat").to_crs(LONLAT))
    rows = [
        {"id": row.segment_id, "shape": shape(strip), "lines": list(tell(row))}
        for row, strip in zip(shown.itertuples(), strips, strict=True)
    ]
    return layer("sweeps", {"kind": "sweep", "colour": SWEEP_COLOUR, "rows": rows})
