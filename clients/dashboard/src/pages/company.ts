/** One company: how it stands and why, what to do next, what happened when, and who may be reached. */
import { page, ProblemError, register, type Shapes } from "../api";
import { ask } from "../asking";
import { fresh, h } from "../dom";
import { file } from "../file";
import { acting, badge, empty, loading, section, table, tell } from "../parts";
import { country, day, number, said, say, share, t } from "../words";
import { TONES } from "./companies";

type Company = Shapes["Company"];

export function company(): Node[] {
  const id = page.row;
  return [loading(() => whole(id), { tall: true })];
}

async function whole(id: string): Promise<Node> {
  const path = { id };
  const { data: row } = await register.get("/api/v1/companies/{id}/", { params: { path } });
  document.title = `${row.name} · ${document.title.split(" · ").at(-1)}`;
  return h(
    "div",
    { class: "company" },
    h("nav", { class: "crumbs", "aria-label": t("where_you_are") }, h("a", { href: "/companies/" }, t("companies.title"))),
    h("header", { class: "page-head" }, h("h1", {}, row.name), h("p", { class: "facts" }, row.state ? badge(said("state", row.state), TONES[row.state] ?? "quiet") : null, row.standing ? badge(said("standing", row.standing), TONES[row.standing] ?? "quiet") : null, h("span", {}, said("category", row.category)), h("span", {}, country(row.country)), row.number ? h("code", {}, row.number) : null, row.member_since ? h("span", {}, t("company.member_since", { day: day(row.member_since) })) : null)),
    h("div", { class: "two" }, h("div", {}, standing(row), page.isStaff ? file(row) : null, plan(row), timeline(id)), h("aside", { "aria-label": t("company.facts") }, next(row), criteria(row), facts(row), page.isStaff ? access(row) : null)),
  );
}

/** The findings of a standing, each with what restores it. */
export function standing(row: Company): HTMLElement {
  return section(
    t("company.standing"),
    "",
    loading(async () => {
      if (!row.membership_id) return empty(t("company.no_membership"));
      const { data } = await register.get("/api/v1/companies/{id}/standing/", { params: { path: { id: row.id }, query: { explain: true } } });
      const findings = data.findings ?? [];
      if (!findings.length) return h("div", { class: "card calm" }, h("p", { class: "big" }, data.standing ? said("standing", data.standing) : t("company.not_yet_member")), data.changes_on ? h("p", {}, t("company.changes_on", { day: day(data.changes_on) })) : data.standing ? h("p", {}, t("company.all_done")) : null);
      return h(
        "ul",
        { class: "findings" },
        findings.map((finding) => h("li", { class: `card ${TONES[finding.rule] ?? ""}` }, h("h3", {}, said("standing", finding.rule)), finding.since ? h("p", { class: "helptext" }, t("company.since", { day: day(finding.since) })) : null, h("p", {}, h("strong", {}, t("company.to_do"), " "), restored(finding)))),
      );
    }),
  );
}

/** What would put a finding right, in the reader's language: by its rule and its facts, as the register says it. */
function restored({ rule, facts, restored_by }: Shapes["FindingAnswer"]): string {
  const [numerator, denominator, target] = ["numerator", "denominator", "target_share"].map((name) => Number(facts[name] ?? 0));
  const more = Math.ceil((denominator ?? 0) * (target ?? 0) - 1e-9) - (numerator ?? 0);
  return say(`restore.${rule}`, { invoice: String(facts["invoice"] ?? ""), year: String(facts["year"] ?? ""), more: number(more) }) ?? restored_by;
}

function next(row: Company): HTMLElement {
  return section(
    t("company.next"),
    "",
    loading(async () => {
      if (!row.membership_id) return empty(t("company.no_membership"));
      const path = { id: row.membership_id };
      const [{ etag }, { data: moves }] = await Promise.all([register.get("/api/v1/code-memberships/{id}/", { params: { path } }), register.get("/api/v1/code-memberships/{id}/moves/", { params: { path } })]);
      const possible = moves.filter(({ allowed }) => allowed);
      const waiting = moves.filter(({ allowed, reasons }) => !allowed && reasons.some(({ code }) => code !== "move_not_allowed" && code !== "forbidden"));
      const simple = possible.filter(({ move }) => ["submit", "submit_plan", "approve", "request_changes", "withdraw", "reinstate", "expire"].includes(move));
      return h(
        "div",
        { class: "card" },
        simple.length ? h("div", { class: "actions" }, simple.map(({ move, url }) => acting(said("move", move), () => moved(move, url, etag ?? ""), move === "approve" || move === "submit" || move === "submit_plan" ? "small" : "small quiet"))) : h("p", {}, t("company.nothing_to_decide")),
        waiting.length ? h("details", {}, h("summary", {}, t("company.not_now")), h("ul", {}, waiting.map(({ move, reasons }) => h("li", {}, h("strong", {}, said("move", move)), ": ", reasons.map(({ message }) => message).join(" "))))) : null,
      );
    }),
  );
}

