"""Assemblies, registrations and terms go with their organisation when it is merged into another."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef

from members.assemblies.models import AssemblyParticipation, CommitteeTerm
from members.organisations.relations import register
from members.organisations.undoing import Journal


def _same_assembly_once(journal: Journal) -> None:
    """One body that registered under two names came once."""
    theirs = AssemblyParticipation.objects.filter(organisation=journal.target, assembly=OuterRef("assembly"))
    for row in AssemblyParticipation.objects.filter(Exists(theirs), organisation=journal.source).order_by("pk"):
        journal.delete(row)


def _two_seats_at_once(source: UUID, target: UUID) -> list[dict[str, Any]]:
    """One body holds one seat at a time."""
    # Terms of one organisation are a handful.
    keys = [
        str(term.pk)
        for term in CommitteeTerm.objects.filter(organisation=source).order_by("pk")
        if CommitteeTerm.objects.sharing_a_day(term.starts_on, term.ends_on).filter(organisation=target).exists()
    ]
    return [{"relation": "members.CommitteeTerm.organisation", "code": "two_seats", "rows": keys}] if keys else []


register("members.Assembly", "organisation")
register(
    "members.AssemblyParticipation",
    "organisation",
    prepare=_same_assembly_once,
    ignored=frozenset({"assembly_participation_once"}),
)
register(
    "members.CommitteeTerm",
    "organisation",
    conflicts=_two_seats_at_once,
    ignored=frozenset({"committee_term_one_open"}),
)
