"""What is shown of reporting years, questionnaires and reports."""

from __future__ import annotations

from datetime import date
from typing import Any

from rest_framework import serializers

from codesign.api.reporting_return_rows import (
    CheckedSiteAnswer,
    PreviewedSiteAnswer,
    ReportFindingAnswer,
    SilentSiteAnswer,
    TotalAnswer,
)
from codesign.reporting import rules
from codesign.reporting.lifecycle import ReportMoveKind, ReportState
from codesign.reporting.models import (
    Publicity,
    Question,
    QuestionKind,
    QuestionLevel,
    QuestionnaireState,
    SectionVersion,
    SnapshotKind,
)
from registry.kernel.api.bodies import Body
from registry.kernel.api.rows import Computed, Many, Ref, RowSerializer, Translated


class ReportingYearRow(RowSerializer):
    """A calendar year to report on."""

    id = serializers.UUIDField()
    year = serializers.IntegerField()
    opens_on = serializers.DateField(help_text="First day, in the company's zone.")
    due_on = serializers.DateField(help_text="Last day, at its end in the company's zone; without extensions.")
    lapse_days = serializers.IntegerField(help_text="Days after the due day from which a report counts as lapsed.")
    return_days = serializers.IntegerField(help_text="Days to answer a returned report.")
    review_days = serializers.IntegerField(help_text="Days to review a submitted report.")
    questionnaire = Ref("questionnaires", "questionnaire_id", "questionnaire__names")
    questionnaire_version = serializers.IntegerField(source="questionnaire.version")


class QuestionRow(RowSerializer):
    """One question of a questionnaire; texts in every language."""

    code = serializers.CharField()
    section = serializers.CharField()
    kind = serializers.ChoiceField(QuestionKind.choices)
    level = serializers.ChoiceField(QuestionLevel.choices, help_text="Who answers it.")
    unit = serializers.CharField(help_text="What a number counts; blank for other kinds.")
    names = serializers.DictField(child=serializers.CharField(), help_text="Wording by language.")
    help = serializers.DictField(child=serializers.CharField(), help_text="Explanation by language.")
    criterion_number = serializers.IntegerField()
    indicator_code = serializers.CharField(help_text="The same across versions.")
    is_required = serializers.BooleanField()
    is_multiple = serializers.BooleanField(help_text="A choice that takes several options.")
    options = serializers.ListField(child=serializers.DictField(), help_text="Of a choice or counts: code, names.")
    minimum = serializers.DecimalField(18, 4, allow_null=True)
    maximum = serializers.DecimalField(18, 4, allow_null=True)
    decimals = serializers.IntegerField()
    at_most = serializers.CharField(help_text="Code of a question whose answer bounds this one.")
    condition = serializers.DictField(allow_null=True, help_text="`question` and `equals`; null: always asked.")
    prefill = serializers.CharField(help_text="From where the register fills it in; blank: it does not.")
    is_fresh = serializers.BooleanField(help_text="Entered anew each year.")
    jump_share = serializers.DecimalField(5, 2, allow_null=True, help_text="A change above it needs a comment.")
    publicity = serializers.ChoiceField(Publicity.choices, help_text="Whether a company may show its answer.")
    is_passed_on = serializers.BooleanField(help_text="Counts suspicions that were passed on.")


class QuestionnaireRow(RowSerializer):
    """One version of the questionnaire with its questions."""

    id = serializers.UUIDField()
    version = serializers.IntegerField()
    state = serializers.ChoiceField(QuestionnaireState.choices)
    title = Translated("names")
    sections = serializers.ListField(child=serializers.DictField(), help_text="In order: code, criterion, names.")
    published_at = serializers.DateTimeField(allow_null=True)
    questions = Many(
        QuestionRow, lambda scope, on: Question.objects.all(), by="questionnaire_id", order=("position", "pk")
    )


class ExtensionRow(RowSerializer):
    """More time for a company, a country, or everyone (both null)."""

    id = serializers.UUIDField()
    year = serializers.IntegerField(source="reporting_year.year")
    company = Ref("companies", "company_id", "company__organisation__name", allow_null=True)
    country = serializers.CharField(source="country_id", allow_null=True)
    until = serializers.DateField()
    reason = serializers.CharField()
    granted_at = serializers.DateTimeField()
    granted_by = serializers.CharField(source="granted_by_label")
    revoked_at = serializers.DateTimeField(allow_null=True)


class SectionRow(RowSerializer):
    """How far one section was changed; its answers stand at `sections/{code}/` of the report."""

    code = serializers.CharField(source="section")
    version = serializers.IntegerField()
    changed_at = serializers.DateTimeField()


def days_late_of(values: tuple[date | None, date]) -> int | None:
    due, counted = values
    return rules.days_late(due=due, submitted=None, on=counted)


