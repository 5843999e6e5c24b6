"""Staff pages for looking at access. Changes go through the API, where they are checked and recorded."""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.http import HttpRequest

from members.access.models import ApiToken, Grant, User

# The same log-in as everywhere: attempts counted, second factor asked.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]


class ReadOnlyAdmin(admin.ModelAdmin):
    """Shows rows and changes none."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False


@admin.register(User)
class UserAdmin(ReadOnlyAdmin):
    """People and machines."""

    list_display = ("id", "email", "is_active", "is_staff", "is_machine", "created_at")
    list_filter = ("is_active", "is_staff", "is_machine")
    search_fields = ("email",)
    exclude = ("password", "groups", "user_permissions")
    ordering = ("email", "pk")


@admin.register(Grant)
class GrantAdmin(ReadOnlyAdmin):
    """Roles that users hold."""

    list_display = ("id", "user_id", "role", "organisation", "valid_from", "valid_until", "revoked_at")
    list_filter = ("role",)
    list_select_related = ("organisation",)
    ordering = ("-created_at", "pk")


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnlyAdmin):
    """Tokens, without the hash of their secret."""

    list_display = ("id", "name", "prefix", "user_id", "scopes", "expires_at", "revoked_at", "last_used_at")
    exclude = ("secret_hash",)
    ordering = ("-created_at", "pk")
