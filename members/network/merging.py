"""Memberships, participations and mandates go with their organisation when it is merged into another."""

from __future__ import annotations

from members.organisations.relations import register

register("members.NetworkMembership", "organisation")
register("members.GroupParticipation", "organisation")
register("members.Mandate", "organisation")
