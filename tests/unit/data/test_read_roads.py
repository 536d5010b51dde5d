"""Road files become streets: class, name and direction as OpenStreetMap means them."""

from __future__ import annotations

import bz2
import gzip
from pathlib import Path

import geopandas as gpd
import osmium
import pytest
import shapely

from data.importers.roads import read_roads
from geo.errors import InputError
from geo.roads import build_network

OSM = """<?xml version="1.0"?><osm version="0.6" generator="test">
<node id="1" lat="20.970" lon="105.770"/><node id="2" lat="20.971" lon="105.771"/>
<node id="3" lat="20.972" lon="105.772"/><node id="4" lat="20.973" lon="105.770"/>
<way id="10"><nd ref="1"/><nd ref="2"/><tag k="highway" v="primary"/><tag k="name" v="Quang Trung"/></way>
<way id="11"><nd ref="2"/><nd ref="3"/><tag k="highway" v="residential"/><tag k="oneway" v="-1"/></way>
<way id="12"><nd ref="3"/><nd ref="4"/><tag k="highway" v="service"/><tag k="oneway" v="yes"/></way>
<way id="13"><nd ref="1"/><nd ref="4"/><tag k="highway" v="footway"/></way>
<way id="14"><nd ref="1"/><nd ref="4"/><tag k="highway" v="service"/><tag k="access" v="private"/></way>
<way id="15"><nd ref="4"/><nd ref="1"/><tag k="highway" v="tertiary"/><tag k="junction" v="roundabout"/></way>
<way id="16"><nd ref="1"/><nd ref="2"/><tag k="building" v="yes"/></way>
</osm>"""


def osm_file(folder: Path, name: str) -> Path:
    """The streets above in the format that the name says."""
    plain, file = folder / "plain.osm", folder / name
    plain.write_text(OSM, encoding="utf-8")
    if name.endswith(".pbf"):
        with osmium.SimpleWriter(str(file)) as writer:
            for entity in osmium.FileProcessor(str(plain)):
                writer.add(entity)
    else:
        packed = {".bz2": bz2.compress, ".gz": gzip.compress}.get(file.suffix, bytes)
        file.write_bytes(packed(OSM.encode()))
    return file


@pytest.mark.parametrize("name", ["a.osm", "a.osm.bz2", "a.osm.gz", "a.osm.pbf"])
def test_streets_of_an_osm_file_have_class_name_and_direction(tmp_path: Path, name: str) -> None:
    file = osm_file(tmp_path, name)
    streets = read_roads(file).set_index("id")
    assert list(streets.index) == ["osm-10", "osm-11", "osm-12", "osm-15"]
    assert list(streets["street_class"]) == ["main", "street", "lane", "street"]
    assert list(streets["oneway"]) == [False, True, True, True]
    assert streets.loc["osm-10", "name"] == "Quang Trung"
    assert streets["name"].isna().sum() == 3
    # Tagged -1: drawn against its direction, so it is turned round.
    assert streets.loc["osm-11", "geometry"].coords[0] == pytest.approx((105.772, 20.972))
    assert build_network(streets.reset_index())[1].edges > 0


def test_lines_of_a_geojson_file_keep_name_and_class(tmp_path: Path) -> None:
    line = shapely.LineString([(105.77, 20.97), (105.78, 20.97)])
    columns = {"name": ["Phùng Hưng", None], "highway": ["secondary", None], "oneway": ["-1", None]}
    gpd.GeoDataFrame(columns, geometry=[line, line], crs="EPSG:4326").to_file(tmp_path / "roads.geojson")
    streets = read_roads(tmp_path / "roads.geojson")
    assert list(streets["street_class"]) == ["main", "street"]
    assert list(streets["oneway"]) == [True, False]
    assert streets.geometry[0].coords[0][0] == pytest.approx(105.78)


@pytest.mark.parametrize(
    ("tags", "driven"),
    [
        ({"access": "private"}, False),
        ({"access": "no", "motor_vehicle": "yes"}, True),
        ({"access": "yes", "motor_vehicle": "no"}, False),
        ({"vehicle": "no"}, False),
        ({"access": "destination"}, True),
    ],
)
def test_the_most_telling_access_tag_decides(tmp_path: Path, tags: dict[str, str], driven: bool) -> None:
    line = shapely.LineString([(105.77, 20.97), (105.78, 20.97)])
    columns = {"name": ["Quang Trung", "Ngõ"], "highway": ["primary", "residential"]}
    columns |= {key: [None, value] for key, value in tags.items()}
    gpd.GeoDataFrame(columns, geometry=[line, line], crs="EPSG:4326").to_file(tmp_path / "roads.geojson")
    assert ("Ngõ" in set(read_roads(tmp_path / "roads.geojson")["name"])) == driven


def test_numbers_lists_and_gaps_in_a_line_file_are_understood(tmp_path: Path) -> None:
    lines = [
        f'{{"type":"Feature","properties":{properties},'
        '"geometry":{"type":"LineString","coordinates":[[105.77,20.97,3],[105.78,20.97,3]]}}'
        for properties in ('{"oneway":1,"name":["A","B"]}', '{"oneway":-1}', '{"oneway":null,"name":"C"}')
    ]
    file = tmp_path / "roads.geojson"
    file.write_text(f'{{"type":"FeatureCollection","features":[{",".join(lines)}]}}', encoding="utf-8")
    streets = read_roads(file)
    assert list(streets["oneway"]) == [True, True, False]
    assert streets.geometry[1].coords[0][0] == pytest.approx(105.78)
    assert streets["name"][2] == "C"


def test_a_file_that_is_no_road_file_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "roads.osm").write_text("not xml", encoding="utf-8")
    (tmp_path / "roads.geojson").write_text("{}", encoding="utf-8")
    for name in ("roads.osm", "roads.geojson", "missing.osm.pbf"):
        with pytest.raises(InputError) as refused:
            read_roads(tmp_path / name)
        assert refused.value.code == "unreadable"
        assert refused.value.file == name


def test_a_file_without_streets_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "empty.osm"
    file.write_text('<?xml version="1.0"?><osm version="0.6"/>', encoding="utf-8")
    with pytest.raises(InputError) as refused:
        read_roads(file)
    assert refused.value.code == "no_streets"
