"""Reads of the page of cases, kept while the data stays the same; never shared across scopes or accounts."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app.parts.risk_reads import Key, state_key
from app.parts.visit import Visit
from app.services import case_facts, case_work, cases
from app.services.case_facts import CheckFacts
from app.services.case_work import Task
from app.services.cases import Case


def tasks(visit: Visit) -> list[Task]:
    """All that is owed in the visitor's scope, what is overdue first."""
    found = [*_case_tasks(state_key(visit), visit)]
    # Not kept: who opens the decision of an unannounced visit is logged every time.
    found += case_work.plan_tasks(visit.store, visit.actor, visit.today)
    found += case_work.complaint_tasks(visit.store, visit.actor, visit.today)
    return case_work.in_order(found)


@st.cache_resource(max_entries=8, show_spinner=False)
def _case_tasks(key: Key, _visit: Visit) -> list[Task]:
    return case_work.case_tasks(_visit.store, _visit.actor, key[-1])


def case(visit: Visit, inspection_id: str) -> Case:
    """One case as it stands today."""
    return _case(state_key(visit), inspection_id, visit)


@st.cache_resource(max_entries=16, show_spinner=False)
def _case(key: Key, inspection_id: str, _visit: Visit) -> Case:
    return cases.case(_visit.store, _visit.actor, inspection_id, key[-1])


def facts(visit: Visit, inspection_id: str) -> CheckFacts:
    """The check that a case follows."""
    return _facts(state_key(visit), inspection_id, visit)


@st.cache_resource(max_entries=16, show_spinner=False)
def _facts(key: Key, inspection_id: str, _visit: Visit) -> CheckFacts:
    return case_facts.check_facts(_visit.store, _visit.actor, inspection_id, key[-1])


def found_checks(visit: Visit, typed: str) -> pd.DataFrame:
    """Checks by premises or number, the newest first."""
    return _found_checks(state_key(visit), typed, visit)


@st.cache_resource(max_entries=16, show_spinner=False)
def _found_checks(key: Key, typed: str, _visit: Visit) -> pd.DataFrame:
    return case_facts.find_checks(_visit.store, _visit.actor, typed, key[-1])
