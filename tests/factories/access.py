"""People, grants, tokens and invitations for tests."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from members.access import tokens
from members.access.models import ApiToken, Grant, Invitation, User
from members.access.rules import ROLES_WITHOUT_ORGANISATION
from members.scope import Role

AT = datetime(2026, 11, 22, 10, tzinfo=UTC)
PASSWORD = "correct horse battery staple"
_numbers = count(1)


def make_user(*, password: str | None = None, **overrides: Any) -> User:
    """A person who logs in; without a password unless one is named."""
    email = overrides.pop("email", f"person{next(_numbers)}@office.example")
    return User.objects.create_user(email, password, **overrides)


def make_grant(**overrides: Any) -> Grant:
    """A grant of the secretariat's role, unless told otherwise; for a new organisation where the role needs one."""
    role = overrides.setdefault("role", Role.SECRETARIAT)
    if role not in ROLES_WITHOUT_ORGANISATION and not {"organisation", "organisation_id"} & set(overrides):
        from tests.factories.organisations import make_organisation

        overrides["organisation"] = make_organisation()
    if not {"user", "user_id"} & set(overrides):
        overrides["user"] = make_user()
    defaults: dict[str, Any] = {"valid_from": date(2026, 1, 1), "created_at": AT}
    return Grant.objects.create(**{**defaults, **overrides})


def make_token(**overrides: Any) -> tuple[ApiToken, str]:
    """A live token with its text; of a new user of the secretariat unless told otherwise."""
    minted = tokens.mint_token()
    if not {"user", "user_id"} & set(overrides):
        overrides["user"] = make_grant().user
    defaults: dict[str, Any] = {
        "name": "test",
        "prefix": minted.prefix,
        "secret_hash": minted.hash,
        "scopes": ["read", "write"],
        "created_at": AT - timedelta(days=10),
        "expires_at": AT + timedelta(days=90),
        # In the present hour: no request of a test writes it, so query counts are exact.
        "last_used_at": AT,
    }
    return ApiToken.objects.create(**{**defaults, **overrides}), minted.text


def make_invitation(**overrides: Any) -> tuple[Invitation, str]:
    """An open invitation to the secretariat with its secret."""
    minted = tokens.mint_invitation()
    defaults: dict[str, Any] = {
        "email": f"invited{next(_numbers)}@office.example",
        "role": Role.AUDITOR,
        "token_hash": minted.hash,
        "created_at": AT,
        "expires_at": AT + timedelta(days=14),
    }
    return Invitation.objects.create(**{**defaults, **overrides}), minted.text
