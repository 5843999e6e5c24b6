"""Say in which countries an organisation works."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from members.organisations.actions.writing import check_period, expected, write
from members.organisations.models import Activity
from registry.kernel.audit.actions import record
from registry.kernel.audit.actor import Actor


@transaction.atomic
def set_activity(
    *,
    organisation_id: UUID,
    country_id: str,
    valid_from: date | None = None,
    valid_until: date | None = None,
    is_mistake: bool = False,
    actor: Actor,
    at: datetime,
) -> Activity | None:
    """It works in a country from a day until a day (None: since ever, until further notice).

    Replaces what was held of that country for days of this period; with `is_mistake` it only takes
    that back. Raises Invalid.
    """
    check_period(valid_from, valid_until)
    organisation = expected(organisation_id, None)
    held = Activity.objects.current().filter(organisation=organisation, country_id=country_id)
    if valid_until:
        held = held.filter(Q(valid_from=None) | Q(valid_from__lte=valid_until))
    if valid_from:
        held = held.filter(Q(valid_until=None) | Q(valid_until__gte=valid_from))
    replaced = held.update(superseded_at=at)
    after = None if is_mistake else [country_id, valid_from, valid_until]
    changes = {"activity": [f"{country_id}: {replaced} replaced", after]}
    write(organisation, {})
    record("organisations.set_activity", organisation, actor=actor, at=at, changes=changes)
    if is_mistake:
        return None
    return Activity.objects.create(
        organisation=organisation,
        country_id=country_id,
        valid_from=valid_from,
        valid_until=valid_until,
        recorded_at=at,
    )
