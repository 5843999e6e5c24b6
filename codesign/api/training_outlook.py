"""What is to come over HTTP: when a group falls under target, and who to train so that it does not."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from codesign.companies.models import Company, Site
from codesign.training import figures, plans
from codesign.training.forecasts import Step, forecast
from codesign.training.kinds import ForecastStep, StaffRole, TrainingStatus
from codesign.training.plans import Session, Trainee
from members.scope import COMPANY_ROLES, Role, Scope
from registry.kernel.api.bodies import Body, Day
from registry.kernel.api.calls import Call
from registry.kernel.api.rows import API_PREFIX, ReferenceSerializer
from registry.kernel.api.views import query
from registry.kernel.errors import Invalid

MAX_DAYS = 1100
LISTED = 1000
_HALF_A_YEAR = timedelta(days=182)


def is_own(scope: Scope, company: Any) -> bool:
    """Whether all that is counted is the caller's own."""
    outside = scope.wears(Role.LCR, Role.SECRETARIAT, Role.EVALUATOR)
    return not outside or (company is not None and company in scope.organisations(*COMPANY_ROLES))


class Within(serializers.CharField):
    """`company:<id>`, `site:<id>` or `country:<ISO code>`; read as the one value by its name."""

    default_error_messages = {
        "bad_scope": _("Say company:<id>, site:<id> or country:<ISO code>."),
        "unknown_reference": _("There is no such row for you."),
    }

    def to_internal_value(self, data: Any) -> Any:
        kind, _colon, value = super().to_internal_value(data).partition(":")
        if kind == "country" and len(value) == 2 and value.isascii() and value.isupper():
            return {kind: value}
        if kind not in {"company", "site"}:
            self.fail("bad_scope")
        try:
            key = UUID(value)
        except ValueError:
            self.fail("unknown_reference")
        rows = Company.objects.all() if kind == "company" else Site.objects.all()
        if not rows.visible_to(self.context["scope"]).filter(pk=key).exists():
            self.fail("unknown_reference")
        return {kind: key}


class OutlookParams(Body):
    """Whose outlook."""

    scope = Within(
        required=False,
        max_length=60,
        help_text="`company:<id>`, `site:<id>` or `country:<ISO code>`; all that you may count when left out.",
    )


class ForecastParams(OutlookParams):
    """Which days are asked for."""

    until = Day(required=False, help_text="Last day; half a year on by default, three years at most.")
    step = serializers.ChoiceField(
        ForecastStep.choices, required=False, default="week", help_text="From one figure to the next."
    )
    valid_on = Day(required=False, help_text="First day; today by default.")


class PlanParams(OutlookParams):
    """Which share on which day."""

    on = Day(help_text="The day that is to be at the target; within a year.")
    target = serializers.DecimalField(
        max_digits=3, decimal_places=2, min_value=0, max_value=1, required=False, help_text="The rule's by default."
    )
    seats = serializers.IntegerField(min_value=1, max_value=1000, required=False, help_text="Of one session; 25.")


class TrainingForecastPoint(serializers.Serializer):
    """One day to come, if nobody is trained and nobody moves."""

    on = serializers.DateField()
    in_scope = serializers.IntegerField(allow_null=True, help_text="Head count of the rosters.")
    in_grace = serializers.IntegerField(allow_null=True)
    valid = serializers.IntegerField(allow_null=True)
    lapsed = serializers.IntegerField(allow_null=True)
    never_trained = serializers.IntegerField(allow_null=True)
    unknown = serializers.IntegerField(allow_null=True)
    lapsing = serializers.IntegerField(allow_null=True, help_text="Whose training lapsed since the step before.")
    denominator = serializers.IntegerField(allow_null=True)
    share = serializers.DecimalField(max_digits=3, decimal_places=2, allow_null=True)
    target_share = serializers.DecimalField(max_digits=3, decimal_places=2, allow_null=True)
    is_below_target = serializers.BooleanField(allow_null=True)


class TrainingForecastAnswer(serializers.Serializer):
    """Coverage to come."""

    valid_on = serializers.DateField()
    until = serializers.DateField()
    step = serializers.ChoiceField(ForecastStep.choices)
    first_day_under_target = serializers.DateField(allow_null=True, help_text="Null: none up to `until`.")
    steps = TrainingForecastPoint(many=True)
    suppressed = serializers.BooleanField(help_text="So few people that the counts would point at them.")


class TrainingPlanTrainee(serializers.Serializer):
    """Somebody to train; from outside without reference and language, and never of a site under five people."""

    staff_member = ReferenceSerializer()
    site = ReferenceSerializer()
    role = serializers.ChoiceField(StaffRole.choices)
    language = serializers.CharField(allow_null=True)
    status = serializers.ChoiceField(TrainingStatus.choices, help_text="On the day, without the training.")
    train_from = serializers.DateField(help_text="A training before this day would have lapsed on the day.")
    train_by = serializers.DateField(help_text="Before the present training lapses, else the day itself.")


