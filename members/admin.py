"""Staff pages of the secretariat for looking, and for the moves that the domain itself allows; every one is audited."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from members.access.models import ApiToken, Grant, User
from members.access.scopes import scope_of
from members.organisations.models import Organisation
from members.scope import Role, Scope
from registry.kernel import clock
from registry.kernel.audit.models import AuditEvent
from registry.kernel.errors import DomainError

# The same log-in as everywhere: attempts counted, second factor asked.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]


def scope_for(request: HttpRequest) -> Scope:
    """The scope of who is looking, worked out once for the request."""
    scope = getattr(request, "admin_scope", None)
    if scope is None:
        user: Any = request.user
        scope = scope_of(user, at=clock.now(), day=clock.today()).narrowed({Role.SECRETARIAT})
        request.admin_scope = scope  # type: ignore[attr-defined]
    return scope


class RegisterAdmin(ModelAdmin):
    """Shows to the secretariat what its scope holds, and lets nobody write past the domain."""

    list_per_page = 50
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """What the caller may see."""
        rows: Any = super().get_queryset(request)
        return rows.visible_to(scope_for(request)) if hasattr(rows, "visible_to") else rows

    def has_module_permission(self, request: HttpRequest) -> bool:
        """For the secretariat alone, superusers included: a flag is no role."""
        return request.user.is_authenticated and scope_for(request).wears(Role.SECRETARIAT)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """As the module."""
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: what changes a row is a move."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False


Move = Callable[..., object]


def move(description: str, act: Move, key: str) -> Callable[[Any, HttpRequest, QuerySet], None]:
    """An action of a list: the domain's own move on each chosen row, with its tag; a refusal is told, not hidden."""

    @admin.action(description=description, permissions=["view"])
    def run(page: Any, request: HttpRequest, rows: QuerySet) -> None:
        for row in rows.order_by("pk"):  # few, chosen by hand; each is a decision of its own
            try:
                act(**{key: row.pk}, expected_version=row.version, actor=scope_for(request), at=clock.now())
            except DomainError as error:
                messages.error(request, f"{_name(row)}: {error}")
            else:
                messages.success(request, f"{_name(row)}: {description}")

    run.__name__ = description.lower().replace(" ", "_")
    return run


def _name(row: Model) -> str:
    return str(getattr(row, "number", None) or row)


@admin.register(Organisation)
class OrganisationAdmin(RegisterAdmin):
    """Organisations of the network's register."""

    list_display = ("name", "kind", "country", "is_listed", "is_demo", "created_at")
    list_filter = ("kind", "is_listed", "is_demo")
    list_select_related = ("country",)
    search_fields = ("name",)
    ordering = ("name", "pk")


@admin.register(User)
class UserAdmin(RegisterAdmin):
    """People and machines."""

    list_display = ("id", "email", "is_active", "is_staff", "is_machine", "created_at")
    list_filter = ("is_active", "is_staff", "is_machine")
    search_fields = ("email",)
    exclude = ("password", "groups", "user_permissions")
    ordering = ("email", "pk")


@admin.register(Grant)
class GrantAdmin(RegisterAdmin):
    """Roles that users hold."""

    list_display = ("id", "user_id", "role", "organisation", "valid_from", "valid_until", "revoked_at")
    list_filter = ("role",)
    list_select_related = ("organisation",)
    ordering = ("-created_at", "pk")


@admin.register(ApiToken)
class ApiTokenAdmin(RegisterAdmin):
    """Tokens, without the hash of their secret."""

    list_display = ("id", "name", "prefix", "user_id", "scopes", "expires_at", "revoked_at", "last_used_at")
    exclude = ("secret_hash",)
    ordering = ("-created_at", "pk")


@admin.register(AuditEvent)
class AuditEventAdmin(RegisterAdmin):
    """Who changed what, and when."""

    list_display = ("at", "action", "object_type", "object_id", "actor_label", "actor_id")
    search_fields = ("action", "object_id", "actor_id")
    ordering = ("-recorded_at", "pk")
