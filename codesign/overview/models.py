"""Kept rows of the company list, and the log of what makes them stale."""

from __future__ import annotations

from django.db import models

from codesign.reporting.lifecycle import ReportState
from codesign.standing.rules import Standing

__all__ = ["CompanyOverview"]


class CompanyOverview(models.Model):
    """Derived: one company as lists show it on the day `counted_on`, and the figures by which lists are filtered.

    Written by `actions.refresh` alone. It counts only while nothing in `CompanyTouch` names the company.
    """

    company = models.OneToOneField(
        "codesign.Company", models.CASCADE, primary_key=True, related_name="overview", db_constraint=False
    )
    counted_on = models.DateField()
    standing = models.CharField(max_length=30, choices=Standing, null=True)
    latest_report_state = models.CharField(max_length=10, choices=ReportState, null=True)
    training_share = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    shown = models.TextField(help_text="JSON of the row.")
    shown_as = models.CharField(max_length=16, help_text="Mark of the declaration by which it was made.")
