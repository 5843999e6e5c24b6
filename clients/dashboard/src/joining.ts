/** The way to membership, step by step: what is done, what is missing, whose turn it is, and what answers it. */
import { page, register, type Shapes } from "./api";
import { ask } from "./asking";
import { h } from "./dom";
import { acting, tell } from "./parts";
import { BANDS, SPOKEN, day, language, number, said, say, t } from "./words";

type Company = Shapes["Company"];
type Step = Shapes["StepAnswer"];
type Doing = (company: Company, step: Step, membership: string) => Promise<boolean>;

const WAY = ["draft", "submitted", "plan_submitted", "approved", "active"];
const DRAFTING = new Set(["submitted", "changes_requested"]);
/** Until then there is nothing to report, to prove or to hold against a company. */
export const BEFORE_APPROVAL: ReadonlySet<string> = new Set(["draft", "submitted", "plan_submitted", "changes_requested"]);

/** Where the company is on the way, and what it can do now. */
export async function joining(company: Company): Promise<Node | null> {
  if (!company.membership_id || !company.state) return null;
  const path = { id: company.membership_id };
  const [{ etag }, { data: moves }, { data: steps }] = await Promise.all([
    register.get("/api/v1/code-memberships/{id}/", { params: { path } }),
    register.get("/api/v1/code-memberships/{id}/moves/", { params: { path } }),
    register.get("/api/v1/code-memberships/{id}/steps/", { params: { path } }),
  ]);
  const at = WAY.indexOf(company.state === "changes_requested" ? "plan_submitted" : company.state);
  const own = moves.filter(({ allowed, move }) => allowed && (move === "submit" || move === "submit_plan"));
  const isMember = !BEFORE_APPROVAL.has(company.state) && company.state !== "approved";
  const shown = steps.filter(({ code, state }) => (isMember ? state !== "done" : code !== "application" && code !== "plan_submitted"));
  return h(
    "section",
    { "aria-label": t("workspace.way"), id: "joining" },
    at >= 0 ? h("ol", { class: "way" }, WAY.map((state, place) => h("li", { class: place < at ? "past" : place === at ? "now" : "", "aria-current": place === at ? "step" : null }, h("span", {}, said("way", state))))) : null,
    h(
      "div",
      { class: "card calm" },
      h("p", { class: "big" }, said("todo", company.state)),
      shown.length ? h("ul", { class: "checks" }, shown.map((step) => line(company, step, path.id))) : null,
      h(
        "div",
        { class: "actions" },
        DRAFTING.has(company.state) ? acting(t("workspace.draft_plan"), async () => { await register.post("/api/v1/plan-actions/draft/", { body: { membership: path.id } }); tell(t("workspace.drafted")); location.reload(); }, "quiet") : null,
        own.map(({ move, url }) => acting(said("move", move), async () => { await register.send("POST", url, {}, etag ?? ""); tell(t("done", { what: said("move", move) })); location.reload(); }, "")),
      ),
      company.state === "draft" || company.state === "submitted" ? null : await papers(path.id),
    ),
  );
}

function line(company: Company, step: Step, membership: string): HTMLElement {
  const { code, state, turn, missing } = step;
  const lacks = [...new Set(missing.map((one) => say(`lack.${one.code}`) ?? one.message))];
  const doing = state === "todo" && turn === "company" ? DOINGS[code] : undefined;
  const mayDo = doing && step.call;
  return h(
    "li",
    { class: state === "done" ? "yes" : "no", "data-step": code },
    h("strong", {}, t(`join.${code}`)),
    state === "later" || !lacks.length ? null : h("span", {}, `: ${lacks.join(", ")}`),
    mayDo ? [" ", acting(t(`join.do.${code as Doable}`), async () => { if (await doing(company, step, membership)) location.reload(); }, "small quiet")] : null,
  );
}

