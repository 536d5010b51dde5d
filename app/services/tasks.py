"""Tasks (Nhiệm vụ): what the plan gives to its bodies and what meetings decide; the use cases in one place."""

from app.services.task_counts import MissingExplanation, TaskCount, missing_explanations, task_counts
from app.services.task_reading import OPEN, TaskRow, tasks_of
from app.services.task_recording import NewTask, TaskChange, add_task, change_task

__all__ = [
    "OPEN",
    "MissingExplanation",
    "NewTask",
    "TaskChange",
    "TaskCount",
    "TaskRow",
    "add_task",
    "change_task",
    "missing_explanations",
    "task_counts",
    "tasks_of",
]
