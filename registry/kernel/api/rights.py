"""Who may call which operation: one table, deny by default.

The table maps `<resource>.<method>` to roles. An operation without a row is refused to everybody.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string
from rest_framework.exceptions import NotAuthenticated, PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request


@lru_cache(maxsize=1)
def table() -> dict[str, frozenset[str]]:
    """The merged rights table of the packages."""
    return import_string(settings.API_RIGHTS)


def operation_of(view: Any) -> str:
    """`<resource>.<method>` of the operation that a view is serving."""
    return f"{view.resource}.{view.action}"


class InRightsTable(BasePermission):
    """Admits a caller who wears a hat that the operation's row names; narrows the scope to those hats."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if view.action is None:  # no such method on this path: the frame answers 405
            return True
        operation = operation_of(view)
        scope = import_string(settings.API_SCOPE)(request)
        admitted = scope.narrowed(table().get(operation, frozenset()))
        if not admitted.hats:
            if scope.user_id is None:
                raise NotAuthenticated()
            raise PermissionDenied("Your roles do not include this.", code="right_missing")
        if not import_string(settings.API_TOKEN_RULE)(scope, request.method or "", operation):
            raise PermissionDenied("This token's scopes do not include this.", code="token_scope")
        view.scope = admitted
        return True
