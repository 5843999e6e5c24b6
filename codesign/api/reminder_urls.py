"""The resources of reminders."""

from __future__ import annotations

from codesign.api.reminder_mail_views import (
    CalendarFeedViews,
    ClosedPeriodViews,
    DeadLetterViews,
    ReminderMailViews,
)
from codesign.api.reminder_queue_views import OccurrenceViews
from codesign.api.reminder_rule_views import ReminderRuleViews
from codesign.api.reminder_views import ReminderViews
from registry.kernel.api.routers import Router


def add_to(router: Router) -> None:
    """Add them to the package's router."""
    for views in (
        ReminderRuleViews,
        OccurrenceViews,
        ReminderMailViews,
        CalendarFeedViews,
        ClosedPeriodViews,
        DeadLetterViews,
        ReminderViews,
    ):
        router.add(views)
