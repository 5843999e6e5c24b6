"""The demo book: a company in every state, alive on the days that the tour shows, and nobody real in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from codesign.companies.models import CodeMembership, Company
from codesign.companies.register import public_register
from codesign.reminders import actions as reminders
from codesign.reminders.models import Occurrence
from codesign.reporting import actions as reporting
from codesign.reporting.models import Report, ReportingYear, ReportObligation
from codesign.standing.facts import standing_of
from codesign.standing.figures import with_standing
from codesign.worklist.items import worklist
from members.access.models import User
from members.access.scopes import scope_of
from members.organisations.models import Organisation
from members.people.models import Contact
from registry.kernel.audit.models import AuditEvent
from registry.kernel.checks import no_demo_book
from registry.management import demo

AT = datetime(2026, 11, 22, 10, tzinfo=UTC)
pytestmark = [pytest.mark.django_db, pytest.mark.slow]

STATES = {
    "active": 9, "approved": 2, "suspended": 1, "terminated": 1, "resigned": 1, "expired": 1, "rejected": 1,
    "withdrawn": 1, "draft": 1, "submitted": 1, "plan_submitted": 1, "changes_requested": 1,
    "dissolved": 1, "merged_into": 1,
}  # fmt: skip
STANDINGS = {
    "Fictif Hotels": ("good", "good", "training_below_target"),
    "Hôtel Fictif du Parc": ("good", "good", "training_below_target"),
    "Chambres Fictives de Namur": ("fee_overdue", "fee_overdue", "fee_overdue"),
    "Hotel Fictief aan Zee": ("report_overdue", "report_lapsed", "report_lapsed"),
    "Fictif Tours": ("report_lapsed", "report_lapsed", "report_lapsed"),
    "Reisbureau Fictief": ("training_unproven", "training_unproven", "training_unproven"),
    "Hostel Fictief Gent": ("training_below_target", "training_below_target", "training_below_target"),
    "Gîtes Fictifs": ("good", "good", "training_below_target"),
    "Motel Fictif": ("good", "training_below_target", "training_below_target"),
    "Autocars Fictifs": ("report_lapsed", "report_lapsed", "report_lapsed"),
}


@pytest.fixture(scope="module", autouse=True)
def _book(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The book, played once for all tests of this file and taken back at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        demo.seed(at=AT, write=lambda text: None)
        yield
        transaction.set_rollback(True)


def invented() -> Any:
    return Company.objects.filter(organisation__is_demo=True)


def test_a_company_in_every_state() -> None:
    states = CodeMembership.objects.filter(company__in=invented()).order_by().values_list("state", flat=True)

    assert Counter(states) == STATES


@pytest.mark.parametrize(("place", "day"), list(enumerate([AT.date(), date(2027, 3, 1), date(2028, 3, 1)])))
def test_standing_is_alive_on_the_days_that_are_shown(place: int, day: date) -> None:
    rows = with_standing(invented(), on=day).exclude(standing=None).order_by("pk")
    found = dict(rows.values_list("organisation__name", "standing"))

    assert found == {f"{name} (DEMO)": standings[place] for name, standings in STANDINGS.items()}
    for company in rows:
        verdict = standing_of(company.pk, on=day)
        assert verdict is not None
        assert verdict.standing == found[company.organisation.name]


def test_reports_of_2025_in_every_state() -> None:
    states = Report.objects.filter(reporting_year__year=2025).order_by().values_list("state", flat=True)

    assert Counter(states) == {"draft": 1, "submitted": 1, "returned": 1, "accepted": 4, "published": 1}


def test_the_public_register_shows_fourteen_companies_all_marked() -> None:
    shown = public_register(on=AT.date()).order_by("number", "pk")

    assert list(shown.values_list("number", flat=True)) == [f"TC-BE-{number:05}" for number in range(1, 15)]
    assert Counter(shown.values_list("public_status", flat=True)) == {"member": 9, "suspended": 1, "former": 4}
    assert all(row.company.organisation.is_demo for row in shown)


def test_nothing_invented_could_be_taken_for_real() -> None:
    names = invented().order_by("pk").values_list("organisation__name", flat=True)
    addresses = [*User.objects.values_list("email", flat=True), *Contact.objects.values_list("email", flat=True)]

    assert len(names) == 23
    assert [name for name in names if not name.endswith("(DEMO)")] == []
    assert [address for address in addresses if not address.endswith(".example")] == []


def test_every_log_in_works_and_holds_its_role() -> None:
    held = {}
    for login in demo.LOGINS:
        user = User.objects.get(email=login.email)
        assert user.check_password(login.password)
        held[login.email.partition("@")[0]] = scope_of(user, at=AT, day=AT.date()).roles - {"public"}

    assert held == {
        "officer": {"secretariat"},
        "second.officer": {"secretariat"},
        "lcr.officer": {"lcr"},
        "editor": {"company_editor"},
        "auditor": {"auditor"},
    }


def test_a_second_run_changes_nothing() -> None:
    before = (Company.objects.count(), AuditEvent.objects.count())
    said = StringIO()

    call_command("seed_demo", stdout=said)

    assert said.getvalue() == "The demo book is there already.\n"
    assert (Company.objects.count(), AuditEvent.objects.count()) == before


def test_production_refuses_the_book(settings: Any) -> None:
    assert [fault.id for fault in no_demo_book(None, databases=["default"])] == ["registry.E011"]
    Organisation.objects.filter(is_demo=True).update(is_demo=False)
    assert no_demo_book(None, databases=["default"]) == []
    settings.PRODUCTION = True

    with pytest.raises(CommandError, match="never in production"):
        call_command("seed_demo")

    assert Organisation.objects.filter(is_demo=True).count() == 0


def test_the_book_is_released_and_its_late_reports_are_reminded_of() -> None:
    reminders.plan(at=AT)

    due = Occurrence.objects.filter(state="due", rule_code="report-due").order_by(
        "organisation__name", "step", "contact_role"
    )
    assert list(due.values_list("organisation__name", "step", "contact_role")) == [
        ("Fictif Tours (DEMO)", 60, "lcr_officer"),
        ("Fictif Tours (DEMO)", 60, "reporting_officer"),
        ("Fictif Tours (DEMO)", 60, "secretariat"),
        ("Hotel Fictief aan Zee (DEMO)", 1, "reporting_officer"),
    ]


def test_an_address_is_gone_and_training_is_about_to_lapse() -> None:
    held = Contact.objects.exclude(on_hold_since=None).values_list("organisation__name", "role")
    officer = scope_of(User.objects.get(email=demo.LOGINS[2].email), at=AT, day=AT.date())
    names = dict(Company.objects.values_list("pk", "organisation__name"))
    found = {(names[work.company_id], work.kind.value) for work in worklist(officer, on=AT.date())}

    assert list(held) == [("Gîtes Fictifs (DEMO)", "reporting_officer")]
    assert {("Gîtes Fictifs (DEMO)", "contact_gone"), ("Motel Fictif (DEMO)", "training_dropping")} <= found
    assert {kind for _, kind in found} >= {"report_late", "report_to_review", "fee_overdue"}


def test_the_next_year_opens_by_itself() -> None:
    assert list(ReportingYear.objects.order_by("year").values_list("year", flat=True)) == [2024, 2025]

    owed = reporting.open_begun(at=datetime(2027, 1, 1, 0, 5, tzinfo=UTC))

    year = ReportingYear.objects.get(year=2026)
    assert (year.opens_on, year.due_on, owed) == (date(2027, 1, 1), date(2027, 3, 31), 10)
    assert ReportObligation.objects.filter(reporting_year=year).count() == 10
    assert reporting.open_begun(at=datetime(2027, 1, 1, 0, 6, tzinfo=UTC)) == 0
