"""Figures of a company as lists show them: worked out, and for filters kept where that is true."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Case, DateField, Exists, F, OuterRef, Q, Value, When

from codesign.companies.figures import with_site_count, with_staff
from codesign.companies.models import CompanyTouch
from codesign.companies.querysets import CompanyQuerySet
from codesign.criteria.figures import with_criteria_states
from codesign.overview.models import CompanyOverview
from codesign.reporting.figures import with_latest_report
from codesign.standing.figures import with_standing

# By these lists are filtered: the same names worked out and kept.
FILTERED = ("standing", "latest_report_state", "training_share")


def live(companies: CompanyQuerySet, *, on: date) -> CompanyQuerySet:
    """Add every figure as of `on`, each its own subquery: the definition of them all. After `with_current`."""
    figures: Any = with_standing(with_criteria_states(companies), on=on)  # brings the training share along
    figures = with_latest_report(figures, on=on)
    return with_staff(with_site_count(figures, on=on), on=on)


def kept(companies: CompanyQuerySet, *, on: date, mark: str) -> CompanyQuerySet:
    """Add `shown`, the kept row, and `is_fresh`: whether it is made by `mark` and what `live` would say. One join."""
    fresh = Case(When(_fresh(on) & Q(overview__shown_as=mark), then=True), default=False)
    return companies.annotate(is_fresh=fresh, shown=F("overview__shown"))


def known(companies: CompanyQuerySet, *, on: date) -> CompanyQuerySet:
    """Add `known_<figure>` for filters: the kept value where it is fresh, else worked out. After `live`."""
    fresh = _fresh(on)
    return companies.annotate(
        **{
            f"known_{name}": Case(
                When(fresh, then=F(f"overview__{name}")),
                default=F(name),
                output_field=CompanyOverview._meta.get_field(name).clone(),  # type: ignore[union-attr]
            )
            for name in FILTERED
        }
    )


def stale(companies: CompanyQuerySet, *, on: date, mark: str) -> CompanyQuerySet:
    """Companies whose kept row is missing, of another day or declaration, or touched."""
    return kept(companies, on=on, mark=mark).filter(is_fresh=False)


def _fresh(on: date) -> Q:
    touches = CompanyTouch.objects.order_by()
    return (
        Q(overview__counted_on=Value(on, DateField()))
        & ~Exists(touches.filter(company_id=OuterRef("pk")))
        & ~Exists(touches.filter(company_id=None))
    )
