"""Initiatives: campaigns, projects, tools, publications, awards, recommendations, calls and days of the year."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from members import refs
from members.api.filters import with_shown_note
from members.api.published import (
    MAX_PARTS,
    ONLY_STAFF,
    PARTIAL_HELP,
    Audiences,
    ForAudiences,
    InLanguages,
    Language,
    Languages,
    Named,
    Organisations,
    Partial,
    TextsByLanguage,
    Values,
    Years,
    own_or_any,
)
from members.initiatives.actions import initiatives as actions
from members.initiatives.lifecycle import Audience, InitiativeKind, InitiativeRole
from members.initiatives.models import (
    Initiative,
    InitiativeAudience,
    InitiativeFigure,
    InitiativeLanguage,
    InitiativeParticipant,
)
from members.initiatives.rules import month_day
from members.scope import Role, Scope
from registry.kernel.api.bodies import Body
from registry.kernel.api.calls import Call
from registry.kernel.api.exports import ExportRows
from registry.kernel.api.filters import AnyOf, RowFilters, TextSearch
from registry.kernel.api.routers import Router
from registry.kernel.api.rows import Many, RowSerializer, Translated
from registry.kernel.api.sync import TracksChanges
from registry.kernel.api.views import ListRows, ReadRow, ResourceViews, command

KEEPERS = frozenset({Role.SECRETARIAT, Role.MEMBER_GROUP, Role.STOP_PARTNER})
READERS = frozenset(Role) - {Role.EVALUATOR}
INITIATIVE_RIGHTS: dict[str, frozenset[str]] = {
    "initiatives.list": READERS,
    "initiatives.read": READERS,
    "initiatives.export": READERS,
    "initiatives.create": KEEPERS,
    "initiatives.update": KEEPERS,
    "initiatives.destroy": KEEPERS,
}


class ParticipantRow(RowSerializer):
    """An organisation in an initiative."""

    organisation = refs.organisation()
    role = serializers.ChoiceField(InitiativeRole.choices)


class InitiativeFigureRow(RowSerializer):
    """What was aimed at and what was reached."""

    unit = serializers.CharField(help_text="What is counted, such as EUR or people.")
    definition = serializers.CharField()
    target = serializers.DecimalField(14, 2, allow_null=True, help_text="Null when none is known; never 0 for that.")
    reached = serializers.DecimalField(14, 2, allow_null=True, help_text="Null when nobody said.")
    as_of = serializers.CharField(help_text=PARTIAL_HELP)
    source = serializers.CharField()  # type: ignore[assignment]


class LinkAnswer(serializers.Serializer):
    """Where to read more."""

    url = serializers.URLField()
    language = serializers.CharField(allow_blank=True, help_text="BCP 47 tag; empty for several.")
    title = serializers.CharField(allow_blank=True)


class InitiativeRow(RowSerializer):
    """An initiative with who takes part, whom it is for and what it reached."""

    id = serializers.UUIDField()
    code = serializers.CharField()
    kind = serializers.ChoiceField(InitiativeKind.choices)
    name = Translated("names", help_text="In the language of Accept-Language, else in English, else in any.")
    names = serializers.DictField(child=serializers.CharField(), help_text="By language.")
    summary = Translated("summaries")
    summaries = serializers.DictField(child=serializers.CharField(), help_text="By language.")
    since = serializers.CharField(help_text=PARTIAL_HELP)
    until = serializers.CharField(help_text=f"{PARTIAL_HELP} Empty: not known whether and when it ended.")
    recurs_on = serializers.CharField(help_text="MM-DD for a day of every year; else empty.")
    place = serializers.CharField()
    participants = Many(
        ParticipantRow,
        lambda scope, on: InitiativeParticipant.objects.visible_to(scope),
        by="initiative_id",
        order=("role", "organisation__name", "pk"),
    )
    audiences = Values(
        lambda scope, on: InitiativeAudience.objects.all(),
        "audience",
        serializers.ChoiceField(Audience.choices),
        by="initiative_id",
    )
    languages = Values(
        lambda scope, on: InitiativeLanguage.objects.all(), "language", serializers.CharField(), by="initiative_id"
    )
    links = serializers.ListField(child=LinkAnswer())
    figures = Many(
        InitiativeFigureRow,
        lambda scope, on: InitiativeFigure.objects.all(),
        by="initiative_id",
        order=("position", "pk"),
    )
    source = serializers.CharField()  # type: ignore[assignment]
    confidence = serializers.CharField()
    note = serializers.CharField(source="shown_note", help_text=ONLY_STAFF)
    created_at = serializers.DateTimeField()


class InitiativeFilters(RowFilters):
    """Filters of initiatives."""

    q = TextSearch("search_key", help_text="Words of code, name or summary in any language; accents are forgiven.")
    code = AnyOf("code", help_text="Short name.")
    kind = AnyOf("kind", choices=InitiativeKind, help_text="What sort of thing it is.")
    confidence = AnyOf("confidence", help_text="How sure the source is.")
    audience = ForAudiences("audiences__audience")
    language = InLanguages("languages__language")
    participant = Organisations(
        lambda scope: InitiativeParticipant.objects.visible_to(scope),
        "initiative_id",
        help_text="Id of an organisation that takes part.",
    )
    year = Years()

    class Meta:
        model = Initiative
        fields: list[str] = []


class ParticipantBody(Body):
    """An organisation and what it is to the initiative."""

    organisation = Named()
    role = serializers.ChoiceField(InitiativeRole.choices)


class InitiativeFigureBody(Body):
    """What was aimed at, what was reached, or both, under one definition with its source."""

    unit = serializers.CharField(max_length=40)
    definition = serializers.CharField(max_length=300)
    target = serializers.DecimalField(14, 2, required=False, allow_null=True, min_value=0)
    reached = serializers.DecimalField(14, 2, required=False, allow_null=True, min_value=0)
    as_of = Partial()
    source = serializers.CharField(max_length=2000)  # type: ignore[assignment]


class LinkBody(Body):
    """Where to read more."""

    url = serializers.URLField(max_length=500)
    language = Language(required=False, default="", allow_blank=True)
    title = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)


class YearlyDay(serializers.CharField):
    """A day of every year."""

    default_error_messages = {"bad_date": "A day of every year is MM-DD."}

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=5, required=False, allow_blank=True, help_text="MM-DD; for observance days.")

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        try:
            return month_day(text) if text else text
        except ValueError:
            self.fail("bad_date")


class InitiativePatch(Body):
    """What can be changed; a list replaces the one before."""

    kind = serializers.ChoiceField(InitiativeKind.choices, required=False)
    names = TextsByLanguage(longest=200, required=False, allow_empty=False)
    summaries = TextsByLanguage(longest=2000, required=False)
    since = Partial()
    until = Partial()
    recurs_on = YearlyDay()
    place = serializers.CharField(max_length=200, required=False, allow_blank=True)
    participants = ParticipantBody(many=True, required=False, max_length=MAX_PARTS)  # type: ignore[call-arg]
    audiences = Audiences()
    languages = Languages()
    links = LinkBody(many=True, required=False, max_length=MAX_PARTS)  # type: ignore[call-arg]
    figures = InitiativeFigureBody(many=True, required=False, max_length=MAX_PARTS)  # type: ignore[call-arg]
    source = serializers.CharField(max_length=2000, required=False, allow_blank=True)  # type: ignore[assignment]
    confidence = serializers.CharField(max_length=60, required=False, allow_blank=True)
    note = serializers.CharField(max_length=2000, required=False, allow_blank=True)


class InitiativeBody(InitiativePatch):
    """A new initiative. A member group or partner is itself among the leads."""

    code = serializers.SlugField(max_length=60, help_text="Short name of its own.")
    kind = serializers.ChoiceField(InitiativeKind.choices)
    names = TextsByLanguage(longest=200, allow_empty=False)


class InitiativeViews(TracksChanges, ExportRows, ListRows, ReadRow, ResourceViews):  # type: ignore[misc]
    """What the network does in public, each with its source.

    Everybody reads. The secretariat keeps all, a member group or STOP partner those in which it is lead.
    """

    resource = "initiatives"
    model = Initiative
    tag = "Initiatives"
    row = InitiativeRow
    filters = InitiativeFilters
    orderings = {"code": "code", "created_at": "created_at"}
    dated = False

    def rows(self, scope: Scope, *, on: date) -> QuerySet:
        return with_shown_note(Initiative.objects.visible_to(scope), scope)

    def visible(self, scope: Scope, *, on: date) -> QuerySet:
        return Initiative.objects.kept_by(scope)

    @command(
        body=InitiativeBody,
        summary="Add an initiative.",
        example={
            "code": "gemeinsam-hinsehen",
            "kind": "campaign",
            "names": {"en": "Looking together", "fr": "Regarder ensemble"},
            "since": "2026-05",
            "participants": [{"organisation": "01936f5e-0000-7000-8000-000000000001", "role": "lead"}],
            "audiences": ["traveller"],
            "languages": ["fr", "pcm"],
            "figures": [{"unit": "people", "definition": "Visitors spoken to.", "target": "500", "source": "Own plan"}],
        },
    )
    def create(self, call: Call) -> Any:
        return actions.add(**call.data, own=own_or_any(call.scope), actor=call.scope, at=call.at)

    @command(
        body=InitiativePatch,
        if_match="optional",
        summary="Change an initiative; a list replaces the one before.",
        example={"until": "2026-12", "audiences": ["traveller", "youth"]},
    )
    def update(self, call: Call) -> Any:
        return actions.update(
            initiative_id=call.uuid,
            expected_version=call.version,
            own=own_or_any(call.scope),
            **call.data,
            actor=call.scope,
            at=call.at,
        )

    @command(if_match="optional", summary="Take out an initiative that should not be there.")
    def destroy(self, call: Call) -> Any:
        actions.remove(initiative_id=call.uuid, expected_version=call.version, actor=call.scope, at=call.at)


def add_to(router: Router) -> None:
    """Put the resource on the register's router."""
    router.add(InitiativeViews)
