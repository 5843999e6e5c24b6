/** The first page: the network and The Code at a glance, from public facts alone. */
import { figure, monthsFrom, page, part, register, type Shapes } from "../api";
import { bars, chart, legend, lines, redrawing, type Datum } from "../charts";
import { fresh, h, isSafeLink } from "../dom";
import { shadeOf, worldMap } from "../map";
import { showCountry } from "../country";
import { badge, empty, loading, opening, section, table, valueOf } from "../parts";
import { country, day, number, said, t } from "../words";

export function overview(): Node[] {
  return [hero(), map(), code(), partners(), publicRegister()];
}

function hero(): HTMLElement {
  const tiles: [string, string][] = [
    ["network-members", t("tile.network")],
    ["represented-countries", t("tile.represented")],
    ["code-members", t("tile.code")],
    ["supporting-associations", t("tile.associations")],
  ];
  return h(
    "section",
    { class: "hero", "aria-labelledby": "hero-title" },
    h("div", { class: "hero-text" }, h("h1", { id: "hero-title" }, t("hero.title")), h("p", { class: "lead" }, t("hero.lead")), h("p", { class: "actions" }, h("a", { class: "button", href: "/where-to-report/" }, t("finder.title")), h("a", { class: "button quiet", href: page.isSignedIn ? (page.isStaff ? "/desk/" : "/workspace/") : "/sign-in/" }, page.isSignedIn ? t("hero.go_on") : t("hero.sign_in")))),
    loading(async () => {
      const read = await Promise.all(tiles.map(([code]) => figure(code, code === "represented-countries" ? { by: "represented" } : {})));
      return h(
        "dl",
        { class: "tiles" },
        tiles.map(([code, name], at) => {
          const found = read[at];
          const cell = code === "represented-countries" ? found?.rows.find((row) => part(row, "represented") === "true") : found?.total;
          return h("div", { "data-figure": code }, h("dt", {}, name), h("dd", {}, cell ? opening(cell, name) : "0"));
        }),
      );
    }),
  );
}

interface Land extends Datum {
  readonly code: string;
}

interface Layer {
  readonly key: "network" | "represented" | "code";
  readonly steps: readonly [number, number];
  readonly load: () => Promise<{ values: ReadonlyMap<string, number>; cells: readonly Land[] }>;
}

function countsByCountry(code: string): Layer["load"] {
  return async () => {
    const read = await figure(code, { by: "country" });
    const cells = read.rows.map((cell): Land => ({ code: part(cell, "country"), of: [country(part(cell, "country"))], cell }));
    return { values: new Map(read.rows.map((cell) => [part(cell, "country"), cell.value ?? 0])), cells: cells.toSorted((one, other) => (other.cell.value ?? 0) - (one.cell.value ?? 0)) };
  };
}

async function represented(): ReturnType<Layer["load"]> {
  const values = new Map<string, number>();
  const cells: Land[] = [];
  for await (const row of register.rows("/api/v1/countries/", { page_size: 500 })) {
    if (!row.represented) continue;
    values.set(row.code, 1);
    cells.push({ code: row.code, of: [country(row.code)], cell: { by: {}, value: 1, numerator: 1, denominator: null, suppressed: false, rows: null, numerator_rows: null, unlisted: null, numerator_unlisted: null, definition: "", as_of: page.day } });
  }
  return { values, cells };
}

const LAYERS: readonly Layer[] = [
  { key: "network", steps: [2, 3], load: countsByCountry("network-members") },
  { key: "represented", steps: [1, 1], load: represented },
  { key: "code", steps: [5, 20], load: countsByCountry("code-members") },
];

function map(): HTMLElement {
  const name = fresh("layer");
  const into = h("div", { class: "map-place" });
  const choose = (layer: Layer): void => into.replaceChildren(loading(() => drawn(layer), { tall: true }));
  const tabs = h(
    "fieldset",
    { class: "segments" },
    h("legend", { class: "visually-hidden" }, t("map.layer")),
    LAYERS.map((layer, at) => {
      const input = h("input", { type: "radio", name, value: layer.key, checked: at === 0, change: () => choose(layer) });
      return h("label", {}, input, h("span", {}, t(`map.${layer.key}`)));
    }),
  );
  if (LAYERS[0]) choose(LAYERS[0]);
  return section(t("map.title"), t("map.lead"), h("div", { class: "card map" }, tabs, into));
}

async function drawn({ key, steps, load }: Layer): Promise<Node> {
  const { values, cells } = await load();
  if (!cells.length) return empty(t("nothing_yet"), t("nothing_yet_more"));
  const told = (code: string, value: number): string => `${country(code)}: ${key === "represented" ? t(value ? "map.yes" : "map.no") : number(value)}`;
  const most = cells.slice(0, 3).map(({ of, cell }) => `${of[0]} ${valueOf(cell)}`);
  const picture = h("div", { class: "picture", role: "group", "aria-label": `${t(`map.${key}`)}. ${t("map.summary", { count: cells.length })} ${key === "represented" ? "" : most.join(", ")}` });
  redrawing(picture, worldMap(values, { steps, told, open: showCountry }));
  const names = key === "represented" ? [t("map.yes")] : [`1${steps[0] > 2 ? `–${steps[0] - 1}` : ""}`, `${steps[0]}${steps[1] - steps[0] > 1 ? `–${steps[1] - 1}` : ""}`, `${steps[1]}+`];
  const colours = key === "represented" ? [`var(--map-${shadeOf(1, steps) + 1})`] : ["var(--map-1)", "var(--map-2)", "var(--map-3)"];
  const list = h("ul", { class: "chips" }, cells.map(({ code, of, cell }) => h("li", {}, code ? h("button", { type: "button", class: "plain", "aria-haspopup": "dialog", click: () => showCountry(code) }, of[0]) : of[0], " ", key === "represented" ? null : opening(cell, of[0] ?? ""))));
  return h("div", {}, legend(names, colours), picture, h("p", { class: "helptext" }, t("map.hint")), h("details", { class: "as-list" }, h("summary", {}, t("map.list", { count: cells.length })), list));
}

