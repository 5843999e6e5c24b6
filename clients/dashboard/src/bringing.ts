/** Files that an officer brings: what each line would become is shown first, and written when somebody says so. */
import { waitFor } from "@the-code-register/client";
import { register, type Shapes } from "./api";
import { fresh, h } from "./dom";
import { acting, badge, loading, table, tell } from "./parts";
import { formOf } from "./sending";
import { day, number, said, t } from "./words";

type Statement = Shapes["StatementAnswer"];
type Import = Shapes["Import"];

export function bringing(): HTMLElement {
  return h("div", { class: "stack", id: "bringing" }, place("statement", look), place("book", plan));
}

/** One kind of file: `tried` shows what it would do. */
function place(kind: "statement" | "book", tried: (file: File) => Promise<Node>): HTMLElement {
  const id = fresh("file");
  const file = h("input", { id, type: "file", accept: ".csv,.xlsx", required: true });
  const out = h("div", { "aria-live": "polite" });
  const form = h("form", { class: "stack" }, h("p", { class: "helptext" }, t(`bring.${kind}.help`)), h("div", { class: "field" }, h("label", { for: id }, t("roster.file")), file), h("div", { class: "actions" }, h("button", { class: "button small" }, t("roster.send"))), out);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const chosen = file.files?.[0];
    if (chosen) out.replaceChildren(loading(() => tried(chosen)));
  });
  return h("details", { class: "card", "data-bring": kind }, h("summary", {}, t(`bring.${kind}`)), form);
}

const TONES: Readonly<Record<string, string>> = { matched: "good", part_payment: "good", create: "good", update: "good", ambiguous: "danger", refused: "danger", error: "danger", conflict: "danger", overpaid: "warm", unknown: "warm" };

const sum = (counts: Readonly<Record<string, number>>, kind: string): HTMLElement => h("p", { class: "facts" }, Object.entries(counts).filter(([, count]) => count > 0).map(([label, count]) => h("span", {}, badge(`${said(kind, label)}: ${number(count)}`, TONES[label] ?? "quiet"))));

const sent = async (file: File, isTrial: boolean, leaveOut: boolean): Promise<Statement> =>
  (await register.post("/api/v1/payments/import/", { params: { query: isTrial ? { dry_run: true } : {} }, body: {}, bodySerializer: () => formOf({ file, ...(leaveOut ? { leave_out_ambiguous: "true" } : {}) }) })).data;

/** A bank's statement, line by line; what may pay two invoices is left out, or corrected in the file first. */
async function look(file: File): Promise<Node> {
  const found = await sent(file, true, false);
  const toWrite = found.counts.matched + found.counts.part_payment;
  const write = acting(t(found.is_blocked ? "bring.write_others" : "roster.confirm"), async () => {
    const done = await sent(file, false, found.is_blocked);
    tell(t("bring.written", { count: number(done.lines.filter(({ payment_id: payment }) => payment !== null).length) }));
    out.replaceChildren(lines(done));
  }, "");
  const out = h("div", { class: "stack" }, h("p", {}, h("strong", {}, t("roster.would", { count: number(found.lines.length) }))), lines(found), toWrite ? h("div", { class: "actions" }, write) : null);
  return out;
}

function lines({ counts, lines: found }: Statement): HTMLElement {
  const rows = table(
    t("bring.statement"),
    [
      { name: t("bring.line"), isNumber: true, cell: ({ number: at }) => at },
      { name: t("bring.day"), cell: ({ paid_on: on }) => (on ? day(on) : "–") },
      { name: t("bring.amount"), isNumber: true, cell: ({ amount_eur: amount }) => amount ?? "–" },
      { name: t("papers.invoice"), cell: ({ invoice }) => invoice || "–" },
      { name: t("state"), cell: ({ label, errors }) => h("span", {}, badge(said("receipt", label), TONES[label] ?? "quiet"), " ", errors.map(({ message }) => message).join(" ")) },
    ],
    found,
  );
  return h("div", {}, sum({ ...counts }, "receipt"), rows);
}

/** The companies of an officer, labelled row by row; those at fault are told and left out. */
async function plan(file: File): Promise<Node> {
  const { data } = await register.post("/api/v1/imports/", { body: { kind: "companies" }, bodySerializer: () => formOf({ file, kind: "companies" }) });
  const planned = await settled(data.id);
  const path = { id: planned.id };
  const { data: bad } = await register.get("/api/v1/imports/{id}/rows/", { params: { path, query: { label: ["conflict", "error"] } } });
  const write = acting(t("roster.confirm"), async () => {
    const { etag } = await register.get("/api/v1/imports/{id}/", { params: { path } });
    await register.post("/api/v1/imports/{id}/confirm/", { params: { path, header: etag ? { "If-Match": etag } : {} } });
    const done = await settled(planned.id);
    tell(t("bring.written", { count: number(done.counts.applied) }));
    write.remove();
  }, "");
  const { create, update, match, conflict, error } = planned.counts;
  return h(
    "div",
    { class: "stack" },
    h("p", {}, h("strong", {}, t("roster.would", { count: number(planned.row_count) }))),
    sum({ create, update, match, conflict, error }, "row"),
    bad.results.length ? table(t("bring.book"), [{ name: t("bring.line"), isNumber: true, cell: (row) => row.number }, { name: t("state"), cell: (row) => h("span", {}, badge(said("row", row.label ?? "error"), "danger"), " ", row.errors.map(({ column, message }) => [column, message].filter(Boolean).join(": ")).join(" ")) }], bad.results) : null,
    create + update ? h("div", { class: "actions" }, write) : null,
  );
}

const settled = (id: string): Promise<Import> => waitFor(async () => (await register.get("/api/v1/imports/{id}/", { params: { path: { id } } })).data, ({ state }) => state !== "planning" && state !== "applying");
