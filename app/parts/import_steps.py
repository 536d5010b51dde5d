"""The steps of an import as one line: where one is, what is behind and what comes."""

from __future__ import annotations

import html

import streamlit as st

from app.parts.import_state import Step
from app.text import _


def show_steps(now: Step) -> None:
    """Draw the steps with the present one marked, for the eye and for a screen reader."""
    words = {
        Step.FILE: _("Chọn tệp"),
        Step.COLUMNS: _("Xem các cột"),
        Step.PREVIEW: _("Xem trước"),
        Step.DONE: _("Kết quả"),
    }
    items = []
    for step, word in words.items():
        state = "now" if step is now else "past" if step < now else "next"
        current = ' aria-current="step"' if step is now else ""
        items.append(f'<li class="{state}"{current}><b>{step.value}</b> {html.escape(word)}</li>')
    st.html(f"{_STYLE}<ol class='steps' aria-label='{html.escape(_('Các bước'))}'>{''.join(items)}</ol>")


_STYLE = """<style>
.steps{display:flex;flex-wrap:wrap;gap:.3rem 1.6rem;list-style:none;
margin:0!important;padding:0!important;font-size:.95rem}
.steps li{margin:0;color:#5b6875}
.steps b{display:inline-block;width:1.55rem;height:1.55rem;line-height:1.5rem;text-align:center;
border-radius:50%;border:1px solid #9aa5b1;margin-right:.25rem;font-weight:600}
.steps .now{color:#0b5c8a;font-weight:650}
.steps .now b{background:#0b5c8a;border-color:#0b5c8a;color:#fff}
.steps .past b{background:#dbe7ef;border-color:#0b5c8a;color:#0b5c8a}
@media (max-width:640px){.steps{gap:.2rem .8rem;font-size:.85rem}}
</style>"""