class TrainingPlanSession(serializers.Serializer):
    """Who can be trained together."""

    site = ReferenceSerializer(allow_null=True, help_text="Null: sites under five people, from outside.")
    language = serializers.CharField(allow_null=True, help_text="Null from outside; empty: not known.")
    people = serializers.IntegerField()
    sessions = serializers.IntegerField(help_text="How many hold them, by the seats asked about.")
    train_by = serializers.DateField(help_text="The first of their days.")


class TrainingPlanAnswer(serializers.Serializer):
    """The fewest people, in the fewest sessions, that bring the day to the target."""

    on = serializers.DateField()
    target_share = serializers.DecimalField(max_digits=3, decimal_places=2)
    share_without = serializers.DecimalField(max_digits=3, decimal_places=2, allow_null=True)
    share_with = serializers.DecimalField(max_digits=3, decimal_places=2, allow_null=True)
    is_reachable = serializers.BooleanField(
        allow_null=True, help_text="False: unknown people keep it under target even with everybody trained."
    )
    people = serializers.IntegerField(allow_null=True, help_text="How many to train.")
    sessions = TrainingPlanSession(many=True)
    trainees = TrainingPlanTrainee(many=True, help_text="The first thousand, by when they must be trained.")
    suppressed = serializers.BooleanField(help_text="So few people that the counts would point at them.")


class Outlook:
    """Adds `forecast` and `plan` to the figures of training."""

    @query(
        params=ForecastParams,
        answer=TrainingForecastAnswer,
        summary="Training coverage of the days to come.",
        errors=(400,),
    )
    def forecast(self, call: Call) -> dict[str, Any]:
        """Exact for what is known today: nobody trained from now on, no move, no new rule that is not published yet."""
        within = call.data.get("scope", {})
        until = call.data.get("until") or call.on + _HALF_A_YEAR
        if not call.on <= until <= call.on + timedelta(days=MAX_DAYS):
            raise Invalid.at("?until", "out_of_range", "The last day is not before the first, and within three years.")
        found = forecast(call.scope, first=call.on, until=until, step=call.data["step"], **within)
        hidden = not is_own(call.scope, within.get("company")) and found.points_at_people
        shown = found.hidden() if hidden else found
        return {
            "valid_on": call.on,
            "until": until,
            "step": call.data["step"],
            "first_day_under_target": shown.first_day_under,
            "steps": [_step(step) for step in shown.steps],
            "suppressed": hidden,
        }

    @query(params=PlanParams, answer=TrainingPlanAnswer, summary="The fewest people to train for a day.", errors=(400,))
    def plan(self, call: Call) -> dict[str, Any]:
        """Of people who do equally well, those who lapse first; sessions are of one site and language."""
        on: date = call.data["on"]
        within = call.data.get("scope", {})
        if not call.on <= on <= call.on + timedelta(days=366):
            raise Invalid.at("?on", "out_of_range", "The day lies within a year from today.")
        rule = figures.target_on(on)
        target = call.data.get("target", rule.share if rule else None)
        if target is None:
            raise Invalid.at("?target", "required", "No rule is in effect on that day: say a target.")
        seats = call.data.get("seats", plans.SEATS)
        found = plans.plan(call.scope, today=call.on, on=on, target=target, seats=seats, **within)
        hidden = (
            not is_own(call.scope, within.get("company"))
            and figures.protected([found.before], totals_only=False)[0].suppressed
        )
        return {
            "on": on,
            "target_share": target,
            "share_without": None if hidden else found.before.share,
            "share_with": None if hidden else found.after.share,
            "is_reachable": None if hidden else found.need.is_reachable,
            "people": None if hidden else found.people,
            "sessions": [] if hidden else [_session(session) for session in found.sessions],
            "trainees": [] if hidden else [_trainee(one) for one in found.trainees[:LISTED]],
            "suppressed": hidden,
        }


def _step(step: Step) -> dict[str, Any]:
    figure = step.coverage
    return {
        "on": step.on,
        **{name: getattr(figure, name) for name in figures.COUNTS},
        "lapsing": step.lapsing,
        "denominator": figure.denominator,
        "share": figure.share,
        "target_share": step.target.share if step.target else None,
        "is_below_target": figure.is_below(step.target),
    }


def _reference(resource: str, key: Any, display: str | None) -> dict[str, Any]:
    return {"id": str(key), "url": f"{API_PREFIX}{resource}/{key}/", "display": display or ""}


def _session(session: Session) -> dict[str, Any]:
    return {
        "site": _reference("sites", session.site_id, session.site_name) if session.site_id else None,
        "language": session.language,
        "people": session.people,
        "sessions": session.number,
        "train_by": session.train_by,
    }


def _trainee(one: Trainee) -> dict[str, Any]:
    return {
        "staff_member": _reference("staff", one.id, one.reference),
        "site": _reference("sites", one.site_id, one.site_name),
        "role": one.role,
        "language": one.language,
        "status": one.status,
        "train_from": one.train_from,
        "train_by": one.train_by,
    }
