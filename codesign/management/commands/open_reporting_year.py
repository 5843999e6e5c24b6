"""`manage.py open_reporting_year 2026`: load the questionnaires, open the year, write down who owes a report."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from codesign.reporting import actions
from codesign.reporting.models import ReportObligation
from registry.kernel import clock
from registry.kernel.audit.actor import SYSTEM
from registry.kernel.errors import DomainError


class Command(BaseCommand):
    """Safe to run again: what is there stays, what is missing is added."""

    help = "Open a reporting year: its calendar, its questionnaire, and an obligation per member."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("year", type=int, help="The year that is reported on.")

    def handle(self, *args: Any, **options: Any) -> None:
        at = clock.now()
        try:
            actions.load_shipped(actor=SYSTEM, at=at)
            year = actions.open_year(year=options["year"], actor=SYSTEM, at=at)
        except DomainError as error:
            raise CommandError(f"{error.code}: {error.detail}") from error
        owed = ReportObligation.objects.filter(reporting_year=year).count()
        self.stdout.write(f"{year.year}: open from {year.opens_on}, due {year.due_on}, owed by {owed}.")
