"""Said to the database itself, in each one's own words: confirmed mandates of a country never overlap, and a
decision on a membership of the network is final.

For a migration's RunSQL, by vendor. Statements may be run twice. SQLite loses triggers when a migration
rebuilds the table: a migration that alters `members_mandate` runs `SQLITE` again.
"""

from __future__ import annotations

_CLASH = """
SELECT 1 FROM members_mandate other
WHERE other.id <> NEW.id AND other.country_id = NEW.country_id AND other.confirmed_at IS NOT NULL
  AND (other.valid_until IS NULL OR other.valid_until >= NEW.valid_from)
  AND (NEW.valid_until IS NULL OR NEW.valid_until >= other.valid_from)
"""


def _trigger(event: str) -> str:
    return f"""
CREATE TRIGGER IF NOT EXISTS mandate_no_overlap_{event.split()[0].lower()}
BEFORE {event} ON members_mandate
WHEN NEW.confirmed_at IS NOT NULL AND EXISTS ({_CLASH})
BEGIN
    SELECT RAISE(ABORT, 'mandate_no_overlap');
END
"""


SQLITE: tuple[str, ...] = (
    _trigger("INSERT"),
    _trigger("UPDATE OF country_id, valid_from, valid_until, confirmed_at"),
)
SQLITE_REVERSE: tuple[str, ...] = (
    "DROP TRIGGER IF EXISTS mandate_no_overlap_insert",
    "DROP TRIGGER IF EXISTS mandate_no_overlap_update",
)

POSTGRESQL: tuple[str, ...] = (
    "CREATE EXTENSION IF NOT EXISTS btree_gist",
    """
DO $$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'mandate_no_overlap') THEN
        ALTER TABLE members_mandate ADD CONSTRAINT mandate_no_overlap
        EXCLUDE USING gist (country_id WITH =, daterange(valid_from, valid_until, '[]') WITH &&)
        WHERE (confirmed_at IS NOT NULL);
    END IF;
END $$
""",
)
POSTGRESQL_REVERSE: tuple[str, ...] = ("ALTER TABLE members_mandate DROP CONSTRAINT IF EXISTS mandate_no_overlap",)


_DECISION = "network_decision_is_final"
DECISIONS_SQLITE: tuple[str, ...] = (
    f"""
CREATE TRIGGER IF NOT EXISTS {_DECISION} BEFORE UPDATE ON members_networkdecision
BEGIN
    SELECT RAISE(ABORT, '{_DECISION}');
END
""",
)
DECISIONS_SQLITE_REVERSE: tuple[str, ...] = (f"DROP TRIGGER IF EXISTS {_DECISION}",)
DECISIONS_POSTGRESQL: tuple[str, ...] = (
    f"""
CREATE OR REPLACE FUNCTION {_DECISION}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '{_DECISION}' USING ERRCODE = 'integrity_constraint_violation';
END $$
""",
    f"""
CREATE OR REPLACE TRIGGER {_DECISION} BEFORE UPDATE ON members_networkdecision
FOR EACH ROW EXECUTE FUNCTION {_DECISION}()
""",
)
DECISIONS_POSTGRESQL_REVERSE: tuple[str, ...] = (
    f"DROP TRIGGER IF EXISTS {_DECISION} ON members_networkdecision",
    f"DROP FUNCTION IF EXISTS {_DECISION}()",
)

SQLITE += DECISIONS_SQLITE
SQLITE_REVERSE += DECISIONS_SQLITE_REVERSE
POSTGRESQL += DECISIONS_POSTGRESQL
POSTGRESQL_REVERSE += DECISIONS_POSTGRESQL_REVERSE


def statements(vendor: str) -> tuple[str, ...]:
    """The statements for one database."""
    return POSTGRESQL if vendor == "postgresql" else SQLITE
