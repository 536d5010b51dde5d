"""No text from the database is a formula, a script or an order in any file that is taken out."""

from __future__ import annotations

import csv
import json
import re
import zipfile
from io import BytesIO, StringIO
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from openpyxl import load_workbook

from app.services import audit, export_layers
from app.services.exports import export_layer
from app.services.import_downloads import problem_list
from app.services.premises_sheet import premises_sheet
from app.services.search import search
from data.cell_text import harmless
from data.exporters.workbook import Table, write_workbook
from data.repositories.audit import Wanted
from data.store import Actor, Store
from tests.attacks.poison import ELSEWHERE, POISON, poison
from tests.conftest import DEMO_DAY

FORMULAS = (
    "=1+1",
    "=cmd|' /C calc'!A0",
    "+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "  =1",
    "\x00=1",
    "\u00a0=1",
    "＝1",
    "＠a",
    '=HYPERLINK("https://canary.example")',
)
COMMAND = re.compile(r"\s*[=+\-@＝＋－＠]")


@pytest.mark.parametrize("text", FORMULAS, ids=range(len(FORMULAS)))
def test_a_text_that_begins_as_a_formula_is_a_text_in_every_sheet(tmp_path: Path, text: str) -> None:
    assert not COMMAND.match(harmless(text))
    write_workbook([Table("a", [text], [[text]], [text])], tmp_path / "a.xlsx")
    sheet = load_workbook(tmp_path / "a.xlsx").active
    assert sheet is not None
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    assert not any(COMMAND.match(str(cell.value)) for row in sheet.iter_rows() for cell in row if cell.value)


def workbook_texts(file: Path | BytesIO) -> list[str]:
    """Every text of a workbook, none of whose cells is a formula."""
    book = load_workbook(file)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [cell.value for cell in cells if cell.data_type == "f" or cell.hyperlink]
    return [cell.value for cell in cells if isinstance(cell.value, str)]


def csv_texts(content: str) -> list[str]:
    return [cell for row in csv.reader(StringIO(content)) for cell in row]


def commands(texts: list[str]) -> list[str]:
    """The texts that a spreadsheet would run; a negative number is none."""
    return [one for one in texts if COMMAND.match(one) and not re.fullmatch(r"-?\d+(?:[.,]\d+)?", one)]


def test_no_file_of_the_poisoned_district_runs_or_breaks(
    own_demo: Store, operator: Actor, tmp_path: Path
) -> None:
    poison(own_demo)
    stood = 0
    for layer in export_layers.LAYERS:
        for ending in (".xlsx", ".csv", ".kml", ".geojson"):
            file = tmp_path / f"{layer}{ending}"
            export_layer(own_demo, operator, layer, file, DEMO_DAY)
            if ending == ".kml":
                told = "".join(ET.parse(file).getroot().itertext())
                assert "<img" not in file.read_text(encoding="utf-8")
            elif ending == ".geojson":
                told = json.dumps(json.loads(file.read_text(encoding="utf-8")), ensure_ascii=False)
            else:
                read = file.read_text(encoding="utf-8-sig") if ending == ".csv" else ""
                texts = csv_texts(read) if read else workbook_texts(file)
                assert commands(texts) == []
                told = "".join(texts)
            stood += "window.__canary" in told
    assert stood >= 10, "the attack stood in the files at all"


def test_no_file_of_the_log_and_of_refused_rows_runs(own_demo: Store, operator: Actor) -> None:
    with own_demo.write(operator) as work:
        work.note("export", "=1+1", file="=1+1", text=POISON)
    texts = workbook_texts(BytesIO(audit.export_log(own_demo, operator, Wanted(), ".xlsx")))
    texts += csv_texts(audit.export_log(own_demo, operator, Wanted(), ".csv").decode("utf-8-sig"))
    texts += csv_texts(problem_list([]).decode("utf-8-sig"))
    assert commands(texts) == []
    assert any("=1+1" in one for one in texts)


def test_a_paper_holds_the_text_and_no_link_field_or_part_of_it(own_demo: Store, operator: Actor) -> None:
    poison(own_demo)
    found = search(own_demo, operator, "karaoke", day=DEMO_DAY)[0]
    paper = premises_sheet(own_demo, operator, found.premises_id, DEMO_DAY, with_risk=True)
    with zipfile.ZipFile(BytesIO(paper)) as parts:
        for name in parts.namelist():
            if name.endswith((".xml", ".rels")):
                root = ET.fromstring(parts.read(name))
                said = [value for one in root.iter() for value in one.attrib.values()]
                said += [one.text or "" for one in root.iter() if one.tag.endswith("}instrText")]
                assert not [one for one in said if ELSEWHERE in one or "canary" in one], name
        document = ET.fromstring(parts.read("word/document.xml"))
    told = "".join(document.itertext())
    assert "window.__canary" in told and "{{ 7*7 }}" in told
