"""Templates of reports that an office edits itself: found in its folder, checked, filled in.

A template is a Word file with tags (docxtpl). It comes from outside: tags run in a sandbox that knows nothing
but the fields of ``report_docx.FIELDS``, and every text is escaped.
"""

from __future__ import annotations

import re
import unicodedata
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from docx import Document
from docx.document import Document as Paper
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from docxtpl import DocxTemplate
from jinja2 import ChainableUndefined, TemplateError, meta
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from app.services import official_paper as look
from app.services import report_docx
from app.services.report_docx import FIELDS, REQUIRED, TEXT_LISTS
from data.cell_text import printable
from geo.errors import InputError, SurroundingsError
from geo.messages import Message, msg
from geo.review_words import ReportKind

#: Exactly as the decree writes them.
REQUIRED_TEXTS = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "Nơi nhận")
#: For all kinds; of one kind alone ``bao-cao-KIND.docx``.
COMMON_FILE = "bao-cao.docx"
_LARGEST, _LARGEST_UNPACKED = 5_000_000, 50_000_000
_FILTERS = ("upper", "lower", "default", "join", "length", "first", "last", "title", "trim", "e", "escape")
_SHORT = 60
#: Margins in mm, least and most (Decree 30/2020/NĐ-CP, Appendix I).
_MARGINS = {
    "top_margin": (20, 25, msg("lề trên")),
    "bottom_margin": (20, 25, msg("lề dưới")),
    "left_margin": (30, 35, msg("lề trái")),
    "right_margin": (15, 20, msg("lề phải")),
}


@dataclass(frozen=True)
class TemplateProblem:
    """What is wrong with a template. ``stops``: it cannot be used; else it can, but looks otherwise than the
    decree has it. ``where``: part of the file, None for the whole."""

    stops: bool
    text: Message
    where: Message | None = None


class _Sandbox(ImmutableSandboxedEnvironment):
    """Jinja that reads its fields and nothing else."""

    intercepted_binops = frozenset({"*", "**", "%"})

    def __init__(self, **options: Any) -> None:
        super().__init__(autoescape=True, finalize=_printable, **options)
        self.globals.clear()
        self.filters = {name: self.filters[name] for name in _FILTERS}

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """A text repeated a billion times is no template."""
        raise SecurityError(operator)


def _printable(value: Any) -> Any:
    """Texts without the control characters that XML cannot hold or docxtpl takes for breaks."""
    # ``type``: what a filter has escaped already stays marked so.
    return type(value)(" ".join(printable(value).split())) if isinstance(value, str) else value


def filled(content: bytes, values: Mapping[str, Any]) -> bytes:
    """A template with its fields filled in. Raises InputError ``bad_template`` where that cannot be done."""
    done = BytesIO()
    try:
        document = DocxTemplate(BytesIO(content))
        document.render(dict(values), jinja_env=_Sandbox(), autoescape=True)
        document.save(done)
    except (TemplateError, TypeError, ValueError, KeyError, OverflowError) as error:
        raise _unusable(msg("Không điền được mẫu báo cáo: {detail}", detail=_brief(error))) from error
    return done.getvalue()


def template_for(kind: ReportKind, folder: Path | None) -> bytes:
    """The template of a kind of report: the office's own, else the default.

    Raises InputError ``bad_template`` where the office's own cannot be used, SurroundingsError
    ``template_folder`` where the folder cannot be read.
    """
    if folder is None:
        return report_docx.template()
    if not folder.is_dir():
        raise SurroundingsError(
            "template_folder",
            msg("Không có thư mục mẫu báo cáo {folder}.", folder=str(folder)),
            hint=msg("Sửa DIABAN_REPORT_TEMPLATES hoặc tạo thư mục đó."),
        )
    for file in (folder / f"bao-cao-{kind.value}.docx", folder / COMMON_FILE):
        if file.is_file():
            content = read_template(file)
            stopping = [one for one in check_template(content) if one.stops]
            if stopping:
                raise _unusable(
                    msg("Mẫu {file} chưa dùng được: {what}", file=file.name, what=stopping[0].text), file
                )
            return content
    return report_docx.template()


def read_template(file: Path) -> bytes:
    """The bytes of a template's file. Raises InputError ``bad_template`` where it is too large to be one."""
    try:
        if file.stat().st_size > _LARGEST:
            raise _unusable(msg("Mẫu {file} quá lớn.", file=file.name), file)
        return file.read_bytes()
    except OSError as fault:
        detail = fault.strerror or str(fault)
        raise _unusable(
            msg("Không đọc được mẫu {file}: {detail}", file=file.name, detail=detail), file
        ) from fault


