"""Taking in hotspots from a file: GeoJSON, KML, GPX, GeoPackage, Shapefile or a table."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pandas as pd
import streamlit as st

from app.parts.failures import told
from app.parts.visit import Visit
from app.services.events_import import import_events
from app.services.import_downloads import template_workbook
from app.text import _

_TYPES = ["geojson", "json", "kml", "kmz", "gpx", "gpkg", "zip", "xlsx", "csv"]
_MEGABYTES = 20


def hotspot_import(visit: Visit) -> None:
    """The field for a file, what it should hold, and what came of it."""
    with st.expander(_("Nhập từ tệp"), icon=":material/upload_file:"):
        st.markdown(
            _(
                "Mỗi đối tượng là một điểm, một đoạn đường hay một vùng. Thuộc tính: `name` (tên), `state` "
                "(suspected, active, eliminated, cleared, reactivated, dismissed hoặc chữ tiếng Việt), "
                "`found`, `eliminated`, `since` (ngày), `document` (số văn bản), `catchment_m`, "
                "`watch_months`, `patrol_every_days`, `patrol_by`. Tệp GPX và KML ghi thuộc tính trong phần "
                "mô tả, mỗi dòng một mục, ví dụ “trạng thái: đã triệt xóa”; không ghi trạng thái thì là điểm "
                "nghi vấn. Vết GPX khép kín thành vùng."
            )
        )
        uploaded = st.file_uploader(
            _("Tệp .geojson, .kml, .kmz, .gpx, .gpkg, .zip, .xlsx, .csv, tối đa {n} MB", n=_MEGABYTES),
            type=_TYPES,
            max_upload_size=_MEGABYTES,
            key="hotspot-file",
        )
        with st.container(horizontal=True):
            pressed = st.button(_("Nhập"), type="primary", disabled=uploaded is None)
            st.download_button(
                _("Tải tệp mẫu"),
                template_workbook("hotspots"),
                file_name="mau-diem-phuc-tap.xlsx",
                icon=":material/download:",
                on_click="ignore",
            )
        if pressed and uploaded is not None:
            with told():
                _take_in(visit, uploaded.name, uploaded.getvalue())


def _take_in(visit: Visit, name: str, content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / Path(name).name
        file.write_bytes(content)
        answer = import_events(visit.store, visit.actor, "hotspots", file, into_demo=visit.demo)
    st.success(_("Đã đọc {read} mục, thêm {added} điểm.", read=answer["read"], added=answer["added"]))
    if answer["rejected"]:
        problems = pd.DataFrame(answer["rejected"])
        titles = {"row": _("Dòng"), "column": _("Cột"), "value": _("Giá trị"), "problem": _("Vướng mắc")}
        st.dataframe(problems.rename(columns=titles)[list(titles.values())], hide_index=True)
