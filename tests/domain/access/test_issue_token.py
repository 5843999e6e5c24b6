"""`manage.py issue_token`: the token and nothing else, or a sentence and exit code 2."""

from __future__ import annotations

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from members.access.models import ApiToken, Grant, User
from members.network.lifecycle import MandateState
from members.network.models import Mandate
from registry.kernel.audit.models import AuditEvent
from tests.api_client import ApiClient
from tests.factories.organisations import make_organisation

pytestmark = pytest.mark.django_db


def issue(*arguments: str) -> str:
    out = StringIO()
    call_command("issue_token", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def ecpat_belgium(at):
    organisation = make_organisation(name="ECPAT Belgium", kind="ngo", country_id="BE")
    Mandate.objects.create(
        organisation=organisation,
        country_id="BE",
        state=MandateState.CONFIRMED,
        valid_from=date(2017, 1, 1),
        confirmed_at=at,
        created_at=at,
    )
    return organisation


def me(printed: str) -> dict:
    return ApiClient(printed.strip()).get("me/").json()


def test_it_prints_a_working_token_and_nothing_else(at):
    printed = issue("--role", "secretariat")

    assert printed.startswith("cr_")
    assert printed.count("\n") == 1
    assert [hat["role"] for hat in me(printed)["hats"]] == ["secretariat", "public"]
    token = ApiToken.objects.get()
    assert (token.scopes, token.expires_at, token.user.is_machine) == (
        ["read", "write"],
        at + timedelta(days=90),
        True,
    )
    assert token.user.has_usable_password() is False
    told = set(AuditEvent.objects.values_list("action", "actor_label"))
    assert told == {(action, "issue_token") for action in ("users.create", "grants.create", "tokens.create")}


def test_a_country_names_its_representative(ecpat_belgium):
    answer = me(issue("--role", "lcr", "--country", "be"))

    assert answer["countries"] == ["BE"]
    assert answer["hats"][0]["organisation_id"] == str(ecpat_belgium.pk)


@pytest.mark.parametrize("by", ["pk", "name"])
def test_an_organisation_goes_by_id_or_name(ecpat_belgium, by):
    answer = me(issue("--role", "stop_partner", "--organisation", str(getattr(ecpat_belgium, by))))

    assert answer["hats"][0]["organisation_id"] == str(ecpat_belgium.pk)


def test_scopes_and_days_are_as_told(at):
    issue("--role", "evaluator", "--scope", "figures:read", "--days", "1")

    token = ApiToken.objects.get()
    assert (token.scopes, token.expires_at) == (["figures:read"], at + timedelta(days=1))


def test_readers_get_reading_tokens():
    issue("--role", "auditor")

    assert ApiToken.objects.get().scopes == ["read"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["--role", "emperor"],
        ["--role", "public"],
        ["--role", "company_editor"],
        ["--role", "member_group"],
        ["--role", "lcr"],
        ["--role", "lcr", "--country", "NL"],
        ["--role", "lcr", "--country", "BE", "--country", "NL"],
        ["--role", "auditor", "--country", "BE"],
        ["--role", "stop_partner", "--organisation", "0192f0c1-7d3a-7e2b-9b7a-3f1f5a1c2d3e"],
        ["--role", "site_editor", "--organisation", "ECPAT Belgium"],
        ["--role", "site_editor", "--organisation", "ECPAT Belgium", "--site", "lobby"],
        ["--role", "auditor", "--days", "0"],
        ["--role", "auditor", "--scope", "everything"],
    ],
    ids=" ".join,
)
def test_what_cannot_be_is_exit_code_2_and_leaves_nothing(ecpat_belgium, arguments):
    with pytest.raises(CommandError) as refusal:
        issue(*arguments)

    assert refusal.value.returncode == 2
    assert (User.objects.count(), Grant.objects.count(), ApiToken.objects.count()) == (0, 0, 0)


def test_a_recorded_mandate_is_none():
    organisation = make_organisation(name="Recorded", country_id="FR")
    Mandate.objects.create(
        organisation=organisation, country_id="FR", valid_from=date(2017, 1, 1), created_at=organisation.created_at
    )

    with pytest.raises(CommandError, match="No confirmed mandate covers FR today"):
        issue("--role", "lcr", "--country", "FR")


def test_a_company_goes_by_its_member_number():
    from tests.factories.companies import make_membership

    membership = make_membership(number="DEMO-0042")

    answer = me(issue("--role", "company_system", "--organisation", "DEMO-0042"))

    assert answer["hats"][0]["organisation_id"] == str(membership.company_id)
