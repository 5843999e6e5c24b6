"""Specimens of imports, of the exports that they take back, and of the others of the network."""

from __future__ import annotations

from typing import Any

from members.imports.models import Import
from members.scope import Role
from tests.contract.places import Place
from tests.contract.specimens.specimen import Specimen, reads
from tests.factories.imports import make_import

COMPANY = {"organisation": "Hotel Fictif Nouveau (DEMO)", "country": "BE", "category": "hotel"}
TAKEN_BACK = ("organisations", "network_memberships", "mandates", "group_participations", "reporting_channels")
EXPORTED = (
    *TAKEN_BACK,
    *(
        "groups",
        "published_sizes",
        "countries",
        "channel_counts",
        "agreements",
        "assemblies",
        "assembly_participations",
    ),
    *("assembly_participations", "resolutions", "committee_seats", "committee_terms", "initiatives", "trainings_given"),
)


def planned(place: Place) -> Any:
    """An import of one new organisation, labelled; of a representative a company of its country."""
    if place.role is not Role.LCR:
        return make_import()
    upload = make_import(COMPANY, kind="companies")
    mine = place.caller.user.pk if place.is_own and place.caller.user else None
    Import.objects.filter(pk=upload.pk).update(countries=["BE"], actor_id=mine)
    return upload


def _table(place: Place, row: Any) -> dict[str, Any]:
    if place.role is Role.LCR:
        return {"kind": "companies", "rows": [COMPANY]}
    return {"kind": "organisations", "rows": [{"name": "Réseau Fictif Neuf", "kind": "ngo"}]}


IMPORTS: dict[str, Specimen] = {
    **reads("imports", planned),
    "imports_create": Specimen(body=_table, status=201),
    **{f"imports_{name}": Specimen(row=planned) for name in ("lines", "errors", "confirm", "abort")},
    **{f"{resource}_export": Specimen() for resource in EXPORTED},
}
