"""A mail as it would look, without sending it: of a row of the queue, or of any step of any rule."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from codesign.companies.models import CodeMembership
from codesign.reminders.facts import facts_of
from codesign.reminders.mails import written
from codesign.reminders.models import Occurrence, ReminderRule
from codesign.reminders.rules import mondays
from codesign.reminders.sources import COLUMNS, SOURCES
from members.organisations.models import Organisation
from members.scope import Scope
from registry.kernel.errors import NotFound


def preview(occurrence: Occurrence, *, language: str, at: datetime) -> dict[str, str]:
    """Subject, text and page of the mail of one occurrence, planned or made up."""
    return written([occurrence], facts_of([occurrence], at=at), language=language)


def made_up(
    *, rule_code: str, subject_id: UUID, step: int, contact_role: str, scope: Scope, at: datetime
) -> Occurrence:
    """An occurrence that nobody planned, about a subject that the caller sees. Raises NotFound for any other."""
    rule = ReminderRule.objects.visible_to(scope).filter(code=rule_code).order_by("-version").first()
    if rule is None:
        raise NotFound("There is no such rule.")
    source = SOURCES[rule.kind]
    rows = source.rows.filter(source.seen(scope), **{source.columns["subject_id"]: subject_id})
    found = rows.values_list(*(source.column(name) for name in COLUMNS)).first()
    if found is None:
        raise NotFound("There is no such subject.")
    subject = dict(zip(COLUMNS, found, strict=True))
    monday, *_ = mondays(at.date(), at.date() + timedelta(days=6))
    return Occurrence(
        rule_code=rule.code,
        rule_version=rule.version,
        kind=rule.kind,
        subject_type=source.subject_type,
        subject_id=subject_id,
        organisation=Organisation.objects.get(pk=subject["organisation_id"]),
        membership=CodeMembership.objects.filter(pk=subject["membership_id"]).first(),
        anchor_on=subject["anchor_on"] or monday,
        step=step,
        contact_role=contact_role,
        due_at=at,
        planned_at=at,
    )
