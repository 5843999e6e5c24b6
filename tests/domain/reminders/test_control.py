"""What people can stop, start and hurry; what bounces; who opted out; who is nudged."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from codesign.notices.models import Notice
from codesign.reminders import actions
from codesign.reminders.lifecycle import DeliveryEvent
from codesign.reminders.mails import read_unsubscribe, unsubscribe_url
from codesign.reminders.models import MailEvent, Occurrence, OptOut, ReminderRule
from codesign.reporting.models import ReportObligation
from members.people.models import Contact, ContactRole
from members.scope import Role
from registry.kernel.audit.actor import SYSTEM
from registry.kernel.audit.models import AuditEvent
from registry.kernel.errors import Invalid, Refused
from registry.kernel.mail import Rejected
from registry.kernel.outbox import actions as outbox
from registry.kernel.outbox import worker
from registry.kernel.outbox.models import OutboxMessage
from tests.domain.reminders.test_foresight import START, Tray, a_day
from tests.factories.companies import make_scope
from tests.factories.reminders import AT, make_body, make_contact, make_draft, make_obligation, make_rule

pytestmark = pytest.mark.django_db
SECRETARIAT = make_scope(Role.SECRETARIAT)


@pytest.fixture
def owed() -> ReportObligation:
    """A report of which −30 is due today, with one officer."""
    make_rule()
    found = make_obligation()
    make_contact(organisation=found.company.organisation, email="first@hotel.example")
    return found


def states() -> list[tuple[int, str, str]]:
    """Step, state and reason of everything planned."""
    return list(Occurrence.objects.order_by("due_at", "planned_at", "pk").values_list("step", "state", "reason"))


def test_what_is_planned_ahead_is_seen_and_taken_back_before_its_hour(owed: ReportObligation) -> None:
    tray = Tray()
    before = START - timedelta(days=5)

    a_day(before, tray, ahead=timedelta(days=7))
    assert states() == [(-30, "planned", "")]
    actions.mark_handled(occurrence_id=Occurrence.objects.get().pk, actor=SYSTEM, at=before)
    make_contact(organisation=owed.company.organisation, email="second@hotel.example")
    a_day(START, tray, ahead=timedelta(days=7))

    assert (states(), tray.mails) == ([(-30, "handled", "by_person")], [])


def test_send_now_leaves_at_once_beside_the_mail_of_the_day(owed: ReportObligation) -> None:
    tray = Tray()
    a_day(START, tray)
    a_day(START + timedelta(days=20), tray, ahead=timedelta(days=7))
    (waiting,) = Occurrence.objects.filter(state="planned")

    actions.send_now(occurrence_id=waiting.pk, actor=SYSTEM, at=START + timedelta(days=20))
    a_day(START + timedelta(days=20), tray)

    assert [mail["To"] for mail in tray.mails] == ["first@hotel.example"] * 2
    assert states() == [(-30, "handed_over", ""), (-7, "handed_over", "")]


@pytest.mark.parametrize("everything", [False, True])
def test_what_is_switched_off_sends_nothing_and_catches_up_when_it_goes_on(
    owed: ReportObligation, everything: bool
) -> None:
    tray, rule = Tray(), ReminderRule.objects.get()
    actions.plan(at=START)
    if everything:
        actions.pause_all(reason="Import", actor=SYSTEM, at=START)
    else:
        actions.pause(rule_id=rule.pk, actor=SYSTEM, at=START)
    a_day(START, tray)
    a_day(START + timedelta(days=1), tray)
    quiet = len(tray.mails)
    if everything:
        assert actions.resume_all(actor=SYSTEM, at=START) == 1
    else:
        actions.resume(rule_id=rule.pk, actor=SYSTEM, at=START)
    a_day(START + timedelta(days=2), tray)

    assert (quiet, len(tray.mails), states()) == (0, 1, [(-30, "handed_over", "")])


def test_a_rule_that_suddenly_matches_far_too_much_stops_and_asks(owed: ReportObligation) -> None:
    tray = Tray()
    a_day(START - timedelta(days=1), tray)
    rule = ReminderRule.objects.get()
    ReminderRule.objects.update(cap_per_run=3)
    for _ in range(4):
        make_contact(organisation=make_obligation().company.organisation)

    a_day(START, tray)
    rule.refresh_from_db()
    assert (rule.held_at, tray.mails) == (START, [])
    assert {state for _, state, _ in states()} == {"planned"}
    actions.resume(rule_id=rule.pk, actor=SYSTEM, at=START)
    a_day(START + timedelta(hours=1), tray)

    assert len(tray.mails) == 5
    assert list(AuditEvent.objects.filter(action__startswith="remind").values_list("action", flat=True)) == [
        "reminders.hold",
        "reminder_rules.resume",
    ]


def test_a_hard_bounce_holds_the_contact_and_the_next_one_gets_the_step(owed: ReportObligation) -> None:
    tray = Tray()
    a_day(START, tray)
    message_id = OutboxMessage.objects.get().message_id
    make_contact(organisation=owed.company.organisation, email="second@hotel.example", valid_from=date(2027, 3, 2))
    bounce: dict[str, Any] = {"event": DeliveryEvent.HARD_BOUNCE, "happened_at": START + timedelta(hours=1)}

    for _ in range(2):
        assert actions.enter(message_id=message_id, **bounce, actor=SYSTEM, at=START + timedelta(hours=2)) == 1
    a_day(START + timedelta(days=1), tray)
    Contact.objects.update(on_hold_since=START)
    a_day(START + timedelta(days=23), tray)

    assert [mail["To"] for mail in tray.mails] == ["first@hotel.example", "second@hotel.example"]
    assert states() == [
        (-30, "bounced", "hard_bounce"),
        (-30, "handed_over", ""),
        (-7, "suppressed", "no_contact"),
    ]
    assert MailEvent.objects.count() == 1
    held = AuditEvent.objects.get(action="contacts.hold")
    assert (held.actor_label, held.changes["source"]) == (SYSTEM.label, [None, f"hard_bounce {message_id}"])
    assert [bool(notice.bounced_at) for notice in Notice.objects.order_by("sent_at")] == [True, False]
    assert list(Occurrence.objects.unreachable().values_list("step", flat=True)) == [-7]


def test_a_refusal_during_the_dialogue_is_a_hard_bounce_too(owed: ReportObligation) -> None:
    class Refusing(Tray):
        def send(self, message: Any, *, seconds: float) -> None:
            raise Rejected("550")

    a_day(START, Refusing())

    assert states() == [(-30, "bounced", "rejected")]
    assert Contact.objects.get().on_hold_since == START
    source = AuditEvent.objects.get(action="contacts.hold").changes["source"]
    assert source == [None, f"rejected {OutboxMessage.objects.get().message_id}"]
    assert Notice.objects.count() == 0


def test_three_soft_bounces_in_a_fortnight_hold_a_contact_and_a_receipt_delivers(owed: ReportObligation) -> None:
    tray, days = Tray(), (date(2027, 3, 31), date(2027, 3, 30), date(2027, 3, 29))
    for day in days[1:]:
        other = make_obligation(due_on=day)
        make_contact(organisation=other.company.organisation, email="first@hotel.example")
    for number in range(-2, 1):
        a_day(START + timedelta(days=number), tray)
    ids = [mail["Message-ID"] for mail in tray.mails]

    held = []
    for number, message_id in enumerate(ids):
        at = START + timedelta(days=1, hours=number)
        actions.enter(message_id=message_id, event=DeliveryEvent.SOFT_BOUNCE, happened_at=at, actor=SYSTEM, at=at)
        held.append(Contact.objects.exclude(on_hold_since=None).count())

    assert held == [0, 0, 3] if len(ids) == 3 else held[-1] in (0, 3)
    assert {state for _, state, _ in states()} == {"soft_bounce"}


def test_a_receipt_is_a_delivered_notice(owed: ReportObligation) -> None:
    a_day(START, Tray())
    message_id, at = OutboxMessage.objects.get().message_id, START + timedelta(minutes=3)

    actions.enter(message_id=message_id, event=DeliveryEvent.DELIVERED, happened_at=at, actor=SYSTEM, at=at)

    assert (states(), Notice.objects.get().delivered_at) == ([(-30, "delivered", "delivered")], at)
    assert actions.enter(message_id="<x@y>", event=DeliveryEvent.DELIVERED, happened_at=at, actor=SYSTEM, at=at) == 0


def test_one_click_ends_an_optional_rule_alone() -> None:
    optional = make_draft(code="tips", binding="optional", published_at=AT, effective_from=date(2026, 1, 1))
    obligation = make_draft(code="duty", published_at=AT, effective_from=date(2026, 1, 1))
    owed = make_obligation(due_on=START.date() + timedelta(days=45))
    make_contact(organisation=owed.company.organisation)
    actions.plan(at=START)
    rows = {row.rule_code: row for row in Occurrence.objects.select_related("contact")}

    url = unsubscribe_url([rows["tips"]], optional={"tips"})
    token = url.rstrip("/").rpartition("/")[2]
    contact, codes = read_unsubscribe(token) or ("", [])

    assert [unsubscribe_url(items, optional={"tips"}) for items in ([rows["duty"]], list(rows.values()))] == ["", ""]
    assert (contact, codes, read_unsubscribe(token[:-2])) == (str(rows["tips"].recipient), ["tips"], None)
    assert actions.opt_out(contact_id=rows["duty"].recipient, rule_codes=["duty"], at=START) == 0
    assert actions.opt_out(contact_id=rows["tips"].recipient, rule_codes=codes, at=START) == 1
    tray = Tray()
    a_day(START, tray)
    assert OptOut.objects.count() == 1
    assert {(row.rule_code, row.state, row.reason) for row in Occurrence.objects.all()} == {
        ("tips", "suppressed", "opted_out"),
        ("duty", "handed_over", ""),
    }
    assert "List-Unsubscribe" not in tray.mails[0]
    assert (optional.binding, obligation.binding) == ("optional", "obligation")


def test_a_nudge_reminds_now_of_what_is_owed_once_a_day(owed: ReportObligation) -> None:
    tray, at = Tray(), datetime(2027, 3, 9, 10, tzinfo=UTC)  # a Tuesday; no step is due
    a_day(START, Tray())
    free = make_obligation(fulfilled_at=AT, fulfilled_on=AT.date())
    silent = make_obligation()
    asked = [row.pk for row in (owed, free, silent)]

    first = actions.nudge(kind="report_due", subjects=asked, actor=SECRETARIAT, at=at)
    again = actions.nudge(kind="report_due", subjects=asked, actor=SECRETARIAT, at=at)
    foreign = actions.nudge(kind="report_due", subjects=asked, actor=make_scope(Role.LCR, countries={"NL"}), at=at)
    a_day(at, tray)

    assert [row.membership_id for row in first.planned] == [owed.membership_id]
    assert first.refused == {free.pk: "owes_nothing", silent.pk: "nobody_to_write_to"}
    assert (again.planned, again.refused[owed.pk]) == ([], "nudged_today")
    assert set(foreign.refused.values()) == {"not_seen"}
    (mail,) = tray.mails
    assert "vraagt u hier nog eens naar te kijken" in mail.get_body(("plain",)).get_content()
    with pytest.raises(Invalid):
        actions.nudge(kind="training_lapsing", subjects=asked, actor=SECRETARIAT, at=at)


def test_what_is_not_due_is_asked_for_from_the_first_step_of_the_rules_on(owed: ReportObligation) -> None:
    rule = ReminderRule.objects.get()

    def nudged(day: date, **of_rule: Any) -> tuple[str, int]:
        ReminderRule.objects.filter(pk=rule.pk).update(**of_rule)
        at = datetime(day.year, day.month, day.day, 10, tzinfo=UTC)
        found = actions.nudge(kind="report_due", subjects=[owed.pk], actor=SECRETARIAT, at=at)
        return found.refused.get(owed.pk, ""), Occurrence.objects.all().delete()[0]

    assert nudged(date(2027, 2, 28)) == ("not_due", 0)
    assert nudged(date(2027, 3, 1)) == ("", 1)
    assert nudged(date(2027, 3, 1), categories=["airline"]) == ("not_due", 0)
    assert nudged(date(2027, 3, 1), categories=["hotel"]) == ("", 1)
    assert nudged(date(2027, 3, 1), country="NL") == ("not_due", 0)
    assert nudged(date(2027, 3, 31)) == ("", 1)  # due today, whatever the rules foresee


def test_rules_are_drafted_published_and_retired_and_never_edited_once_published(owed: ReportObligation) -> None:
    steps = [{"offset_days": -45, "contact_role": ContactRole.REPORTING_OFFICER}]
    fields: dict[str, Any] = {"kind": "report_due", "names": {"en": "x"}, "effective_from": START.date()}

    draft = actions.draft(code="report-due", steps=steps, **fields, actor=SYSTEM, at=START)
    with pytest.raises(Invalid):
        actions.draft(code="report-due", steps=steps, **{**fields, "kind": "fee_due"}, actor=SYSTEM, at=START)
    actions.edit(rule_id=draft.pk, late_days=9, steps=steps * 1, actor=SYSTEM, at=START)
    with pytest.raises(Invalid):
        actions.publish(rule_id=draft.pk, actor=SYSTEM, at=START + timedelta(days=1))
    actions.publish(rule_id=draft.pk, actor=SYSTEM, at=START)
    with pytest.raises(Refused):
        actions.edit(rule_id=draft.pk, late_days=8, actor=SYSTEM, at=START)
    a_day(START, Tray())
    ahead = START + timedelta(days=2)
    actions.retire(rule_id=draft.pk, on=ahead.date(), actor=SYSTEM, at=ahead)

    draft.refresh_from_db()
    # −45 fell due on 14 February: a new version fills nothing in behind itself, nor does −30 of the old one count.
    assert (draft.version, draft.late_days, draft.retired_on, states()) == (2, 9, ahead.date(), [])


def test_a_dead_letter_goes_out_when_it_is_driven_again(owed: ReportObligation, monkeypatch: Any) -> None:
    class Broken(Tray):
        def send(self, message: Any, *, seconds: float) -> None:
            raise ValueError("unbuildable")

    tray = Tray()
    monkeypatch.setattr(worker, "MAX_ATTEMPTS", 1)
    a_day(START, Broken())
    assert states() == [(-30, "dead", "ValueError")]
    dead = OutboxMessage.objects.dead().get()

    assert outbox.redrive(ids=[dead.pk], actor=SYSTEM, at=START) == 1
    a_day(START, tray)

    assert (len(tray.mails), tray.mails[0]["Message-ID"], states()) == (1, dead.message_id, [(-30, "handed_over", "")])


def test_nobody_at_all_to_write_to_sends_to_nobody() -> None:
    make_rule()
    make_obligation(representative=make_body(kind="ngo"))
    tray = Tray()

    for days in (0, 23, 31, 61, 92):
        a_day(START + timedelta(days=days), tray)

    assert (tray.mails, OutboxMessage.objects.count()) == ([], 0)
    assert {(state, reason) for _, state, reason in states()} == {("suppressed", "no_contact")}
