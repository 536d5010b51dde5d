"""How a screen of the review meeting looks: big type, few words, high contrast, nothing around it."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence

import streamlit as st

# Sizes follow the width of the screen, so that a projector's back row reads what a laptop's owner reads.
STYLE = """<style>
[data-testid="stSidebar"],[data-testid="stSidebarCollapsedControl"],
header[data-testid="stHeader"]{display:none!important}
.block-container{padding:.8rem 2.2vw .6rem!important;max-width:none!important}
.mt-top{display:flex;gap:1.2vw;align-items:baseline;color:#0b3d5c;
border-bottom:4px solid;padding-bottom:.3vw}
.mt-top b{font-size:clamp(1.9rem,2.7vw,3.6rem);line-height:1.15;flex:1}
.mt-top span{font-size:clamp(1rem,1.25vw,1.7rem);white-space:nowrap}
.mt{color:#111;background:#fff}
.mt,.mt p,.mt ol,.mt ul,.mt li{font-size:clamp(1.5rem,2.1vw,2.9rem)!important;line-height:1.32}
.mt p{margin:.6vw 0 0}
.mt ol,.mt ul{margin:.6vw 0 0;padding-left:1.4em}
.mt ol,.mt ol li{font-size:clamp(1.8rem,2.6vw,3.6rem)!important}
.mt li{margin-bottom:.7vw;padding-left:.2em}
.mt h3{font-size:clamp(1.5rem,2vw,2.8rem)!important;color:#0b3d5c;margin:.4vw 0 0;padding:0}
.mt small{font-size:clamp(1rem,1.2vw,1.6rem);color:#333;font-weight:400}
.mt table{width:100%;border-collapse:collapse;font-size:clamp(1.3rem,1.7vw,2.4rem)}
.mt th,.mt td{text-align:left;padding:.28vw .6vw;border-bottom:1px solid #888;vertical-align:top}
.mt th{color:#0b3d5c;border-bottom:3px solid #0b3d5c}
.mt td.n,.mt th.n{text-align:right;white-space:nowrap}
.mt .two{display:grid;grid-template-columns:1fr 1fr;gap:2.5vw}
.mt .bad{color:#a30d0d;font-weight:700}.mt .good{color:#0c5f2a;font-weight:700}
.mt .big{font-size:clamp(3rem,5.6vw,8rem);line-height:1;font-weight:700}
</style>"""


def screen(title: str, where: str, place: str, body: str) -> None:
    """One screen: its title, ward and period, its number; ``body`` is HTML made by the functions below."""
    head = f"<b>{safe(title)}</b><span>{safe(where)}</span><span>{safe(place)}</span>"
    st.html(f'<div class="mt-top" role="heading" aria-level="1">{head}</div><div class="mt">{body}</div>')


def safe(text: object) -> str:
    """Text from anywhere as text, never as markup."""
    return html.escape(str(text))


def numbered(lines: Iterable[str]) -> str:
    """Plain sentences as a numbered list."""
    return "<ol>" + "".join(f"<li>{safe(line)}</li>" for line in lines) + "</ol>"


def bullets(lines: Iterable[str]) -> str:
    """Plain sentences as a list."""
    return "<ul>" + "".join(f"<li>{safe(line)}</li>" for line in lines) + "</ul>"


def small(text: str) -> str:
    """A remark in smaller type."""
    return f"<small>{safe(text)}</small>" if text else ""


def table(head: Sequence[str], rows: Iterable[Sequence[str]], *, numbers: Sequence[int] = ()) -> str:
    """A table of cells that are HTML already; ``numbers``: columns set to the right."""

    def line(tag: str, cells: Sequence[str]) -> str:
        marked = [f"<{tag}{' class=n' if i in numbers else ''}>{cell}</{tag}>" for i, cell in enumerate(cells)]
        return "<tr>" + "".join(marked) + "</tr>"

    body = "".join(line("td", row) for row in rows)
    return f"<table>{line('th', [safe(name) for name in head])}{body}</table>"


def marked(text: str, good: bool | None) -> str:
    """Text that is good or bad; the word says it too, for who sees no colours."""
    kind = {True: "good", False: "bad", None: ""}[good]
    return f'<span class="{kind}">{safe(text)}</span>'
