"""What is sent and shown of rosters."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from codesign.rosters.actions import Upload
from codesign.rosters.columns import COLUMNS
from codesign.rosters.figures import progress
from codesign.rosters.judging import MESSAGES
from codesign.rosters.lifecycle import RosterLabel, RosterMode, RosterReach, RosterState, RosterStep
from registry.kernel import clock
from registry.kernel.api.bodies import Body
from registry.kernel.api.renderers import to_json
from registry.kernel.api.rows import Computed, Ref, RowSerializer
from registry.kernel.files.limits import STREAMED

MAX_JSON_ROWS = 1000
FILE_HELP = (
    f"CSV in UTF-8 or JSON by lines, at most {STREAMED.rows:,} rows; or .xlsx with one sheet, at most "
    f"{STREAMED.workbook_rows:,} rows; at most {STREAMED.bytes // 1024 // 1024} MB. Columns: {', '.join(COLUMNS)}."
)


@extend_schema_field({"anyOf": [{"type": "string", "format": "date-time"}, {"type": "string", "format": "date"}]})
class MomentOrDay(serializers.DateTimeField):
    """A moment; or a day, which means its end, or now where it is not over."""

    def to_internal_value(self, value: Any) -> datetime:
        if isinstance(value, str) and len(value) == 10:
            try:
                end = datetime.combine(date.fromisoformat(value) + timedelta(days=1), time(), tzinfo=UTC)
            except (ValueError, OverflowError):
                self.fail("invalid", format="YYYY-MM-DD")
            now = clock.now()
            return min(end, now) if end - timedelta(days=1) <= now else end
        return super().to_internal_value(value)


class RosterBody(Body):
    """A company's staff: a file, by a form; or a few rows, as JSON."""

    file = serializers.FileField(allow_empty_file=True, max_length=200, required=False, help_text=FILE_HELP)
    rows = serializers.ListField(
        child=serializers.DictField(),
        required=False,
        max_length=MAX_JSON_ROWS,
        help_text="Column → value of each row, as lines of JSON have them; a key that is not there says nothing.",
    )
    company = serializers.UUIDField(required=False, help_text="Needed only by a caller that has several.")
    reach = serializers.ChoiceField(
        RosterReach.choices,
        default=RosterReach.COMPANY,
        help_text="`group`: each row names a site of the company or of any company below it, which is its employer.",
    )
    mode = serializers.ChoiceField(
        RosterMode.choices,
        default=RosterMode.PARTIAL,
        help_text="`complete`: people whom the file does not name have left.",
    )
    as_of = MomentOrDay(
        required=False,
        help_text="The moment or day that the file tells of; now by default. What others changed since is a conflict.",
    )
    most_ends_share = serializers.DecimalField(
        max_digits=3,
        decimal_places=2,
        min_value=0,
        max_value=1,
        default=Decimal("0.20"),
        help_text="When more of a site's staff than this share would end, `confirm` has to say so.",
    )
    confirms_itself = serializers.BooleanField(
        default=False, help_text="Write the plan at once when it has no error, no conflict and not too many ends."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The file, told before the transaction."""
        file, rows = attrs.pop("file", None), attrs.pop("rows", None)
        if (file is None) == (rows is None):
            raise serializers.ValidationError("Send either a file or rows.", code="file_or_rows")
        if file is not None:
            upload = Upload.of(file, "".join(filter(str.isprintable, file.name or "")))
        else:
            upload = Upload.of(BytesIO(b"\n".join(map(to_json, rows)) + b"\n"), "")
        company_id = attrs.pop("company", None)
        return {**attrs, "company_id": company_id, "upload": upload}


class RosterParams(Body):
    """What is said beside a body of lines, which has no other place for it."""

    company = serializers.UUIDField(required=False, help_text="As in a form.")
    reach = serializers.ChoiceField(RosterReach.choices, required=False, help_text="As in a form.")
    mode = serializers.ChoiceField(RosterMode.choices, required=False, help_text="As in a form.")
    confirms_itself = serializers.BooleanField(required=False, allow_null=True, default=None, help_text="As in a form.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """What was said."""
        return {name: value for name, value in attrs.items() if value is not None}


class RosterConfirmBody(Body):
    """A yes to the plan."""

    accept_ends = serializers.BooleanField(
        default=False, help_text="A yes to more ends than the roster's share at some site."
    )


class RosterLabels(serializers.Serializer):
    """Rows by what the plan has for them."""

    create = serializers.IntegerField()  # type: ignore[assignment]
    update = serializers.IntegerField()  # type: ignore[assignment]
    unchanged = serializers.IntegerField()
    end = serializers.IntegerField(help_text="People whom a complete file does not name.")
    further = serializers.IntegerField(help_text="Rows that add a training to an earlier row's person.")
    conflict = serializers.IntegerField(help_text="Changed by others since; never overwritten.")
    error = serializers.IntegerField()


class RosterCounts(RosterLabels):
    """The plan as a whole."""

    completions = serializers.IntegerField(help_text="Trainings that are not recorded yet.")


class RosterProgress(serializers.Serializer):
    """How far a worker has come with the present step."""

    step = serializers.ChoiceField(RosterStep.choices)
    done = serializers.IntegerField(help_text="Rows.")
    total = serializers.IntegerField(allow_null=True, help_text="Rows; null where the file does not say.")
    rows_per_second = serializers.IntegerField(allow_null=True)
    seconds_left = serializers.IntegerField(allow_null=True)


class RosterWritten(serializers.Serializer):
    """What was written."""

    created = serializers.IntegerField(required=False)
    updated = serializers.IntegerField(required=False)
    ended = serializers.IntegerField(required=False)
    completions = serializers.IntegerField(required=False)


class RosterUndone(serializers.Serializer):
    """What was taken back."""

    created = serializers.IntegerField(required=False, help_text="People removed again.")
    changed = serializers.IntegerField(required=False, help_text="People as they stood before.")
    completions = serializers.IntegerField(required=False)
    kept = serializers.IntegerField(required=False, help_text="People left alone, as others have touched them since.")


class RosterFailure(serializers.Serializer):
    """Why the file could not be read."""

    code = serializers.CharField()
    message = serializers.CharField()


def _progress(values: tuple[Any, ...]) -> dict[str, Any] | None:
    state, step, done, started_at, lines, rows, unnamed, counts = values
    ends = counts.get("end", 0)
    told = {"lines": lines, "rows": rows, "unnamed": unnamed, "ends": ends}
    return progress(state, step, done, started_at, **told, now=clock.real_now())


class RosterRow(RowSerializer):
    """A file of a company's staff on its way into the register. From outside the company only counts are seen."""

    id = serializers.UUIDField()
    company = Ref("companies", "company_id", "company__organisation__name")
    state = serializers.ChoiceField(RosterState.choices, help_text="Nothing is written before `applying`.")
    reach = Computed(
        ("company_ids",),
        lambda values: RosterReach.COMPANY if values[0] is None else RosterReach.GROUP,
        serializers.ChoiceField(RosterReach.choices),
        help_text="Whose sites it may name.",
    )
    mode = serializers.ChoiceField(RosterMode.choices)
    as_of = serializers.DateTimeField()
    most_ends_share = serializers.DecimalField(max_digits=3, decimal_places=2)
    confirms_itself = serializers.BooleanField()
    file_name = serializers.CharField(source="shown_file_name", allow_null=True)
    sha256 = serializers.CharField(help_text="Of the file.")
    byte_count = serializers.IntegerField()
    row_count = serializers.IntegerField(help_text="Rows read so far.")
    unnamed_count = serializers.IntegerField(help_text="Rows without a reference that is one.")
    counts = Computed(
        ("counts",), lambda values: values[0] or None, RosterCounts(allow_null=True), help_text="Null before the plan."
    )
    progress = Computed(
        ("state", "step", "done_count", "step_started_at", "line_count", "row_count", "unnamed_count", "counts"),
        _progress,
        RosterProgress(allow_null=True),
        help_text="Null while nobody works on it.",
    )
    applied = RosterWritten()
    undone = RosterUndone()
    failure = Computed(
        ("failure", "failure_message"),
        lambda values: {"code": values[0], "message": values[1]} if values[0] else None,
        RosterFailure(allow_null=True),
    )
    created_at = serializers.DateTimeField()
    planned_at = serializers.DateTimeField(allow_null=True)
    confirmed_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True, help_text="Written, failed or given up.")
    undone_at = serializers.DateTimeField(allow_null=True)
    erased_at = serializers.DateTimeField(allow_null=True, help_text="File and rows are erased after a week.")
    request_id = serializers.CharField(help_text="Under which the audit log has every chunk.")
    version = serializers.IntegerField()


