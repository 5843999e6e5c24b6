"""Agreements: sent again, the former ones kept; printed; the signed paper kept."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from codesign.fees.models import CodeAgreement
from tests.api_client import BASE, ApiClient
from tests.factories.companies import make_membership
from tests.factories.documents import PDF
from tests.factories.fees import make_agreement

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Any) -> None:
    settings.DATA_DIR = tmp_path


@pytest.fixture
def former() -> CodeAgreement:
    """Of a member, signed by both."""
    return make_agreement(
        membership=make_membership(), company_signed_on="2026-11-03", representative_signed_on="2026-11-04"
    )


def sign(client: ApiClient, key: str, side: str) -> Any:
    body = {"side": side, "role": "director", "signed_on": "2026-11-22"}
    return client.post(f"code-agreements/{key}/sign/", body, if_match="*")


def test_signing_again_keeps_the_former_one_in_force_until_both_have_signed(
    lcr_be: ApiClient, secretariat: ApiClient, former: CodeAgreement
) -> None:
    body = {"membership": str(former.membership_id), "text_version": "2027"}

    sent = lcr_be.post("code-agreements/", body)
    twice = lcr_be.post("code-agreements/", body)
    key = sent.json()["id"]
    sign(secretariat, key, "company")
    half = lcr_be.get(f"code-agreements/{former.pk}/").json()["superseded_on"]
    sign(lcr_be, key, "representative")

    assert (sent.status_code, twice.status_code, twice.json()["code"]) == (201, 409, "agreement_exists")
    rows = {row["id"]: row["superseded_on"] for row in lcr_be.get("code-agreements/").json()["results"]}
    assert (half, rows) == (None, {str(former.pk): "2026-11-22", key: None})


def test_one_that_waits_gives_way_to_another_text_and_is_not_signed_any_more(
    lcr_be: ApiClient, former: CodeAgreement
) -> None:
    first, second = (
        lcr_be.post("code-agreements/", {"membership": str(former.membership_id), "text_version": version}).json()["id"]
        for version in ("2027", "2028")
    )

    refused = sign(lcr_be, first, "representative")

    assert (refused.status_code, refused.json()["code"]) == (409, "agreement_superseded")
    assert list(CodeAgreement.objects.waiting().values_list("pk", flat=True).distinct()) == [
        CodeAgreement.objects.get(pk=second).pk
    ]


@pytest.mark.parametrize("language", ["en", "fr", "nl", "de", "es"])
def test_it_is_printed_with_its_text_and_its_signatures(client_for: Any, former: CodeAgreement, language: str) -> None:
    call_command("load_scheme", verbosity=0, stdout=open("/dev/null", "w"))  # noqa: SIM115
    CodeAgreement.objects.update(text_version="2024")
    viewer = client_for("company_viewer", organisation=former.membership.company)

    printed = viewer.get(f"code-agreements/{former.pk}/pdf/", language=language)
    CodeAgreement.objects.update(text_version="1999")

    assert (printed.status_code, printed.content[:5]) == (200, b"%PDF-")
    assert viewer.get(f"code-agreements/{former.pk}/pdf/").json()["code"] == "no_text"


def test_the_signed_paper_is_kept_once_and_removed_for_good(
    client_for: Any, lcr_be: ApiClient, former: CodeAgreement
) -> None:
    editor = client_for("company_editor", organisation=former.membership.company)
    url = f"code-agreements/{former.pk}/document/"

    def send(content: bytes) -> Any:
        return editor.http.post(f"{BASE}{url}", {"file": SimpleUploadedFile("signed.pdf", content)})

    assert (send(b"MZ nothing").status_code, editor.get(url).json()["code"]) == (415, "no_document")
    kept, twice = send(PDF), editor.post(url, {"link": "https://signing.example/1"})
    assert (kept.status_code, kept.json()["document"]["name"]) == (200, "signed.pdf")
    assert (twice.status_code, twice.json()["code"]) == (409, "document_exists")
    assert b"".join(editor.get(url).streaming_content) == PDF
    assert (editor.delete(url).status_code, lcr_be.delete(url).json()["document"]) == (403, None)
    assert editor.post(url, {"link": "http://signing.example/1"}).status_code == 400
    assert (
        editor.post(url, {"link": "https://signing.example/1"}).json()["document_link"] == "https://signing.example/1"
    )
