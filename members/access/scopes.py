"""Builds the scope of a caller from the grants that count today, in a fixed number of queries.

With a token one query reads token, user, grants and their mandates together. Beyond that: one per company role
held (three at most) for the trees. Nothing grows with the grants.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS
from django.db.models import CharField, FilteredRelation, Q

from members.access import tokens
from members.access.models import ApiToken, User
from members.access.rules import TREE_ROLES, counts_on
from members.network.models import Mandate
from members.organisations.models import Organisation
from members.scope import PUBLIC_HAT, CountrySpan, Hat, Role, Scope
from registry.kernel.compiled import Compiled, Slot, kept
from registry.kernel.sql import rows_of

_COLUMNS = {
    "id": "pk",
    "role": "role",
    "organisation_id": "organisation_id",
    "organisation_name": "organisation__name",
    "countries": "countries",
    "site_ids": "site_ids",
    "valid_from": "valid_from",
    "valid_until": "valid_until",
}


class Held(NamedTuple):
    """A grant that is not revoked, as plain values; `mandates` are the confirmed ones of its organisation, in no order:
    country, first day, last day (None while it lasts), zone.
    """

    id: UUID
    role: Role
    organisation_id: UUID | None
    organisation_name: str | None
    countries: list[str]
    site_ids: list[str]
    valid_from: date
    valid_until: date | None
    mandates: list[tuple[str, str | None, str | None, str]] | None


class TokenRefused(Exception):
    """The bearer token opens nothing; `code` says why, to whoever proved to hold it."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def public_scope(*, day: date, request_id: str = "") -> Scope:
    """The scope of a caller without a login."""
    return Scope(label="public", request_id=request_id, day=day)


def held_by(user: User) -> tuple[Held, ...]:
    """The grants of `user` that are not revoked, one query."""
    rows = user.grants.filter(revoked_at=None).order_by("pk")
    return tuple(Held(*row) for row in rows.values_list(*_COLUMNS.values(), _mandates("organisation_id")))


def bearer(text: str, *, now: datetime) -> tuple[ApiToken, tuple[Held, ...]]:
    """The live token that `text` proves, with its user, and the user's grants: one query for all three.

    Raises TokenRefused. `now` is a moment of the real clock.
    """
    claimed = tokens.read_token(text)
    if claimed is None:
        raise TokenRefused("invalid_token")
    prefix, secret_hash = claimed
    rows = kept("members.bearer", _bearers).rows(prefix=prefix)
    if not rows or not tokens.same(rows[0][_SECRET_HASH], secret_hash):
        raise TokenRefused("invalid_token")
    token = _token(rows[0])
    if token.revoked_at is not None:
        raise TokenRefused("token_revoked")
    if not token.is_live(now):
        raise TokenRefused("token_expired")
    if not token.user.is_active:
        raise TokenRefused("user_inactive")
    held = (Held(*row[len(_TOKEN) + len(_USER) :]) for row in rows)
    return token, tuple(grant for grant in held if grant.id is not None)


# Every request asks this, so its SQL is built once.
_TOKEN = ("id", "user_id", "grant_id", "secret_hash", "scopes", "expires_at", "revoked_at", "last_used_at")
_USER = ("id", "email", "language", "zone", "is_active", "is_staff", "is_machine")
_SECRET_HASH = _TOKEN.index("secret_hash")


def _bearers() -> Compiled:
    """The token of a prefix with its user, once for each grant that is not revoked."""
    # A left join: a token whose user holds nothing is still found, as one row without a grant.
    not_revoked = FilteredRelation("user__grants", condition=Q(user__grants__revoked_at=None))
    found = ApiToken.objects.filter(prefix=Slot("prefix", CharField())).alias(held=not_revoked).order_by("held__pk")
    users, grants = (f"user__{name}" for name in _USER), (f"held__{column}" for column in _COLUMNS.values())
    return Compiled(found.values_list(*_TOKEN, *users, *grants, _mandates("held__organisation_id")))


def _token(row: tuple[Any, ...]) -> ApiToken:
    token = ApiToken.from_db(DEFAULT_DB_ALIAS, _TOKEN, row[: len(_TOKEN)])
    token.user = User.from_db(DEFAULT_DB_ALIAS, _USER, row[len(_TOKEN) : len(_TOKEN) + len(_USER)])
    return token


