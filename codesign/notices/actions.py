"""Record what was sent and what became of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from codesign.notices.models import Notice, NoticeChannel, NoticeKind
from registry.kernel.audit.actions import record, record_all
from registry.kernel.audit.actor import Actor
from registry.kernel.errors import Invalid, NotFound, Refused


class AlreadyBounced(Refused):
    """A notice that bounced can't have been delivered as well, and the other way round."""

    default_code = "notice_settled"


@transaction.atomic
def record_notice(
    *,
    membership_id: UUID,
    kind: NoticeKind,
    sent_at: datetime,
    actor: Actor,
    at: datetime,
    channel: NoticeChannel = NoticeChannel.EMAIL,
    contact_id: UUID | None = None,
    delivered_at: datetime | None = None,
    reference: str = "",
) -> Notice:
    """Keep a notice that was handed over. The same `reference` again answers the row that is there."""
    if sent_at > at:
        raise Invalid.at("/sent_at", "in_the_future", "A notice is recorded once it was handed over.")
    if channel == NoticeChannel.REGISTERED_LETTER and not reference:
        raise Invalid.at("/reference", "required", "A registered letter is logged with its number.")
    fields = {
        "membership_id": membership_id,
        "kind": kind,
        "channel": channel,
        "contact_id": contact_id,
        "sent_at": sent_at,
        "delivered_at": delivered_at,
        "created_at": at,
    }
    if reference:
        notice, is_new = Notice.objects.get_or_create(reference=reference, defaults=fields)
    else:
        notice, is_new = Notice.objects.create(**fields), True
    if is_new:
        record("notices.record", notice, actor=actor, at=at, changes={"kind": [None, kind], "sent_at": [None, sent_at]})
    return notice


@transaction.atomic
def record_notices(notices: list[Notice], *, actor: Actor, at: datetime) -> int:
    """Keep notices that were handed over, each under its reference; how many are new. A few statements for all."""
    known = set(
        Notice.objects.filter(reference__in=[notice.reference for notice in notices]).values_list(
            "reference", flat=True
        )
    )
    new = [notice for notice in notices if notice.reference not in known]
    Notice.objects.bulk_create(new)
    for kind, sent_at in sorted({(notice.kind, notice.sent_at) for notice in new}):
        keys = [notice.pk for notice in new if (notice.kind, notice.sent_at) == (kind, sent_at)]
        changes: dict[str, list[Any]] = {"kind": [None, kind], "sent_at": [None, sent_at]}
        record_all("notices.record", Notice, keys, actor=actor, at=at, changes=changes)
    return len(new)


@transaction.atomic
def mark_delivered(*, notice_id: UUID, delivered_at: datetime, actor: Actor, at: datetime) -> Notice:
    """Keep the provider's receipt. The first one stands; Refused after a bounce."""
    return _settle(notice_id, "delivered_at", delivered_at, actor=actor, at=at)


@transaction.atomic
def mark_bounced(*, notice_id: UUID, bounced_at: datetime, actor: Actor, at: datetime) -> Notice:
    """Keep that a notice came back. The first bounce stands; Refused after a receipt."""
    return _settle(notice_id, "bounced_at", bounced_at, actor=actor, at=at)


def _settle(notice_id: UUID, field: str, moment: datetime, *, actor: Actor, at: datetime) -> Notice:
    notice = Notice.objects.filter(pk=notice_id).first()
    if notice is None:
        raise NotFound("There is no such notice.")
    if not notice.sent_at <= moment <= at:
        raise Invalid.at("/at", "out_of_range", "A receipt or a bounce comes after the sending, and not in the future.")
    updated = Notice.objects.filter(pk=notice_id, delivered_at=None, bounced_at=None).update(**{field: moment})
    notice.refresh_from_db()
    if updated:
        record(f"notices.{field.removesuffix('_at')}", notice, actor=actor, at=at, changes={field: [None, moment]})
    elif getattr(notice, field) is None:
        raise AlreadyBounced("The other outcome of this notice was recorded before.")
    return notice
