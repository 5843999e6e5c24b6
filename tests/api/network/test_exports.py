"""Lists of the network as files: the same rows and filters, in each format."""

from __future__ import annotations

import csv
import io
import json

import pytest

from members.management.loading import NetworkLoad


@pytest.fixture(autouse=True)
def _network(db, at) -> None:
    NetworkLoad(at=at).run()


@pytest.mark.parametrize(
    ("path", "params"),
    [
        ("agreements", {"valid_on": "2026-11-22", "uncertain": "true"}),
        ("groups", {}),
        ("assemblies", {"year": "2014"}),
        ("resolutions", {}),
        ("committee-seats", {"valid_on": "2025-01-01"}),
        ("initiatives", {"language": "pcm"}),
        ("trainings-given", {}),
        ("channel-counts", {}),
        ("published-sizes", {"scheme": "ECPAT"}),
        ("countries", {"region": "europe"}),
    ],
)
def test_an_export_holds_the_rows_of_the_list(secretariat, path, params):
    listed = {row["id"] for row in _all(secretariat, path, params)} if path != "countries" else None
    lines = b"".join(secretariat.get(f"{path}/export/", format="jsonl", **params).streaming_content).splitlines()
    table = b"".join(secretariat.get(f"{path}/export/", format="csv", **params).streaming_content).decode()
    book = secretariat.get(f"{path}/export/", format="xlsx", **params)

    rows = [json.loads(line) for line in lines]
    assert rows
    if listed is not None:
        assert {row["id"] for row in rows} == {row["id"] for row in csv.DictReader(io.StringIO(table))} == listed
    assert (book.status_code, b"".join(book.streaming_content)[:2]) == (200, b"PK")


def test_what_fits_a_cell_stands_in_one(anonymous):
    table = b"".join(anonymous.get("initiatives/export/", code="react").streaming_content).decode()
    (row,) = csv.DictReader(io.StringIO(table))

    assert {"pcm", "ps", "fa"} <= set(row["languages"].split("; "))


def _all(client, path, params):
    return client.get(f"{path}/", page_size=1000, **params).json()["results"]
