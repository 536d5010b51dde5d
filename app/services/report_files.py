"""Reports as files: the paper (DOCX) by the office's template, and the annex with its tables (XLSX)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from app.access import Right, require
from app.config import Settings
from app.services import report_docx, report_sheet, report_templates, reports
from app.services.looking import FILE_TAKEN
from app.services.office import issuer
from app.services.report_docx import ReportPaper
from app.services.report_request import Asked
from app.services.reports import KeptReport
from app.services.watermark import stamped, watermark
from data.exporters.replacing import replacing
from data.exporters.workbook import write_workbook
from data.repositories.facts import is_demo
from data.store import Actor, Store
from geo.errors import InputError
from geo.messages import msg
from geo.review_words import ReportState

DOCX, XLSX = ".docx", ".xlsx"
MIME: Mapping[str, str] = {
    DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def write_report(
    store: Store,
    actor: Actor,
    asked: Asked,
    file: Path,
    settings: Settings,
    *,
    as_of: date,
    corrected: bool = False,
) -> dict[str, Any]:
    """Write the report that is asked for to a file whose name says the format (the command ``report``).

    The one made before is written again; ``corrected`` makes a new one that replaces it. Raises InputError
    ``unknown_format`` or ``bad_template`` before anything is made.
    """
    require(actor, Right.REPORT)
    ending = _ending(file)
    report_templates.template_for(asked.kind, settings.report_templates)
    with replacing(file) as beside:
        # A folder that cannot be written is told before a report is made.
        beside.touch()
        made = (reports.reissue if corrected else reports.make)(store, actor, asked, as_of=as_of)
        beside.write_bytes(taken(store, actor, made, ending, settings))
    return {"file": str(file), **told(made)}


def told(kept: KeptReport) -> dict[str, Any]:
    """What the command says of a report."""
    contents = kept.contents
    return {
        "sections": sum(not one.head for one in contents.sections),
        "figures": len(contents.figures),
        "report": kept.id,
        "kind": kept.kind.value,
        "period": kept.period,
        "from": kept.days[0].isoformat(),
        "to": kept.days[1].isoformat(),
        "as_of": kept.as_of.isoformat(),
        "state": kept.state.value,
        "replaces": kept.replaces,
        "titles": [one.title for one in contents.sections],
        "values": {one.id: one.value for one in contents.figures},
        "changes": [
            {"figure": one.figure, "before": one.before, "after": one.after} for one in contents.changes
        ],
    }


def _ending(file: Path) -> str:
    ending = file.suffix.casefold()
    if ending not in MIME:
        raise InputError(
            "unknown_format",
            msg("Báo cáo không xuất được ra tệp dạng “{suffix}”.", suffix=file.suffix or file.name),
            hint=msg("Đặt tên tệp kết thúc bằng .docx hoặc .xlsx."),
            file=str(file),
        )
    return ending


def taken(store: Store, actor: Actor, kept: KeptReport, ending: str, settings: Settings) -> bytes:
    """A report as a file of the format, noted in the audit log before it is handed out."""
    require(actor, Right.SEE_TIPS)
    with store.write(actor) as work:
        work.note(FILE_TAKEN, kept.id, file=file_name(kept, ending))
        demo, mark = is_demo(work), watermark(actor, work.now)
    if ending == XLSX:
        return stamped(_workbook(kept), ending, mark)
    template = report_templates.template_for(kept.kind, settings.report_templates)
    values = report_docx.values(_paper(store, actor, kept, settings, demo))
    issued = kept.state is not ReportState.DRAFT
    return stamped(report_templates.filled(template, values), ending, mark, seen=not issued)


def _workbook(kept: KeptReport) -> bytes:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "annex.xlsx"
        write_workbook(report_sheet.tables(kept), file)
        return file.read_bytes()


def _paper(store: Store, actor: Actor, kept: KeptReport, settings: Settings, demo: bool) -> ReportPaper:
    contents = kept.contents
    return ReportPaper(
        issuer=issuer(settings.office),
        about=contents.about,
        period_line=contents.period_line,
        sections=contents.sections,
        figures=contents.figures,
        unit_id=kept.unit_id,
        year=kept.as_of.year,
        number=kept.number,
        on_date=kept.on_date,
        facts=contents.facts,
        notes=contents.notes,
        replaced=_replaced(store, actor, kept),
        changes=contents.changes,
        demo=demo,
    )


def _replaced(store: Store, actor: Actor, kept: KeptReport) -> str:
    """What the paper says of the report that it corrects."""
    if kept.replaces is None:
        return ""
    old = reports.report(store, actor, kept.replaces)
    named = f"số {old.number} ngày {old.on_date:%d/%m/%Y}" if old.number and old.on_date else "(bản nháp)"
    n = len(kept.contents.changes)
    what = f"{n} số liệu thay đổi, nêu tại Phụ lục" if n else "không có số liệu nào thay đổi"
    return f"Báo cáo này thay thế Báo cáo {named}, lập theo số liệu đến ngày {old.as_of:%d/%m/%Y}: {what}."


def file_name(kept: KeptReport, ending: str) -> str:
    """A name for the file of a report, in plain letters."""
    return f"bao-cao-{kept.kind.value}-{kept.period}{ending}"
