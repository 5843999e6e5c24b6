"""What becomes of registrations and seats when two rows turn out to be one body."""

from __future__ import annotations

import pytest

from members.assemblies.models import AssemblyParticipation, CommitteeTerm
from members.organisations import actions
from registry.kernel.audit.actor import SYSTEM
from registry.kernel.errors import Refused
from tests.factories.assemblies import make_assembly, make_registration, make_seats, make_term
from tests.factories.network import make_network_membership
from tests.factories.organisations import make_organisation

pytestmark = pytest.mark.django_db


def test_who_registered_under_two_names_came_once(at):
    assembly, source = make_assembly(), make_organisation()
    target = make_registration(assembly=assembly).organisation
    other = make_assembly()
    for held in (assembly, other):
        AssemblyParticipation.objects.create(assembly=held, organisation=source, registered_at=at)

    actions.merge(organisation_id=source.pk, into_id=target.pk, reason="Two spellings.", actor=SYSTEM, at=at)

    assert set(AssemblyParticipation.objects.values_list("assembly_id", "organisation_id")) == {
        (assembly.pk, target.pk),
        (other.pk, target.pk),
    }
    actions.unmerge(organisation_id=source.pk, actor=SYSTEM, at=at)
    assert AssemblyParticipation.objects.filter(organisation=source).count() == 2


def test_two_seats_at_once_keep_two_rows_apart(at):
    make_seats()
    source, target = make_term().organisation, make_term(organisation=make_network_membership().organisation)
    source.network_memberships.all().delete()

    with pytest.raises(Refused) as refused:
        actions.merge(organisation_id=source.pk, into_id=target.organisation_id, reason="One.", actor=SYSTEM, at=at)

    assert "two_seats" in str(refused.value.details)
    assert CommitteeTerm.objects.filter(organisation=source).count() == 1
