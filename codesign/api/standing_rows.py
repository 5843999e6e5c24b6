"""What is read of memberships, payments, waivers and agreements."""

from __future__ import annotations

from rest_framework import serializers

from codesign.api.company_rows import criteria_field
from codesign.companies.lifecycle import MembershipState, Move
from codesign.companies.models import CompanyCategory
from codesign.standing.models import Side
from codesign.standing.rules import Standing
from codesign.standing.steps import StepCode, StepState
from registry.kernel.api.documents import DocumentAnswer, shown
from registry.kernel.api.rows import Computed, Ref, RowSerializer

_COMPANY = "company__organisation__name"
CHECKED_RULES = ("fee", "report", "training")
TURNS = ("company", "representative", "secretariat")
TIMELINE_KINDS = (
    *("decision", "invoice", "payment", "credit_note", "refund", "waiver", "agreement", "notice", "report"),
    *("certificate", "award", "claim", "appeal", "review", "extension"),
)


class CodeMembershipRow(RowSerializer):
    """A membership in The Code, from its draft to its end."""

    id = serializers.UUIDField()
    company = Ref("companies", "company_id", _COMPANY)
    country = serializers.CharField(source="company.organisation.country_id", allow_null=True)
    category = serializers.ChoiceField(CompanyCategory.choices, source="company.category")
    scheme = serializers.CharField()
    state = serializers.ChoiceField(MembershipState.choices)
    is_current = serializers.BooleanField(help_text="The one that stands for the company today.")
    number = serializers.CharField(allow_null=True, help_text="Member number, such as TC-BE-00042; null before.")
    representative = Ref(
        "organisations",
        "representative_id",
        "representative__name",
        allow_null=True,
        help_text="Local Code Representative; null where the secretariat stands in.",
    )
    criteria = criteria_field()
    applied_at = serializers.DateTimeField(allow_null=True)
    approved_on = serializers.DateField(allow_null=True)
    member_since = serializers.DateField(allow_null=True)
    ended_on = serializers.DateField(allow_null=True, help_text="First day without membership.")
    is_public = serializers.BooleanField()
    since = serializers.CharField(help_text="Of a recorded signatory, as far as the source dates it; else empty.")
    since_basis = serializers.CharField()
    status_seen = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    confidence = serializers.CharField()
    created_at = serializers.DateTimeField()
    fee_is_settled = serializers.BooleanField(source="has_settled_fee", help_text="A fee was paid in full or let off.")
    is_signed = serializers.BooleanField(source="has_signed", help_text="Both signatures are there.")
    note = serializers.CharField()
    reminders_muted_until = serializers.DateTimeField(allow_null=True, help_text="No mail before; null: not muted.")
    version = serializers.IntegerField(help_text="Counts every change; the entity tag begins with it.")


class ReasonAnswer(serializers.Serializer):
    """One thing that stands against a move."""

    pointer = serializers.CharField(help_text="What is missing, as a JSON pointer; empty where none is meant.")
    code = serializers.CharField()
    message = serializers.CharField()


class MoveAnswer(serializers.Serializer):
    """One move: allowed now to this caller, and if not, why."""

    move = serializers.ChoiceField(choices=Move.choices)
    url = serializers.CharField(help_text="Where to POST it.")
    to_state = serializers.ChoiceField(choices=MembershipState.choices)
    allowed = serializers.BooleanField()
    reasons = ReasonAnswer(many=True)
    endorsed_by = serializers.ListField(
        child=serializers.ChoiceField(choices=Side.choices), help_text="Who has said yes so far, where two have to."
    )


class StepAnswer(serializers.Serializer):
    """One step from a draft to a member."""

    code = serializers.ChoiceField(choices=StepCode.choices)
    state = serializers.ChoiceField(choices=StepState.choices)
    turn = serializers.ChoiceField(choices=TURNS, help_text="Whose turn it is.")
    missing = ReasonAnswer(many=True)
    call = serializers.CharField(help_text="Method and path that do it; empty when it is done.")
    is_required = serializers.BooleanField(help_text="False: the application goes on without it.")


