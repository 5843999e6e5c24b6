"""A former representative's ended mandates are spans of its hat; they give it nothing else."""

from __future__ import annotations

from datetime import date

import pytest

from members.access.scopes import scope_of
from members.scope import CountrySpan, Role
from tests.factories.access import make_grant
from tests.factories.network import make_mandate
from tests.factories.organisations import make_organisation

pytestmark = pytest.mark.django_db
SPAN = CountrySpan(country="BE", first=date(2017, 1, 1), last=date(2026, 11, 21), zone="Europe/Brussels")


@pytest.fixture
def organisation():
    organisation = make_organisation()
    make_mandate(organisation=organisation, state="confirmed", valid_until=date(2026, 11, 21))
    make_mandate(organisation=organisation, country_id="FR")
    make_mandate(organisation=organisation, country_id="LU", state="confirmed", valid_from=date(2027, 1, 1))
    return organisation


def scope(organisation, at, day, **grant):
    return scope_of(make_grant(role=Role.LCR, organisation=organisation, **grant).user, at=at, day=day)


def test_an_ended_mandate_is_a_span_without_countries_and_organisations(organisation, at, day):
    result = scope(organisation, at, day)

    assert (result.countries, result.organisations()) == (frozenset(), frozenset())
    assert {hat.spans for hat in result.hats if hat.role is Role.LCR} == {(SPAN,)}
    assert result.belongs_to(organisation.pk)
    days = (date(2016, 12, 31), date(2017, 1, 1), date(2026, 11, 21), date(2026, 11, 22))
    assert [result.spans_on(one) for one in days] == [(), (SPAN,), (SPAN,), ()]


def test_a_country_that_is_covered_again_is_read_as_ever(organisation, at, day):
    make_mandate(organisation=organisation, state="confirmed", valid_from=day)

    result = scope(organisation, at, day)

    assert (result.countries, result.spans_on(date(2020, 1, 1))) == ({"BE"}, ())


def test_a_grant_for_other_countries_reads_nothing_back(organisation, at, day):
    result = scope(organisation, at, day, countries=["FR"])

    assert (result.roles, result.spans_on(date(2020, 1, 1))) == ({Role.PUBLIC}, ())


def test_spans_cost_no_query_of_their_own(organisation, at, day, django_assert_num_queries):
    user = make_grant(role=Role.LCR, organisation=organisation).user

    with django_assert_num_queries(1):
        scope_of(user, at=at, day=day)


def test_a_mandate_whose_start_nobody_knows_opens_nothing(at, day):
    organisation = make_organisation()
    make_mandate(organisation=organisation, state="ended", confirmed_at=at, valid_from=None, valid_until=day)

    assert scope(organisation, at, day).roles == {Role.PUBLIC}
