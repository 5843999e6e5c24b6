"""Who is calling: a bearer token, a logged-in person or the public; and the scope that follows."""

from __future__ import annotations

import logging
from base64 import b64decode
from copy import copy
from typing import Any

from django.db import DatabaseError
from django.http import QueryDict
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from members.access.actions import tokens
from members.access.models import ApiToken, User
from members.access.scopes import TokenRefused, bearer, public_scope, scope_of
from members.scope import Scope
from registry.kernel import clock

logger = logging.getLogger(__name__)


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer cr_…`. Anything else after `Bearer` is 401, whatever bytes it is made of.

    Where a resource takes it, the same token by HTTP Basic: `cr_…` up to the second underscore is the key, the rest
    the secret.
    """

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        """User and token, or None when no token was sent. The grants come with the same query."""
        scheme, _blank, text = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if scheme.lower() == "basic" and _takes_basic(request):
            text = _joined(text.strip())
        elif scheme.lower() != "bearer":
            return None
        now = clock.real_now()
        try:
            token, held = bearer(text.strip(), now=now)
        except TokenRefused as refusal:
            raise AuthenticationFailed(_sentence(refusal.code), code=refusal.code) from refusal
        try:
            tokens.note_use(token, now=now)
        except DatabaseError as error:  # a busy database must not turn a good token away
            logger.warning("last use not noted", exc_info=error)
        request.held_grants = held  # type: ignore[attr-defined]
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        """The challenge of a 401."""
        return 'Bearer realm="register"' + (', Basic realm="register"' if _takes_basic(request) else "")


def _takes_basic(request: Request) -> bool:
    view = (request.parser_context or {}).get("view")
    return getattr(view, "takes_basic", False)


def _joined(text: str) -> str:
    """The token that a key and a secret make; empty for what is none."""
    try:
        key, _colon, secret = b64decode(text, validate=True).decode("ascii").partition(":")
    except ValueError:
        return ""
    return f"{key}_{secret}"


class LoginAuthentication(SessionAuthentication):
    """A logged-in person's browser; each change proves by the header `X-CSRFToken` that a page of ours asked for it."""

    def enforce_csrf(self, request: Request) -> None:
        """By header alone: to look for a form's field would read the body away before the command does."""
        asked = copy(request._request)
        asked.POST = QueryDict()
        super().enforce_csrf(asked)  # type: ignore[arg-type]


def _sentence(code: str) -> str:
    return {
        "token_expired": _("This token has run out."),
        "token_revoked": _("This token was revoked."),
        "user_inactive": _("The user of this token is no longer active."),
    }.get(code) or _("This is not a token of the register.")


def scope_for(request: Any, *, fresh: bool = False) -> Scope:
    """The caller's scope, built once per request: of its token, its session or the public.

    `fresh` builds it again, after a change that may have widened it.
    """
    if fresh:
        request.held_grants = None
    scope = None if fresh else getattr(request, "caller_scope", None)
    if scope is None:
        scope = request.caller_scope = _build(request)
    return scope


def _build(request: Any) -> Scope:
    user, day = request.user, clock.today()
    request_id = getattr(request, "request_id", "")
    if user is None or not user.is_authenticated:
        return public_scope(day=day, request_id=request_id)
    token = getattr(request, "auth", None)
    return scope_of(
        user,
        token=token if isinstance(token, ApiToken) else None,
        held=getattr(request, "held_grants", None),
        at=clock.real_now(),
        day=day,
        request_id=request_id,
    )
