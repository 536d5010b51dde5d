"""Packages of a period: taking one's own along, taking in those of the wards, all wards together."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app.access import Right, may
from app.parts.failures import told
from app.parts.figure_choice import choose_ward
from app.parts.plain import plain
from app.parts.visit import Visit
from app.services import collected as collecting
from app.services import packages
from app.services.collected import Collected, Source, WardSource
from app.text import _, number, render, show
from geo.periods import Period
from geo.target_texts import NAMES

_MADE = "package-made"


def package_desk(visit: Visit, period: Period) -> None:
    """Sending and receiving, then what is there of every ward."""
    if may(visit.actor, Right.REPORT):
        left, right = st.columns(2, gap="large")
        with left, told():
            _send(visit, period)
        with right, told():
            _receive(visit)
    with told():
        _collected(collecting.collected(visit.store, visit.actor, period, as_of=visit.today))


def _send(visit: Visit, period: Period) -> None:
    st.markdown(f"**{_('Gửi lên cấp trên')}**")
    ward = choose_ward(visit, period, "package")
    if ward is None:
        return
    at = f"{ward[0]}|{period.text}"
    if st.button(_("Lập gói số liệu"), icon=":material/inventory_2:", help=_("Một tệp có mã kiểm tra.")):
        code = packages.code_of(visit.store, visit.actor, ward[0])
        content, document = packages.make_package(visit.store, visit.actor, period, code, as_of=visit.today)
        st.session_state[_MADE] = (at, content, document["checksum"])
    made = st.session_state.get(_MADE)
    if made and made[0] == at:
        st.download_button(
            _("Tải gói số liệu"),
            made[1],
            file_name=f"goi-so-lieu-{period.text}-{packages.file_word(ward[1])}.json",
            mime="application/json",
            icon=":material/download:",
            on_click="ignore",
        )
        st.caption(_("Mã kiểm tra: {code}", code=made[2][:16]))


def _receive(visit: Visit) -> None:
    st.markdown(f"**{_('Nhận gói của phường')}**")
    file = st.file_uploader(
        _("Tệp gói số liệu (.json)"), type=["json"], max_upload_size=packages.MOST_MEGABYTES, key="package-file"
    )
    if file is None or not st.button(_("Nhận gói này"), icon=":material/move_to_inbox:"):
        return
    done = packages.receive(visit.store, visit.actor, file.getvalue(), file.name)
    words = {"ward": plain(done["ward"]), "period": done["period"]}
    if not done["new"]:
        st.info(_("Gói này đã nhận trước đó; không tính thêm."))
    elif done["newest"]:
        st.success(_("Đã nhận gói số liệu của {ward}, kỳ {period}.", **words))
    else:
        st.warning(
            _("Đã lưu, nhưng {ward} đã gửi một gói mới hơn cho kỳ {period}; gói mới hơn được tính.", **words)
        )


def _collected(found: Collected) -> None:
    st.markdown(f"**{_('Tổng hợp các phường')}**")
    if not found.wards:
        st.info(_("Chưa đủ dữ liệu: chưa có phường nào trong địa bàn của bạn vào kỳ này."))
        return
    if found.missing:
        names = ", ".join(plain(one.ward) for one in found.missing)
        st.warning(_("Chưa có số liệu của {n} phường: {names}.", n=len(found.missing), names=names))
    st.caption(
        _(
            "Mỗi phường tính một lần: số nhập ở đây, nếu không có thì gói mới nhất. Hạn gửi gói {day}.",
            day=found.due_on,
        )
    )
    left, right = st.columns([5, 6], gap="medium")
    left.dataframe(_wards(found.wards), hide_index=True)
    right.dataframe(_targets(found), hide_index=True)


def _wards(wards: tuple[WardSource, ...]) -> pd.DataFrame:
    words = {
        Source.OWN: _("nhập ở đây"),
        Source.PACKAGE: _("gói đã gửi"),
        Source.MISSING: _("chưa có"),
    }
    return pd.DataFrame(
        {
            _("Phường"): [one.ward for one in wards],
            _("Lấy từ"): [words[one.source] for one in wards],
            _("Nhận gói ngày"): [show(one.received_on) for one in wards],
            _("Ghi chú"): [_remark(one) for one in wards],
        }
    )


def _remark(one: WardSource) -> str:
    words = [_("gửi sau hạn")] if one.late else []
    if one.differing:
        words.append(_("gói khác số ở đây: {codes}", codes=", ".join(one.differing)))
    return "; ".join(words)


def _targets(found: Collected) -> pd.DataFrame:
    return pd.DataFrame(
        {
            _("Mã"): [one.code for one in found.targets],
            _("Chỉ tiêu"): [render(NAMES[one.code]) if one.code in NAMES else "" for one in found.targets],
            _("Kết quả"): [
                number(one.numerator)
                if one.denominator is None
                else f"{number(one.numerator)} / {number(one.denominator)}"
                for one in found.targets
            ],
            _("Số phường"): [one.wards for one in found.targets],
        }
    )
