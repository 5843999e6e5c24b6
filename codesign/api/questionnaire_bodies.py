"""What is sent to make a version of the questionnaire."""

from __future__ import annotations

from rest_framework import serializers

from codesign.reporting.models import Publicity, QuestionKind, QuestionLevel, Questionnaire
from codesign.reporting.prefill import SOURCES
from registry.kernel.api.bodies import Body, RelatedId

CODE = r"^[a-z][a-z0-9_]*$"


class TextsField(serializers.DictField):
    """A text in every language."""

    child = serializers.CharField(max_length=1000)


class OptionBody(Body):
    """One option of a choice or of counts."""

    code = serializers.RegexField(CODE, max_length=40)
    names = TextsField()


class ConditionBody(Body):
    """When a question is asked: another one, before it, was answered like this."""

    question = serializers.RegexField(CODE, max_length=60)
    equals = serializers.JSONField()


class QuestionBody(Body):
    """One question."""

    code = serializers.RegexField(CODE, max_length=60)
    kind = serializers.ChoiceField(QuestionKind.choices)
    level = serializers.ChoiceField(QuestionLevel.choices, required=False)
    unit = serializers.CharField(max_length=30, required=False, allow_blank=True)
    names = TextsField()
    help = TextsField(required=False)
    indicator_code = serializers.RegexField(CODE, max_length=60, required=False, allow_blank=True)
    is_required = serializers.BooleanField(required=False)
    is_multiple = serializers.BooleanField(required=False)
    options = OptionBody(many=True, required=False)
    minimum = serializers.DecimalField(18, 4, required=False, allow_null=True)
    maximum = serializers.DecimalField(18, 4, required=False, allow_null=True)
    decimals = serializers.IntegerField(min_value=0, max_value=4, required=False)
    at_most = serializers.RegexField(CODE, max_length=60, required=False, allow_blank=True)
    condition = ConditionBody(required=False, allow_null=True)
    prefill = serializers.CharField(
        max_length=40, required=False, allow_blank=True, help_text=f"Blank, or one of: {', '.join(sorted(SOURCES))}."
    )
    is_fresh = serializers.BooleanField(required=False)
    jump_share = serializers.DecimalField(5, 2, required=False, allow_null=True, min_value=0)
    publicity = serializers.ChoiceField(Publicity.choices, required=False)
    is_passed_on = serializers.BooleanField(required=False)


class QuestionnaireSectionBody(Body):
    """One section with its questions, in order."""

    code = serializers.SlugField(max_length=40)
    criterion_number = serializers.IntegerField(min_value=1, max_value=6)
    names = TextsField()
    questions = serializers.ListField(child=QuestionBody(), min_length=1, max_length=200)


class QuestionnaireBody(Body):
    """A version as a draft; sent again it replaces the draft."""

    version = serializers.IntegerField(min_value=1, max_value=9999)
    names = TextsField()
    sections = serializers.ListField(child=QuestionnaireSectionBody(), min_length=1, max_length=50)


class AgainstParams(Body):
    """With which other version it is compared."""

    against = RelatedId(lambda scope: Questionnaire.objects.visible_to(scope), help_text="Id of the earlier version.")