def _unusable(what: Message, file: Path | None = None) -> InputError:
    hint = msg("Kiểm tra mẫu ở trang Báo cáo, phần Mẫu; mẫu mặc định cũng tải được ở đó.")
    return InputError("bad_template", what, hint=hint, file=str(file) if file else None)


def _brief(error: Exception) -> str:
    return str(error).splitlines()[0][:200] if str(error) else type(error).__name__


def check_template(content: bytes) -> list[TemplateProblem]:
    """What is wrong with a template, what stops its use first; empty for one that is as it should be."""
    paper = _opened(content)
    if isinstance(paper, TemplateProblem):
        return [paper]
    if open_tags := [where for text, where in _texts(paper) if not _closed(text)]:
        return [TemplateProblem(True, msg("Thẻ mở mà chưa đóng."), where) for where in open_tags]
    try:
        used = _fields_used(content)
        unknown = _unknown(content, used)
        _opened(filled(content, sample_values()))
    except (TemplateError, InputError, TypeError, ValueError, KeyError, AttributeError, OverflowError) as error:
        return [_cannot_fill(paper, error)]
    told = "\n".join(text for text, _where in _texts(paper))
    problems = [
        TemplateProblem(True, msg("Trường không có: {name}.", name=name), _where_is(paper, name))
        for name in unknown
    ]
    problems += [
        TemplateProblem(True, msg("Thiếu trường bắt buộc: {name}.", name=name))
        for name in REQUIRED
        if name not in used
    ]
    problems += [_missing_text(text, told) for text in REQUIRED_TEXTS if text not in told]
    return problems + _layout_problems(paper)


def _opened(content: bytes) -> Paper | TemplateProblem:
    refused = TemplateProblem(True, msg("Tệp không phải văn bản Word (.docx), hoặc đã hỏng."))
    try:
        with zipfile.ZipFile(BytesIO(content)) as parts:
            if len(content) > _LARGEST or sum(one.file_size for one in parts.infolist()) > _LARGEST_UNPACKED:
                return TemplateProblem(True, msg("Tệp quá lớn."))
            for name in parts.namelist():
                if not name.casefold().endswith((".xml", ".rels")):
                    continue
                part = parts.read(name)
                if _declares(part):
                    return refused
                if name.casefold().endswith(".rels") and _reaches_out(part):
                    return TemplateProblem(
                        True, msg("Tệp có liên kết tới tệp bên ngoài."), msg("phần {name} của tệp", name=name)
                    )
        return Document(BytesIO(content))
    except (zipfile.BadZipFile, OpcError, ET.ParseError):
        return refused
    except (KeyError, ValueError, OSError, NotImplementedError, RuntimeError):
        return refused


def _declares(part: bytes) -> bool:
    """Whether a part declares a document type or entities, or is written so that it could do so unseen."""
    return b"<!" in part.replace(b"<!--", b"") or b"\x00" in part


def _reaches_out(relations: bytes) -> bool:
    """Whether a part is fetched from elsewhere when the file is opened; a link to click on is not."""
    return any(
        one.get("TargetMode", "").casefold() == "external" and not one.get("Type", "").endswith("/hyperlink")
        for one in ET.fromstring(relations)
    )


def _fields_used(content: bytes) -> set[str]:
    document = DocxTemplate(BytesIO(content))
    sandbox = _Sandbox()
    found: set[str] = document.get_undeclared_template_variables(sandbox)
    # What it does not look into: the document's own properties.
    properties = document.get_docx().core_properties
    for text in (properties.title, properties.subject, properties.comments, properties.author):
        found |= meta.find_undeclared_variables(sandbox.parse(text or ""))
    return found


def _unknown(content: bytes, used: set[str]) -> list[str]:
    """Names that a template asks for and no report has, those of rows included."""
    asked: set[str] = set()

    class Recorded(ChainableUndefined):
        def __init__(
            self, hint: Any = None, obj: Any = None, name: Any = None, exc: Any = TemplateError
        ) -> None:
            super().__init__(hint, obj, name, exc)
            if name is not None:
                asked.add(str(name))

    document = DocxTemplate(BytesIO(content))
    document.render(sample_values(), jinja_env=_Sandbox(undefined=Recorded), autoescape=True)
    return sorted(asked | (used - set(FIELDS)))


