"""Tài khoản của tôi: who I am here, my password, my second factor, where I am signed in."""

from __future__ import annotations

import streamlit as st

from app.parts.account_sessions import own_sessions
from app.parts.account_words import duties, leave_for
from app.parts.visit import require_visit
from app.runtime import runtime
from app.services import own_password, second_factor
from app.text import _, label

visit = require_visit()
st.title(_("Tài khoản của tôi"))
st.markdown(f"**{label(visit.actor.role)}**. {duties(visit.actor.role)}")

st.subheader(_("Mật khẩu"))
if own_password.signs_in_elsewhere(visit.store, visit.actor):
    st.caption(_("Tài khoản này đăng nhập qua hệ thống của cơ quan, không có mật khẩu."))
else:
    st.caption(_("Đổi mật khẩu thì các phiên đăng nhập khác của tài khoản kết thúc."))
    leave_for(_("Đổi mật khẩu"), "/auth/password")

st.subheader(_("Xác minh hai bước"))
needed = second_factor.is_required(runtime().settings, visit.actor.role)
if second_factor.has(visit.store, visit.actor):
    st.caption(_("Đang bật: ngoài mật khẩu còn cần mã trên điện thoại."))
    if needed:
        st.caption(_("Vai trò của tài khoản này bắt buộc, không tắt được."))
    else:
        leave_for(_("Tắt xác minh hai bước"), "/auth/second-factor")
else:
    st.caption(
        _("Đang tắt. Bật lên thì người biết mật khẩu vẫn không vào được nếu không có điện thoại của bạn.")
    )
    leave_for(_("Bật xác minh hai bước"), "/auth/second-factor")

st.subheader(_("Các phiên đăng nhập"))
own_sessions(visit)
