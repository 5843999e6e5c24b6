"""Fixtures of the whole suite: a fixed clock, the countries, and one client per role."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.core.cache import cache

from tests.api_client import ApiClient

AT = datetime(2026, 11, 22, 10, tzinfo=UTC)
REPRESENTATIVES = {"BE": "ECPAT Belgium", "NL": "Defence for Children – ECPAT Netherlands"}


@pytest.fixture
def at() -> datetime:
    """The moment of every test."""
    return AT


@pytest.fixture
def day() -> date:
    """The day of every test."""
    return AT.date()


@pytest.fixture(autouse=True)
def _fixed_clock() -> Iterator[None]:
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    cache.clear()


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_modify_db_settings: None, django_db_blocker: Any
) -> Iterator[None]:
    """A test database of this process, with the reference list of countries."""
    from members.countries.actions import load_countries
    from tests.template import copied_database

    with django_db_blocker.unblock(), copied_database():
        load_countries()
        yield


@pytest.fixture(autouse=True)
def _countries_again(request: pytest.FixtureRequest) -> None:
    """A test with real transactions ends by emptying every table: the next one fills the countries in."""
    marker = request.node.get_closest_marker("django_db")
    transactional = bool(marker and marker.kwargs.get("transaction")) or "transactional_db" in request.fixturenames
    if transactional:
        from members.countries.actions import load_countries

        request.getfixturevalue("transactional_db")
        load_countries()


@pytest.fixture
def client_for(db: None) -> Callable[..., ApiClient]:
    """Makes the client of one role: `client_for("lcr", country="BE")`, `client_for(role, organisation=…)`.

    The client knows its `user` and its `organisation`, which is a new one where the role needs one.
    """
    return _client_for


def _client_for(
    role: str, *, organisation: Any = None, country: str | None = None, site: Any = None, scopes: Any = None
) -> ApiClient:
    from members.access.rules import ROLES_WITHOUT_ORGANISATION, TREE_ROLES
    from members.scope import Role
    from tests.factories.access import make_grant, make_token, make_user
    from tests.factories.organisations import make_organisation

    role = Role(role)
    if role is Role.PUBLIC:
        return ApiClient()
    if role is Role.LCR:
        organisation = _representative(organisation, country or "BE")
    elif organisation is None and role not in ROLES_WITHOUT_ORGANISATION:
        kind = "company" if role in TREE_ROLES else "ngo"
        organisation = make_organisation(kind=kind, country_id=country or "BE")
    # A company is an organisation one-to-one: its key is the organisation's.
    organisation_id = getattr(organisation, "pk", organisation)
    grant = make_grant(
        user=make_user(),
        role=role,
        organisation_id=organisation_id,
        countries=[country] if role is Role.LCR and country else [],
        site_ids=[str(getattr(site, "pk", site))] if site else [],
    )
    token, text = make_token(user=grant.user, grant=grant, **({"scopes": scopes} if scopes else {}))
    client = ApiClient(text)
    client.user, client.organisation, client.grant, client.token_row = grant.user, organisation, grant, token
    return client


def _representative(organisation: Any, country: str) -> Any:
    """The organisation whose confirmed mandate covers `country`; made with it where there is none."""
    from members.network.lifecycle import MandateState
    from members.network.models import Mandate
    from tests.factories.organisations import make_organisation

    mandates = Mandate.objects.confirmed_on(AT.date()).filter(country_id=country)
    if organisation is not None:
        mandates = mandates.filter(organisation_id=getattr(organisation, "pk", organisation))
    if mandate := mandates.select_related("organisation").first():
        return mandate.organisation
    if organisation is None:
        organisation = make_organisation(name=REPRESENTATIVES.get(country, f"LCR {country}"), country_id=country)
    Mandate.objects.create(
        organisation_id=getattr(organisation, "pk", organisation),
        country_id=country,
        state=MandateState.CONFIRMED,
        valid_from=date(2017, 1, 1),
        confirmed_at=AT,
        created_at=AT,
    )
    return organisation


@pytest.fixture
def anonymous(db: None) -> ApiClient:
    """The public."""
    return ApiClient()


@pytest.fixture
def secretariat(client_for: Callable[..., ApiClient]) -> ApiClient:
    """An officer of the secretariat."""
    return client_for("secretariat")


@pytest.fixture
def auditor(client_for: Callable[..., ApiClient]) -> ApiClient:
    """An auditor."""
    return client_for("auditor")


@pytest.fixture
def evaluator(client_for: Callable[..., ApiClient]) -> ApiClient:
    """A reader of totals."""
    return client_for("evaluator")


@pytest.fixture
def lcr_be(client_for: Callable[..., ApiClient]) -> ApiClient:
    """An officer of ECPAT Belgium, whose mandate for Belgium is confirmed."""
    return client_for("lcr", country="BE")


@pytest.fixture
def lcr_nl(client_for: Callable[..., ApiClient]) -> ApiClient:
    """An officer of the representative of the Netherlands."""
    return client_for("lcr", country="NL")