class RosterSite(RosterLabels):
    """The plan for one site."""

    id = serializers.UUIDField(allow_null=True, help_text="Null: rows whose site is not known.")
    name = serializers.CharField(allow_blank=True)
    company_id = serializers.UUIDField(
        allow_null=True, default=None, help_text="Whose site it is; null where it is not known."
    )
    staff = serializers.IntegerField(help_text="People at work there, before the plan.")
    is_many = serializers.BooleanField(help_text="More would end than goes without saying.")


class RosterPlan(serializers.Serializer):
    """The plan by site."""

    sites = RosterSite(many=True)


class RosterFault(serializers.Serializer):
    """One thing wrong with a row. The message never repeats what was sent."""

    column = serializers.CharField()
    code = serializers.CharField()
    message = serializers.CharField()


def _faults(values: tuple[Any, ...]) -> list[dict[str, str]]:
    return [{"column": column, "code": code, "message": MESSAGES[code]} for column, code in values[0] or ()]


class RosterLineRow(RowSerializer):
    """A row of the file, or somebody whom a complete file does not name."""

    number = serializers.IntegerField(
        allow_null=True, help_text="In the file, the header being row 1; null: not in it."
    )
    label = serializers.ChoiceField(RosterLabel.choices)  # type: ignore[assignment]
    reference = serializers.CharField(allow_blank=True, help_text="Empty where it is none.")
    errors = Computed(("faults",), _faults, RosterFault(many=True))  # type: ignore[assignment]


class RosterLines(serializers.Serializer):
    """Rows by pages."""

    results = RosterLineRow(many=True)
    next = serializers.CharField(allow_null=True, help_text="URL of the rows after these; null on the last.")


class RosterLineParams(Body):
    """Which rows, and from where on."""

    label = serializers.ListField(  # type: ignore[assignment]
        child=serializers.ChoiceField(RosterLabel.choices),
        max_length=7,
        required=False,
        help_text="Repeat it for several.",
    )
    page_size = serializers.IntegerField(min_value=1, max_value=1000, default=100, help_text="Rows on a page.")
    after = serializers.CharField(max_length=500, required=False, help_text="Taken from `next`.")


class RosterErrorParams(Body):
    """From where on."""

    page_size = serializers.IntegerField(min_value=1, max_value=1000, default=100, help_text="Rows on a page.")
    after = serializers.CharField(max_length=500, required=False, help_text="Taken from `next`.")


class RosterFixParams(Body):
    """The kind of file."""

    format = serializers.ChoiceField(  # type: ignore[assignment]
        ["csv", "xlsx", "jsonl"], required=False, help_text="As the file came, when left out."
    )
