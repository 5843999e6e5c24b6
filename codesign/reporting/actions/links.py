"""Links to one site's return: made, shown once, revoked. Each is a token that opens nothing else."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import transaction

from codesign.reporting.free_text import suspicion_in
from codesign.reporting.models import ReturnLink, SiteReturn
from codesign.reporting.querysets import RETURN_LINK_SCOPES
from members.access.actions import tokens
from members.access.models import ApiToken
from members.scope import Role
from registry.kernel.audit.actions import record
from registry.kernel.audit.actor import Actor
from registry.kernel.errors import Invalid, NotFound, Refused

MAX_DAYS = 120


class MadeLink(NamedTuple):
    """A new link and its secret, which is known here for the only time."""

    link: ReturnLink
    secret: str


@transaction.atomic
def make_link(*, return_id: UUID, holder: str, days: int, actor: Actor, at: datetime, now: datetime) -> MadeLink:
    """A key to one return for `days` of the real clock. `holder` is a function, never a name. Raises Invalid."""
    row = SiteReturn.objects.select_related("site", "report").filter(pk=return_id).first()
    if row is None:
        raise NotFound("There is no such return.")
    if not 1 <= days <= MAX_DAYS:
        raise Invalid.at("/days", "out_of_range", f"A link lives 1 to {MAX_DAYS} days.")
    if not holder.strip() or suspicion_in(holder):
        raise Invalid.at("/holder", "looks_like_a_person", "Name the function that holds it, such as front office.")
    # A plain actor: whoever may give a link out gives no right of their own away.
    giver = Actor(user_id=actor.user_id, token_id=actor.token_id, label=actor.label, request_id=actor.request_id)
    issued = tokens.issue_to_machine(
        name=f"Return {row.pk}",
        role=Role.SITE_EDITOR,
        organisation_id=row.site.company_id,
        site_ids=[row.site_id],
        scopes=sorted(RETURN_LINK_SCOPES),
        days=days,
        actor=giver,
        at=at,
        now=now,
    )
    link = ReturnLink.objects.create(
        site_return=row, token=issued.token, holder=holder.strip(), created_at=at, created_by_label=actor.label
    )
    ends = now + timedelta(days=days)
    record("site-returns.make_link", row, actor=actor, at=at, changes={"link": [None, link.pk], "until": [None, ends]})
    return MadeLink(link, issued.text)


@transaction.atomic
def revoke_link(*, return_id: UUID, link_id: UUID, actor: Actor, at: datetime, now: datetime) -> ReturnLink:
    """End a link at once. Raises NotFound, Refused (`already_revoked`)."""
    link = ReturnLink.objects.select_related("token", "site_return").filter(pk=link_id, site_return=return_id).first()
    if link is None:
        raise NotFound("There is no such link.")
    if not ApiToken.objects.filter(pk=link.token_id, revoked_at=None).update(revoked_at=now):
        raise Refused("This link is revoked already.", code="already_revoked")
    link.token.refresh_from_db()
    record("site-returns.revoke_link", link.site_return, actor=actor, at=at, changes={"link": [link.pk, None]})
    return link
