"""What the planner writes: each step once, to whom, when, and what it leaves out."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from codesign.reminders import actions
from codesign.reminders.lifecycle import OccurrenceState
from codesign.reminders.models import NOBODY, Occurrence, ReminderRule
from codesign.reporting.models import ReportObligation
from members.people.models import Contact, ContactRole
from registry.kernel.outbox.models import OutboxMessage, OutboxState
from tests.factories.reminders import AT, make_body, make_contact, make_obligation, make_rule

pytestmark = pytest.mark.django_db


def moment(day: str, hour: str = "12:00") -> datetime:
    return datetime.fromisoformat(f"{day}T{hour}:00+00:00")


def planned() -> list[tuple[int, str, str]]:
    """(step, role, state) of all occurrences, in order."""
    return list(
        Occurrence.objects.order_by("step", "contact_role", "state", "pk").values_list("step", "contact_role", "state")
    )


@pytest.fixture
def rule() -> ReminderRule:
    return make_rule()


@pytest.fixture
def obligation(rule: ReminderRule) -> ReportObligation:
    """A report due on Wednesday 31 March 2027, with one officer in Brussels."""
    owed = make_obligation()
    make_contact(organisation=owed.company.organisation)
    return owed


def test_shipped_rule_has_the_steps_of_the_domain(rule: ReminderRule) -> None:
    steps = rule.steps.order_by("offset_days", "contact_role").values_list("offset_days", "contact_role")

    officer, lcr, secretariat = "reporting_officer", "lcr_officer", "secretariat"
    assert list(steps) == [
        (-30, officer),
        (-7, officer),
        (1, officer),
        (30, lcr),
        (30, officer),
        (60, lcr),
        (60, officer),
        (60, secretariat),
    ]
    assert actions.load_rules(at=AT) == 8  # the others; this one is there


def test_nothing_is_planned_before_the_first_step(obligation: ReportObligation) -> None:
    # −30 is Monday 1 March, 09:00 in Brussels: 08:00 UTC in winter.
    assert actions.plan(at=moment("2027-03-01", "07:59")) == 0
    assert (Occurrence.objects.count(), OutboxMessage.objects.count()) == (0, 0)


def test_step_is_planned_at_nine_of_the_recipient_with_its_message(obligation: ReportObligation) -> None:
    at = moment("2027-03-01", "08:00")

    assert actions.plan(at=at) == 1

    occurrence = Occurrence.objects.get()
    contact = Contact.objects.get()
    assert occurrence.due_at == at
    assert occurrence.planned_at == at
    assert (occurrence.rule_code, occurrence.rule_version) == ("report-due", 1)
    assert (occurrence.subject_type, occurrence.subject_id) == ("report_obligation", obligation.pk)
    assert (occurrence.organisation_id, occurrence.membership_id) == (obligation.company_id, obligation.membership_id)
    assert (occurrence.anchor_on, occurrence.step, occurrence.contact_role) == (
        date(2027, 3, 31),
        -30,
        ContactRole.REPORTING_OFFICER,
    )
    assert (occurrence.contact_id, occurrence.recipient) == (contact.pk, contact.pk)
    assert (occurrence.channel, occurrence.state, occurrence.reason) == ("email", OccurrenceState.DUE, "")
    message = OutboxMessage.objects.get()
    assert message.key == f"letter:{contact.pk.hex}:2027-03-01"
    assert (message.topic, message.state, message.due_at) == ("reminders.mail", OutboxState.PENDING, at)
    assert (UUID(message.payload["addressee"]), message.payload["occurrence"]) == (contact.pk, "")


def test_planning_twice_plans_once(obligation: ReportObligation) -> None:
    at = moment("2027-03-01")
    actions.plan(at=at)
    before = list(Occurrence.objects.values()), list(OutboxMessage.objects.values())

    assert actions.plan(at=at) == 0

    assert (list(Occurrence.objects.values()), list(OutboxMessage.objects.values())) == before


@pytest.mark.parametrize("missed_days", [1, 2, 10])
def test_missed_night_is_caught_up(obligation: ReportObligation, missed_days: int) -> None:
    assert actions.plan(at=moment("2027-03-01") + timedelta(days=missed_days)) == 1
    assert planned() == [(-30, "reporting_officer", "due")]


def test_of_several_missed_steps_only_the_newest_goes(obligation: ReportObligation) -> None:
    actions.plan(at=moment("2027-04-02"))

    assert planned() == [
        (-30, "reporting_officer", "skipped_late"),
        (-7, "reporting_officer", "skipped_late"),
        (1, "reporting_officer", "due"),
    ]
    assert set(Occurrence.objects.filter(state="skipped_late").values_list("reason", flat=True)) == {"newer_step"}
    assert OutboxMessage.objects.count() == 1


def test_step_that_still_waits_gives_way_to_a_newer_one(obligation: ReportObligation) -> None:
    actions.plan(at=moment("2027-03-01"))
    actions.plan(at=moment("2027-03-24"))

    assert planned() == [(-30, "reporting_officer", "skipped_late"), (-7, "reporting_officer", "due")]


def test_audience_widens_step_by_step(rule: ReminderRule) -> None:
    representative = make_body(name="ECPAT Belgium", kind="ngo")
    owed = make_obligation(representative=representative)
    make_contact(organisation=owed.company.organisation)
    make_contact(organisation=representative, role=ContactRole.LCR_OFFICER)
    make_contact(organisation=make_body(kind="network"), role=ContactRole.SECRETARIAT, zone="UTC")

    actions.plan(at=moment("2027-05-05"))
    assert {row[:2] for row in planned() if row[2] == "due"} == {(30, "lcr_officer"), (30, "reporting_officer")}

    actions.plan(at=moment("2027-06-05"))
    assert {row[:2] for row in planned() if row[2] == "due"} == {
        (60, "lcr_officer"),
        (60, "reporting_officer"),
        (60, "secretariat"),
    }


def test_secretariat_stands_in_where_there_is_no_representative(obligation: ReportObligation) -> None:
    make_contact(organisation=make_body(kind="network"), role=ContactRole.SECRETARIAT)

    actions.plan(at=moment("2027-06-05"))

    assert {row for row in planned() if row[0] == 60} == {(60, "reporting_officer", "due"), (60, "secretariat", "due")}


def test_nobody_to_write_to_is_shown_and_not_sent(rule: ReminderRule) -> None:
    owed = make_obligation()
    make_contact(organisation=owed.company.organisation, valid_until=date(2027, 1, 1))
    make_contact(organisation=owed.company.organisation, on_hold_since=AT)

    actions.plan(at=moment("2027-03-01"))

    occurrence = Occurrence.objects.get()
    assert (occurrence.state, occurrence.reason, occurrence.recipient) == ("suppressed", "no_contact", NOBODY)
    assert (occurrence.contact_id, OutboxMessage.objects.count()) == (None, 0)


def test_new_contact_gets_what_nobody_got(rule: ReminderRule) -> None:
    owed = make_obligation()
    actions.plan(at=moment("2027-03-01"))
    make_contact(organisation=owed.company.organisation)

    assert actions.plan(at=moment("2027-03-03")) == 1
    assert sorted(Occurrence.objects.values_list("step", "state")) == [(-30, "due"), (-30, "suppressed")]


def test_step_done_by_one_holder_is_not_repeated_for_the_next(obligation: ReportObligation) -> None:
    actions.plan(at=moment("2027-03-01"))
    Occurrence.objects.update(state=OccurrenceState.HANDED_OVER)
    Contact.objects.update(valid_until=date(2027, 3, 2))
    make_contact(organisation=obligation.company.organisation, valid_from=date(2027, 3, 3))

    assert actions.plan(at=moment("2027-03-05")) == 0
    assert actions.plan(at=moment("2027-03-24")) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"fulfilled_at": AT, "fulfilled_on": date(2027, 2, 1)},
        {"membership": {"state": "suspended"}},
        {"membership": {"reminders_muted_until": datetime(2200, 1, 1, tzinfo=UTC)}},
        # Released on the day: what was anchored before the release is never mailed.
        {"membership": {"reminders_muted_until": datetime(2027, 4, 1, tzinfo=UTC)}},
    ],
    ids=["fulfilled", "suspended", "muted", "anchored before the release"],
)
def test_what_does_not_apply_is_not_planned(rule: ReminderRule, change: dict[str, Any]) -> None:
    owed = make_obligation(**change)
    make_contact(organisation=owed.company.organisation)

    assert actions.plan(at=moment("2027-04-02")) == 0
    assert Occurrence.objects.count() == 0


def test_released_membership_gets_what_is_anchored_later(rule: ReminderRule) -> None:
    owed = make_obligation(membership={"reminders_muted_until": datetime(2027, 3, 10, tzinfo=UTC)})
    make_contact(organisation=owed.company.organisation)

    assert actions.plan(at=moment("2027-03-09")) == 0
    assert actions.plan(at=moment("2027-03-11")) == 1


def test_rule_plans_nothing_that_fell_due_before_it_took_effect(obligation: ReportObligation) -> None:
    ReminderRule.objects.update(effective_from=date(2027, 3, 2))

    assert actions.plan(at=moment("2027-03-02")) == 0
    assert actions.plan(at=moment("2027-03-24")) == 1


def test_new_version_of_a_rule_sends_nothing_again(obligation: ReportObligation, rule: ReminderRule) -> None:
    actions.plan(at=moment("2027-03-01"))
    Occurrence.objects.update(state=OccurrenceState.HANDED_OVER)
    steps = list(rule.steps.all())
    newer = ReminderRule.objects.create(
        code=rule.code,
        version=2,
        kind=rule.kind,
        names={},
        effective_from=date(2026, 1, 1),
        created_at=AT,
        published_at=AT,
    )
    for step in steps:
        newer.steps.create(offset_days=step.offset_days, contact_role=step.contact_role)

    assert actions.plan(at=moment("2027-03-02")) == 0


def test_moved_anchor_supersedes_what_waits_and_arms_the_new_day(obligation: ReportObligation) -> None:
    actions.plan(at=moment("2027-03-01"))
    ReportObligation.objects.update(due_on=date(2027, 6, 30))

    assert actions.plan(at=moment("2027-03-02")) == 0
    assert [(row.state, row.reason) for row in Occurrence.objects.all()] == [("superseded", "anchor_moved")]

    assert actions.plan(at=moment("2027-06-01")) == 1  # −30 of 30 June is Monday 31 May
    assert sorted(Occurrence.objects.values_list("anchor_on", "step", "state")) == [
        (date(2027, 3, 31), -30, "superseded"),
        (date(2027, 6, 30), -30, "due"),
    ]


def test_anchor_moved_by_a_typo_and_back_sends_after_all(obligation: ReportObligation) -> None:
    actions.plan(at=moment("2027-03-01"))
    OutboxMessage.objects.update(state=OutboxState.SUPPRESSED)
    ReportObligation.objects.update(due_on=date(2028, 3, 31))
    actions.plan(at=moment("2027-03-01"))
    ReportObligation.objects.update(due_on=date(2027, 3, 31))

    assert actions.plan(at=moment("2027-03-02")) == 1

    assert planned() == [(-30, "reporting_officer", "due")]
    assert OutboxMessage.objects.filter(state=OutboxState.PENDING).count() == 1


@pytest.mark.parametrize(("days", "again"), [(2, 0), (3, 1)])
def test_small_move_does_not_send_again(obligation: ReportObligation, days: int, again: int) -> None:
    actions.plan(at=moment("2027-03-01"))
    Occurrence.objects.update(state=OccurrenceState.HANDED_OVER)
    ReportObligation.objects.update(due_on=date(2027, 3, 31) + timedelta(days=days))

    assert actions.plan(at=moment("2027-03-08")) == again


@pytest.mark.parametrize(
    ("zone", "due_at"),
    [
        ("Europe/Brussels", "2027-03-01T08:00:00+00:00"),
        ("America/Lima", "2027-03-01T14:00:00+00:00"),
        ("Pacific/Auckland", "2027-02-28T20:00:00+00:00"),
        ("Asia/Kathmandu", "2027-03-01T03:15:00+00:00"),
        ("Nowhere/Atlantis", "2027-03-01T09:00:00+00:00"),
    ],
)
def test_mail_leaves_at_nine_in_the_zone_of_the_recipient(rule: ReminderRule, zone: str, due_at: str) -> None:
    owed = make_obligation()
    make_contact(organisation=owed.company.organisation, zone=zone)

    actions.plan(at=moment("2027-03-02"))

    assert Occurrence.objects.get().due_at == datetime.fromisoformat(due_at)


def test_summer_time_moves_the_hour_in_utc(obligation: ReportObligation) -> None:
    actions.plan(at=moment("2027-03-24"))
    actions.plan(at=moment("2027-04-01"))

    # −7 on 24 March is winter, +1 on 1 April is summer in Brussels.
    assert list(Occurrence.objects.filter(step__in=(-7, 1)).order_by("step").values_list("due_at", flat=True)) == [
        moment("2027-03-24", "08:00"),
        moment("2027-04-01", "07:00"),
    ]


@pytest.mark.parametrize(("due_on", "monday"), [(date(2027, 4, 5), "2027-03-08"), (date(2027, 4, 6), "2027-03-08")])
def test_weekend_moves_the_mail_to_monday(rule: ReminderRule, due_on: date, monday: str) -> None:
    owed = make_obligation(due_on=due_on)  # −30 is Saturday 6 or Sunday 7 March
    make_contact(organisation=owed.company.organisation)

    assert actions.plan(at=moment("2027-03-07", "23:00")) == 0
    actions.plan(at=moment(monday, "08:00"))

    assert Occurrence.objects.get().due_at == moment(monday, "08:00")


def test_leap_day_is_a_day_like_others(rule: ReminderRule) -> None:
    owed = make_obligation(due_on=date(2028, 3, 30))  # −30 is Tuesday 29 February 2028
    make_contact(organisation=owed.company.organisation)

    actions.plan(at=moment("2028-02-29"))

    assert Occurrence.objects.get().due_at == moment("2028-02-29", "08:00")


def test_statements_stay_the_same_for_many_companies(obligation: ReportObligation) -> None:
    with CaptureQueriesContext(connection) as for_one:
        actions.plan(at=moment("2027-03-01"))
    for _ in range(20):
        make_contact(organisation=make_obligation().company.organisation)

    with CaptureQueriesContext(connection) as for_twenty:
        actions.plan(at=moment("2027-03-01"))

    assert len(for_twenty) <= len(for_one)
    assert Occurrence.objects.count() == 21


def test_doorbell_rings_once_after_the_commit(
    obligation: ReportObligation, django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: list[str] = []
    monkeypatch.setattr("codesign.tasks.ring", lambda: rung.append("ding"))

    with django_capture_on_commit_callbacks(execute=True):
        actions.plan(at=moment("2027-03-01"))
    with django_capture_on_commit_callbacks(execute=True):
        actions.plan(at=moment("2027-03-01"))

    assert rung == ["ding"]
