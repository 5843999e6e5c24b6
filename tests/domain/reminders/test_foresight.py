"""What was foreseen is what the days bring; what is explained is what is planned; a window misses nothing for long."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from codesign.reminders import actions
from codesign.reminders.actions import planning
from codesign.reminders.explain import explain
from codesign.reminders.forecasting import forecast, rehearse
from codesign.reminders.models import ClosedPeriod, Occurrence, ReminderRule
from codesign.reminders.statement import Assumption
from codesign.reporting.models import ReportObligation
from members.people.models import Contact, ContactRole
from members.scope import Role
from registry.kernel.outbox import worker
from tests.factories.companies import make_scope
from tests.factories.criteria import make_plan_action
from tests.factories.fees import make_invoice
from tests.factories.reminders import AT, make_body, make_contact, make_obligation, make_rule

pytestmark = pytest.mark.django_db
# Afternoon in Brussels, noon in Lima, evening in Nairobi: nobody's quiet hours.
START = datetime(2027, 3, 1, 16, tzinfo=UTC)
DAYS = 90
SECRETARIAT = make_scope(Role.SECRETARIAT)


class Tray:
    """Takes mails as a server would."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []

    def send(self, message: EmailMessage, *, seconds: float) -> None:
        """Keep it."""
        self.mails.append(message)


def a_day(at: datetime, tray: Tray, **how: Any) -> None:
    """What beat and worker do on one day."""
    actions.plan(at=at, **how)
    while worker.deliver_batch(at=at, mailer=tray):  # type: ignore[arg-type]
        pass


def a_book() -> None:
    """Companies in three zones, one with an officer who leaves, one muted until mid-March, one that closes."""
    make_rule("report-due", "fee-due", "action-due", "lcr-week")
    lcr = make_body(name="ECPAT Belgium", kind="ngo")
    make_contact(organisation=lcr, role=ContactRole.LCR_OFFICER)
    make_contact(organisation=make_body(kind="network"), role=ContactRole.SECRETARIAT)
    for number, zone in enumerate(("Europe/Brussels", "America/Lima", "Africa/Nairobi")):
        for due_on in (date(2027, 3, 31), date(2027, 3, 5) + timedelta(days=number), date(2027, 2, 20)):
            owed = make_obligation(representative=lcr if number else None, due_on=due_on)
            make_contact(organisation=owed.company.organisation, zone=zone)
            make_invoice(membership=owed.membership, due_on=due_on + timedelta(days=9))
            make_plan_action(membership=owed.membership, due_on=due_on + timedelta(days=4))
    leaving = make_obligation(due_on=date(2027, 3, 12), representative=lcr)
    make_contact(organisation=leaving.company.organisation, valid_until=date(2027, 3, 9))
    make_contact(organisation=leaving.company.organisation, valid_from=date(2027, 3, 13))
    muted = make_obligation(
        due_on=date(2027, 3, 20), membership={"reminders_muted_until": datetime(2027, 3, 10, tzinfo=UTC)}
    )
    make_contact(organisation=muted.company.organisation)
    closed = make_obligation(due_on=date(2027, 3, 15))
    make_contact(organisation=closed.company.organisation)
    ClosedPeriod.objects.create(
        company=closed.company, first_on=date(2027, 3, 7), last_on=date(2027, 3, 18), created_at=AT
    )


def listed(pairs: Any) -> list[tuple[Any, ...]]:
    """Forecast rows and occurrences in one form."""
    return sorted((code, *map(str, row.identity), row.due_at.isoformat()) for code, row in pairs)


