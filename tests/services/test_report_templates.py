"""Templates of reports that an office edits: checked before use, filled in safely; the commands of reports."""

from __future__ import annotations

import json
import os
import unicodedata
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from docx.shared import Mm, Pt

from app.cli import main
from app.services import report_docx, report_templates, reports
from app.services.report_templates import check_template, filled, template_for
from data.engine import sqlite_url
from geo.errors import InputError, SurroundingsError
from geo.review_words import ReportKind
from tests.services.paper_reading import of_the_decree, words
from tests.services.report_world import OPERATOR, ReportDesk, report_desk

DEFAULT = report_docx.template()


@pytest.fixture(scope="module")
def desk(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReportDesk]:
    made = report_desk(demo_folder, tmp_path_factory.mktemp("templates"))
    yield made
    made.store.engine.dispose()


def changed(old: str, new: str, part: str = "word/document.xml") -> bytes:
    """The default template with some of its text replaced."""
    done = BytesIO()
    with zipfile.ZipFile(BytesIO(DEFAULT)) as before, zipfile.ZipFile(done, "w") as after:
        for name in before.namelist():
            content = before.read(name)
            if name == part:
                assert old in content.decode()
                content = content.decode().replace(old, new).encode()
            after.writestr(name, content)
    return done.getvalue()


def stopping(content: bytes) -> str:
    return "\n".join(f"{one.text} {one.where or ''}" for one in check_template(content) if one.stops)


def test_the_default_template_is_as_it_should_be() -> None:
    assert check_template(DEFAULT) == []
    assert of_the_decree(DEFAULT)


@pytest.mark.parametrize(
    ("old", "new", "named", "where"),
    [
        ("{{ demo }}", "{{ chu_ky }}", "chu_ky", "đoạn"),
        ("row.code", "row.ma_so", "ma_so", "bảng"),
        ("{{ section.title }}", "{{ section.ten }}", "ten", "đoạn"),
        ("{%p if demo %}", "{%p if nhap %}", "nhap", "đoạn"),
    ],
)
def test_an_unknown_field_is_named_with_its_place(old: str, new: str, named: str, where: str) -> None:
    told = stopping(changed(old, new))
    assert f"Trường không có: {named}." in told
    assert where in told


def test_a_field_or_a_line_that_a_report_needs_is_asked_for() -> None:
    assert "Thiếu trường bắt buộc: period_line" in stopping(changed("{{ period_line }}", "kỳ này"))
    assert "Độc lập - Tự do - Hạnh phúc" in stopping(changed("Độc lập", "Doc lap"))
    assert "Unicode dựng sẵn" in stopping(changed("Nơi nhận", unicodedata.normalize("NFD", "Nơi nhận")))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("{{ demo }}", "{{ demo.__class__.__mro__ }}"),
        ("{{ demo }}", "{{ 'a' * 999999999 }}"),
        ("{{ demo }}", "{{ range(999999999) | list }}"),
        ("{{ demo }}", "{{ demo"),
        ("{%p endfor %}", "{%p endfr %}"),
        ("{{ demo }}", "{% include 'etc' %}"),
    ],
)
def test_what_a_template_may_not_do_stops_it(old: str, new: str) -> None:
    assert stopping(changed(old, new))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"%PDF-1.7", DEFAULT[:5000]])
def test_a_file_that_is_no_word_file_is_told(content: bytes) -> None:
    (problem,) = check_template(content)
    assert problem.stops


def test_a_template_that_fetches_from_elsewhere_is_refused() -> None:
    outside = '<Relationship Id="rId99" Type="x/attachedTemplate" Target="http://a/b" TargetMode="External"/>'
    content = changed("</Relationships>", f"{outside}</Relationships>", "word/_rels/document.xml.rels")
    assert "bên ngoài" in stopping(content)
    entity = changed("<w:document", "<!DOCTYPE a [<!ENTITY b 'c'>]><w:document")
    assert stopping(entity)


def test_another_look_than_the_decrees_is_warned_of_and_allowed() -> None:
    paper = Document(BytesIO(DEFAULT))
    paper.sections[0].left_margin = Mm(15)
    paper.styles["Normal"].font.size = Pt(11)
    paper.paragraphs[0].add_run("x").font.name = "Arial"
    kept = BytesIO()
    paper.save(kept)
    found = check_template(kept.getvalue())
    assert not any(one.stops for one in found)
    told = " ".join(str(one.text) for one in found)
    assert "lề trái" in told
    assert "Cỡ chữ" in told
    assert "Arial" in told


