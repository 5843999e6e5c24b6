/** The workspace of a company without systems of its own: apply, see what is missing, report, train. */
import { ProblemError, register, type Shapes } from "../api";
import { ask } from "../asking";
import { fresh, h } from "../dom";
import { evidence } from "../evidence";
import { BEFORE_APPROVAL, joining } from "../joining";
import { acting, empty, loading, section, tell } from "../parts";
import { report } from "../report";
import { roll } from "../training";
import { BANDS, byName, country, said, t } from "../words";
import { standing, timeline } from "./company";

type Company = Shapes["Company"];

export function workspace(): Node[] {
  return [loading(begin, { tall: true })];
}

async function begin(): Promise<Node> {
  const [{ data: me }, { data: found }] = await Promise.all([register.get("/api/v1/me/"), register.get("/api/v1/companies/", { params: { query: { page_size: 100 } } })]);
  if (!found.results.length) return me.hats.some(({ role }) => role === "applicant" || role === "company_editor") ? apply() : h("div", {}, h("h1", {}, t("workspace.title")), empty(t("workspace.nothing"), t("workspace.nothing_more")));
  const asked = new URLSearchParams(location.search).get("company");
  const company = found.results.find(({ id }) => id === asked) ?? found.results[0];
  if (!company) return empty(t("workspace.nothing"));
  const isOnTheWay = BEFORE_APPROVAL.has(company.state ?? "");
  return h(
    "div",
    {},
    h("header", { class: "page-head" }, h("p", { class: "eyebrow" }, t("workspace.title")), h("h1", {}, company.name), found.results.length > 1 ? chooser(found.results, company.id) : null),
    await joining(company),
    company.membership_id ? null : start(company),
    isOnTheWay ? null : report(company),
    company.membership_id && company.state !== "draft" ? evidence(company.membership_id) : null,
    isOnTheWay ? null : roll(company),
    isOnTheWay ? null : standing(company),
    company.state === "draft" ? null : timeline(company.id),
  );
}

function chooser(companies: readonly Company[], chosen: string): HTMLElement {
  const id = fresh("company");
  const choice = h("select", { id }, companies.map((row) => h("option", { value: row.id, selected: row.id === chosen }, row.name)));
  choice.addEventListener("change", () => location.assign(`/workspace/?company=${choice.value}`));
  return h("div", { class: "field narrow-field" }, h("label", { for: id }, t("workspace.choose")), choice);
}

function start(company: Company): HTMLElement {
  return h("section", { class: "card calm" }, h("h2", {}, t("workspace.start")), h("p", {}, t("workspace.start_lead")), acting(t("workspace.start_now"), async () => { await register.post("/api/v1/code-memberships/", { body: { company: company.id } }); location.reload(); }, ""));
}

const CATEGORIES = ["hotel", "hotel_chain", "tour_operator", "travel_agency", "airline", "airport", "car_rental", "transport", "meetings", "other"] as const;

/** The form of somebody who comes with nothing: enter the company. */
function apply(): HTMLElement {
  const ids = { name: fresh("name"), country: fresh("country"), category: fresh("category"), band: fresh("band") };
  const name = h("input", { id: ids.name, required: true, maxlength: 200, autocomplete: "organization" });
  const where = h("select", { id: ids.country, required: true });
  const category = h("select", { id: ids.category }, CATEGORIES.map((code) => h("option", { value: code }, said("category", code))));
  const band = h("select", { id: ids.band }, BANDS.map((code) => h("option", { value: code }, said("band", code))));
  void (async () => {
    const codes: string[] = [];
    for await (const row of register.rows("/api/v1/countries/", { page_size: 500 })) codes.push(row.code);
    where.append(...codes.toSorted(byName).map((code) => h("option", { value: code, selected: code === "BE" }, country(code))));
  })();
  const out = h("div", { "aria-live": "polite" });
  const field = (id: string, label: string, control: HTMLElement): HTMLElement => h("div", { class: "field" }, h("label", { for: id }, label), control);
  const form = h("form", { class: "stack" }, field(ids.name, t("apply.name"), name), field(ids.country, t("country"), where), field(ids.category, t("category"), category), field(ids.band, t("apply.band"), band), h("div", { class: "actions" }, h("button", { class: "button" }, t("apply.send"))), out);
  const send = async (isAnother: boolean): Promise<Node> => {
    const body = { name: name.value, country: where.value, category: category.value as (typeof CATEGORIES)[number], revenue_band: band.value as (typeof BANDS)[number], ...(isAnother ? { is_another: true } : {}) };
    try {
      const { data } = await register.post("/api/v1/companies/", { body });
      await register.post("/api/v1/code-memberships/", { body: { company: data.id } });
    } catch (error) {
      if (error instanceof ProblemError && error.problem.code === "duplicate") return alike(error, body, () => out.replaceChildren(loading(() => send(true))));
      throw error;
    }
    location.reload();
    return h("p", {}, t("reading"));
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    out.replaceChildren(loading(() => send(false)));
  });
  return section(t("apply.title"), t("apply.lead"), h("div", { class: "card narrow-card" }, form));
}

/** The register knows a company like it: it is another one, or it is the reader's and somebody has to look into it. */
function alike({ problem }: ProblemError, asked: { readonly name: string; readonly country: string }, another: () => void): HTMLElement {
  const candidates = (problem.details?.["candidates"] ?? []) as readonly { readonly display: string; readonly is_certain: boolean }[];
  const names = candidates.filter(({ is_certain }, at) => is_certain || !at).map(({ display }) => display).join(", ");
  const claim = acting(t("apply.claim"), async () => {
    const given = await ask(t("apply.claim_title", { name: asked.name }), [{ name: "role", label: t("apply.claim_role"), kind: "text" }], t("apply.claim"));
    if (given === null) return;
    await register.post("/api/v1/signatory-claims/", { body: { name: asked.name, country: asked.country, role: given["role"] ?? "" } });
    tell(t("apply.claimed"));
  }, "small");
  return h("div", { class: "notice" }, h("p", {}, t("apply.alike", { names })), h("div", { class: "actions" }, claim, h("button", { type: "button", class: "button small quiet", click: another }, t("apply.another"))));
}
