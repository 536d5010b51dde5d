"""Cơ sở trùng: pairs that may be one premises, side by side, for a person to merge or to tell apart."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from app.parts.failures import told
from app.parts.plain import plain
from app.parts.visit import Visit, require_visit
from app.services import duplicates as service
from app.services import merging
from app.text import _, number, render, show, show_time
from geo.messages import Message, msg

_FIELDS: dict[str, Message] = {
    "name": msg("Tên"),
    "type": msg("Loại hình"),
    "address": msg("Địa chỉ"),
    "ward_name": msg("Phường"),
    "status": msg("Tình trạng"),
    "registration_number": msg("Số đăng ký"),
    "rooms": msg("Số phòng"),
    "workers": msg("Số lao động"),
    "opened_on": msg("Ngày mở cửa"),
    "location_quality": msg("Nguồn vị trí"),
    "papers": msg("Số giấy tờ"),
    "inspections": msg("Số lượt kiểm tra"),
}


def pair_table(pairs: list[service.Pair]) -> pd.DataFrame:
    """The pairs with how alike they are and why they are shown."""
    return pd.DataFrame(
        {
            _("Cơ sở"): [pair.first.name for pair in pairs],
            _("Có thể trùng với"): [pair.second.name for pair in pairs],
            _("Giống nhau"): [100 * pair.similarity for pair in pairs],
            _("Vì sao"): ["; ".join(map(render, pair.why)) for pair in pairs],
        }
    )


def side_by_side(pair: service.Pair) -> str:
    """Both premises, field by field; where they differ the line is marked and bold."""
    lines = []
    for field, what in _FIELDS.items():
        values = [value_of(side, field) for side in (pair.first, pair.second)]
        if field in pair.differing or (field == "registration_number" and values[0] != values[1]):
            cells = [f"**{plain(value)}**" if value else "" for value in values]
            lines.append(f"| ≠ {render(what)} | {cells[0]} | {cells[1]} |")
        else:
            lines.append(f"| {render(what)} | {plain(values[0])} | {plain(values[1])} |")
    return "\n".join([lines[0], "|---|---|---|", *lines[1:]])


def value_of(side: service.Side, field: str) -> str:
    """A field of one premises as it is shown."""
    if field == "registration_number" and side.hidden_registration:
        return _("có, không hiển thị")
    return show(getattr(side, field))


def pair_section(visit: Visit, pairs: list[service.Pair]) -> None:
    """Choose a pair, see both, decide."""
    # A key of its own for every list: a row picked in one must not point into the next.
    key = f"pairs-{hash(tuple((pair.first.id, pair.second.id) for pair in pairs))}"
    choice = st.dataframe(
        pair_table(pairs),
        hide_index=True,
        selection_mode="single-row",
        on_select="rerun",
        key=key,
        column_config={_("Giống nhau"): st.column_config.NumberColumn(format="%.0f%%")},
    )
    rows = [row for row in choice["selection"]["rows"] if row < len(pairs)]
    pair = pairs[rows[0] if rows else 0]
    with st.container(border=True):
        st.caption(
            _(
                "Giống nhau {share}%: {why}",
                share=number(100 * pair.similarity, 0),
                why="; ".join(map(render, pair.why)),
            )
        )
        st.markdown(side_by_side(pair))
        decision(visit, pair)


def decision(visit: Visit, pair: service.Pair) -> None:
    """Merge one way or the other, with a reason, or tell the two apart."""
    own = f"{pair.first.id}-{pair.second.id}"
    reason = st.text_input(
        _("Lý do gộp (không ghi tên người, số điện thoại)"), max_chars=300, key=f"reason-{own}"
    )
    st.caption(
        _(
            "Cơ sở được giữ nhận giấy tờ, lượt kiểm tra, vi phạm, nguồn tin và mục còn trống từ cơ sở kia. "
            "Sau này có thể bỏ gộp."
        )
    )
    left, middle, right = st.columns(3)
    for column, keep, drop in ((left, pair.first, pair.second), (middle, pair.second, pair.first)):
        name = _("Gộp, giữ “{name}”", name=plain(keep.name))
        if column.button(name, key=f"keep-{keep.id}-{drop.id}", width="stretch"):
            done(
                lambda keep=keep, drop=drop: merging.merge(
                    visit.store, visit.actor, keep.id, drop.id, reason or ""
                ),
                _("Đã gộp."),
            )
    if right.button(_("Không trùng"), key=f"apart-{own}", width="stretch"):
        done(
            lambda: service.mark_distinct(visit.store, visit.actor, pair.first.id, pair.second.id),
            _("Đã ghi: không trùng."),
        )


def done(act: Callable[[], Any], said: str) -> None:
    """Act and show the page anew; a refusal is told where the button is."""
    with told():
        act()
        st.toast(said)
        st.rerun()


def merge_section(visit: Visit, merges: list[merging.Merge]) -> None:
    """The merges on record; one that holds can be taken back."""
    for one in merges:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.markdown(merge_text(one), width="stretch")
            if one.unmerged_at is None:
                with st.popover(_("Bỏ gộp"), icon=":material/undo:"):
                    why = st.text_input(_("Lý do (không bắt buộc)"), max_chars=300, key=f"why-{one.id}")
                    if st.button(_("Tách lại thành hai cơ sở"), key=f"unmerge-{one.id}"):
                        done(
                            lambda one=one, why=why: merging.unmerge(
                                visit.store, visit.actor, one.id, why or ""
                            ),
                            _("Đã bỏ gộp."),
                        )


def merge_text(one: merging.Merge) -> str:
    """A merge in words: which two, who, when, why, and whether it was taken back."""
    text = _(
        "**{keep}** ← {drop}, {address}",
        keep=plain(one.keep_name),
        drop=plain(one.drop_name),
        address=plain(one.drop_address),
    )
    text += f"  \n{show_time(one.at)} · {plain(one.by)} · {plain(one.reason)}"
    if one.unmerged_at is not None:
        when, who = show_time(one.unmerged_at), plain(one.unmerged_by)
        text += "  \n" + _("Đã bỏ gộp lúc {when}, {who}.", when=when, who=who)
        text += f" {plain(one.unmerged_why)}" if one.unmerged_why else ""
    return text


def apart_section(visit: Visit, pairs: list[service.Distinct]) -> None:
    """Pairs that people told apart; each can be shown again."""
    for one in pairs:
        with st.container(horizontal=True, vertical_alignment="center"):
            first, second = plain(one.first_name), plain(one.second_name)
            st.markdown(f"{first} ≠ {second} · {show_time(one.at)} · {plain(one.by)}", width="stretch")
            if st.button(_("Xem lại"), key=f"again-{one.id}"):
                done(
                    lambda one=one: service.look_again(visit.store, visit.actor, one.id),
                    _("Cặp này sẽ hiện lại."),
                )


visit = require_visit()
st.title(_("Cơ sở trùng"))
st.caption(
    _("Cùng số đăng ký, tên và địa chỉ giống nhau, hoặc ở sát nhau với tên giống nhau. Người quyết định.")
)
with told():
    found = service.duplicates(visit.store, visit.actor, visit.today)
    st.markdown(_("**{n}** cặp cần xem", n=len(found)))
    if found:
        pair_section(visit, found)
    else:
        st.info(_("Không có cặp cơ sở nào nghi trùng."))
    made = merging.merges(visit.store, visit.actor)
    if made:
        with st.expander(_("Đã gộp ({n})", n=len(made))):
            merge_section(visit, made)
    apart = service.told_apart(visit.store, visit.actor)
    if apart:
        with st.expander(_("Không trùng ({n})", n=len(apart))):
            apart_section(visit, apart)
