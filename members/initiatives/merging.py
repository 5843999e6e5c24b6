"""Parts in initiatives and trainings go with their organisation when it is merged into another."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from members.initiatives.models import InitiativeParticipant, TrainingPartner
from members.organisations.relations import register
from members.organisations.undoing import Journal


def _same_role_once(journal: Journal) -> None:
    """What both are to one initiative, one organisation is once."""
    held = InitiativeParticipant.objects.filter(organisation=journal.target)
    twin = Exists(held.filter(initiative=OuterRef("initiative"), role=OuterRef("role")))
    for row in InitiativeParticipant.objects.filter(twin, organisation=journal.source).order_by("pk"):
        journal.delete(row)


def _same_training_once(journal: Journal) -> None:
    """A training with both was a training with one."""
    held = Exists(TrainingPartner.objects.filter(organisation=journal.target, training=OuterRef("training")))
    for row in TrainingPartner.objects.filter(held, organisation=journal.source).order_by("pk"):
        journal.delete(row)


register(
    "members.InitiativeParticipant",
    "organisation",
    prepare=_same_role_once,
    ignored=frozenset({"initiative_participant_once"}),
)
register("members.TrainingGiven", "given_by")
register(
    "members.TrainingPartner",
    "organisation",
    prepare=_same_training_once,
    ignored=frozenset({"training_partner_once"}),
)
