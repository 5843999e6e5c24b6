"""Links that sign a person of a company in: asked for by address, mailed, used once. `now` is of the real clock."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from members.access import tokens
from members.access.mails import TOPIC
from members.access.models import Grant, SignInLink, User
from members.access.rules import COMPANY_PEOPLE, SIGN_IN_LINK_LIFETIME
from members.scope import Role
from registry.kernel.audit.actions import record
from registry.kernel.audit.actor import SYSTEM, Actor
from registry.kernel.errors import Refused
from registry.kernel.ids import new_id
from registry.kernel.outbox import actions as outbox

# Whoever decides about others proves more than that they can read a mailbox.
_BY_LINK = sorted(COMPANY_PEOPLE | {Role.APPLICANT})


@transaction.atomic
def ask(*, email: str, at: datetime, now: datetime) -> None:
    """Mail a link to the person of that address; nothing happens, and nothing shows it, where there is none."""
    user = User.objects.filter(email=email.strip().lower(), is_active=True, is_machine=False).first()
    if user is None or not _may_come_by_link(user.pk, at=at):
        return
    # A newer link ends the older ones: of several mails the last one works.
    SignInLink.objects.filter(user=user, used_at=None).update(used_at=now)
    key = new_id()
    link = SignInLink.objects.create(
        pk=key,
        user=user,
        secret_hash=tokens.hash_of(tokens.sign_in_secret(key)),
        created_at=now,
        expires_at=now + SIGN_IN_LINK_LIFETIME,
    )
    outbox.put(key=f"{TOPIC}:{key}", topic=TOPIC, payload={"link": str(key)}, at=at, priority=1)
    record("sign_in_links.create", link, actor=SYSTEM, at=at, changes={"user_id": [None, user.pk]})


@transaction.atomic
def spend(*, secret: str, at: datetime, now: datetime) -> User:
    """The person whom the link signs in; it opens nothing any more. Raises Refused (`link_closed`)."""
    link = (
        SignInLink.objects.select_for_update(of=("self",))
        .select_related("user")
        .filter(secret_hash=tokens.hash_of(secret))
        .first()
    )
    if link is None or link.used_at or link.expires_at <= now or not link.user.is_active:
        raise Refused("This link was used, replaced or has run out.", code="link_closed")
    if not _may_come_by_link(link.user_id, at=at):
        raise Refused("This link was used, replaced or has run out.", code="link_closed")
    link.used_at = now
    link.save(update_fields=["used_at"])
    actor = Actor(user_id=link.user_id, label="sign_in_link")
    record("sign_in_links.use", link, actor=actor, at=at, changes={"used_at": [None, now]})
    return link.user


def _may_come_by_link(user_id: UUID, *, at: datetime) -> bool:
    held = set(Grant.objects.live_on(at.date()).filter(user_id=user_id).values_list("role", flat=True))
    return bool(held) and held <= set(_BY_LINK)
