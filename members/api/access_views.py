"""Me, tokens, grants and invitations over HTTP."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from rest_framework.exceptions import Throttled

from members.access.actions import grants, invitations, tokens
from members.access.models import ApiToken, Grant, GrantedRole, Invitation
from members.access.throttle import address_of, wait_after
from members.access.tokens import hash_of
from members.api import access_bodies as bodies
from members.api import access_rows as shown
from members.scope import Scope
from registry.kernel import clock
from registry.kernel.api.calls import Call
from registry.kernel.api.filters import AnyOf, RowFilters
from registry.kernel.api.views import ListRows, ReadRow, ResourceViews, command, query

ACCEPT_LIMIT, ACCEPT_PERIOD = 10, 3600


class RoleFilters(RowFilters):
    """Filters of grants and invitations."""

    role = AnyOf("role", choices=GrantedRole, help_text="Role held or offered.")

    class Meta:
        model = Grant
        fields: list[str] = []


class MeViews(ResourceViews):
    """Who the caller is."""

    resource = "me"
    tag = "Access"
    row = shown.GrantRow

    @query(path="", answer=shown.MeAnswer, summary="Say who I am and what is mine")
    def show(self, call: Call) -> dict[str, Any]:
        """Works with a token, with a log-in and without either; says what is seen with it today."""
        scope: Scope = call.scope
        person: Any = call.request.user if scope.user_id else None
        return {
            "user_id": scope.user_id,
            "token_id": scope.token_id,
            "email": person.email if person and not person.is_machine else None,
            "language": person.language if person else None,
            "zone": person.zone if person else None,
            "token_scopes": None if scope.token_scopes is None else sorted(scope.token_scopes),
            "day": scope.day,
            "countries": sorted(scope.countries),
            "hats": [
                {
                    "role": hat.role,
                    "organisation_id": hat.organisation_id,
                    "organisation_ids": sorted(hat.organisation_ids),
                    "countries": sorted(hat.countries),
                    "site_ids": sorted(hat.site_ids),
                }
                for hat in scope.hats
            ],
        }


class TokenViews(ListRows, ReadRow, ResourceViews):
    """Bearer tokens: one's own, those of one's systems; all for the secretariat."""

    resource = "tokens"
    tag = "Access"
    row = shown.TokenRow
    orderings = {"created_at": "created_at", "expires_at": "expires_at"}
    dated = False

    def rows(self, scope: Any, *, on: date) -> QuerySet:
        return ApiToken.objects.visible_to(scope)

    @command(
        body=bodies.TokenBody,
        answer=shown.IssuedTokenAnswer,
        status=201,
        keep_answer=False,
        summary="Issue a token for myself",
        errors=(403,),
        example={"name": "dashboard", "scopes": ["figures:read"], "days": 90},
    )
    def create(self, call: Call) -> dict[str, Any]:
        """It may do what you may, within its scopes. The answer alone shows its text."""
        return _issued(
            tokens.issue(user_id=call.scope.user_id, **call.data, actor=call.scope, at=call.at, now=clock.real_now())
        )

    @command(
        path="machine",
        body=bodies.MachineTokenBody,
        answer=shown.IssuedTokenAnswer,
        status=201,
        keep_answer=False,
        summary="Issue a token for a system",
        errors=(403,),
        example={
            "name": "roster export",
            "role": "company_system",
            "organisation": "0192f0c1-7d3a-7e2b-9b7a-3f1f5a1c2d3e",
            "scopes": ["training:write"],
            "days": 365,
        },
    )
    def create_for_machine(self, call: Call) -> dict[str, Any]:
        """The system becomes a user of its own that holds this role and nothing else."""
        return _issued(tokens.issue_to_machine(**call.data, actor=call.scope, at=call.at, now=clock.real_now()))

    @command(
        detail=True,
        answer=shown.IssuedTokenAnswer,
        status=201,
        keep_answer=False,
        if_match="optional",
        summary="Replace a token by a new one",
        errors=(403, 409),
    )
    def rotate(self, call: Call) -> dict[str, Any]:
        """The old token works for 24 hours more, so that the new one can be put in place."""
        return _issued(
            tokens.rotate(
                token_id=call.id,
                expected_version=call.version,
                actor=call.scope,
                at=call.at,
                now=clock.real_now(),
            )
        )

    @command(detail=True, if_match="optional", summary="Revoke a token at once", errors=(409,))
    def revoke(self, call: Call) -> ApiToken:
        """Its next request is answered 401."""
        return tokens.revoke(
            token_id=call.id, expected_version=call.version, actor=call.scope, at=call.at, now=clock.real_now()
        )


class GrantViews(ListRows, ReadRow, ResourceViews):
    """Roles that users hold."""

    resource = "grants"
    tag = "Access"
    row = shown.GrantRow
    filters = RoleFilters
    orderings = {"created_at": "created_at", "role": "role"}
    dated = False

    def rows(self, scope: Any, *, on: date) -> QuerySet:
        return Grant.objects.visible_to(scope)

    @command(
        body=bodies.GrantBody,
        summary="Give a user a role",
        errors=(403, 409),
        example={"user": "0192f0c1-7d3a-7e2b-9b7a-3f1f5a1c2d3e", "role": "auditor"},
    )
    def create(self, call: Call) -> Grant:
        """A company editor gives company roles in its own tree; the secretariat gives every role."""
        return grants.give(**call.data, actor=call.scope, at=call.at)

    @command(detail=True, if_match="optional", summary="Revoke a grant at once", errors=(403, 409))
    def revoke(self, call: Call) -> Grant:
        """The user's next request is answered without it."""
        return grants.revoke(grant_id=call.id, expected_version=call.version, actor=call.scope, at=call.at)


