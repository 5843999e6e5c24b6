"""Statements go with their company when its organisation is merged into another."""

from __future__ import annotations

from members.organisations.relations import register

register("codesign.Statement", "company")