def test_the_forecast_is_what_the_days_bring_item_by_item() -> None:
    a_book()
    a_day(START, Tray())
    until = START + timedelta(days=DAYS)
    foreseen = forecast(scope=SECRETARIAT, at=START, since=START, until=until)

    tray = Tray()
    for number in range(1, DAYS + 1):
        a_day(START + timedelta(days=number), tray, ahead=timedelta(days=number % 8))

    sent = Occurrence.objects.filter(state="handed_over", due_at__gt=START, due_at__lte=until)
    assert listed(foreseen) == listed((row.rule_code, row) for row in sent)
    assert len(foreseen) > 50
    assert len({(mail["To"], mail["Date"].datetime.date()) for mail in tray.mails}) == len(tray.mails) < len(foreseen)
    assert Occurrence.objects.filter(due_at__lte=until, state__in=("due", "planned", "claimed")).count() == 0


def test_windows_and_full_passes_end_in_the_same_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    a_book()

    def rows(*, in_full: bool) -> list[tuple[Any, ...]]:
        """Ten days, with facts that come late, and a full pass at the end; then everything is as before."""
        with transaction.atomic():
            for number in range(11):
                at = START + timedelta(days=number)
                if number == 4:
                    late = make_obligation(due_on=date(2027, 2, 25), organisation=make_body(name="Late (DEMO)"))
                    make_contact(organisation=late.company.organisation, email="late@hotel.example")
                a_day(at, Tray(), in_full=in_full or number == 10, ahead=timedelta(days=3))
            columns = ("rule_code", "organisation__name", "step", "contact_role", "contact__email", "state", "reason")
            found = sorted(Occurrence.objects.values_list(*columns))
            transaction.set_rollback(True)
        return found

    monkeypatch.setattr(planning, "FULL_EVERY", timedelta(days=30))
    by_window, in_full = rows(in_full=False), rows(in_full=True)

    assert [row for row in by_window if row[1] != "Late (DEMO)"] == [row for row in in_full if row[1] != "Late (DEMO)"]
    last = "Late (DEMO)", 1, "reporting_officer", "late@hotel.example", "handed_over"
    assert [row[1:6] for row in by_window if row[1] == "Late (DEMO)" and row[5] == "handed_over"] == [last]


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    offset=st.integers(-70, 120),
    state=st.sampled_from(["active", "suspended"]),
    is_done=st.booleans(),
    has_contact=st.booleans(),
    muted_days=st.sampled_from([None, -10, 20, 5000]),
    planned_ago=st.sampled_from([None, 0, 3]),
    is_paused=st.booleans(),
)
def test_explain_says_sends_exactly_when_the_plan_contains_it(
    db: None,
    offset: int,
    state: str,
    is_done: bool,
    has_contact: bool,
    muted_days: int | None,
    planned_ago: int | None,
    is_paused: bool,
) -> None:
    with transaction.atomic():
        rule = make_rule()
        muted = None if muted_days is None else START + timedelta(days=muted_days)
        owed = make_obligation(
            due_on=START.date() + timedelta(days=offset),
            membership={"state": state, "reminders_muted_until": muted},
            **({"fulfilled_at": AT, "fulfilled_on": AT.date()} if is_done else {}),
        )
        if has_contact:
            make_contact(organisation=owed.company.organisation)
        make_contact(organisation=make_body(kind="network"), role=ContactRole.SECRETARIAT)
        if planned_ago is not None:
            a_day(START - timedelta(days=planned_ago), Tray())
        ReminderRule.objects.filter(pk=rule.pk).update(paused_at=AT if is_paused else None)

        found = explain(rule_code="report-due", subject_id=owed.pk, scope=SECRETARIAT, at=START)
        # Everything that leaves from the beginning of time: what is due already, and what comes.
        ahead = forecast(
            scope=SECRETARIAT, at=START, since=START - timedelta(days=900), until=START + timedelta(days=400)
        )

        assert (found.verdict == "will_send") == bool(ahead)
        assert (found.changes_on is not None) == bool(ahead)
        transaction.set_rollback(True)


