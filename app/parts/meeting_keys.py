"""Keys of the projector: next, previous, the map on the full screen. What is typed in a field stays there."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from app.text import _

KEY, NEXT, PREVIOUS = "meeting-keys", "next", "previous"
# Written into the page by Streamlit itself: nothing is fetched. ``data`` holds words of ours only.
_JS = """
const FIELDS = 'input, textarea, select, [contenteditable="true"], [role="slider"], [role="combobox"], ' +
  '[role="listbox"], [role="option"], [role="textbox"], [role="radio"], [role="dialog"] *';
const PRESSED = 'button, a, summary, [role="button"], [role="tab"], [role="checkbox"], [role="switch"]';
const MOVES = { ArrowRight: 'next', PageDown: 'next', ' ': 'next', ArrowLeft: 'previous', PageUp: 'previous' };

const mapFrame = () => [...document.querySelectorAll('iframe')].find((one) => one.offsetHeight > 200);
const fill = (frame, on) => {
  const inside = frame.contentDocument;
  if (!inside) return;
  inside.querySelectorAll('#map_div, #map_div2, .folium-map, #parent').forEach((one) => {
    if (on) { one.dataset.height = one.style.height; one.style.height = '100vh'; }
    else if ('height' in one.dataset) { one.style.height = one.dataset.height; delete one.dataset.height; }
  });
  frame.contentWindow.dispatchEvent(new Event('resize'));
};
const fullScreen = () => {
  if (document.fullscreenElement) { document.exitFullscreen(); return; }
  const frame = mapFrame();
  if (!frame) return;
  const changed = () => {
    const on = document.fullscreenElement === frame;
    setTimeout(() => fill(frame, on), 60);
    if (!on) document.removeEventListener('fullscreenchange', changed);
  };
  document.addEventListener('fullscreenchange', changed);
  frame.requestFullscreen();
};

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const typed = (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    const from = event.composedPath()[0];
    if (from.closest && from.closest(FIELDS)) return;
    if (event.key === ' ' && from.closest && from.closest(PRESSED)) return;
    if (document.querySelector('[role="dialog"]')) return;
    if (event.key === 'f' || event.key === 'F') { event.preventDefault(); fullScreen(); return; }
    // On the full screen the arrows move the map.
    if (document.fullscreenElement || !(event.key in MOVES)) return;
    event.preventDefault();
    event.stopPropagation();
    setTriggerValue('pressed', MOVES[event.key]);
  };
  // A map has a document of its own, and a new one whenever it is drawn anew: keys are heard there too.
  const hear = () => document.querySelectorAll('iframe').forEach((frame) => {
    const inside = frame.contentDocument;
    if (!inside || inside.diabanTyped === typed) return;
    if (inside.diabanTyped) inside.removeEventListener('keydown', inside.diabanTyped, true);
    inside.diabanTyped = typed;
    inside.addEventListener('keydown', typed, true);
  });
  const button = parentElement.querySelector('button');
  button.textContent = data.full;
  button.hidden = !data.map;
  button.onclick = fullScreen;
  document.addEventListener('keydown', typed, true);
  hear();
  const hearing = setInterval(hear, 400);
  return () => {
    document.removeEventListener('keydown', typed, true);
    clearInterval(hearing);
  };
}
"""
_CSS = """
button{font:inherit;font-size:1.1rem;padding:.4rem 1rem;border:2px solid currentColor;border-radius:.5rem;
background:transparent;color:inherit;cursor:pointer}
button[hidden]{display:none}
"""
_keys = st.components.v2.component(
    "diaban_meeting_keys", html="<button type=button></button>", css=_CSS, js=_JS
)


def listen(on_key: Callable[[str], None], *, on_map: bool) -> None:
    """Call ``on_key`` with ``NEXT`` or ``PREVIOUS`` when such a key is pressed; F shows the map on the full
    screen, and so does a button where there is a map."""

    def pressed() -> None:
        state = st.session_state.get(KEY)
        move = getattr(state, "pressed", None)
        if move in (NEXT, PREVIOUS):
            on_key(str(move))

    _keys(
        key=KEY,
        data={"map": on_map, "full": _("Bản đồ toàn màn hình (F)")},
        on_pressed_change=pressed,
        width="content",
        height="content",
    )
