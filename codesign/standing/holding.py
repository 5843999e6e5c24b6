"""Whether a ground of a measure holds on a day: on one that the register sees to be gone, nobody decides."""

from __future__ import annotations

from datetime import date

from codesign.companies.models import CodeMembership
from codesign.criteria.models import PlanAction
from codesign.standing.facts import standing_of
from codesign.standing.grounds import Ground
from codesign.standing.rules import Standing
from registry.kernel.errors import Fault

# Ground → what of the standing shows it.
_SHOWN: dict[Ground, frozenset[Standing]] = {
    Ground.FEE_OVERDUE: frozenset({Standing.FEE_OVERDUE}),
    Ground.REPORT_OVERDUE: frozenset({Standing.REPORT_OVERDUE, Standing.REPORT_LAPSED}),
    Ground.REPORT_LAPSED: frozenset({Standing.REPORT_LAPSED}),
    Ground.TRAINING: frozenset({Standing.TRAINING_UNPROVEN, Standing.TRAINING_BELOW_TARGET}),
}


def holding(membership: CodeMembership, *, on: date) -> dict[Ground, bool]:
    """Each ground that the register itself can tell: whether it holds on `on`. A breach, people judge."""
    verdict = standing_of(membership.company_id, on=on, looks_ahead=False)
    rules = {finding.rule for finding in verdict.findings} if verdict else set[Standing]()
    return {
        **{ground: not rules.isdisjoint(shown) for ground, shown in _SHOWN.items()},
        Ground.PLAN: PlanAction.objects.overdue_on(on).filter(membership=membership).exists(),
        Ground.RESIDENTIAL_CARE: membership.company.offers_residential_care,
    }


_GONE: dict[Ground, str] = {
    Ground.FEE_OVERDUE: "No fee is overdue on this day.",
    Ground.REPORT_OVERDUE: "No report is overdue on this day.",
    Ground.REPORT_LAPSED: "No report is overdue for more than 90 days on this day.",
    Ground.TRAINING: "Training is shown and reaches its target on this day.",
    Ground.PLAN: "No action of the plan is overdue on this day.",
    Ground.RESIDENTIAL_CARE: "No visits to residential care are on offer on this day.",
}


def gone(ground: Ground, holds: bool | None) -> list[Fault]:
    """What stands against a measure on a ground of which `holding` says whether it holds; None: people judge it."""
    return [Fault("/reason", "ground_gone", _GONE[ground])] if holds is False else []
