/** What every page is made of: sections that wait, fail and try again; tables; rows behind a number; messages. */
import { ProblemError, register, type Cell } from "./api";
import { fresh, h } from "./dom";
import { columnsOf, type Row } from "./rows";
import { number, share, t } from "./words";

export type Part = Node | null;

/** A place that shows bones while it loads, what it loaded, or why it could not and a way to try again. */
export function loading(load: () => Promise<Part>, { tall = false } = {}): HTMLElement {
  const place = h("div", { class: "place" });
  const run = async (): Promise<void> => {
    place.setAttribute("aria-busy", "true");
    place.replaceChildren(h("div", { class: tall ? "skeleton tall" : "skeleton", "aria-hidden": "true" }, h("i"), h("i"), h("i")), h("span", { class: "visually-hidden" }, t("reading")));
    try {
      place.replaceChildren(...[await load()].filter((part) => part !== null));
    } catch (error) {
      place.replaceChildren(failed(error, run));
    }
    place.removeAttribute("aria-busy");
  };
  void run();
  return place;
}

function failed(error: unknown, again: () => Promise<void>): HTMLElement {
  if (!(error instanceof ProblemError)) console.error(error);
  const said = error instanceof ProblemError && error.status < 500 ? error.message : t("failed");
  return h("div", { class: "notice failed", role: "alert" }, h("p", {}, said), h("button", { type: "button", class: "button quiet small", click: () => void again() }, t("try_again")));
}

export function empty(text: string, more?: string): HTMLElement {
  return h("div", { class: "empty" }, h("p", { class: "empty-title" }, text), more ? h("p", {}, more) : null);
}

export function section(title: string, lead: string, ...content: (Node | null)[]): HTMLElement {
  const id = fresh("title");
  return h("section", { "aria-labelledby": id }, h("div", { class: "section-head" }, h("h2", { id }, title), lead ? h("p", {}, lead) : null), content);
}

export interface Column<T> {
  readonly name: string;
  readonly cell: (row: T) => Node | string | number;
  readonly isNumber?: boolean;
}

/** A table that is a list of cards on a phone. */
export function table<T>(caption: string, columns: readonly Column<T>[], rows: readonly T[]): HTMLElement {
  return h(
    "div",
    { class: "table", tabindex: 0, role: "region", "aria-label": caption },
    h(
      "table",
      {},
      h("caption", { class: "visually-hidden" }, caption),
      h("thead", {}, h("tr", {}, columns.map(({ name, isNumber }) => h("th", { scope: "col", class: isNumber ? "number" : null }, name)))),
      h("tbody", {}, rows.map((row) => h("tr", {}, columns.map(({ name, cell, isNumber }, at) => h(at ? "td" : "th", { scope: at ? null : "row", "data-label": name, class: isNumber ? "number" : null }, cell(row)))))),
    ),
  );
}

/** How a cell of a figure reads; a hidden one says that it is hidden. */
export function valueOf(cell: Cell): string {
  if (cell.suppressed) return t("suppressed");
  if (cell.value === null) return "–";
  return cell.denominator === null ? number(cell.value) : share(cell.value);
}

/** A number that opens the rows that it counts, where the reader may see them. */
export function opening(cell: Cell, title: string): HTMLElement {
  const text = valueOf(cell);
  if (cell.suppressed) return h("abbr", { class: "hidden-cell", title: t("suppressed_why") }, "< 5");
  if (!cell.rows) return h("span", {}, text);
  const rows = cell.rows;
  return h("button", { type: "button", class: "opens", "aria-haspopup": "dialog", "aria-label": `${text}: ${title}. ${t("open_rows")}`, click: () => showRows(title, rows, cell) }, text);
}

/** The rows behind a number, in a dialog. */
export function showRows(title: string, rows: string, cell?: Cell): void {
  const wide = new URL(rows, location.origin);
  wide.searchParams.set("page_size", "200");
  const address = wide.pathname + wide.search;
  const content = loading(async () => {
    const { data } = await register.follow<{ results: Row[]; next: string | null }>(address);
    if (!data.results.length) return empty(t("no_rows"));
    const columns = columnsOf(wide.pathname, data.results);
    return h("div", {}, table(title, columns, data.results), data.next ? h("p", { class: "helptext" }, t("more_rows")) : null);
  });
  const summary = cell && cell.denominator !== null && !cell.suppressed ? h("p", { class: "helptext" }, t("of", { part: number(cell.numerator ?? 0), whole: number(cell.denominator ?? 0) })) : null;
  openDialog(title, [summary, content], h("a", { href: rows }, t("as_data")));
}

/** A dialog over the page; Escape, its cross and a click beside it close it. */
export function openDialog(title: string, content: readonly (Node | null)[], foot: Node): HTMLDialogElement {
  const id = fresh("dialog");
  const close = (): void => dialog.close();
  const dialog: HTMLDialogElement = h(
    "dialog",
    { class: "rows", "aria-labelledby": id },
    h("header", {}, h("h2", { id, tabindex: -1 }, title), h("button", { type: "button", class: "close", "aria-label": t("close"), click: close }, "✕")),
    h("div", { class: "dialog-body" }, content),
    h("footer", {}, foot),
  );
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (event) => event.target === dialog && close());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

const messages = h("div", { class: "toasts", role: "status", "aria-live": "polite" });
/** A short message that goes away by itself. */
export function tell(text: string, kind: "good" | "danger" = "good"): void {
  if (!messages.isConnected) document.body.append(messages);
  const message = h("p", { class: `toast ${kind}` }, text);
  messages.append(message);
  setTimeout(() => message.remove(), 7000);
}

/** A button that works while its work goes on, and says what went wrong. */
export function acting(text: string, act: () => Promise<void>, kind = "small"): HTMLButtonElement {
  const button: HTMLButtonElement = h("button", { type: "button", class: `button ${kind}` }, text);
  button.addEventListener("click", () => {
    button.disabled = true;
    act()
      .catch((error: unknown) => tell(error instanceof ProblemError ? error.message : t("failed"), "danger"))
      .finally(() => (button.disabled = false));
  });
  return button;
}

export function badge(text: string, tone: string): HTMLElement {
  return h("span", { class: `badge ${tone}` }, text);
}
