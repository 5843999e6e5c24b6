"""From the plan to the mail: what is looked at again, what the mail says, what is written down."""

from __future__ import annotations

import mailbox
from collections.abc import Callable
from datetime import UTC, date, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

from codesign.notices.models import Notice
from codesign.reminders import actions
from codesign.reminders.models import Occurrence
from codesign.reminders.sending import refusals
from codesign.reporting.models import ReportObligation
from members.people.models import Contact, ContactRole
from registry.kernel.audit.actor import SYSTEM
from registry.kernel.audit.models import AuditEvent
from registry.kernel.mail import Mailer
from registry.kernel.outbox import worker
from registry.kernel.outbox.models import OutboxMessage, OutboxState
from tests.factories.reminders import AT, make_body, make_contact, make_obligation, make_rule

pytestmark = pytest.mark.django_db
PLANNED_AT = datetime(2027, 4, 1, 8, tzinfo=UTC)  # +1, a Thursday
SENT_AT = datetime(2027, 4, 1, 8, 5, tzinfo=UTC)


@pytest.fixture
def deliver(tmp_path: Path) -> Callable[[], list[EmailMessage]]:
    """Sends what is due into a mail box; answers what lies in it then."""

    def run() -> list[EmailMessage]:
        with Mailer(f"maildir://{tmp_path}/box") as mailer:
            worker.deliver_batch(at=SENT_AT, mailer=mailer)
        box = mailbox.Maildir(tmp_path / "box")
        return [message_from_bytes(bytes(mail), policy=default) for mail in box]  # type: ignore[misc]

    return run


@pytest.fixture
def overdue() -> ReportObligation:
    """A report overdue since yesterday, planned for one officer who reads Dutch."""
    make_rule()
    owed = make_obligation(organisation=make_body(name="Hôtel <Zee> & Zon (DEMO)", is_demo=True))
    make_contact(organisation=owed.company.organisation, email="officer@zee.example")
    actions.plan(at=PLANNED_AT)
    return owed


def current() -> Occurrence:
    return Occurrence.objects.get(step=1, contact_role=ContactRole.REPORTING_OFFICER)


def ends() -> tuple[str, str, str, int]:
    """State and reason of the occurrence, state of its message, count of notices."""
    row = current()
    return row.state, row.reason, OutboxMessage.objects.get().state, Notice.objects.count()


def test_mail_arrives_and_is_written_down(overdue: ReportObligation, deliver: Any) -> None:
    (mail,) = deliver()

    message = OutboxMessage.objects.get()
    assert mail["Message-ID"] == message.message_id
    assert mail["To"] == "officer@zee.example"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"].datetime == SENT_AT
    assert ends() == ("handed_over", "", "sent", 1)
    assert current().settled_at == SENT_AT
    notice = Notice.objects.get()
    assert (notice.membership_id, notice.kind, notice.sent_at) == (overdue.membership_id, "report_overdue", SENT_AT)
    assert (notice.contact_id, notice.reference) == (current().contact_id, current().key)


def test_mail_says_why_what_by_when_in_the_language_of_the_contact(overdue: ReportObligation, deliver: Any) -> None:
    (mail,) = deliver()

    assert mail["Subject"] == "[DEMO] Te laat: verslag 2026 van Hôtel <Zee> & Zon (DEMO)"
    assert mail["Content-Language"] == "nl"
    text = mail.get_body(("plain",)).get_content()
    assert text.startswith("*** DEMO · fictief bedrijf, niets te doen ***")
    assert "omdat u verantwoordelijk bent voor het verslag van Hôtel <Zee> & Zon (DEMO)" in text
    assert "Dien het verslag over 2026 in het register in." in text
    assert "uiterlijk op 31 maart 2027 zijn ingediend (einde van de dag, Europe/Brussels)" in text
    link = f"http://localhost:8000/workspace/?company={overdue.company_id}&year=2026#report"
    assert text.count("http") == text.count(link) == 1
    assert "Stuur hier geen vermoedens." in text
    assert "Bel bij onmiddellijk gevaar de politie." in text
    page = mail.get_body(("html",)).get_content()
    assert '<html lang="nl" dir="auto">' in page
    assert "Hôtel &lt;Zee&gt; &amp; Zon" in page
    assert page.count("href=") == 1
    assert link.replace("&", "&amp;") in page


@pytest.mark.parametrize(
    ("language", "subject", "day"),
    [
        ("en", "Overdue: report 2026 of", "March 31, 2027"),
        ("fr", "En retard : rapport 2026 de", "31 mars 2027"),
        ("nl", "Te laat: verslag 2026 van", "31 maart 2027"),
        ("de", "Überfällig: Bericht 2026 von", "31. März 2027"),
        ("es", "Vencido: informe 2026 de", "31 de marzo de 2027"),
    ],
)
def test_every_language_is_complete(
    overdue: ReportObligation, deliver: Any, language: str, subject: str, day: str
) -> None:
    Contact.objects.update(language=language)

    (mail,) = deliver()

    assert subject in mail["Subject"]
    text = mail.get_body(("plain",)).get_content()
    paragraphs = text.split("\n\n")
    assert [bool(paragraph.strip(" :\n")) for paragraph in paragraphs] == [True] * 6
    assert day in text
    assert "dontlookaway.report" in text


