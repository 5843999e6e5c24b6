"""Assemblies, registrations and terms go with their organisation when it is merged into another."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from members.assemblies.models import AssemblyParticipation
from members.organisations.relations import register
from members.organisations.undoing import Journal


def _same_assembly_once(journal: Journal) -> None:
    """One body that registered under two names came once."""
    theirs = AssemblyParticipation.objects.filter(organisation=journal.target, assembly=OuterRef("assembly"))
    for row in AssemblyParticipation.objects.filter(Exists(theirs), organisation=journal.source).order_by("pk"):
        journal.delete(row)


register("members.Assembly", "organisation")
register(
    "members.AssemblyParticipation",
    "organisation",
    prepare=_same_assembly_once,
    ignored=frozenset({"assembly_participation_once"}),
)
register("members.CommitteeTerm", "organisation")
