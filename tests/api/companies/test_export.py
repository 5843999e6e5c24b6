"""GET /companies/export/: the book of a representative as a file."""

from __future__ import annotations

import csv
import io

import pytest

from tests.factories.companies import make_company, make_membership

pytestmark = pytest.mark.django_db


def test_the_book_is_what_the_list_shows(lcr_be, client_for):
    make_membership(company=make_company(name="=Hotel Fictif"), number="TC-BE-00042")
    make_membership(company=make_company(name="Hotel Fictif Paris", country="FR"))

    response = lcr_be.get("companies/export/", state="active")

    rows = list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))
    assert [(row["name"], row["number"], row["state"]) for row in rows] == [("'=Hotel Fictif", "TC-BE-00042", "active")]
    assert client_for("company_editor").get("companies/export/").status_code == 403
