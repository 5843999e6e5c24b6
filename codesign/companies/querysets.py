"""Questions about companies, sites, memberships and decisions."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Exists, F, FilteredRelation, OuterRef, Q

from codesign.companies.lifecycle import FORMER, MEMBER, OPEN, MembershipState
from members.scope import COMPANY_ROLES, OVERSIGHT, Role, Scope
from registry.kernel.facts import DatedQuerySet

_OWN = (*COMPANY_ROLES, Role.APPLICANT)
_NOTHING = Q(pk__in=())
THE_CODE = "the_code"


def seen_through(scope: Scope, *, company: str, membership: str | None = None) -> Q:
    """Which rows that hang on a company the caller sees: own tree, countries of the mandate, or all.

    `company` is the path from the row to its company, `membership` the one to its membership ("" from
    the membership itself): what hangs on a recorded signatory is seen by staff alone.
    """
    if scope.wears(*OVERSIGHT):
        return ~_NOTHING
    seen = _NOTHING
    if own := scope.organisations(*_OWN):
        mine = Q(**{f"{company}__in": own})
        if membership is not None:
            mine &= ~Q(**{f"{membership}__state".removeprefix("__"): MembershipState.RECORDED})
        seen |= mine
    if scope.countries:
        seen |= Q(**{f"{company}__organisation__country__in": scope.countries})
    return seen


def _is_open(day: date, *, site: str = "") -> Q:
    """Whether a site is open on `day`; one whose opening is unknown counts as open."""
    opened, closed = f"{site}opened_on", f"{site}closed_on"
    has_opened = Q(**{opened: None}) | Q(**{f"{opened}__lte": day})
    return has_opened & (Q(**{closed: None}) | Q(**{f"{closed}__gte": day}))


class CompanyQuerySet(models.QuerySet):
    """Companies."""

    def visible_to(self, scope: Scope) -> Self:
        """Own tree, countries of the mandate, or all; a recorded signatory is seen by staff alone."""
        if scope.wears(*OVERSIGHT):
            return self.all()
        recorded = self.model.memberships.rel.related_model.objects.filter(
            company=OuterRef("pk"), scheme=THE_CODE, is_current=True, state=MembershipState.RECORDED
        )
        seen = _NOTHING
        if own := scope.organisations(*_OWN):
            seen |= Q(pk__in=own) & Q(~Exists(recorded))
        if scope.countries:
            seen |= Q(organisation__country__in=scope.countries)
        return self.filter(seen)

    def with_current(self) -> Self:
        """Add the relation `current`, the membership that stands for the company: one join, never more rows.

        `current_state` and `current_representative_id` are there to filter on: a filter on the relation
        itself would join it once more.
        """
        is_current = Q(memberships__is_current=True, memberships__scheme=THE_CODE)
        return self.alias(current=FilteredRelation("memberships", condition=is_current)).annotate(
            current_state=F("current__state"), current_representative_id=F("current__representative_id")
        )

    def public_on(self, day: date) -> Self:
        """Companies whose organisation is public by a membership that was decided; may name one twice."""
        return self.filter(
            memberships__state__in=MEMBER | FORMER, memberships__member_since__lte=day, memberships__is_public=True
        )


class SiteQuerySet(models.QuerySet):
    """Sites."""

    def visible_to(self, scope: Scope) -> Self:
        """As the company; also the site's own editor and the representative of the site's own country."""
        seen = seen_through(scope, company="company")
        if scope.sites:
            seen |= Q(pk__in=scope.sites)
        if scope.countries:
            seen |= Q(country__in=scope.countries)
        return self.filter(seen)

    def seen_on(self, scope: Scope, day: date) -> Self:
        """What the caller sees today, and sites that the caller's companies owned on `day`."""
        seen = Q(pk__in=self.model.objects.visible_to(scope).values("pk"))
        if own := scope.organisations(*_OWN):
            former = self.model.former_ownerships.rel.related_model.objects.on(day).filter(company__in=own)
            seen |= Q(pk__in=former.values("site"))
        return self.filter(seen)

    def owned_on(self, day: date) -> Self:
        """Sites that belonged to their present company on `day`."""
        return self.filter(Q(owned_since=None) | Q(owned_since__lte=day))

    def open_on(self, day: date) -> Self:
        """Open on `day`; a site whose opening is unknown counts as open."""
        return self.filter(_is_open(day))

    def counted_on(self, day: date) -> Self:
        """Sites with a head count that was true on `day`, joined to that one count as `head_counts`."""
        return self.filter(
            Q(head_counts__valid_until=None) | Q(head_counts__valid_until__gte=day),
            head_counts__superseded_at=None,
            head_counts__valid_from__lte=day,
        )


