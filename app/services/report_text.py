"""The text of a report, written from its figures: every sentence names the figures it was made of.

The words are templates; a person edits them section by section before the report goes out. Reports are
official papers, so they are Vietnamese whatever language the screen speaks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.services.report_figures import Figure
from app.services.report_groups import BESIDE, GROUPS, POLICE, SHORTFALLS, TASKS, TITLES, compared, group_of

_NOTHING = "Không có số liệu trong kỳ."
#: So many wards are named in one sentence; the annex names them all.
_MOST_NAMED = 6
_PARTS = ("T08a", "T08b")
#: What is odd about more targets than this is said once for all of them.
_SAID_AGAIN = 2


@dataclass(frozen=True)
class Section:
    """A part of a report: title, paragraphs, ids of the figures they speak of. ``head``: a title over the
    sections that follow, with nothing of its own. ``edited_by``: who changed the text, None where nobody did.
    """

    key: str
    title: str
    paragraphs: Sequence[str] = ()
    figures: Sequence[str] = ()
    head: bool = False
    edited_by: str | None = None


@dataclass(frozen=True)
class OpenTask:
    """Something still to do: what, by whom, by when."""

    what: str
    owner: str
    due_on: date | None
    overdue: bool = False


@dataclass(frozen=True)
class About:
    """What a report speaks of. ``ward`` None: the whole. ``next_report``: words and due day of the next one."""

    ward: str | None
    period: str
    tasks: Sequence[OpenTask] = ()
    next_report: tuple[str, date] | None = None


class _Lines:
    """Paragraphs under way, and the figures that they name."""

    def __init__(self) -> None:
        self.paragraphs: list[str] = []
        self.figures: list[str] = []

    def add(self, text: str, *figures: Figure) -> None:
        self.paragraphs.append(text)
        self.figures += [one.id for one in figures if one.id not in self.figures]

    def section(self, key: str, title: str, nothing: str = _NOTHING) -> Section:
        return Section(key, title, tuple(self.paragraphs) or (nothing,), tuple(self.figures))


def sections(figures: Sequence[Figure], about: About, unit_id: str | None) -> list[Section]:
    """The sections of a periodic report on a ward, or on the whole where ``unit_id`` is None."""
    own = [one for one in figures if one.unit_id == unit_id]
    wards = [one for one in figures if one.unit_id is not None] if unit_id is None else []
    targets = [one for one in own if one.in_plan]
    counts = [one for one in own if not one.in_plan]
    return [
        Section("results", "I. KẾT QUẢ THỰC HIỆN", head=True),
        *(_task_section(at, group, counts, about.ward) for at, group in enumerate(GROUPS, 1)),
        _targets_section(targets, counts),
        _shortfalls(targets, counts, wards),
        _next_tasks(targets, about),
        _proposals(targets, counts),
    ]


def _task_section(at: int, group: str, counts: Sequence[Figure], ward: str | None) -> Section:
    own = [one for one in counts if group_of(one.code) == group]
    return figure_lines(group, f"{at}. {TITLES[group]}", own, ward)


def figure_lines(key: str, title: str, figures: Sequence[Figure], ward: str | None = None) -> Section:
    """A section with a line for each figure and its parts, what is not known last."""
    lines = _Lines()
    for one in figures:
        if ":" not in one.code and not one.lacking:
            parts = [part for part in figures if part.code.startswith(f"{one.code}:") and part.value]
            lines.add(
                f"- {_sentence(one.name)}: {one.shown}{_compared(one)}{_made_of(parts)}{_whose(one, ward)}.",
                one,
                *parts,
            )
    unknown = [one for one in figures if one.lacking]
    if unknown:
        lines.add(f"- Không có số liệu: {_listed(unknown)}.", *unknown)
    return lines.section(key, title)


def _made_of(parts: Sequence[Figure]) -> str:
    """The parts of a count: what stands behind the colon of their names. Of a task they stand beside it."""
    told = ", ".join(f"{one.name.split(': ', 1)[-1]} {one.shown}" for one in parts)
    if not told:
        return ""
    return f"; {told}" if group_of(parts[0].code) == TASKS else f"; trong đó: {told}"


def _listed(figures: Sequence[Figure]) -> str:
    return "; ".join(_lower(one.name) for one in figures)


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _compared(one: Figure) -> str:
    """The same number a period and a year ago, where it is counted over a period."""
    if not compared(one.code):
        return ""
    told = [
        f"{word} {one.written(value)}"
        for word, value in (("kỳ trước", one.before), ("cùng kỳ năm trước", one.year_before))
        if value is not None
    ]
    return f" ({'; '.join(told)})" if told else ""


def _whose(one: Figure, ward: str | None) -> str:
    if one.code not in POLICE:
        return ""
    return ", theo báo cáo của Công an phường" if ward else ", theo báo cáo của Công an các phường"


def _targets_section(targets: Sequence[Figure], counts: Sequence[Figure]) -> Section:
    lines = _Lines()
    known = {one.code: one for one in counts if one.known}
    times = Counter(flag for one in targets for flag in one.flags)
    shared = [flag for flag, n in times.items() if n > _SAID_AGAIN]
    judged = [
        (word, [one for one in targets if one.met is met and (met is not None or one.lacking)])
        for word, met in (("đạt", True), ("chưa đạt", False), ("chưa có số liệu", None))
    ]
    told = [f"{len(some)} {word} ({', '.join(one.code for one in some)})" for word, some in judged if some]
    if told:
        lines.add(f"Kết quả từng chỉ tiêu nêu tại Phụ lục: {'; '.join(told)}.", *targets)
    for one in targets:
        if not one.lacking:
            aim = f"; chỉ tiêu {one.target_shown}" if one.target is not None else ""
            met = f"; {one.met_shown}" if one.met is not None else ""
            odd = "".join(f" ({flag.rstrip('.')})" for flag in one.flags if flag not in shared)
            police = ", theo báo cáo của Công an các phường" if one.code in POLICE else ""
            beside = [known[code] for code in BESIDE.get(one.code, ()) if code in known]
            with_it = (
                f"; đọc cùng: {', '.join(f'{_lower(b.name)} {b.shown}' for b in beside)}" if beside else ""
            )
            lines.add(f"- {one.code}. {one.name}: {one.shown}{aim}{met}{police}{odd}{with_it}.", one, *beside)
    for flag in shared:
        flagged = [one for one in targets if flag in one.flags]
        lines.add(f"- {', '.join(one.code for one in flagged)}: {flag[:1].lower()}{flag[1:]}", *flagged)
    return lines.section("targets", "II. KẾT QUẢ THỰC HIỆN CHỈ TIÊU")


def _shortfalls(targets: Sequence[Figure], counts: Sequence[Figure], wards: Sequence[Figure]) -> Section:
    lines = _Lines()
    for one in _judged(targets):
        if one.met is False:
            lines.add(f"- {one.code}. {one.name}: {one.shown}, chưa đạt chỉ tiêu {one.target_shown}.", one)
        behind = [ward for ward in wards if ward.code == one.code and ward.met is False]
        if behind:
            lines.add(f"- {one.code}: {len(behind)} đơn vị chưa đạt: {_named(behind)}.", one, *behind)
    for one in counts:
        if one.code in SHORTFALLS and one.value:
            lines.add(f"- {_sentence(one.name)}: {one.shown}.", one)
    unknown = [one for one in targets if one.lacking]
    if unknown:
        codes = ", ".join(one.code for one in unknown)
        lines.add(f"- Chưa có số liệu để đánh giá {len(unknown)} chỉ tiêu: {codes}.", *unknown)
    return lines.section("shortfalls", "III. TỒN TẠI, KHÓ KHĂN", "Các chỉ tiêu có số liệu đều đạt.")


def _judged(targets: Sequence[Figure]) -> list[Figure]:
    """The targets without the parts of one that stands beside them."""
    return [one for one in targets if one.code not in _PARTS]


def _named(figures: Sequence[Figure]) -> str:
    names = [one.ward or "" for one in figures]
    more = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" và {more} đơn vị khác (Phụ lục)" if more > 0 else "")


def _next_tasks(targets: Sequence[Figure], about: About) -> Section:
    lines = _Lines()
    for one in _judged(targets):
        if one.met is False:
            still = f": {one.missing.rstrip('.')}" if one.missing else ""
            lines.add(f"- Tiếp tục thực hiện chỉ tiêu {one.code}. {one.name}{still}.", one)
    # Six wards with the same task by the same day are one line.
    for task, times in Counter(about.tasks).items():
        n = f"{times} nhiệm vụ, " if times > 1 else ""
        due = f", hạn {task.due_on:%d/%m/%Y}" if task.due_on else ""
        late = ", đã quá hạn" if task.overdue else ""
        lines.add(f"- {task.what} ({n}{task.owner}{due}{late}).")
    if about.next_report:
        words, due_on = about.next_report
        lines.add(f"- Báo cáo {words}: hạn {due_on:%d/%m/%Y}.")
    return lines.section("next", "IV. NHIỆM VỤ KỲ TỚI", "Tiếp tục thực hiện các nhiệm vụ được giao.")


def _proposals(targets: Sequence[Figure], counts: Sequence[Figure]) -> Section:
    lines = _Lines()
    waiting = [one for one in targets if one.target is None]
    if waiting:
        codes = ", ".join(one.code for one in waiting)
        lines.add(f"- Đề nghị cấp có thẩm quyền giao chỉ tiêu {codes} (chưa giao).", *waiting)
    if any(one.lacking for one in (*targets, *counts)):
        lines.add("- Đề nghị các đơn vị liên quan cung cấp số liệu còn thiếu.")
    return lines.section("proposals", "V. KIẾN NGHỊ", "Không có.")


def unsaid_figures(section: Section, figures: Mapping[str, Figure]) -> list[Figure]:
    """Figures of a section whose number no longer stands in its text: it was edited away, or by mistake."""
    text = "\n".join(section.paragraphs)
    return [
        figures[one]
        for one in section.figures
        if one in figures and figures[one].known and not _stands_in(figures[one], text)
    ]


def _stands_in(figure: Figure, text: str) -> bool:
    wanted = {figure.written(figure.value), figure.ward or ""} - {""}
    return any(one in text for one in wanted)


def paragraphs_of(text: str) -> tuple[str, ...]:
    """The paragraphs of a text that was typed: one a line, without empty ones."""
    return tuple(_clean(text.splitlines()))


def _clean(lines: Iterable[str]) -> Iterable[str]:
    return (cleaned for line in lines if (cleaned := " ".join(line.split())))
