"""What the tests of reports share: a desk of its own, reports asked for, corrections that come later."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from app.config import Settings
from app.services import report_files, report_request, reports
from app.services.report_request import Asked
from app.services.reports import KeptReport
from data.repositories import places
from data.store import Actor, Store
from data.tables import Inspection
from geo.review_words import ReportKind
from geo.words import Role
from tests.conftest import DEMO_DAY, opened

OPERATOR = Actor("hệ thống", Role.ADMIN)


@dataclass(frozen=True)
class ReportDesk:
    """A copy of the demonstration in which reports are made."""

    store: Store
    settings: Settings

    @property
    def wards(self) -> dict[str, str]:
        """Today's wards: ids by name."""
        return {name: unit for unit, name in report_request.wards_of(self.store, OPERATOR, DEMO_DAY).items()}

    @property
    def kien_hung(self) -> str:
        """The id of Kiến Hưng."""
        return self.wards["Phường Kiến Hưng"]

    def officer(self, unit_id: str | None = None) -> Actor:
        """The officer of a ward."""
        return Actor("cán bộ", Role.WARD_OFFICER, frozenset({unit_id or self.kien_hung}))

    def asked(
        self, kind: ReportKind, period: str, ward: str | None = None, *, wards_of: date | None = None
    ) -> Asked:
        """A periodic report, by default of today's wards."""
        days = report_request.period_asked(kind, period)
        return report_request.asked(
            self.store, OPERATOR, kind, days, ward=ward, as_of=DEMO_DAY, units_as_of=wards_of or DEMO_DAY
        )

    def made(self, kind: ReportKind, period: str, ward: str | None = None, **more: Any) -> KeptReport:
        """The report of a period."""
        return reports.make(self.store, OPERATOR, self.asked(kind, period, ward, **more), as_of=DEMO_DAY)

    def paper(self, kept: KeptReport, ending: str = ".docx", settings: Settings | None = None) -> bytes:
        """The report as a file."""
        return report_files.taken(self.store, OPERATOR, kept, ending, settings or self.settings)


def report_desk(demo_folder: Path, folder: Path) -> ReportDesk:
    """A desk on a copy of the demonstration."""
    shutil.copytree(demo_folder, folder / "data")
    settings = Settings(data=folder / "data")
    return ReportDesk(opened(settings), settings)


def add_check(store: Store, day: date, unit_id: str) -> str:
    """A check that is entered late: of a premises of the ward, on a day of a period already reported."""
    with store.write(OPERATOR) as work:
        register = places.premises_on(work, DEMO_DAY)
        premises = register[(register["ward_id"] == unit_id) & (register["status"] == "active")].iloc[-1]
        values = work.event()
        work.session.add(
            Inspection(
                **values,
                premises_id=premises["id"],
                on_date=day,
                body="fire",
                kind="planned",
                outcome="checked",
                geom=premises.geometry,
            )
        )
        return str(values["id"])