def sample_values() -> dict[str, Any]:
    """A value for every field, so that every branch of a template is walked."""
    sample: dict[str, Any] = {}
    for name, parts in FIELDS.items():
        if name in TEXT_LISTS:
            sample[name] = ["một", "hai"]
        elif parts is None:
            sample[name] = "chữ"
        else:
            row: dict[str, Any] = dict.fromkeys(parts, "chữ")
            if "paragraphs" in row:
                row["paragraphs"] = ["một", "hai"]
            sample[name] = [row, row]
    return sample


def _cannot_fill(paper: Paper, error: Exception) -> TemplateProblem:
    told = (
        error.message if isinstance(error, InputError) else msg("Thẻ viết sai: {detail}", detail=_brief(error))
    )
    named = re.search(r"'([^']+)'", _brief(error))
    return TemplateProblem(True, told, _where_is(paper, named[1]) if named else None)


def _closed(text: str) -> bool:
    """Whether every tag of a paragraph ends in it: what is left open swallows the paragraphs that follow."""
    return all(text.count(begin) == text.count(end) for begin, end in (("{{", "}}"), ("{%", "%}")))


def _missing_text(text: str, told: str) -> TemplateProblem:
    if text in unicodedata.normalize("NFC", told):
        return TemplateProblem(
            True, msg("Dòng “{text}” gõ bằng Unicode tổ hợp; gõ lại bằng Unicode dựng sẵn.", text=text)
        )
    return TemplateProblem(True, msg("Thiếu dòng “{text}”, đúng nguyên văn.", text=text))


def _texts(paper: Paper) -> Iterator[tuple[str, Message]]:
    """Every text of the file and where it stands, as a person finds it."""
    for at, paragraph in enumerate(paper.paragraphs, 1):
        yield paragraph.text, msg("đoạn {n}: “{text}”", n=at, text=paragraph.text[:_SHORT])
    for number, table in enumerate(paper.tables, 1):
        for line, row in enumerate(table.rows, 1):
            for column, cell in enumerate(row.cells, 1):
                where = msg("bảng {n}, dòng {row}, cột {column}", n=number, row=line, column=column)
                yield cell.text, where
    for part in paper.sections:
        for area, word in (
            (part.header, msg("đầu trang")),
            (part.first_page_header, msg("đầu trang")),
            (part.footer, msg("chân trang")),
            (part.first_page_footer, msg("chân trang")),
        ):
            yield "\n".join(one.text for one in area.paragraphs), word


def _where_is(paper: Paper, name: str) -> Message | None:
    tag = re.compile(rf"\{{[{{%][^}}]*\b{re.escape(name)}\b")
    return next((where for text, where in _texts(paper) if tag.search(text)), None)


def _layout_problems(paper: Paper) -> list[TemplateProblem]:
    """Where the page looks otherwise than Decree 30/2020/NĐ-CP has it."""
    problems = []
    for number, page in enumerate(paper.sections, 1):
        where = msg("phần {n}", n=number)
        sides = sorted(round(side.mm) if side else 0 for side in (page.page_width, page.page_height))
        if sides != [210, 297]:
            problems.append(TemplateProblem(False, msg("Khổ giấy không phải A4."), where))
        for name, (least, most, word) in _MARGINS.items():
            margin = getattr(page, name)
            if margin is None or not least - 0.5 <= margin.mm <= most + 0.5:
                wanted = msg("{what} cần từ {least} đến {most} mm.", what=word, least=least, most=most)
                problems.append(TemplateProblem(False, wanted, where))
    font = paper.styles["Normal"].font
    if font.name != look.FONT:
        problems.append(TemplateProblem(False, msg("Phông chữ của văn bản cần là {font}.", font=look.FONT)))
    if font.size is None or not 13 <= font.size.pt <= 14:
        problems.append(TemplateProblem(False, msg("Cỡ chữ của văn bản cần từ 13 đến 14.")))
    problems += [
        TemplateProblem(False, msg("Chữ {font} khác phông quy định.", font=name), where)
        for name, where in _other_fonts(paper).items()
    ]
    headers = "".join(page.header._element.xml for page in paper.sections)
    if "PAGE" not in headers:
        problems.append(TemplateProblem(False, msg("Chưa có số trang ở giữa, đầu trang.")))
    return problems


def _other_fonts(paper: Paper) -> dict[str, Message]:
    """Fonts of single words that are not the decree's, and the first place of each."""
    found: dict[str, Message] = {}
    for at, paragraph in enumerate(paper.element.body.iter(qn("w:p")), 1):
        for fonts in paragraph.iter(qn("w:rFonts")):
            name = fonts.get(qn("w:ascii"))
            if name and name != look.FONT:
                found.setdefault(name, msg("đoạn thứ {n} của văn bản", n=at))
    return found
