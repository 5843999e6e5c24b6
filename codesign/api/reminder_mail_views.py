"""Mails over HTTP: previews, what became of them, dead letters, closed seasons, and calendar feeds."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import get_language
from rest_framework import serializers

from codesign.api import reminder_mail_rows as shapes
from codesign.companies.models import Company, Site
from codesign.reminders import actions
from codesign.reminders.actions.feeds import digest_of
from codesign.reminders.calendars import deadlines
from codesign.reminders.lifecycle import DeliveryEvent
from codesign.reminders.models import CalendarFeed, ClosedPeriod, Occurrence
from codesign.reminders.previews import made_up, preview
from members.organisations.models import Organisation
from members.people.models import ContactLanguage, ContactRole
from members.scope import COMPANY_ROLES, Role
from registry.kernel.api.bodies import Body, Day, RelatedId
from registry.kernel.api.calls import Call
from registry.kernel.api.views import ListRows, ReadRow, ResourceViews, command, query
from registry.kernel.errors import NotFound
from registry.kernel.outbox import actions as outbox
from registry.kernel.outbox.models import OutboxMessage


class PreviewParams(Body):
    """Which mail to show: of which rule, about what, at which step, to which role."""

    rule = serializers.CharField(max_length=40, help_text="Code of the rule; a draft too, for the secretariat.")
    subject = serializers.UUIDField(help_text="Id of the subject, such as a report obligation.")
    step = serializers.IntegerField(min_value=-400, max_value=2000, required=False, help_text="Days after the anchor.")
    contact_role = serializers.ChoiceField(ContactRole.choices, required=False)
    language = serializers.ChoiceField(ContactLanguage.choices, required=False)


class FeedParams(Body):
    """The token of a calendar feed."""

    token = serializers.CharField(max_length=100, help_text="Shown once when the feed was opened.")


class FeedBody(Body):
    """Whose deadlines: an own organisation."""

    organisation = RelatedId(
        lambda scope: (
            Organisation.objects.all()
            if scope.wears(Role.SECRETARIAT)
            else Organisation.objects.filter(pk__in=scope.organisations(*COMPANY_ROLES, Role.LCR))
        )
    )


class ClosedBody(Body):
    """Days on which a company or a site is closed."""

    company = RelatedId(lambda scope: Company.objects.visible_to(scope))
    site = RelatedId(lambda scope: Site.objects.visible_to(scope), required=False, allow_null=True)
    first_on = Day()
    last_on = Day()


class MailEventBody(Body):
    """What a provider's report, or a mail that came back, says of a mail."""

    message_id = serializers.CharField(max_length=255, help_text="The mail's Message-ID, with its angle brackets.")
    event = serializers.ChoiceField(DeliveryEvent.choices)
    happened_at = serializers.DateTimeField()


def shown(parts: dict[str, str]) -> HttpResponse:
    """A page that runs nothing and loads nothing: it is a mail, not a part of the site."""
    response = HttpResponse(parts["page"], content_type="text/html; charset=utf-8")
    response["Content-Security-Policy"] = "sandbox; default-src 'none'; style-src 'unsafe-inline'"
    response["Cache-Control"] = "private, no-store"
    return response


class ReminderMailViews(ResourceViews):
    """Mails of reminders as they would look, and the calendar of deadlines."""

    resource = "reminders/mails"
    tag = "Reminders"
    row = shapes.ClosedPeriodRow

    @query(params=PreviewParams, media_type="text/html", summary="Show a mail without sending it", errors=(404,))
    def preview(self, call: Call) -> HttpResponse:
        """The page as it would be sent, in a language of choice."""
        found = made_up(
            rule_code=call.data["rule"],
            subject_id=call.data["subject"],
            step=call.data.get("step", 0),
            contact_role=call.data.get("contact_role", ContactRole.REPORTING_OFFICER),
            scope=call.scope,
            at=call.at,
        )
        return shown(preview(found, language=call.data.get("language", "en"), at=call.at))

    @command(
        body=MailEventBody,
        answer=shapes.MailEventAnswer,
        summary="Enter what became of a mail",
        example={"message_id": "<a@registry.example>", "event": "hard_bounce", "happened_at": "2026-11-22T09:00:00Z"},
    )
    def events(self, call: Call) -> dict[str, int]:
        """A receipt, or a bounce: three passing ones in fourteen days, or a lasting one, put the contact on hold."""
        return {"items": actions.enter(**call.data, actor=call.scope, at=call.at)}