def scope_of(
    user: User,
    *,
    token: ApiToken | None = None,
    held: tuple[Held, ...] | None = None,
    at: datetime,
    day: date,
    request_id: str = "",
) -> Scope:
    """What `user` may see and do on the business day `day`; no hats when inactive or with a dead token.

    `at` is a moment of the real clock, for the token. `held` spares the query when the grants are known.
    """
    token_id = token.pk if token else None
    token_scopes = frozenset(token.scopes) if token else None
    if not user.is_active or (token is not None and not token.is_live(at)):
        hats: tuple[Hat, ...] = ()
        label = "nobody"
    else:
        held = held_by(user) if held is None else held
        counting = [
            grant
            for grant in held
            if counts_on(day, valid_from=grant.valid_from, valid_until=grant.valid_until)
            and (token is None or token.grant_id in {None, grant.id})
        ]
        hats = (*_hats(counting, day=day), PUBLIC_HAT)
        label = "; ".join(dict.fromkeys(_label(grant) for grant in counting))[:200] or "user"
    return Scope(
        user_id=user.pk,
        token_id=token_id,
        label=label,
        request_id=request_id,
        hats=hats,
        token_scopes=token_scopes,
        day=day,
    )


def _label(grant: Held) -> str:
    return f"{grant.role} ({grant.organisation_name})" if grant.organisation_name else grant.role


def _hats(held: Iterable[Held], *, day: date) -> Iterator[Hat]:
    by_role: dict[Role, list[Held]] = {}
    for grant in held:
        by_role.setdefault(Role(grant.role), []).append(grant)
    for role, grants in by_role.items():
        if role is Role.LCR:
            yield from _lcr_hats(grants, day=day)
        elif role in TREE_ROLES:
            yield from _tree_hats(role, grants, day=day)
        else:
            yield from (_hat(role, grant) for grant in grants)


def _organisations(grants: Iterable[Held]) -> set[UUID]:
    return {grant.organisation_id for grant in grants if grant.organisation_id is not None}


def _hat(role: Role, grant: Held, **more: Any) -> Hat:
    reach = {"organisation_ids": frozenset(_organisations([grant])), **more}
    return Hat(role=role, organisation_id=grant.organisation_id, **reach)


def _lcr_hats(grants: list[Held], *, day: date) -> Iterator[Hat]:
    for grant in grants:
        mandated, spans = _reach(grant, day=day)
        if mandated:
            yield _hat(Role.LCR, grant, countries=mandated, spans=spans)
        elif spans:
            # A former representative reads its own period back. Without organisations and countries the
            # role opens nothing else, whatever it admits to.
            yield Hat(role=Role.LCR, organisation_id=grant.organisation_id, spans=spans)
        else:
            # Without a confirmed mandate the role opens nothing, but its bearer still belongs to the
            # organisation and so decides nothing about it.
            yield Hat(role=Role.PUBLIC, organisation_id=grant.organisation_id)


def _reach(grant: Held, *, day: date) -> tuple[frozenset[str], tuple[CountrySpan, ...]]:
    """The countries of a grant whose mandate lasts on `day`, and those of former times."""
    present, past = set(), []
    for country, first, last, zone in grant.mandates or ():
        # Days compare as text, as they are written.
        if first is None or first > day.isoformat() or (grant.countries and country not in grant.countries):
            continue
        if last is None or last >= day.isoformat():
            present.add(country)
        else:
            begun, ended = date.fromisoformat(first), date.fromisoformat(last)
            past.append(CountrySpan(country=country, first=begun, last=ended, zone=zone))
    return frozenset(present), tuple(sorted(past, key=lambda span: (span.first, span.country)))


def _mandates(organisation: str) -> Any:
    """The confirmed mandates of an organisation."""
    columns = ("country_id", "valid_from", "valid_until", "country__zone")
    return rows_of(Mandate.objects.confirmed(), *columns, by="organisation_id", of=organisation)


def _tree_hats(role: Role, grants: list[Held], *, day: date) -> Iterator[Hat]:
    # One tree for all grants of a role: what two grants of one role reach together is the same either way.
    tree = frozenset(Organisation.objects.tree_of(_organisations(grants), day))
    for grant in grants:
        sites = frozenset(UUID(site) for site in grant.site_ids) if role is Role.SITE_EDITOR else frozenset()
        yield _hat(role, grant, organisation_ids=tree, site_ids=sites)