/** Make a move with the tag that was read; when somebody was quicker, say so and show the page as it is now. */
async function moved(move: string, url: string, tag: string): Promise<void> {
  const name = said("move", move);
  // A plan that is given back says what to change.
  const words = move === "request_changes" ? await ask(name, [{ name: "text", label: t("company.what_to_change"), kind: "area" }], name) : {};
  if (words === null) return;
  try {
    await register.send("POST", url, words, tag);
  } catch (error) {
    if (!(error instanceof ProblemError) || error.status !== 412) throw error;
    tell(t("changed_meanwhile"), "danger");
  }
  tell(t("done", { what: name }));
  setTimeout(() => location.reload(), 900);
}

function criteria(row: Company): HTMLElement {
  return section(
    t("company.criteria"),
    "",
    h("ol", { class: "criteria" }, (row.criteria ?? []).map(({ number: at, state }) => h("li", { class: state }, h("span", { "aria-hidden": "true" }, String(at)), h("span", {}, h("span", { class: "visually-hidden" }, `${t("criterion_n", { n: at })}: `), said("criterion", state))))),
  );
}

function facts(row: Company): HTMLElement {
  const rows: [string, Node | string][] = [
    [t("company.lcr"), row.representative?.display ?? t("company.secretariat_stands_in")],
    [t("company.sites"), number(row.site_count)],
    [t("company.staff"), row.staff_count === null ? t("unknown") : t("company.staff_of", { count: number(row.staff_count), sites: number(row.counted_site_count) })],
    [t("training"), !row.training?.value ? t("unknown") : `${share(Number(row.training.value))} (${row.training.numerator}/${row.training.denominator})`],
    [t("company.report"), row.latest_report ? `${row.latest_report.year}: ${said("report", row.latest_report.state)}` : t("company.no_report")],
  ];
  return section(t("company.facts"), "", h("dl", { class: "facts-list" }, rows.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value)))));
}

function plan(row: Company): HTMLElement | null {
  if (!row.membership_id) return null;
  const membership = row.membership_id;
  return section(
    t("company.plan"),
    "",
    loading(async () => {
      const { data } = await register.get("/api/v1/plan-actions/", { params: { query: { membership: [membership], ordering: "due_on", page_size: 100 } } });
      if (!data.results.length) return empty(t("company.no_plan"));
      return table(
        t("company.plan"),
        [
          { name: t("action"), cell: (action) => action.title },
          { name: t("criterion"), isNumber: true, cell: (action) => action.criterion_number },
          { name: t("due"), cell: (action) => day(action.due_on) },
          { name: t("state"), cell: (action) => badge(said("action", action.state), action.state === "open" ? (action.due_on < page.day ? "danger" : "quiet") : "good") },
        ],
        data.results,
      );
    }),
  );
}

export function timeline(id: string): HTMLElement {
  return section(
    t("company.timeline"),
    "",
    loading(async () => {
      const { data } = await register.get("/api/v1/companies/{id}/timeline/", { params: { path: { id } } });
      if (!data.length) return empty(t("nothing_yet"));
      const years = Map.groupBy(data.toReversed(), ({ on }) => on.slice(0, 4));
      return h("ol", { class: "timeline" }, [...years].map(([year, entries]) => h("li", {}, h("h3", {}, year), h("ul", {}, entries.map((entry) => h("li", { class: `of-${entry.kind}` }, h("time", { datetime: entry.on }, day(entry.on)), h("span", {}, h("strong", {}, said("timeline", entry.kind)), " ", what(entry))))))));
    }),
  );
}

function what({ kind, what, facts }: Shapes["TimelineEntryAnswer"]): string {
  const say = kind === "decision" ? said("move", what) : kind === "report" ? said("report_move", what) : said("happened", what);
  const more = ["year", "number", "amount_eur", "text"].map((name) => facts[name]).filter((value) => typeof value === "string" || typeof value === "number").map(String);
  return [say, ...more].filter(Boolean).join(" · ");
}

/** For the officer: give the company a log-in at an address that it reaches. */
function access(row: Company): HTMLElement {
  const id = fresh("email");
  const field = h("input", { id, type: "email", required: true, autocomplete: "off" });
  const out = h("div", { "aria-live": "polite" });
  const form = h("form", { class: "stack" }, h("div", { class: "field" }, h("label", { for: id }, t("access.address")), field), h("div", { class: "actions" }, h("button", { class: "button small" }, t("access.invite"))), out);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    out.replaceChildren(
      loading(async () => {
        const { data } = await register.post("/api/v1/invitations/", { body: { email: field.value, role: "company_editor", organisation: row.organisation.id } });
        const link = `${location.origin}/invitation/#${data.token}`;
        return h("div", { class: "notice" }, h("p", {}, t("access.made", { day: day(data.expires_at) })), h("p", {}, h("code", { class: "wrap" }, link)));
      }),
    );
  });
  return section(t("access.title"), t("access.lead"), h("div", { class: "card" }, form));
}
