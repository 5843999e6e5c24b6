"""Questions about rosters."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Case, F, Q, Value, When

from codesign.rosters.lifecycle import WORKING
from members.scope import COMPANY_ROLES, Role, Scope

_NOTHING = Q(pk__in=())


class RosterQuerySet(models.QuerySet):
    """Questions about rosters."""

    def visible_to(self, scope: Scope) -> Self:
        """Own ones in full; a representative and the secretariat see that there were some, and their counts.

        Adds `shown_file_name`, null from outside: who named the file may have named a person.
        """
        own = own_rosters(scope)
        seen = own
        if scope.wears(Role.SECRETARIAT):
            seen = ~_NOTHING
        elif scope.countries:
            seen |= Q(company__organisation__country__in=scope.countries)
        return self.filter(seen).annotate(shown_file_name=Case(When(own, then=F("file_name")), default=Value(None)))

    def own_of(self, scope: Scope) -> Self:
        """Those whose rows the caller may see."""
        return self.filter(own_rosters(scope))

    def working(self) -> Self:
        """Those with work left."""
        return self.filter(state__in=WORKING)

    def free(self, *, now: datetime) -> Self:
        """Those that no living worker holds, by the real clock."""
        return self.filter(Q(lease_until=None) | Q(lease_until__lt=now))


def own_rosters(scope: Scope) -> Q:
    """Rosters of the caller's companies; a site editor's are those that they sent."""
    own = _NOTHING
    if companies := scope.organisations(*COMPANY_ROLES):
        own |= Q(company__in=companies)
    if scope.sites and scope.user_id is not None:
        own |= Q(company__in=scope.organisations(Role.SITE_EDITOR), sender_id=scope.user_id)
    return own
