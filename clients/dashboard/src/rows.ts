/** How the rows of each list look in a table. */
import { h } from "./dom";
import type { Column } from "./parts";
import { country, day, said, t } from "./words";

export type Row = Readonly<Record<string, unknown>>;

const text = (value: unknown): string => (typeof value === "string" || typeof value === "number" ? String(value) : "");
const named = (value: unknown): string => (typeof value === "object" && value !== null && "display" in value ? text(value.display) : text(value));
const dated = (value: unknown): string => (typeof value === "string" && /^\d{4}-\d\d-\d\d/.test(value) ? day(value) : text(value) || "–");

const NAME: Column<Row> = { name: t("name"), cell: (row) => text(row["name"]) || named(row["organisation"]) || named(row["company"]) || text(row["title"]) };
const COUNTRY: Column<Row> = { name: t("country"), cell: (row) => (row["country"] ? country(text(row["country"])) : "–") };
const state = (kind: string, field = "state"): Column<Row> => ({ name: t("state"), cell: (row) => said(kind, text(row[field])) });
const date = (name: string, ...fields: string[]): Column<Row> => ({ name, cell: (row) => dated(fields.map((field) => row[field]).find(Boolean)) });
const company: Column<Row> = {
  name: t("name"),
  cell: (row) => {
    const id = typeof row["company"] === "object" && row["company"] !== null && "id" in row["company"] ? text(row["company"].id) : text(row["company"] ?? row["id"]);
    return h("a", { href: `/companies/${id}/` }, named(row["company"]) || text(row["name"]));
  },
};

const KINDS: Readonly<Record<string, readonly Column<Row>[]>> = {
  "network-memberships": [NAME, COUNTRY, { name: t("kind"), cell: (row) => said("kind", text(row["kind"])) }, { name: t("since"), cell: (row) => text(row["since"]) || "–" }, { name: t("source"), cell: (row) => text(row["source"]) }],
  countries: [{ name: t("country"), cell: (row) => country(text(row["code"])) }, { name: t("region"), cell: (row) => named(row["region"]) }],
  members: [NAME, COUNTRY, { name: t("category"), cell: (row) => said("category", text(row["category"])) }, state("public", "status"), date(t("since"), "member_since"), { name: t("member_number"), cell: (row) => text(row["number"]) }],
  "code-memberships": [company, COUNTRY, state("state"), date(t("since"), "member_since", "approved_on", "applied_at")],
  reports: [company, { name: t("year"), cell: (row) => text(row["year"]) }, state("report"), date(t("due"), "due_on")],
  "plan-actions": [{ name: t("action"), cell: (row) => text(row["title"]) }, { name: t("criterion"), cell: (row) => text(row["criterion_number"]) }, state("action"), date(t("due"), "due_on")],
  agreements: [NAME, { name: t("kind"), cell: (row) => said("agreement", text(row["kind"])) }, state("agreement_state"), date(t("ends"), "ends_on")],
  staff: [{ name: t("reference"), cell: (row) => text(row["reference"]) || t("masked") }, { name: t("role"), cell: (row) => said("role", text(row["role"])) }, { name: t("training"), cell: (row) => said("training", text(row["status"])) }, date(t("valid_until"), "valid_until")],
};

/** The columns of a list by its address; the plain fields of its first row where nobody chose any. */
export function columnsOf(path: string, rows: readonly Row[]): readonly Column<Row>[] {
  const kind = /^\/api\/v1\/([a-z-]+)\//.exec(path)?.[1] ?? "";
  const plain = Object.entries(rows[0] ?? {}).filter(([name, value]) => name !== "id" && typeof value !== "object");
  return KINDS[kind] ?? plain.slice(0, 6).map(([name]) => ({ name: name.replaceAll("_", " "), cell: (row: Row) => text(row[name]) }));
}
