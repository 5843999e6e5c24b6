"""What clients send about fees."""

from __future__ import annotations

from decimal import Decimal

from rest_framework import serializers

from codesign.api.standing_bodies import CODE
from codesign.companies.models import CodeMembership, Company, RevenueBand
from codesign.fees.models import Payment
from registry.kernel.api.bodies import Body, Day, RelatedId
from registry.kernel.api.tables import TableBody

MAX_LINES = 1000


class InvoiceBody(Body):
    """The fee of one year, asked for by hand."""

    membership = RelatedId(lambda scope: CodeMembership.objects.visible_to(scope), help_text="Whose fee.")
    year = serializers.IntegerField(min_value=2000, max_value=2200, help_text="Year of the fee.")


class CreditBody(Body):
    """A part of an invoice that is taken back."""

    amount_eur = serializers.DecimalField(max_digits=10, decimal_places=2, help_text="All that is open, or a part.")
    reason = serializers.RegexField(CODE, help_text="Reason code: lower case and underscores.")


class RefundBody(Body):
    """Money that was paid back."""

    payment = RelatedId(lambda scope: Payment.objects.visible_to(scope), help_text="The payment it goes back from.")
    amount_eur = serializers.DecimalField(max_digits=10, decimal_places=2, help_text="At most what is owed back.")
    refunded_on = Day(help_text="Day of the bank's statement.")
    reference = serializers.CharField(max_length=60, help_text="Of the bank's statement; once per payment.")
    reason = serializers.RegexField(CODE, help_text="Reason code: lower case and underscores.")


class FeeBandBody(Body):
    """One band of a fee table; its lower bound is the upper one of the band before."""

    code = serializers.ChoiceField(RevenueBand.choices)
    revenue_to_eur = serializers.DecimalField(
        max_digits=14, decimal_places=2, required=False, help_text="Inclusive; left out by the last band."
    )
    annual_fee_eur = serializers.DecimalField(max_digits=10, decimal_places=2, min_value=Decimal("0.01"))


class FeeTableBody(Body):
    """A fee table from a day on."""

    valid_from = Day(help_text="Today or later.")
    bands = FeeBandBody(many=True, help_text="Every band once, upwards.")
    source = serializers.CharField(max_length=500, required=False, help_text="Who decided it.")  # type: ignore[assignment]


class FeeReductionBody(Body):
    """What members of an association pay less from a day on."""

    code = serializers.RegexField(r"^[a-z][a-z0-9_]{0,19}$", help_text="Of the association, such as `pata`.")
    share = serializers.DecimalField(max_digits=4, decimal_places=3, help_text="Taken off the fee, above 0 to 1.")
    valid_from = Day(help_text="Today or later.")
    valid_until = Day(required=False, help_text="The last day; until further notice when left out.")
    source = serializers.CharField(max_length=500, required=False, help_text="Who decided it.")  # type: ignore[assignment]


class PartnerEndBody(Body):
    """When a reduction ends for all."""

    code = serializers.RegexField(r"^[a-z][a-z0-9_]{0,19}$", help_text="Of the association.")
    last_day = Day(help_text="The last day on which it holds; today or later.")


class FeeTermsBody(Body):
    """Terms of payment from a day on; what is left out stays as it is."""

    effective_from = Day(help_text="Today or later.")
    payment_days = serializers.IntegerField(required=False, min_value=0, max_value=365)
    confirmation_months = serializers.IntegerField(required=False, min_value=1, max_value=60)
    payee = serializers.CharField(required=False, max_length=200, help_text="As the bank knows it.")
    iban = serializers.RegexField(r"^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$", required=False, help_text="Without spaces.")
    bic = serializers.RegexField(r"^[A-Z0-9]{8}([A-Z0-9]{3})?$", required=False)
    source = serializers.CharField(max_length=500, required=False, help_text="Who decided it.")  # type: ignore[assignment]


class CompanyReductionBody(Body):
    """A company that belongs to a partner association."""

    company = RelatedId(lambda scope: Company.objects.visible_to(scope), help_text="The company.")
    code = serializers.RegexField(r"^[a-z][a-z0-9_]{0,19}$", help_text="Of the association; see `fee-reductions`.")
    valid_from = Day(help_text="The first day.")
    valid_until = Day(required=False, help_text="The last day; until further notice when left out.")


class EndBody(Body):
    """When a reduction ends."""

    last_day = Day(help_text="The last day on which it holds.")


class FeeYearBody(Body):
    """A membership year."""

    year = serializers.IntegerField(min_value=2000, max_value=2200, help_text="A calendar year.")
    invoices_on = Day(required=False, help_text="First day of raising invoices; 1 January when left out.")
    unconfirmed_days = serializers.IntegerField(
        required=False, min_value=0, max_value=365, help_text="Days after which the last known band serves; else 60."
    )


class StatementBody(TableBody):
    """A bank's statement: a file as the bank exports it, or its lines as JSON."""

    leave_out_ambiguous = serializers.BooleanField(
        default=False, help_text="Write the rest although a line may pay two invoices; else nothing is written."
    )

    def validate(self, attrs: dict) -> dict:
        found = super().validate(attrs)
        if len(found["table"].rows) > MAX_LINES:
            raise serializers.ValidationError(f"A statement has at most {MAX_LINES} lines.", code="too_many_rows")
        return found


class LanguageParams(Body):
    """In which language a document is printed."""

    language = serializers.ChoiceField(
        ["en", "fr", "nl", "de", "es"], required=False, help_text="That of Accept-Language when left out."
    )
