"""What an import would do, as tables: rows as they will be stored, problems, likenesses, changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import pandas as pd
import streamlit as st

from app.parts.plain import plain
from app.services.import_downloads import problem_list
from app.services.premises_changes import Change
from app.services.premises_import import Preview
from app.services.register_columns import registered_title
from app.text import _, label, render, show
from geo.words import LicenceKind, LocationQuality, PremisesStatus, PremisesType

_FIRST, _MOST, _LISTED = 100, 1_000, 20
_HEIGHT = 330


def counts(preview: Preview) -> dict[str, int]:
    """Rows and premises by what becomes of them."""
    kinds = Counter(change.kind for change in preview.changes)
    return {
        "read": preview.register.read,
        "added": kinds["added"],
        "updated": kinds["updated"],
        "unchanged": kinds["unchanged"],
        "rejected": len({problem.row for problem in preview.register.problems}),
        "duplicates": len(preview.duplicates),
        "missing": len(preview.missing),
    }


def show_counts(numbers: Mapping[str, int]) -> None:
    """The figures of an import in one line."""
    words = (
        (_("Dòng đã đọc"), "read"),
        (_("Cơ sở mới"), "added"),
        (_("Có thay đổi"), "updated"),
        (_("Giữ nguyên"), "unchanged"),
        (_("Dòng không nhận"), "rejected"),
    )
    with st.container(horizontal=True, gap="medium"):
        for word, name in words:
            st.metric(word, show(numbers[name]), width="content")


def show_preview(preview: Preview) -> None:
    """All of the preview, each kind of thing under its own tab with its number."""
    numbers, needs = counts(preview), _rough(preview.changes)
    tabs = st.tabs(
        [
            _("Sẽ lưu ({n})", n=len(preview.changes)),
            _("Không nhận ({n})", n=numbers["rejected"]),
            _("Thay đổi ({n})", n=numbers["updated"]),
            _("Nghi trùng ({n})", n=numbers["duplicates"]),
            _("Vắng trong tệp ({n})", n=numbers["missing"]),
        ]
    )
    with tabs[0]:
        _stored(preview.changes)
        if needs:
            st.caption(_("{n} cơ sở chưa rõ số nhà: sau khi nhập, đặt vị trí bằng tay.", n=needs))
    with tabs[1]:
        show_problems(preview)
    with tabs[2]:
        _changed(preview.changes)
    with tabs[3]:
        _alike(preview)
    with tabs[4]:
        _missing(preview)


def show_warnings(preview: Preview) -> None:
    """What was left out, put right or is odd, in sentences."""
    lines = []
    dropped = preview.register.dropped_columns
    if dropped:
        columns = ", ".join(map(plain, dropped))
        lines.append(_("Cột thông tin cá nhân, không lấy: {columns}.", columns=columns))
    lines += [plain(render(warning)) for warning in preview.register.warnings]
    if preview.outside:
        rows = _listed(preview.outside)
        lines.append(
            _("{n} điểm nằm ngoài mọi phường, vẫn giữ: dòng {rows}.", n=len(preview.outside), rows=rows)
        )
    by_hand = [change.group.entries[0].row for change in preview.changes if change.kept_by_hand]
    if by_hand:
        rows = _listed(by_hand)
        lines.append(_("{n} cơ sở giữ vị trí đã đặt bằng tay: dòng {rows}.", n=len(by_hand), rows=rows))
    if lines:
        with st.expander(_("Đã tự xử lý ({n})", n=len(lines)), icon=":material/info:"):
            st.markdown("\n".join(f"- {line}" for line in lines))


def _listed(rows: Sequence[int]) -> str:
    shown = ", ".join(map(str, sorted(rows)[:_LISTED]))
    return f"{shown}, …" if len(rows) > _LISTED else shown


def _stored(changes: Sequence[Change]) -> None:
    rows = [_stored_row(change) for change in changes[:_FIRST]]
    _table(rows)
    if len(changes) > _FIRST:
        st.caption(_("{n} cơ sở đầu trong {all}.", n=_FIRST, all=len(changes)))


def _stored_row(change: Change) -> dict[str, Any]:
    whole = {**(change.old or {}), **change.values}
    hidden = _("(chỉ giữ mã băm)") if whole.get("registration_hash") else ""
    entry = change.group.entries[0]
    return {
        _("Dòng"): entry.row,
        _("Cơ sở"): whole["name"],
        _("Loại hình"): label(PremisesType(whole["type"])),
        _("Địa chỉ"): whole.get("address") or "",
        _("Phường (theo tệp)"): entry.ward or "",
        _("Vị trí"): quality_word(change.quality),
        _("Số ĐKKD"): whole.get("registration_number") or hidden,
        _("Phòng"): show(whole.get("rooms")),
        _("Lao động"): show(whole.get("workers")),
        _("Giấy tờ"): ", ".join(label(paper.kind) for paper in entry.papers),
        _("Tình trạng"): label(PremisesStatus(change.status["status"])) if change.status else "",
    }


def quality_word(quality: LocationQuality) -> str:
    """How a point was found."""
    return {
        LocationQuality.GIVEN: _("tọa độ trong tệp"),
        LocationQuality.MANUAL: _("đặt bằng tay"),
        LocationQuality.HOUSE: _("theo số nhà"),
        LocationQuality.STREET: _("giữa đường"),
        LocationQuality.WARD: _("giữa phường"),
        LocationQuality.NONE: _("chưa tìm thấy"),
    }[quality]


def _rough(changes: Sequence[Change]) -> int:
    rough = (LocationQuality.NONE, LocationQuality.WARD, LocationQuality.STREET)
    return sum(change.quality in rough for change in changes)


def show_problems(preview: Preview) -> None:
    """Why rows are left out, by row and column, with the list to take along."""
    problems = preview.register.problems
    if not problems:
        st.caption(_("Mọi dòng đều nhận được."))
        return
    _table(
        [
            {
                _("Dòng"): problem.row,
                _("Cột"): problem.column,
                _("Giá trị"): problem.value,
                _("Vướng mắc"): render(problem.message),
            }
            for problem in problems[:_MOST]
        ]
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button(
            _("Tải danh sách (CSV)"),
            problem_list(problems),
            file_name="dong-khong-nhan.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
        )
        st.caption(_("Sửa các dòng này trong tệp rồi nhập lại cả tệp: dòng đã nhập sẽ không bị lặp."))


def _changed(changes: Sequence[Change]) -> None:
    differences = (
        {
            _("Dòng"): change.group.entries[0].row,
            _("Cơ sở"): (change.old or {}).get("name", ""),
            _("Mục"): what,
            _("Trong sổ"): old,
            _("Sau khi nhập"): new,
        }
        for change in changes
        if change.kind == "updated"
        for what, old, new in _differences(change)
    )
    rows = list(islice(differences, _MOST))
    if not rows:
        st.caption(_("Không cơ sở nào trong sổ bị thay đổi."))
    _table(rows)
    if len(rows) == _MOST:
        st.caption(_("Chỉ hiện {n} thay đổi đầu.", n=_MOST))


def _differences(change: Change) -> Iterator[tuple[str, str, str]]:
    """What changes at a known premises: the field, as it is and as it will be."""
    old = change.old or {}
    for name, value in change.values.items():
        if name == "location_quality":
            continue
        if name == "geom":
            before = LocationQuality(old["location_quality"])
            yield _("Vị trí"), _place(old["geom"], before), _place(value, change.quality)
        elif name == "registration_hash":
            yield registered_title("registration_number"), _("(ẩn)"), _("(chỉ giữ mã băm)")
        elif name == "type":
            yield registered_title(name), label(PremisesType(old[name])), label(PremisesType(value))
        else:
            yield registered_title(name), show(old[name]), show(value)
    for paper in change.new_papers:
        yield label(LicenceKind(paper["kind"])), "", _paper(paper)
    for paper_id, new in change.changed_papers.items():
        yield _("Giấy tờ"), _paper(change.old_papers.get(paper_id, {})), _paper(new)
    if change.status:
        day, status = change.status["on_date"], PremisesStatus(change.status["status"])
        yield _("Tình trạng"), "", _("{status} từ {day}", status=status, day=day)


def _place(point: Any, quality: LocationQuality) -> str:
    where = "" if point is None else f" ({point.y:.5f}, {point.x:.5f})"
    return quality_word(quality) + where


def _paper(values: Mapping[str, Any]) -> str:
    told = (
        values.get("number"),
        _("cấp {day}", day=values["issued_on"]) if values.get("issued_on") else None,
        _("đến {day}", day=values["term_until"]) if values.get("term_until") else None,
    )
    return ", ".join(str(part) for part in told if part)


def _alike(preview: Preview) -> None:
    if not preview.duplicates:
        st.caption(_("Không thấy cơ sở nào có vẻ trùng nhau."))
        return
    by_row = {entry.row: entry for entry in preview.register.entries}
    known = {one.id: one for one in preview.comparison.known}
    likeliest = sorted(preview.duplicates, key=lambda pair: -pair.similarity)[:_MOST]
    rows = []
    for pair in likeliest:
        one = by_row[pair.row]
        other = by_row[pair.other_row] if pair.other_row is not None else known[pair.premises or ""]
        where = _("dòng {row}", row=pair.other_row) if pair.other_row is not None else _("trong sổ")
        rows.append(
            {
                _("Dòng"): pair.row,
                _("Trong tệp"): one.name,
                _("Địa chỉ trong tệp"): one.address,
                _("Giống"): 100 * pair.similarity,
                _("Với"): where,
                _("Cơ sở kia"): other.name,
                _("Địa chỉ kia"): other.address,
            }
        )
    _table(rows, {_("Giống"): st.column_config.ProgressColumn(min_value=0, max_value=100, format="%.0f%%")})
    st.caption(
        _("Dòng lặp y hệt thành một cơ sở; cặp chỉ giống nhau được nhập riêng, xem rồi gộp ở trang Nghi trùng.")
    )


def _missing(preview: Preview) -> None:
    if not preview.missing:
        st.caption(_("Mọi cơ sở đang hoạt động ở các phường trong tệp đều có trong tệp."))
        return
    _table(
        [
            {
                _("Cơ sở"): one.name,
                _("Loại hình"): label(one.type),
                _("Địa chỉ"): one.address,
                _("Phường"): one.ward_name or "",
            }
            for one in preview.missing[:_MOST]
        ]
    )
    st.caption(_("Các cơ sở này có trong sổ mà không có trong tệp; lượt nhập không đụng đến chúng."))


def _table(rows: Sequence[Mapping[str, Any]], config: Mapping[str, Any] | None = None) -> None:
    if rows:
        height = min(_HEIGHT, 38 + 35 * len(rows))
        st.dataframe(pd.DataFrame(rows), hide_index=True, height=height, column_config=dict(config or {}))
