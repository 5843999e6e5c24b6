"""Specimens of imports, of the exports that they take back, and of the others of the network."""

from __future__ import annotations

from typing import Any

from tests.contract.places import Place
from tests.contract.specimens.specimen import Specimen, reads, sent
from tests.factories.imports import make_import

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
    """An import of one new organisation, labelled."""
    return make_import()


IMPORTS: dict[str, Specimen] = {
    **reads("imports", planned),
    "imports_create": Specimen(
        body=sent(kind="organisations", rows=[{"name": "Réseau Fictif Neuf", "kind": "ngo"}]), status=201
    ),
    **{f"imports_{name}": Specimen(row=planned) for name in ("lines", "errors", "confirm", "abort")},
    **{f"{resource}_export": Specimen() for resource in EXPORTED},
}
