"""Rules: loaded with the register, drafted, published from a day on, paused, retired. Published, none is edited."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Max

from codesign.reminders.lifecycle import OccurrenceState
from codesign.reminders.models import Occurrence, PlanMark, ReminderPause, ReminderRule, ReminderStep
from registry.kernel.audit.actions import record
from registry.kernel.audit.actor import Actor
from registry.kernel.errors import Invalid, NotFound, Refused

_RULES = Path(__file__).resolve().parents[2] / "data" / "reminder_rules.csv"
_LANGUAGES = ("en", "fr", "nl", "de", "es")
STEP_FIELDS = ("offset_days", "contact_role", "repeat_days", "repeat_times")


class NotADraft(Refused):
    """A published version is never edited: draft the next one."""

    default_code = "not_a_draft"


class NotInForce(Refused):
    """Only a published version that is not retired can be paused, released or retired."""

    default_code = "not_in_force"


@transaction.atomic
def load_rules(*, at: datetime, file: Path = _RULES) -> int:
    """Load the shipped rules; a version that is there already is left alone. The count of versions added."""
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    added = 0
    for key in dict.fromkeys((row["code"], int(row["version"])) for row in rows):  # a handful of rules, not rows
        steps = [row for row in rows if (row["code"], int(row["version"])) == key]
        rule, is_new = ReminderRule.objects.get_or_create(
            code=key[0],
            version=key[1],
            country=None,
            defaults={
                "kind": steps[0]["kind"],
                "binding": steps[0]["binding"],
                "priority": int(steps[0]["priority"]),
                "late_days": int(steps[0]["late_days"]) if steps[0]["late_days"] else None,
                "names": {language: steps[0][f"name_{language}"] for language in _LANGUAGES},
                "effective_from": date.fromisoformat(steps[0]["effective_from"]),
                "published_at": at,
                "created_at": at,
            },
        )
        if is_new:
            added += 1
            _write_steps(
                rule,
                (
                    {
                        "offset_days": int(row["offset_days"]),
                        "contact_role": row["contact_role"],
                        "repeat_days": int(row["repeat_days"]) if row["repeat_days"] else None,
                        "repeat_times": int(row["repeat_times"] or 0),
                    }
                    for row in steps
                ),
            )
    return added


@transaction.atomic
def draft(*, code: str, steps: Iterable[Mapping[str, Any]], actor: Actor, at: datetime, **fields: Any) -> ReminderRule:
    """The next version of a code, for everywhere or for one country. It plans nothing before it is published."""
    kinds = set(ReminderRule.objects.filter(code=code).values_list("kind", flat=True))
    if kinds and kinds != {fields["kind"]}:
        raise Invalid.at("/kind", "other_kind", "All versions of a code look at the same kind of subject.")
    newest = ReminderRule.objects.filter(code=code).aggregate(version=Max("version"))["version"] or 0
    rule = ReminderRule.objects.create(code=code, version=newest + 1, created_at=at, **fields)
    _write_steps(rule, steps)
    record("reminder_rules.draft", rule, actor=actor, at=at, changes={"version": [None, rule.version]})
    return rule


@transaction.atomic
def edit(*, rule_id: UUID, actor: Actor, at: datetime, **fields: Any) -> ReminderRule:
    """Change a draft; `steps`, when given, replace all. Raises NotADraft."""
    rule = _locked(rule_id)
    if rule.published_at is not None:
        raise NotADraft("A published version stays as it is: draft the next one.")
    steps = fields.pop("steps", None)
    changes = {name: [getattr(rule, name), value] for name, value in fields.items() if getattr(rule, name) != value}
    for name, value in fields.items():
        setattr(rule, name, value)
    rule.save(update_fields=[*fields])
    if steps is not None:
        rule.steps.all().delete()
        _write_steps(rule, steps)
        changes["steps"] = [None, len(list(steps))]
    record("reminder_rules.edit", rule, actor=actor, at=at, changes=changes)
    return rule


@transaction.atomic
def publish(*, rule_id: UUID, actor: Actor, at: datetime) -> ReminderRule:
    """Let a draft count from its day on, which lies ahead: a new rule fills nothing in behind itself."""
    rule = _locked(rule_id)
    if rule.published_at is not None:
        raise NotADraft("This version is published already.")
    if rule.effective_from < at.date():
        raise Invalid.at("/effective_from", "in_the_past", "A rule takes effect today or later: it does not back-fill.")
    if not rule.steps.exists():
        raise Invalid.at("/steps", "required", "A rule without steps reminds nobody.")
    rule.published_at = at
    rule.save(update_fields=["published_at"])
    record("reminder_rules.publish", rule, actor=actor, at=at, changes={"published_at": [None, at]})
    return rule


@transaction.atomic
def retire(*, rule_id: UUID, on: date, actor: Actor, at: datetime) -> ReminderRule:
    """It plans nothing from that day on; what waits for later is taken back."""
    rule = _in_force(rule_id)
    if on < at.date():
        raise Invalid.at("/on", "in_the_past", "A rule is retired today or later: what was sent was sent.")
    rule.retired_on = on
    rule.save(update_fields=["retired_on"])
    waiting = Occurrence.objects.waiting().filter(rule_code=rule.code, rule_version=rule.version, due_at__date__gte=on)
    waiting.update(state=OccurrenceState.SUPERSEDED, reason="rule_retired", settled_at=at, version=F("version") + 1)
    record("reminder_rules.retire", rule, actor=actor, at=at, changes={"retired_on": [None, on]})
    return rule


@transaction.atomic
def pause(*, rule_id: UUID, actor: Actor, at: datetime) -> ReminderRule:
    """Switch a rule off: nothing of it is planned, made due or sent until it goes on. What waits goes on waiting."""
    rule = _in_force(rule_id)
    if rule.paused_at is None:
        rule.paused_at = at
        rule.save(update_fields=["paused_at"])
        _back_to_planned(Occurrence.objects.filter(rule_code=rule.code))
        record("reminder_rules.pause", rule, actor=actor, at=at, changes={"paused_at": [None, at]})
    return rule


@transaction.atomic
def resume(*, rule_id: UUID, actor: Actor, at: datetime) -> ReminderRule:
    """Let a rule go on that a person paused, or that stopped itself and asked."""
    rule = _in_force(rule_id)
    before = [rule.paused_at, rule.held_at]
    rule.paused_at = rule.held_at = None
    rule.save(update_fields=["paused_at", "held_at"])
    # What it foresaw is forgotten: the next run catches up without asking again.
    PlanMark.objects.filter(code__in=(rule.code, f"{rule.code}@{rule.country_id}")).delete()
    if any(before):
        record("reminder_rules.resume", rule, actor=actor, at=at, changes={"stopped": [True, False]})
    return rule


@transaction.atomic
def pause_all(*, reason: str, actor: Actor, at: datetime) -> ReminderPause:
    """The switch for everything: nothing more is planned or sent. Asked twice, it stays as it is."""
    pause = ReminderPause.objects.open().order_by("pk").first()
    if pause is None:
        pause = ReminderPause.objects.create(reason=reason, paused_at=at)
        _back_to_planned(Occurrence.objects.all())
        record("reminders.pause", pause, actor=actor, at=at, changes={"paused_at": [None, at]})
    return pause


@transaction.atomic
def resume_all(*, actor: Actor, at: datetime) -> int:
    """Let everything go on; the count of switches turned, 0 when nothing was off."""
    open_ones = list(ReminderPause.objects.open().select_for_update().order_by("pk"))
    for pause in open_ones:  # one, unless two people were quick
        pause.resumed_at = at
        pause.save(update_fields=["resumed_at"])
        record("reminders.resume", pause, actor=actor, at=at, changes={"resumed_at": [None, at]})
    return len(open_ones)


def _back_to_planned(rows: Any) -> None:
    rows.due().update(state=OccurrenceState.PLANNED, version=F("version") + 1)


def _write_steps(rule: ReminderRule, steps: Iterable[Mapping[str, Any]]) -> None:
    ReminderStep.objects.bulk_create(
        ReminderStep(rule=rule, **{name: step[name] for name in STEP_FIELDS if name in step}) for step in steps
    )


def _locked(rule_id: UUID) -> ReminderRule:
    rule = ReminderRule.objects.select_for_update(of=("self",)).filter(pk=rule_id).first()
    if rule is None:
        raise NotFound("There is no such rule.")
    return rule


def _in_force(rule_id: UUID) -> ReminderRule:
    rule = _locked(rule_id)
    if rule.published_at is None or rule.retired_on is not None:
        raise NotInForce("This version is a draft, or retired.")
    return rule