def test_the_offices_own_template_is_used_and_a_wrong_one_is_not(desk: ReportDesk, tmp_path: Path) -> None:
    own = desk.settings.model_copy(update={"report_templates": tmp_path})
    assert check_template(template_for(ReportKind.MONTH, tmp_path)) == []
    (tmp_path / "bao-cao.docx").write_bytes(changed("BÁO CÁO", "BÁO CÁO (mẫu riêng)"))
    kept = desk.made(ReportKind.MONTH, "2026-09", desk.kien_hung)
    assert "BÁO CÁO (mẫu riêng)" in words(desk.paper(kept, settings=own))
    (tmp_path / "bao-cao-month.docx").write_bytes(changed("{{ demo }}", "{{ chu_ky }}"))
    with pytest.raises(InputError, match=r"bao-cao-month\.docx.*chu_ky") as refused:
        desk.paper(kept, settings=own)
    assert refused.value.code == "bad_template"
    with pytest.raises(SurroundingsError):
        template_for(ReportKind.MONTH, tmp_path / "không có")


def test_names_with_signs_of_xml_come_out_as_they_are() -> None:
    values = report_templates.sample_values() | {"office": "A & <B> \x07{{ c }}", "about": "“x” \t y"}
    tables = Document(BytesIO(filled(DEFAULT, values))).tables
    told = "\n".join(cell.text for table in tables for row in table.rows for cell in row.cells)
    assert "A & <B> {{ c }}" in told


# --- the command line


def run(desk: ReportDesk, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, object]]:
    url = sqlite_url(desk.settings.demo_file)
    code = main(["--db", url, "--json", "--as-of", "2026-11-24", *arguments])
    return code, json.loads(capsys.readouterr().out)


def test_the_command_writes_the_file_and_tells_what_is_in_it(
    desk: ReportDesk, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "bao cao.docx"
    asked = ("report", "--period", "2026-10", "--kind", "month")
    code, done = run(desk, capsys, *asked, "--out", str(file))
    assert code == 0
    assert done["file"] == str(file)
    assert done["sections"]
    assert done["figures"]
    first = words(file.read_bytes())
    code, again = run(desk, capsys, *asked, "--out", str(file))
    assert again == done
    assert words(file.read_bytes()) == first
    code, other = run(desk, capsys, *asked, "--out", str(tmp_path / "phu-luc.xlsx"))
    assert other["values"] == done["values"]
    code, corrected = run(desk, capsys, *asked, "--out", str(file), "--reissue")
    assert corrected["replaces"] == done["report"]
    assert corrected["changes"] == []


def test_wrong_use_is_told_and_nothing_is_made(
    desk: ReportDesk, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    report = ("report", "--kind", "month", "--period", "2026-03")
    wrong = {
        "unknown_format": (*report, "--out", str(tmp_path / "a.pdf")),
        "no_folder": (*report, "--out", str(tmp_path / "không" / "a.docx")),
        "unknown_ward": (*report, "--out", str(tmp_path / "a.docx"), "--ward", "99999"),
        "unknown_kind": ("report", "--kind", "week", "--period", "2026-03", "--out", str(tmp_path / "a.docx")),
        "no_hotspot": ("report", "--kind", "quick", "--out", str(tmp_path / "a.docx")),
        "bad_period": ("report", "--kind", "month", "--period", "tháng 3", "--out", str(tmp_path / "a.docx")),
    }
    before = len(reports.reports(desk.store, OPERATOR))
    for expected, arguments in wrong.items():
        code, told = run(desk, capsys, *arguments)
        assert code == 2
        assert told["error"]["code"] == expected  # type: ignore[index]
    assert len(reports.reports(desk.store, OPERATOR)) == before
    assert os.listdir(tmp_path) == []


def test_the_template_commands(desk: ReportDesk, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "mau.docx"
    assert run(desk, capsys, "report-template", str(file))[0] == 0
    code, good = run(desk, capsys, "report-check", str(file))
    assert (code, good["usable"], good["problems"]) == (0, True, [])
    file.write_bytes(changed("{{ demo }}", "{{ chu_ky }}"))
    code, bad = run(desk, capsys, "report-check", str(file))
    assert (code, bad["usable"]) == (1, False)
