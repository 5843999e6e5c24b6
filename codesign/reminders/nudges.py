"""Whether an officer's own reminder would leave now, and why not: read by who offers it and by who sends it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.db.models import Case, CharField, DateField, DateTimeField, Exists, OuterRef, Q, UUIDField, Value, When
from django.db.models.functions import Cast

from codesign.companies.lifecycle import MembershipState
from codesign.reminders.lifecycle import OccurrenceState
from codesign.reminders.mails import NUDGE
from codesign.reminders.models import Occurrence, ReminderKind
from codesign.reminders.rules import local_day
from codesign.reminders.sources import FALLBACKS, SOURCES
from codesign.reminders.specs import Spec, specs_between
from members.people.models import Contact, ContactRole
from registry.kernel.compiled import Among, Compiled, Slot, kept

# Kind → who is written to.
NUDGEABLE = {
    ReminderKind.REPORT_DUE: ContactRole.REPORTING_OFFICER,
    ReminderKind.JOINING: ContactRole.REPORTING_OFFICER,
    ReminderKind.FEE_DUE: ContactRole.FINANCE,
    ReminderKind.ACTION_DUE: ContactRole.REPORTING_OFFICER,
}


def code_of(kind: str) -> str:
    """The rule code under which the nudges of a kind stand."""
    return f"{NUDGE}{kind.replace('_', '-')}"


def refusals(subjects: Mapping[ReminderKind, Collection[UUID]], *, at: datetime) -> dict[ReminderKind, dict[UUID, str]]:
    """For each subject that is there: "" where a nudge would leave, else why it would not. One query, three if early.

    `owes_nothing`: done; `suspended`, `no_reminder`: in its state it gets none, or none of this; `muted`: it counts
    from before the release of an imported book; `not_due`: see `_too_early`; `nudged_today`; `nobody_to_write_to`: no
    live contact holds the role, nor one that stands in for it.
    """
    asked = {kind: list(keys) for kind, keys in subjects.items() if keys}
    found: dict[ReminderKind, dict[UUID, str]] = {kind: {} for kind in asked}
    if not asked:
        return found
    day = local_day("UTC", at)
    statement = kept(("nudges", *asked), lambda: _statement(tuple(asked)))
    midnight = datetime.combine(at.date(), time(), tzinfo=at.tzinfo)
    early: dict[ReminderKind, dict[UUID, tuple[date, str]]] = {}
    for kind, key, code, anchor, country in statement.rows(at=at, day=day, midnight=midnight, **asked):
        found[ReminderKind(kind)][key] = code
        anchor = date.fromisoformat(anchor) if isinstance(anchor, str) else anchor
        if code not in _GRAVER and anchor is not None and anchor > day:
            early.setdefault(ReminderKind(kind), {})[key] = anchor, country
    for kind, ahead in early.items():
        found[kind] |= dict.fromkeys(_too_early(kind, ahead, day=day), "not_due")
    return found


# What is said of a subject whether it is due or not.
_GRAVER = frozenset({"owes_nothing", "suspended", "no_reminder", "muted"})


def _too_early(kind: ReminderKind, ahead: Mapping[UUID, tuple[date, str]], *, day: date) -> set[UUID]:
    """Those of subjects that fall due after `day` of which no rule speaks yet.

    A friendly word before the day is in order from the first step of a rule in force for the company (a report: 30
    days before); earlier, an officer would ask for what nobody need have begun. Two queries, and one for each rule
    that is for some companies alone.
    """
    quiet = set(ahead)
    for spec in specs_between(day, day):
        if spec.kind != kind:
            continue
        spoken = {
            key
            for key, (anchor, country) in ahead.items()
            if _is_of(spec, country, day) and (anchor - day).days <= -spec.span[0]
        }
        quiet -= SOURCES[kind].let_through(spoken, spec.filters) if spoken and spec.filters else spoken
    return quiet


def _is_of(spec: Spec, country: str, day: date) -> bool:
    if spec.country is not None:
        return spec.country == country
    return not any(other == country and first <= day <= last for other, first, last in spec.elsewhere)


def _statement(kinds: tuple[ReminderKind, ...]) -> Compiled:
    first, *others = [_rows(kind) for kind in kinds]
    return Compiled(first.union(*others, all=True) if others else first)


def _rows(kind: ReminderKind) -> Any:
    """Kind, key, code, anchor and country of each subject among those asked about."""
    source, at, day = SOURCES[kind], Slot("at", DateTimeField()), Slot("day", DateField())
    held: Any = {clause.code: clause.holds(at) for clause in source.clauses}  # type: ignore[arg-type]
    member, released = held.pop("active_member"), held.pop("released")
    is_suspended = Q(**{f"{str(source.columns['membership_id']).removesuffix('pk')}state": MembershipState.SUSPENDED})
    company = f"{source.company}_id" if "__" not in source.company else f"{source.company}__pk"
    reached = Contact.objects.live(day).filter(role__in=FALLBACKS[NUDGEABLE[kind]], organisation=OuterRef(company))  # type: ignore[arg-type]
    today = Occurrence.objects.filter(
        rule_code=code_of(kind), subject_id=OuterRef("pk"), planned_at__gte=Slot("midnight", DateTimeField())
    )
    code = Case(
        *(When(~own, then=Value("owes_nothing")) for own in held.values()),
        When(is_suspended, then=Value("suspended")),
        When(~member, then=Value("no_reminder")),
        When(~released, then=Value("muted")),
        When(Exists(today.exclude(state=OccurrenceState.SUPPRESSED)), then=Value("nudged_today")),
        When(~Exists(reached), then=Value("nobody_to_write_to")),
        default=Value(""),
        output_field=CharField(),
    )
    return (
        source.rows.filter(Among("pk", Slot(kind.value, UUIDField())))
        .order_by()
        .annotate(
            nudge_kind=Value(kind.value, CharField()),
            nudge_code=code,
            nudge_anchor=Cast(source.column("anchor_on"), DateField()),
            nudge_country=source.column("country"),
        )
        .values_list("nudge_kind", "pk", "nudge_code", "nudge_anchor", "nudge_country")
    )
