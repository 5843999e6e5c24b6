"""The import of signatories that public sources name."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command

from codesign.companies.actions import record_signatory
from codesign.companies.models import CodeMembership, Company
from codesign.companies.reference import category_of, signatories
from members.organisations.models import Organisation
from registry.kernel.audit.models import AuditEvent
from tests.factories.companies import make_membership, make_scope

pytestmark = pytest.mark.django_db
VALUES = {"name": "Hôtel Fictif", "country_id": "BE", "category": "hotel", "since": "2014", "source": "a page"}


def load() -> list[str]:
    out = StringIO()
    call_command("load_signatories", stdout=out)
    return out.getvalue().splitlines()


def test_the_file_is_entered_once_and_says_what_it_leaves_out():
    first, second = load(), load()

    left_out = [
        "CO002 Steigenberger Wiltcher's Brussels: left out, staff were trained; a signature was not seen",
        "CO003 TUI Belgium: left out, a campaign partner; its own signature was not seen",
    ]
    assert first == [*left_out, "signatories: 110 new, 0 known"]
    assert second == [*left_out, "signatories: 0 new, 110 known"]
    assert (Company.objects.count(), CodeMembership.objects.count(), Organisation.objects.count()) == (110, 110, 110)
    assert set(CodeMembership.objects.values_list("state", "number", "member_since")) == {("recorded", None, None)}


def test_a_signatory_keeps_year_source_and_confidence():
    load()

    accor = CodeMembership.objects.get(company__organisation__name="Accor Belgium")
    assert (accor.since, accor.since_basis, accor.status_seen) == ("2014", "signed (19 Nov 2014)", "member")
    assert (accor.confidence, accor.source) == ("sourced", "https://ecpat.be/accor-belgique-signe-le-code/ (2014)")
    assert accor.company.category == "hotel_chain"


def test_associations_are_entered_as_such_and_counted_apart():
    load()

    associations = Company.objects.filter(category="association")
    assert associations.count() == 10
    assert set(associations.values_list("organisation__kind", flat=True)) == {"federation"}
    assert CodeMembership.objects.of_companies().count() == 100


def test_two_spellings_in_one_country_are_one_company_and_another_country_is_another(at):
    actor = make_scope()
    assert record_signatory(**VALUES, actor=actor, at=at) is not None

    assert record_signatory(**{**VALUES, "name": "HOTEL FICTIF"}, actor=actor, at=at) is None
    assert record_signatory(**{**VALUES, "country_id": "FR"}, actor=actor, at=at) is not None

    assert set(Company.objects.values_list("organisation__country_id", flat=True)) == {"BE", "FR"}


def test_a_company_that_applied_is_not_recorded_over(at):
    membership = make_membership(state="submitted")
    name = membership.company.organisation.name
    events = AuditEvent.objects.count()

    assert record_signatory(**{**VALUES, "name": name}, actor=make_scope(), at=at) is None

    assert list(CodeMembership.objects.values_list("state", flat=True)) == ["submitted"]
    assert AuditEvent.objects.count() == events


def test_every_category_of_the_file_has_a_word_of_ours():
    words = {"timeshare": "other", "airline_group": "airline", "hotel": "hotel", "ride_hailing": "transport"}

    assert {word: category_of(word).value for word in words} == words
    assert len(list(signatories())) == 112
