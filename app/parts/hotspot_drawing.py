"""Drawing a new hotspot, giving one another shape, and splitting one: the map and the form beside it."""

from __future__ import annotations

from collections.abc import Callable

import geopandas as gpd
import shapely
import streamlit as st

from app.parts.cached import map_data
from app.parts.drawing_map import Draft, draft, drawing_map, forget_draft
from app.parts.failures import told
from app.parts.hotspot_reads import overview
from app.parts.hotspot_streets import street_tools
from app.parts.plain import plain
from app.parts.visit import Visit
from app.services import hotspot_shapes as service
from app.services.hotspot_view import HotspotSheet
from app.text import _, label, number, render
from geo.words import HotspotState
from layers.drawing import Tool

DAY = "DD/MM/YYYY"
NAME = "new-hotspot-name"
Done = Callable[[str | None], None]


def _tools() -> dict[Tool, str]:
    return {Tool.AREA: _("Vẽ vùng"), Tool.LINE: _("Vẽ đoạn đường"), Tool.POINT: _("Đặt điểm")}


def draw_new(visit: Visit, done: Done) -> None:
    """Draw a new hotspot and put it on record; ``done`` is called with its id, or None when given up."""
    st.subheader(_("Điểm phức tạp mới"))
    one = draft("new")
    left, right = st.columns([5, 3], gap="small")
    with left:
        drawing_map(visit, one, overview(visit), _tools())
        _how_to()
    with right:
        street_tools(map_data(visit, visit.today).streets, one, NAME)
        _size(visit, one)
        with st.form("new-hotspot", border=False):
            name = st.text_input(
                _("Tên điểm"), max_chars=300, key=NAME, placeholder=_("Khu vực …, đoạn đường …")
            )
            with st.container(horizontal=True):
                state = st.selectbox(
                    _("Trạng thái đầu"),
                    [HotspotState.SUSPECTED, HotspotState.ACTIVE],
                    format_func=label,
                    width=180,
                )
                found = st.date_input(
                    _("Ngày phát hiện"), visit.today, max_value=visit.today, format=DAY, width=150
                )
            reason = st.text_input(_("Lý do (không ghi tên người, số điện thoại)"), max_chars=500)
            document = st.text_input(_("Số văn bản (nếu có)"), max_chars=200)
            with st.expander(_("Theo dõi")):
                catchment = st.number_input(_("Bán kính theo dõi (m)"), 20.0, 2000.0, 200.0, 10.0)
                rhythm = st.number_input(_("Tuần tra ít nhất mỗi (ngày)"), 1, 120, 14)
                months = st.number_input(_("Thời gian theo dõi (tháng)"), 1, 120, 24)
                by = st.text_input(_("Đơn vị tuần tra (tên cơ quan, không ghi tên người)"), max_chars=200)
            with st.container(horizontal=True):
                saved = st.form_submit_button(_("Ghi điểm mới"), type="primary")
                given_up = st.form_submit_button(_("Hủy"))
    if given_up:
        _leave(done, None)
    if saved:
        with told():
            new_id, notes = service.new_hotspot(
                visit.store,
                visit.actor,
                service.NewHotspot(
                    name=name,
                    geometry=one.shape,
                    state=state,
                    found_on=found,
                    reason=reason,
                    document=document.strip() or None,
                    catchment_m=float(catchment),
                    watch_months=int(months),
                    patrol_every_days=int(rhythm),
                    patrol_by=by,
                ),
            )
            _tell(_("Đã ghi điểm mới."), notes)
            _leave(done, new_id)


def draw_shape(visit: Visit, sheet: HotspotSheet, done: Done) -> None:
    """Change the shape of a hotspot."""
    spot = sheet.spot
    st.subheader(_("Sửa hình: {name}", name=plain(spot["name"])))
    one = draft(f"edit-{spot['id']}", start=spot.geometry)
    version = _opened_with(one, int(spot["version"]))
    left, right = st.columns([5, 3], gap="small")
    with left:
        drawing_map(visit, one, _others(visit, spot["id"]), _tools())
        _how_to()
    with right:
        street_tools(map_data(visit, visit.today).streets, one, None)
        _size(visit, one)
        with st.form("hotspot-shape", border=False):
            reason = st.text_input(_("Vì sao sửa hình"), max_chars=500)
            with st.container(horizontal=True):
                saved = st.form_submit_button(_("Lưu hình mới"), type="primary")
                given_up = st.form_submit_button(_("Hủy"))
    if given_up:
        _leave(done, spot["id"])
    if saved:
        with told():
            notes = service.change_shape(
                visit.store, visit.actor, spot["id"], one.shape, version=version, reason=reason
            )
            _tell(_("Đã ghi."), notes)
            _leave(done, spot["id"])


