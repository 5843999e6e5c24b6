/** Reminders of the coming ninety days, week by week; each day says how many and opens who. */
import { daysFrom, page, register, type Shapes } from "./api";
import { fresh, h } from "./dom";
import { empty } from "./parts";
import { day, language, number, said, shortDay, t } from "./words";

type Planned = Shapes["PlannedAnswer"];

export async function calendar(): Promise<Node> {
  const until = daysFrom(page.day, 90);
  const [{ data }, { data: companies }] = await Promise.all([register.get("/api/v1/reminders/forecast/", { params: { query: { to: until } } }), register.get("/api/v1/companies/", { params: { query: { fields: "id,name", page_size: 1000 } } })]);
  const names = new Map(companies.results.map(({ id, name }) => [id, name]));
  const byDay = Map.groupBy(data.results.filter(({ state }) => state === "planned" || state === "due"), ({ due_at }) => due_at.slice(0, 10));
  const list = h("div", { class: "day-list", "aria-live": "polite" });
  const open = (on: string): void => list.replaceChildren(...entries(on, byDay.get(on) ?? [], names));
  const first = [...byDay.keys()].toSorted()[0];
  if (!first) return empty(t("calendar.none"), t("calendar.none_more"));
  const monday = daysFrom(page.day, -((new Date(`${page.day}T00:00:00Z`).getUTCDay() + 6) % 7));
  const weeks = Array.from({ length: 14 }, (_, week) => Array.from({ length: 7 }, (_, at) => daysFrom(monday, week * 7 + at)));
  const named = new Intl.DateTimeFormat(language, { weekday: "short", timeZone: "UTC" });
  const id = fresh("calendar");
  open(first);
  return h(
    "div",
    { class: "calendar-place" },
    h(
      "div",
      { class: "table", tabindex: 0, role: "region", "aria-labelledby": id },
      h(
        "table",
        { class: "calendar" },
        h("caption", { class: "visually-hidden", id }, t("calendar.title")),
        h("thead", {}, h("tr", {}, h("th", { scope: "col" }, t("week")), (weeks[0] ?? []).map((on) => h("th", { scope: "col" }, named.format(new Date(`${on}T00:00:00Z`)))))),
        h("tbody", {}, weeks.map((days) => h("tr", {}, h("th", { scope: "row" }, shortDay(days[0] ?? "")), days.map((on) => h("td", { class: on < page.day || on > until ? "outside" : on === page.day ? "today" : null }, dayOf(on, byDay.get(on)?.length ?? 0, open)))))),
      ),
    ),
    list,
  );
}

function dayOf(on: string, count: number, open: (on: string) => void): Node {
  const date = h("span", { class: "date" }, String(Number(on.slice(8))));
  if (!count) return date;
  const strength = Math.min(3, Math.ceil(count / 3));
  return h("button", { type: "button", class: `due due-${strength}`, "aria-label": `${day(on)}: ${t("calendar.count", { count: number(count) })}`, click: () => open(on) }, date, h("b", {}, number(count)));
}

function entries(on: string, planned: readonly Planned[], names: ReadonlyMap<string, string>): Node[] {
  const rules = Map.groupBy(planned, ({ rule_code }) => rule_code);
  return [
    h("h3", {}, day(on)),
    h("ul", { class: "dated" }, [...rules].flatMap(([rule, rows]) => [...Map.groupBy(rows, ({ organisation_id }) => organisation_id)].map(([organisation, own]) => h("li", {}, h("span", {}, names.has(organisation) ? h("a", { href: `/companies/${organisation}/` }, names.get(organisation) ?? "") : null, ` ${said("rule", rule)} · ${[...new Set(own.map(({ contact_role }) => said("contact", contact_role)))].join(", ")}`), h("span", { class: "helptext" }, own[0] ? t("calendar.anchor", { day: shortDay(own[0].anchor_on) }) : ""))))),
  ];
}
