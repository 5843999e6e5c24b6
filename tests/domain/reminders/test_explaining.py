"""When a verdict changes next, and what it was at a moment that is past."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from codesign.companies.models import CodeMembership
from codesign.reminders import actions
from codesign.reminders.explain import Explanation, explain
from codesign.reminders.models import Occurrence
from codesign.reminders.sources import SOURCES
from codesign.reminders.sources.network import work_on
from codesign.reporting.models import ReportObligation
from codesign.worklist.models import Snooze
from members.people.models import Contact, ContactRole
from members.scope import Role
from tests.domain.reminders.test_foresight import Tray, a_day
from tests.factories.companies import make_decision, make_scope
from tests.factories.reminders import AT, make_body, make_contact, make_draft, make_obligation, make_rule

pytestmark = pytest.mark.django_db
# Due on 31 March 2027: the step of −30 leaves on Monday 1 March, at nine in Brussels.
MARCH = datetime(2027, 3, 1, 12, tzinfo=UTC)


def asked(owed: ReportObligation, at: datetime, rule: str = "report-due") -> Explanation:
    """As the secretariat would."""
    return explain(rule_code=rule, subject_id=owed.pk, scope=make_scope(Role.SECRETARIAT), at=at)


@pytest.fixture
def owed() -> ReportObligation:
    """A report due on 31 March, nobody to write to yet."""
    make_rule()
    return make_obligation()


def test_what_will_be_sent_is_sent_at_its_hour(owed: ReportObligation) -> None:
    make_contact(organisation=owed.company.organisation)

    found = asked(owed, MARCH - timedelta(days=10))

    assert (found.verdict, found.changes_on) == ("will_send", datetime(2027, 3, 1, 8, tzinfo=UTC))


def test_what_is_caught_up_at_night_waits_for_the_end_of_the_quiet_hours(owed: ReportObligation) -> None:
    make_contact(organisation=owed.company.organisation)
    night = datetime(2027, 3, 2, 22, tzinfo=UTC)  # 23:00 in Brussels
    actions.plan(at=night)

    found = asked(owed, night)

    assert (found.verdict, found.changes_on) == ("will_send", datetime(2027, 3, 3, 6, tzinfo=UTC))


def test_the_first_day_of_a_contact_is_told_while_there_is_none(owed: ReportObligation) -> None:
    make_draft(code="once", published_at=AT, steps=((-30, "reporting_officer"),))
    a_day(MARCH, Tray())
    nobody = asked(owed, MARCH, "once")
    make_contact(organisation=owed.company.organisation, valid_from=date(2027, 3, 12))

    found = asked(owed, MARCH, "once")

    assert (nobody.verdict, nobody.changes_on) == ("suppressed", None)
    assert (found.verdict, found.changes_on) == ("suppressed", datetime(2027, 3, 12, tzinfo=UTC))


def test_a_past_moment_is_answered_as_of_that_moment(owed: ReportObligation) -> None:
    make_contact(organisation=owed.company.organisation)
    a_day(MARCH, Tray())
    later = MARCH + timedelta(days=20)
    ReportObligation.objects.update(fulfilled_at=later, fulfilled_on=later.date())

    before, between, now = (asked(owed, at) for at in (MARCH - timedelta(days=1), MARCH, later + timedelta(days=1)))

    assert [row.step for row in before.past] == []
    assert (before.verdict, [row.step for row in before.coming]) == ("will_send", [-30, -7, 1, 30, 30, 60, 60])
    assert (between.verdict, [row.state for row in between.past]) == ("will_send", ["handed_over"])
    assert between.blocked_by == Occurrence.objects.get()
    assert [(one.clauses[0].code, one.clauses[0].holds) for one in (before, between, now)] == [
        ("owed", True),
        ("owed", True),
        ("owed", False),
    ]
    assert (now.verdict, now.coming, now.changes_on) == ("sent", [], None)


def test_a_membership_and_a_hold_are_those_of_the_past_moment(owed: ReportObligation) -> None:
    contact = make_contact(organisation=owed.company.organisation)
    CodeMembership.objects.update(state="suspended")
    suspended_at, held_at = MARCH - timedelta(days=5), MARCH - timedelta(days=3)
    make_decision(membership=owed.membership, decided_at=suspended_at)
    Contact.objects.filter(pk=contact.pk).update(on_hold_since=held_at)

    before, now = asked(owed, suspended_at - timedelta(hours=1)), asked(owed, MARCH)

    assert (before.verdict, now.verdict) == ("will_send", "not_applicable")
    assert [(row.step, row.contact_id) for row in before.coming][:2] == [(-30, contact.pk), (-7, contact.pk)]
    shown = [
        [(one.code, one.holds, one.value) for one in found.clauses if one.code == "active_member"]
        for found in (before, now)
    ]
    assert shown == [[("active_member", True, "active")], [("active_member", False, "suspended")]]


def test_a_report_that_came_later_shows_no_day_before(owed: ReportObligation) -> None:
    later = MARCH + timedelta(days=20)
    ReportObligation.objects.update(fulfilled_at=later, fulfilled_on=later.date())

    before, now = asked(owed, MARCH), asked(owed, later)

    assert [(found.clauses[0].holds, found.clauses[0].value) for found in (before, now)] == [
        (True, None),
        (False, later.date()),
    ]


def test_what_is_known_of_the_present_alone_is_named(owed: ReportObligation) -> None:
    assert asked(owed, MARCH).undated == ("hold", "opt_out", "stopped")
    assert SOURCES["fee_due"].undated == ("unsettled",)
    assert SOURCES["action_due"].undated == ("open",)
    assert SOURCES["training_lapsing"].undated == ("current", "lapsing")


def test_what_a_representative_put_off_is_in_no_weekly_mail_until_it_comes_back() -> None:
    make_rule("lcr-week")
    lcr = make_body(kind="ngo")
    make_contact(organisation=lcr, role=ContactRole.LCR_OFFICER)
    owed = make_obligation(representative=lcr, due_on=date(2027, 1, 2))
    monday = datetime(2027, 1, 18, 12, tzinfo=UTC)
    snoozed = {"subject_id": owed.pk, "company": owed.company, "reason": "They call.", "created_at": AT}
    snooze = Snooze.objects.create(side="representative", kind="report_late", until=date(2027, 2, 10), **snoozed)
    Snooze.objects.create(side="secretariat", kind="report_late", until=date(2027, 3, 10), **snoozed)
    asked_of = {"rule_code": "lcr-week", "subject_id": lcr.pk, "scope": make_scope(Role.SECRETARIAT)}

    asleep = explain(**asked_of, at=monday)
    actions.plan(at=monday)

    assert not Occurrence.objects.exists()
    assert asleep.verdict == "not_applicable"
    said = {clause.code: (clause.holds, clause.value) for clause in asleep.clauses if clause.code != "represents"}
    assert said == {"has_work": (False, None), "awake": (False, date(2027, 2, 10))}
    assert asleep.changes_on == datetime(2027, 2, 10, tzinfo=UTC)
    assert work_on(lcr.pk, at=monday) == {}

    back = asleep.changes_on
    assert explain(**asked_of, at=back - timedelta(seconds=1)).verdict == "not_applicable"
    awake = explain(**asked_of, at=back)
    assert (awake.verdict, awake.clauses[-1].holds, awake.clauses[-1].value) == ("will_send", True, None)
    assert work_on(lcr.pk, at=back) == {"reports_overdue": 1}
    snooze.delete()
    assert explain(**asked_of, at=monday).verdict == "will_send"


def test_the_weekly_mail_counts_what_is_left_of_what_was_put_off() -> None:
    make_rule("lcr-week")
    lcr = make_body(kind="ngo")
    make_contact(organisation=lcr, role=ContactRole.LCR_OFFICER)
    late = [make_obligation(representative=lcr, due_on=date(2027, 1, 2)) for _ in range(3)]
    values = {"until": date(2027, 2, 10), "reason": "They call.", "created_at": AT}
    for owed, kind in zip(late, ("report_late", "fee_overdue", "report_late"), strict=True):
        Snooze.objects.create(side="representative", kind=kind, subject_id=owed.pk, company=owed.company, **values)
    Snooze.objects.filter(subject_id=late[2].pk).update(woken_at=AT)
    monday = datetime(2027, 1, 18, 12, tzinfo=UTC)

    found = explain(rule_code="lcr-week", subject_id=lcr.pk, scope=make_scope(Role.SECRETARIAT), at=monday)

    assert work_on(lcr.pk, at=monday) == {"reports_overdue": 2}
    assert (found.verdict, found.clauses[-1].holds, found.clauses[-1].value) == ("will_send", True, date(2027, 2, 10))


def test_what_waits_already_does_not_leave_once_its_work_is_put_off() -> None:
    make_rule("lcr-week")
    lcr = make_body(kind="ngo")
    make_contact(organisation=lcr, role=ContactRole.LCR_OFFICER)
    owed = make_obligation(representative=lcr, due_on=date(2027, 1, 2))
    sunday = datetime(2027, 1, 17, 12, tzinfo=UTC)
    asked_of = {"rule_code": "lcr-week", "subject_id": lcr.pk, "scope": make_scope(Role.SECRETARIAT)}
    actions.plan(at=sunday, ahead=timedelta(days=2))
    planned = Occurrence.objects.get(anchor_on=date(2027, 1, 18))
    assert (planned.state, explain(**asked_of, at=sunday).verdict) == ("planned", "will_send")
    values = {"reason": "They call.", "created_at": AT, "subject_id": owed.pk, "company": owed.company}
    Snooze.objects.create(side="representative", kind="report_late", until=date(2027, 2, 10), **values)

    found, tray = explain(**asked_of, at=sunday), Tray()
    a_day(sunday + timedelta(days=1), tray)

    assert (found.verdict, found.changes_on) == ("suppressed", datetime(2027, 2, 10, tzinfo=UTC))
    planned.refresh_from_db()
    assert planned.state == "suppressed"
