/** Charts: each with its table, its definition and its numbers as a file. Drawn by Observable Plot. */
import * as Plot from "@observablehq/plot";
import type { Cell, Figure } from "./api";
import { fresh, h } from "./dom";
import { empty, opening, table, valueOf, type Column } from "./parts";
import { day, number, share, t } from "./words";

/** One value of a chart: what it is of, in the reader's words, and the cell that says it. */
export interface Datum {
  readonly of: readonly string[];
  readonly cell: Cell;
}

export interface Chart {
  readonly title: string;
  /** What the picture says, for those who do not see it. */
  readonly summary: string;
  readonly figure: Pick<Figure, "code" | "definition" | "source" | "as_of">;
  readonly dimensions: readonly string[];
  readonly data: readonly Datum[];
  readonly draw: (width: number) => Element;
  readonly total?: Cell;
  readonly wide?: boolean;
  readonly note?: string;
}

export const SERIES = [1, 2, 3, 4, 5, 6].map((at) => `var(--series-${at})`);

/** The frame around a chart. */
export function chart({ title, summary, figure, dimensions, data, draw, total, wide, note }: Chart): HTMLElement {
  const id = fresh("chart");
  const heading = h("h3", { id }, title);
  const head = h("div", { class: "chart-head" }, h("div", {}, heading, total ? h("p", { class: "chart-total" }, opening(total, title)) : null));
  const card = h("figure", { class: wide ? "card chart wide" : "card chart", role: "group", "aria-labelledby": id });
  const foot = h("figcaption", {}, about(figure, note), h("button", { type: "button", class: "plain", click: () => save(figure.code, dimensions, data) }, t("csv")));
  if (!data.length) {
    card.append(head, empty(t("nothing_yet"), t("nothing_yet_more")), foot);
    return card;
  }
  const picture = h("div", { class: "picture", role: "img", "aria-label": `${title}. ${summary}` });
  const rows = h("div", { hidden: true }, table(title, columnsOf(dimensions, data, title), data));
  const toggle = h("button", { type: "button", class: "plain", "aria-pressed": "false" }, t("as_table"));
  toggle.addEventListener("click", () => {
    const asTable = rows.hidden;
    rows.hidden = !asTable;
    picture.hidden = asTable;
    toggle.setAttribute("aria-pressed", String(asTable));
  });
  foot.append(toggle);
  card.append(head, picture, rows, foot);
  redrawing(picture, draw);
  return card;
}

const LEAST = 240;

/** Draw again whenever the room changes. */
export function redrawing(picture: HTMLElement, draw: (width: number) => Element): void {
  let drawn = 0;
  new ResizeObserver(([entry]) => {
    // Drawn no narrower than this: a place may be asked before it has its room.
    const width = Math.max(LEAST, Math.floor(entry?.contentRect.width ?? 0));
    if (Math.abs(width - drawn) < 8) return;
    drawn = width;
    const image = draw(width);
    // The picture's own style elements are in the style sheet: the page's policy allows none inside.
    for (const style of image.querySelectorAll("style")) style.remove();
    if (picture.getAttribute("role") === "img") image.setAttribute("aria-hidden", "true");
    picture.replaceChildren(image);
  }).observe(picture);
}

function about(figure: Chart["figure"], note?: string): HTMLElement {
  return h("details", {}, h("summary", {}, t("what_counts")), h("p", {}, figure.definition), h("p", {}, `${t("source")}: ${figure.source}`), note ? h("p", {}, note) : null, h("p", {}, t("as_of", { day: day(figure.as_of) })));
}

function columnsOf(dimensions: readonly string[], data: readonly Datum[], title: string): Column<Datum>[] {
  const isShare = data.some(({ cell }) => cell.denominator !== null);
  const of: Column<Datum>[] = dimensions.map((name, at) => ({ name, cell: (datum) => datum.of[at] ?? "" }));
  const value: Column<Datum> = { name: t("value"), isNumber: true, cell: (datum) => opening(datum.cell, `${title}, ${datum.of.join(", ")}`) };
  const halves: Column<Datum>[] = isShare ? [{ name: t("numerator"), isNumber: true, cell: ({ cell }) => (cell.numerator === null ? "–" : number(cell.numerator)) }, { name: t("denominator"), isNumber: true, cell: ({ cell }) => (cell.denominator === null ? "–" : number(cell.denominator)) }] : [];
  return [...of, value, ...halves];
}