type Doable = "revenue_band" | "voluntourism" | "sites" | "contact" | "agreement";
const DOINGS: Readonly<Partial<Record<string, Doing>>> = {
  revenue_band: async (company) => {
    const given = await ask(t("join.revenue_band"), [{ name: "band", label: t("apply.band"), kind: "choice", options: BANDS.map((code) => [code, said("band", code)] as const), value: company.revenue_band || BANDS[0] }], t("join.do.revenue_band"));
    if (given === null) return false;
    const address = `/api/v1/companies/${company.id}/`;
    await register.send("PATCH", address, { revenue_band: given["band"] }, (await register.follow(address)).etag ?? "");
    return true;
  },
  voluntourism: async (company) => {
    const kinds = ["none", "volunteering", "residential_care"] as const;
    const given = await ask(t("join.voluntourism"), [{ name: "offers", label: t("join.offers"), kind: "choice", options: kinds.map((kind) => [kind, t(`join.offers.${kind}`)] as const), value: "none" }], t("join.do.voluntourism"));
    if (given === null) return false;
    const measures = given["offers"] === "none" ? {} : await ask(t("join.measures"), [{ name: "measures", label: t("join.measures_help"), kind: "area" }], t("join.do.voluntourism"));
    if (measures === null) return false;
    const body = { company: company.id, year: Number(page.day.slice(0, 4)), offers_volunteering: given["offers"] === "volunteering", offers_residential_care: given["offers"] === "residential_care", ...(measures["measures"] ? { measures: [measures["measures"]] } : {}) };
    await register.post("/api/v1/voluntourism-declarations/", { body });
    return true;
  },
  sites: async (company) => {
    const given = await ask(t("join.do.sites"), [{ name: "name", label: t("join.site_name"), kind: "text", value: company.name }], t("join.do.sites"));
    if (given === null) return false;
    await register.post("/api/v1/sites/", { body: { company: company.id, name: given["name"] ?? "", country: company.country ?? "" } });
    return true;
  },
  contact: async (company) => {
    const given = await ask(t("join.do.contact"), [{ name: "email", label: t("fill_in.email"), kind: "email" }, { name: "language", label: t("fill_in.language"), kind: "choice", options: SPOKEN, value: language }], t("join.do.contact"));
    if (given === null) return false;
    await register.post("/api/v1/contacts/", { body: { organisation: company.organisation.id, role: "reporting_officer", email: given["email"] ?? "", language: given["language"] as (typeof SPOKEN)[number][0] } });
    return true;
  },
  agreement: async (_, step) => {
    const given = await ask(t("join.do.agreement"), [{ name: "role", label: t("fill_in.role"), kind: "text" }, { name: "signed_on", label: t("fill_in.signed_on"), kind: "date", value: page.day, most: page.day }], t("join.do.agreement"));
    if (given === null) return false;
    const address = `/api/v1/${step.call.replace("POST ", "")}`;
    const { etag } = await register.follow(address.replace(/sign\/$/, ""));
    await register.send("POST", address, { side: "company", ...given }, etag ?? "");
    return true;
  },
};

/** Invoices and certificates, to print. */
async function papers(membership: string): Promise<Node | null> {
  const query = { membership: [membership], page_size: 20 };
  const [{ data: invoices }, { data: certificates }] = await Promise.all([register.get("/api/v1/invoices/", { params: { query: { ...query, ordering: "-issued_on" } } }), register.get("/api/v1/certificates/", { params: { query: { ...query, ordering: "-issued_on" } } })]);
  const papers = [
    ...invoices.results.map(({ id, number: name, amount_eur, due_on, state, payment_reference }) => ({ href: `/api/v1/invoices/${id}/pdf/`, name: `${t("papers.invoice")} ${name}`, more: state === "paid" || state === "waived" ? said("invoice", state) : t("papers.to_pay", { amount: number(Number(amount_eur)), day: day(due_on), reference: payment_reference ?? name }) })),
    ...certificates.results.map(({ id, year, status, valid_until }) => ({ href: `/api/v1/certificates/${id}/pdf/`, name: `${t("papers.certificate")} ${year}`, more: status === "valid" ? t("until", { day: day(valid_until) }) : said("certificate", status) })),
  ];
  return papers.length ? h("ul", { class: "dated papers" }, papers.map(({ href, name, more }) => h("li", {}, h("a", { href, download: "" }, name), h("span", {}, more)))) : null;
}