def lateness_of(values: tuple[date | None, date, date | None, date]) -> rules.Lateness | None:
    due, lapses, submitted, counted = values
    return None if due is None else rules.lateness(due=due, lapses=lapses, submitted=submitted, on=counted)


class ReportRow(RowSerializer):
    """Where a report stands, without its answers."""

    id = serializers.UUIDField()
    company = Ref("companies", "company_id", "company__organisation__name")
    country = serializers.CharField(source="company.organisation.country_id", allow_null=True)
    year = serializers.IntegerField(source="reporting_year.year")
    questionnaire = Ref("questionnaires", "reporting_year__questionnaire_id", "reporting_year__questionnaire__names")
    state = serializers.ChoiceField(ReportState.choices)
    completeness_share = serializers.DecimalField(3, 2, help_text="Required questions answered, 0 to 1, cut.")
    due_on = serializers.DateField(allow_null=True, help_text="With extensions; null: sent in without being owed.")
    days_late = Computed(
        ("due_on", "counted_on"),
        days_late_of,
        serializers.IntegerField(allow_null=True),
        help_text="Past the due day at the first submission, or so far; null where nothing is owed.",
    )
    lateness = Computed(
        ("due_on", "lapses_on", "first_submitted_on", "counted_on"),
        lateness_of,
        serializers.ChoiceField(rules.Lateness.choices, allow_null=True),
        help_text="Null where nothing is owed.",
    )
    is_by_site = serializers.BooleanField(help_text="Each site has a return of its own: see site-returns.")
    public_codes = serializers.ListField(
        child=serializers.CharField(), help_text="Questions whose answers the company shows once it is published."
    )
    provisional_at = serializers.DateTimeField(allow_null=True, help_text="Last shown to the reviewer as a draft.")
    first_submitted_at = serializers.DateTimeField(allow_null=True, help_text="Decides whether it was in time.")
    submitted_at = serializers.DateTimeField(allow_null=True)
    review_due_on = serializers.DateField(allow_null=True)
    answer_due_on = serializers.DateField(allow_null=True)
    accepted_at = serializers.DateTimeField(allow_null=True)
    published_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    sections = Many(SectionRow, lambda scope, on: SectionVersion.objects.all(), by="report_id", order=("section", "pk"))


class PreviewedQuestionAnswer(serializers.Serializer):
    """A question as a company would read it."""

    code = serializers.CharField()
    kind = serializers.ChoiceField(QuestionKind.choices)
    level = serializers.ChoiceField(QuestionLevel.choices)
    unit = serializers.CharField()
    text = serializers.CharField()
    help = serializers.CharField()
    is_required = serializers.BooleanField()
    condition = serializers.DictField(allow_null=True)
    options = serializers.ListField(child=serializers.DictField())


class PreviewedSectionAnswer(serializers.Serializer):
    """A section as a company would read it."""

    code = serializers.CharField()
    criterion_number = serializers.IntegerField()
    title = serializers.CharField()
    questions = PreviewedQuestionAnswer(many=True)


class ChangedQuestionAnswer(serializers.Serializer):
    """A question that stayed, and what of it changed."""

    code = serializers.CharField()
    fields = serializers.ListField(child=serializers.CharField())  # type: ignore[assignment]


class VersionDiffAnswer(serializers.Serializer):
    """What a version changes."""

    added = serializers.ListField(child=serializers.CharField())
    removed = serializers.ListField(child=serializers.CharField())
    changed = ChangedQuestionAnswer(many=True)
    indicators_lost = serializers.ListField(child=serializers.CharField(), help_text="Their series would end.")


class OptionAnswer(serializers.Serializer):
    """One option of a choice."""

    code = serializers.CharField()
    text = serializers.CharField()


class AnsweredQuestionAnswer(serializers.Serializer):
    """A question as it is read, with its answer."""

    code = serializers.CharField()
    kind = serializers.ChoiceField(QuestionKind.choices)
    level = serializers.ChoiceField(QuestionLevel.choices)
    unit = serializers.CharField()
    text = serializers.CharField()
    help = serializers.CharField()
    is_required = serializers.BooleanField()
    is_asked = serializers.BooleanField(help_text="Whether the other answers make it one to answer.")
    options = OptionAnswer(many=True)
    is_multiple = serializers.BooleanField(help_text="Whether a choice takes several options.")
    decimals = serializers.IntegerField(help_text="Of a number: how many places it may have.")
    value = serializers.JSONField(allow_null=True, help_text="Null: unknown, never zero.")
    comment = serializers.CharField()
    origin = serializers.CharField(help_text="Where a value filled in beforehand came from; blank: somebody gave it.")
    last_year = serializers.JSONField(allow_null=True, help_text="What was answered a year before.")
    company_value = serializers.JSONField(
        allow_null=True, help_text="In a site's return: what the company answers for all sites."
    )
    is_redacted = serializers.BooleanField(help_text="What stood here was removed and left no trace.")
    answered_at = serializers.DateTimeField(allow_null=True)
    answered_by = serializers.CharField(allow_null=True)


