"""What lapses in a company's training: by month, and by the site that falls under its target.

Both read the derived statuses of days to come, which say who lapses when if nobody trains: the figures'
own rows, so that a mail and a coverage figure never disagree.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import (
    Case,
    DateField,
    Exists,
    FloatField,
    Func,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Greatest
from django.db.models.lookups import GreaterThanOrEqual, LessThan

from codesign.companies.lifecycle import MembershipState
from codesign.companies.models import CodeMembership, HeadCount, Site
from codesign.notices.models import NoticeKind
from codesign.reminders.sources.base import Clause, MonthOf, Source
from codesign.reminders.sources.code import in_states, released, seen_by
from codesign.training.kinds import TrainingStatus
from codesign.training.models import Requirement, StatusTile

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


class DayBefore(Func):
    """The day before a date."""

    output_field = DateField()

    def as_sqlite(self, compiler: Any, connection: Any, **options: Any) -> Any:
        return self.as_sql(compiler, connection, template="date(%(expressions)s, '-1 day')", **options)

    def as_postgresql(self, compiler: Any, connection: Any, **options: Any) -> Any:
        return self.as_sql(compiler, connection, template="(%(expressions)s - 1)", **options)


def _margin(day: Any, at: datetime) -> Any:
    """How many trained people a site has above its target on a day of the outer row; below 0: it misses it.

    The figure's own terms: valid ÷ (in scope − in grace and untrained + the head count beyond the roster).
    """
    there = StatusTile.objects.order_by().filter(site=OuterRef("site"), first_day__lte=day, last_day__gte=day)
    target = Cast(Subquery(Requirement.objects.for_everybody_on(at.date()).values("target_share")[:1]), FloatField())
    heads = HeadCount.objects.current().filter(
        Q(valid_until=None) | Q(valid_until__gte=day), site=OuterRef("site"), valid_from__lte=day
    )
    head_count = Coalesce(Subquery(heads.order_by().values("staff_count")[:1]), 0)

    def sum_where(condition: Q) -> Any:
        counted = there.annotate(one=Case(When(condition, then=Value(1)), default=Value(0)))
        return Coalesce(
            Subquery(counted.values("site").annotate(n=Sum("one")).values("n"), output_field=IntegerField()), 0
        )

    beyond = Greatest(head_count - sum_where(~Q(pk=None)), 0)
    asked = sum_where(~Q(status=TrainingStatus.IN_GRACE)) + beyond
    return Cast(sum_where(Q(status=TrainingStatus.VALID)), FloatField()) - target * Cast(asked, FloatField())


def _falls(at: datetime) -> Q:
    """The site reaches its target on the day before, and misses it on the day on which the status begins."""
    on_the_day, before = _margin(OuterRef("first_day"), at), _margin(DayBefore(OuterRef("first_day")), at)
    # A hair's breadth, because 0.8 × 5 is not quite 4 to a computer.
    return Q(LessThan(on_the_day, Value(-1e-6))) & Q(GreaterThanOrEqual(before, Value(-1e-6)))


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
