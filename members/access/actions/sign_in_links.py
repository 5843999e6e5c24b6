"""Links that sign a person of a company in: asked for by address, mailed, used once. `now` is of the real clock."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from members.access import tokens
from members.access.actions import grants
from members.access.actions.offers import Offer
from members.access.mails import TOPIC
from members.access.models import Grant, SignInLink, User
from members.access.rules import COMPANY_PEOPLE, SIGN_IN_LINK_KEPT, SIGN_IN_LINK_LIFETIME
from members.scope import Role
from registry.kernel.audit.actions import record
from registry.kernel.audit.actor import SYSTEM, Actor
from registry.kernel.errors import Refused
from registry.kernel.ids import new_id
from registry.kernel.outbox import actions as outbox

# Whoever decides about others proves more than that they can read a mailbox.
_BY_LINK = frozenset(COMPANY_PEOPLE | {Role.APPLICANT})


@transaction.atomic
def ask(*, email: str, at: datetime, now: datetime) -> None:
    """Mail a link to the person of that address; nothing happens, and nothing shows it, where there is none."""
    user = User.objects.filter(email=email.strip().lower(), is_active=True, is_machine=False).first()
    if user is not None and _may_come_by_link(user.pk, opens_application=False, at=at):
        _mail(at=at, now=now, user=user)


@transaction.atomic
def ask_to_apply(*, email: str, language: str, at: datetime, now: datetime) -> None:
    """Mail a link that makes its reader an applicant, with a log-in if they have none; what it does shows nowhere.

    Until the link is used there is no user: an address that somebody else typed leaves nothing behind.
    """
    email = email.strip().lower()
    user = User.objects.filter(email=email).first()
    if user is None:
        _mail(at=at, now=now, opens_application=True, email=email, language=language)
    elif user.is_active and not user.is_machine and _may_come_by_link(user.pk, opens_application=True, at=at):
        _mail(at=at, now=now, opens_application=True, user=user)


@transaction.atomic
def spend(*, secret: str, at: datetime, now: datetime) -> User:
    """The person whom the link signs in; it opens nothing any more. Raises Refused (`link_closed`)."""
    link = (
        SignInLink.objects.select_for_update(of=("self",))
        .select_related("user")
        .filter(secret_hash=tokens.hash_of(secret))
        .first()
    )
    if link is None or link.used_at or link.expires_at <= now:
        raise _closed()
    user = link.user or User.objects.filter(email=link.email).first()
    if user is None:
        user = User.objects.create_user(link.email, None, language=link.language)
        record("users.create", user, actor=_actor(user), at=at, changes={"is_machine": [None, False]})
    elif (
        not user.is_active
        or user.is_machine
        or not _may_come_by_link(user.pk, opens_application=link.opens_application, at=at)
    ):
        raise _closed()
    link.used_at, link.user, link.email, link.language = now, user, "", ""
    link.save(update_fields=["used_at", "user", "email", "language"])
    record("sign_in_links.use", link, actor=_actor(user), at=at, changes={"used_at": [None, now]})
    if link.opens_application and not _has_a_free_application(user.pk, at=at):
        grants.enter(user.pk, Offer(Role.APPLICANT, None, (), ()), actor=_actor(user), at=at)
    return user


def forget(*, now: datetime) -> int:
    """Remove the links that opened nothing for a day, and with them addresses that nobody proved; how many."""
    removed, _ = SignInLink.objects.filter(expires_at__lt=now - SIGN_IN_LINK_KEPT).delete()
    return removed


def _mail(
    *,
    at: datetime,
    now: datetime,
    user: User | None = None,
    opens_application: bool = False,
    email: str = "",
    language: str = "",
) -> None:
    # A newer link ends the older ones: of several mails the last one works.
    older = SignInLink.objects.filter(used_at=None)
    (older.filter(user=user) if user else older.filter(email=email)).update(used_at=now)
    key = new_id()
    link = SignInLink.objects.create(
        pk=key,
        user=user,
        opens_application=opens_application,
        email=email,
        language=language,
        secret_hash=tokens.hash_of(tokens.sign_in_secret(key)),
        created_at=now,
        expires_at=now + SIGN_IN_LINK_LIFETIME,
    )
    outbox.put(key=f"{TOPIC}:{key}", topic=TOPIC, payload={"link": str(key)}, at=at, priority=1)
    record("sign_in_links.create", link, actor=SYSTEM, at=at, changes={"user_id": [None, user.pk if user else None]})


def _may_come_by_link(user_id: UUID, *, opens_application: bool, at: datetime) -> bool:
    held = set(Grant.objects.live_on(at.date()).filter(user_id=user_id).values_list("role", flat=True))
    return held <= _BY_LINK and (bool(held) or opens_application)


def _has_a_free_application(user_id: UUID, *, at: datetime) -> bool:
    return Grant.objects.live_on(at.date()).filter(user_id=user_id, role=Role.APPLICANT, organisation=None).exists()


def _actor(user: User) -> Actor:
    return Actor(user_id=user.pk, label="sign_in_link")


def _closed() -> Refused:
    return Refused("This link was used, replaced or has run out.", code="link_closed")
