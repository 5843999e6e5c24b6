"""Specimens of access: tokens, grants, invitations."""

from __future__ import annotations

from typing import Any

from members.scope import Role
from registry.kernel.audit.actions import record
from registry.kernel.audit.actor import SYSTEM
from registry.kernel.audit.models import AuditEvent
from tests.contract.places import AT, Place
from tests.contract.specimens.specimen import Specimen, reads, sent
from tests.factories import access
from tests.factories.access import PASSWORD


def token(place: Place) -> Any:
    """A token of the caller, or of an auditor."""
    mine = place.is_own and place.caller.user
    user = mine or access.make_grant(role=Role.AUDITOR).user
    return access.make_token(user=user)[0]


def event(place: Place) -> Any:
    """A change that somebody made."""
    record("organisations.rename", place.organisation(), actor=SYSTEM, at=AT, changes={"name": ["A", "B"]})
    return AuditEvent.objects.order_by("recorded_at", "pk").last()


def grant(place: Place) -> Any:
    """A viewer's role in a company of the caller, or in another one."""
    return access.make_grant(role=Role.COMPANY_VIEWER, organisation=place.organisation())


def invitation(place: Place) -> Any:
    """To a role in a company of the caller, or in another one."""
    return access.make_invitation(role=Role.COMPANY_VIEWER, organisation=place.organisation())[0]


def _machine(place: Place, row: Any) -> dict[str, Any]:
    organisation = str(place.organisation().pk)
    return {"name": "roster", "role": "company_system", "organisation": organisation, "scopes": ["read"], "days": 30}


def _grant_body(place: Place, row: Any) -> dict[str, Any]:
    held = grant(place)
    return {"user": str(held.user_id), "role": "company_editor", "organisation": str(held.organisation_id)}


def _invitation_body(place: Place, row: Any) -> dict[str, Any]:
    email = "invited@hotel.example"
    return {"email": email, "role": "company_viewer", "organisation": str(place.organisation().pk)}


def _acceptance(place: Place, row: Any) -> dict[str, Any]:
    return {"token": access.make_invitation()[1], "password": PASSWORD}


ACCESS: dict[str, Specimen] = {
    "me_show": Specimen(),
    **reads("audit", event, is_shared=True),
    **reads("tokens", token),
    "tokens_create": Specimen(body=sent(name="dashboard", scopes=["read"], days=5), status=201),
    "tokens_create_for_machine": Specimen(body=_machine, refs=("organisation",), status=201),
    "tokens_rotate": Specimen(row=token, status=201),
    "tokens_revoke": Specimen(row=token),
    **reads("grants", grant),
    "grants_create": Specimen(body=_grant_body, refs=("user", "organisation"), status=201),
    "grants_revoke": Specimen(row=grant),
    **reads("invitations", invitation),
    "invitations_create": Specimen(body=_invitation_body, refs=("organisation",), status=201),
    "invitations_revoke": Specimen(row=invitation),
    "invitations_accept": Specimen(body=_acceptance, status=201),
}
