"""Courses, sessions by heads, and requirements over HTTP."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.forms import UUIDField

from codesign.api.training_bodies import (
    CourseBody,
    CoursePatch,
    HeadCountSessionBody,
    RequirementBody,
    RequirementPatch,
)
from codesign.api.training_preview import PreviewAnswer, preview_answer
from codesign.api.training_rows import (
    CourseRow,
    HeadCountSessionRow,
    RequirementRow,
)
from codesign.training import previews
from codesign.training.actions import courses, requirements
from codesign.training.kinds import CourseKind, StaffRole
from codesign.training.models import Course, HeadCountSession, Requirement
from members.scope import Scope
from registry.kernel.api.calls import Call
from registry.kernel.api.filters import AnyOf, RowFilters
from registry.kernel.api.views import ListRows, ReadRow, ResourceViews, command
from registry.kernel.errors import Invalid

TAG = "Training"


class CourseFilters(RowFilters):
    """What courses can be filtered by."""

    company = AnyOf("company_id", kind=UUIDField(), help_text="Id of the company that gives it.")
    code = AnyOf("code", help_text="Code of the course.")
    kind = AnyOf("kind", choices=CourseKind, help_text="By screen, in a room, or a refresher.")


class CourseViews(ListRows, ReadRow, ResourceViews):
    """Courses that staff can complete."""

    resource = "courses"
    tag = TAG
    row = CourseRow
    filters = CourseFilters
    orderings = {"code": "code"}
    dated = False

    def rows(self, scope: Scope, *, on: date) -> QuerySet:
        return Course.objects.visible_to(scope)

    @command(
        body=CourseBody,
        summary="Add a course.",
        errors=(409,),
        example={
            "code": "the-code-basics",
            "names": {"en": "The Code: basics", "fr": "The Code : les bases"},
            "kind": "elearning",
            "provider": "lcr",
        },
    )
    def create(self, call: Call) -> Course:
        """For one's own company, or for everyone by the secretariat."""
        return courses.add(**call.data, actor=call.scope, at=call.at)

    @command(
        body=CoursePatch, if_match="optional", summary="Change a course.", errors=(409,), example={"languages": ["en"]}
    )
    def update(self, call: Call) -> Course:
        """Kind and code stay: completions rest on them."""
        return courses.change(
            course_id=call.uuid, expected_version=call.version, actor=call.scope, at=call.at, **call.data
        )


class HeadCountSessionFilters(RowFilters):
    """What head-count sessions can be filtered by."""

    company = AnyOf("company_id", kind=UUIDField(), help_text="Id of the company.")
    site = AnyOf("site_id", kind=UUIDField(), help_text="Id of the site.")


class HeadCountSessionViews(ListRows, ReadRow, ResourceViews):
    """Sessions of which only the number of heads is known: in no person-based figure."""

    resource = "head-count-sessions"
    tag = TAG
    row = HeadCountSessionRow
    filters = HeadCountSessionFilters
    orderings = {"held_on": "held_on"}
    dated = False
    version_column = None

    def rows(self, scope: Scope, *, on: date) -> QuerySet:
        return HeadCountSession.objects.visible_to(scope)

    @command(
        body=HeadCountSessionBody,
        summary="Note a session by its head count.",
        errors=(409,),
        example={
            "site": "0191d0c6-6f5e-7c3c-9d59-0d6b2f4c1a11",
            "course": "0191d0c6-6f5e-7c3c-9d59-0d6b2f4c1a12",
            "held_on": "2026-05-04",
            "attendance": 25,
        },
    )
    def create(self, call: Call) -> HeadCountSession:
        """For when nobody kept a list of who was there."""
        return courses.record_session(**call.data, actor=call.scope, at=call.at)


class RequirementFilters(RowFilters):
    """What requirements can be filtered by."""

    role = AnyOf("role", choices=StaffRole, help_text="Role that it is for.")
    country = AnyOf("country_id", help_text="ISO code.")


class RequirementViews(ListRows, ReadRow, ResourceViews):
    """What a scheme asks from a day on: drafted, published, then frozen."""

    resource = "training-requirements"
    tag = TAG
    row = RequirementRow
    filters = RequirementFilters
    orderings = {"effective_from": "effective_from"}
    dated = False

    def rows(self, scope: Scope, *, on: date) -> QuerySet:
        return Requirement.objects.visible_to(scope)

    @command(
        body=RequirementBody,
        summary="Draft a training requirement.",
        example={"role": "security", "validity_months": 6, "effective_from": "2027-07-01"},
    )
    def create(self, call: Call) -> Requirement:
        """It counts for nothing until it is published."""
        return requirements.draft(**call.data, actor=call.scope, at=call.at)

    @command(
        body=RequirementPatch,
        if_match="optional",
        summary="Change a draft.",
        errors=(409,),
        example={"validity_months": 12},
    )
    def update(self, call: Call) -> Requirement:
        """A published requirement is frozen."""
        return requirements.change(
            requirement_id=call.uuid, expected_version=call.version, actor=call.scope, at=call.at, **call.data
        )

    @command(
        body=RequirementBody,
        answer=PreviewAnswer,
        changes=False,
        summary="Preview what a requirement would do.",
        example={"role": "housekeeping", "validity_months": 12, "effective_from": "2027-07-01"},
    )
    def preview(self, call: Call) -> dict[str, Any]:
        """Before it is drafted: whose training lapses when, by role, and which companies drop under target."""
        rule = Requirement(**call.data)
        if rule.effective_from <= call.at.date():
            raise Invalid.at("/effective_from", "in_past", "A rule counts from a day that has not come yet.")
        return preview_answer(previews.preview(rule))

    @command(detail=True, if_match="required", summary="Publish a training requirement.", errors=(409,))
    def publish(self, call: Call) -> Requirement:
        """From its day on, which has not come yet: no figure of a past day ever changes."""
        return requirements.publish(
            requirement_id=call.uuid, expected_version=call.version, actor=call.scope, at=call.at
        )