def test_real_company_carries_no_demo_mark(deliver: Any) -> None:
    make_rule()
    owed = make_obligation(organisation=make_body(name="Fictif Reizen"))
    make_contact(organisation=owed.company.organisation, language="en")
    actions.plan(at=PLANNED_AT)

    (mail,) = deliver()

    assert mail["Subject"] == "Overdue: report 2026 of Fictif Reizen"
    assert "DEMO" not in mail.as_string()


def test_reply_goes_to_the_representative_else_to_the_secretariat(deliver: Any) -> None:
    make_rule()
    representative = make_body(kind="ngo")
    make_contact(organisation=representative, role=ContactRole.LCR_OFFICER, email="lcr@office.example")
    make_contact(organisation=make_body(kind="network"), role=ContactRole.SECRETARIAT, email="desk@office.example")
    for number, responsible in enumerate((representative, None)):
        owed = make_obligation(representative=responsible)
        make_contact(organisation=owed.company.organisation, email=f"officer{number}@zee.example")
    actions.plan(at=PLANNED_AT)

    mails = deliver()

    assert {(mail["To"], mail["Reply-To"]) for mail in mails} == {
        ("officer0@zee.example", "lcr@office.example"),
        ("officer1@zee.example", "desk@office.example"),
    }


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda owed: ReportObligation.objects.update(fulfilled_at=AT), "not_owed"),
        (lambda owed: type(owed.membership).objects.update(state="suspended"), "not_active_member"),
        (lambda owed: type(owed.membership).objects.update(reminders_muted_until=SENT_AT), "not_released"),
        (lambda owed: Contact.objects.update(valid_until=date(2027, 3, 31)), "contact_gone"),
        (lambda owed: Contact.objects.update(on_hold_since=AT), "contact_gone"),
        (lambda owed: Contact.objects.all().delete(), "contact_gone"),
    ],
    ids=["fulfilled", "suspended", "muted", "departed", "on hold", "deleted"],
)
def test_what_changed_since_the_plan_is_not_sent(
    overdue: ReportObligation, deliver: Any, change: Callable[[ReportObligation], object], reason: str
) -> None:
    change(overdue)

    assert deliver() == []
    assert ends() == ("suppressed", reason, "suppressed", 0)


def test_anchor_that_moved_since_the_plan_is_superseded(overdue: ReportObligation, deliver: Any) -> None:
    ReportObligation.objects.update(due_on=date(2027, 6, 30))

    assert deliver() == []
    assert ends() == ("superseded", "superseded", "suppressed", 0)


def test_second_year_still_sends(overdue: ReportObligation, deliver: Any) -> None:
    deliver()
    ReportObligation.objects.create(
        membership=overdue.membership,
        company=overdue.company,
        reporting_year=overdue.reporting_year.__class__.objects.create(
            year=2027,
            questionnaire=overdue.reporting_year.questionnaire,
            opens_on=date(2028, 1, 1),
            due_on=date(2028, 3, 31),
            created_at=AT,
        ),
        due_on=date(2028, 3, 31),
        lapses_on=date(2028, 6, 29),
        created_at=AT,
    )

    actions.plan(at=datetime(2028, 3, 2, 12, tzinfo=UTC))

    assert Occurrence.objects.filter(state="due", anchor_on=date(2028, 3, 31), step=-30).count() == 1


def test_cancelled_reminder_is_not_sent(overdue: ReportObligation, deliver: Any) -> None:
    actions.cancel(occurrence_id=current().pk, actor=SYSTEM, at=PLANNED_AT)

    assert deliver() == []
    assert ends() == ("cancelled", "by_person", "suppressed", 0)
    assert actions.plan(at=SENT_AT) == 0
    assert list(AuditEvent.objects.values_list("action", flat=True)) == ["reminders.cancel"]


def test_reminder_that_left_or_is_leaving_is_not_cancelled(overdue: ReportObligation, deliver: Any) -> None:
    Occurrence.objects.filter(state="due").update(state="claimed")
    with pytest.raises(actions.NotWaiting):
        actions.cancel(occurrence_id=current().pk, actor=SYSTEM, at=SENT_AT)
    Occurrence.objects.filter(state="claimed").update(state="due")
    deliver()

    with pytest.raises(actions.NotWaiting):
        actions.cancel(occurrence_id=current().pk, actor=SYSTEM, at=SENT_AT)

    assert ends() == ("handed_over", "", "sent", 1)


def test_message_that_ended_unsettled_is_settled_by_the_sweeper(overdue: ReportObligation) -> None:
    OutboxMessage.objects.update(state=OutboxState.SENT, sent_at=SENT_AT, message_id="<x@localhost>")
    Occurrence.objects.filter(state="due").update(state="claimed", letter=OutboxMessage.objects.get())

    assert actions.reconcile(at=SENT_AT) == 1
    assert actions.reconcile(at=SENT_AT) == 0

    assert ends() == ("handed_over", "", "sent", 1)


def test_a_former_representative_gets_nothing_that_was_planned_before_the_handover() -> None:
    make_rule()
    former, present = make_body(kind="ngo"), make_body(kind="ngo")
    make_contact(organisation=former, role=ContactRole.LCR_OFFICER, email="former@office.example")
    owed = make_obligation(representative=former)
    at = datetime(2027, 4, 30, 12, tzinfo=UTC)
    actions.plan(at=at)
    planned = Occurrence.objects.select_related("membership").filter(contact_role=ContactRole.LCR_OFFICER)
    before = refusals(list(planned.all()), at=at)
    type(owed.membership).objects.update(representative=present)

    after = refusals(list(planned.all()), at=at)

    assert (before, list(after.values())) == ({}, ["not_representative"])
