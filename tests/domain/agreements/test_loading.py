"""The agreements that public sources name, from their file."""

from __future__ import annotations

from datetime import date

import pytest

from members.agreements.models import Agreement, AgreementParty
from members.management.loading import NetworkLoad
from members.organisations.models import Organisation

pytestmark = pytest.mark.django_db


def test_each_is_recorded_once_with_what_is_known_of_its_day(at):
    NetworkLoad(at=at).run()
    counts = NetworkLoad(at=at).run()

    assert (counts["agreements", "created"], counts["agreements", "unchanged"]) == (0, 5)
    columns = ("title", "kind", "state", "starts_on", "ends_on")
    assert list(Agreement.objects.order_by("title").values_list(*columns)) == [
        ("ECPAT International – Internet Watch Foundation", "memorandum", "signed", "--01-22", ""),
        ("The Code – GSTC", "unknown", "signed", "2019", ""),
        ("The Code – PATA", "unknown", "signed", "2014", ""),
        ("The Code – Skål", "unknown", "signed", "2017/2018", ""),
        ("The Code – TourCert", "unknown", "signed", "2017/2018", ""),
    ]
    assert set(Agreement.objects.values_list("source", "confidence")) == {
        ("domain facts: thecode.org AGM 2018; ECPAT news", "sourced")
    }


def test_no_source_proves_that_any_was_in_force(at):
    NetworkLoad(at=at).run()

    assert not Agreement.objects.on(date(2019, 6, 1)).exists()
    assert Agreement.objects.possibly_on(date(2016, 6, 1)).count() == 2
    assert Agreement.objects.possibly_on(date(2019, 6, 1)).count() == 5


def test_the_parties_are_the_organisations_that_are_there_already(at):
    NetworkLoad(at=at).run()

    assert Organisation.objects.filter(name="Internet Watch Foundation").count() == 1
    assert AgreementParty.objects.filter(organisation__name="The Code").count() == 4
    assert not AgreementParty.objects.exclude(signed_on="").exists()
