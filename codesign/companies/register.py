"""The public register: what was decided and holds on a day, and nothing else."""

from __future__ import annotations

from datetime import date

from django.db.models import Case, CharField, DateField, F, Q, TextChoices, Value, When

from codesign.companies.lifecycle import FORMER, MEMBER, MembershipState
from codesign.companies.models import CodeMembership, Decision
from codesign.companies.querysets import CodeMembershipQuerySet
from registry.kernel.sql import latest_of


class PublicStatus(TextChoices):
    """What everybody may know of a membership."""

    MEMBER = "member"
    SUSPENDED = "suspended"
    FORMER = "former"


def public_register(*, on: date) -> CodeMembershipQuerySet:
    """Memberships that were decided, seen as of `on`, with what `with_public_status` adds; unlisted ones stay out."""
    listed = CodeMembership.objects.filter(is_public=True, company__organisation__is_listed=True)
    return with_public_status(listed, on=on)


def with_public_status(memberships: CodeMembershipQuerySet, *, on: date) -> CodeMembershipQuerySet:
    """Those that were decided by `on`, with `public_status`, `suspended_since` and `former_since` as of that day.

    A decision that was overturned leaves no trace, for past days neither. One subquery.
    """
    decided = Decision.objects.upheld().filter(effective_on__lte=on, to_state__in=MEMBER)
    suspension = decided.annotate(
        since=Case(When(to_state=MembershipState.SUSPENDED, then=F("effective_on")), output_field=DateField())
    )
    former = Q(ended_on__lte=on)
    return (
        memberships.filter(state__in=MEMBER | FORMER, member_since__lte=on)
        .annotate(last_suspended=latest_of(suspension, "since", by="membership", order=("-effective_on", "-version")))
        .annotate(
            former_since=Case(When(former, then=F("ended_on")), output_field=DateField()),
            suspended_since=Case(When(~former | Q(ended_on=None), then=F("last_suspended")), output_field=DateField()),
            public_status=Case(
                When(former, then=Value(PublicStatus.FORMER.value)),
                When(last_suspended__isnull=False, then=Value(PublicStatus.SUSPENDED.value)),
                default=Value(PublicStatus.MEMBER.value),
                output_field=CharField(),
            ),
        )
    )
