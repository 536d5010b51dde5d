"""The printed sheet of one premises (DOCX): what the register holds, papers, checks; no personal data."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from docx.document import Document as Paper

from app.services import official_paper as look
from app.services import premises
from app.services.premises_file import Check, PremisesFile, check_text, sentence
from app.services.watermark import stamped, watermark
from app.text import label, number, render, show, speaking
from data.repositories.facts import is_demo
from data.store import Actor, Store
from geo.messages import Message, msg
from geo.word_texts import body_text
from geo.words import LocationQuality

#: What the office fills in by hand.
_DOTS = "......................................"


def premises_sheet(store: Store, actor: Actor, premises_id: str, day: date, *, with_risk: bool) -> bytes:
    """The sheet of a premises as a Word file, in Vietnamese, as far as the actor may see it.

    Signals are never on it; the score with its parts only ``with_risk``. Taking it out is logged.
    Raises InputError ``unknown_premises``.
    """
    file = premises.one(store, actor, premises_id, day)
    with store.write(actor) as work:
        work.note("premises.sheet", premises_id, with_risk=with_risk, as_of=day.isoformat())
        demo, mark = is_demo(work), watermark(actor, work.now)
    return stamped(written(file, with_risk=with_risk, demo=demo), ".docx", mark)


def written(file: PremisesFile, *, with_risk: bool, demo: bool) -> bytes:
    """The sheet of what is known; ``demo``: it says that all of it is made up."""
    with speaking("vi"):
        return look.filled(_template(), _values(file, with_risk=with_risk, demo=demo))


def _template() -> Paper:
    paper = look.new_paper()
    look.heading(paper)
    look.line(paper, "PHIẾU THÔNG TIN CƠ SỞ", bold=True, size=look.Pt(14), align=look.CENTRE)
    look.line(paper, "{{ name }}", bold=True, align=look.CENTRE)
    look.line(paper, "{{ as_of }}", italic=True, align=look.CENTRE)
    _only_if(paper, "demo", lambda: look.line(paper, "{{ demo }}", italic=True, align=look.CENTRE))
    look.section(paper, "1. Thông tin chung")
    look.pairs(paper, "facts", "name", "value")
    look.section(paper, "2. Giấy tờ")
    papers = (
        ("Loại giấy", 55, "kind"),
        ("Số", 40, "number"),
        ("Ngày cấp", 27, "issued"),
        ("Tình trạng", 38, "state"),
    )
    _or_nothing(paper, "papers", "Chưa ghi nhận giấy tờ nào.", lambda: look.listing(paper, papers, "papers"))
    look.section(paper, "3. Nội dung giấy tờ cần lưu ý")
    problems = (("Nội dung", 85, "text"), ("Từ ngày", 27, "since"), ("Căn cứ", 48, "law"))
    _or_nothing(paper, "problems", "Không có.", lambda: look.listing(paper, problems, "problems"))
    look.section(paper, "4. Các lượt kiểm tra")
    checks = (("Ngày", 27, "date"), ("Cơ quan", 38, "body"), ("Kết quả", 95, "text"))
    _or_nothing(
        paper, "checks", "Chưa ghi nhận lượt kiểm tra nào.", lambda: look.listing(paper, checks, "checks")
    )
    _only_if(paper, "risk", lambda: _risk(paper))
    look.signature(paper, "NGƯỜI LẬP PHIẾU")
    return paper


def _risk(paper: Paper) -> None:
    look.section(paper, "5. Mức độ nguy cơ")
    look.line(paper, "{{ risk.text }}")
    look.listing(paper, (("Vì sao có điểm này", 160, "text"),), "risk.parts")
    look.line(paper, "Điểm chỉ để xếp thứ tự và giải thích; con người quyết định.", italic=True)


def _only_if(paper: Paper, tag: str, build: Any) -> None:
    look.line(paper, f"{{%p if {tag} %}}")
    build()
    look.line(paper, "{%p endif %}")


def _or_nothing(paper: Paper, rows: str, nothing: str, build: Any) -> None:
    """A table, or a sentence where it would be empty."""
    look.line(paper, f"{{%p if {rows} %}}")
    build()
    look.line(paper, "{%p else %}")
    look.line(paper, nothing)
    look.line(paper, "{%p endif %}")


def _values(file: PremisesFile, *, with_risk: bool, demo: bool) -> dict[str, Any]:
    day = file.day
    made_up = msg("Bản minh họa: cơ sở, điểm phức tạp và sự việc đều là dữ liệu giả định.")
    return {
        "office_above": _DOTS,
        "office": _DOTS,
        "place_and_date": f"Hà Nội, ngày {day:%d} tháng {day:%m} năm {day:%Y}",
        "name": file.facts.name,
        "as_of": f"(Theo dữ liệu đến ngày {day:%d/%m/%Y})",
        "demo": render(made_up) if demo else "",
        "facts": [{"name": name, "value": value} for name, value in _facts(file) if value],
        "papers": [
            {
                "kind": sentence(label(paper.kind)),
                "number": paper.number or "",
                "issued": show(paper.issued_on),
                "state": label(paper.state),
            }
            for paper in file.papers
        ],
        "problems": [
            {"text": sentence(render(problem.text)), "since": show(problem.since), "law": problem.law or ""}
            for problem in file.problems
        ],
        "checks": [
            {"date": show(check.on_date), "body": render(body_text(check.body)), "text": _told(check)}
            for check in file.checks
        ],
        "risk": _risk_values(file) if with_risk else None,
    }


def _facts(file: PremisesFile) -> Sequence[tuple[str, str]]:
    facts = file.facts
    hidden = msg("có, không hiển thị") if facts.hidden_registration else None
    status: Message | str = label(facts.status)
    if facts.status_since is not None:
        status = msg("{status} từ ngày {date}", status=facts.status, date=facts.status_since)
    place = "" if facts.lon is None else f"{facts.lat:.6f}, {facts.lon:.6f} ({label(facts.location_quality)})"
    return (
        ("Loại hình", sentence(label(facts.type))),
        ("Địa chỉ", facts.address),
        ("Phường", facts.ward_name or ""),
        ("Tọa độ (vĩ độ, kinh độ)", place or label(LocationQuality.NONE)),
        ("Tình trạng", sentence(render(status))),
        ("Số đăng ký", facts.registration_number or (render(hidden) if hidden else "")),
        ("Không có đăng ký, căn cứ", facts.unregistered_basis or ""),
        ("Số phòng", show(facts.rooms)),
        ("Số lao động", show(facts.workers)),
        ("Ngày mở cửa", show(facts.opened_on)),
        ("Ngày ký cam kết", show(facts.commitment_on) or "Chưa ký"),
        ("Căn cứ có biểu hiện phức tạp", facts.complex_grounds or ""),
        ("Kiểm tra trong năm", render(file.cap) if file.cap else ""),
    )


def _told(check: Check) -> str:
    """Result, papers and findings of a check; of one outside the reader's scope day and body alone."""
    if check.detail is None:
        return render(check_text(check))
    detail = check.detail
    told = [sentence(f"{label(detail.kind)}: {label(detail.outcome)}")]
    told += [f"QĐ {detail.decision_number}"] if detail.decision_number else []
    told += [f"BB {detail.minutes_number}"] if detail.minutes_number else []
    for found in detail.findings:
        text = f"{label(found.kind)}: {found.text}" if found.text else label(found.kind)
        told.append(f"{text} ({found.document})" if found.document else text)
    return "; ".join(told)


def _risk_values(file: PremisesFile) -> dict[str, Any] | None:
    if file.risk is None:
        return None
    text = msg("Điểm {score}/100, hạng {rank} trong {of} cơ sở đang hoạt động.", score=number(file.risk.score),
               rank=file.risk.rank, of=file.risk.of)  # fmt: skip
    parts = sorted(file.risk.parts, key=lambda part: -abs(part.points))
    return {
        "text": render(text),
        "parts": [{"text": render(part.text)} for part in parts],
    }
