"""The scope that follows from grants, mandates, trees and tokens."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from members.access.scopes import TokenRefused, bearer, public_scope, scope_of
from members.network.lifecycle import MandateState
from members.network.models import Mandate
from members.organisations.models import Parentage
from members.scope import PUBLIC_HAT, Hat, Role
from tests.factories.access import make_grant, make_token, make_user
from tests.factories.organisations import make_organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def scope(at, day):
    return lambda user, **more: scope_of(user, **{"at": at, "day": day, **more})


def mandate(organisation, country, at, **overrides):
    fields = {"state": MandateState.CONFIRMED, "confirmed_at": at, "valid_from": date(2017, 1, 1), "created_at": at}
    return Mandate.objects.create(organisation=organisation, country_id=country, **{**fields, **overrides})


def test_the_public_wears_the_public_hat_alone(day):
    scope = public_scope(day=day, request_id="r")

    assert (scope.user_id, scope.hats, scope.request_id, scope.label) == (None, (PUBLIC_HAT,), "r", "public")


def test_a_user_without_grants_is_the_public_with_a_name(scope):
    user = make_user()

    result = scope(user)

    assert (result.user_id, result.hats, result.label) == (user.pk, (PUBLIC_HAT,), "user")


@pytest.mark.parametrize(
    "overrides",
    [{"valid_from": date(2026, 11, 23)}, {"valid_until": date(2026, 11, 21)}],
    ids=["not yet", "no longer"],
)
def test_a_grant_counts_within_its_period_only(scope, overrides):
    grant = make_grant(**overrides)

    assert scope(grant.user).roles == {Role.PUBLIC}


def test_a_revoked_grant_counts_no_more(scope, at):
    grant = make_grant(revoked_at=at)

    assert scope(grant.user).roles == {Role.PUBLIC}


def test_an_inactive_user_wears_no_hat(scope):
    grant = make_grant(user=make_user(is_active=False))

    assert scope(grant.user).hats == ()


@pytest.mark.parametrize("overrides", [{"revoked_at": True}, {"expires_at": True}], ids=["revoked", "expired"])
def test_a_dead_token_gives_no_hat(scope, at, overrides):
    token, _text = make_token(**dict.fromkeys(overrides, at))

    assert scope(token.user, token=token).hats == ()


def test_a_company_role_reaches_the_whole_tree_of_the_day(scope, at):
    group, hotel, sold = (make_organisation(name=name) for name in ("Group (DEMO)", "Hotel (DEMO)", "Sold (DEMO)"))
    foreign = make_organisation(name="Foreign (DEMO)")
    Parentage.objects.create(parent=group, child=hotel, valid_from=date(2020, 1, 1), recorded_at=at)
    Parentage.objects.create(
        parent=group, child=sold, valid_from=date(2020, 1, 1), valid_until=date(2026, 1, 1), recorded_at=at
    )
    grant = make_grant(role=Role.COMPANY_VIEWER, organisation=group)

    result = scope(grant.user)

    assert result.organisations(Role.COMPANY_VIEWER) == {group.pk, hotel.pk}
    assert not result.belongs_to(foreign.pk)
    assert result.label == "company_viewer (Group (DEMO))"


def test_roles_in_two_trees_do_not_mix(scope):
    edited, viewed = make_organisation(name="Edited (DEMO)"), make_organisation(name="Viewed (DEMO)")
    user = make_user()
    make_grant(user=user, role=Role.COMPANY_EDITOR, organisation=edited)
    make_grant(user=user, role=Role.COMPANY_VIEWER, organisation=viewed)

    result = scope(user)

    assert result.organisations(Role.COMPANY_EDITOR) == {edited.pk}
    assert result.organisations(Role.COMPANY_VIEWER) == {viewed.pk}


def test_a_site_editor_holds_its_sites_inside_its_own_tree(scope):
    site_id = uuid4()
    grant = make_grant(role=Role.SITE_EDITOR, site_ids=[str(site_id)])

    result = scope(grant.user)

    assert result.sites == {site_id}
    assert result.organisations(Role.SITE_EDITOR) == {grant.organisation_id}
    assert result.organisations(Role.COMPANY_EDITOR, Role.COMPANY_VIEWER) == frozenset()


def test_a_representative_has_the_countries_of_its_confirmed_mandates(scope, at):
    organisation = make_organisation(name="ECPAT Belgium")
    mandate(organisation, "BE", at)
    mandate(organisation, "LU", at, state=MandateState.RECORDED, confirmed_at=None)
    mandate(organisation, "FR", at, valid_until=date(2026, 11, 21))
    mandate(make_organisation(name="Another"), "NL", at)
    grant = make_grant(role=Role.LCR, organisation=organisation)

    assert scope(grant.user).countries == {"BE"}


def test_a_grant_narrows_a_mandate_and_never_widens_it(scope, at):
    organisation = make_organisation()
    mandate(organisation, "BE", at)
    mandate(organisation, "LU", at)
    grant = make_grant(role=Role.LCR, organisation=organisation, countries=["LU", "NL"])

    assert scope(grant.user).countries == {"LU"}


def test_without_a_confirmed_mandate_the_role_opens_nothing_but_still_binds(scope, at):
    organisation = make_organisation()
    mandate(organisation, "BE", at, state=MandateState.RECORDED, confirmed_at=None)
    grant = make_grant(role=Role.LCR, organisation=organisation)

    result = scope(grant.user)

    assert (result.roles, result.countries, result.organisations()) == ({Role.PUBLIC}, frozenset(), frozenset())
    assert result.belongs_to(organisation.pk)


def test_a_token_bound_to_a_grant_uses_that_grant_alone(scope):
    user = make_user()
    make_grant(user=user, role=Role.SECRETARIAT)
    audit = make_grant(user=user, role=Role.AUDITOR)
    token, _text = make_token(user=user, grant=audit, scopes=["read"])

    result = scope(user, token=token)

    assert result.hats == (Hat(role=Role.AUDITOR), PUBLIC_HAT)
    assert (result.token_id, result.token_scopes) == (token.pk, {"read"})


def test_a_token_finds_user_and_grants_in_one_query(at, scope, django_assert_num_queries):
    user = make_user()
    for role in (Role.SECRETARIAT, Role.AUDITOR):
        make_grant(user=user, role=role)
    make_grant(user=user, role=Role.EVALUATOR, revoked_at=at)
    token, text = make_token(user=user)

    with django_assert_num_queries(1):
        found, held = bearer(text, now=at)
        result = scope(found.user, token=found, held=held)

    assert (found, found.user) == (token, user)
    assert result.roles == {Role.SECRETARIAT, Role.AUDITOR, Role.PUBLIC}


@pytest.mark.parametrize(("role", "queries"), [(Role.LCR, 1), (Role.COMPANY_EDITOR, 2), (Role.STOP_PARTNER, 1)])
def test_the_number_of_queries_does_not_grow_with_the_grants(at, scope, django_assert_num_queries, role, queries):
    user = make_user()
    for _ in range(5):
        organisation = make_organisation()
        make_grant(user=user, role=role, organisation=organisation)
    _token, text = make_token(user=user)

    with django_assert_num_queries(queries):
        found, held = bearer(text, now=at)
        scope(found.user, token=found, held=held)


def test_a_token_of_a_user_without_grants_is_still_a_login(at):
    token, text = make_token(user=make_user())

    assert bearer(text, now=at) == (token, ())


@pytest.mark.parametrize(
    ("overrides", "code"),
    [
        ({"revoked": True}, "token_revoked"),
        ({"expired": True}, "token_expired"),
        ({"inactive": True}, "user_inactive"),
    ],
)
def test_a_token_that_no_longer_counts_says_why(at, overrides, code):
    token, text = make_token(
        revoked_at=at if "revoked" in overrides else None,
        expires_at=at if "expired" in overrides else at + timedelta(seconds=1),
        user=make_user(is_active="inactive" not in overrides),
    )
    assert token.user_id

    with pytest.raises(TokenRefused, match=code):
        bearer(text, now=at)


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text[:-1] + ("A" if text[-1] != "A" else "B"),
        lambda text: text + "A",
        lambda text: text[:-1] + "\0",
        lambda text: text[:-1] + "é",
        lambda text: "x" * 100_000,
        lambda text: "",
        lambda text: text.replace("cr_", "cs_"),
        lambda text: f"cr_{'0' * 12}_{text.rsplit('_', 1)[-1].rjust(43, 'A')[:43]}",
    ],
)
def test_anything_but_the_very_token_opens_nothing(at, damage):
    _token, text = make_token()

    with pytest.raises(TokenRefused, match="invalid_token"):
        bearer(damage(text), now=at)


def test_what_is_kept_of_a_token_does_not_contain_its_secret():
    token, text = make_token()
    token.refresh_from_db()
    secret = text.split("_", 2)[2]

    kept = [str(getattr(token, field.attname)) for field in token._meta.concrete_fields]

    assert len(secret) == 43
    assert not any(secret in value for value in kept)
    assert len(token.secret_hash) == 64
    assert isinstance(token.pk, UUID)
