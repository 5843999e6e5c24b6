"""Questions about people, grants, tokens and invitations."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Self

from django.contrib.auth.models import BaseUserManager
from django.db import models
from django.db.models import Exists, OuterRef, Q

from members.access.rules import TREE_ROLES
from members.scope import Role, Scope


def _in_own_tree(scope: Scope, *, prefix: str = "") -> Q:
    """Company roles held inside the trees that the caller edits."""
    return Q(
        **{
            f"{prefix}organisation_id__in": scope.organisations(Role.COMPANY_EDITOR),
            f"{prefix}role__in": sorted(TREE_ROLES),
        }
    )


class UserQuerySet(models.QuerySet):
    """Questions about those who log in."""

    def visible_to(self, scope: Scope) -> Self:
        """The secretariat sees all; a company editor those with a company role in its tree; everybody themselves."""
        if scope.wears(Role.SECRETARIAT):
            return self
        own = Q(pk=scope.user_id) if scope.user_id else Q(pk__in=[])
        if not scope.wears(Role.COMPANY_EDITOR):
            return self.filter(own)
        colleagues = self.model._meta.get_field("grants").related_model.objects.filter(
            _in_own_tree(scope), user_id=OuterRef("pk")
        )
        return self.filter(own | Exists(colleagues))


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Creates and finds users; an e-mail address is kept in lower case."""

    def get_by_natural_key(self, email: str | None) -> Any:
        return self.get(email=(email or "").lower())

    def create_user(self, email: str, password: str | None = None, **fields: object) -> Any:
        """A user with that password, or without any when None."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> Any:
        """A user of the staff pages; what it may do through the API still takes a grant."""
        return self.create_user(email, password, **{"is_staff": True, "is_superuser": True, **fields})


class GrantQuerySet(models.QuerySet):
    """Questions about grants."""

    def visible_to(self, scope: Scope) -> Self:
        """The secretariat sees all, a company editor company roles in its tree, everybody their own."""
        if scope.wears(Role.SECRETARIAT):
            return self
        own = Q(user_id=scope.user_id) if scope.user_id else Q(pk__in=[])
        return self.filter(own | _in_own_tree(scope))

    def live_on(self, day: date) -> Self:
        """Neither revoked nor outside their period on `day`."""
        return self.filter(Q(valid_until=None) | Q(valid_until__gte=day), revoked_at=None, valid_from__lte=day)


class ApiTokenQuerySet(models.QuerySet):
    """Questions about tokens."""

    def visible_to(self, scope: Scope) -> Self:
        """The secretariat sees all, a company editor those of its tree's systems, everybody their own."""
        if scope.wears(Role.SECRETARIAT):
            return self
        own = Q(user_id=scope.user_id) if scope.user_id else Q(pk__in=[])
        return self.filter(own | Q(user__is_machine=True) & _in_own_tree(scope, prefix="grant__"))

    def live_at(self, moment: datetime) -> Self:
        """Neither revoked nor expired at `moment` of the real clock."""
        return self.filter(revoked_at=None, expires_at__gt=moment)


class InvitationQuerySet(models.QuerySet):
    """Questions about invitations."""

    def visible_to(self, scope: Scope) -> Self:
        """The secretariat sees all, a company editor its tree's, an LCR those to companies of its countries."""
        if scope.wears(Role.SECRETARIAT):
            return self
        by_mandate = Q(organisation__country_id__in=scope.countries, role__in=sorted(TREE_ROLES))
        return self.filter(_in_own_tree(scope) | by_mandate)

    def open_at(self, moment: datetime) -> Self:
        """Neither accepted, revoked nor expired at `moment` of the real clock."""
        return self.filter(accepted_at=None, revoked_at=None, expires_at__gt=moment)
