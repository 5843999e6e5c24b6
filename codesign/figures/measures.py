"""How each figure is counted: cells cut by all of its dimensions, one grouped query or two each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import CharField, Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from codesign.companies.figures import with_waiting
from codesign.companies.lifecycle import MembershipState
from codesign.companies.models import SUPPORTERS, CodeMembership, Decision
from codesign.companies.querysets import THE_CODE
from codesign.criteria.models import PlanAction, PlanActionState
from codesign.figures.rules import Table
from codesign.reporting.models import Report, ReportMove
from codesign.standing.figures import members_on
from codesign.training import series
from codesign.training.figures import coverage
from codesign.training.kinds import TrainingStatus
from codesign.training.models import StaffMember
from members.agreements import figures as agreements
from members.countries.models import Country
from members.network.models import Mandate, NetworkMembership
from members.scope import Role, Scope

EXPIRING_DAYS = 90
COUNTED = (TrainingStatus.VALID, TrainingStatus.LAPSED, TrainingStatus.NEVER_TRAINED)
FUNNEL = (
    MembershipState.DRAFT,
    MembershipState.SUBMITTED,
    MembershipState.PLAN_SUBMITTED,
    MembershipState.CHANGES_REQUESTED,
    MembershipState.APPROVED,
    MembershipState.ACTIVE,
)


def network_members(scope: Scope, on: date) -> Table:
    """Certain memberships of the network on the day; unlisted organisations are counted, and never shown."""
    rows = NetworkMembership.objects.certain(on=on).with_standing(on=on)
    return _grouped(rows, "region_id", "organisation__country_id", "kind_on")


def listed_network_members(scope: Scope, on: date) -> Table:
    """The same, of those that the caller may list."""
    rows = NetworkMembership.objects.visible_to(scope).certain(on=on).with_standing(on=on)
    return _grouped(rows, "region_id", "organisation__country_id", "kind_on")


def uncertain_network_members(scope: Scope, on: date) -> Table:
    """Memberships that nothing proves for the day: they stand beside the certain ones, never among them."""
    return _uncertain_members(NetworkMembership.objects.all(), on)


def listed_uncertain_network_members(scope: Scope, on: date) -> Table:
    """The same, of those that the caller may list."""
    return _uncertain_members(NetworkMembership.objects.visible_to(scope), on)


def _uncertain_members(rows: Any, on: date) -> Table:
    doubtful = rows.on(on).with_certainty(on=on).filter(is_uncertain=True).with_standing(on=on)
    return _grouped(doubtful, "region_id", "organisation__country_id", "kind_on")


def represented_countries(scope: Scope, on: date) -> Table:
    """Countries by whether a confirmed mandate covers them on the day."""
    rows = Country.objects.annotate(represented=Mandate.objects.covering("code", on=on))
    counted = _grouped(rows, "region_id", "represented")
    return {(region, "true" if is_covered else "false"): n for (region, is_covered), n in counted.items()}


def agreements_by_state(scope: Scope, on: date) -> Table:
    """Agreements in the state that they are in now."""
    return agreements.by_state(scope, on)


def agreements_expiring(scope: Scope, on: date) -> Table:
    """Agreements whose known end may fall within the next ninety days."""
    return agreements.expiring(scope, on, within_days=EXPIRING_DAYS)


def code_members(scope: Scope, on: date) -> Table:
    """Active and suspended member companies on the day."""
    return _grouped(members_on(on).of_companies(), "company__organisation__country_id", "company__category")


def supporting_associations(scope: Scope, on: date) -> Table:
    """Associations and supporters that signed: kinds of their own, never added to the companies."""
    associations = members_on(on).filter(company__category__in=SUPPORTERS, scheme=THE_CODE)
    return _grouped(associations, "company__organisation__country_id")


def memberships_by_state(scope: Scope, on: date) -> Table:
    """Memberships in the state that they had on the day, drafts and ended ones too."""
    return _grouped(_memberships_then(scope, on), "state_then", "company__organisation__country_id")


def applications(scope: Scope, on: date) -> Table:
    """Memberships from draft to approved, and active ones, by how long they had been there on the day."""
    rows = with_waiting(_memberships_then(scope, on).filter(state_then__in=FUNNEL), on=on)
    return _grouped(rows, "state_then", "waiting", "company__organisation__country_id")


def criteria_progress(scope: Scope, on: date) -> Table:
    """Planned actions that are done, and all planned actions, by criterion and country of the company."""
    rows = _seen(PlanAction.objects.all(), scope).order_by()
    columns = ("criterion_number", "membership__company__organisation__country_id")
    counted = rows.values_list(*columns).annotate(
        done=Count("pk", filter=~Q(state=PlanActionState.OPEN)), n=Count("pk")
    )
    return {
        (str(number), country): (done, n) for number, country, done, n in counted.values_list(*columns, "done", "n")
    }


def reports_by_state(scope: Scope, on: date) -> Table:
    """Reports in the state that they had on the day."""
    moves = ReportMove.objects.filter(report=OuterRef("pk"))
    rows = _seen(Report.objects.all(), scope).filter(created_at__date__lte=on)
    rows = rows.annotate(
        state_then=_then(
            moves.filter(at__date__lte=on).order_by("-version"), moves.filter(at__date__gt=on).order_by("version")
        )
    )
    return _grouped(rows, "reporting_year__year", "state_then", "company__organisation__country_id")


def training_coverage(scope: Scope, on: date) -> Table:
    """Staff holding a valid completion, and staff counted, by the country of the site."""
    return {(group.key,): (group.valid or 0, group.denominator or 0) for group in coverage(scope, on=on, by="country")}


def training_coverage_over(scope: Scope, days: Sequence[date]) -> list[tuple[Table, Table]] | None:
    """Both of each day, of everybody and of the listed; None for a caller with people of their own. Two queries."""
    if not series.may_be_asked_by(scope):
        return None

    def table(found: dict[Any, tuple[int, int]]) -> Table:
        return {(country,): counts for country, counts in found.items()}

    return [(table(day.counted), table(day.listed)) for day in series.by_country(scope, days)]


def listed_staff(scope: Scope, on: date) -> Table:
    """The same people as far as the caller may list them: no small site from outside, nobody beyond the roster."""
    people: Any = StaffMember.objects.visible_to(scope, on=on)
    rows = people.filter(tile__status__in=COUNTED).order_by()
    valid = Count("pk", filter=Q(tile__status=TrainingStatus.VALID))
    counted = rows.values_list("tile__site__country").annotate(valid=valid, n=Count("pk"))
    return {(country,): (valid, n) for country, valid, n in counted.values_list("tile__site__country", "valid", "n")}


def _memberships_then(scope: Scope, on: date) -> QuerySet:
    """Memberships begun by the day, with `state_then`."""
    decisions = Decision.objects.filter(membership=OuterRef("pk"))
    return (
        _seen(CodeMembership.objects.filter(scheme=THE_CODE), scope)
        .filter(created_at__date__lte=on)
        .annotate(
            state_then=_then(
                decisions.filter(effective_on__lte=on).order_by("-version"),
                decisions.filter(effective_on__gt=on).order_by("version"),
            )
        )
    )


def _then(decided: QuerySet, to_come: QuerySet) -> Coalesce:
    """The state on a day: what the last move led to, else what the next one starts from, else the state now."""
    return Coalesce(
        Subquery(decided.values("to_state")[:1]),
        Subquery(to_come.values("from_state")[:1]),
        F("state"),
        output_field=CharField(),
    )


def _seen(rows: Any, scope: Scope) -> Any:
    """All rows for readers of totals, who see no row; for others what they may see."""
    return rows if scope.wears(Role.EVALUATOR) else rows.visible_to(scope)


def _grouped(rows: QuerySet, *columns: str) -> Table:
    """How many rows for each combination of `columns`."""
    counted = rows.order_by().values_list(*columns).annotate(n=Count("pk")).values_list(*columns, "n")
    return {tuple(key): (n,) for *key, n in counted}
