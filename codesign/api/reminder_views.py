"""What will leave, what would, and why something did, will or does not; the switch for everything."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

from codesign.api import reminder_bodies as bodies
from codesign.api import reminder_rows as rows
from codesign.api.reminder_mail_views import DeadlineViews
from codesign.reminders import actions
from codesign.reminders.explain import explain, explain_day
from codesign.reminders.forecasting import FORECAST_ROWS, forecast, grouped, rehearse
from codesign.reminders.models import Occurrence, ReminderPause, ReminderRule
from codesign.reminders.sources import Verdict
from codesign.reminders.specs import spec_of
from codesign.reminders.statement import Assumption
from registry.kernel.api.calls import Call
from registry.kernel.api.rows import API_PREFIX
from registry.kernel.api.views import command, query
from registry.kernel.errors import Invalid

LONGEST_FORECAST = timedelta(days=400)
_ASSUMED = {"assumptions": [{"company": "0192f0c1-0000-7000-8000-000000000001", "done_on": "2027-05-15"}]}


class ReminderViews(DeadlineViews):
    """What will leave, and why something did, will or does not."""

    resource = "reminders"
    tag = "Reminders"
    row = rows.OccurrenceRow

    @query(params=bodies.ForecastParams, answer=rows.ForecastAnswer, summary="Say what would leave in a period")
    def forecast(self, call: Call) -> dict[str, Any]:
        """The planner's own statement, read instead of written."""
        since, until = _period(call)
        found = forecast(
            scope=call.scope,
            at=call.at,
            since=since,
            until=until,
            rule_code=call.data.get("rule", ""),
            organisation=call.data.get("organisation"),
        )
        by = call.data.get("group_by")
        return {
            "results": [_planned(*pair) for pair in found[:FORECAST_ROWS]],
            "groups": grouped(found, by) if by else None,
            "is_complete": len(found) <= FORECAST_ROWS,
        }

    @command(
        body=bodies.RehearsalBody,
        answer=rows.RehearsalAnswer,
        changes=False,
        summary="Rehearse a draft or an assumption",
        example=_ASSUMED,
    )
    def rehearsals(self, call: Call) -> dict[str, Any]:
        """The forecast as it stands, compared with the one that would be. Writes nothing and locks nothing."""
        last = call.data.get("until") or (call.at + timedelta(days=90)).date()
        until = _end_of(last)
        if not timedelta() < until - call.at <= LONGEST_FORECAST:
            raise Invalid.at("/until", "out_of_range", "A rehearsal ends within 400 days from now.")
        rule = call.data.get("rule_id")
        found = rehearse(
            scope=call.scope,
            at=call.at,
            until=until,
            draft=spec_of(ReminderRule.objects.prefetch_related("steps").get(pk=rule)) if rule else None,
            assuming=tuple(_assumption(one) for one in call.data.get("assumptions", ())),
        )
        return {
            "added": [_planned(*pair) for pair in found.added[:FORECAST_ROWS]],
            "removed": [_planned(*pair) for pair in found.removed[:FORECAST_ROWS]],
            "moved": [
                {"before": _planned(code, before), "after": _planned(code, after)}
                for code, before, after in found.moved[:FORECAST_ROWS]
            ],
        }

    @query(params=bodies.ExplainParams, answer=rows.ExplanationAnswer, summary="Explain one reminder", errors=(404,))
    def explain(self, call: Call) -> dict[str, Any]:
        """Verdict, every condition with its value and its record, what was planned before and what comes."""
        at = call.data.get("at") or call.at
        found = explain(
            rule_code=call.data["rule"],
            subject_id=call.data["subject"],
            recipient=call.data.get("recipient"),
            scope=call.scope,
            at=at,
        )
        return {
            "rule_code": found.spec.code,
            "rule_version": found.spec.version,
            "subject_id": found.subject_id,
            "verdict": found.verdict,
            "stopped": found.stopped,
            "clauses": [_clause(verdict) for verdict in found.clauses],
            "blocked_by": found.blocked_by and _past(found.blocked_by),
            "changes_on": found.changes_on,
            "as_of_now": list(found.undated) if at < call.at else [],
            "past": [_past(row) for row in found.past],
            "coming": [_planned(found.spec.code, row) for row in found.coming],
        }

    @query(params=bodies.ExplainDayParams, answer=rows.SilenceAnswer, summary="Explain a rule's day")
    def explain_day(self, call: Call) -> dict[str, Any]:
        """Why nobody was reminded on that day: no rule, stopped, nothing due, or which clauses were in the way."""
        found = explain_day(rule_code=call.data["rule"], on=call.data["on"], scope=call.scope, at=call.at)
        return {name: getattr(found, name) for name in rows.SilenceAnswer._declared_fields}

    @command(
        body=bodies.ReleaseBody,
        answer=rows.ReleasedAnswer,
        summary="Release muted memberships",
        example={"memberships": ["0192f0c1-0000-7000-8000-000000000001"]},
    )
    def release(self, call: Call) -> dict[str, Any]:
        """From now on they are reminded; nothing anchored before is ever mailed. Look at a rehearsal first."""
        count = actions.release(memberships=call.data["memberships"], actor=call.scope, at=call.at)
        return {"released": count}

    @query(answer=rows.SwitchAnswer, summary="Say whether reminders leave at all")
    def switch(self, call: Call) -> dict[str, Any]:
        """Off by a person's hand alone; a single rule has a switch of its own."""
        pause = ReminderPause.objects.open().order_by("pk").first()
        return _switch(pause)

    @command(
        body=bodies.PauseBody,
        answer=rows.SwitchAnswer,
        summary="Stop all reminders",
        example={"reason": "Wrong import"},
    )
    def pause(self, call: Call) -> dict[str, Any]:
        """Nothing more is planned, made due or sent until they go on."""
        return _switch(actions.pause_all(reason=call.data["reason"], actor=call.scope, at=call.at))

    @command(answer=rows.SwitchAnswer, summary="Let all reminders go on")
    def resume(self, call: Call) -> dict[str, Any]:
        """What fell due meanwhile is caught up; of several steps the newest goes."""
        actions.resume_all(actor=call.scope, at=call.at)
        return _switch(None)


