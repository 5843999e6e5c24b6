/* The rows behind a number, in a table; the dialog that shows them. */
import { copyOf, element, fill, isSafeLink, word } from "./parts.js";
import { read } from "./reading.js";

const dialog = document.querySelector("dialog.rows");
const day = (text) => (text ? element("time", { datetime: text }, [text]) : "");

/** What the columns of each kind of row are: heading, and the cell of a row. */
const COLUMNS = {
  network: [
    ["name", (row) => [row.organisation.display, row.is_uncertain ? element("small", {}, [word("uncertain")]) : ""]],
    ["country", (row) => [row.country_name ?? word("unknown")]],
    ["since", (row) => [row.since || word("unknown")]],
    ["source", (row) => [sourced(row.source)]],
  ],
  partners: [
    ["name", (row) => [row.organisation.display]],
    ["role", (row) => [word(row.role)]],
    ["source", (row) => [sourced(row.source)]],
  ],
  members: [
    ["name", (row) => [row.name.replace(" (DEMO)", ""), " ", row.is_demo ? copyOf("word-demo") : ""]],
    ["country", (row) => [row.country ?? ""]],
    ["number", (row) => [element("code", {}, [row.number])]],
    ["status", (row) => [element("span", { class: `status ${row.status}` }, [word(row.status)])]],
    ["since", (row) => [day(row.former_since ?? row.suspended_since ?? row.member_since)]],
  ],
};

/** The first address in a source as a link, else its text. */
function sourced(text) {
  const address = text?.match(/https?:\/\/[^\s;)]+/)?.[0];
  if (!isSafeLink(address)) return text || word("unknown");
  return element("a", { href: address, rel: "noreferrer" }, [new URL(address).hostname]);
}

/** Read a page of rows and put them into a table; answers how many. */
export async function showRows(into, address, kind) {
  const { results, next } = await read(address);
  const columns = COLUMNS[kind];
  const head = element("tr", {}, columns.map(([name]) => element("th", { scope: "col" }, [word(name)])));
  const body = results.map((row) => element("tr", {}, columns.map(([name, cell], place) =>
    element(place ? "td" : "th", place ? { "data-label": word(name) } : { scope: "row" }, cell(row)))));
  const table = element("table", {}, [element("thead", {}, [head]), element("tbody", {}, body)]);
  into.replaceChildren(table, next ? element("p", { class: "waiting" }, [word("more")]) : "");
  return results.length;
}

/** A number that opens its rows; where there are none to see, only the number. */
export function numberLink(value, rows, title, kind) {
  const text = value === null ? "–" : String(value);
  if (!rows) return element("span", { class: "number" }, [text]);
  const link = element("a", { class: "number", href: rows, "aria-label": `${text}, ${title}` }, [text]);
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(title, rows, kind);
  });
  return link;
}

function open(title, rows, kind) {
  const into = dialog.querySelector('[data-slot="rows"]');
  dialog.querySelector("h2").textContent = title;
  dialog.querySelector('[data-slot="json"]').href = rows;
  into.replaceChildren(element("p", { class: "waiting" }, [word("reading")]));
  dialog.showModal();
  const whole = new URL(rows, location.origin);
  whole.searchParams.set("page_size", "1000");
  fill(into, (place) => showRows(place, whole.pathname + whole.search, kind));
}

// A click beside the dialog closes it, as Escape does.
dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