/** The numbers as a file; a cell that a spreadsheet would take for a formula is disarmed. */
function save(code: string, dimensions: readonly string[], data: readonly Datum[]): void {
  const guard = (text: string): string => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);
  const quoted = (value: string | number | null): string => (value === null ? "" : typeof value === "number" ? String(value) : `"${guard(value).replaceAll('"', '""')}"`);
  const lines = [
    [...dimensions, "value", "numerator", "denominator", "suppressed", "as_of"].map(quoted),
    ...data.map(({ of, cell }) => [...of.map(quoted), ...[cell.value, cell.numerator, cell.denominator, String(cell.suppressed), cell.as_of].map(quoted)]),
  ];
  const url = URL.createObjectURL(new Blob([`\uFEFF${lines.map((line) => line.join(",")).join("\r\n")}\r\n`], { type: "text/csv" }));
  const link = h("a", { href: url, download: `${code}.csv` });
  link.click();
  URL.revokeObjectURL(url);
}

const BASE = { className: "plot", style: { background: "transparent", color: "inherit", fontFamily: "inherit", fontSize: "13px", overflow: "visible" } } as const;
const isRight = (): boolean => getComputedStyle(document.documentElement).direction === "rtl";
const shown = (cell: Cell): number => cell.value ?? 0;
const labelMargin = (labels: readonly string[], width: number): number => Math.min(width * 0.42, Math.max(...labels.map((label) => label.length)) * 7.1 + 14);
const clip = (label: string, margin: number): string => (label.length * 7 > margin ? `${label.slice(0, Math.max(4, Math.floor(margin / 7.4)))}…` : label);

/** Lying bars of one dimension, the value at their end. */
export function bars(data: readonly Datum[], { most }: { most?: number } = {}): (width: number) => Element {
  return (width) => {
    const margin = labelMargin(data.map(({ of }) => of[0] ?? ""), width);
    const top = most ?? Math.max(1, ...data.map(({ cell }) => shown(cell)));
    const side = isRight() ? { marginRight: margin, marginLeft: 52 } : { marginLeft: margin, marginRight: 52 };
    return Plot.plot({
      ...BASE,
      width,
      ...side,
      marginTop: 4,
      marginBottom: 4,
      height: data.length * 34 + 8,
      x: { domain: [0, top], axis: null, reverse: isRight() },
      y: { domain: data.map(({ of }) => of[0] ?? ""), label: null, tickSize: 0, padding: 0.34, axis: isRight() ? "right" : "left", tickFormat: (label: string) => clip(label, margin) },
      marks: [
        Plot.barX(data, { x: () => top, y: ({ of }: Datum) => of[0], fill: "var(--sunken)", rx: 5 }),
        Plot.barX(data, { x: ({ cell }: Datum) => shown(cell), y: ({ of }: Datum) => of[0], fill: "var(--series-1)", rx: 5 }),
        Plot.text(data, { x: () => top, y: ({ of }: Datum) => of[0], text: ({ cell }: Datum) => valueOf(cell), textAnchor: isRight() ? "end" : "start", dx: isRight() ? -8 : 8, fontWeight: 600, fontSize: 14, fill: "var(--ink)" }),
      ],
    });
  };
}

/** Lying bars cut by a second dimension. `order` of the parts is that of their colours. */
export function stacked(data: readonly Datum[], order: readonly string[], colours: readonly string[] = SERIES): (width: number) => Element {
  const rows = [...new Set(data.map(({ of }) => of[0] ?? ""))];
  return (width) => {
    const margin = labelMargin(rows, width);
    const totals = rows.map((row) => ({ row, n: data.filter(({ of }) => of[0] === row).reduce((sum, { cell }) => sum + shown(cell), 0) }));
    const top = Math.max(1, ...totals.map(({ n }) => n));
    const side = isRight() ? { marginRight: margin, marginLeft: 44 } : { marginLeft: margin, marginRight: 44 };
    const picture = Plot.plot({
      ...BASE,
      width,
      ...side,
      marginTop: 4,
      marginBottom: 4,
      height: rows.length * 38 + 8,
      x: { domain: [0, top], axis: null, reverse: isRight() },
      y: { domain: rows, label: null, tickSize: 0, padding: 0.34, axis: isRight() ? "right" : "left", tickFormat: (label: string) => clip(label, margin) },
      color: { domain: [...order], range: [...colours] },
      marks: [
        Plot.barX(rows, { x: () => top, y: (row: string) => row, fill: "var(--sunken)", rx: 5 }),
        Plot.barX(data, Plot.stackX({ x: ({ cell }: Datum) => shown(cell), y: ({ of }: Datum) => of[0], fill: ({ of }: Datum) => of[1], order: [...order], insetLeft: 0.75, insetRight: 0.75, rx: 4 })),
        Plot.text(totals, { x: "n", y: "row", text: ({ n }: { n: number }) => number(n), textAnchor: isRight() ? "end" : "start", dx: isRight() ? -8 : 8, fontWeight: 600, fontSize: 14, fill: "var(--ink)" }),
      ],
    });
    return h("div", {}, legend(order, colours), picture);
  };
}

