"""Every resource of the package."""

from codesign.api import (
    company_urls,
    fee_urls,
    figures_urls,
    handover_urls,
    process_urls,
    recognition_urls,
    reminder_urls,
    reporting_urls,
    roster_urls,
    standing_urls,
    training_urls,
    worklist_urls,
)
from registry.kernel.api.routers import Router

router = Router()
for area in (
    company_urls,
    fee_urls,
    standing_urls,
    process_urls,
    reporting_urls,
    training_urls,
    recognition_urls,
    roster_urls,
    reminder_urls,
    figures_urls,
    handover_urls,
    worklist_urls,
):
    area.add_to(router)
