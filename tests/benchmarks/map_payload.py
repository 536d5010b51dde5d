"""What a map of many premises weighs and costs: ours beside one folium.Marker for each.

``python -m tests.benchmarks.map_payload [--json]`` prints JSON. folium's own markers are drawn for fewer points
and scaled in proportion, which favours them: their cost grows faster than their number.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import folium
from streamlit_folium import _get_feature_group_string

from layers.base import base_map
from layers.points import premises_layer, short_keys
from tests.unit.layers import made_up

SIZES = (5_000, 50_000)
MARKERS = 1_000


def measured(build: Callable[[int], folium.FeatureGroup], count: int) -> dict[str, float]:
    """Bytes and seconds from a frame of ``count`` premises to the script that the browser gets."""
    ground = base_map(made_up.units(), made_up.streets())
    began = time.perf_counter()
    script = _get_feature_group_string(build(count), ground)
    return {"bytes": len(script.encode()), "seconds": round(time.perf_counter() - began, 3)}


def main() -> None:
    """Measure and print."""
    frames = {count: made_up.premises(count) for count in (*SIZES, MARKERS)}

    def ours(count: int) -> folium.FeatureGroup:
        frame = frames[count]
        return premises_layer(frame, say=str, keys=short_keys(list(frame["id"])))

    def markers(count: int) -> folium.FeatureGroup:
        group = folium.FeatureGroup()
        for row in frames[count].itertuples():
            folium.Marker((row.geometry.y, row.geometry.x), tooltip=row.name).add_to(group)
        return group

    sample = measured(markers, MARKERS)
    document: dict[str, Any] = {"measured_markers": MARKERS, "sizes": []}
    for count in SIZES:
        scaled = {name: round(value * count / MARKERS, 1) for name, value in sample.items()}
        document["sizes"].append(
            {"points": count, "ours": measured(ours, count), "folium_marker_each_scaled": scaled}
        )
    print(json.dumps(document, indent=1))


if __name__ == "__main__":
    main()
