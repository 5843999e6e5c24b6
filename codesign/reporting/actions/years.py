"""Open reporting years and write down who owes a report."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from codesign.reporting import obligations, rules
from codesign.reporting.models import Questionnaire, ReportingYear
from registry.kernel.audit.actions import record
from registry.kernel.audit.actor import SYSTEM, Actor
from registry.kernel.calendar import EARLIEST
from registry.kernel.errors import Invalid, Refused


class NoQuestionnaire(Refused):
    """A year needs a published questionnaire."""

    default_code = "no_questionnaire"


@transaction.atomic
def open_year(*, year: int, actor: Actor, at: datetime) -> ReportingYear:
    """Set the calendar of `year`, freeze the newest published questionnaire for it, write who owes a report.

    May be done ahead of 1 January; done again it only adds what is missing. Raises Invalid, NoQuestionnaire.
    """
    if not EARLIEST.year <= year <= at.year:
        raise Invalid.at("/year", "out_of_range", "A year can be opened once it has begun.")
    found = ReportingYear.objects.filter(year=year).first()
    if found is None:
        found = _create(year, actor=actor, at=at)
    open_obligations(reporting_year=found, at=at)
    return found


def _create(year: int, *, actor: Actor, at: datetime) -> ReportingYear:
    questionnaire = Questionnaire.objects.published().order_by("-version", "pk").first()
    if questionnaire is None:
        raise NoQuestionnaire("Publish a questionnaire first.")
    row = ReportingYear.objects.create(
        year=year,
        questionnaire=questionnaire,
        opens_on=rules.opens_on(year),
        due_on=rules.due_on(year),
        created_at=at,
    )
    changes: dict[str, list[Any]] = {
        "year": [None, year],
        "due_on": [None, row.due_on],
        "questionnaire": [None, questionnaire.version],
    }
    record("reporting_years.open", row, actor=actor, at=at, changes=changes)
    return row


@transaction.atomic
def open_obligations(*, reporting_year: ReportingYear, at: datetime) -> int:
    """Write an obligation for each membership that owes the year and has none; how many were new. One statement.

    None is written once its due day is past: nobody is late with what was due before they were known as a member.
    """
    return obligations.insert_missing(reporting_year, on=at.date(), at=at)


@transaction.atomic
def open_begun(*, at: datetime) -> int:
    """Open the year that ended last, if nobody has, and write the obligations that are missing; how many are new.

    For the clock's own run, as often as it likes. Without a published questionnaire no year opens by itself.
    """
    year = at.year - 1
    is_open = ReportingYear.objects.filter(year=year).exists()
    if not is_open and Questionnaire.objects.published().exists():
        _create(year, actor=SYSTEM, at=at)
    return open_new_obligations(at=at)


@transaction.atomic
def open_new_obligations(*, at: datetime) -> int:
    """The same for every year still running: memberships that became active since. For the nightly run."""
    # One statement for each year; one or two years run at a time.
    running = ReportingYear.objects.order_by("year").filter(year__gte=at.year - 2)
    return sum(open_obligations(reporting_year=year, at=at) for year in running)
