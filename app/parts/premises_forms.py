"""Forms of the premises page: particulars, place and status, papers, the months of the post-licence check."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, TypeVar

import streamlit as st

from app.parts.failures import told
from app.parts.visit import Visit
from app.services import licence_edit, premises_edit
from app.services import premises as service
from app.services.licence_edit import PaperParticulars
from app.services.premises_edit import Particulars
from app.services.premises_file import PremisesFile
from app.text import _, label, show
from geo.words import LicenceKind, PremisesStatus, PremisesType

T = TypeVar("T")
_SEEN = "premises-seen"
#: Papers and businesses are not older.
_FIRST_DAY = date(1950, 1, 1)


def forget_what_was_seen() -> None:
    """The next form begins with what the register holds then."""
    for key in [key for key in st.session_state if str(key).startswith(_SEEN)]:
        del st.session_state[key]


def _seen(key: str, value: T, version: int | None) -> tuple[T, int | None]:
    """What the form was opened with, whatever reruns come in between."""
    kept: tuple[T, int | None] = st.session_state.setdefault(f"{_SEEN}-{key}", (value, version))
    return kept


def edit_form(visit: Visit, file: PremisesFile) -> None:
    """Change the premises; a change that somebody else saved meanwhile is not overwritten."""
    key = f"premises-{file.facts.id}"
    seen, version = _seen(key, Particulars.of(file.facts), file.facts.version)
    with (
        st.expander(_("Sửa thông tin cơ sở"), expanded=True, icon=":material/edit:"),
        st.form(key, border=False),
    ):
        left, right = st.columns(2)
        with left:
            changes = _words(seen)
        with right:
            changes |= _figures(seen, visit.today)
        status_on, reason = _status(seen, changes, visit.today)
        if st.form_submit_button(_("Lưu"), type="primary"):
            with told():
                premises_edit.edit(
                    visit.store,
                    visit.actor,
                    file.facts.id,
                    Particulars(**changes),
                    seen=seen,
                    version=version or 0,
                    status_on=status_on,
                    reason=reason,
                )
                forget_what_was_seen()
                st.rerun()


def _words(seen: Particulars) -> dict[str, Any]:
    types = list(PremisesType)
    return {
        "name": st.text_input(_("Tên cơ sở (không ghi tên người)"), seen.name, max_chars=300),
        "type": st.selectbox(_("Loại hình"), types, types.index(seen.type), format_func=label),
        "address": st.text_input(_("Địa chỉ"), seen.address, max_chars=400),
        "registration_number": _text(_("Số đăng ký"), seen.registration_number, 60),
        "unregistered_basis": _text(_("Không có đăng ký, căn cứ"), seen.unregistered_basis, 400),
        "complex_grounds": _text(_("Biểu hiện phức tạp, căn cứ"), seen.complex_grounds, 400),
    }


def _figures(seen: Particulars, today: date) -> dict[str, Any]:
    counts, days, place = st.columns(2), st.columns(2), st.columns(2)
    with counts[0]:
        rooms = st.number_input(_("Số phòng"), 0, 2_000, seen.rooms)
    with counts[1]:
        workers = st.number_input(_("Số lao động"), 0, 10_000, seen.workers)
    with days[0]:
        opened_on = _day(_("Mở cửa"), seen.opened_on, today)
    with days[1]:
        commitment_on = _day(_("Ký cam kết"), seen.commitment_on, today)
    with place[0]:
        lat = st.number_input(_("Vĩ độ"), -90.0, 90.0, seen.lat, 0.0001, format="%.6f")
    with place[1]:
        lon = st.number_input(_("Kinh độ"), -180.0, 180.0, seen.lon, 0.0001, format="%.6f")
    st.caption(_("Vị trí sửa ở đây được ghi là đặt bằng tay. Để trống cả hai ô để bỏ vị trí."))
    return {
        "rooms": rooms, "workers": workers, "opened_on": opened_on, "commitment_on": commitment_on, "lat": lat,
        "lon": lon,
    }  # fmt: skip


def _status(seen: Particulars, changes: dict[str, Any], today: date) -> tuple[date, str]:
    """Put the status into ``changes``; gives since when it holds and why."""
    statuses = list(PremisesStatus)
    one, two, three = st.columns([1, 1, 2])
    with one:
        changes["status"] = st.selectbox(
            _("Tình trạng"), statuses, statuses.index(seen.status), format_func=label
        )
    with two:
        status_on = st.date_input(
            _("Tình trạng mới từ ngày"), today, min_value=_FIRST_DAY, max_value=today, format="DD/MM/YYYY"
        )
    with three:
        reason = st.text_input(_("Lý do đổi tình trạng (không ghi tên người)"), max_chars=400)
    return status_on, reason


def paper_form(visit: Visit, file: PremisesFile) -> None:
    """Record a new paper, or what became of a known one."""
    known = {one.id: one for one in file.papers}
    with st.expander(_("Ghi giấy tờ"), icon=":material/description:"):
        chosen = st.selectbox(
            _("Giấy"),
            [None, *known],
            format_func=lambda key: (
                f"{label(known[key].kind)} {known[key].number or ''}".strip() if key else _("giấy mới")
            ),
            key=f"paper-choice-{file.facts.id}",
        )
        key = f"paper-{file.facts.id}-{chosen or 'new'}"
        paper = known.get(chosen or "")
        kept = PaperParticulars.of(paper) if paper else None
        seen, version = _seen(key, kept, paper.version if paper else None)
        with st.form(key, border=False):
            changes = _paper_fields(seen or PaperParticulars(LicenceKind.SECURITY), visit.today)
            if st.form_submit_button(_("Lưu giấy"), type="primary"):
                with told():
                    licence_edit.save_paper(
                        visit.store,
                        visit.actor,
                        file.facts.id,
                        changes,
                        paper_id=chosen,
                        seen=seen,
                        version=version,
                    )
                    forget_what_was_seen()
                    st.rerun()


def _paper_fields(seen: PaperParticulars, today: date) -> PaperParticulars:
    kinds = list(LicenceKind)
    first, second, third = st.columns(3)
    with first:
        kind = st.selectbox(_("Loại giấy"), kinds, kinds.index(seen.kind), format_func=label)
        number = _text(_("Số"), seen.number, 60)
        issued_on = _day(_("Ngày cấp"), seen.issued_on, today)
    with second:
        far = today + timedelta(days=365 * 50)
        term_until = _day(_("Thời hạn ghi trên giấy (nếu có)"), seen.term_until, far)
        suspended_on = _day(_("Tạm đình chỉ từ ngày"), seen.suspended_on, today)
        withdrawn_on = _day(_("Thu hồi ngày"), seen.withdrawn_on, today)
    with third:
        stated_name = _text(_("Tên cơ sở ghi trên giấy"), seen.stated_name, 300)
        stated_address = _text(_("Địa chỉ ghi trên giấy"), seen.stated_address, 400)
        stated_rooms = st.number_input(_("Số phòng ghi trên giấy"), 0, 2_000, seen.stated_rooms)
    return PaperParticulars(
        kind=kind,
        number=number,
        issued_on=issued_on,
        term_until=term_until,
        suspended_on=suspended_on,
        withdrawn_on=withdrawn_on,
        stated_name=stated_name,
        stated_address=stated_address,
        stated_rooms=stated_rooms,
    )


def months_form(visit: Visit) -> None:
    """The office's own months of the post-licence check, by type; 0 stands for no such check."""
    known = service.check_months(visit.store, visit.actor)
    with (
        st.expander(_("Hậu kiểm sau cấp phép"), icon=":material/event_repeat:"),
        st.form("check-months", border=False),
    ):
        st.caption(
            _(
                "Số tháng từ ngày cấp phép đến hạn hậu kiểm, 0 là không có. "
                "Hậu kiểm cũng tính vào một lần kiểm tra mỗi năm."
            )
        )
        columns = st.columns(4)
        months = {}
        for at, kind in enumerate(PremisesType):
            with columns[at % 4]:
                months[kind] = st.number_input(show(kind), 0, 60, known.get(kind, 0), key=f"months-{kind}")
        if st.form_submit_button(_("Lưu")):
            with told():
                chosen = {kind: int(number) for kind, number in months.items() if number}
                licence_edit.set_check_months(visit.store, visit.actor, chosen)
                st.rerun()


def _text(title: str, value: str | None, longest: int) -> str | None:
    return st.text_input(title, value or "", max_chars=longest).strip() or None


def _day(title: str, value: date | None, last: date) -> date | None:
    last = max(last, value) if value else last
    chosen: date | None = st.date_input(title, value, min_value=_FIRST_DAY, max_value=last, format="DD/MM/YYYY")
    return chosen
