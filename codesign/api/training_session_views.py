"""Sessions for people who are known over HTTP: held once, ticked off a list."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.forms import UUIDField
from rest_framework import serializers

from codesign.api.training_bodies import LANGUAGE_TAG
from codesign.api.training_rows import ItemAnswer
from codesign.companies.models import Site
from codesign.training.actions import sessions
from codesign.training.models import Course, TrainingSession
from members import refs
from members.organisations.models import Organisation
from members.scope import Scope
from registry.kernel.api.bodies import Body, Day, RelatedId
from registry.kernel.api.calls import Call
from registry.kernel.api.filters import AnyOf, RowFilters
from registry.kernel.api.rows import API_PREFIX, Many, Ref, ReferenceSerializer, RowSerializer
from registry.kernel.api.views import ListRows, ReadRow, ResourceViews, command

MAX_ATTENDED = 1000


class References(serializers.ListField):
    """Employee references, as the company's own list has them."""

    child = serializers.CharField(max_length=200)


class SessionSite(RowSerializer):
    """A site whose people a session was for."""

    site = Ref("sites", "site_id", "site__name")
    country = serializers.CharField(source="site__country_id", help_text="ISO code.")


def _covered(scope: Any, on: Any) -> QuerySet:
    return TrainingSession.sites.through.objects.filter(site__in=Site.objects.visible_to(scope))


class SessionRow(RowSerializer):
    """One course held on one day for known people."""

    id = serializers.UUIDField()
    company = Ref("companies", "company_id", "company__organisation__name")
    course = Ref("courses", "course_id", "course__names")
    sites = Many(SessionSite, _covered, by="trainingsession_id", help_text="Whose people it was for.")
    held_on = serializers.DateField()
    place = serializers.CharField()
    language = serializers.CharField()
    trainer = refs.organisation("trainer", allow_null=True, help_text="Null: the company itself, or not said.")
    attendance = serializers.IntegerField(
        allow_null=True, help_text="Completions that stand; null from outside for one to four people."
    )
    recorded_at = serializers.DateTimeField()


class SessionAnswer(serializers.Serializer):
    """The session and what became of each tick."""

    session = ReferenceSerializer()
    attended = ItemAnswer(many=True)


class TickBody(Body):
    """Who was there."""

    attended = References(min_length=1, max_length=MAX_ATTENDED, help_text="Employee references.")


class SessionBody(Body):
    """A session with the list of those who were there."""

    sites = serializers.ListField(
        child=serializers.UUIDField(),
        min_length=1,
        max_length=1000,
        help_text="Ids of the sites whose people it is for.",
    )
    course = RelatedId(lambda scope: Course.objects.visible_to(scope))
    held_on = Day()
    attended = References(max_length=MAX_ATTENDED, required=False, help_text="Employee references; more by tick.")
    place = serializers.CharField(max_length=200, required=False, allow_blank=True)
    language = serializers.RegexField(LANGUAGE_TAG, max_length=10, required=False, allow_blank=True)
    trainer = RelatedId(
        lambda scope: Organisation.objects.visible_to(scope), required=False, help_text="Organisation that trained."
    )


class SessionFilters(RowFilters):
    """What sessions can be filtered by."""

    company = AnyOf("company_id", kind=UUIDField(), help_text="Id of the company.")
    course = AnyOf("course__code", help_text="Code of the course.")
    language = AnyOf("language", help_text="BCP 47 tag.")
    trainer = AnyOf("trainer_id", kind=UUIDField(), help_text="Id of the organisation that trained.")


class SessionViews(ListRows, ReadRow, ResourceViews):
    """Sessions whose people are known; where only heads were counted see head-count-sessions."""

    resource = "sessions"
    tag = "Training"
    row = SessionRow
    filters = SessionFilters
    orderings = {"held_on": "held_on", "id": "pk"}
    dated = False
    version_column = None

    def rows(self, scope: Scope, *, on: date) -> QuerySet:
        return TrainingSession.objects.visible_to(scope).with_attendance(scope)

    @command(
        body=SessionBody,
        answer=SessionAnswer,
        status=201,
        summary="Record a session and who was there.",
        example={
            "sites": ["0191d0c6-6f5e-7c3c-9d59-0d6b2f4c1a11"],
            "course": "0191d0c6-6f5e-7c3c-9d59-0d6b2f4c1a12",
            "held_on": "2026-11-02",
            "language": "fr",
            "attended": ["001", "002", "007"],
        },
    )
    def create(self, call: Call) -> dict[str, Any]:
        """One request makes the session and a completion for each tick, with a result per tick."""
        sites = call.data.pop("sites")
        row, results = sessions.hold(site_ids=sites, **call.data, actor=call.scope, at=call.at)
        reference = {"id": str(row.pk), "url": f"{API_PREFIX}sessions/{row.pk}/", "display": row.held_on.isoformat()}
        return {"session": reference, "attended": [asdict(result) for result in results]}

    @command(
        detail=True,
        body=TickBody,
        answer=ItemAnswer,
        answer_many=True,
        summary="Tick people who were there.",
        example={"attended": ["003"]},
    )
    def tick(self, call: Call) -> list[dict[str, Any]]:
        """Whoever is ticked already stays so; a wrong tick is corrected at its completion."""
        results = sessions.tick(session_id=call.uuid, **call.data, actor=call.scope, at=call.at)
        return [asdict(result) for result in results]
