"""Roles and contacts of people go with their organisation when it is merged into another."""

from __future__ import annotations

from members.organisations.relations import register

register("members.PersonRole", "organisation")
register("members.Contact", "organisation")
