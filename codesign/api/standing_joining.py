"""Waivers over HTTP."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet

from codesign.api import standing_bodies as bodies
from codesign.api import standing_rows as shown
from codesign.companies.models import CodeMembership
from codesign.fees.models import Waiver
from codesign.standing import actions
from registry.kernel.api.calls import Call
from registry.kernel.api.views import ListRows, ReadRow, ResourceViews, command


class WaiverViews(ListRows, ReadRow, ResourceViews):
    """Fees that were let off."""

    resource = "waivers"
    tag = "Fees"
    row = shown.WaiverRow
    orderings = {"granted_on": "granted_on"}
    dated = False
    version_column = None

    def rows(self, scope: Any, *, on: date) -> QuerySet:
        return Waiver.objects.filter(membership__in=CodeMembership.objects.visible_to(scope))

    @command(
        body=bodies.WaiverBody,
        summary="Let a year's fee off",
        errors=(403, 409),
        example={"membership": "0193a000-0000-7000-8000-000000000003", "year": 2026, "reason": "pilot_country"},
    )
    def create(self, call: Call) -> Waiver:
        """Counts as payment of that year."""
        data = dict(call.data)
        return actions.record_waiver(reason_code=data.pop("reason"), **data, actor=call.scope, at=call.at)
