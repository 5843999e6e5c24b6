"""What is exported can be sent back as it is: every row is a match. Exports take the list's filters and guard cells."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from members.api.channels import ReportingChannelViews
from members.api.groups import GroupParticipationViews
from members.api.mandates import MandateViews
from members.api.network import NetworkMembershipViews
from members.api.organisations import OrganisationViews
from members.imports.kinds import IMPORTERS
from registry.kernel.api.exports import columns_of
from registry.kernel.api.rows import Many
from registry.kernel.files import tables
from tests.api.imports.conftest import downloaded
from tests.factories.network import (
    make_channel,
    make_group,
    make_mandate,
    make_network_membership,
    make_participation,
)
from tests.factories.organisations import make_organisation

pytestmark = pytest.mark.django_db
FORMULA = "=HYPERLINK(1) (DEMO)"
SOURCED = {"source": "- page; «é»", "confidence": "sourced", "note": '@note, with "quotes" and\nlines'}


def _organisation() -> Any:
    values = {"languages": ["fr", "pt-BR"], "website": "https://fictif.example/", "is_listed": False, **SOURCED}
    make_organisation(name="Autre Réseau (DEMO)", country_id="NL", kind="federation")
    return make_organisation(name=FORMULA, **values)


MAKE: dict[str, Callable[[], Any]] = {
    "organisations": _organisation,
    "network-memberships": lambda: make_network_membership(organisation=_organisation(), until="", **SOURCED),
    "mandates": lambda: make_mandate(organisation=_organisation(), since="2017-03", status_seen="+active", **SOURCED),
    "group-participations": lambda: make_participation(
        organisation=_organisation(), group=make_group(code="groupe", name="Groupe"), **SOURCED
    ),
    "reporting-channels": lambda: make_channel(
        name=FORMULA, languages=["fr"], organisation=_organisation(), linked_group=make_group(), country_id="BE"
    ),
}
EACH = pytest.mark.parametrize("kind", list(MAKE))


@EACH
@pytest.mark.parametrize("wanted", ["csv", "xlsx"])
def test_an_export_comes_back_as_matches(send, secretariat, kind: str, wanted: str):
    MAKE[kind]()
    total = len(secretariat.get(f"{kind}/").json()["results"])

    export = downloaded(secretariat.get(f"{kind}/export/", format=wanted))
    answer = send(kind, export)

    assert (answer.status_code, answer.json().get("counts", {}).get("match")) == (201, total), answer.json()


@EACH
def test_an_export_has_the_rows_of_the_list_in_every_format(secretariat, kind: str):
    MAKE[kind]()
    listed = secretariat.get(f"{kind}/").json()["results"]

    by_format = {name: secretariat.get(f"{kind}/export/", format=name) for name in ("csv", "xlsx", "jsonl")}

    bodies = {name: downloaded(answer) for name, answer in by_format.items()}
    assert [json.loads(line) for line in bodies["jsonl"].splitlines()] == sorted(listed, key=lambda row: row["id"])
    assert tables.read(bodies["csv"]) == tables.read(bodies["xlsx"])
    assert [answer["Content-Disposition"] for answer in by_format.values()] == [
        f'attachment; filename="{kind}.{name}"' for name in by_format
    ]


@EACH
def test_no_cell_of_an_export_is_a_formula(secretariat, kind: str):
    MAKE[kind]()

    for wanted in ("csv", "xlsx"):
        table = tables.read(downloaded(secretariat.get(f"{kind}/export/", format=wanted)))
        assert [cell for row in table.rows for cell in row if cell.startswith(("=", "+", "-", "@"))] == []
        assert any(f"'{FORMULA}" in row for row in table.rows)


def test_an_export_takes_the_filters_and_fields_of_the_list(secretariat):
    _organisation()

    chosen = {"country": "NL", "fields": "name,country"}
    answer = secretariat.get("organisations/export/", **chosen)

    assert downloaded(answer).decode().splitlines() == ["name,country", "Autre Réseau (DEMO),NL"]
    assert secretariat.get("organisations/export/", colour="red").status_code == 400
    assert secretariat.get("organisations/export/", format="pdf").json()["errors"][0]["code"] == "unknown_format"


def test_an_export_shows_no_more_than_the_list(anonymous, lcr_nl):
    make_network_membership(organisation=make_organisation(name="Réseau Secret (DEMO)", is_listed=False), note="inside")
    make_network_membership(organisation=make_organisation(name="Réseau Public (DEMO)"), note="inside")

    for client in (anonymous, lcr_nl):
        table = tables.read(downloaded(client.get("network-memberships/export/", fields="organisation,note")))
        assert [row[1:] for row in table.rows] == [["Réseau Public (DEMO)", ""]]


@pytest.mark.parametrize(
    "views",
    [OrganisationViews, NetworkMembershipViews, MandateViews, GroupParticipationViews, ReportingChannelViews],
    ids=lambda views: views.resource,
)
def test_an_import_knows_every_column_of_the_export(views):
    """On failure: read the new column, or name it in `shown` of the kind of import."""
    fields = [name for name in views.row.field_names() if not isinstance(views.row._declared_fields[name], Many)]

    header = IMPORTERS[views.resource].header(columns_of(views.row, fields))

    assert header.places