class FormerOwnershipQuerySet(DatedQuerySet):
    """Former owners: with the site's own column, at most one company owns a site on a day."""

    def of_open_sites(self, day: date) -> Self:
        """True on `day`, of sites that were open then."""
        return self.on(day).filter(_is_open(day, site="site__"))


class DeclarationQuerySet(models.QuerySet):
    """Declarations on voluntourism."""

    def visible_to(self, scope: Scope) -> Self:
        """As the company."""
        return self.filter(seen_through(scope, company="company"))

    def current(self) -> Self:
        """What a company declares now for each year."""
        return self.filter(superseded_at=None)


class ReportsThroughQuerySet(DatedQuerySet):
    """Which node reports for which."""

    def visible_to(self, scope: Scope) -> Self:
        """Seen from either end."""
        return self.filter(seen_through(scope, company="company") | seen_through(scope, company="through"))


class HeadCountQuerySet(DatedQuerySet):
    """Head counts: at most one row per site is current and true on a day."""

    def of_open_sites(self, day: date) -> Self:
        """True on `day`, of sites that are open then."""
        return self.on(day).filter(_is_open(day, site="site__"))


class CodeMembershipQuerySet(models.QuerySet):
    """Memberships in The Code."""

    def visible_to(self, scope: Scope) -> Self:
        """Own tree, countries of the mandate, or all; a recorded one is seen by staff alone."""
        return self.filter(seen_through(scope, company="company", membership=""))

    def locked(self) -> Self:
        """With a lock on the rows themselves, in key order, until the transaction ends."""
        return self.select_for_update(of=("self",)).order_by("pk")

    def open(self) -> Self:
        """Neither ended nor merely recorded."""
        return self.filter(state__in=OPEN)

    def members(self) -> Self:
        """Active or suspended."""
        return self.filter(state__in=MEMBER)

    def former(self) -> Self:
        """Was a member once and is none any more."""
        return self.filter(state__in=FORMER).exclude(member_since=None)

    def of_companies(self) -> Self:
        """Member companies of The Code: neither associations nor supporters, which sign too, nor national codes."""
        return self.filter(scheme=THE_CODE).exclude(company__category__in=("association", "supporter"))


# The name under which `standing.expiry` knows it.
MembershipQuerySet = CodeMembershipQuerySet


class DecisionQuerySet(models.QuerySet):
    """Decisions."""

    def visible_to(self, scope: Scope) -> Self:
        """As the membership that was decided on."""
        return self.filter(seen_through(scope, company="membership__company", membership="membership"))

    def upheld(self) -> Self:
        """Decisions that no later one undid, without those that undo."""
        return self.filter(overturned_by=None, overturns=None)


class SignatoryClaimQuerySet(models.QuerySet):
    """Claims of historic signatures."""

    def visible_to(self, scope: Scope) -> Self:
        """All, those of the countries of the mandate, and one's own."""
        if scope.wears(*OVERSIGHT):
            return self.all()
        seen = Q(claimed_by_id=scope.user_id) if scope.user_id else _NOTHING
        if scope.countries:
            seen |= Q(country__in=scope.countries)
        return self.filter(seen)

    def locked(self) -> Self:
        """With a lock on the rows themselves, in key order, until the transaction ends."""
        return self.select_for_update(of=("self",)).order_by("pk")
