"""Memberships, mandates, partners and channels: what each row would do."""

from __future__ import annotations

from datetime import date

import pytest

from members.imports.models import ImportRow
from members.network.models import NetworkMembership
from tests.factories.network import (
    make_applicant,
    make_channel,
    make_group,
    make_mandate,
    make_network_membership,
    make_participation,
)
from tests.factories.organisations import make_organisation

pytestmark = pytest.mark.django_db
NAME = "Réseau Importé (DEMO)"


@pytest.fixture
def organisation():
    """An organisation of Belgium."""
    return make_organisation(name=NAME)


MEMBER = {"organisation": NAME, "country": "BE", "region": "Europe", "kind": "full", "since": "2010"}


@pytest.mark.parametrize(
    ("cells", "label"),
    [
        ({"since_basis": "joined"}, ("match",)),
        ({"since": ""}, ("match",)),
        ({"region": "americas"}, ("update",)),
        ({"confidence": "sourced_inferred", "source": "https://source.example/"}, ("update",)),
        ({"since": "2011"}, ("conflict", "since differs")),
        ({"kind": "affiliate", "since_basis": "founded"}, ("conflict", "kind differs", "since_basis differs")),
        ({"since": "2001", "until": "2005"}, ("create",)),
        ({"since": "2005", "until": "2001"}, ("error", "until before_start")),
        ({"region": ""}, ("error", "region required")),
        ({"organisation": ""}, ("error", "organisation required")),
    ],
)
def test_a_membership_that_is_there(labels, organisation, cells, label):
    make_network_membership(organisation=organisation, source="s")

    assert labels("network-memberships", {**MEMBER, **cells}) == [label]


def test_a_membership_of_a_new_organisation_brings_the_organisation_along(labels):
    assert labels("network-memberships", MEMBER, {**MEMBER, "until": "2014"}) == [
        ("create",),
        ("conflict", "membership_exists"),
    ]


def test_who_has_applied_is_not_recorded_beside(labels, organisation):
    make_applicant(organisation=organisation)

    assert labels("network-memberships", MEMBER) == [("conflict", "organisation membership_exists")]


def test_a_record_that_was_declined_does_not_come_back(labels, organisation):
    make_network_membership(organisation=organisation, state="declined", valid_until=date(2026, 1, 1))

    assert labels("network-memberships", MEMBER) == [("conflict", "organisation membership_exists")]


def test_an_id_and_another_organisation_are_a_conflict(labels, organisation):
    row = {"id": str(make_network_membership().pk), **MEMBER}

    assert labels("network-memberships", row) == [("conflict", "organisation differs")]


def test_an_id_that_is_none_of_the_register(labels, organisation):
    assert labels("network-memberships", {"id": str(organisation.pk), **MEMBER}) == [("error", "id unknown_id")]


MANDATE = {"organisation": NAME, "country": "BE", "since": "2017"}


@pytest.mark.parametrize(
    ("cells", "label"),
    [
        ({}, ("match",)),
        ({"since": "2018"}, ("conflict", "since differs")),
        ({"country": "LU", "organisation_country": "BE"}, ("create",)),
        ({"country": "LU"}, ("create",)),
        ({"country": ""}, ("error", "country required")),
    ],
)
def test_a_mandate(labels, organisation, cells, label):
    make_mandate(organisation=organisation, since="2017", state="confirmed")

    assert labels("mandates", {**MANDATE, **cells}) == [label]


@pytest.mark.parametrize(
    ("cells", "label"),
    [
        ({}, ("match",)),
        ({"valid_until": "2025-12-31"}, ("update",)),
        ({"valid_until": "2019-12-31"}, ("create",)),
        ({"role": "supporter"}, ("conflict", "role differs")),
        ({"role": "linked_channel"}, ("error", "role no_participant")),
        ({"group": "nobody"}, ("error", "group unknown_group")),
        ({"organisation": "Inconnu"}, ("error", "organisation unknown_organisation")),
        ({"organisation": "Inconnu", "organisation_kind": "ministry"}, ("create",)),
        ({"organisation": "Inconnu", "organisation_kind": "ministry", "role": "coordinator"}, ("create",)),
        ({"valid_from": "31/12/2020"}, ("error", "valid_from invalid_date")),
    ],
)
def test_a_partner(labels, organisation, cells, label):
    group = make_group(code="groupe-importe")
    make_participation(group=group, organisation=organisation, valid_from=date(2020, 1, 1))
    row = {"organisation": NAME, "country": "BE", "group": "groupe-importe", "role": "partner", **cells}

    assert labels("group-participations", row) == [label]


def test_two_coordinators_of_one_table_are_a_conflict(labels):
    make_group(code="groupe-importe")
    rows = (
        {"organisation": name, "organisation_kind": "ngo", "group": "groupe-importe", "role": "coordinator"}
        for name in ("Un", "Deux")
    )

    assert labels("group-participations", *rows) == [("create",), ("conflict", "coordinator_exists")]


CHANNEL = {"name": "Ligne Importée", "kind": "hotline", "about": "online", "contact": "https://ligne.example/"}


@pytest.mark.parametrize(
    ("cells", "label"),
    [
        ({}, ("match",)),
        ({"contact": "tel:116111", "languages": "fr; nl"}, ("update",)),
        ({"country": "BE"}, ("update",)),
        ({"country": "BE", "is_eu_wide": "true"}, ("error", "country country_and_union")),
        ({"checked_on": "2026-01-01"}, ("conflict", "checked_on differs")),
        ({"contact": "ligne"}, ("error", "contact invalid_contact")),
        ({"name": "Ligne Neuve"}, ("create",)),
        ({"name": "Ligne Neuve", "checked_on": "2027-01-01"}, ("error", "checked_on in_future")),
        ({"organisation": NAME, "organisation_country": "BE"}, ("update",)),
        ({"organisation": "Inconnu"}, ("error", "organisation unknown_organisation")),
        ({"organisation": "Inconnu", "organisation_kind": "ngo"}, ("update",)),
    ],
)
def test_a_channel(labels, organisation, cells, label):
    make_channel(name="Ligne Importée", kind="hotline", about="online", url="https://ligne.example/", checked_on=None)

    assert labels("reporting-channels", {**CHANNEL, **cells}) == [label]


@pytest.mark.parametrize(("since", "uncertain"), [("sourced", False), ("", False), ("sourced_inferred", True)])
def test_a_doubtful_source_marks_the_row(labels, since: str, uncertain: bool):
    labels("network-memberships", {**MEMBER, "confidence": since})

    assert ImportRow.objects.get().is_uncertain is uncertain
    assert NetworkMembership.objects.count() == 0
