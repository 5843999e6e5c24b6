"""Staff and completions over HTTP."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from django.db.models import Case, F, OuterRef, QuerySet, Subquery, When
from django.db.models.functions import NullIf
from django.forms import UUIDField
from django.http import HttpResponse

from codesign.api.fee_views import printed_in
from codesign.api.training_bodies import (
    CompletionItem,
    CorrectionBody,
    LeaveBody,
    NumberBody,
    StaffItem,
    TickListParams,
    TransferBody,
)
from codesign.api.training_rows import (
    CompletionRow,
    ItemAnswer,
    NumberedAnswer,
    StaffRow,
)
from codesign.companies import printing
from codesign.companies.models import Site
from codesign.training.actions import completions, erasing, numbering, staff
from codesign.training.actions.items import ItemResult, ItemStatus, in_order
from codesign.training.kinds import Employment, StaffRole, TrainingStatus
from codesign.training.models import Completion, Course, StaffMember
from codesign.training.printed import tick_list_pdf
from members.scope import Scope
from registry.kernel.api.calls import Call
from registry.kernel.api.copies import CopyRows
from registry.kernel.api.filters import AnyOf, RowFilters
from registry.kernel.api.pdfs import pdf_answer
from registry.kernel.api.rows import in_language
from registry.kernel.api.views import ListRows, ReadRow, ResourceViews, command, query
from registry.kernel.calendar import LATEST
from registry.kernel.errors import Invalid
from registry.kernel.pdf import MEDIA_TYPE

TAG = "Training"
# About seventy pages, typeset in a second.
MOST_LISTED = 2_000


def _items(call: Call) -> dict[int, dict[str, Any]]:
    """The well-formed items by their place in the list."""
    return dict(zip(call.indexes, call.data, strict=True))


def _answers(call: Call, results: list[ItemResult]) -> list[dict[str, Any]]:
    """Results of the action with the faults found before it, as the list came."""
    faulty = [
        ItemResult(index=index, status=ItemStatus.ERROR, errors=tuple(faults))
        for index, faults in call.item_faults.items()
    ]
    return [asdict(result) for result in in_order([*results, *faulty])]


class StaffFilters(RowFilters):
    """What staff can be filtered by, as of the day asked about."""

    company = AnyOf("company_id", kind=UUIDField(), help_text="Id of the company.")
    site = AnyOf("day_site", kind=UUIDField(), help_text="Id of the site.")
    country = AnyOf("day_country", help_text="ISO code of the site's country.")
    role = AnyOf("day_role", choices=StaffRole, help_text="Role at work.")
    employment = AnyOf("day_employment", choices=Employment, help_text="How somebody is employed.")
    status = AnyOf("tile__status", choices=TrainingStatus, help_text="Where somebody stands on the day.")
    reference = AnyOf("shown_reference", help_text="Employee reference, of own people alone.")


class StaffViews(ListRows, ReadRow, ResourceViews):
    """Staff, known by the company's own reference alone."""

    resource = "staff"
    tag = TAG
    row = StaffRow
    filters = StaffFilters
    orderings = {"hired_on": "hired_on", "id": "pk"}

    def rows(self, scope: Scope, *, on: date) -> QuerySet:
        people = StaffMember.objects.visible_to(scope, on=on).on_the_day()
        return people.annotate(tile_until=NullIf(F("tile__last_day"), LATEST))

    @command(
        body=StaffItem,
        many=True,
        answer=ItemAnswer,
        answer_many=True,
        summary="Register or change staff by reference.",
        errors=(413,),
        example=[
            {
                "reference": "BRU-0012",
                "site": "0191d0c6-6f5e-7c3c-9d59-0d6b2f4c1a11",
                "role": "front_desk",
                "hired_on": "2026-03-01",
            }
        ],
    )
    def create(self, call: Call) -> list[dict[str, Any]]:
        """One item or a list; a result per item, good ones are kept although others are bad."""
        return _answers(call, staff.register(items=_items(call), actor=call.scope, at=call.at))

    @command(
        body=NumberBody,
        answer=NumberedAnswer,
        answer_many=True,
        status=201,
        summary="Number people who have no reference.",
        example={
            "site": "0191d0c6-6f5e-7c3c-9d59-0d6b2f4c1a11",
            "role": "housekeeping",
            "hired_on": "2026-03-01",
            "count": 12,
        },
    )
    def number(self, call: Call) -> list[dict[str, Any]]:
        """For a hotel without numbers of its own: 001, 002, …, counted on through the company."""
        people = numbering.number(**call.data, actor=call.scope, at=call.at)
        return [{"id": result.id, "reference": reference} for reference, result in people]

    @query(
        path="tick-list",
        params=TickListParams,
        media_type=MEDIA_TYPE,
        summary="Print a site's people by number, to tick off.",
        errors=(400,),
    )
    def tick_list(self, call: Call) -> HttpResponse:
        """Reference, work and last valid day of everybody at the site today; names are written by hand, and stay there.

        The numbers ticked go to `sessions/`.
        """
        site = Site.objects.get(pk=call.data["site_id"])
        here = self.rows(call.scope, on=call.on).filter(tile__site=site).order_by("shown_reference", "pk")
        people = list(
            here.values_list("shown_reference", "day_role", "tile__status", "tile__last_day")[: MOST_LISTED + 1]
        )
        if len(people) > MOST_LISTED:
            raise Invalid.at("?site", "too_many", f"A list has at most {MOST_LISTED} people.")
        course = Course.objects.filter(pk=call.data.get("course_id")).first()
        language = printing.language_of(printed_in(call))
        lines = [
            (reference or "", role, last_day if status == TrainingStatus.VALID else None)
            for reference, role, status, last_day in people
        ]
        content = tick_list_pdf(
            lines,
            site=site.name,
            course=(in_language(course.names, language) or course.code) if course else "",
            on=call.on,
            language=language,
            at=call.at,
        )
        return pdf_answer(content, name="tick-list")

    @command(
        detail=True,
        body=TransferBody,
        if_match="optional",
        summary="Move somebody to another site of the company.",
        errors=(409,),
        example={"site": "0191d0c6-6f5e-7c3c-9d59-0d6b2f4c1a11", "since": "2026-11-01"},
    )
    def move(self, call: Call) -> StaffMember:
        """The person stays one; past days stay with the former site."""
        return staff.move(staff_id=call.uuid, **call.data, expected_version=call.version, actor=call.scope, at=call.at)

    @command(
        detail=True,
        body=LeaveBody,
        if_match="optional",
        summary="Record that somebody left.",
        errors=(409,),
        example={"left_on": "2026-10-31"},
    )
    def leave(self, call: Call) -> StaffMember:
        """Ends, never deletes."""
        return staff.leave(staff_id=call.uuid, **call.data, expected_version=call.version, actor=call.scope, at=call.at)

    @command(detail=True, summary="Erase the reference of somebody who left.", errors=(409,))
    def erase(self, call: Call) -> StaffMember:
        """For good, and everywhere; what was counted stays counted. By itself 24 months after the last day."""
        return erasing.erase(staff_id=call.uuid, actor=call.scope, at=call.at)