function code(): HTMLElement {
  const growth = loading(async () => {
    const title = t("code.growth");
    const read = await figure("code-members", { from: monthsFrom(page.day, -48), to: page.day, step: "quarter" });
    const data = read.points.map(({ total, as_of }): Datum => ({ of: [day(as_of)], cell: total }));
    const points = read.points.map(({ total, as_of }) => ({ on: as_of, of: title, value: total.value }));
    const last = points.at(-1)?.value ?? 0;
    return chart({ title, summary: t("code.growth_summary", { count: number(last) }), figure: read, dimensions: [t("day")], data: last ? data : [], total: read.total, draw: lines(points, { today: page.day, isShare: false }) });
  });
  const kinds = loading(async () => {
    const title = t("code.kinds");
    const read = await figure("code-members", { by: "category" });
    const data = read.rows.map((cell): Datum => ({ of: [said("category", part(cell, "category"))], cell })).toSorted((one, other) => (other.cell.value ?? 0) - (one.cell.value ?? 0));
    return chart({ title, summary: told(data), figure: read, dimensions: [t("category")], data, draw: bars(data) });
  });
  const regions = loading(async () => {
    const title = t("network.regions");
    const read = await figure("network-members", { by: "region" });
    const data = read.rows.map((cell): Datum => ({ of: [said("region", part(cell, "region"))], cell })).toSorted((one, other) => (other.cell.value ?? 0) - (one.cell.value ?? 0));
    return chart({ title, summary: told(data), figure: read, dimensions: [t("region")], data, total: read.total, draw: bars(data), note: t("network.published") });
  });
  return section(t("code.title"), t("code.lead"), h("div", { class: "grid" }, growth, kinds, regions));
}

export const told = (data: readonly Datum[]): string => data.slice(0, 4).map(({ of, cell }) => `${of.join(" ")}: ${valueOf(cell)}`).join("; ");

function partners(): HTMLElement {
  return section(
    t("stop.title"),
    t("stop.lead"),
    loading(async () => {
      const { data } = await register.get("/api/v1/group-participations/", { params: { query: { role: ["coordinator", "partner"], page_size: 100 } } });
      if (!data.results.length) return empty(t("nothing_yet"));
      return h("ul", { class: "names" }, data.results.map((row) => h("li", {}, h("span", {}, row.organisation.display), row.role === "coordinator" ? badge(t("coordinator"), "good") : null)));
    }),
  );
}

function publicRegister(): HTMLElement {
  const into = h("div", {});
  const ask = (): void => {
    const q = field.value.trim();
    const query = { page_size: 25, ...(q ? { q } : {}), ...(on.value && on.value !== page.day ? { valid_on: on.value } : {}) };
    into.replaceChildren(
      loading(async () => {
        const { data } = await register.get("/api/v1/members/", { params: { query } });
        if (!data.results.length) return empty(q ? t("register.none", { q }) : t("nothing_yet"));
        const tones: Readonly<Record<string, string>> = { member: "good", suspended: "danger", former: "quiet" };
        return h(
          "div",
          {},
          table(
            t("register.title"),
            [
              { name: t("name"), cell: (row) => h("span", {}, isSafeLink(row.website) ? h("a", { href: row.website, rel: "noreferrer" }, row.name) : row.name) },
              { name: t("state"), cell: (row) => h("span", {}, badge(said("public", row.status), tones[row.status] ?? "quiet"), " ", changedOn(row)) },
              { name: t("country"), cell: (row) => country(row.country) },
              { name: t("category"), cell: (row) => said("category", row.category) },
              { name: t("since"), cell: (row) => (row.member_since ? day(row.member_since) : "–") },
              { name: t("member_number"), cell: (row) => row.number ?? "–" },
            ],
            data.results,
          ),
          data.next ? h("p", { class: "helptext" }, t("more_rows")) : null,
        );
      }),
    );
  };
  let waiting = 0;
  const ids = { search: fresh("search"), on: fresh("on") };
  const field = h("input", { type: "search", id: ids.search, autocomplete: "off", placeholder: t("register.search_hint") });
  const on = h("input", { type: "date", id: ids.on, max: page.day, value: page.day });
  for (const control of [field, on]) {
    control.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = window.setTimeout(ask, 250);
    });
  }
  ask();
  const fields = h("div", { class: "filters" }, h("div", { class: "field search" }, h("label", { for: ids.search }, t("register.search")), field), h("div", { class: "field" }, h("label", { for: ids.on }, t("register.on")), on));
  return section(t("register.title"), t("register.lead"), h("div", { class: "card" }, fields, into));
}

/** Since when a member is suspended, or none any more. */
const changedOn = ({ suspended_since: suspended, former_since: former }: Shapes["Member"]): string => {
  const since = former ?? suspended;
  return since ? t("register.changed_on", { day: day(since) }) : "";
};