def test_an_assumption_changes_the_forecast_and_nothing_else() -> None:
    a_book()
    until = START + timedelta(days=60)
    owed = ReportObligation.objects.filter(due_on=date(2027, 3, 31)).order_by("pk").first()
    assert owed is not None
    before = Occurrence.objects.count()

    def under(**assumed: Any) -> Any:
        assumption = Assumption(organisation_id=owed.company_id, kind="report_due", **assumed)
        return rehearse(scope=SECRETARIAT, at=START, until=until, assuming=(assumption,))

    done = under(done_on=date(2027, 3, 20))
    later = under(due_on=date(2027, 4, 7))

    assert [(row.step, row.organisation_id) for _, row in done.removed] == [
        (-7, owed.company_id),
        (1, owed.company_id),
        (30, owed.company_id),
        (30, done.removed[-1][1].organisation_id),
    ]
    assert (done.added, done.moved) == ([], [])
    assert [(old.step, (new.due_at.date() - old.due_at.date()).days) for _, old, new in later.moved][:2] == [
        (-7, 7),
        (1, 7),
    ]
    assert Occurrence.objects.count() == before


def test_a_muted_book_is_foreseen_as_if_it_were_released() -> None:
    make_rule()
    owed = make_obligation(membership={"reminders_muted_until": datetime(2200, 1, 1, tzinfo=UTC)})
    make_contact(organisation=owed.company.organisation)
    release = Assumption(organisation_id=owed.company_id, released_at=datetime(2027, 3, 10, tzinfo=UTC))

    found = rehearse(scope=SECRETARIAT, at=START, until=START + timedelta(days=90), assuming=(release,))

    assert [row.step for _, row in found.added] == [-7, 1, 30]
    assert actions.release(memberships=[owed.membership_id], actor=SECRETARIAT, at=START + timedelta(days=9)) == 1
    a_day(START + timedelta(days=23), Tray())
    assert list(Occurrence.objects.filter(state="handed_over").values_list("step", flat=True)) == [-7]


def test_one_person_with_forty_companies_gets_one_mail_a_day_and_the_rest_tomorrow() -> None:
    make_rule()
    for number in range(41):
        owed = make_obligation()
        make_contact(
            organisation=owed.company.organisation, email="One@group.example" if number % 2 else "one@group.example"
        )
        if number == 40:
            Contact.objects.filter(organisation=owed.company_id).update(on_hold_since=AT)
    tray = Tray()

    a_day(START, tray)
    Contact.objects.update(on_hold_since=None)
    a_day(START + timedelta(hours=1), tray)
    first = len(tray.mails)
    a_day(START + timedelta(days=1), tray)

    assert (first, len(tray.mails)) == (1, 2)
    assert "40" in tray.mails[0]["Subject"]
    assert Occurrence.objects.filter(state="handed_over").values("subject_id").distinct().count() == 41


def test_quiet_hours_hold_back_what_is_caught_up_at_night() -> None:
    make_rule()
    make_contact(organisation=make_obligation().company.organisation)
    tray = Tray()

    a_day(datetime(2027, 3, 2, 2, tzinfo=UTC), tray)
    at_night = len(tray.mails)
    a_day(datetime(2027, 3, 2, 6, 1, tzinfo=UTC), tray)  # 07:01 in Brussels

    assert (at_night, len(tray.mails)) == (0, 1)


def test_a_forecast_asks_once_for_each_rule_and_a_little_for_all() -> None:
    a_book()
    rules = ReminderRule.objects.published().count()
    scope = make_scope(Role.SECRETARIAT)

    with CaptureQueriesContext(connection) as asked:
        found = forecast(scope=scope, at=START, since=START, until=START + timedelta(days=60))

    plans = [query for query in asked.captured_queries if "WITH found" in query["sql"]]
    assert found
    # Rules and steps, the zones, the longest season; on PostgreSQL a savepoint and a setting, each with its end.
    assert (len(plans), len(asked) - len(plans)) == (rules, 8 if connection.vendor == "postgresql" else 4)
