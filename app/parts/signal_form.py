"""Taking in a signal: the question of rule 7 first; then what it says, where it is, what may be the same."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import streamlit as st

from app.parts.failures import told
from app.parts.plain import plain
from app.parts.signal_map import place_map
from app.parts.signal_reads import gazetteer
from app.parts.signal_words import credibility_word, dangers, reliability_word
from app.parts.visit import Visit, require_visit
from app.services import placing, signal_intake
from app.services.police_handover import hand_over
from app.services.search import search
from app.services.signal_intake import OLDEST_DAYS, Intake, TakenIn
from app.text import _, label, show
from geo.errors import InputError
from geo.words import Danger, SignalKind, SignalSource, SignalTopic

#: All that the form keeps between two runs begins so. What widgets keep bears the form's own key as well,
#: since a browser goes on showing what was typed in a field of the same name.
_OWN = "take-"
_KEY = f"{_OWN}key"
_DONE, _FAILED = "taken-in", "taken-failed"
_POLICE_KINDS = (SignalKind.DENUNCIATION, SignalKind.CRIME_REPORT)
_BY_ADDRESS, _BY_PREMISES, _BY_MAP = "address", "premises", "map"


def _of(name: str) -> str:
    """Where this form keeps one of its fields."""
    return f"{_OWN}{st.session_state[_KEY]}-{name}"


@st.fragment
def intake_form() -> None:
    """The whole form; answering it redraws nothing else."""
    visit = require_visit()
    st.session_state.setdefault(_KEY, uuid.uuid4().hex)
    _after(visit)
    danger = _first_question()
    if danger is True:
        _to_police(visit)
    elif danger is False:
        with told():
            _rest(visit)


def _after(visit: Visit) -> None:
    failed, done = st.session_state.pop(_FAILED, None), st.session_state.pop(_DONE, None)
    if failed is not None:
        with told():
            raise failed
    # Shown until something else is done; a button in it needs the next run.
    if isinstance(done, TakenIn):
        st.session_state[_DONE] = done
        said = _("Nguồn tin này đã được ghi trước đó.") if done.again else _("Đã tiếp nhận nguồn tin.")
        if done.sent_to:
            said += " " + _(
                "Vị trí thuộc {unit}: tin đã được chuyển và còn do đơn vị bạn giữ đến khi bên đó nhận.",
                unit=plain(done.sent_to),
            )
        st.success(said, icon=":material/check:")
        if st.button(_("Mở nguồn tin"), key=f"open-taken-{done.id}"):
            open_signal(done.id)
    elif done == "police":
        st.success(
            _("Đã ghi: chuyển công an. Chỉ giờ và số biên nhận được lưu."), icon=":material/local_police:"
        )


def open_signal(signal_id: str) -> None:
    """Show one signal in place of what the page shows now."""
    st.query_params["signal"] = signal_id
    st.rerun()


def _first_question() -> bool | None:
    """Whether there is a danger; None as long as nobody has answered."""
    st.markdown("**" + _("1. Có điều nào sau đây không?") + "**")
    st.markdown("\n".join(f"- {text}" for text in dangers()))
    words = {"yes": _("Có, hoặc chưa chắc"), "no": _("Không có điều nào")}
    said = st.segmented_control(
        _("Có điều nào sau đây không?"),
        list(words),
        format_func=words.__getitem__,
        key=_of("danger"),
        label_visibility="collapsed",
    )
    return None if said is None else said == "yes"


def _to_police(visit: Visit) -> None:
    st.error(
        _(
            "Gọi ngay **113** (trẻ em: **111**). Đội không xác minh. "
            "Ở đây chỉ ghi là đã chuyển, giờ chuyển và số biên nhận."
        ),
        icon=":material/local_police:",
    )
    minutes = {0: _("vừa xong"), 15: _("15 phút trước"), 60: _("1 giờ trước"), 180: _("3 giờ trước")}
    st.selectbox(_("Đã chuyển lúc"), list(minutes), format_func=minutes.__getitem__, key=_of("ago"))
    st.text_input(_("Số biên nhận (ghi sau cũng được)"), max_chars=80, key=_of("police-receipt"))
    st.button(_("Đã chuyển công an"), type="primary", key="hand-over", on_click=_hand_over, args=(visit,))


def _hand_over(visit: Visit) -> None:
    now = datetime.now(UTC)
    try:
        hand_over(
            visit.store,
            visit.actor,
            key=st.session_state[_KEY],
            handed_at=now - timedelta(minutes=st.session_state[_of("ago")]),
            receipt_number=st.session_state[_of("police-receipt")] or None,
            now=now,
        )
    except InputError as error:
        st.session_state[_FAILED] = error
        return
    _forget()
    st.session_state[_DONE] = "police"


def _forget() -> None:
    for key in [key for key in st.session_state if str(key).startswith(_OWN)]:
        del st.session_state[key]


def _rest(visit: Visit) -> None:
    st.markdown("**" + _("2. Tin nói gì") + "**")
    left, right = st.columns(2)
    with left:
        st.selectbox(_("Nguồn"), list(SignalSource), format_func=label, key=_of("source"))
        kind = st.selectbox(_("Loại tin"), list(SignalKind), 4, format_func=label, key=_of("kind"))
        first = visit.today - timedelta(days=OLDEST_DAYS)
        st.date_input(_("Ngày tiếp nhận"), visit.today, first, visit.today, format="DD/MM/YYYY", key=_of("on"))
    with right:
        topics = [None, *SignalTopic]
        st.selectbox(_("Phân loại"), topics, format_func=_topic_word, key=_of("topic"))
        st.text_input(_("Số tiếp nhận"), max_chars=80, key=_of("number"))
    if kind in _POLICE_KINDS:
        st.warning(
            _(
                "Tố giác, tin báo về tội phạm luôn chuyển công an. "
                "Chỉ ghi: loại, ngày, phường, số biên nhận; nội dung và địa điểm không được lưu."
            ),
            icon=":material/local_police:",
        )
        st.text_input(_("Số biên nhận của công an"), max_chars=80, key=_of("receipt"))
        if visit.actor.scope is None:
            _where(visit)
    else:
        st.text_area(
            _("Nội dung về địa điểm (không ghi tên người, số điện thoại)"), max_chars=2000, key=_of("text")
        )
        _rating()
        _where(visit)
        _alike(visit)
        _handler(visit)
    st.button(_("Tiếp nhận"), type="primary", key="take-in", on_click=_take_in, args=(visit,))


def _topic_word(topic: SignalTopic | None) -> str:
    return label(topic) if topic else _("chưa phân loại")


def _rating() -> None:
    left, right = st.columns(2)
    with left:
        st.selectbox(
            _("Tin cậy của nguồn"), list("ABCDEF"), 5, format_func=reliability_word, key=_of("reliability")
        )
    with right:
        st.selectbox(
            _("Tin cậy của nội dung"), list(range(1, 7)), 5, format_func=credibility_word, key=_of("credible")
        )


def _where(visit: Visit) -> None:
    """The place: by an address, by a premises, or by a click."""
    st.markdown("**" + _("3. Ở đâu") + "**")
    ways = {_BY_ADDRESS: _("Theo địa chỉ"), _BY_PREMISES: _("Theo cơ sở"), _BY_MAP: _("Trên bản đồ")}
    way = st.segmented_control(
        _("Tìm nơi"), list(ways), default=_BY_ADDRESS, format_func=ways.__getitem__, key=_of("way"),
        label_visibility="collapsed",
    )  # fmt: skip
    suggested: list[placing.Suggestion] = []
    if way == _BY_PREMISES:
        _premises(visit)
    elif way == _BY_ADDRESS:
        typed = st.text_input(_("Địa chỉ"), placeholder=_("Số nhà, đường, phường"), key=_of("address"))
        if (typed or "").strip():
            suggested = placing.suggestions(typed, gazetteer(visit))
            if not suggested:
                st.caption(_("Không khớp đường hay phường nào đã nạp: hãy bấm vào bản đồ."))
        for number, place in enumerate(suggested[:4], start=1):
            st.button(
                f"{number}. {plain(place.text)}",
                key=f"pick-place-{number}",
                on_click=_pick,
                args=(place.lon, place.lat),
            )
    point = st.session_state.get(_of("point"))
    if way != _BY_PREMISES:
        # The view goes to what was found once for each address.
        question = "-".join([st.session_state[_KEY], *(f"{one.lon:.5f}" for one in suggested)])
        place_map(visit, question, point, suggested, _pick)
        if point is None:
            st.caption(_("Bấm vào bản đồ, hoặc chọn một chỗ gợi ý. Chưa rõ số nhà thì bấm vào đoạn đường."))
        else:
            st.caption(_("Đã chọn vị trí {lat}, {lon}.", lat=f"{point[1]:.5f}", lon=f"{point[0]:.5f}"))
    if visit.actor.scope is not None:
        with st.expander(_("Nơi đó ngoài mọi phường trên bản đồ")):
            st.text_input(_("Chuyển tới đơn vị"), max_chars=200, key=_of("to"))


def _premises(visit: Visit) -> None:
    typed = st.text_input(_("Tên, số đăng ký hoặc địa chỉ cơ sở"), max_chars=100, key=_of("find"))
    if not (typed or "").strip():
        return
    found = search(visit.store, visit.actor, typed, limit=8, day=visit.today)
    if not found:
        st.caption(_("Không tìm thấy cơ sở nào như vậy."))
        return
    names = {one.premises_id: f"{one.name} · {one.address}" for one in found}
    st.radio(_("Cơ sở"), list(names), index=None, format_func=names.__getitem__, key=_of("premises"))


def _pick(lon: float, lat: float) -> None:
    st.session_state[_of("point")] = (lon, lat)


def _place() -> dict[str, Any]:
    """The place that is chosen now."""
    if st.session_state.get(_of("way")) == _BY_PREMISES:
        return {"lon": None, "lat": None, "premises_id": st.session_state.get(_of("premises"))}
    lon, lat = st.session_state.get(_of("point")) or (None, None)
    return {"lon": lon, "lat": lat, "premises_id": None}


def _alike(visit: Visit) -> None:
    place, day = _place(), st.session_state.get(_of("on")) or visit.today
    if place["lon"] is None and place["premises_id"] is None:
        return
    found = signal_intake.alike_signals(visit.store, visit.actor, on_date=day, as_of=visit.today, **place)
    if not found:
        return
    words = {one.id: alike_word(one) for one in found[:5]}
    st.radio(
        _("Gần đây có tin về nơi này. Cùng một việc thì gộp, chỉ tính một lần:"),
        [None, *words],
        format_func=lambda key: words[key] if key else _("Là tin khác"),
        key=_of("same"),
    )


def alike_word(one: signal_intake.Alike) -> str:
    """A signal that may be the same, in one line."""
    parts = (show(one.on_date), one.number or "", label(one.source), label(one.state), one.text[:80])
    return plain(" · ".join(part for part in parts if part))


def _handler(visit: Visit) -> None:
    place = _place()
    names: list[str | None] = [None]
    if place["lon"] is not None:
        names += signal_intake.handlers_at(visit.store, visit.actor, place["lon"], place["lat"])
    if len(names) > 1:
        st.selectbox(_("Giao cho"), names, format_func=lambda one: one or _("chưa giao"), key=_of("handler"))


def _take_in(visit: Visit) -> None:
    """Keep what the form holds; it stays as it is when something is wrong with it."""
    state = st.session_state
    try:
        intake = Intake(
            key=state[_KEY],
            dangers=dict.fromkeys(Danger, state[_of("danger")] != "no"),
            on_date=state[_of("on")],
            source=state[_of("source")],
            kind=state[_of("kind")],
            topic=state[_of("topic")],
            text=state.get(_of("text")) or "",
            reliability=state.get(_of("reliability"), "F"),
            credibility=state.get(_of("credible"), 6),
            number=state[_of("number")],
            assigned_to=state.get(_of("handler")),
            same_as=state.get(_of("same")),
            to_name=state.get(_of("to")) or "",
            receipt_number=state.get(_of("receipt")) or "",
            **_place(),
        )
        done = signal_intake.take_in(visit.store, visit.actor, intake, visit.today)
    except InputError as error:
        state[_FAILED] = error
        return
    _forget()
    state[_DONE] = done
