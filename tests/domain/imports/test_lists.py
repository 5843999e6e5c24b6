"""The published lists, as they are published, go through the importer."""

from __future__ import annotations

from pathlib import Path

import pytest

from members.imports import actions
from members.imports.lists import DATA, LISTS
from members.management.loading import NetworkLoad
from members.network.models import NetworkMembership
from members.organisations.models import Organisation
from registry.kernel.audit.actor import SYSTEM
from registry.kernel.errors import Invalid
from registry.kernel.files import tables
from tests.domain.imports.conftest import labels_of
from tests.factories.imports import make_import
from tests.factories.network import make_group

pytestmark = pytest.mark.django_db
ROWS = {"network-memberships": 50, "mandates": 24, "group-participations": 12, "reporting-channels": 11}
# Sixteen lines of the partners' list: four name channels.
LINKED = {"group-participations": 4}


def _table(kind: str):
    file, _ = LISTS[kind]
    return tables.read((Path(DATA) / f"{file}.csv").read_bytes())


def test_an_empty_register_takes_all_of_them(at):
    make_group(code="stop-group")

    for kind, count in ROWS.items():
        upload = make_import(kind=kind, table=_table(kind))
        upload = actions.confirm(import_id=upload.pk, actor=SYSTEM, at=at)
        counts = {name: number for name, number in upload.counts.items() if number and name != "uncertain"}
        expected = {"create": count, "applied": count, "error": LINKED.get(kind, 0)}
        assert counts == {name: number for name, number in expected.items() if number}

    assert (Organisation.objects.count(), NetworkMembership.objects.count()) == (68, 50)


def test_after_the_command_they_are_no_change(at):
    NetworkLoad(at=at).run()

    labels = {kind: labels_of(make_import(kind=kind, table=_table(kind))) for kind in ROWS}

    assert {kind: sum(label == ("match",) for label in found) for kind, found in labels.items()} == ROWS
    assert {kind: [label for label in found if label != ("match",)] for kind, found in labels.items()} == {
        "network-memberships": [],
        "mandates": [],
        "group-participations": [
            ("error", "organisation_kind unknown_choice", "role no_participant"),
            *[("error", "role no_participant")] * 3,
        ],
        "reporting-channels": [],
    }


def test_uncertain_ones_are_marked_and_left_out_of_the_count_of_a_day(at, day):
    upload = make_import(kind="network-memberships", table=_table("network-memberships"))
    actions.confirm(import_id=upload.pk, actor=SYSTEM, at=at)

    assert upload.counts["uncertain"] == 18
    assert NetworkMembership.objects.with_certainty(on=day).filter(is_uncertain=False).count() == 32


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"iso2": "BE", "name": "A", "colour": "red"}, "unknown_header"),
        ({"iso2": "BE", "membership_kind": "full"}, "missing_header"),
    ],
)
def test_a_list_of_another_make_is_refused(row, code: str):
    with pytest.raises(Invalid) as refused:
        make_import(row, kind="network-memberships")

    assert refused.value.code == code
