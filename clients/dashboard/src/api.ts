/** The register as the reader of this page sees it. */
import { ProblemError, Register, type components } from "@the-code-register/client";
import { language } from "./words";

export type Shapes = components["schemas"];
export { ProblemError };
// An address of its own, so that a request can be made: the page's.
export const register = new Register({ baseUrl: location.origin, language });

const place = document.getElementById("page");
/** What the server says about this page. */
export const page = {
  name: place?.dataset["page"] ?? "",
  row: place?.dataset["row"] ?? "",
  day: place?.dataset["day"] ?? "",
  isSignedIn: place?.dataset["signedIn"] === "yes",
  isStaff: place?.dataset["staff"] === "yes",
};

export type Figure = Shapes["FigureAnswer"];
export type Cell = Shapes["FigureCellAnswer"];

export interface Cut {
  readonly by?: string;
  readonly from?: string;
  readonly to?: string;
  readonly step?: "month" | "quarter" | "year";
}

export async function figure(code: string, cut: Cut = {}): Promise<Figure> {
  return (await register.get("/api/v1/figures/{code}/", { params: { path: { code }, query: cut } })).data;
}

/** The value of a dimension in a cell; "" where it is unknown. */
export const part = (cell: Cell, dimension: string): string => {
  const value: unknown = cell.by[dimension];
  return value === null || value === undefined ? "" : String(value);
};

/** The same day, so many months on; the last of the month where there is none. */
export function monthsFrom(iso: string, months: number): string {
  const [year = 0, month = 1, day = 1] = iso.split("-").map(Number);
  const last = new Date(Date.UTC(year, month - 1 + months + 1, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + months, Math.min(day, last))).toISOString().slice(0, 10);
}

export const daysFrom = (iso: string, days: number): string =>
  new Date(Date.parse(`${iso}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