class InvitationViews(ListRows, ReadRow, ResourceViews):
    """Roles offered to e-mail addresses."""

    resource = "invitations"
    tag = "Access"
    row = shown.InvitationRow
    filters = RoleFilters
    orderings = {"created_at": "created_at", "expires_at": "expires_at"}
    dated = False

    def rows(self, scope: Any, *, on: date) -> QuerySet:
        return Invitation.objects.visible_to(scope)

    @command(
        body=bodies.InvitationBody,
        answer=shown.IssuedInvitationAnswer,
        status=201,
        keep_answer=False,
        summary="Invite somebody to a role",
        errors=(403, 409),
        example={
            "email": "front.office@hotel.example",
            "role": "company_editor",
            "organisation": "0192f0c1-7d3a-7e2b-9b7a-3f1f5a1c2d3e",
        },
    )
    def create(self, call: Call) -> dict[str, Any]:
        """The answer alone shows the invitation's secret, which is good for 14 days."""
        invitation, text = invitations.invite(**call.data, actor=call.scope, at=call.at, now=clock.real_now())
        kept = {name: getattr(invitation, name) for name in ("id", "email", "role", "expires_at")}
        return {**kept, "token": text}

    @command(detail=True, if_match="optional", summary="Take an invitation back", errors=(409,))
    def revoke(self, call: Call) -> Invitation:
        """Its secret opens nothing any more."""
        return invitations.revoke(
            invitation_id=call.id, expected_version=call.version, actor=call.scope, at=call.at, now=clock.real_now()
        )

    @command(
        body=bodies.AcceptBody,
        answer=shown.AcceptedAnswer,
        status=201,
        keep_answer=False,
        summary="Accept an invitation",
        errors=(404, 409, 429),
        example={"token": "ci_…", "password": "a long sentence of your own", "language": "fr"},
    )
    def accept(self, call: Call) -> dict[str, Any]:
        """Makes the login of the invited person. Ten tries an hour for each address and each invitation."""
        now = clock.real_now()
        address = address_of(call.request.META, proxies=settings.NUM_PROXIES)
        subjects = (f"address:{address}", f"invitation:{hash_of(call.data['token'])}")
        wait = wait_after("accept", subjects, limit=ACCEPT_LIMIT, period=ACCEPT_PERIOD, now=now.timestamp())
        if wait is not None:
            raise Throttled(wait)
        grant = invitations.accept(**call.data, request_id=call.scope.request_id, at=call.at, now=now)
        return {"user_id": grant.user_id, "grant_id": grant.pk, "role": grant.role}


def _issued(issued: tokens.Issued) -> dict[str, Any]:
    kept = {name: getattr(issued.token, name) for name in ("id", "name", "scopes", "expires_at")}
    return {**kept, "token": issued.text}
