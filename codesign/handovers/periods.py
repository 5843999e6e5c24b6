"""What a former representative still reads: its own period, as the register knew it on the day, and nothing later.

Asked with `valid_on` on a day that its ended mandate covered, companies, memberships and decisions are those of
the mandate's country as they stood at the end of that day: entered by then, in the state that decisions made by
then gave them, under the name known then. What carries no date (category, revenue, plan, head counts, today's
name) is left out. On any other day there is nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Case, CharField, DateField, F, OuterRef, Q, QuerySet, Subquery, UUIDField, Value, When
from django.db.models.functions import Coalesce

from codesign.companies.lifecycle import FORMER, MEMBER
from codesign.companies.models import CodeMembership, Company, Decision
from codesign.companies.querysets import THE_CODE
from members.organisations.models import NameKind, OrganisationName
from members.scope import OVERSIGHT, Scope
from registry.kernel.calendar import end_of_day


@dataclass(frozen=True)
class Period:
    """A day inside ended mandates: of which countries, and the moment after which nothing is shown."""

    on: date
    until: datetime
    countries: frozenset[str]


def period_of(scope: Scope, on: date) -> Period | None:
    """What the caller reads back on that day; None where its present roles answer for themselves."""
    spans = () if scope.wears(*OVERSIGHT) else scope.spans_on(on)
    if not spans:
        return None
    # The earliest end of the day: in no country is a moment of the next day shown.
    until = min(end_of_day(on, span.zone) for span in spans)
    return Period(on, until, frozenset(span.country for span in spans) | scope.countries)


def companies_of(period: Period, scope: Scope) -> QuerySet:
    """Companies entered by then, with `membership_then`, `state_then`, `number_then`, `member_since_then`, `name_then`.

    A fixed number of subqueries.
    """
    memberships = CodeMembership.objects.filter(
        company=OuterRef("pk"), scheme=THE_CODE, created_at__lt=period.until
    ).order_by("-created_at", "-pk")
    rows = _reached(Company.objects.all(), "", period, scope).annotate(
        membership_then=Subquery(memberships.values("pk")[:1], output_field=UUIDField())
    )
    one = CodeMembership.objects.filter(pk=OuterRef("membership_then"))
    rows = rows.annotate(
        name_then=_name("pk", period),
        state_then=_state("membership_then", Subquery(one.values("state")[:1]), period),
    )
    return rows.annotate(
        number_then=_of_members(Subquery(one.values("number")[:1]), CharField()),
        member_since_then=_of_members(Subquery(one.values("member_since")[:1]), DateField()),
    )


def memberships_of(period: Period, scope: Scope) -> QuerySet:
    """Memberships begun by then, with the same annotations."""
    rows = _reached(CodeMembership.objects.all(), "company", period, scope)
    rows = rows.annotate(name_then=_name("company_id", period), state_then=_state("pk", F("state"), period))
    return rows.annotate(
        number_then=_of_members(F("number"), CharField()),
        member_since_then=_of_members(F("member_since"), DateField()),
    )


def decisions_of(period: Period, scope: Scope) -> QuerySet:
    """Decisions made by then, with `name_then` of the company."""
    rows = _reached(Decision.objects.all(), "membership__company", period, scope, moment="decided_at")
    return rows.annotate(name_then=_name("membership__company_id", period))


def _reached(rows: Any, company: str, period: Period, scope: Scope, *, moment: str = "created_at") -> QuerySet:
    """Rows entered by then, of the period's countries, and what the caller's present roles reach."""
    path = f"{company}__" if company else ""
    visible = rows.model.objects.visible_to(scope).values("pk")
    reached = Q(**{f"{path}organisation__country__in": period.countries}) | Q(pk__in=visible)
    entered = {f"{moment}__lt": period.until, f"{path}created_at__lt": period.until}
    return rows.filter(reached, **entered)


def _state(membership: str, present: Any, period: Period) -> Coalesce:
    """After the last decision that was made and in effect, else before the first one that was not; else as entered."""
    decisions = Decision.objects.filter(membership=OuterRef(membership))
    in_effect = Q(decided_at__lt=period.until, effective_on__lte=period.on)
    last = decisions.filter(in_effect).order_by("-effective_on", "-version").values("to_state")[:1]
    first = decisions.exclude(in_effect).order_by("version").values("from_state")[:1]
    return Coalesce(Subquery(last), Subquery(first), present, output_field=CharField())


def _name(company: str, period: Period) -> Coalesce:
    """The official name known then, else the first one that was ever recorded."""
    names = OrganisationName.objects.filter(organisation=OuterRef(company), kind=NameKind.OFFICIAL)
    known = names.known_at(period.until).filter(Q(valid_from=None) | Q(valid_from__lte=period.on))
    return Coalesce(
        Subquery(known.order_by("-valid_from", "-recorded_at", "pk").values("text")[:1]),
        Subquery(names.order_by("recorded_at", "pk").values("text")[:1]),
        output_field=CharField(),
    )


def _of_members(value: Any, field: Any) -> Case:
    """What a membership is given when it becomes one: known from then on."""
    return Case(When(state_then__in=MEMBER | FORMER, then=value), default=Value(None), output_field=field)
