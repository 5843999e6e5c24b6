"""A list of people for a hotel without numbers of its own: 001, 002, … and who is who stays on its own paper."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from codesign.companies.models import Site
from codesign.training.actions import staff, tiles
from codesign.training.actions.items import ItemResult
from codesign.training.models import StaffMember
from members.scope import Scope
from registry.kernel.errors import Invalid

# Three digits at least; a company's own numbers of five digits and more are none of the list's.
_NUMBERED = r"^[0-9]{3,4}$"
LAST = 9999


@transaction.atomic
def number(
    *, site_id: UUID, count: int, hired_on: date, role: str, actor: Scope, at: datetime, **work: Any
) -> list[tuple[str, ItemResult]]:
    """Register `count` people of a site under the company's next free numbers; (reference, result) of each.

    One count for the whole company, so that somebody who moves to another of its hotels keeps the number.
    Raises Invalid when the numbers end.
    """
    site = Site.objects.visible_to(actor).get(pk=site_id)
    tiles.lock([site.company_id])  # two lists at once must not draw the same numbers
    first = _last_number(site.company_id) + 1
    if first + count - 1 > LAST:
        raise Invalid.at("/count", "too_many", "The numbers end at 9999.")
    references = [f"{n:03}" for n in range(first, first + count)]
    item = {"site": site.pk, "role": role, "hired_on": hired_on, **work}
    items = {index: {**item, "reference": reference} for index, reference in enumerate(references)}
    return list(zip(references, staff.register(items=items, actor=actor, at=at), strict=True))


def _last_number(company: UUID) -> int:
    """The highest number of the company's list, leavers included; 0 without any. One query."""
    numbered = StaffMember.objects.filter(company=company, reference_key__regex=_NUMBERED)
    return max((int(key or 0) for key in numbered.values_list("reference_key", flat=True)), default=0)