class PaymentRow(RowSerializer):
    """Money received for an invoice."""

    id = serializers.UUIDField()
    invoice = Ref("invoices", "invoice_id", "invoice__number")
    membership = Ref("code-memberships", "invoice__membership_id", f"invoice__membership__{_COMPANY}")
    amount_eur = serializers.DecimalField(max_digits=10, decimal_places=2)
    paid_on = serializers.DateField()
    reference = serializers.CharField()
    recorded_at = serializers.DateTimeField()


class WaiverRow(RowSerializer):
    """A year's fee that was let off."""

    id = serializers.UUIDField()
    membership = Ref("code-memberships", "membership_id", f"membership__{_COMPANY}")
    year = serializers.IntegerField()
    reason = serializers.CharField(source="reason_code")
    granted_on = serializers.DateField()


class CodeAgreementRow(RowSerializer):
    """The Code agreement of a membership and its two signatures, by role and never by name."""

    id = serializers.UUIDField()
    membership = Ref("code-memberships", "membership_id", f"membership__{_COMPANY}")
    company = Ref("companies", "membership__company_id", f"membership__{_COMPANY}")
    text_version = serializers.CharField()
    sent_on = serializers.DateField()
    company_signed_on = serializers.DateField(allow_null=True)
    company_signed_role = serializers.CharField()
    representative_signed_on = serializers.DateField(allow_null=True)
    representative_signed_role = serializers.CharField()
    superseded_on = serializers.DateField(allow_null=True, help_text="When another took its place; null: it counts.")
    document = Computed(
        ("document__name", "document__media_type", "document__size_bytes", "document__sha256"),
        shown,
        DocumentAnswer(allow_null=True),
        allow_null=True,
        help_text="The signed paper; its content is at `document/`.",
    )
    document_link = serializers.CharField(help_text="Where the signed paper is kept instead; empty for nowhere.")


class FindingAnswer(serializers.Serializer):
    """One thing that is wanting."""

    rule = serializers.ChoiceField(choices=Standing.choices)
    facts = serializers.DictField(help_text="What the rule found: days, numbers, years.")
    since = serializers.DateField(allow_null=True)
    restored_by = serializers.CharField(help_text="What would put it right.")
    changes_on = serializers.DateField(allow_null=True, help_text="Day on which it gets worse by itself.")
    rows = serializers.ListField(child=serializers.CharField(), help_text="Where to read what it was found in.")


class CheckedRuleAnswer(serializers.Serializer):
    """One rule as it was asked, met or not."""

    rule = serializers.ChoiceField(choices=CHECKED_RULES)
    is_met = serializers.BooleanField()
    facts = serializers.ListField(child=serializers.DictField(), help_text="Everything that it looked at.")
    rows = serializers.ListField(child=serializers.CharField(), help_text="Where to read the rows.")
    changes_on = serializers.DateField(allow_null=True, help_text="Day on which its answer turns by itself.")


class StandingAnswer(serializers.Serializer):
    """How a company stands on a day."""

    on = serializers.DateField()
    standing = serializers.ChoiceField(
        choices=Standing.choices, allow_null=True, help_text="The gravest finding; null for one that was no member."
    )
    changes_on = serializers.DateField(
        allow_null=True, help_text="Next day on which it changes if nobody does anything."
    )
    findings = FindingAnswer(many=True, allow_null=True, help_text="What is wanting; with `explain=true` alone.")
    checks = CheckedRuleAnswer(many=True, allow_null=True, help_text="Every rule; with `explain=true` alone.")


class TimelineEntryAnswer(serializers.Serializer):
    """One thing that happened."""

    on = serializers.DateField(help_text="The day that it counts for.")
    at = serializers.DateTimeField(help_text="When the register learned of it.")
    kind = serializers.ChoiceField(choices=TIMELINE_KINDS)
    what = serializers.CharField(help_text="Move, state or kind, as a code.")
    id = serializers.UUIDField()
    facts = serializers.DictField()