def _period(call: Call) -> tuple[datetime, datetime]:
    """The moments of `from` and `to`; Invalid for a period that is empty or too long."""
    first, last = call.data.get("since"), call.data.get("until")
    since = datetime.combine(first, time(), tzinfo=UTC) if first else call.at
    until = _end_of(last) if last else since + timedelta(days=90)
    if not timedelta() < until - since or until - call.at > LONGEST_FORECAST:
        raise Invalid.at("?to", "out_of_range", "A forecast ends after it begins, within 400 days from now.")
    return since, until


def _end_of(day: Any) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=UTC)


def _planned(*pair: Any) -> dict[str, Any]:
    code, row = pair
    names = (name for name in rows.PlannedAnswer._declared_fields if name != "rule_code")
    return {"rule_code": code, **{name: getattr(row, name) for name in names}}


def _past(row: Occurrence) -> dict[str, Any]:
    return {name: getattr(row, name) for name in rows.PastAnswer._declared_fields}


def _clause(verdict: Verdict) -> dict[str, Any]:
    record = f"{API_PREFIX}{verdict.resource}/{verdict.record_id}/" if verdict.record_id else None
    value = verdict.value.isoformat() if hasattr(verdict.value, "isoformat") else verdict.value
    return {"code": verdict.code, "holds": verdict.holds, "value": value, "record": record}


def _assumption(body: dict[str, Any]) -> Assumption:
    released = body.get("released_on")
    return Assumption(
        organisation_id=body["company_id"],
        kind=body.get("kind"),
        done_on=body.get("done_on"),
        due_on=body.get("due_on"),
        released_at=datetime.combine(released, time(), tzinfo=UTC) if released else None,
    )


def _switch(pause: ReminderPause | None) -> dict[str, Any]:
    is_paused = pause is not None
    return {
        "is_paused": is_paused,
        "paused_at": pause.paused_at if pause else None,
        "reason": pause.reason if pause else "",
    }
