"""Where an officer belongs: nobody decides on the organisation that they belong to."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import Q

from members.access.models import Grant
from members.organisations.models import Organisation
from members.scope import Scope
from registry.kernel.audit.actor import Actor


def belongs(actor: Actor, organisation_id: UUID, *, on: date) -> bool:
    """Whether the caller holds any role in that organisation or above it in its group. Two queries.

    Asked of the person's grants: the scope of one operation has only the hats that the operation admits.
    """
    if not isinstance(actor, Scope):
        return False
    if actor.belongs_to(organisation_id):
        return True
    grants = Grant.objects.filter(
        Q(valid_until=None) | Q(valid_until__gte=on), user=actor.user_id, revoked_at=None, valid_from__lte=on
    )
    own = set(grants.exclude(organisation=None).order_by().values_list("organisation_id", flat=True))
    return bool(own) and organisation_id in Organisation.objects.tree_of(own, on)