/** Pairs of standing bars, one group for each first dimension. */
export function grouped(data: readonly Datum[], order: readonly string[], colours: readonly string[]): (width: number) => Element {
  const groups = [...new Set(data.map(({ of }) => of[0] ?? ""))];
  return (width) => {
    const picture = Plot.plot({
      ...BASE,
      width,
      height: 250,
      marginLeft: 34,
      marginBottom: 34,
      marginTop: 22,
      x: { axis: null, domain: [...order], padding: 0.12, reverse: isRight() },
      fx: { domain: isRight() ? [...groups].reverse() : groups, label: null, tickSize: 0, padding: 0.24, tickFormat: (label: string) => clip(label, width / groups.length) },
      y: { grid: true, label: null, ticks: 4, tickSize: 0, tickFormat: (value: number) => (Number.isInteger(value) ? number(value) : "") },
      color: { domain: [...order], range: [...colours] },
      marks: [
        Plot.barY(data, { fx: ({ of }: Datum) => of[0], x: ({ of }: Datum) => of[1], y: ({ cell }: Datum) => shown(cell), fill: ({ of }: Datum) => of[1], rx: 4 }),
        Plot.text(data, { fx: ({ of }: Datum) => of[0], x: ({ of }: Datum) => of[1], y: ({ cell }: Datum) => shown(cell), text: ({ cell }: Datum) => valueOf(cell), dy: -9, fontWeight: 600, fill: "var(--ink)" }),
        Plot.ruleY([0], { stroke: "var(--line)" }),
      ],
    });
    return h("div", {}, legend(order, colours), picture);
  };
}

export interface Point {
  readonly on: string;
  readonly of: string;
  readonly value: number | null;
}

/** Lines over time; what lies after `today` is a forecast and drawn as one. A target is a line of its own. */
export function lines(points: readonly Point[], { today, target, isShare = true }: { today: string; target?: number; isShare?: boolean }): (width: number) => Element {
  const names = [...new Set(points.map(({ of }) => of))];
  const at = ({ on }: Point): Date => new Date(`${on}T00:00:00Z`);
  const past = points.filter(({ on }) => on <= today);
  const future = points.filter(({ on }) => on >= (past.at(-1)?.on ?? today));
  const most = Math.max(1, ...points.map(({ value }) => value ?? 0));
  return (width) => {
    const colour = { domain: names, range: SERIES };
    const mark = { x: at, y: "value", stroke: "of", z: "of", strokeWidth: 2.5, curve: "monotone-x" } as const;
    const picture = Plot.plot({
      ...BASE,
      width,
      height: Math.max(220, Math.min(340, width * 0.42)),
      marginLeft: isRight() ? 16 : 42,
      marginRight: isRight() ? 42 : 16,
      marginTop: 16,
      marginBottom: 40,
      x: { type: "utc", label: null, tickSize: 0, ticks: width < 480 ? 4 : 8, reverse: isRight() },
      y: { grid: true, label: null, tickSize: 0, ticks: 5, domain: isShare ? [0, 1] : [0, most * 1.1], tickFormat: (value: number) => (isShare ? share(value) : number(value)), axis: isRight() ? "right" : "left" },
      color: colour,
      marks: [
        future.length > 1 ? Plot.rectX([{ from: new Date(`${today}T00:00:00Z`), to: at(future.at(-1) as Point) }], { x1: "from", x2: "to", fill: "var(--sunken)", fillOpacity: 0.7 }) : null,
        target === undefined ? null : Plot.ruleY([target], { stroke: "var(--warm)", strokeDasharray: "5 4", strokeWidth: 1.5 }),
        names.length === 1 ? Plot.areaY(past, { x: at, y: "value", fill: "var(--series-1)", fillOpacity: 0.1, curve: "monotone-x" }) : null,
        Plot.lineY(past, mark),
        Plot.lineY(future, { ...mark, strokeDasharray: "3 5" }),
        Plot.dot(past.filter(({ on }) => on === past.at(-1)?.on), { x: at, y: "value", fill: "of", r: 4.5, stroke: "var(--surface)", strokeWidth: 2 }),
      ],
    });
    return h("div", {}, names.length > 1 || future.length > 1 ? legend([...names, ...(target === undefined ? [] : [t("target")])], [...SERIES.slice(0, names.length), "var(--warm)"]) : null, picture);
  };
}

/** Which colour is what; in words beside the colour, so that colour alone says nothing. */
export function legend(names: readonly string[], colours: readonly string[]): HTMLElement {
  return h(
    "ul",
    { class: "legend" },
    names.map((name, at) => {
      const mark = h("i");
      mark.style.background = colours[at % colours.length] ?? "";
      return h("li", {}, mark, name);
    }),
  );
}
