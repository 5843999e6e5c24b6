/** What the register knows of one country, for everybody: its groups and lines, and its members of The Code. */
import { register, type Shapes } from "./api";
import { h, isSafeLink } from "./dom";
import { badge, empty, loading, openDialog, table } from "./parts";
import { country, day, said, t } from "./words";

type Entry = Shapes["DirectoryEntryAnswer"];

export function showCountry(code: string): void {
  openDialog(country(code), [loading(() => known(code), { tall: true })], h("a", { href: `/where-to-report/?country=${code}` }, t("finder.title")));
}

async function known(code: string): Promise<Node> {
  const [{ data: directory }, { data: row }, { data: members }] = await Promise.all([
    register.get("/api/v1/directory/", { params: { query: { country: [code] } } }),
    register.get("/api/v1/countries/{id}/", { params: { path: { id: code } } }),
    register.get("/api/v1/members/", { params: { query: { country: [code], page_size: 100 } } }),
  ]);
  const kinds = Map.groupBy(directory.entries, ({ kind }) => kind);
  return h(
    "div",
    { class: "stack" },
    h("p", {}, badge(t(row.represented ? "map.yes" : "country.unrepresented"), row.represented ? "good" : "quiet")),
    [...kinds].map(([kind, entries]) => h("section", {}, h("h3", {}, said("directory", kind)), h("ul", { class: "dated" }, entries.map(line)))),
    h("section", {}, h("h3", {}, t("map.code")), members.results.length ? listed(members.results) : empty(t("country.no_members"))),
  );
}

const line = ({ name, contact }: Entry): HTMLElement => h("li", {}, h("span", {}, name), contact ? h("span", { class: "helptext wrap" }, isSafeLink(contact) ? h("a", { href: contact, rel: "noreferrer" }, contact.replace(/^(tel|mailto):/, "")) : contact) : null);

const listed = (rows: readonly Shapes["Member"][]): HTMLElement =>
  table(
    t("map.code"),
    [
      { name: t("name"), cell: (row) => row.name },
      { name: t("state"), cell: (row) => said("public", row.status) },
      { name: t("category"), cell: (row) => said("category", row.category) },
      { name: t("since"), cell: (row) => (row.member_since ? day(row.member_since) : "–") },
    ],
    rows,
  );
