"""Reporting channels go with whoever runs them when it is merged into another."""

from __future__ import annotations

from members.organisations.relations import register

register("members.ReportingChannel", "organisation")
