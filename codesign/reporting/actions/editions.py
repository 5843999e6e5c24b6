"""Publish the indicators of a year: an edition is a copy, so later corrections change nothing that was read."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from codesign.reporting.editions import live_cells
from codesign.reporting.free_text import suspicion_in
from codesign.reporting.models import Contribution, IndicatorCell, IndicatorEdition, ReportingYear
from registry.kernel.audit.actions import record
from registry.kernel.audit.actor import Actor
from registry.kernel.errors import Invalid, NotFound, Refused

BATCH = 2000


@transaction.atomic
def publish_indicators(*, year: int, reason: str = "", actor: Actor, at: datetime) -> IndicatorEdition:
    """Freeze the indicators of a year as they are now; a second edition says why. Raises Invalid, NotFound, Refused."""
    row = ReportingYear.objects.select_for_update().filter(year=year).first()
    if row is None:
        raise NotFound("There is no such reporting year.")
    number = row.editions.count() + 1
    if number > 1 and not reason.strip():
        raise Invalid.at("/reason", "required", "Say why there is another edition.")
    if suspicion := suspicion_in(reason):
        raise Invalid.at("/reason", suspicion.code, suspicion.message)
    contributions = Contribution.objects.filter(reporting_year=row)
    if not contributions.exists():
        raise Refused("No report of this year was accepted yet.", code="nothing_to_publish")
    edition = IndicatorEdition.objects.create(
        reporting_year=row,
        number=number,
        reason=reason.strip(),
        published_at=at,
        published_by_label=actor.label,
    )
    cells = (
        IndicatorCell(
            edition=edition,
            country_id=cell["country_id"],
            category=cell["category"],
            criterion_number=cell["criterion_number"],
            indicator_code=cell["indicator_code"],
            is_passed_on=cell["is_passed_on"],
            value=cell["value_sum"],
            part=cell["part_sum"],
            whole=cell["whole_sum"],
            sites_in_scope=cell["scope_sum"],
            sites_answering=cell["answering_sum"],
            weight=cell["weights"],
            answering_weight=cell["answering_weights"],
            companies=cell["companies"],
            companies_answering=cell["companies_answering"],
        )
        for cell in live_cells(contributions)
    )
    IndicatorCell.objects.bulk_create(cells, batch_size=BATCH)
    record("indicators.publish", edition, actor=actor, at=at, changes={"year": [None, year], "number": [None, number]})
    return edition
