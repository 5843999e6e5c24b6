"""Specimens of initiatives and trainings given, and of people."""

from __future__ import annotations

from typing import Any

from tests.contract.places import Place
from tests.contract.specimens.specimen import Specimen, reads, sent
from tests.factories import initiatives, people

CAMPAIGN = {"code": "campagne-fictive", "kind": "campaign", "names": {"en": "Fictional campaign"}}


def initiative(place: Place) -> Any:
    """One that the organisation leads whose record the caller keeps; or another does."""
    return initiatives.make_initiative(lead=place.kept_organisation())


def training(place: Place) -> Any:
    """One that the organisation gave whose record the caller keeps; or another did."""
    return initiatives.make_training_given(given_by_id=place.kept_organisation().pk)


def person(place: Place) -> Any:
    """Somebody of an organisation whose people the caller keeps."""
    return people.make_person(organisation=_house(place))


def _house(place: Place) -> Any:
    """One and the same organisation for the row and the body."""
    return place.made.get("house") or place.made.setdefault("house", place.kept_organisation())


def _organisation(place: Place, **values: Any) -> Any:
    """The caller's own, of those that it may name; a foreign one is unlisted."""
    return place.kept_organisation() if place.is_own else place.organisation(is_listed=False, **values)


def _campaign(place: Place, row: Any) -> dict[str, Any]:
    return {**CAMPAIGN, "participants": [{"organisation": str(_organisation(place).pk), "role": "lead"}]}


def _training(place: Place, row: Any) -> dict[str, Any]:
    return {"title": "Journée fictive", "given_by": str(_organisation(place).pk)}


def _person(place: Place, row: Any) -> dict[str, Any]:
    return {"name": "Camille Fictif", "organisation": str(_organisation(place).pk), "role": "director"}


def _role(place: Place, row: Any) -> dict[str, Any]:
    return {"organisation": str(_organisation(place).pk), "role": "trainer"}


def _leave(place: Place, row: Any) -> dict[str, Any]:
    return {"organisation": str(_house(place).pk), "valid_until": "2026-12-31"}


INITIATIVES: dict[str, Specimen] = {
    **reads("initiatives", initiative, is_shared=True),
    "initiatives_create": Specimen(body=_campaign, status=201),
    "initiatives_update": Specimen(row=initiative, body=sent(place="Gent")),
    "initiatives_destroy": Specimen(row=initiative, status=204),
    **reads("trainings_given", training, is_shared=True),
    "trainings_given_create": Specimen(body=_training, refs=("given_by",), status=201),
    "trainings_given_update": Specimen(row=training, body=sent(attendance=27)),
    "trainings_given_destroy": Specimen(row=training, status=204),
    **reads("people", person),
    "people_counts": Specimen(),
    "people_create": Specimen(body=_person, refs=("organisation",), status=201),
    "people_update": Specimen(row=person, body=sent(language="nl")),
    "people_roles": Specimen(row=person, body=_role, refs=("organisation",), status=201),
    "people_leave": Specimen(row=person, body=_leave, refs=("organisation",)),
    "people_erase": Specimen(row=person),
}
