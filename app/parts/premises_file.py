"""One premises on one page: facts, papers, checks, signals, risk and the timeline, ready to be printed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from app.parts.plain import plain
from app.parts.score import score_parts
from app.services.premises_file import Check, Paper, PremisesFile, check_text, sentence
from app.text import _, label, number, render, show
from geo.word_texts import body_text
from geo.words import PaperState

#: Containers whose key begins so stay off paper: neither score nor signals leave the office that way.
OFF_PAPER = "off-paper"
#: On paper only the sheet itself: no side bar, buttons, forms or map; long pages are not cut off.
_PRINT = """<style>@media print{
[data-testid="stSidebar"],[data-testid="stHeader"],[data-testid="stExpander"],iframe,
[class*="st-key-off-paper"]{display:none!important}
html,body,#root,[data-testid="stApp"],[data-testid="stAppViewContainer"],[data-testid="stMain"],
[data-testid="stAppViewContainer"]>*{overflow:visible!important;height:auto!important;position:static!important}
.block-container{padding:0!important}table{font-size:10pt;break-inside:auto}tr{break-inside:avoid}
@page{size:A4;margin:15mm 15mm 15mm 20mm}}</style>"""


def print_style() -> None:
    """Make the page fit for paper."""
    st.html(_PRINT)


def table(columns: Sequence[str], rows: Sequence[Sequence[Any]], nothing: str) -> None:
    """A plain table, which wraps and prints whole; a sentence where it would be empty."""
    if not rows:
        st.caption(nothing)
        return
    frame = pd.DataFrame(
        [[plain(value if isinstance(value, str) else show(value)) for value in row] for row in rows],
        columns=list(columns),
    )
    st.table(frame, hide_index=True, border="horizontal")


def facts(file: PremisesFile) -> None:
    """What the register holds; empty values are left out."""
    known = file.facts
    hidden = _("có, không hiển thị") if known.hidden_registration else None
    signed = show(known.commitment_on) or _("chưa ký")
    last = next((show(check.on_date) for check in file.checks if check.took_place), _("chưa có"))
    pairs = (
        (_("Địa chỉ"), known.address),
        (_("Phường"), known.ward_name),
        (_("Vị trí"), known.location_quality),
        (_("Số đăng ký"), known.registration_number or hidden),
        (_("Không có đăng ký, căn cứ"), known.unregistered_basis),
        (_("Số phòng"), known.rooms),
        (_("Số lao động"), known.workers),
        (_("Mở cửa"), known.opened_on),
        (_("Ký cam kết"), signed),
        (_("Kiểm tra gần nhất"), last),
        (_("Biểu hiện phức tạp, căn cứ"), known.complex_grounds),
    )
    lines = [f"{name}: **{plain(text)}**" for name, value in pairs if (text := show(value))]
    st.markdown("  \n".join(lines))


def papers(file: PremisesFile) -> None:
    """Papers as they stand, and what is wrong with them."""
    st.subheader(_("Giấy tờ"))
    table(
        [_("Loại giấy"), _("Số"), _("Ngày cấp"), _("Tình trạng")],
        [(sentence(label(one.kind)), one.number or "", one.issued_on, _state(one)) for one in file.papers],
        _("Chưa ghi nhận giấy tờ nào."),
    )
    if file.problems:
        st.markdown(_("**Cần lưu ý**"))
        table(
            [_("Nội dung"), _("Từ ngày"), _("Căn cứ")],
            [(sentence(render(one.text)), one.since, one.law or "") for one in file.problems],
            "",
        )


def _state(paper: Paper) -> str:
    """How a paper stands, since when, and the term of one that has any."""
    since = {PaperState.WITHDRAWN: paper.withdrawn_on, PaperState.SUSPENDED: paper.suspended_on}.get(
        paper.state
    )
    told = [label(paper.state)]
    told += [_("từ {date}", date=since)] if since else []
    told += [_("thời hạn {date}", date=paper.term_until)] if paper.term_until else []
    return " · ".join(told)


def checks(file: PremisesFile) -> None:
    """Inspections of every body with what they found; of another ward's, day and body alone."""
    st.subheader(_("Các lượt kiểm tra"))
    if file.cap is not None:
        st.caption(plain(render(file.cap)))
    table(
        [_("Ngày"), _("Cơ quan"), _("Kết quả")],
        [(check.on_date, render(body_text(check.body)), _result(check)) for check in file.checks],
        _("Chưa ghi nhận lượt kiểm tra nào."),
    )


def _result(check: Check) -> str:
    """What came of a check: outcome, grounds, numbers of its papers, findings."""
    if check.detail is None:
        return render(check_text(check))
    detail = check.detail
    told = [
        f"{sentence(label(detail.kind))}: {label(detail.outcome)}",
        detail.grounds,
        detail.decision_number,
        detail.minutes_number,
        *(_finding(one) for one in detail.findings),
    ]
    return "; ".join(filter(None, told))


def _finding(found: Any) -> str:
    text = f"{label(found.kind)}: {found.text}" if found.text else label(found.kind)
    if found.closed_on is not None:
        return _("{text} (khắc phục xong {date})", text=text, date=found.closed_on)
    return _("{text} (hạn khắc phục {date})", text=text, date=found.deadline) if found.deadline else text


def signals(file: PremisesFile) -> None:
    """Signals that name the premises or lie around it, and hotspots whose catchment holds it."""
    st.subheader(_("Nguồn tin và điểm phức tạp"))
    for spot in file.hotspots:
        told = _("Trong vùng theo dõi của {name}: {state} từ {date}", name=spot.name, state=spot.state,
                 date=spot.since)  # fmt: skip
        st.markdown(f"- {plain(told)}")
    rows = []
    for one in file.signals:
        where = _("nêu đích danh cơ sở") if one.names_it else _("cách {m} m", m=int(one.distance_m or 0))
        rows.append((one.on_date, sentence(label(one.source)), label(one.state), one.rating, where, one.text))
    table(
        [_("Ngày"), _("Nguồn"), _("Xử lý"), _("Đánh giá"), _("Ở đâu"), _("Nội dung")],
        rows,
        _("Không có nguồn tin nào tại đây hoặc gần đây."),
    )


def risk(file: PremisesFile) -> None:
    """The score with its parts."""
    st.subheader(_("Mức độ nguy cơ"))
    if file.risk is None:
        st.caption(_("Chỉ cơ sở đang hoạt động trong địa bàn mới có điểm."))
        return
    told = _(
        "Hạng {rank} trong {of} cơ sở đang hoạt động. Điểm chỉ để xếp thứ tự và giải thích. Mô hình: {model}.",
        rank=file.risk.rank,
        of=file.risk.of,
        model=f"{file.risk.model.name} {file.risk.model.version}",
    )
    st.caption(plain(told))
    score_parts({"name": file.facts.name, "score": file.risk.score, "parts": file.risk.parts})


def timeline(file: PremisesFile) -> None:
    """Everything that happened here, newest first."""
    st.subheader(_("Diễn biến"))
    lines = file.timeline
    table(
        [_("Ngày"), _("Việc"), _("Nội dung")],
        [(line.on_date, render(line.what), sentence(render(line.text))) for line in lines],
        _("Chưa có gì."),
    )
    st.caption(_("{n} việc", n=number(len(lines), 0)))
