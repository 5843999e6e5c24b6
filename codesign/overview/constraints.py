"""Triggers: whatever writes a row that a figure counts, by whatever path, names its company in the log of touches.

For a migration's RunSQL, by vendor. Statements may be run twice. SQLite loses triggers when a migration rebuilds
a table: one that alters a table named here runs `SQLITE` again.
"""

from __future__ import annotations

_MEMBERSHIP = "(SELECT company_id FROM codesign_codemembership WHERE id = {row}.membership_id)"
_SITE = "(SELECT company_id FROM codesign_site WHERE id = {row}.site_id)"
# Table → the company of a row.
COUNTED = {
    "codesign_company": "{row}.organisation_id",
    "codesign_site": "{row}.company_id",
    "codesign_headcount": _SITE,
    "codesign_codemembership": "{row}.company_id",
    "codesign_planaction": _MEMBERSHIP,
    "codesign_invoice": _MEMBERSHIP,
    "codesign_waiver": _MEMBERSHIP,
    "codesign_report": "{row}.company_id",
    "codesign_reportobligation": "{row}.company_id",
    "codesign_statustile": "{row}.company_id",
    # Rules: of every company.
    "codesign_reportingyear": "CAST(NULL AS {uuid})",
    "codesign_requirement": "CAST(NULL AS {uuid})",
}
_SIDES = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}
_LOG = "INSERT INTO codesign_companytouch (company_id)"


def _name(table: str, event: str) -> str:
    return f"{table.removeprefix('codesign_')}_touches_company_on_{event.lower()}"


def _sqlite(table: str, event: str) -> str:
    """Row by row, named once: writers come one after the other here."""
    companies = [COUNTED[table].format(row=side, uuid="text") for side in _SIDES[event]]
    body = "".join(
        f"{_LOG} SELECT {company} WHERE NOT EXISTS "
        f"(SELECT 1 FROM codesign_companytouch WHERE company_id IS {company});\n"
        for company in companies
    )
    return f"CREATE TRIGGER IF NOT EXISTS {_name(table, event)} AFTER {event} ON {table}\nBEGIN\n{body}END"


def _postgresql(table: str, event: str) -> tuple[str, str]:
    """Once a statement, whatever the number of rows."""
    rows = " UNION ALL ".join(f"SELECT * FROM {side.lower()}_rows" for side in _SIDES[event])
    seen = " ".join(f"{side} TABLE AS {side.lower()}_rows" for side in _SIDES[event])
    company = COUNTED[table].format(row="changed", uuid="uuid")
    name = _name(table, event)
    return (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"{_LOG} SELECT DISTINCT {company} FROM ({rows}) changed; RETURN NULL; END $$",
        f"CREATE OR REPLACE TRIGGER {name} AFTER {event} ON {table} REFERENCING {seen} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {name}()",
    )


_EACH = [(table, event) for table in COUNTED for event in _SIDES]
SQLITE: tuple[str, ...] = tuple(_sqlite(*each) for each in _EACH)
SQLITE_REVERSE: tuple[str, ...] = tuple(f"DROP TRIGGER IF EXISTS {_name(*each)}" for each in _EACH)
POSTGRESQL: tuple[str, ...] = tuple(statement for each in _EACH for statement in _postgresql(*each))
POSTGRESQL_REVERSE: tuple[str, ...] = tuple(f"DROP FUNCTION IF EXISTS {_name(*each)}() CASCADE" for each in _EACH)


def statements(vendor: str) -> tuple[str, ...]:
    """The statements for one database."""
    return POSTGRESQL if vendor == "postgresql" else SQLITE


def reverse(vendor: str) -> tuple[str, ...]:
    """What takes them back."""
    return POSTGRESQL_REVERSE if vendor == "postgresql" else SQLITE_REVERSE