def draw_split(visit: Visit, sheet: HotspotSheet, done: Done) -> None:
    """Cut a hotspot into parts by a line across it."""
    spot = sheet.spot
    st.subheader(_("Tách điểm: {name}", name=plain(spot["name"])))
    one = draft(f"split-{spot['id']}", fixed=spot.geometry)
    version = _opened_with(one, int(spot["version"]))
    left, right = st.columns([5, 3], gap="small")
    with left:
        drawing_map(visit, one, _others(visit, spot["id"]), {Tool.CUT: _("Vẽ nét cắt")})
        st.caption(_("Bắt đầu nét cắt ở ngoài hình, đi ngang qua và kết thúc ở ngoài hình."))
    parts = []
    with right:
        st.caption(
            _(
                "Các phần giữ nguyên trạng thái, lịch sử và nhịp tuần tra của điểm cũ; điểm cũ ngừng từ hôm "
                "nay. Cảnh báo đang mở của điểm cũ được khép lại và lần quét sau xét từng phần."
            )
        )
        with told():
            if one.shape is not None:
                frame = gpd.GeoDataFrame([spot], geometry="geometry", crs="EPSG:4326")
                parts = service.pieces(frame, one.shape)
        with st.form("hotspot-split", border=False):
            names = [
                st.text_input(
                    _("Tên phần {n} (từ tây sang đông, {size})", n=i + 1, size=_measure(part)),
                    f"{spot['name']} ({_('phần {n}', n=i + 1)})",
                    max_chars=300,
                    key=f"split-{spot['id']}-{len(parts)}-{i}",
                )
                for i, part in enumerate(parts)
            ]
            if not parts:
                st.info(_("Vẽ một nét cắt trên bản đồ trước."))
            reason = st.text_input(_("Lý do tách"), max_chars=500)
            document = st.text_input(_("Số văn bản (nếu có)"), max_chars=200)
            with st.container(horizontal=True):
                saved = st.form_submit_button(_("Tách điểm"), type="primary", disabled=not parts)
                given_up = st.form_submit_button(_("Hủy"))
    if given_up:
        _leave(done, spot["id"])
    if saved and one.shape is not None:
        with told():
            ids = service.split_hotspot(
                visit.store,
                visit.actor,
                spot["id"],
                one.shape,
                names,
                version=version,
                reason=reason,
                document=document.strip() or None,
            )
            _tell(_("Đã tách thành {n} điểm.", n=len(ids)), ())
            _leave(done, None)


def _opened_with(one: Draft, version: int) -> int:
    """The hotspot's version when the drawing was begun, whatever others have saved since."""
    key = f"hotspot-version-{one.purpose}-{one.turn // 100}"
    kept: int = st.session_state.setdefault(key, version)
    return kept


def _others(visit: Visit, but: str) -> gpd.GeoDataFrame:
    spots = overview(visit)
    return spots[spots["id"] != but]


def _how_to() -> None:
    st.caption(
        _("Chọn công cụ ở góc phải bản đồ. Sau khi vẽ có thể kéo từng đỉnh; bấm vào một đỉnh để bỏ đỉnh đó.")
    )


def _size(visit: Visit, one: Draft) -> None:
    """What would be stored of the drawing: its size and what has to be mended, before anything is written."""
    if one.shape is None:
        st.info(_("Chưa có hình: hãy vẽ trên bản đồ."))
        return
    with told():
        shape, (length_m, area_m2) = service.checked(visit.store, visit.actor, one.shape)
        told_size = _measure({"length_m": length_m, "area_m2": area_m2})
        st.markdown(f":material/straighten: **{told_size}**")
        for note in shape.notes:
            st.warning(render(note))


def _measure(part: dict[str, float | shapely.Geometry]) -> str:
    length, area = float(part["length_m"]), float(part["area_m2"])  # type: ignore[arg-type]
    if area >= 10_000:
        return _("vùng {n} ha", n=number(area / 10_000, 2))
    if area:
        return _("vùng {n} m²", n=number(area, 0))
    return _("đoạn dài {n} m", n=number(length, 0)) if length else _("một điểm")


def _tell(text: str, notes: tuple[object, ...]) -> None:
    st.toast("  \n".join([text, *(render(note) for note in notes)]))  # type: ignore[arg-type]


def _leave(done: Done, hotspot_id: str | None) -> None:
    forget_draft()
    st.session_state.pop(NAME, None)
    done(hotspot_id)
    st.rerun()
