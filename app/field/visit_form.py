"""The form of a stop: what was met on arrival, the checklist of the law, what was found."""

from __future__ import annotations

from app.field.pages import problem_note
from app.field.parts import STATUS, Values, area, button, entry, form, fresh_key, hidden, picks, row
from app.html_page import text
from app.services.field_work import EarlierFinding, KeptReport, OpenVisit
from app.text import _, label, render
from geo.checklist import WITH_FINDINGS, Asked
from geo.errors import InputError
from geo.messages import msg
from geo.words import CheckAnswer, FindingKind, VisitKind, VisitOutcome

#: How many findings the form offers at least; the service takes more.
SLOTS = 4
_NO_PEOPLE = msg(
    "Chỉ ghi về địa điểm: không tên, không ảnh, không số điện thoại, không số giấy tờ của ai. "
    "Tên và chữ ký chỉ nằm trên biên bản giấy."
)


def visit_form(
    visit: OpenVisit,
    values: Values,
    name: str,
    address: str,
    problem: InputError | None,
    *,
    seen: int | None = None,
) -> str:
    """The form with ``values`` in it. ``name``: of its draft; ``seen``: the revision that is corrected."""
    stop = visit.stop
    told = _("Lượt {n}, {time}", n=stop.position, time=f"{stop.arrive:%H:%M}")
    outcomes = [
        (one.value, as_sentence(label(one)), "required" + (" data-findings" if one in WITH_FINDINGS else ""))
        for one in VisitOutcome
    ]
    more = [] if stop.kind is VisitKind.FOLLOW_UP else ["data-all"]
    if seen is not None:
        more.append(f'data-from="visit:{text(stop.visit_id)}"')
    why = entry("reason", _("Lý do đính chính"), "text", values.get("reason", ""), 'required maxlength="400"')
    return (
        form(address, name, told, " ".join(more))
        + hidden("client_key", values.get("client_key") or fresh_key())
        + (_started(values) if seen is None else hidden("started", values.get("started", "")))
        + ("" if seen is None else hidden("seen", seen) + why)
        + f"{problem_note(problem)}<fieldset><legend>{text(_('Kết quả đến nơi'))}</legend>"
        + picks("outcome", outcomes, values.get("outcome"))
        + f'</fieldset><div class="checklist"><h2>{text(_("Danh mục kiểm tra"))}</h2>{_limit(visit)}'
        + "".join(_item(visit, one, values) for one in visit.asked)
        + f'</div><div class="findings"><h2>{text(_("Vi phạm"))}</h2>{_findings(visit, values)}</div>'
        + f'<p class="small">{text(render(_NO_PEOPLE))}</p>{STATUS}'
        + row(button(_("Xong, gửi"), "good"))
        + "</form>"
    )


def _started(values: Values) -> str:
    return entry("started", _("Bắt đầu lúc"), "datetime-local", values.get("started", ""))


def _limit(visit: OpenVisit) -> str:
    """A re-check looks again at what was found and at nothing else (domain, rule 1)."""
    if visit.stop.kind is not VisitKind.FOLLOW_UP:
        return ""
    said = _("Phúc tra chỉ kiểm tra lại vi phạm của biên bản cũ; mục không liên quan thì để trống.")
    return f'<p class="note">{text(said)}</p>'


def earlier_list(visit: OpenVisit) -> str:
    """What a re-check looks at again: each open finding with its document."""
    found = "".join(f"<li>{_earlier(one)}</li>" for one in visit.earlier)
    return f'<div class="note"><b>{text(_("Phúc tra các vi phạm sau"))}</b><ul>{found}</ul></div>'


def _earlier(one: EarlierFinding) -> str:
    kind = label(one.finding.kind) + (" · " + _("nghiêm trọng") if one.finding.serious else "")
    paper = _("lần kiểm tra ngày {day}", day=one.checked_on)
    if one.document:
        paper = _("biên bản số {number}, kiểm tra ngày {day}", number=one.document, day=one.checked_on)
    until = _("hạn {day}", day=one.finding.deadline) if one.finding.deadline else ""
    told = " · ".join(filter(None, [one.finding.text, until, paper]))
    return f"<b>{text(as_sentence(kind))}</b>: {text(told)}"


def _item(visit: OpenVisit, one: Asked, values: Values) -> str:
    known = visit.on_record.get(one.item, "")
    answers = [(answer.value, label(answer), "") for answer in CheckAnswer]
    heads = 'min="0" max="2000" inputmode="numeric"'
    counts = "".join(
        entry(f"count-{count}", as_sentence(label(count)), "number", values.get(f"count-{count}", ""), heads)
        for count in one.counts
    )
    return (
        f"<fieldset><legend>{text(as_sentence(label(one.item)))}<small>{text(one.law)}"
        f"{'<br>' + text(known) if known else ''}</small></legend>"
        + picks(f"item-{one.item}", answers, values.get(f"item-{one.item}"))
        + f"{counts}</fieldset>"
    )


def as_sentence(words: str) -> str:
    """Words with a capital in front."""
    return words[:1].upper() + words[1:]


def _findings(visit: OpenVisit, values: Values) -> str:
    laws = "; ".join(f"{label(kind)}: {law}" for kind, law in visit.sanctions.items())
    told = f'<p class="small">{text(_("Căn cứ xử phạt: {laws}.", laws=laws))}</p>' if laws else ""
    slots = max(SLOTS, sum(1 for name in values if name.startswith("f") and name.endswith("-text")))
    return told + "".join(_finding(number, values) for number in range(1, slots + 1))


def _finding(number: int, values: Values) -> str:
    at = f"f{number}"
    chosen, ticked = values.get(f"{at}-kind", ""), " checked" if values.get(f"{at}-serious") else ""
    kinds = [("", _("không có")), *((kind.value, label(kind)) for kind in FindingKind)]
    options = "".join(
        f'<option value="{value}"{" selected" if value == chosen else ""}>{text(word)}</option>'
        for value, word in kinds
    )
    return (
        f'<details class="finding"{" open" if chosen else ""}>'
        f"<summary>+ {text(_('Vi phạm {n}', n=number))}</summary>"
        f'<label class="field" for="{at}-kind">{text(_("Loại vi phạm"))}</label>'
        f'<select id="{at}-kind" name="{at}-kind">{options}</select>'
        f'<label class="tick"><input type="checkbox" name="{at}-serious" value="1"{ticked}> '
        f"{text(_('Nghiêm trọng'))}</label>"
        + area(f"{at}-text", _("Thấy gì ở cơ sở"), values.get(f"{at}-text", ""))
        + entry(f"{at}-deadline", _("Hạn khắc phục"), "date", values.get(f"{at}-deadline", ""))
        + "</details>"
    )


def values_of(report: KeptReport) -> dict[str, str]:
    """What was recorded, as the form's fields."""
    values = {"outcome": report.outcome.value}
    for item, given in report.answers.items():
        if given.answer is not None:
            values[f"item-{item}"] = given.answer.value
        values |= {f"count-{count}": str(heads) for count, heads in given.counts.items()}
    for number, one in enumerate(report.findings, start=1):
        values[f"f{number}-kind"] = one.kind.value
        values[f"f{number}-serious"] = "1" if one.serious else ""
        values[f"f{number}-text"] = one.text
        values[f"f{number}-deadline"] = one.deadline.isoformat() if one.deadline else ""
    return values
