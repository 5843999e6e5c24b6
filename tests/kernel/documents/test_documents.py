"""Documents: taken by what they hold, stored beside the row, taken away for good."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest

from registry.kernel.audit.actor import SYSTEM
from registry.kernel.documents import actions, storage
from registry.kernel.documents.models import Document
from registry.kernel.documents.rules import checked, shown_name
from registry.kernel.errors import DomainError
from registry.kernel.files.limits import MAX_BYTES
from tests.factories.documents import DOCX, JPEG, ODT, PDF, PNG, WEBP, make_document, packed

HTML = b"<html><script>alert(1)</script></html>"


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path


@pytest.mark.parametrize(
    ("content", "name", "media_type"),
    [
        (PDF, "policy.PDF", "application/pdf"),
        (PNG, "poster.png", "image/png"),
        (JPEG, "poster.jpeg", "image/jpeg"),
        (WEBP, "poster.webp", "image/webp"),
        (DOCX, "policy.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (ODT, "policy.odt", "application/vnd.oasis.opendocument.text"),
    ],
)
def test_the_content_says_what_a_file_is(content, name, media_type):
    upload = checked(BytesIO(content), name=name, size_bytes=len(content))

    assert (upload.media_type, upload.name, upload.file.tell()) == (media_type, name, 0)


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (HTML, "policy.pdf", "type_not_allowed"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "poster.png", "type_not_allowed"),
        (b"MZ" + bytes(60), "policy.pdf", "type_not_allowed"),
        (PDF, "policy.html", "type_mismatch"),
        (PNG, "policy.pdf", "type_mismatch"),
        (PDF, "policy", "type_mismatch"),
        (packed("anything.txt"), "policy.docx", "type_not_allowed"),
        (packed("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "policy.docx", "type_not_allowed"),
        (packed("content.xml", mimetype="text/html"), "policy.odt", "type_not_allowed"),
        (DOCX[: len(DOCX) // 2], "policy.docx", "type_not_allowed"),
        (b"", "policy.pdf", "empty_file"),
    ],
)
def test_what_is_not_taken_is_refused_with_a_code(content, name, code):
    with pytest.raises(DomainError) as refused:
        checked(BytesIO(content), name=name, size_bytes=len(content))

    assert refused.value.code == code


def test_too_large_is_refused_before_it_is_looked_at():
    with pytest.raises(DomainError) as refused:
        checked(BytesIO(), name="policy.pdf", size_bytes=MAX_BYTES + 1)

    assert refused.value.code == "file_too_large"


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/pass\nwd.pdf", "passwd.pdf"),
        ("C:\\Users\\x\\plan.pdf", "plan.pdf"),
        ("a" * 300 + ".pdf", "a" * 146 + ".pdf"),
    ],
)
def test_a_name_is_its_last_part_and_fits(sent, kept):
    assert shown_name(sent) == kept


@pytest.mark.django_db
def test_a_removed_document_leaves_a_tombstone_and_stays_removed(at, django_capture_on_commit_callbacks):
    document = make_document()
    path = storage.path_of(document.pk)
    assert path.read_bytes() == PDF

    with django_capture_on_commit_callbacks(execute=True):
        actions.remove(document_id=document.pk, actor=SYSTEM, at=at)

    document.refresh_from_db()
    assert (document.name, document.sha256, document.removed_at, path.exists()) == ("", "", at, False)

    # A backup made before brings row and file back; the note beside the database takes them away again.
    Document.objects.filter(pk=document.pk).update(name="policy.pdf", sha256="0" * 64, removed_at=None)
    path.write_bytes(PDF)
    with django_capture_on_commit_callbacks(execute=True):
        counts = [actions.remove_again(actor=SYSTEM, at=at) for _ in range(2)]

    document.refresh_from_db()
    assert (counts, document.name, path.exists()) == ([1, 0], "", False)


@pytest.mark.django_db
def test_files_without_a_row_are_swept_a_day_later():
    document = make_document()
    orphan = storage.path_of(make_document().pk)
    Document.objects.exclude(pk=document.pk).delete()
    moment = datetime(2026, 11, 24, 12, tzinfo=UTC)
    for path in (orphan, storage.path_of(document.pk)):
        os.utime(path, (moment.timestamp(), moment.timestamp()))

    swept = [actions.sweep(at=moment + timedelta(hours=hours)) for hours in (23, 25, 25)]

    assert (swept, orphan.exists(), storage.path_of(document.pk).exists()) == ([0, 1, 0], False, True)
