"""Load the wordings of the criteria and the templates of a first plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from codesign.companies.models import CompanyCategory
from codesign.criteria.models import ActionTemplate, Criterion
from codesign.criteria.rules import CRITERIA, LANGUAGES
from registry.kernel.audit.actions import record
from registry.kernel.audit.actor import Actor
from registry.kernel.errors import Fault, Invalid, Refused


@transaction.atomic
def load_criteria(rows: Iterable[Mapping[str, Any]]) -> int:
    """Enter wordings; a version already there is never edited. Answers how many are new."""
    new = 0
    for row in rows:  # six a version, once
        _, is_new = Criterion.objects.get_or_create(
            number=row["number"],
            version=row["version"],
            defaults={name: row[name] for name in ("names", "texts", "effective_from", "source")},
        )
        new += is_new
    return new


@transaction.atomic
def publish_wording(
    *,
    number: int,
    names: Mapping[str, str],
    texts: Mapping[str, str],
    effective_from: date,
    source: str = "",
    actor: Actor,
    at: datetime,
) -> Criterion:
    """A new wording of a criterion from a day on; those before stay as they were, for the days before.

    Raises Invalid: a language is missing, or the day is not after the newest wording's.
    """
    lacking = [
        Fault(f"/{field}/{language}", "required", "Every language needs its wording.")
        for field, given in (("names", names), ("texts", texts))
        for language in LANGUAGES
        if not given.get(language)
    ]
    if lacking:
        raise Invalid("A wording comes in every language.", faults=tuple(lacking))
    newest = Criterion.objects.select_for_update().filter(number=number).order_by("-version").first()
    if newest is not None and effective_from <= newest.effective_from:
        sentence = f"The newest wording holds from {newest.effective_from}."
        raise Invalid.at("/effective_from", "out_of_order", sentence)
    criterion = Criterion.objects.create(
        number=number,
        version=newest.version + 1 if newest else 1,
        names=dict(names),
        texts=dict(texts),
        effective_from=effective_from,
        source=source,
    )
    changes: dict[str, list[Any]] = {"number": [None, number], "effective_from": [None, effective_from]}
    record("criteria.create", criterion, actor=actor, at=at, changes=changes)
    return criterion


@transaction.atomic
def load_templates(rows: Iterable[Mapping[str, Any]]) -> int:
    """Enter templates of actions; those already there are left as staff shaped them."""
    new = 0
    for row in rows:  # a dozen, once
        _, is_new = ActionTemplate.objects.get_or_create(
            code=row["code"], version=1, defaults={name: value for name, value in row.items() if name != "code"}
        )
        new += is_new
    return new


@transaction.atomic
def publish_template(
    *,
    code: str,
    criterion_number: int,
    titles: Mapping[str, str],
    responsible_role: str,
    due_months: int,
    effective_from: date,
    category: str = "",
    is_active: bool = True,
    actor: Actor,
    at: datetime,
) -> ActionTemplate:
    """A template from a day on, new or the next version of one; plans that are drafted stay as they are.

    Raises Invalid: a language is missing, `in_the_past`, `out_of_order`; Refused `criterion_without_template` when
    companies of a category would get a first plan without an action on a criterion.
    """
    lacking = [
        Fault(f"/titles/{language}", "required", "Every language needs its title.")
        for language in LANGUAGES
        if not titles.get(language)
    ]
    if lacking:
        raise Invalid("A template comes in every language.", faults=tuple(lacking))
    if effective_from < at.date():
        raise Invalid.at("/effective_from", "in_the_past", "A template changes from today on at the earliest.")
    newest = ActionTemplate.objects.select_for_update().filter(code=code).order_by("-version").first()
    if newest and newest.effective_from and effective_from <= newest.effective_from:
        sentence = f"The newest version holds from {newest.effective_from}."
        raise Invalid.at("/effective_from", "out_of_order", sentence)
    template = ActionTemplate.objects.create(
        code=code,
        version=newest.version + 1 if newest else 1,
        effective_from=effective_from,
        criterion_number=criterion_number,
        category=category,
        titles=dict(titles),
        responsible_role=responsible_role,
        due_months=due_months,
        is_active=is_active,
    )
    _refuse_gaps(effective_from)
    changes: dict[str, list[Any]] = {"code": [None, code], "version": [None, template.version]}
    record("plan-templates.create", template, actor=actor, at=at, changes=changes)
    return template


def _refuse_gaps(on: date) -> None:
    proposed = set(ActionTemplate.objects.on(on).values_list("category", "criterion_number"))
    gaps = {
        number
        for number in CRITERIA
        for category in CompanyCategory.values
        if not {("", number), (category, number)} & proposed
    }
    if gaps:
        named = ", ".join(map(str, sorted(gaps)))
        raise Refused(
            f"A first plan would lack an action on criterion {named}.",
            code="criterion_without_template",
            details={"criteria": sorted(gaps)},
        )
