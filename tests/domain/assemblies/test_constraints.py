"""What the database itself refuses."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError

from members.assemblies.models import Assembly, AssemblyParticipation, CommitteeSeats, CommitteeTerm, Resolution
from tests.factories.assemblies import (
    make_assembly,
    make_member_assembly,
    make_registration,
    make_resolution,
    make_seats,
    make_term,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "values",
    [
        {"voter_count": 3},
        {"entitled_count": 3},
        {"quorum_share": 0},
        {"quorum_share": "1.5"},
        {"starts_earliest": date(2027, 1, 1)},
    ],
)
def test_an_assembly_of_the_network(values):
    assembly = make_assembly()

    with pytest.raises(IntegrityError, match="assembly_"):
        Assembly.objects.filter(pk=assembly.pk).update(**values)


def test_more_voters_than_entitled():
    assembly = make_member_assembly()

    with pytest.raises(IntegrityError, match="assembly_voters_among_entitled"):
        Assembly.objects.filter(pk=assembly.pk).update(voter_count=21)


def test_a_registration_twice(at):
    row = make_registration(assembly=make_assembly())

    with pytest.raises(IntegrityError):
        AssemblyParticipation.objects.create(
            assembly_id=row.assembly_id, organisation_id=row.organisation_id, registered_at=at
        )


def test_one_count_of_votes_without_the_others():
    resolution = make_resolution()

    with pytest.raises(IntegrityError, match="resolution_votes_all_or_none"):
        Resolution.objects.filter(pk=resolution.pk).update(votes_for=1)


def test_two_open_rows_of_seats_for_a_region(at):
    make_seats()

    with pytest.raises(IntegrityError):
        CommitteeSeats.objects.create(region_id="europe", seat_count=3, recorded_at=at)


def test_a_term_that_ends_before_it_begins():
    make_seats()
    term = make_term()

    with pytest.raises(IntegrityError, match="committee_term_in_order"):
        CommitteeTerm.objects.filter(pk=term.pk).update(ends_on=date(2024, 12, 31))
