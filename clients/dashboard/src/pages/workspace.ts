/** The workspace of a company without systems of its own: apply, see what is missing, report, train. */
import { register, type Shapes } from "../api";
import { fresh, h } from "../dom";
import { evidence } from "../evidence";
import { acting, empty, loading, section, tell } from "../parts";
import { report } from "../report";
import { roll } from "../training";
import { country, said, t } from "../words";
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
  return h(
    "div",
    {},
    h("header", { class: "page-head" }, h("p", { class: "eyebrow" }, t("workspace.title")), h("h1", {}, company.name), found.results.length > 1 ? chooser(found.results, company.id) : null),
    await steps(company),
    company.membership_id ? null : start(company),
    report(company),
    company.membership_id ? evidence(company.membership_id) : null,
    roll(company),
    standing(company),
    timeline(company.id),
  );
}

function chooser(companies: readonly Company[], chosen: string): HTMLElement {
  const id = fresh("company");
  const choice = h("select", { id }, companies.map((row) => h("option", { value: row.id, selected: row.id === chosen }, row.name)));
  choice.addEventListener("change", () => location.assign(`/workspace/?company=${choice.value}`));
  return h("div", { class: "field narrow-field" }, h("label", { for: id }, t("workspace.choose")), choice);
}

const WAY = ["draft", "submitted", "plan_submitted", "approved", "active"];

/** Where the company is on the way to membership, and what it can do now. */
async function steps(company: Company): Promise<Node | null> {
  if (!company.membership_id || !company.state) return null;
  const path = { id: company.membership_id };
  const [{ etag, data }, { data: moves }] = await Promise.all([register.get("/api/v1/code-memberships/{id}/", { params: { path } }), register.get("/api/v1/code-memberships/{id}/moves/", { params: { path } })]);
  const at = WAY.indexOf(company.state === "changes_requested" ? "plan_submitted" : company.state);
  const own = moves.filter(({ allowed, move }) => allowed && (move === "submit" || move === "submit_plan"));
  const missing = moves.filter(({ move, allowed }) => (move === "submit" || move === "submit_plan" || move === "activate") && !allowed).flatMap(({ reasons }) => reasons).filter(({ code }) => code !== "move_not_allowed" && code !== "forbidden");
  const drafting = company.state === "submitted" || company.state === "changes_requested";
  return h(
    "section",
    { "aria-label": t("workspace.way") },
    at >= 0 ? h("ol", { class: "way" }, WAY.map((state, place) => h("li", { class: place < at ? "past" : place === at ? "now" : "", "aria-current": place === at ? "step" : null }, h("span", {}, said("way", state))))) : null,
    h(
      "div",
      { class: "card calm" },
      h("p", { class: "big" }, said("todo", company.state)),
      company.state === "approved" ? h("ul", { class: "checks" }, h("li", { class: data.fee_is_settled ? "yes" : "no" }, t("workspace.fee")), h("li", { class: data.is_signed ? "yes" : "no" }, t("workspace.signed"))) : null,
      missing.length ? h("ul", { class: "checks" }, missing.map(({ message }) => h("li", { class: "no" }, message))) : null,
      h(
        "div",
        { class: "actions" },
        drafting ? acting(t("workspace.draft_plan"), async () => { await register.post("/api/v1/plan-actions/draft/", { body: { membership: path.id } }); tell(t("workspace.drafted")); location.reload(); }, "quiet") : null,
        own.map(({ move, url }) => acting(said("move", move), async () => { await register.send("POST", url, {}, etag ?? ""); tell(t("done", { what: said("move", move) })); location.reload(); }, "")),
      ),
    ),
  );
}

function start(company: Company): HTMLElement {
  return h("section", { class: "card calm" }, h("h2", {}, t("workspace.start")), h("p", {}, t("workspace.start_lead")), acting(t("workspace.start_now"), async () => { await register.post("/api/v1/code-memberships/", { body: { company: company.id } }); location.reload(); }, ""));
}

const CATEGORIES = ["hotel", "hotel_chain", "tour_operator", "travel_agency", "airline", "airport", "car_rental", "transport", "meetings", "other"] as const;
const BANDS = ["to_500k", "to_2_5m", "to_50m", "above_50m"] as const;

/** The form of somebody who comes with nothing: enter the company. */
function apply(): HTMLElement {
  const ids = { name: fresh("name"), country: fresh("country"), category: fresh("category"), band: fresh("band") };
  const name = h("input", { id: ids.name, required: true, maxlength: 200, autocomplete: "organization" });
  const where = h("select", { id: ids.country, required: true });
  const category = h("select", { id: ids.category }, CATEGORIES.map((code) => h("option", { value: code }, said("category", code))));
  const band = h("select", { id: ids.band }, BANDS.map((code) => h("option", { value: code }, said("band", code))));
  void (async () => {
    for await (const row of register.rows("/api/v1/countries/", { page_size: 500 })) where.append(h("option", { value: row.code, selected: row.code === "BE" }, country(row.code)));
  })();
  const out = h("div", { "aria-live": "polite" });
  const field = (id: string, label: string, control: HTMLElement): HTMLElement => h("div", { class: "field" }, h("label", { for: id }, label), control);
  const form = h("form", { class: "stack" }, field(ids.name, t("apply.name"), name), field(ids.country, t("country"), where), field(ids.category, t("category"), category), field(ids.band, t("apply.band"), band), h("div", { class: "actions" }, h("button", { class: "button" }, t("apply.send"))), out);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    out.replaceChildren(
      loading(async () => {
        const body = { name: name.value, country: where.value, category: category.value as (typeof CATEGORIES)[number], revenue_band: band.value as (typeof BANDS)[number] };
        const { data } = await register.post("/api/v1/companies/", { body });
        await register.post("/api/v1/code-memberships/", { body: { company: data.id } });
        location.reload();
        return h("p", {}, t("reading"));
      }),
    );
  });
  return section(t("apply.title"), t("apply.lead"), h("div", { class: "card narrow-card" }, form));
}

