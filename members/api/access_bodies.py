"""What clients send about access."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from rest_framework import serializers

from members.access.models import Grant, GrantedRole, User
from members.access.rules import MAX_COUNTRIES, MAX_SITES, MAX_TOKEN_DAYS
from members.api.access_rows import TOKEN_SCOPES
from members.organisations.models import Organisation
from registry.kernel.api.bodies import Body, Day, RelatedId


def _own_grants(scope: Any) -> Any:
    return Grant.objects.filter(user_id=scope.user_id, revoked_at=None)


class _Reach(Body):
    """A role and for whom it reaches."""

    role = serializers.ChoiceField(GrantedRole.choices)
    organisation = RelatedId(lambda scope: Organisation.objects.visible_to(scope), required=False, allow_null=True)
    countries = serializers.ListField(
        child=serializers.CharField(min_length=2, max_length=2),
        max_length=MAX_COUNTRIES,
        required=False,
        help_text="For an LCR: a part of its mandates; all of them when left out.",
    )
    site_ids = serializers.ListField(child=serializers.UUIDField(), max_length=MAX_SITES, required=False)


class _Life(Body):
    """What a token is for and how long it lives."""

    name = serializers.CharField(max_length=100, help_text="What it is for, such as the system that uses it.")
    scopes = serializers.ListField(child=serializers.ChoiceField(TOKEN_SCOPES), min_length=1, max_length=20)
    days = serializers.IntegerField(min_value=1, max_value=MAX_TOKEN_DAYS, default=90)


class TokenBody(_Life):
    """A token of the caller's own."""

    grant = RelatedId(_own_grants, required=False, allow_null=True, help_text="Bind it to one of your grants.")


class MachineTokenBody(_Life, _Reach):
    """A token for a system, which gets a user and one role of its own."""


class GrantBody(_Reach):
    """A role for a user."""

    user = RelatedId(lambda scope: User.objects.visible_to(scope))
    valid_from = Day(required=False, help_text="Today when left out.")
    valid_until = Day(required=False, allow_null=True)


class InvitationBody(_Reach):
    """A role for an e-mail address."""

    email = serializers.EmailField(max_length=254)


class AcceptBody(Body):
    """The answer of an invited person. Someone who has a login already gives its password."""

    token = serializers.CharField(max_length=100)
    password = serializers.CharField(max_length=200, trim_whitespace=False)
    language = serializers.ChoiceField(settings.LANGUAGES, default="en")
    zone = serializers.CharField(max_length=64, default="UTC")
