"""Kept figures when an organisation is merged into another."""

from __future__ import annotations

from members.organisations.relations import register

# Derived: those of the source go with its company, those of the target are counted anew.
register("codesign.CompanyOverview", "company", stays=True)
