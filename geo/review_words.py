"""The closed vocabularies of the review: what wards report, what bodies have to do, which reports there are."""

from __future__ import annotations

from enum import StrEnum


class Measure(StrEnum):
    """What an office enters for a period, per ward; counts, heads and money, never a person.

    ``*_HEADS`` stand at a moment: a group's size on the last day. So do ``RUNNING_MODELS``, ``STAFF`` and
    ``VOLUNTEERS``. All others are counted over the days of the entry.
    """

    COMMUNICATION_ACTIVITIES = "communication_activities"
    REACHED_RESIDENTS = "reached_residents"
    REACHED_PREMISES_WORKERS = "reached_premises_workers"
    REACHED_ZONE_WORKERS = "reached_zone_workers"
    REACHED_STUDENTS = "reached_students"
    PREMISES_WORKER_HEADS = "premises_worker_heads"
    ZONE_WORKER_HEADS = "zone_worker_heads"
    STUDENT_HEADS = "student_heads"
    PLANS_ISSUED = "plans_issued"
    PLAN_ACTIVITIES = "plan_activities"
    RUNNING_MODELS = "running_models"
    INTEGRATED_ACTIVITIES = "integrated_activities"
    STAFF = "staff"
    VOLUNTEERS = "volunteers"
    STAFF_TRAINED = "staff_trained"
    VOLUNTEERS_TRAINED = "volunteers_trained"
    CRIMINAL_CASES = "criminal_cases"
    CASES_TRIED = "cases_tried"
    ADMINISTRATIVE_CASES = "administrative_cases"
    HEALTH_CHECKED = "health_checked"
    LOANS = "loans"
    VOCATIONAL_SUPPORT = "vocational_support"
    VICTIMS_SUPPORTED = "victims_supported"
    BUDGET_VND = "budget_vnd"
    SPENT_VND = "spent_vnd"
    RESOURCES_VND = "resources_vnd"


class TaskKind(StrEnum):
    """What the plan gives to its bodies, and what a meeting decides."""

    ANNUAL_PLAN = "annual_plan"
    ANNUAL_BUDGET = "annual_budget"
    VOLUNTEER_TEAM = "volunteer_team"
    FRONT_SUPERVISION = "front_supervision"
    TRIALS = "trials"
    MOBILE_TRIALS = "mobile_trials"
    LOANS = "loans"
    HEALTH = "health"
    METHADONE = "methadone"
    VICTIMS = "victims"
    LEGAL_REVIEW = "legal_review"
    PROPOSAL = "proposal"
    MODEL = "model"
    EXPLANATION = "explanation"
    DECISION = "decision"
    OTHER = "other"


class TaskState(StrEnum):
    """How far a task has come."""

    OPEN = "open"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"


class ReportKind(StrEnum):
    """The reports that an office owes, and the two that it writes when there is cause."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"
    QUICK = "quick"
    ADHOC = "adhoc"


class ReportState(StrEnum):
    """Life of a report: written, issued by the clerk with a number, replaced by a corrected one."""

    DRAFT = "draft"
    ISSUED = "issued"
    REPLACED = "replaced"


class WardClass(StrEnum):
    """What the points of a ward come to ("phường lành mạnh không có tệ nạn ma túy, mại dâm")."""

    HEALTHY = "healthy"
    FAIR = "fair"
    WEAK = "weak"
    UNRATED = "unrated"
