"""What the database itself refuses: editing a decision, and two head counts of one site on one day.

For a migration's RunSQL, by vendor. Statements may be run twice. SQLite loses triggers when a migration
rebuilds a table: one that alters `codesign_decision` or `codesign_headcount` runs `SQLITE` again.
"""

from __future__ import annotations

_OVERLAP = """
SELECT 1 FROM codesign_headcount other
WHERE other.id <> NEW.id AND other.site_id = NEW.site_id AND other.superseded_at IS NULL
  AND (other.valid_until IS NULL OR other.valid_until >= NEW.valid_from)
  AND (NEW.valid_until IS NULL OR NEW.valid_until >= other.valid_from)
"""


def _no_overlap(event: str) -> str:
    return f"""
CREATE TRIGGER IF NOT EXISTS head_count_no_overlap_{event.split()[0].lower()}
BEFORE {event} ON codesign_headcount
WHEN NEW.superseded_at IS NULL AND EXISTS ({_OVERLAP})
BEGIN
    SELECT RAISE(ABORT, 'head_count_no_overlap');
END
"""


SQLITE: tuple[str, ...] = (
    _no_overlap("INSERT"),
    _no_overlap("UPDATE OF site_id, valid_from, valid_until, superseded_at"),
    """
CREATE TRIGGER IF NOT EXISTS decision_is_final BEFORE UPDATE ON codesign_decision
BEGIN
    SELECT RAISE(ABORT, 'decision_is_final');
END
""",
)
SQLITE_REVERSE: tuple[str, ...] = (
    "DROP TRIGGER IF EXISTS head_count_no_overlap_insert",
    "DROP TRIGGER IF EXISTS head_count_no_overlap_update",
    "DROP TRIGGER IF EXISTS decision_is_final",
)

POSTGRESQL: tuple[str, ...] = (
    "CREATE EXTENSION IF NOT EXISTS btree_gist",
    """
DO $$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'head_count_no_overlap') THEN
        ALTER TABLE codesign_headcount ADD CONSTRAINT head_count_no_overlap
        EXCLUDE USING gist (site_id WITH =, daterange(valid_from, valid_until, '[]') WITH &&)
        WHERE (superseded_at IS NULL);
    END IF;
END $$
""",
    """
CREATE OR REPLACE FUNCTION decision_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'decision_is_final' USING ERRCODE = 'integrity_constraint_violation';
END $$
""",
    """
CREATE OR REPLACE TRIGGER decision_is_final BEFORE UPDATE ON codesign_decision
FOR EACH ROW EXECUTE FUNCTION decision_is_final()
""",
)
POSTGRESQL_REVERSE: tuple[str, ...] = (
    "ALTER TABLE codesign_headcount DROP CONSTRAINT IF EXISTS head_count_no_overlap",
    "DROP TRIGGER IF EXISTS decision_is_final ON codesign_decision",
    "DROP FUNCTION IF EXISTS decision_is_final()",
)


def statements(vendor: str) -> tuple[str, ...]:
    """The statements for one database."""
    return POSTGRESQL if vendor == "postgresql" else SQLITE
