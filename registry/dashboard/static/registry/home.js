/* The first page: reads the public API and shows figures that open into their rows. */
import { element, fill, region, word } from "./parts.js";
import { read, readAll } from "./reading.js";
import { numberLink, showRows } from "./rows.js";
import { startFinder } from "./finder.js";
import { showReport } from "./report.js";

const slot = (part, name) => document.querySelector(`[data-part="${part}"] [data-slot="${name}"]`);

/** One list of bars: the longest fills the line, every number is a link to its rows. */
function bars(cells, kind) {
  const most = Math.max(1, ...cells.map((cell) => cell.value ?? 0));
  return element("ul", { class: "bars" }, cells.map((cell) => {
    const bar = element("span", { class: "bar", "aria-hidden": "true" });
    bar.style.setProperty("--share", (cell.value ?? 0) / most);
    return element("li", {}, [element("span", { class: "label" }, [cell.label]), bar, numberLink(cell.value, cell.rows, cell.label, kind)]);
  }));
}

async function figure(code, by, names) {
  const found = await read(`figures/${code}/`, { by });
  const cells = found.rows.map((cell) => ({ ...cell, label: names.get(cell.by[by]) ?? cell.by[by] ?? word("unknown") }));
  return { total: found.total, cells: cells.sort((one, other) => other.value - one.value || one.label.localeCompare(other.label)) };
}

function tile(name, value, rows, kind) {
  const box = document.querySelector(`[data-figure="${name}"]`);
  box.querySelector("dd").replaceChildren(numberLink(value, rows, box.querySelector("dt").textContent, kind));
}

const places = readAll("countries/", { fields: "code,name" }).then((rows) => new Map(rows.map((row) => [row.code, row.name])));
places.catch(() => {}); // whoever needs it says so

fill(slot("network", "regions"), async (into) => {
  const regions = new Map((await readAll("regions/")).map((row) => [row.code, row.name]));
  const { total, cells } = await figure("network-members", "region", regions);
  const missing = [...regions].filter(([code]) => !cells.some((cell) => cell.by.region === code));
  tile("network-members", total.value, total.rows, "network");
  into.replaceChildren(bars([...cells, ...missing.map(([code, label]) => ({ value: 0, label, rows: `/api/v1/network-memberships/?region=${code}` }))], "network"));
});

fill(slot("network", "countries"), async (into) => {
  const { total, cells } = await figure("network-members", "country", await places);
  tile("countries", cells.filter((cell) => cell.by.country).length, total.rows, "network");
  into.replaceChildren(element("ul", { class: "chips" }, cells.map((cell) => element("li", {}, [cell.label, " ", numberLink(cell.value, cell.rows, cell.label, "network")]))));
  return cells.length;
});

fill(slot("partners", "partners"), async (into) => {
  const rows = await readAll("group-participations/", { group_code: "stop-group" });
  const partners = rows.filter((row) => row.role !== "supporter").sort((one, other) => one.role.localeCompare(other.role));
  tile("partners", partners.length, "/api/v1/group-participations/?group_code=stop-group&role=coordinator&role=partner", "partners");
  into.replaceChildren(element("ul", { class: "chips plain" }, partners.map((row) => element("li", {}, [row.organisation.display, row.role === "coordinator" ? element("small", {}, [word("coordinator")]) : ""]))));
  return partners.length;
});

fill(slot("code", "by-country"), async (into) => {
  const { total, cells } = await figure("code-members", "country", await places);
  tile("code-members", total.value, total.rows, "members");
  into.replaceChildren(bars(cells, "members"));
  return cells.length;
});

fill(slot("code", "members"), (into) => showRows(into, "/api/v1/members/?page_size=12", "members"));

startFinder(region("finder"), places);
showReport(region("report"), new URLSearchParams(location.search));
