"""Pieces of the phone's forms: big buttons to choose from, fields, the way to the police."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import uuid4

from app.html_page import TOKEN, text
from app.text import _, render
from geo.messages import msg

Values = Mapping[str, str]


def hidden(name: str, value: object) -> str:
    """A hidden field."""
    return f'<input type="hidden" name="{text(name)}" value="{text(value)}">'


def picks(name: str, choices: Iterable[tuple[str, str, str]], chosen: str | None, *, tall: bool = False) -> str:
    """Radio buttons as big buttons. ``choices``: value, words, further attributes."""
    labels = "".join(
        f'<label><input type="radio" name="{text(name)}" value="{text(value)}"'
        f"{' checked' if value == chosen else ''} {more}><span>{text(word)}</span></label>"
        for value, word, more in choices
    )
    return f'<div class="pick{" tall" if tall else ""}">{labels}</div>'


def entry(name: str, word: str, kind: str, value: str = "", more: str = "") -> str:
    """A field with its label."""
    return (
        f'<label class="field" for="{text(name)}">{text(word)}</label>'
        f'<input id="{text(name)}" name="{text(name)}" type="{kind}" value="{text(value)}" {more}>'
    )


def area(name: str, word: str, value: str = "", most: int = 1000) -> str:
    """A field for some sentences."""
    return (
        f'<label class="field" for="{text(name)}">{text(word)}</label>'
        f'<textarea id="{text(name)}" name="{text(name)}" maxlength="{most}">{text(value)}</textarea>'
    )


def local(moment: datetime) -> str:
    """A time of the clock on the wall, as a field of a form has it."""
    return f"{moment:%Y-%m-%dT%H:%M}"


def fresh_key() -> str:
    """A key that makes a form sent twice one record."""
    return uuid4().hex


def link(address: str, words: str, kind: str = "", more: str = "") -> str:
    """A link as a button; ``kind``: second, danger or good."""
    return f'<a class="button {kind}" href="{text(address)}" {more}>{text(words)}</a>'


def button(words: str, kind: str = "", more: str = "") -> str:
    """A button of a form."""
    return f'<button class="{kind}" {more}>{text(words)}</button>'


def row(*things: str) -> str:
    """Buttons beside each other where there is room."""
    return f'<div class="row">{"".join(things)}</div>'


def form(address: str, name: str, told: str, more: str = "") -> str:
    """The start of a form. ``name``: of its draft on the phone; ``told``: what the phone calls it."""
    draft = f'data-name="{text(name)}" data-label="{text(told)}"'
    return f'<form method="post" action="{text(address)}" {draft} {more}>{TOKEN}'


#: Where the script says how the sending goes.
STATUS = '<div data-status role="status" hidden></div>'
DANGER = msg(
    "Có người gặp nguy hiểm, dưới 18 tuổi, bị ép buộc, bị mua bán hoặc có dấu hiệu tội phạm: gọi ngay, "
    "không tự xác minh, không ghi gì về người đó."
)


def to_police(now: datetime, wipe: str = "", *, opened: bool = False) -> str:
    """Handing over to the police in one step (domain, rule 7). ``wipe``: the form whose draft goes with it."""
    erased = _("Nội dung đang ghi dở của lượt này trên máy sẽ bị xóa.") if wipe else ""
    kept = _("Chỉ giữ giờ chuyển và số biên nhận; không giữ gì khác.")
    receipt = 'maxlength="80" autocomplete="off"'
    return (
        f'<details class="police"{" open" if opened else ""}>'
        f'<summary class="button danger">{text(_("Chuyển công an ngay"))}</summary>'
        f"<p>{text(render(DANGER))}</p>"
        + row(link("tel:113", _("Gọi 113"), "danger"), link("tel:111", _("Gọi 111 (trẻ em)"), "danger"))
        + form("/field/police", "police", _("Chuyển công an"), f'data-keep="no" data-wipe="{text(wipe)}"')
        + hidden("client_key", fresh_key())
        + entry("handed_at", _("Giờ chuyển"), "datetime-local", local(now), "required data-now")
        + entry("receipt", _("Số biên nhận (nếu đã có)"), "text", "", receipt)
        + f'<p class="small">{text(kept)} {text(erased)}</p>{STATUS}'
        + row(button(_("Đã chuyển"), "danger"))
        + "</form></details>"
    )
