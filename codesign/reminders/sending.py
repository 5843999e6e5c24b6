"""The parts around the sending: fix what goes into a letter, look at it again, write down what became of it."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from email.message import EmailMessage
from typing import TypeVar
from uuid import UUID

from django.db.models import F

from codesign.notices.actions import record_notices
from codesign.notices.models import Notice
from codesign.reminders.facts import Facts, facts_of
from codesign.reminders.holding import hold_contact
from codesign.reminders.lifecycle import OccurrenceState, state_after, state_of_refusal
from codesign.reminders.mails import compose
from codesign.reminders.models import Occurrence, OptOut, ReminderRule
from codesign.reminders.sources import FALLBACKS, OWN_ROLES, SOURCES, Verdict
from codesign.reminders.specs import filters_of
from members.people.models import Contact, ContactRole
from registry.kernel.audit.actor import SYSTEM
from registry.kernel.dialect import Statement
from registry.kernel.outbox.handlers import Settled, Suppressed
from registry.kernel.outbox.models import OutboxMessage, OutboxState

# What was read ahead for a batch serves so long; a slow server makes the rest of the batch look again.
FRESH_SECONDS = 30.0
End = TypeVar("End")
# The key of the letters is a person, or one urgent item.
_CLAIM = """
WITH letter (key, message_id) AS (VALUES {letters})
UPDATE {occurrence} SET state = 'claimed', letter_id = letter.message_id, version = version + 1
FROM letter WHERE {occurrence}.{column} = letter.key AND state = 'due' AND letter_id IS NULL AND due_at <= {at} {only}
"""


@dataclass
class Bundle:
    """The occurrences of one letter that may go, and of the others why not; the clock reading of the look."""

    occurrences: list[Occurrence] = field(default_factory=list)
    refused: dict[UUID, str] = field(default_factory=dict)
    facts: Facts = field(default_factory=Facts)
    looked: float = field(default_factory=time.monotonic)


def gather(rows: list[OutboxMessage], at: datetime) -> dict[UUID, Bundle]:
    """Fix what goes into each letter before its first try, then look at all of it again; a few statements a batch."""
    shared = {
        UUID(row.payload["addressee"]): row.pk for row in rows if not row.payload["occurrence"] and not row.attempts
    }
    urgent = {UUID(row.payload["occurrence"]): row.pk for row in rows if row.payload["occurrence"] and not row.attempts}
    for column, letters in (("addressee", shared), ("id", urgent)):
        if letters:
            it = Statement()
            it.run(
                _CLAIM,
                letters=", ".join(f"({it.uuid(key)}, {it.uuid(letter)})" for key, letter in letters.items()),
                occurrence=Occurrence._meta.db_table,
                column=column,
                only="AND NOT is_urgent" if column == "addressee" else "",
                at=it.moment(at),
            )
    return look_again([row.pk for row in rows], at=at)


def look_again(letters: Iterable[UUID], *, at: datetime) -> dict[UUID, Bundle]:
    """What goes into each of these letters, as it stands now."""
    states = (OccurrenceState.CLAIMED, OccurrenceState.DEAD, OccurrenceState.UNKNOWN)
    rows = (
        Occurrence.objects.filter(letter__in=list(letters), state__in=states)
        .select_related("contact", "organisation", "membership")
        .order_by("priority", "rule_code", "organisation__name", "due_at", "pk")
    )
    occurrences = list(rows)
    refused = refusals(occurrences, at=at)
    facts = facts_of([row for row in occurrences if row.pk not in refused], at=at)
    found: dict[UUID, Bundle] = defaultdict(lambda: Bundle(facts=facts))
    for occurrence in occurrences:
        assert occurrence.letter_id is not None
        bundle = found[occurrence.letter_id]
        if reason := refused.get(occurrence.pk):
            bundle.refused[occurrence.pk] = reason
        else:
            bundle.occurrences.append(occurrence)
    return dict(found)


def refusals(occurrences: list[Occurrence], *, at: datetime) -> dict[UUID, str]:
    """Of each occurrence that must not go any more, the first condition that no longer holds. Two queries a kind."""
    by_kind: dict[str, list[Occurrence]] = defaultdict(list)
    for occurrence in occurrences:
        by_kind[occurrence.kind].append(occurrence)
    contacts = Contact.objects.live(at.date()).filter(pk__in={row.recipient for row in occurrences})
    live = {row[0]: row[1:] for row in contacts.values_list("pk", "role", "organisation_id")}
    opted_out = set(OptOut.objects.filter(contact__in=live).values_list("contact_id", "rule_code"))
    found: dict[UUID, str] = _filtered_out(by_kind)
    for kind, rows in by_kind.items():
        source, subjects = SOURCES[kind], {row.subject_id for row in rows}
        verdicts = source.verdicts(subjects, at=at)
        anchors = {} if source.weekly else source.current_anchors(subjects, at=at)
        for row in rows:
            reason = _refusal(row, verdicts.get(row.subject_id), None if source.weekly else anchors)
            reason = reason or ("opted_out" if (row.recipient, row.rule_code) in opted_out else "")
            reason = reason or _not_reached(row, live.get(row.recipient))
            if reason:
                found[row.pk] = reason
    return found


def _filtered_out(by_kind: dict[str, list[Occurrence]]) -> dict[UUID, str]:
    """What the filters of its rule let through no more: a query, and one for each rule that has any."""
    codes = {row.rule_code for rows in by_kind.values() for row in rows}
    rules = ReminderRule.objects.published().filter(code__in=codes)
    filters = {(rule.code, rule.version): filters_of(rule) for rule in rules}
    found: dict[UUID, str] = {}
    for kind, rows in by_kind.items():
        for rule in {(row.rule_code, row.rule_version) for row in rows}:
            if not filters.get(rule):
                continue
            own = [row for row in rows if (row.rule_code, row.rule_version) == rule]
            passed = SOURCES[kind].let_through({row.subject_id for row in own}, filters[rule])
            found |= {row.pk: "not_filter" for row in own if row.subject_id not in passed}
    return found


def _refusal(row: Occurrence, verdicts: list[Verdict] | None, anchors: dict[UUID, set[date]] | None) -> str:
    if verdicts is None:
        return "subject_gone"
    for verdict in verdicts:
        if not verdict.holds:
            return f"not_{verdict.code}"
    if anchors is not None and row.anchor_on not in anchors.get(row.subject_id, ()):
        return OccurrenceState.SUPERSEDED
    return ""


def _not_reached(row: Occurrence, contact: tuple[str, UUID] | None) -> str:
    """Whether the recipient as planned can be written to about this: it may have left, or the mandate with it."""
    if contact is None:
        return "contact_gone"
    role, organisation = contact
    if role not in FALLBACKS[row.contact_role]:
        return "contact_gone"
    if row.contact_role == ContactRole.LCR_OFFICER and row.membership is not None:
        # A mandate may have been handed over since: the former representative gets nothing more.
        represented_by = row.membership.representative_id
        return "" if represented_by in (None, organisation) else "not_representative"
    if row.contact_role in OWN_ROLES and organisation != row.organisation_id:
        return "contact_gone"
    return ""


def build(message: OutboxMessage, at: datetime) -> EmailMessage | Suppressed:
    """The letter with what may still go, or why nothing of it may. Reads only."""
    bundle = message.gathered
    if bundle is None or time.monotonic() - bundle.looked > FRESH_SECONDS:
        bundle = message.gathered = look_again([message.pk], at=at).get(message.pk, Bundle())
    if not bundle.occurrences:
        return Suppressed(next(iter(bundle.refused.values()), "nothing_left"))
    return compose(bundle.occurrences, bundle.facts, at=at)


def settle(ended: list[Settled], at: datetime) -> None:
    """Enter the end state of each item; a mail to the member itself is kept as a notice, which due process reads.

    A few statements for all of them.
    """
    bundles = _bundles(ended, at=at)
    refused = {key: why for bundle in bundles.values() for key, why in bundle.refused.items()}
    for why, keys in _alike(refused.items()).items():
        Occurrence.objects.filter(pk__in=keys).update(
            state=state_of_refusal(why), reason=why, letter=None, settled_at=at, version=F("version") + 1
        )
    ends = {one.message.pk: one for one in ended}
    in_hand = (OccurrenceState.CLAIMED, OccurrenceState.DEAD, OccurrenceState.UNKNOWN)
    going = list(Occurrence.objects.filter(letter__in=ends, state__in=in_hand).exclude(pk__in=refused))
    for (state, reason), keys in _alike((row.pk, _end_of(row, ends)) for row in going).items():
        Occurrence.objects.filter(pk__in=keys).update(
            state=state_after(state, reason), reason=reason, settled_at=at, version=F("version") + 1
        )
    record_notices(
        [notice for row in going if _end_of(row, ends)[0] == OutboxState.SENT and (notice := _notice(row, at=at))],
        actor=SYSTEM,
        at=at,
    )
    for one in ended:
        if one.state == OutboxState.DEAD and one.reason == "rejected":
            told = f"rejected {one.message.message_id}"
            hold_contact(UUID(one.message.payload["addressee"]), source=told, at=at)


def _bundles(ended: list[Settled], *, at: datetime) -> dict[UUID, Bundle]:
    """What was looked at of each message. After a crash nobody knows: what was claimed went, or is looked at again."""
    unknown = [one.message.pk for one in ended if one.message.gathered is None and one.state != OutboxState.SENT]
    looked = {one.message.pk: one.message.gathered for one in ended if one.message.gathered is not None}
    return {**looked, **(look_again(unknown, at=at) if unknown else {})}


def _alike(pairs: Iterable[tuple[UUID, End]]) -> dict[End, list[UUID]]:
    """The keys that share a value."""
    found: dict[End, list[UUID]] = defaultdict(list)
    for key, value in pairs:
        found[value].append(key)
    return found


def _end_of(occurrence: Occurrence, ends: dict[UUID, Settled]) -> tuple[OutboxState, str]:
    assert occurrence.letter_id is not None
    end = ends[occurrence.letter_id]
    return end.state, end.reason


def _notice(occurrence: Occurrence, *, at: datetime) -> Notice | None:
    kind = SOURCES[occurrence.kind].notice_kind(occurrence.step)
    if kind is None or occurrence.membership_id is None or occurrence.contact_role not in OWN_ROLES:
        return None
    return Notice(
        membership_id=occurrence.membership_id,
        kind=kind,
        contact_id=occurrence.contact_id,
        reference=occurrence.key,
        sent_at=at,
        created_at=at,
    )
