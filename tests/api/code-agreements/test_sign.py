"""Signing: each side once, on the tag that was read."""

from __future__ import annotations

from typing import Any

import pytest

from codesign.fees.models import CodeAgreement
from tests.api_client import ApiClient
from tests.factories.standing import make_membership

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreement(db: None) -> CodeAgreement:
    """Sent on 5 June 2025 and not signed yet."""
    make_membership(state="approved")
    return CodeAgreement.objects.get()


def signed(client: ApiClient, agreement: CodeAgreement, **overrides: Any) -> Any:
    path = f"code-agreements/{agreement.pk}/"
    body = {"side": "company", "role": "director", "signed_on": "2025-06-20", **overrides}
    return client.post(f"{path}sign/", body, if_match=client.get(path)["ETag"])


def test_a_company_signs_by_role(client_for: Any, agreement: CodeAgreement) -> None:
    own = client_for("company_editor", organisation=agreement.membership.company)

    answer = signed(own, agreement)

    assert answer.status_code == 200
    assert (answer.json()["company_signed_on"], answer.json()["company_signed_role"]) == ("2025-06-20", "director")
    assert answer.json()["representative_signed_on"] is None


def test_the_company_does_not_sign_for_the_representative(client_for: Any, agreement: CodeAgreement) -> None:
    own = client_for("company_editor", organisation=agreement.membership.company)

    answer = signed(own, agreement, side="representative")

    assert answer.status_code == 403
    assert CodeAgreement.objects.get().representative_signed_on is None


@pytest.mark.parametrize("signed_on", ["2025-06-01", "2026-11-23"])
def test_a_signature_is_put_between_the_sending_and_today(
    secretariat: ApiClient, agreement: CodeAgreement, signed_on: str
) -> None:
    answer = signed(secretariat, agreement, signed_on=signed_on)

    assert (answer.status_code, CodeAgreement.objects.get().company_signed_on) == (400, None)


def test_a_side_signs_once(secretariat: ApiClient, agreement: CodeAgreement) -> None:
    signed(secretariat, agreement)

    again = signed(secretariat, agreement, signed_on="2025-06-21")

    assert (again.status_code, again.json()["code"]) == (409, "already_signed")
    assert str(CodeAgreement.objects.get().company_signed_on) == "2025-06-20"


def test_signing_without_a_tag_is_refused(secretariat: ApiClient, agreement: CodeAgreement) -> None:
    body = {"side": "company", "role": "director", "signed_on": "2025-06-20"}

    answer = secretariat.post(f"code-agreements/{agreement.pk}/sign/", body)

    assert (answer.status_code, CodeAgreement.objects.get().company_signed_on) == (428, None)
