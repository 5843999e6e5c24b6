"""Specimens of agreements, assemblies, resolutions and the regional committee."""

from __future__ import annotations

from typing import Any

from members.assemblies.models import CommitteeSeats
from members.countries.models import Region
from tests.contract.places import Place
from tests.contract.specimens.specimen import Specimen, reads, sent
from tests.factories import agreements, assemblies, network
from tests.factories.organisations import make_organisation


def agreement(place: Place, **values: Any) -> Any:
    """One with the caller's organisation among its parties, or of strangers."""
    first = place.kept_organisation() if place.is_own else make_organisation(is_listed=False)
    return agreements.make_agreement(parties=(first, make_organisation()), **values)


def draft(place: Place) -> Any:
    """One that nobody has signed."""
    return agreement(place, state="draft")


def assembly(place: Place) -> Any:
    """A listed organisation's, or an unlisted one's."""
    holder = make_organisation(is_listed=place.is_own)
    return assemblies.make_member_assembly(organisation=holder)


def kept_assembly(place: Place) -> Any:
    """A member's own: the caller's, or another's."""
    return assemblies.make_member_assembly(
        organisation=place.kept_organisation() if place.is_own else make_organisation()
    )


def registration(place: Place) -> Any:
    """Of the caller's organisation, or of one at an assembly where the caller was not."""
    organisation = place.kept_organisation() if place.is_own else make_organisation()
    return assemblies.make_registration(assembly=assemblies.make_assembly(), member=organisation)


def attended(place: Place) -> Any:
    """An assembly for which the caller's organisation is registered, or not."""
    return registration(place).assembly


def resolution(place: Place) -> Any:
    """An adopted one of the network, or a member's own."""
    return assemblies.make_resolution(
        assembly=assemblies.make_assembly() if place.is_own else assemblies.make_member_assembly()
    )


def kept_resolution(place: Place) -> Any:
    """One of an assembly that the caller keeps, or not."""
    return assemblies.make_resolution(assembly=kept_assembly(place))


def seats(place: Place) -> Any:
    """Those of a region that has none yet."""
    region = Region.objects.exclude(pk__in=CommitteeSeats.objects.values("region")).order_by("pk").first()
    return region and assemblies.make_seats(region_id=region.pk)


def term(place: Place) -> Any:
    """Of a listed organisation, or of an unlisted one."""
    region = "americas" if place.is_own else "middle-east-and-north-africa"
    if not CommitteeSeats.objects.filter(region=region).exists():
        assemblies.make_seats(region_id=region, seat_count=100)
    membership = network.make_network_membership(
        organisation=make_organisation(is_listed=place.is_own), region_id=region
    )
    return assemblies.make_term(organisation=membership.organisation, region_id=region)


def _agreement_body(place: Place, row: Any) -> dict[str, Any]:
    return {
        "title": "Accord fictif",
        "kind": "memorandum",
        "parties": [str(make_organisation().pk), str(make_organisation().pk)],
    }


def _signature(place: Place, row: Any) -> dict[str, Any]:
    party = row.parties.first().organisation_id
    return {"organisation": str(party), "signed_on": "2026-11-20", "signatory_role": "director"}


def _replacement(place: Place, row: Any) -> dict[str, Any]:
    other = agreements.make_agreement(parties=[party.organisation for party in row.parties.all()])
    return {"by": str(other.pk), "ended_on": "2026-12-31"}


def _assembly_body(place: Place, row: Any) -> dict[str, Any]:
    holder = place.kept_organisation() if place.is_own else make_organisation()
    return {"organisation": str(holder.pk), "kind": "member", "title": "Fictive", "starts_on": "2026-09-27"}


def _registered(place: Place, row: Any) -> dict[str, Any]:
    return {"organisations": [str(network.make_network_membership().organisation_id)]}


def _withdrawn(place: Place, row: Any) -> dict[str, Any]:
    return {"organisation": str(assemblies.make_registration(assembly=row).organisation_id)}


def _resolution_body(place: Place, row: Any) -> dict[str, Any]:
    return {"assembly": str(kept_assembly(place).pk), "titles": {"en": "Fictional"}}


def _term_body(place: Place, row: Any) -> dict[str, Any]:
    assemblies.make_seats(region_id="asia-and-the-pacific")
    member = network.make_network_membership(region_id="asia-and-the-pacific").organisation_id
    return {"region": "asia-and-the-pacific", "organisation": str(member), "starts_on": "2026-01-01"}


GOVERNANCE: dict[str, Specimen] = {
    **reads("agreements", agreement),
    "agreements_moves": Specimen(row=agreement),
    "agreements_create": Specimen(body=_agreement_body, status=201),
    "agreements_update": Specimen(row=draft, body=sent(title="Accord nouveau")),
    "agreements_sign": Specimen(row=draft, body=_signature),
    "agreements_bring_into_force": Specimen(row=lambda place: agreement(place, state="signed"), body=sent()),
    "agreements_amend": Specimen(row=agreement, body=sent(effective_on="2026-01-01", title="Accord modifié")),
    "agreements_end": Specimen(row=agreement, body=sent(ended_on="2026-12-31", reason="by_consent")),
    "agreements_renew": Specimen(row=agreement, body=sent(starts_on="2028-01-01"), status=201),
    "agreements_replace": Specimen(row=agreement, body=_replacement, refs=("by",)),
    **reads("assemblies", assembly),
    "assemblies_create": Specimen(body=_assembly_body, refs=("organisation",), status=201),
    "assemblies_update": Specimen(row=kept_assembly, body=sent(voter_count=15)),
    "assemblies_register": Specimen(row=kept_assembly, body=_registered),
    "assemblies_withdraw": Specimen(row=kept_assembly, body=_withdrawn),
    "assemblies_quorum": Specimen(row=attended),
    "assemblies_voting_rights": Specimen(row=attended),
    **reads("assembly_participations", registration),
    **reads("resolutions", resolution),
    "resolutions_create": Specimen(body=_resolution_body, refs=("assembly",), status=201),
    "resolutions_update": Specimen(row=kept_resolution, body=sent(result="withdrawn")),
    **reads("committee_seats", seats, is_shared=True),
    "committee_seats_create": Specimen(body=sent(region="europe", seat_count=2, valid_from="2027-01-01"), status=201),
    **reads("committee_terms", term),
    "committee_terms_create": Specimen(body=_term_body, status=201),
    "committee_terms_end": Specimen(row=term, body=sent(ends_on="2026-12-31")),
}
