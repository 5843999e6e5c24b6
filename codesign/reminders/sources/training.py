"""What lapses in a company's training: by month, and by the site that falls under its target.

Both read the derived statuses of days to come, which say who lapses when if nobody trains: the figures'
own rows, so that a mail and a coverage figure never disagree.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.db.models.lookups import LessThan

from codesign.companies.lifecycle import MembershipState
from codesign.companies.models import CodeMembership, Site
from codesign.notices.models import NoticeKind
from codesign.reminders.sources.base import Clause, MonthOf, Source
from codesign.reminders.sources.code import in_states, released, seen_by
from codesign.training.figures import misses_target
from codesign.training.kinds import TrainingStatus
from codesign.training.models import StatusTile
from codesign.training.tallies import at_site
from registry.kernel.sql import DayBefore

_CURRENT = "company__memberships__"


def _lapsing() -> Any:
    return StatusTile.objects.order_by().filter(status=TrainingStatus.LAPSED)


TRAINING_LAPSING = Source(
    subject_type="membership",
    rows=_lapsing(),
    columns={
        "subject_id": f"{_CURRENT}pk",
        "anchor_on": MonthOf("first_day"),
        "organisation_id": "company_id",
        "membership_id": f"{_CURRENT}pk",
        "representative_id": f"{_CURRENT}representative_id",
        "zone": "company__organisation__zone",
        "opens_at": f"{_CURRENT}reminders_muted_until",
        "country": "company__organisation__country_id",
    },
    company="company",
    seen=seen_by("company"),
    clauses=(
        in_states(_CURRENT, MembershipState.ACTIVE),
        Clause(code="current", holds=lambda at: Q(company__memberships__is_current=True)),
        released(_CURRENT, "first_day"),
    ),
    about=CodeMembership.objects.order_by(),
    about_seen=seen_by("company"),
    about_clauses=(
        in_states("", MembershipState.ACTIVE),
        Clause(
            code="current",
            holds=lambda at: Q(is_current=True),
            value="is_current",
            resource="code-memberships",
            record="pk",
        ),
        Clause(
            code="lapsing",
            holds=lambda at: Q(Exists(_lapsing().filter(company=OuterRef("company"), first_day__gt=at.date()))),
            resource="companies",
            record="company_id",
        ),
        Clause(
            code="released",
            is_dated=True,
            holds=lambda at: Q(reminders_muted_until=None) | Q(reminders_muted_until__lte=at),
            value="reminders_muted_until",
            resource="code-memberships",
            record="pk",
        ),
    ),
    monthly="first_day",
    link="training",
    template="training",
    notice_before=NoticeKind.TRAINING,
    notice_after=NoticeKind.TRAINING,
)


def _falls(at: datetime) -> Q:
    """The site reaches its target on the day before, and misses it on the day on which the status begins."""
    return Q(_misses(OuterRef("first_day"))) & ~Q(_misses(DayBefore(OuterRef("first_day"))))


def _misses(day: Any) -> LessThan:
    return misses_target(*at_site(day), on=day)


def _turning() -> Any:
    """Where somebody stops being counted as trained, or begins to count without it."""
    statuses = (TrainingStatus.LAPSED, TrainingStatus.NEVER_TRAINED)
    return StatusTile.objects.order_by().filter(status__in=statuses)


def _site_falls(at: datetime) -> Q:
    coming = _turning().filter(_falls(at), site=OuterRef("pk"), first_day__gt=at.date())
    return Q(Exists(coming))


SITE_BELOW_TARGET = Source(
    subject_type="site",
    rows=_turning(),
    columns={
        "subject_id": "site_id",
        "anchor_on": "first_day",
        "organisation_id": "company_id",
        "membership_id": f"{_CURRENT}pk",
        "representative_id": f"{_CURRENT}representative_id",
        "zone": "site__zone",
        "opens_at": f"{_CURRENT}reminders_muted_until",
        "site_id": "site_id",
        "country": "company__organisation__country_id",
    },
    company="company",
    seen=seen_by("company"),
    clauses=(
        in_states(_CURRENT, MembershipState.ACTIVE),
        Clause(code="current", holds=lambda at: Q(company__memberships__is_current=True)),
        released(_CURRENT, "first_day"),
        Clause(code="falls", holds=_falls),
    ),
    about=Site.objects.order_by(),
    about_seen=seen_by("company"),
    about_clauses=(
        Clause(
            code="active_member",
            holds=lambda at: Q(
                Exists(
                    CodeMembership.objects.filter(
                        company=OuterRef("company"), is_current=True, state=MembershipState.ACTIVE
                    )
                )
            ),
            resource="companies",
            record="company_id",
        ),
        Clause(code="falls", holds=_site_falls, value="name", resource="sites", record="pk"),
    ),
    link="training",
    notice_before=NoticeKind.TRAINING,
    notice_after=NoticeKind.TRAINING,
)
