"""Rows by label, page by page, and the bad ones as a file to put right."""

from __future__ import annotations

import pytest

from tests.api.imports.conftest import downloaded
from tests.factories.imports import csv_of, make_import
from tests.factories.organisations import make_organisation

pytestmark = pytest.mark.django_db
GOOD = {"name": "Réseau Un (DEMO)", "kind": "ngo"}


def test_rows_are_chosen_by_label(secretariat):
    make_organisation(name="Maison (DEMO)", country_id=None)
    upload = make_import(GOOD, {"name": "Maison (DEMO)", "kind": "ngo"}, {"name": "Deux", "kind": "club"}, GOOD)

    def numbers(**params):
        return [row["number"] for row in secretariat.get(f"imports/{upload.pk}/rows/", **params).json()["results"]]

    assert numbers() == [2, 3, 4, 5]
    assert numbers(label="error") == [4, 5]
    assert numbers(label=["match", "create"]) == [2, 3]


def test_rows_come_by_pages(secretariat):
    upload = make_import(*({"name": f"Réseau {word}", "kind": "ngo"} for word in ("Un", "Deux", "Trois")))

    first = secretariat.get(f"imports/{upload.pk}/rows/", page_size=2, label="create").json()
    last = secretariat.get(first["next"]).json()

    assert [[row["number"] for row in page["results"]] for page in (first, last)] == [[2, 3], [4]]
    assert (first["next"].endswith("label=create&after=3"), last["next"]) == (True, None)


@pytest.mark.parametrize(
    "params",
    [{"label": "good"}, {"page_size": 0}, {"page_size": 1001}, {"after": -1}, {"after": "x"}, {"colour": "red"}],
)
def test_parameters_that_are_none_are_refused(secretariat, params):
    assert secretariat.get(f"imports/{make_import().pk}/rows/", **params).status_code == 400


def test_the_file_of_bad_rows_is_put_right_and_sent_again(send, secretariat):
    table = csv_of(
        ("name", "kind", "note"),
        ("Réseau Un (DEMO)", "ngo", ""),
        ("Réseau Deux (DEMO)", "club", "-5"),
        ("=1+1", "ngo", ""),
    )
    answer = send("organisations", table)

    bad = downloaded(secretariat.get(f"imports/{answer.json()['id']}/errors/")).decode()

    assert bad.splitlines() == [
        "name,kind,note,import_row,import_label,import_errors",
        "Réseau Deux (DEMO),club,'-5,3,error,kind: unknown_choice",
        ",ngo,,4,error,name: formula",
    ]
    again = send("organisations", bad.replace("club", "ngo").encode())
    assert {name: count for name, count in again.json()["counts"].items() if count} == {"create": 1, "error": 1}
    assert again.json()["unread"] == ["import_row", "import_label", "import_errors"]
    third = downloaded(secretariat.get(f"imports/{again.json()['id']}/errors/")).decode()
    assert third.splitlines() == [
        "name,kind,note,import_row,import_label,import_errors",
        ",ngo,,3,error,name: required",
    ]


def test_imports_are_listed_and_found_by_their_sum(secretariat):
    upload = make_import(GOOD)
    make_import({**GOOD, "name": "Réseau Deux (DEMO)"})

    found = secretariat.get("imports/", sha256=upload.sha256, state="planned", kind="organisations").json()["results"]

    assert [row["id"] for row in found] == [str(upload.pk)]
