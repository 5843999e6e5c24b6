"""What is shown of certificates and awards, and what clients send about them."""

from __future__ import annotations

from django.conf import settings
from rest_framework import serializers

from codesign.api.certificate_checks import page_url
from codesign.api.standing_bodies import CODE
from codesign.companies.models import CodeMembership, CompanyCategory
from codesign.recognition.models import AwardKind, RecognitionDecision, RecognitionMove
from codesign.recognition.rules import CertificateStatus
from registry.kernel.api.bodies import Body, Day, RelatedId
from registry.kernel.api.rows import API_PREFIX, Computed, Many, Ref, RowSerializer

_COMPANY = "membership__company__organisation__name"


def check_url(number: str) -> str:
    """Where everybody checks a certificate."""
    return f"{settings.PUBLIC_URL}{API_PREFIX}certificates/check/{number}/"


class RecognitionDecisionRow(RowSerializer):
    """One decision on a certificate or an award."""

    id = serializers.UUIDField()
    move = serializers.ChoiceField(RecognitionMove.choices)
    effective_on = serializers.DateField()
    reason = serializers.CharField(source="reason_code")
    text = serializers.CharField()
    decided_at = serializers.DateTimeField()
    decided_by = serializers.CharField(source="actor_label", help_text="Role and organisation.")


class CertificateScopeAnswer(serializers.Serializer):
    """Whom and what a certificate covers, as of its issue."""

    name = serializers.CharField()
    country = serializers.CharField(allow_null=True)
    category = serializers.ChoiceField(CompanyCategory.choices)
    member_number = serializers.CharField(allow_null=True)
    member_since = serializers.DateField()
    site_count = serializers.IntegerField(help_text="Sites open on that day.")
    sites = serializers.ListField(child=serializers.CharField(), help_text="Names of the first 40.")


class CertificateRow(RowSerializer):
    """A member's certificate of one year."""

    id = serializers.UUIDField()
    number = serializers.CharField(help_text="Random: it can't be counted through.")
    membership = Ref("code-memberships", "membership_id", _COMPANY)
    company = Ref("companies", "membership__company_id", _COMPANY)
    year = serializers.IntegerField()
    status = serializers.ChoiceField(CertificateStatus.choices, help_text="What the public check says on the day.")
    scope = CertificateScopeAnswer()
    issued_on = serializers.DateField()
    valid_until = serializers.DateField(help_text="The last day.")
    withdrawn_on = serializers.DateField(allow_null=True)
    check_url = Computed(
        ("number",), lambda row: check_url(row[0]), serializers.CharField(), help_text="Where everybody checks it."
    )
    page_url = Computed(
        ("number",),
        lambda row: page_url(row[0]),
        serializers.CharField(),
        help_text="The same as a page to read: where the code on paper leads.",
    )
    decisions = Many(
        RecognitionDecisionRow,
        lambda scope, on: RecognitionDecision.objects.all(),
        by="certificate_id",
        order=("decided_at", "pk"),
    )


class RecognitionRuleRow(RowSerializer):
    """What recognition asks for from a day on."""

    effective_from = serializers.DateField()
    months_after = serializers.IntegerField(help_text="A certificate serves so many months beyond its year.")
    asks_report = serializers.BooleanField(help_text="No certificate while a report has lapsed.")
    source = serializers.CharField()  # type: ignore[assignment]


class RecognitionRuleBody(Body):
    """What recognition asks for from a day on."""

    effective_from = Day(help_text="Today or later.")
    months_after = serializers.IntegerField(min_value=0, max_value=12, help_text="Months beyond the year.")
    asks_report = serializers.BooleanField(help_text="No certificate while a report has lapsed.")
    source = serializers.CharField(max_length=500, required=False, help_text="Who decided it.")  # type: ignore[assignment]


class CertificateCheckAnswer(serializers.Serializer):
    """What everybody may know of a certificate."""

    status = serializers.ChoiceField(CertificateStatus.choices)


class CertificateBody(Body):
    """A certificate to issue."""

    membership = RelatedId(lambda scope: CodeMembership.objects.visible_to(scope), help_text="Whose certificate.")
    year = serializers.IntegerField(
        required=False, min_value=2000, max_value=2200, help_text="Its year; this one when left out."
    )


class YearBody(Body):
    """Of which year."""

    year = serializers.IntegerField(required=False, min_value=2000, max_value=2200, help_text="This one when left out.")


class IssuedCertificatesAnswer(serializers.Serializer):
    """What was issued."""

    issued = serializers.IntegerField()
    certificates = serializers.ListField(child=serializers.UUIDField(), help_text="Their ids.")
    due = serializers.IntegerField(help_text="Members that may get one still: call again, or they are your own.")


class WithdrawBody(Body):
    """Why a certificate is withdrawn."""

    reason = serializers.RegexField(CODE, help_text="Reason code: lower case and underscores.")
    text = serializers.CharField(
        required=False, max_length=2000, help_text="Neutral words about the decision; never about a case."
    )


class AwardWithdrawBody(WithdrawBody):
    """Why an award is withdrawn."""

    was_in_error = serializers.BooleanField(
        required=False,
        help_text="It never should have been given: no public trace, for past days neither.",
    )


class AwardBody(Body):
    """An award to give."""

    membership = RelatedId(lambda scope: CodeMembership.objects.visible_to(scope), help_text="Who is awarded.")
    year = serializers.IntegerField(min_value=2000, max_value=2200, help_text="The year that was reported on.")


class AwardedCriterionAnswer(serializers.Serializer):
    """How far a criterion was when the award was given."""

    number = serializers.IntegerField(min_value=1, max_value=6)
    actions = serializers.IntegerField(help_text="Actions that the plan named.")
    verified = serializers.IntegerField(help_text="Those verified by somebody else than the doer.")


class AwardRow(RowSerializer):
    """What a member was awarded for one year."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(AwardKind.choices)
    membership = Ref("code-memberships", "membership_id", _COMPANY)
    company = Ref("companies", "membership__company_id", _COMPANY)
    year = serializers.IntegerField()
    criteria = AwardedCriterionAnswer(many=True)
    report_id = serializers.UUIDField(help_text="The published report that it rested on.")
    given_on = serializers.DateField()
    withdrawn_on = serializers.DateField(allow_null=True)
    was_in_error = serializers.BooleanField()
    decisions = Many(
        RecognitionDecisionRow,
        lambda scope, on: RecognitionDecision.objects.all(),
        by="award_id",
        order=("decided_at", "pk"),
    )


class PublicAwardRow(RowSerializer):
    """An award as everybody may know it."""

    kind = serializers.ChoiceField(AwardKind.choices)
    year = serializers.IntegerField()
    given_on = serializers.DateField()
