/** The charts of the desk: the way to membership, criteria, training with its forecast, reports, agreements. */
import { daysFrom, figure, monthsFrom, page, part, register } from "./api";
import { bars, chart, grouped, lines, stacked, type Datum, type Point } from "./charts";
import { h } from "./dom";
import { empty, loading } from "./parts";
import { labelOf } from "./pages/figures";
import { told } from "./pages/overview";
import { country, day, month, said, shortDay, t } from "./words";

const STAGES = ["draft", "submitted", "plan_submitted", "changes_requested", "approved", "active"];
const AGES = ["under_30", "from_30_to_90", "over_90"];
const AGE_COLOURS = ["var(--map-1)", "var(--series-1)", "var(--series-2)"];
const REPORT_STATES = ["draft", "submitted", "returned", "accepted", "published"];
const TARGET = 0.8;

export function board(): HTMLElement {
  return h("div", { class: "grid halves" }, loading(training), loading(funnel), loading(reports), loading(criteria), loading(agreements));
}

export async function funnel(): Promise<Node> {
  const read = await figure("applications", { by: "state,waiting" });
  const data = STAGES.flatMap((stage) => AGES.flatMap((age) => read.rows.filter((cell) => part(cell, "state") === stage && part(cell, "waiting") === age && stage !== "active").map((cell): Datum => ({ of: [said("state", stage), said("waiting", age)], cell }))));
  return chart({ title: t("board.funnel"), summary: told(data), figure: read, dimensions: [t("stage"), t("waiting_for")], data, draw: stacked(data, AGES.map((age) => said("waiting", age)), AGE_COLOURS) });
}

export async function training(): Promise<Node> {
  const read = await figure("training-coverage", { by: "country", from: monthsFrom(page.day, -24), to: monthsFrom(page.day, 12), step: "month" });
  const codes = [...new Set(read.points.flatMap(({ rows }) => rows.map((cell) => part(cell, "country"))))].slice(0, 6);
  const cells = read.points.flatMap(({ as_of, rows }) => rows.filter((cell) => codes.includes(part(cell, "country"))).map((cell) => ({ as_of, cell, name: country(part(cell, "country")) })));
  const data = cells.map(({ as_of, cell, name }): Datum => ({ of: [month(as_of), name], cell }));
  const points = cells.map(({ as_of, cell, name }): Point => ({ on: as_of, of: name, value: cell.value }));
  const now = cells.filter(({ as_of }) => as_of <= page.day).slice(-codes.length).map(({ cell, name }): Datum => ({ of: [name], cell }));
  return chart({ title: t("board.training"), summary: told(now), figure: read, dimensions: [t("month"), t("country")], data, total: read.total, wide: true, note: t("board.training_note"), draw: lines(points, { today: page.day, target: TARGET }) });
}

export async function reports(): Promise<Node> {
  const read = await figure("reports-by-state", { by: "year,state" });
  const years = [...new Set(read.rows.map((cell) => Number(part(cell, "year"))))].toSorted((one, other) => other - one).slice(0, 2).toReversed();
  const data = REPORT_STATES.flatMap((state) => years.flatMap((year) => read.rows.filter((cell) => part(cell, "state") === state && Number(part(cell, "year")) === year).map((cell): Datum => ({ of: [said("report", state), String(year)], cell }))));
  return chart({ title: t("board.reports", { years: years.join(" / ") }), summary: told(data), figure: read, dimensions: [t("state"), t("year")], data, draw: grouped(data, years.map(String), ["var(--map-1)", "var(--series-1)"]) });
}

export async function criteria(): Promise<Node> {
  const [read, names] = await Promise.all([figure("criteria-progress", { by: "criterion_number" }), register.get("/api/v1/criteria/")]);
  const named = new Map(names.data.results.map((row) => [String(row.number), `${row.number} ${row.name}`]));
  const data = read.rows.map((cell): Datum => ({ of: [named.get(part(cell, "criterion_number")) ?? labelOf(cell, "criterion_number", "")], cell }));
  return chart({ title: t("board.criteria"), summary: told(data), figure: read, dimensions: [t("criterion")], data, total: read.total, draw: bars(data, { most: 1 }) });
}

export async function agreements(): Promise<Node> {
  const until = daysFrom(page.day, 90);
  const [read, rows] = await Promise.all([figure("agreements-expiring", { by: "kind" }), register.get("/api/v1/agreements/", { params: { query: { expiring_within: 90, ordering: "ends_on", page_size: 50 } } })]);
  const data = read.rows.map((cell): Datum => ({ of: [said("agreement", part(cell, "kind"))], cell }));
  const card = chart({ title: t("board.agreements"), summary: told(data), figure: read, dimensions: [t("kind")], data, total: read.total, draw: bars(data) });
  if (!rows.data.results.length) card.querySelector(".empty")?.replaceWith(empty(t("board.no_agreements", { day: day(until) })));
  else card.querySelector(".picture")?.after(h("ul", { class: "dated" }, rows.data.results.map((row) => h("li", {}, h("time", { datetime: row.ends_on ?? "" }, row.ends_on ? shortDay(row.ends_on) : t("unknown")), h("span", {}, row.title)))));
  return card;
}

