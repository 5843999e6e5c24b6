"""Claims of historic signatures over HTTP."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from codesign.api.standing_bodies import CODE
from codesign.companies import actions
from codesign.companies.figures import with_email_domain
from codesign.companies.lifecycle import MembershipState
from codesign.companies.models import ClaimState, CodeMembership, SignatoryClaim
from members.countries.models import Country
from members.scope import Scope
from registry.kernel.api.bodies import Body, RelatedCode, RelatedId
from registry.kernel.api.calls import Call
from registry.kernel.api.filters import AnyOf, RowFilters
from registry.kernel.api.rows import Ref, RowSerializer, context_of
from registry.kernel.api.views import ListRows, ReadRow, ResourceViews, command, query
from registry.kernel.calendar import PartialDate

_COMPANY = "company__organisation__name"


class SignatoryClaimRow(RowSerializer):
    """Somebody says that their company signed long ago."""

    id = serializers.UUIDField()
    name = serializers.CharField(help_text="Of the company, as the claimant gives it.")
    country = serializers.CharField(source="country_id")
    role = serializers.CharField(source="signatory_role", help_text="Function of the claimant.")
    since = serializers.CharField(help_text="When it signed, as far as the claimant knows; may be empty.")
    email_domain = serializers.CharField(
        help_text="Where the claimant's verified address is at, never the address; empty for one who is gone."
    )
    state = serializers.ChoiceField(ClaimState.choices)
    membership = Ref(
        "code-memberships",
        "membership_id",
        f"membership__{_COMPANY}",
        allow_null=True,
        help_text="Of an accepted claim; null before.",
    )
    reason = serializers.CharField(source="reason_code")
    created_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)
    decided_by = serializers.CharField(help_text="Role and organisation; empty before.")


class LikelySignatoryRow(RowSerializer):
    """A recorded signatory that a claim may mean."""

    membership = Ref("code-memberships", "pk", _COMPANY)
    since = serializers.CharField()
    since_basis = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    confidence = serializers.CharField()


class SignatoryClaimBody(Body):
    """A claim."""

    name = serializers.CharField(max_length=200, help_text="Name of the company.")
    country = RelatedCode(lambda scope: Country.objects.all(), help_text="Where it is.")
    role = serializers.CharField(max_length=60, help_text="Your function, such as director; never a name.")
    since = serializers.CharField(required=False, max_length=10, help_text="YYYY, YYYY-MM or YYYY-MM-DD.")

    def validate_since(self, value: str) -> str:
        try:
            return PartialDate.parse(value).text
        except ValueError as error:
            raise serializers.ValidationError(str(error), code="invalid_date") from error


class AcceptedClaimBody(Body):
    """Whom the claim means."""

    membership = RelatedId(
        lambda scope: CodeMembership.objects.visible_to(scope).filter(state=MembershipState.RECORDED),
        help_text="The recorded signatory.",
    )


class DeclinedClaimBody(Body):
    """Why a claim means nobody."""

    reason = serializers.RegexField(CODE, help_text="Reason code: lower case and underscores.")


class SignatoryClaimFilters(RowFilters):
    """Filters of claims."""

    state = AnyOf("state", choices=ClaimState, help_text="What became of it.")
    country = AnyOf("country_id", help_text="ISO 3166-1 alpha-2 code.")

    class Meta:
        model = SignatoryClaim
        fields: list[str] = []


class SignatoryClaimViews(ListRows, ReadRow, ResourceViews):
    """Claims of historic signatures. A claimant sees the own ones, and never what the register has recorded."""

    resource = "signatory-claims"
    tag = "Memberships"
    row = SignatoryClaimRow
    filters = SignatoryClaimFilters
    orderings = {"created_at": "created_at"}
    dated = False

    def rows(self, scope: Scope, *, on: date) -> QuerySet:
        return with_email_domain(SignatoryClaim.objects.visible_to(scope))

    @command(
        body=SignatoryClaimBody,
        summary="Claim a signature of long ago",
        errors=(409,),
        example={"name": "Hotel Fictif (DEMO)", "country": "BE", "role": "director", "since": "2014"},
    )
    def create(self, call: Call) -> SignatoryClaim:
        """Answered alike whether the register has recorded it or not; an officer looks into it."""
        data = dict(call.data)
        return actions.claim_signatory(signatory_role=data.pop("role"), **data, actor=call.scope, at=call.at)

    @query(
        detail=True,
        answer=LikelySignatoryRow,
        answer_many=True,
        summary="List the recorded signatories that a claim may mean",
    )
    def candidates(self, call: Call) -> list[dict[str, Any]]:
        """The likeliest first, with their sources."""
        claim = SignatoryClaim.objects.get(pk=call.id)
        found = actions.likely_signatories(claim, scope=call.scope, at=call.at)
        plan = LikelySignatoryRow.plan(context=context_of(call.scope, call.on), extra=("pk",))
        raw = plan.raw(CodeMembership.objects.filter(pk__in=[row.pk for row in found]))
        shown = dict(zip((values[plan.places["pk"]] for values in raw), plan.shaped(raw), strict=True))
        return [shown[row.pk] for row in found]

    @command(
        detail=True,
        if_match="optional",
        body=AcceptedClaimBody,
        summary="Find that a claim means a recorded signatory",
        errors=(403, 409),
        example={"membership": "0193a000-0000-7000-8000-000000000003"},
    )
    def accept(self, call: Call) -> SignatoryClaim:
        """The claimant edits that company from now on. It becomes a member when both sides confirm it."""
        return actions.accept_claim(
            claim_id=call.uuid, **call.data, expected_version=call.version, actor=call.scope, at=call.at
        )

    @command(
        detail=True,
        if_match="optional",
        body=DeclinedClaimBody,
        summary="Find that a claim means nobody",
        errors=(403, 409),
        example={"reason": "not_the_same_company"},
    )
    def decline(self, call: Call) -> SignatoryClaim:
        """With a reason code, which the claimant sees."""
        return actions.decline_claim(
            claim_id=call.uuid,
            reason_code=call.data["reason"],
            expected_version=call.version,
            actor=call.scope,
            at=call.at,
        )
