"""Specimens of organisations beyond reading and plain changes."""

from __future__ import annotations

from typing import Any

from members.organisations import actions
from members.organisations.models import Identifier
from registry.kernel.audit.actor import SYSTEM
from tests.contract.places import AT, Place
from tests.contract.specimens.network import organisation
from tests.contract.specimens.specimen import Specimen, sent

LEI = "00000000000000000098"


def _with_identifier(place: Place) -> Any:
    row = organisation(place)
    Identifier.objects.create(organisation=row, scheme="lei", value=LEI)
    return row


def _with_alias(place: Place) -> Any:
    row = organisation(place)
    actions.add_name(organisation_id=row.pk, text="Fictief", kind="alias", actor=SYSTEM, at=AT)
    return row


def _merged(place: Place) -> Any:
    row = organisation(place)
    into = place.organisation().pk
    actions.merge(organisation_id=row.pk, into_id=into, reason="Two spellings.", actor=SYSTEM, at=AT)
    return row


ORGANISATIONS: dict[str, Specimen] = {
    "organisations_match": Specimen(body=sent(name="Réseau Fictif", country="BE")),
    "organisations_history": Specimen(row=organisation),
    "organisations_activity": Specimen(row=organisation, body=sent(country="LU", valid_from="2024-01-01")),
    "organisations_remove_identifier": Specimen(row=_with_identifier, body=sent(scheme="lei", value=LEI)),
    "organisations_remove_name": Specimen(row=_with_alias, body=sent(text="Fictief", kind="alias")),
    "organisations_merge": Specimen(
        row=organisation, body=lambda place, row: {"into": str(place.organisation().pk), "reason": "Two spellings."}
    ),
    "organisations_unmerge": Specimen(row=_merged),
}
