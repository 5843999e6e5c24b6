"""Rows for the tests that ask every list or every command the same question."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from codesign.fees.models import FeeReduction
from codesign.reminders.models import ReminderRule
from codesign.reporting.models import Questionnaire
from members.scope import Role
from tests.contract.contract import Operation, admitted, operations
from tests.contract.places import AT, Caller, Place, make_caller
from tests.contract.specimens.every import SPECIMENS
from tests.factories import reporting

LISTS = {name: operation for name, operation in operations().items() if operation.is_list}
COMMANDS = {name: operation for name, operation in operations().items() if operation.is_command}
# Who is asked, when admitted: those who see most first.
_BY_REACH = (Role.SECRETARIAT, Role.COMPANY_EDITOR, Role.LCR, Role.MEMBER_GROUP, Role.PUBLIC)


def caller_of(operation: Operation, *, without: frozenset[Role] = frozenset()) -> Caller:
    """A caller whom the operation admits."""
    roles = admitted()[operation.id]
    return make_caller(next(role for role in _BY_REACH if role in roles - without))


def fill(operation: Operation, place: Place, count: int) -> None:
    """Put `count` rows into a list, or all that there ever are of it."""
    for number in range(count):
        if (make := _NUMBERED.get(operation.id)) is not None:
            make(number)
        else:
            row = SPECIMENS[operation.id].row
            assert row is not None
            row(place)


def _year(number: int) -> Any:
    return reporting.make_year(2000 + number)


def _questionnaire(number: int) -> Any:
    return Questionnaire.objects.create(
        version=number + 1, names={"en": f"Report {number}"}, sections=[], created_at=AT
    )


def _rule(number: int) -> Any:
    return ReminderRule.objects.create(
        code="report-due",
        version=number + 1,
        kind="report_due",
        binding="obligation",
        names={"en": "Report"},
        effective_from=date(2026, 1, 1),
        created_at=AT,
    )


def _reduction(number: int) -> Any:
    return FeeReduction.objects.create(code=f"fictif-{number}", share="0.1")


# Where a specimen would make the same row again.
_NUMBERED: dict[str, Callable[[int], Any]] = {
    "fee_reductions_list": _reduction,
    "reporting_years_list": _year,
    "questionnaires_list": _questionnaire,
    "reminder_rules_list": _rule,
    "criteria_list": lambda number: SPECIMENS["criteria_list"].row(None) if number == 0 else None,  # type: ignore[misc,arg-type]
    "fee_bands_list": lambda number: SPECIMENS["fee_bands_list"].row(None) if number == 0 else None,  # type: ignore[misc,arg-type]
}
