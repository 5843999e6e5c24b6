"""Coverage on a day over HTTP: every number opens into exactly the rows that it counts."""

from __future__ import annotations

from typing import Any, ClassVar
from urllib.parse import urlencode

from codesign.api.training_bodies import CoverageParams
from codesign.api.training_outlook import Outlook, is_own
from codesign.api.training_rows import CoverageAnswer
from codesign.api.training_watch import Watch
from codesign.training import figures
from codesign.training.figures import Coverage, Target
from codesign.training.kinds import CoverageCut, TrainingStatus
from members.scope import Role
from registry.kernel.api.calls import Call
from registry.kernel.api.rows import API_PREFIX
from registry.kernel.api.views import ResourceViews, query
from registry.kernel.errors import Invalid

DEFINITION = (
    "Staff in scope on the day who hold a valid completion, divided by staff in scope that day. In grace and "
    "untrained: in neither number. In the sites' head counts and on no roster: in the denominator only."
)
_DUE = (TrainingStatus.VALID, TrainingStatus.LAPSED, TrainingStatus.NEVER_TRAINED)

_COUNTED: dict[str, tuple[str, ...]] = {
    "in_scope": tuple(TrainingStatus),
    **{status.value: (status.value,) for status in TrainingStatus},
}


class CoverageViews(Outlook, Watch, ResourceViews):
    """Figures of training."""

    resource = "training"
    tag: ClassVar[str] = "Training"

    @query(
        params=CoverageParams,
        answer=CoverageAnswer,
        summary="Training coverage on a day.",
        errors=(400,),
    )
    def coverage(self, call: Call) -> dict[str, Any]:
        """In scope, in grace, valid, lapsed, never trained, unknown; in total and by site, role or country."""
        asked = {"company": call.data.get("company_id"), "site": call.data.get("site_id")}
        asked |= {name: call.data.get(name) for name in ("country", "role")}
        by = call.data.get("by")
        own = is_own(call.scope, asked["company"])
        if (
            by in {CoverageCut.COMPANY, CoverageCut.SITE}
            and not own
            and asked["company"] is None
            and asked["country"] is None
        ):
            raise Invalid.at("?company", "required", "Say which company or country to cut so finely.")
        total = figures.coverage(call.scope, on=call.on, **asked)
        groups = figures.coverage(call.scope, on=call.on, by=by, **asked) if by else []
        if not own:
            totals_only = call.scope.wears(Role.EVALUATOR)
            total = figures.protected(total, totals_only=totals_only)
            groups = figures.protected(groups, totals_only=totals_only)
        target = figures.target_on(call.on)
        links = _Links(call, asked, by, total[0])
        return {
            "definition": DEFINITION,
            "valid_on": call.on,
            "target_share": target.share if target else None,
            "total": _answer(total[0], target, links),
            "groups": [_answer(group, target, links, group.key) for group in groups],
        }


class _Links:
    """Where the rows behind a count are listed; nowhere for readers of totals."""

    def __init__(self, call: Call, asked: dict[str, Any], by: str | None, total: Coverage) -> None:
        self.is_open = not call.scope.roles <= {Role.EVALUATOR}
        self.asked = {name: value for name, value in asked.items() if value is not None}
        self.day, self.by, self.total = call.on.isoformat(), by, total

    def to(self, statuses: tuple[str, ...], figure: Coverage, key: Any) -> str | None:
        """The staff list with the filters of the figure."""
        if not self.is_open or figure.suppressed or (self.by and key is None and figure is not self.total):
            return None
        chosen = self.asked | ({self.by: key} if self.by and key is not None else {})
        pairs = [*chosen.items(), *(("status", str(status)) for status in statuses), ("valid_on", self.day)]
        return f"{API_PREFIX}staff/?{urlencode(pairs)}"


def _answer(figure: Coverage, target: Target | None, links: _Links, key: Any = None) -> dict[str, Any]:
    return {
        "group": None if key is None else str(key),
        "display": figure.name,
        "value": figure.share,
        "numerator": {"value": figure.valid, "rows": links.to((TrainingStatus.VALID,), figure, key)},
        "denominator": {"value": figure.denominator, "rows": links.to(_DUE, figure, key)},
        "in_scope": figure.in_scope,
        "in_grace": figure.in_grace,
        "lapsed": figure.lapsed,
        "never_trained": figure.never_trained,
        "unknown": figure.unknown,
        "in_grace_share": figure.in_grace_share,
        "is_grace_flagged": figure.is_flagged(target),
        "is_below_target": figure.is_below(target),
        "rows": {name: links.to(statuses, figure, key) for name, statuses in _COUNTED.items()},
        "suppressed": figure.suppressed,
    }
