"""What clients send about agreements."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from members.agreements.models import Agreement, AgreementEndReason, AgreementKind, SignatoryRole
from members.api.bodies import PartialDay, RelatedIds
from members.organisations.models import Organisation
from registry.kernel.api.bodies import Body, Day, RelatedId

DOCUMENT_HELP = "Link to the document, or address of a file that the register stores."


def _organisations(scope: Any) -> QuerySet:
    return Organisation.objects.visible_to(scope)


class AgreementTerms(Body):
    """Terms that are set while drafting and on renewal."""

    summary = serializers.CharField(max_length=4000, required=False, allow_blank=True, help_text="What is agreed.")
    ends_on = PartialDay(required=False, allow_blank=True)
    is_open_ended = serializers.BooleanField(required=False)
    renewal_notice_days = serializers.IntegerField(min_value=0, max_value=3650, required=False, allow_null=True)
    document_url = serializers.URLField(max_length=500, required=False, allow_blank=True, help_text=DOCUMENT_HELP)


class AgreementBody(AgreementTerms):
    """A draft between two or more organisations."""

    title = serializers.CharField(max_length=200)
    kind = serializers.ChoiceField(AgreementKind.choices)
    parties = RelatedIds(_organisations, source="party_ids", min_length=2, max_length=50)
    starts_on = PartialDay(required=False, allow_blank=True)
    note = serializers.CharField(max_length=2000, required=False, allow_blank=True)


class AgreementPatch(AgreementTerms):
    """What may change of a draft."""

    title = serializers.CharField(max_length=200, required=False)
    kind = serializers.ChoiceField(AgreementKind.choices, required=False)
    parties = RelatedIds(_organisations, source="party_ids", min_length=2, max_length=50, required=False)
    starts_on = PartialDay(required=False, allow_blank=True)
    note = serializers.CharField(max_length=2000, required=False, allow_blank=True)


class SignAgreementBody(Body):
    """A party's signature: the day, and the office of who signed; never a name."""

    organisation = RelatedId(_organisations)
    signed_on = PartialDay()
    signatory_role = serializers.ChoiceField(SignatoryRole.choices)


class BringIntoForceBody(Body):
    """From when it holds, where that was not agreed."""

    starts_on = Day(required=False)


class AmendAgreementBody(AgreementTerms):
    """Terms that change, and from when."""

    title = serializers.CharField(max_length=200, required=False)
    effective_on = Day()
    reference_url = serializers.URLField(
        max_length=500, required=False, allow_blank=True, help_text="Where the amendment itself is found."
    )


class EndAgreementBody(Body):
    """The last day and the reason."""

    ended_on = Day()
    reason = serializers.ChoiceField(AgreementEndReason.choices)


class RenewAgreementBody(AgreementTerms):
    """The agreement that follows: what is not given stays as it was."""

    title = serializers.CharField(max_length=200, required=False)
    starts_on = PartialDay()


class ReplaceAgreementBody(Body):
    """The agreement that takes the place, and the last day of this one."""

    by = RelatedId(lambda scope: Agreement.objects.visible_to(scope))
    ended_on = Day()
