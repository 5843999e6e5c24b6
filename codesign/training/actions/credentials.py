"""Certificates of completion: issued, taken back, checked by code, claimed by a next employer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from codesign.training.actions import completions
from codesign.training.badges import Certificate
from codesign.training.codes import digest_of, new_code, plain
from codesign.training.kinds import CompletionSource, CourseKind, CredentialState, RevocationReason
from codesign.training.models import Completion, Credential, CredentialClaim, Requirement
from codesign.training.rules import valid_periods
from members.scope import Scope
from registry.kernel.audit.actions import record
from registry.kernel.errors import Invalid, NotFound, Refused


@transaction.atomic
def issue(*, completion_ids: Sequence[UUID], actor: Scope, at: datetime) -> list[tuple[Credential, str]]:
    """A certificate for each completion, with the code that is shown this once. Raises Invalid, Refused.

    A completion that has one gets another, and the code of the one before is worth nothing any more.
    """
    wanted = list(dict.fromkeys(completion_ids))
    rows = Completion.objects.visible_to(actor).current().filter(pk__in=wanted)
    kinds = dict(rows.values_list("pk", "course__kind"))
    if len(kinds) < len(wanted):
        raise Invalid.at("/completions", "unknown_reference", "There is no such completion for you.")
    if CourseKind.REFRESHER in kinds.values():
        raise Refused("A refresher extends a training and has no certificate of its own.", code="is_refresher")
    before = Credential.objects.standing().filter(completion__in=wanted)
    before.update(revoked_at=at, revoked_reason=RevocationReason.LOST)
    made = [(Credential(completion_id=key, issued_at=at), new_code()) for key in wanted]
    for row, code in made:
        row.code_digest = digest_of(code)
    Credential.objects.bulk_create([row for row, _ in made])
    for row, _ in made:  # one event each: it is a paper in somebody's hand
        record("credentials.issue", row, actor=actor, at=at)
    return made


@transaction.atomic
def revoke(*, credential_id: UUID, reason: str, actor: Scope, at: datetime) -> Credential:
    """Take a certificate back; whoever checks it is told. Raises Refused when it was taken back already."""
    row = Credential.objects.visible_to(actor).filter(pk=credential_id).first()
    if row is None:
        raise NotFound("There is no such certificate for you.")
    if not Credential.objects.standing().filter(pk=row.pk).update(revoked_at=at, revoked_reason=reason):
        raise Refused("This certificate was revoked already.", code="revoked")
    record("credentials.revoke", row, actor=actor, at=at, changes={"revoked_reason": ["", reason]})
    row.refresh_from_db()
    return row


def check(*, code: str, on: date) -> Certificate:
    """What the code's certificate is worth on `on`: nothing in it names anybody. Raises NotFound. Four queries."""
    row = _by_code(code)
    completion = row.completion
    revoked_at = row.revoked_at or completion.superseded_at
    valid_until = _valid_until(completion, on)
    if revoked_at is not None:
        state = CredentialState.REVOKED
    elif valid_until is None or valid_until < on:
        state = CredentialState.LAPSED
    else:
        state = CredentialState.VALID
    return Certificate(
        state=state,
        course_id=str(completion.course_id),
        course_names=completion.course.names,
        course_kind=completion.course.kind,
        completed_on=completion.completed_on,
        valid_until=valid_until,
        issued_at=row.issued_at,
        revoked_at=revoked_at,
    )


def standing(*, code: str, on: date) -> Certificate:
    """The same, of a certificate that was not taken back. Raises NotFound, Refused (`revoked`)."""
    found = check(code=code, on=on)
    if found.state == CredentialState.REVOKED:
        raise Refused("This certificate was revoked.", code="revoked")
    return found


@transaction.atomic
def claim(*, code: str, reference: str, company_id: UUID | None, actor: Scope, on: date, at: datetime) -> UUID:
    """Take over a certificate that somebody brought, as a completion of own staff. Raises Refused, Invalid.

    The two employments are not linked: what is kept tells only whoever holds the code that it was used here.
    The same again answers the same completion.
    """
    certificate = standing(code=code, on=on)
    course = _by_code(code).completion.course
    item: dict[str, Any] = {"reference": reference, "course": course.code, "completed_on": certificate.completed_on}
    if company_id:
        item["company"] = company_id
    if course.company_id is not None:
        raise Refused("The course is its company's own: it counts nowhere else.", code="not_transferable")
    (result,) = completions.push(
        items={0: item}, course_id=course.pk, source=CompletionSource.CREDENTIAL, actor=actor, at=at
    )
    if result.id is None:
        raise Invalid(
            result.errors[0].message,
            faults=tuple(
                type(fault)(fault.pointer.removeprefix("/0"), fault.code, fault.message) for fault in result.errors
            ),
        )
    owner = Completion.objects.filter(pk=result.id).values_list("staff_member__company", flat=True).get()
    made, is_new = CredentialClaim.objects.get_or_create(
        fingerprint=digest_of(code, str(owner)), defaults={"completion_id": result.id, "claimed_at": at}
    )
    if made.completion_id != result.id:
        raise Refused("Somebody else of your company has claimed this code.", code="claimed")
    if is_new:
        record("credentials.claim", Completion(pk=result.id), actor=actor, at=at)
    return result.id


def _by_code(code: str) -> Credential:
    rows = Credential.objects.select_related("completion__course", "completion__staff_member__site")
    row = rows.filter(code_digest=digest_of(code)).first() if plain(code) else None
    if row is None:
        raise NotFound("There is no certificate with this code.")
    return row


def _valid_until(completion: Completion, on: date) -> date | None:
    """The last day on which the training counts by the rule of `on`, with the refreshers of the same employment."""
    person = completion.staff_member
    rule = Requirement.objects.all().rulebook().at(person.role, person.site.country_id, on)
    if rule is None:
        return None
    done = Completion.objects.current().filter(staff_member=person, course__kind=CourseKind.REFRESHER)
    refreshers = list(done.filter(completed_on__lte=on).values_list("completed_on", flat=True))
    return valid_periods([completion.completed_on], refreshers, rule)[0][1]