class ReportSectionAnswer(serializers.Serializer):
    """One section of a report with the questions in the caller's language."""

    code = serializers.CharField()
    criterion_number = serializers.IntegerField()
    title = serializers.CharField()
    version = serializers.IntegerField(help_text="Of the section; its tag stands in the ETag header.")
    changed_at = serializers.DateTimeField(allow_null=True)
    questions = AnsweredQuestionAnswer(many=True)


class ReportPreviewAnswer(serializers.Serializer):
    """The whole report as it would be read."""

    id = serializers.UUIDField()
    company = serializers.CharField()
    year = serializers.IntegerField()
    state = serializers.ChoiceField(ReportState.choices)
    sections = ReportSectionAnswer(many=True)
    sites = PreviewedSiteAnswer(many=True, help_text="Of a report by site.")
    totals = TotalAnswer(many=True)


class ReportCheckAnswer(serializers.Serializer):
    """Everything that a submission would meet."""

    is_ready = serializers.BooleanField(help_text="No error stands against submitting it.")
    completeness_share = serializers.DecimalField(3, 2)
    findings = ReportFindingAnswer(many=True)
    silent_sites = SilentSiteAnswer(many=True)
    sites = CheckedSiteAnswer(many=True, help_text="Those silent, and those in which something is missing or wrong.")
    totals = TotalAnswer(many=True)


class NextReportMoveAnswer(serializers.Serializer):
    """A move and whether this caller may make it now."""

    move = serializers.ChoiceField(ReportMoveKind.choices)
    is_allowed = serializers.BooleanField()
    code = serializers.CharField(allow_null=True, help_text="Why not.")


class TakenReportMoveAnswer(serializers.Serializer):
    """A move that was made."""

    move = serializers.ChoiceField(ReportMoveKind.choices)
    from_state = serializers.ChoiceField(ReportState.choices)
    to_state = serializers.ChoiceField(ReportState.choices)
    at = serializers.DateTimeField()
    actor = serializers.CharField()
    comments = serializers.DictField(child=serializers.CharField(), help_text="Question code → what to look at.")
    reason = serializers.CharField(help_text="Of a correction.")


class ReportSnapshotAnswer(serializers.Serializer):
    """A submission as it was kept; the hash is that of its canonical JSON."""

    number = serializers.IntegerField()
    kind = serializers.ChoiceField(SnapshotKind.choices)
    reason = serializers.CharField(help_text="Of a correction.")
    taken_at = serializers.DateTimeField()
    sha256 = serializers.CharField(help_text="Of the content as it was handed in: sorted keys, no blanks, UTF-8.")
    redacted_sha256 = serializers.CharField(help_text="Of what a redaction left; blank without one.")


class WholeSnapshotAnswer(ReportSnapshotAnswer):
    """A submission with its content."""

    content = serializers.JSONField()


class AnswerChange(serializers.Serializer):
    """An answer that differs between two submissions."""

    question = serializers.CharField()
    site = serializers.UUIDField(allow_null=True, help_text="Null: the company's own answer.")
    before = serializers.JSONField(allow_null=True)
    after = serializers.JSONField(allow_null=True)


class ReportDiffAnswer(serializers.Serializer):
    """What changed from one submission to another."""

    before = serializers.IntegerField(help_text="Number of the earlier one.")
    after = serializers.IntegerField()
    reason = serializers.CharField(help_text="Of the later one, where it is a correction.")
    changes = AnswerChange(many=True)


class ReportPrintParameters(Body):
    """In which language a report is printed."""

    language = serializers.ChoiceField(
        ["en", "fr", "nl", "de", "es"], required=False, help_text="The company's when left out."
    )


class ReportFileAnswer(serializers.Serializer):
    """A file of a report; an answer names it by its id."""

    id = serializers.UUIDField()
    media_type = serializers.CharField()
    size_bytes = serializers.IntegerField()
    sha256 = serializers.CharField()


class ReportDiffParameters(Body):
    """Which two submissions to compare."""

    before = serializers.IntegerField(min_value=1, max_value=9999, help_text="Number of the earlier one.")
    after = serializers.IntegerField(min_value=1, max_value=9999, help_text="Number of the later one.")


class ReportMovesAnswer(serializers.Serializer):
    """What was done with a report and what can be done next."""

    next = NextReportMoveAnswer(many=True)
    taken = TakenReportMoveAnswer(many=True)
    snapshots = ReportSnapshotAnswer(many=True)


def shown_moves(moves: Any) -> list[dict[str, Any]]:
    """Rows of ReportMove as they are answered."""
    names = ("move", "from_state", "to_state", "at", "comments", "reason")
    return [{**{name: getattr(row, name) for name in names}, "actor": row.actor_label} for row in moves]
