"""Which companies a roster may touch, and whose a row of it is: its own company's, or one company's of a group.

Nothing but these functions knows the difference; the statements ask them for their conditions.
"""

from __future__ import annotations

from uuid import UUID

from codesign.companies.models import Company
from codesign.rosters.actions.ranges import Range, rows_in
from codesign.rosters.models import Roster
from members.organisations.models import Organisation
from members.scope import COMPANY_ROLES, Scope
from registry.kernel.dialect import Statement


def group_of(company_id: UUID, actor: Scope) -> list[UUID]:
    """The company and all below it today, as far as they are the caller's; in the order of their keys."""
    tree = Organisation.objects.tree_of({company_id}, actor.day) & actor.organisations(*COMPANY_ROLES)
    return list(Company.objects.filter(pk__in=tree).order_by("pk").values_list("pk", flat=True))


def companies_of(roster: Roster) -> list[UUID]:
    """The companies that it may touch."""
    return [roster.company_id] if roster.company_ids is None else [UUID(key) for key in roster.company_ids]


def companies_in(roster: Roster, span: Range) -> list[UUID]:
    """Those that rows of a range are about."""
    if roster.company_ids is None:
        return [roster.company_id]
    keys = rows_in(roster, span).order_by().values_list("company_id", flat=True).distinct()
    return [key for key in keys if key is not None]


def among(roster: Roster, statement: Statement, column: str) -> str:
    """The condition that `column` is one of its companies."""
    if roster.company_ids is None:
        return f"{column} = {statement.uuid(roster.company_id)}"
    keys = ", ".join(statement.uuid(key) for key in companies_of(roster))
    return f"{column} IN ({keys})" if keys else "1 = 0"


def whose(roster: Roster, statement: Statement) -> str:
    """The company of the row `r`."""
    return statement.uuid(roster.company_id) if roster.company_ids is None else "r.company_id"


def is_of(roster: Roster, statement: Statement) -> str:
    """The condition that the person `s` is of the company of the row `r`."""
    own = among(roster, statement, "s.company_id")
    return own if roster.company_ids is None else f"{own} AND s.company_id = r.company_id"


def may_be_of(roster: Roster) -> str:
    """The condition that `r` may mean the person `s` of its reference: so it may where its site is unknown."""
    return "1 = 1" if roster.company_ids is None else "(r.company_id = s.company_id OR r.company_id IS NULL)"


def stands(roster: Roster, statement: Statement) -> str:
    """The condition that the site of the row `r` still belongs to the row's company."""
    if roster.company_ids is None:
        own = among(roster, statement, "p.company_id")
        return f"r.site_id IN (SELECT p.id FROM codesign_site p WHERE {own})"  # noqa: S608
    return "EXISTS (SELECT 1 FROM codesign_site p WHERE p.id = r.site_id AND p.company_id = r.company_id)"
