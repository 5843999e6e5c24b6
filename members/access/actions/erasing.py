"""What a person's erasure means for log-ins and invitations: the address goes, the row stays for the log."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.apps import apps
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef, QuerySet

from members.access.models import ApiToken, Grant, Invitation, User
from members.people.erasure import Place, Subject
from members.scope import Role
from registry.kernel.errors import Refused

DOMAIN = "erased.invalid"


def logins_of(subject: Subject) -> QuerySet[User]:
    """Log-ins under the person's addresses; for an organisation those that it alone gave roles to.

    Raises Refused (`last_secretariat`).
    """
    users = User.objects.filter(email__in=subject.emails, is_machine=False)
    if subject.within is not None:
        held = Grant.objects.filter(revoked_at=None, user=OuterRef("pk"))
        own = held.filter(organisation_id__in=subject.within)
        return users.filter(Exists(own), ~Exists(held.exclude(organisation_id__in=subject.within)))
    officers = Grant.objects.filter(
        revoked_at=None, role=Role.SECRETARIAT, user__is_active=True, user__is_machine=False
    )
    if officers.filter(user__in=users).exists() and not officers.exclude(user__in=users).exists():
        raise Refused("The last officer of the secretariat can't be erased.", code="last_secretariat")
    return users


def close_logins(ids: Collection[UUID], at: datetime) -> None:
    """Let nobody log in as these any more, and keep nothing of them but the row."""
    for key in ids:  # one or two: addresses are unique
        User.objects.filter(pk=key).update(
            email=_marker(key), password=make_password(None), is_active=False, is_staff=False, is_superuser=False
        )
    Grant.objects.filter(user_id__in=ids, revoked_at=None).update(revoked_at=at)
    ApiToken.objects.filter(user_id__in=ids, revoked_at=None).update(revoked_at=at)
    ApiToken.objects.filter(user_id__in=ids).update(name="")
    apps.get_model("account", "EmailAddress").objects.filter(user_id__in=ids).delete()
    apps.get_model("mfa", "Authenticator").objects.filter(user_id__in=ids).delete()
    _end_sessions({str(key) for key in ids})


def _end_sessions(ids: set[str]) -> None:
    # A session tells whose it is only when it is opened, and it holds the address that was typed.
    if ids:
        keys = [session.pk for session in Session.objects.all() if session.get_decoded().get("_auth_user_id") in ids]
        Session.objects.filter(pk__in=keys).delete()


def invitations_to(subject: Subject) -> QuerySet[Invitation]:
    """Invitations to the person's addresses, for an organisation its own."""
    rows = Invitation.objects.filter(email__in=subject.emails)
    return rows if subject.within is None else rows.filter(organisation_id__in=subject.within)


def blank_invitations(ids: Collection[UUID], at: datetime) -> None:
    """Keep that somebody was invited, not who; an open one opens nothing any more."""
    for key in ids:
        Invitation.objects.filter(pk=key).update(email=_marker(key))
    Invitation.objects.filter(pk__in=ids, accepted_at=None, revoked_at=None).update(revoked_at=at)


def _marker(key: UUID) -> str:
    return f"{key.hex}@{DOMAIN}"


LOGINS = Place(
    name="logins",
    rows=lambda: User.objects.exclude(email__endswith=f"@{DOMAIN}"),
    of=logins_of,
    empty=close_logins,
    columns=("email",),
)
INVITATIONS = Place(
    name="invitations",
    rows=lambda: Invitation.objects.exclude(email__endswith=f"@{DOMAIN}"),
    of=invitations_to,
    empty=blank_invitations,
    columns=("email",),
)
