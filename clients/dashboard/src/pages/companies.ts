/** Companies with their standing, to find and to open. */
import { register, type Shapes } from "../api";
import { fresh, h } from "../dom";
import { badge, empty, loading, section, table } from "../parts";
import { country, said, share, t } from "../words";

type Company = Shapes["Company"];
export const TONES: Readonly<Record<string, string>> = { good: "good", report_lapsed: "danger", fee_overdue: "danger", report_overdue: "warm", training_unproven: "warm", training_below_target: "warm", active: "good", suspended: "danger", approved: "warm", plan_submitted: "warm", submitted: "warm" };

export function companies(): Node[] {
  const search = fresh("search");
  const standing = fresh("standing");
  const into = h("div", {});
  const field = h("input", { type: "search", id: search, autocomplete: "off" });
  const choice = h("select", { id: standing }, h("option", { value: "" }, t("companies.any")), ["good", "report_lapsed", "report_overdue", "fee_overdue", "training_unproven", "training_below_target"].map((code) => h("option", { value: code }, said("standing", code))));
  const ask = (): void => into.replaceChildren(loading(() => found(field.value.trim(), choice.value as Shapes["Standing"] | "")));
  let waiting = 0;
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = window.setTimeout(ask, 250);
  });
  choice.addEventListener("change", ask);
  ask();
  return [
    h("header", { class: "page-head" }, h("h1", {}, t("companies.title")), h("p", { class: "lead" }, t("companies.lead"))),
    section(t("companies.list"), "", h("div", { class: "card" }, h("div", { class: "filters" }, h("div", { class: "field" }, h("label", { for: search }, t("register.search")), field), h("div", { class: "field" }, h("label", { for: standing }, t("standing")), choice)), into)),
  ];
}

async function found(q: string, standing: Shapes["Standing"] | ""): Promise<Node> {
  const { data } = await register.get("/api/v1/companies/", { params: { query: { page_size: 100, ...(q ? { q } : {}), ...(standing ? { standing: [standing] } : {}) } } });
  if (!data.results.length) return empty(t("register.none", { q: q || said("standing", standing) }));
  return h(
    "div",
    {},
    table<Company>(
      t("companies.list"),
      [
        { name: t("name"), cell: (row) => h("a", { href: `/companies/${row.id}/` }, row.name) },
        { name: t("state"), cell: (row) => (row.state ? badge(said("state", row.state), TONES[row.state] ?? "quiet") : "–") },
        { name: t("standing"), cell: (row) => (row.standing ? badge(said("standing", row.standing), TONES[row.standing] ?? "quiet") : "–") },
        { name: t("training"), isNumber: true, cell: (row) => (row.training?.value ? share(Number(row.training.value)) : "–") },
        { name: t("country"), cell: (row) => country(row.country) },
        { name: t("category"), cell: (row) => said("category", row.category) },
      ],
      data.results,
    ),
    data.next ? h("p", { class: "helptext" }, t("more_rows")) : null,
  );
}
