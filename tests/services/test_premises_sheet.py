"""The printed sheet of one premises: a Word file that opens, says what is known, and no more."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from docx import Document
from docx.document import Document as Paper
from docx.shared import Pt
from lxml import etree

from app.services import premises
from app.services.premises_file import PremisesFile
from app.services.premises_sheet import premises_sheet, written
from app.text import speaking
from data.store import Actor, Store
from data.tables import AuditEntry
from geo.errors import InputError
from geo.words import Role
from tests.conftest import DEMO_DAY

OFFICER = Actor("canbo", Role.WARD_OFFICER)
VIEWER = Actor("xem", Role.VIEWER)


@pytest.fixture(scope="module")
def file(demo: Store) -> PremisesFile:
    """The premises with the most problems of papers."""
    listed = premises.overview(demo, OFFICER, DEMO_DAY).sort_values("problems", ascending=False)
    return premises.one(demo, OFFICER, str(listed["id"].iloc[0]), DEMO_DAY)


def opened(content: bytes) -> Paper:
    with zipfile.ZipFile(BytesIO(content)) as parts:
        for name in parts.namelist():
            if name.endswith((".xml", ".rels")):
                etree.fromstring(parts.read(name))
    return Document(BytesIO(content))


def text_of(paper: Paper) -> str:
    lines = [paragraph.text for paragraph in paper.paragraphs]
    lines += [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return "\n".join(lines)


def sheet(file: PremisesFile, *, with_risk: bool = False, demo: bool = False) -> str:
    return text_of(opened(written(file, with_risk=with_risk, demo=demo)))


def test_the_sheet_says_what_the_register_holds(file: PremisesFile) -> None:
    told = sheet(file)
    assert file.facts.name in told
    assert file.facts.address in told
    assert f"(Theo dữ liệu đến ngày {DEMO_DAY:%d/%m/%Y})" in told
    for paper in file.papers:
        assert paper.number is None or paper.number in told
    for problem in file.problems:
        assert problem.law is None or problem.law in told
    for check in file.checks:
        assert f"{check.on_date:%d/%m/%Y}" in told
    assert "{" not in told


def test_it_looks_official(file: PremisesFile) -> None:
    paper = opened(written(file, with_risk=False, demo=False))
    page = paper.sections[0]
    measures = (page.page_width, page.page_height, page.left_margin, page.right_margin, page.top_margin)
    assert [round(one.mm) for one in measures if one is not None] == [210, 297, 30, 20, 20]
    assert paper.styles["Normal"].font.name == "Times New Roman"
    assert paper.styles["Normal"].font.size == Pt(13)
    told = text_of(paper)
    for words in ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "Nơi nhận"):
        assert words in told


def test_the_score_is_on_it_only_when_asked_for(file: PremisesFile) -> None:
    assert "nguy cơ" not in sheet(file)
    told = sheet(file, with_risk=True)
    assert "Mức độ nguy cơ" in told
    assert "con người quyết định" in told


def test_signals_are_never_on_it(demo: Store) -> None:
    for premises_id in premises.overview(demo, OFFICER, DEMO_DAY)["id"]:
        file = premises.one(demo, OFFICER, str(premises_id), DEMO_DAY)
        if file.signals:
            told = sheet(file, with_risk=False)
            assert all(signal.text not in told for signal in file.signals if signal.text)
            return
    pytest.fail("the demonstration has signals near premises")


@pytest.mark.parametrize(
    "name",
    [
        "Nhà nghỉ <A & B> \"x\" 'y'",
        "{{ 1 + 1 }} {% raw %}",
        "]]> <w:p/> &amp;",
        "Hai\ndòng\tvà\x07dấu\x0c lạ \ud800",
    ],
)
def test_any_name_survives_as_it_is(file: PremisesFile, name: str) -> None:
    told = sheet(replace(file, facts=replace(file.facts, name=name)))
    plain = {"Hai\ndòng\tvà\x07dấu\x0c lạ \ud800": "Hai dòng và dấu lạ"}
    assert plain.get(name, name) in told


def test_a_demonstration_says_so_on_paper(file: PremisesFile) -> None:
    assert "dữ liệu giả định" in sheet(file, demo=True)
    assert "dữ liệu giả định" not in sheet(file, demo=False)


def test_a_premises_of_which_little_is_known_has_a_sheet_too(file: PremisesFile) -> None:
    bare = replace(file, papers=(), problems=(), checks=(), risk=None, cap=None)
    told = sheet(bare, with_risk=True)
    assert "Chưa ghi nhận giấy tờ nào." in told
    assert "Chưa ghi nhận lượt kiểm tra nào." in told
    assert "Mức độ nguy cơ" not in told


def test_it_speaks_vietnamese_whatever_the_screen_speaks(file: PremisesFile) -> None:
    with speaking("en"):
        assert "Ngày ký cam kết" in sheet(file)
        assert "đang hoạt động" in sheet(file).lower()


def test_another_reader_gets_what_that_reader_may_see_and_taking_it_out_is_logged(own_demo: Store) -> None:
    listed = premises.overview(own_demo, OFFICER, DEMO_DAY)
    premises_id = str(listed.sort_values("last_check", ascending=False)["id"].iloc[0])
    whole = text_of(opened(premises_sheet(own_demo, OFFICER, premises_id, DEMO_DAY, with_risk=True)))
    less = text_of(opened(premises_sheet(own_demo, VIEWER, premises_id, DEMO_DAY, with_risk=True)))
    assert "QĐ-KT" in whole
    assert "QĐ-KT" not in less
    assert "Mức độ nguy cơ" not in less
    with own_demo.read(OFFICER) as work:
        entries = work.session.query(AuditEntry).filter_by(action="premises.sheet").all()
        assert [entry.actor for entry in entries] == ["canbo", "xem"]


def test_an_unknown_premises_has_no_sheet(demo: Store) -> None:
    with pytest.raises(InputError):
        premises_sheet(demo, OFFICER, "lạ", date(2026, 1, 1), with_risk=False)
