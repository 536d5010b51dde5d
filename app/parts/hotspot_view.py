"""One hotspot's own view: state, map, control chart, patrols, timeline, premises, documents, displacement."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st

from app.access import Right, may
from app.config import ROOT
from app.parts.alert_card import OPENED
from app.parts.alert_words import order_word
from app.parts.control_chart import control_chart
from app.parts.failures import told
from app.parts.hotspot_displacement import displacement_part
from app.parts.hotspot_forms import given_transition, given_watch, transition_form, watch_form
from app.parts.hotspot_maps import hotspot_map
from app.parts.hotspot_reads import sheet as read_sheet
from app.parts.patrol_strip import patrol_strip
from app.parts.plain import plain
from app.parts.search_box import CHOSEN
from app.parts.visit import Visit, require_visit
from app.services.hotspot_view import HotspotSheet
from app.text import _, label, number, render, show
from geo.words import AlertKind, AlertState, HotspotState, PremisesStatus, PremisesType

DAY = "DD/MM/YYYY"
_PREMISES, _ALERTS = (ROOT / "app" / "pages" / f"{name}.py" for name in ("premises", "alerts"))
TIMELINE, INSIDE, PAPERS, MOVED = "timeline", "inside", "papers", "moved"


def hotspot_view(visit: Visit, hotspot_id: str, tools: Callable[[HotspotSheet], None]) -> None:
    """Draw everything about one hotspot; ``tools`` are the buttons that change its shape."""
    given_transition(visit)
    given_watch(visit)
    with told():
        sheet = read_sheet(visit, hotspot_id)
        st.subheader(plain(sheet.spot["name"]))
        _origin(sheet)
        _figures(visit, sheet)
        _alerts(sheet)
        left, right = st.columns([5, 4], gap="small")
        with left:
            hotspot_map(visit, sheet)
        with right:
            _chart(sheet)
            st.markdown(f"**{_('Tuần tra 12 tháng qua')}**")
            patrol_strip(sheet.patrols)
        _sections(hotspot_id)
        if may(visit.actor, Right.EDIT_PLACES):
            transition_form(visit, sheet)
            watch_form(visit, sheet)
            tools(sheet)


def _origin(sheet: HotspotSheet) -> None:
    """Who named it, and that its watch began before the last split."""
    source = sheet.spot.get("source")
    if isinstance(source, str) and source:
        st.caption(_("Nguồn: {source}", source=plain(source)))


def _figures(visit: Visit, sheet: HotspotSheet) -> None:
    spot, due = sheet.spot, sheet.patrols.due
    figures = [
        (_("Trạng thái"), label(sheet.state), _("từ {day}", day=spot["state_since"].date())),
        (
            _("Yên được (ngày)"),
            "–" if sheet.quiet_days is None else str(sheet.quiet_days),
            _("không có dấu hiệu mại dâm trong vùng"),
        ),
    ]
    if due is not None:
        overdue = (visit.today - due).days
        when = _("quá hạn {n} ngày", n=overdue) if overdue > 0 else show(due)
        figures.append((_("Tuần tra tới"), when, _why_due(sheet)))
    if sheet.watch_ends is not None:
        months = _("{n} tháng từ tin có căn cứ gần nhất", n=int(spot["watch_months"]))
        figures.append((_("Theo dõi đến"), show(sheet.watch_ends), months))
    by = spot["patrol_by"] if isinstance(spot["patrol_by"], str) else _("chưa phân công")
    figures.append((_("Ai tuần tra"), by, _("bán kính theo dõi {n} m", n=round(spot["catchment_m"]))))
    with st.container(horizontal=True, gap="medium"):
        for name, value, more in figures:
            st.markdown(f"{name}  \n**{plain(value)}**  \n:small[{plain(more)}]", width="content")


def _why_due(sheet: HotspotSheet) -> str:
    """The order that still stands, or the rhythm of the watch."""
    if sheet.patrols.ordered is not None:
        return order_word(sheet.patrols.ordered)
    return _("mỗi {n} ngày", n=int(sheet.spot["patrol_every_days"]))


def _alerts(sheet: HotspotSheet) -> None:
    """Open alerts of this place, with the way to the inbox."""
    opened = sheet.alerts[sheet.alerts["open"]]
    for alert in opened.itertuples():
        with st.container(horizontal=True, vertical_alignment="center", border=True):
            text = render(alert.text)
            st.markdown(
                f":material/notifications_active: **{label(AlertKind(alert.kind))}** · "
                f"{label(AlertState(alert.state))} · {show(alert.raised_on.date())}  \n{plain(text)}",
                width="stretch",
            )
            if st.button(_("Mở cảnh báo"), key=f"open-alert-{alert.id}"):
                st.switch_page(_ALERTS, query_params={OPENED: alert.id})


def _chart(sheet: HotspotSheet) -> None:
    if sheet.chart is None:
        return
    st.markdown(
        f"**{_('Sự việc mỗi tuần trong vùng theo dõi')}**",
        help=_(
            "Nguồn tin tính theo mức xác minh và độ tin cậy, dấu hiệu do tuần tra thấy, vi phạm liên quan mại "
            "dâm, giấy phép cấp lại. Ngưỡng do bộ phát hiện tính từ quá khứ yên tĩnh của điểm này và các "
            "điểm khác, có xét mức độ tuần tra và báo tin của toàn địa bàn. Một lời báo chưa phải là kết luận."
        ),
    )
    chart = sheet.chart
    control_chart(list(chart.last_days), chart.observed, chart.expected, chart.threshold, chart.alarm)
    if not chart.judged:
        st.caption(
            _("Bộ phát hiện chỉ xét điểm đang yên (đã triệt xóa hoặc hết theo dõi), nên chưa có ngưỡng.")
        )


@st.fragment
def _sections(hotspot_id: str) -> None:
    """The parts that are long, one at a time."""
    visit = require_visit()
    with told():
        sheet = read_sheet(visit, hotspot_id)
        names = {
            TIMELINE: _("Diễn biến"),
            INSIDE: _("Cơ sở trong vùng"),
            PAPERS: _("Văn bản"),
            MOVED: _("Dịch chuyển"),
        }
        chosen = st.segmented_control(
            _("Xem"),
            list(names),
            default=TIMELINE,
            format_func=names.__getitem__,
            key="hotspot-section",
            label_visibility="collapsed",
        )
        if chosen == INSIDE:
            _premises(sheet)
        elif chosen == PAPERS:
            _papers(sheet)
        elif chosen == MOVED:
            displacement_part(visit, sheet)
        else:
            _timeline(sheet)


def _kind_word(kind: str) -> str:
    """What one line of the timeline is."""
    return {
        "transition": _("chuyển trạng thái"),
        "signal": _("nguồn tin"),
        "finding": _("vi phạm"),
        "patrol": _("tuần tra"),
        "licence": _("giấy phép"),
        "shape": _("hình của điểm"),
    }[kind]


def _timeline(sheet: HotspotSheet) -> None:
    rows = sheet.timeline
    kinds = list(dict.fromkeys(rows["kind"]))
    picked = st.pills(
        _("Loại"),
        kinds,
        selection_mode="multi",
        format_func=_kind_word,
        key="hotspot-kinds",
        label_visibility="collapsed",
    )
    rows = rows[rows["kind"].isin(picked or kinds)]
    table = pd.DataFrame(
        {
            _("Ngày"): rows["on_date"],
            _("Loại"): [_kind_word(kind) for kind in rows["kind"]],
            _("Kết quả"): [render(word) for word in rows["word"]],
            _("Nội dung"): [render(text) for text in rows["text"]],
        }
    )
    settings = {
        _("Ngày"): st.column_config.DateColumn(format=DAY, width="small"),
        _("Loại"): st.column_config.TextColumn(width="small"),
        _("Nội dung"): st.column_config.TextColumn(width="large"),
    }
    st.dataframe(table, hide_index=True, height=330, column_config=settings, placeholder="")


def _premises(sheet: HotspotSheet) -> None:
    rows = sheet.premises.sort_values("score", ascending=False, na_position="last")
    st.markdown(_("**{n}** cơ sở trong vùng theo dõi", n=len(rows)))
    ids = list(rows["id"])

    def opened() -> None:
        picked = st.session_state["hotspot-premises"]["selection"]["rows"]
        if picked and picked[0] < len(ids):
            st.session_state[CHOSEN] = ids[picked[0]]

    table = pd.DataFrame(
        {
            _("Cơ sở"): rows["name"],
            _("Loại hình"): [label(PremisesType(kind)) for kind in rows["type"]],
            _("Tình trạng"): [label(PremisesStatus(status)) for status in rows["status"]],
            _("Điểm"): rows["score"].astype(float),
            _("Địa chỉ"): rows["address"],
        }
    )
    bar = st.column_config.ProgressColumn(min_value=0, max_value=100, format="%.1f")
    st.dataframe(
        table,
        hide_index=True,
        height=min(330, 38 + 35 * max(len(rows), 1)),
        selection_mode="single-row",
        on_select=opened,
        column_config={_("Điểm"): bar},
        placeholder="",
        key="hotspot-premises",
    )
    if CHOSEN in st.session_state:
        st.switch_page(_PREMISES)
    since = sheet.eliminated_on
    title = _("Thay đổi từ khi triệt xóa ({day})", day=since) if since else _("Thay đổi tại các cơ sở này")
    st.markdown(f"**{title}**")
    changed = pd.DataFrame(
        {
            _("Ngày"): sheet.changes["on_date"],
            _("Cơ sở"): sheet.changes["name"],
            _("Thay đổi"): [render(what) for what in sheet.changes["what"]],
        }
    )
    days = {_("Ngày"): st.column_config.DateColumn(format=DAY)}
    st.dataframe(changed, hide_index=True, height=260, column_config=days, placeholder="")


def _papers(sheet: HotspotSheet) -> None:
    """Papers of the changes of state, and of the alerts."""
    rows = [
        (
            one.on_date,
            label(one.what) if isinstance(one.what, HotspotState) else one.what,
            one.number,
            one.reason,
        )
        for one in sheet.documents
    ]
    for alert in sheet.alerts.itertuples():
        number_ = getattr(alert, "document", None)
        if isinstance(number_, str) and number_:
            rows.append((alert.raised_on.date(), label(AlertKind(alert.kind)), number_, render(alert.text)))
    table = pd.DataFrame(rows, columns=[_("Ngày"), _("Về việc"), _("Số văn bản"), _("Nội dung")])
    table[_("Ngày")] = pd.to_datetime(table[_("Ngày")])
    if table.empty:
        st.caption(_("Chưa ghi văn bản nào."))
        return
    days = {_("Ngày"): st.column_config.DateColumn(format=DAY)}
    st.dataframe(table, hide_index=True, column_config=days, placeholder="")
    st.caption(_("{n} văn bản.", n=number(len(rows), 0)))
