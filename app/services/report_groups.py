"""Which count of a report belongs to which of the plan's tasks."""

from __future__ import annotations

from geo.review_words import Measure as M

COMMUNICATION, PREVENTION, INSPECTION = "communication", "prevention", "inspection"
HANDLING, HOTSPOTS, SIGNALS, MEANS = "handling", "hotspots", "signals", "means"
TASKS = "task"
#: The plan's tasks in the order of a report, and what a report calls them.
TITLES = {
    COMMUNICATION: "Công tác thông tin, truyền thông",
    PREVENTION: "Công tác phòng ngừa",
    INSPECTION: "Công tác kiểm tra",
    HANDLING: "Công tác đấu tranh, xử lý vi phạm",
    HOTSPOTS: "Điểm phức tạp",
    SIGNALS: "Tiếp nhận, xử lý nguồn tin",
    TASKS: "Nhiệm vụ giao cho các cơ quan",
    MEANS: "Kinh phí, nguồn lực",
}
GROUPS = tuple(TITLES)
_BY_MEASURE = {
    COMMUNICATION: (
        M.COMMUNICATION_ACTIVITIES, M.REACHED_RESIDENTS, M.REACHED_PREMISES_WORKERS, M.REACHED_ZONE_WORKERS,
        M.REACHED_STUDENTS, M.PREMISES_WORKER_HEADS, M.ZONE_WORKER_HEADS, M.STUDENT_HEADS,
    ),
    PREVENTION: (
        M.PLANS_ISSUED, M.PLAN_ACTIVITIES, M.RUNNING_MODELS, M.INTEGRATED_ACTIVITIES, M.STAFF, M.VOLUNTEERS,
        M.STAFF_TRAINED, M.VOLUNTEERS_TRAINED, M.HEALTH_CHECKED, M.LOANS, M.VOCATIONAL_SUPPORT,
        M.VICTIMS_SUPPORTED,
    ),
    HANDLING: (M.CRIMINAL_CASES, M.CASES_TRIED, M.ADMINISTRATIVE_CASES),
    MEANS: (M.BUDGET_VND, M.SPENT_VND, M.RESOURCES_VND),
}  # fmt: skip
_GROUP = {measure.value: group for group, measures in _BY_MEASURE.items() for measure in measures}
#: Counts that the app makes of its own records, by how their keys begin.
_BY_BEGINNING = (
    (f"{TASKS}_", TASKS),
    ("finding", HANDLING),
    ("sanction", HANDLING),
    ("fine", HANDLING),
    ("serious_findings", HANDLING),
    ("police", HANDLING),
    ("hotspot", HOTSPOTS),
    ("patrol", HOTSPOTS),
    ("signal", SIGNALS),
    ("commitment", PREVENTION),
)
#: What stands at a moment is not set beside the period before.
_STANDING = {
    M.PREMISES_WORKER_HEADS, M.ZONE_WORKER_HEADS, M.STUDENT_HEADS, M.RUNNING_MODELS, M.STAFF, M.VOLUNTEERS,
}  # fmt: skip
#: Counts that stand in a report as the ward police's own.
POLICE = frozenset({M.CRIMINAL_CASES.value, M.ADMINISTRATIVE_CASES.value, "T07", "T07a"})
#: What balances a target: silence must not look like success, and premises are not turns.
BESIDE = {"T08": ("patrols", "signals", "signals_unverified"), "T09": ("turns",)}
#: Counts that tell of something undone, whatever the targets say.
SHORTFALLS = frozenset({"signals_late", "hotspots_unexplained"})


def group_of(code: str) -> str:
    """The task that a count belongs to; what the app counts of visits is inspection."""
    if code in _GROUP:
        return _GROUP[code]
    return next((group for begin, group in _BY_BEGINNING if code.startswith(begin)), INSPECTION)


def compared(code: str) -> bool:
    """Whether a count is set beside the one of the period before."""
    return code not in _STANDING
