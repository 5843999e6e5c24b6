"""Evidence over HTTP: sent by a form, downloaded as an attachment, redacted for good."""

from __future__ import annotations

import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from codesign.criteria.models import PlanEvidence
from registry.kernel.documents import storage
from registry.kernel.documents.models import Document
from registry.kernel.idempotency.models import StoredAnswer
from tests.api_client import BASE
from tests.factories.companies import make_membership
from tests.factories.criteria import make_evidence, make_plan_action
from tests.factories.documents import PDF, PNG

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path


@pytest.fixture
def action():
    return make_plan_action(membership=make_membership(state="active"))


@pytest.fixture
def editor(client_for, action):
    return client_for("company_editor", organisation=action.membership.company)


def send(client, action, content=PDF, *, name="policy.pdf", query="", **headers):
    form = {"action": str(action.pk), "title": "Policy", "file": SimpleUploadedFile(name, content)}
    return client.http.post(f"{BASE}plan-evidence/{query}", form, headers=headers)


def files(folder):
    return [path for path in folder.rglob("*") if path.is_file() and path.parent.name != "documents"]


def test_a_document_is_kept_and_downloaded_as_an_attachment(editor, lcr_be, lcr_nl, action):
    answer = send(editor, action, name="polïcy.pdf")

    shown = answer.json()
    assert (answer.status_code, shown["document"], shown["link"]) == (
        201,
        {
            "name": "polïcy.pdf",
            "media_type": "application/pdf",
            "size_bytes": len(PDF),
            "sha256": hashlib.sha256(PDF).hexdigest(),
        },
        "",
    )
    path = f"plan-evidence/{shown['id']}/file/"
    download = lcr_be.get(path)
    assert (download.status_code, b"".join(download.streaming_content)) == (200, PDF)
    assert {name: download[name] for name in ("Content-Type", "Content-Disposition", "X-Content-Type-Options")} == {
        "Content-Type": "application/pdf",
        "Content-Disposition": "attachment; filename*=utf-8''pol%C3%AFcy.pdf",
        "X-Content-Type-Options": "nosniff",
    }
    assert lcr_nl.get(path).status_code == 404


def test_a_large_document_is_spooled_and_a_retry_stores_it_once(editor, action, tmp_path):
    content = PDF + bytes(3 * 1024 * 1024)
    headers = {"Idempotency-Key": "one"}
    form = (
        b"--x\r\n"
        + b"\r\n--x\r\n".join(
            [
                b'Content-Disposition: form-data; name="action"\r\n\r\n' + str(action.pk).encode(),
                b'Content-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n' + content,
            ]
        )
        + b"\r\n--x--\r\n"
    )

    answers = [
        editor.http.generic(
            "POST", f"{BASE}plan-evidence/", form, content_type="multipart/form-data; boundary=x", headers=headers
        )
        for _ in range(2)
    ]
    other = editor.http.generic(
        "POST", f"{BASE}plan-evidence/", form.replace(b"a.pdf", b"b.pdf"),
        content_type="multipart/form-data; boundary=x", headers=headers,
    )  # fmt: skip

    assert [answer.status_code for answer in (*answers, other)] == [201, 201, 422]
    assert (answers[0].content, Document.objects.count(), len(files(tmp_path))) == (answers[1].content, 1, 1)
    assert files(tmp_path)[0].read_bytes() == content


@pytest.mark.parametrize(
    ("content", "name", "status", "code"),
    [
        (b"<html></html>", "policy.pdf", 415, "type_not_allowed"),
        (PNG, "policy.pdf", 415, "type_mismatch"),
        (b"", "policy.pdf", 400, "empty_file"),
        (PDF + bytes(10 * 1024 * 1024), "policy.pdf", 413, "file_too_large"),
        (PDF + bytes(11 * 1024 * 1024), "policy.pdf", 413, "body_too_large"),
    ],
    ids=["html", "wrong name", "empty", "just too large", "far too large"],
)
def test_what_is_not_taken_leaves_nothing_behind(editor, action, tmp_path, content, name, status, code):
    answer = send(editor, action, content, name=name)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert (PlanEvidence.objects.count(), Document.objects.count(), files(tmp_path)) == (0, 0, [])


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "document_or_link"),
        ({"link": "http://hotel.example/"}, "https_only"),
        ({"link": "javascript:alert(1)"}, "invalid"),
        ({"link": "https://hotel.example/", "file": "x"}, "invalid"),
    ],
)
def test_evidence_is_a_document_or_a_safe_link(editor, action, body, code):
    answer = editor.post("plan-evidence/", {"action": str(action.pk), **body})

    assert (answer.status_code, [fault["code"] for fault in answer.json()["errors"]]) == (400, [code])
    assert PlanEvidence.objects.count() == 0


def test_what_was_verified_keeps_its_evidence(editor, action):
    verified = make_plan_action(membership=action.membership, state="verified")
    evidence = make_evidence(verified)

    added = editor.post("plan-evidence/", {"action": str(verified.pk), "link": "https://hotel.example/"})
    removed = editor.delete(f"plan-evidence/{evidence.pk}/")

    assert [(a.status_code, a.json()["code"]) for a in (added, removed)] == [(409, "action_verified")] * 2
    assert list(PlanEvidence.objects.all()) == [evidence]


def test_redacted_evidence_is_gone_from_rows_files_and_stored_answers(
    editor, lcr_be, action, django_capture_on_commit_callbacks
):
    shown = send(editor, action, **{"Idempotency-Key": "one"}).json()
    document = Document.objects.get()

    with django_capture_on_commit_callbacks(execute=True):
        redacted = lcr_be.post(f"plan-evidence/{shown['id']}/redact/", {"reason": "names_a_person"})

    assert (redacted.status_code, redacted.json()["title"], redacted.json()["document"]) == (200, "", None)
    assert not storage.path_of(document.pk).exists()
    assert [row.body for row in StoredAnswer.objects.all()] == [None]
    gone = editor.get(f"plan-evidence/{shown['id']}/file/")
    assert (gone.status_code, gone.json()["code"]) == (404, "document_removed")
    assert editor.post(f"plan-evidence/{shown['id']}/redact/", {"reason": "x"}).status_code == 403


def test_a_dry_run_keeps_nothing(editor, action):
    answer = send(editor, action, query="?dry_run=true")

    assert (answer.status_code, PlanEvidence.objects.count(), Document.objects.count()) == (201, 0, 0)
