"""A party stays a party when its organisation is merged into another."""

from __future__ import annotations

from members.organisations.relations import register

register("members.AgreementParty", "organisation")
