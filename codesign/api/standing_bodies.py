"""What clients send to move a membership, to record money and to sign."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from codesign.companies.models import CodeMembership, Company
from codesign.fees.models import Invoice, SigningSide
from codesign.standing.actions import Word
from codesign.standing.grounds import Ground
from registry.kernel.api.bodies import Body, Day, RelatedId
from registry.kernel.api.documents import DocumentFile

CODE = r"^[a-z][a-z0-9_]{0,39}$"


class OpenBody(Body):
    """A new application."""

    company = RelatedId(lambda scope: Company.objects.visible_to(scope), help_text="The company that applies.")


class SchemeBody(Body):
    """A national code that a company signed."""

    company = RelatedId(lambda scope: Company.objects.visible_to(scope), help_text="The company that signed.")
    scheme = serializers.RegexField(
        r"^[a-z][a-z0-9_]{1,19}$", help_text="Code of the national code, such as `cr_national_code`."
    )
    since = serializers.RegexField(r"^\d{4}(-\d{2}){0,2}$", required=False, help_text="YYYY, YYYY-MM or a day.")
    source = serializers.CharField(max_length=500, help_text="Where it can be read.")  # type: ignore[assignment]


class WordBody(Body):
    """What may be said with any move."""

    effective_on = Day(required=False, help_text="Today when left out; never to come, never before the last decision.")
    text = serializers.CharField(
        required=False, max_length=2000, help_text="Neutral words about the decision; never about a case."
    )


class MoveBody(WordBody):
    """What is said with a move; all of it may be left out."""

    reason = serializers.RegexField(CODE, required=False, help_text="Reason code: lower case and underscores.")


class ChangesBody(MoveBody):
    """A plan that is given back says what to change: the company reads it under its steps."""

    text = serializers.CharField(max_length=2000, help_text="What to change, in neutral words; never about a case.")


class MeasureBody(WordBody):
    """A measure names its ground."""

    reason = serializers.ChoiceField(choices=Ground.choices, help_text="Ground of the measure.")


class MovesParams(Body):
    """On what ground a measure would be."""

    ground = serializers.ChoiceField(
        choices=Ground.choices, required=False, help_text="Of a suspension or termination; left out: on any."
    )
    valid_on = Day(required=False, help_text="As of this day; today when left out.")


class MergeBody(MoveBody):
    """Which company goes on."""

    into = RelatedId(lambda scope: Company.objects.visible_to(scope), help_text="The company that goes on.")


class ConfirmBody(MoveBody):
    """What the secretariat found out about a recorded signatory."""

    member_since = Day(help_text="Day of the signature, as verified.")


class PaymentBody(Body):
    """Money received."""

    invoice = RelatedId(lambda scope: Invoice.objects.visible_to(scope), help_text="The invoice that is paid.")
    amount_eur = serializers.DecimalField(max_digits=10, decimal_places=2, help_text="All or a part of it.")
    paid_on = Day(help_text="Day of the bank's statement.")
    reference = serializers.CharField(max_length=60, help_text="Of the bank's statement; once per invoice.")


class WaiverBody(Body):
    """A year's fee that is let off."""

    membership = RelatedId(lambda scope: CodeMembership.objects.visible_to(scope), help_text="Whose fee.")
    year = serializers.IntegerField(min_value=2000, max_value=2200, help_text="Year of the fee.")
    reason = serializers.RegexField(CODE, help_text="Reason code: lower case and underscores.")


class CodeAgreementBody(Body):
    """An agreement to send."""

    membership = RelatedId(lambda scope: CodeMembership.objects.visible_to(scope), help_text="Who signs.")
    text_version = serializers.SlugField(
        required=False, max_length=20, help_text="Version of the text; the one in force when left out."
    )


class PaperBody(Body):
    """The signed paper (by a form), or where it is kept."""

    file = DocumentFile(required=False)
    link = serializers.RegexField(
        r"^https://[^\s]+$", max_length=500, required=False, help_text="https only; of an e-signing service, say."
    )


class SignBody(Body):
    """One signature under the agreement."""

    side = serializers.ChoiceField(choices=SigningSide.choices, help_text="For whom is signed.")
    role = serializers.CharField(max_length=60, help_text="Function of the signatory, such as director; never a name.")
    signed_on = Day(help_text="Day on the paper; not before the agreement was sent.")


def word_of(data: dict[str, Any]) -> Word:
    """What is said with a move, taken out of a validated body; what else it holds stays there."""
    return Word(
        effective_on=data.pop("effective_on", None), reason_code=data.pop("reason", ""), text=data.pop("text", "")
    )
