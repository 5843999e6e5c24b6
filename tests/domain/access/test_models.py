"""What the database itself refuses."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from members.access.models import Grant, User
from members.scope import Role
from tests.factories.access import make_grant, make_token, make_user

pytestmark = pytest.mark.django_db

WITHOUT = {"secretariat", "auditor", "evaluator", "applicant"}


def refused(action) -> bool:
    try:
        with transaction.atomic():
            action()
    except IntegrityError:
        return True
    return False


@pytest.mark.parametrize("role", sorted(Role))
def test_only_roles_of_the_network_go_without_an_organisation(role):
    user = make_user()

    result = refused(lambda: make_grant(user=user, role=role, organisation=None))

    assert result is (role not in WITHOUT)
    assert Grant.objects.count() == int(role in WITHOUT)


def test_an_unknown_role_and_a_period_backwards_are_no_rows():
    user = make_user()

    assert refused(lambda: make_grant(user=user, role="emperor", organisation=None))
    assert refused(lambda: make_grant(user=user, valid_until=date(2025, 12, 31)))
    assert Grant.objects.count() == 0


def test_one_login_per_address_whatever_its_case():
    make_user(email="Somebody@Office.example")

    assert User.objects.get().email == "somebody@office.example"
    assert User.objects.get_by_natural_key("SOMEBODY@office.EXAMPLE").email == "somebody@office.example"
    assert refused(lambda: make_user(email="SOMEBODY@OFFICE.EXAMPLE"))
    assert refused(lambda: User.objects.update(email="Somebody@office.example"))


def test_prefixes_are_unique():
    token, _text = make_token()

    assert refused(lambda: make_token(user=token.user, prefix=token.prefix))


def test_how_rows_are_called_gives_no_secret_and_no_address():
    token, text = make_token()

    assert str(token) == f"cr_{token.prefix}_…"
    assert "@" not in str(token.user)
    assert text not in repr(token)
