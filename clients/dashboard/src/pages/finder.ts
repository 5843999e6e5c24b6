/** Where do I report? Asks for countries alone, never for what happened. */
import { register, type Shapes } from "../api";
import { fresh, h, isSafeLink } from "../dom";
import { empty, loading, section, table } from "../parts";
import { country, t } from "../words";

type Choice = Shapes["ChannelChoiceAnswer"];

export function finder(): Node[] {
  return [ask(), representatives()];
}

function ask(): HTMLElement {
  const found = h("div", { class: "found", "aria-live": "polite" });
  const lists = loading(async () => {
    const names: [string, string][] = [];
    for await (const row of register.rows("/api/v1/countries/", { page_size: 500 })) names.push([row.code, country(row.code)]);
    names.sort(([, one], [, other]) => one.localeCompare(other, document.documentElement.lang));
    return form(names, found);
  });
  return h("section", { class: "finder", "aria-labelledby": "finder-title" }, h("h1", { id: "finder-title" }, t("finder.title")), h("p", { class: "lead" }, t("finder.lead")), h("p", { class: "urgent-line" }, t("finder.urgent")), h("div", { class: "card" }, lists), found);
}

function form(names: readonly (readonly [string, string])[], found: HTMLElement): HTMLElement {
  const picker = (name: string, label: string, first: string, isNeeded: boolean): HTMLElement => {
    const id = fresh(name);
    return h("div", { class: "field" }, h("label", { for: id }, label), h("select", { id, name, required: isNeeded }, h("option", { value: "" }, first), names.map(([code, text]) => h("option", { value: code }, text))));
  };
  const about = (value: string, text: string, isFirst: boolean): HTMLElement => h("label", { class: "choice" }, h("input", { type: "radio", name: "about", value, checked: isFirst }), h("span", {}, text));
  const asking: HTMLFormElement = h(
    "form",
    { class: "finder-form" },
    picker("country", t("finder.where"), t("finder.choose"), true),
    picker("residence", t("finder.home"), t("finder.not_said"), false),
    h("fieldset", {}, h("legend", {}, t("finder.about")), h("div", { class: "choices" }, about("travel", t("finder.travel"), true), about("online", t("finder.online"), false))),
    h("div", { class: "actions" }, h("button", { class: "button" }, t("finder.find"))),
  );
  const find = (): void => {
    const given = new FormData(asking);
    const [where, home, what] = ["country", "residence", "about"].map((name) => String(given.get(name) ?? ""));
    found.replaceChildren(
      loading(async () => {
        const query = { country: where ?? "", about: what === "online" ? ("online" as const) : ("travel" as const), ...(home ? { residence: home } : {}) };
        const { data } = await register.get("/api/v1/reporting-channels/find/", { params: { query } });
        return data.choices.length ? h("ol", { class: "lines" }, data.choices.map(line)) : empty(t("finder.none"));
      }),
    );
  };
  asking.addEventListener("submit", (event) => {
    event.preventDefault();
    find();
  });
  // A page that knows the country leads here with it.
  const where = asking.elements.namedItem("country");
  if (where instanceof HTMLSelectElement) where.value = new URLSearchParams(location.search).get("country") ?? "";
  if (asking.checkValidity()) find();
  return asking;
}

function line(choice: Choice): HTMLElement {
  const isCall = choice.contact?.startsWith("tel:") ?? false;
  const name = choice.channel?.display ?? t("finder.police");
  const label = isCall ? t("finder.call", { number: choice.contact?.slice(4) ?? "" }) : name;
  const link = isSafeLink(choice.contact) ? h("a", { class: isCall ? "button" : "line-name", href: choice.contact, rel: "noreferrer" }, label) : h("strong", {}, label);
  return h("li", { class: choice.reason === "immediate_danger" ? "line urgent" : "line" }, h("p", { class: "why" }, choice.reason_text), h("p", { class: "line-way" }, link), choice.what_it_takes && !isCall ? h("p", { class: "helptext" }, `${t("finder.takes")} ${choice.what_it_takes}`) : null);
}

function representatives(): HTMLElement {
  const place = section(
    t("lcr.title"),
    t("lcr.lead"),
    loading(async () => {
      const { data } = await register.get("/api/v1/directory/");
      const represented = new Set<string>();
      for await (const row of register.rows("/api/v1/countries/", { page_size: 500 })) if (row.represented) represented.add(row.code);
      const known = data.entries.filter((row) => row.kind === "member_group" && represented.has(row.country ?? ""));
      if (!known.length) return empty(t("lcr.none"));
      return table(
        t("lcr.title"),
        [
          { name: t("country"), cell: (row) => country(row.country) },
          { name: t("name"), cell: (row) => row.name },
          { name: t("contact"), cell: (row) => row.contact || "–" },
        ],
        known,
      );
    }),
  );
  place.id = "representatives";
  return place;
}
