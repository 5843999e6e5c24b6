"""What a company pays less goes with it when its organisation is merged into another."""

from __future__ import annotations

from members.organisations.relations import register

register("codesign.CompanyReduction", "company")
