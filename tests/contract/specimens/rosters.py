"""Specimens of rosters."""

from __future__ import annotations

from typing import Any

from members.scope import Role
from tests.contract.places import Place
from tests.contract.specimens import companies
from tests.contract.specimens.specimen import Specimen, reads
from tests.factories import rosters


def planned(place: Place) -> Any:
    """One row that is new, and one in error; of a site editor, sent by the caller."""
    site = companies.site(place)
    lines = [["E1", str(site.pk), "sales", "2026-01-01"], ["E2", "Nowhere", "sales", "2026-01-01"]]
    roster = rosters.plan(site.company, rosters.csv_of(*lines))
    if place.role is Role.SITE_EDITOR:
        roster.sender_id = place.caller.user.pk if place.is_own and place.caller.user else None
        roster.save(update_fields=["sender_id"])
    return roster


def written(place: Place) -> Any:
    """The same, confirmed and written."""
    roster = planned(place)
    rosters.confirm(roster)
    return roster


def _body(place: Place, row: Any) -> dict[str, Any]:
    site = companies.site(place)
    line = {"reference": "E3", "site": str(site.pk), "role": "sales", "hired_on": "2026-01-01"}
    return {"company": str(site.company_id), "rows": [line]}


ROSTERS: dict[str, Specimen] = {
    **reads("rosters", planned),
    "rosters_create": Specimen(body=_body, refs=("company",), status=202),
    **{
        f"rosters_{name}": Specimen(row=planned) for name in ("plan", "lines", "errors", "fix_file", "confirm", "abort")
    },
    "rosters_undo": Specimen(row=written),
}
