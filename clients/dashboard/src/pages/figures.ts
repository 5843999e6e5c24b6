/** The catalogue of figures: read any of them, cut by what it may be cut by, on a day or over time. */
import { figure, monthsFrom, page, part, register, type Cell, type Shapes } from "../api";
import { bars, chart, lines, type Datum } from "../charts";
import { fresh, h } from "../dom";
import { loading, section } from "../parts";
import { country, day, said, t } from "../words";
import { told } from "./overview";

const KINDS: Readonly<Record<string, string>> = { state: "state", category: "category", kind: "kind", waiting: "waiting", represented: "represented", region: "region" };

/** How the value of a dimension reads. */
export function labelOf(cell: Cell, dimension: string, code: string): string {
  const value = part(cell, dimension);
  if (dimension === "country") return value ? country(value) : t("unknown");
  if (dimension === "state" && code.startsWith("reports")) return said("report", value);
  if (dimension === "state" && code.startsWith("agreements")) return said("agreement_state", value);
  if (dimension === "criterion_number") return t("criterion_n", { n: value });
  return KINDS[dimension] ? said(KINDS[dimension], value) : value || t("unknown");
}

export function figures(): Node[] {
  const list = loading(async () => {
    const { data } = await register.get("/api/v1/figures/");
    return h("div", { class: "grid" }, data.map((row) => explorer(row)));
  });
  const place = section(t("figures.title"), t("figures.lead"), list, h("p", { class: "helptext" }, t("figures.api"), " ", h("a", { href: "/api/docs/" }, t("figures.docs"))));
  return [place];
}

function explorer(row: Shapes["Figure"]): HTMLElement {
  const id = fresh("cut");
  const into = h("div", { class: "explorer" });
  const cuts = [...row.dimensions, "over_time"];
  const choice = h("select", { id }, cuts.map((cut) => h("option", { value: cut }, cut === "over_time" ? t("over_time") : t("by", { what: said("dimension", cut) }))));
  const show = (): void => into.replaceChildren(loading(() => drawn(row, choice.value)));
  choice.addEventListener("change", show);
  show();
  return h("div", { class: "explorer-place" }, h("div", { class: "cut" }, h("label", { class: "visually-hidden", for: id }, t("figures.cut", { name: row.name })), choice), into);
}

async function drawn(row: Shapes["Figure"], cut: string): Promise<Node> {
  const title = row.name;
  const isShare = row.unit === "share";
  if (cut === "over_time") {
    const read = await figure(row.code, { from: monthsFrom(page.day, -24), to: page.day, step: "month" });
    const data = read.points.map(({ as_of, total }): Datum => ({ of: [day(as_of)], cell: total }));
    const points = read.points.map(({ as_of, total }) => ({ on: as_of, of: title, value: total.value }));
    return chart({ title, summary: told(data.slice(-3)), figure: read, dimensions: [t("day")], data, total: read.total, draw: lines(points, { today: page.day, isShare }) });
  }
  const read = await figure(row.code, { by: cut });
  const data = read.rows.map((cell): Datum => ({ of: [labelOf(cell, cut, row.code)], cell })).toSorted((one, other) => (other.cell.value ?? 0) - (one.cell.value ?? 0));
  return chart({ title, summary: told(data), figure: read, dimensions: [said("dimension", cut)], data, total: read.total, draw: data.length > 14 ? bars(data.slice(0, 14), isShare ? { most: 1 } : {}) : bars(data, isShare ? { most: 1 } : {}), ...(data.length > 14 ? { note: t("figures.first", { count: 14 }) } : {}) });
}