class DeadlineViews(ResourceViews):
    """The calendar feed of `reminders/`, read by whoever holds its token."""

    @query(
        path="deadlines.ics",
        params=FeedParams,
        media_type="text/calendar",
        summary="Read deadlines as a calendar",
        errors=(404,),
    )
    def deadlines(self, call: Call) -> HttpResponse:
        """A day for each open deadline. The token stands in the URL because calendars know no other way."""
        feed = CalendarFeed.objects.live(call.at).filter(digest=digest_of(call.data["token"])).first()
        if feed is None:
            raise NotFound("There is no such feed.")
        language = (get_language() or "en").split("-")[0]
        content = deadlines(feed.organisation_id, language=language, at=call.at)
        response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
        response["Cache-Control"] = "private, max-age=900"
        return response


class CalendarFeedViews(ListRows, ReadRow, ResourceViews):
    """Calendar feeds of own organisations."""

    resource = "calendar-feeds"
    tag = "Reminders"
    row = shapes.CalendarFeedRow
    dated = False

    def rows(self, scope: Any, *, on: date) -> QuerySet:
        return CalendarFeed.objects.visible_to(scope)

    @command(
        body=FeedBody,
        answer=shapes.NewFeedAnswer,
        status=201,
        keep_answer=False,
        summary="Open a calendar feed",
        example={"organisation": "0192f0c1-0000-7000-8000-000000000001"},
    )
    def create(self, call: Call) -> dict[str, Any]:
        """Its address is shown once."""
        feed, token = actions.open_feed(organisation_id=call.data["organisation_id"], actor=call.scope, at=call.at)
        return {"id": feed.pk, "path": f"/api/v1/reminders/deadlines.ics?token={token}"}

    @command(detail=True, summary="Revoke a calendar feed")
    def revoke(self, call: Call) -> CalendarFeed:
        """Its address answers 404 from now on."""
        return actions.revoke_feed(feed_id=call.uuid, actor=call.scope, at=call.at)


class ClosedPeriodViews(ListRows, ReadRow, ResourceViews):
    """Closed seasons: reminders wait for the next open day, deadlines do not."""

    resource = "closed-periods"
    tag = "Reminders"
    row = shapes.ClosedPeriodRow
    orderings = {"first_on": "first_on"}
    dated = False

    def rows(self, scope: Any, *, on: date) -> QuerySet:
        return ClosedPeriod.objects.visible_to(scope)

    @command(
        body=ClosedBody,
        summary="Note a closed season",
        example={
            "company": "0192f0c1-0000-7000-8000-000000000001",
            "first_on": "2027-11-01",
            "last_on": "2028-03-15",
        },
    )
    def create(self, call: Call) -> ClosedPeriod:
        """Of the whole company, or of one of its sites."""
        return actions.close(**call.data, actor=call.scope, at=call.at)

    @command(summary="Take a closed season back")
    def destroy(self, call: Call) -> None:
        """For a period that was noted by mistake."""
        actions.reopen(period_id=call.uuid, actor=call.scope, at=call.at)


class DeadLetterViews(ListRows, ReadRow, ResourceViews):
    """Messages that were given up after repeated faults."""

    resource = "dead-letters"
    tag = "Operations"
    row = shapes.DeadLetterRow
    orderings = {"created_at": "created_at"}
    dated = False
    version_column = None

    def rows(self, scope: Any, *, on: date) -> QuerySet:
        return OutboxMessage.objects.dead() if scope.wears(Role.SECRETARIAT) else OutboxMessage.objects.none()

    @command(detail=True, answer=shapes.RedrivenAnswer, summary="Try a dead letter again")
    def redrive(self, call: Call) -> dict[str, int]:
        """From the first attempt, with the same Message-ID; what no longer applies is left out."""
        return {"redriven": outbox.redrive(ids=[call.uuid], actor=call.scope, at=call.at)}


def preview_of(occurrence: Occurrence, call: Call) -> HttpResponse:
    """The mail of one row of the queue, in the language of its contact."""
    language = occurrence.contact.language if occurrence.contact else "en"
    return shown(preview(occurrence, language=language, at=call.at))
