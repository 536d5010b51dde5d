"""What the roles of accounts may do, in words; and the way to the plain pages of an account."""

from __future__ import annotations

import html

import streamlit as st

from app.text import render
from geo.messages import msg
from geo.words import Role


def duties(role: Role) -> str:
    """What a role may do."""
    return render(_DUTIES[role])


def leave_for(text: str, address: str) -> None:
    """A button out of Streamlit's pages in the same tab: only a plain page can renew a session."""
    st.html(f'<a class="leave" target="_self" href="{address}">{html.escape(text)}</a>')


_DUTIES = {
    Role.VIEWER: msg("Xem bản đồ, sổ cơ sở và hệ thống phường; không xem nguồn tin, cảnh báo, lịch kiểm tra."),
    Role.WARD_OFFICER: msg(
        "Cán bộ của phường: nguồn tin, cảnh báo, hồ sơ, số liệu và báo cáo của các đơn vị được giao; "
        "sửa sổ cơ sở."
    ),
    Role.WARD_POLICE: msg("Công an phường: nguồn tin, tuần tra, cảnh báo và số liệu của các đơn vị được giao."),
    Role.INSPECTOR: msg("Thành viên Đội kiểm tra: lượt kiểm tra của đội mình, ghi kết quả, nhận tin."),
    Role.PLANNER: msg("Lập lịch kiểm tra, giữ hồ sơ, nhập số liệu, viết báo cáo; không duyệt lịch của mình."),
    Role.REVIEWER: msg("Lãnh đạo: duyệt lịch, kết luận cảnh báo, ghi kết luận cuộc họp, phát hành báo cáo."),
    Role.STEWARD: msg(
        "Giữ dữ liệu: nhập tệp, sửa sổ cơ sở, xét cảnh báo dữ liệu cá nhân, xóa khi hết hạn lưu."
    ),
    Role.ADMIN: msg("Quản trị: mọi quyền, kể cả tài khoản và nhật ký."),
    Role.AUDITOR: msg("Kiểm toán: đọc nhật ký; không sửa gì."),
}