class CompletionFilters(RowFilters):
    """What completions can be filtered by."""

    company = AnyOf("staff_member__company_id", kind=UUIDField(), help_text="Id of the company.")
    site = AnyOf("staff_member__site_id", kind=UUIDField(), help_text="Id of the person's last site.")
    staff_member = AnyOf("staff_member_id", kind=UUIDField(), help_text="Id of the person.")
    course = AnyOf("course__code", help_text="Code of the course.")
    session = AnyOf("session_id", kind=UUIDField(), help_text="Id of the session where it was ticked.")


class CompletionViews(CopyRows, ListRows, ReadRow, ResourceViews):
    """Completions: immutable facts; a correction supersedes."""

    resource = "completions"
    tag = TAG
    row = CompletionRow
    filters = CompletionFilters
    orderings = {"completed_on": "completed_on", "id": "pk"}
    dated = False
    version_column = None
    # As the export of the rows names its columns.
    copied = {
        "id": ("pk", "uuid"),
        "staff_member_id": ("staff_member_id", "uuid"),
        "staff_member": ("staff_member__reference", "text"),
        "course_id": ("course_id", "uuid"),
        "course": ("course__names", "names"),
        "completed_on": ("completed_on", "day"),
        "source": ("source", "word"),
        "recorded_at": ("recorded_at", "moment"),
        "superseded_at": ("superseded_at", "moment"),
        "superseded_reason": ("superseded_reason", "word"),
        "corrects_id": ("corrects_id", "uuid"),
        # Few correct another: joined for all, the table would be read twice.
        "corrects": (
            Case(
                When(
                    corrects__isnull=False,
                    then=Subquery(Completion.objects.filter(pk=OuterRef("corrects")).values("completed_on")),
                )
            ),
            "day",
        ),
    }

    def rows(self, scope: Scope, *, on: date) -> QuerySet:
        return Completion.objects.visible_to(scope)

    @command(
        body=CompletionItem,
        many=True,
        answer=ItemAnswer,
        answer_many=True,
        summary="Push completions.",
        errors=(413,),
        example=[{"reference": "BRU-0012", "course": "the-code-basics", "completed_on": "2026-11-02"}],
    )
    def create(self, call: Call) -> list[dict[str, Any]]:
        """One item or a list; the same (person, course, day) twice is recorded once."""
        return _answers(call, completions.push(items=_items(call), actor=call.scope, at=call.at))

    @command(
        detail=True,
        body=CorrectionBody,
        summary="Correct or withdraw a completion.",
        errors=(409,),
        example={"reason": "wrong_day", "completed_on": "2026-11-03"},
    )
    def correct(self, call: Call) -> Completion:
        """Answers what stands now: the new completion, or the superseded one."""
        values = {**call.data, "course": call.data.get("course_id")}
        values.pop("course_id", None)
        return completions.correct(completion_id=call.uuid, **values, actor=call.scope, at=call.at)
