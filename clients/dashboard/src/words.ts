/** The words of the pages in the reader's language, and how its people write numbers and dates. */
import { en, type Word } from "./words/en";
import { fr } from "./words/fr";
import { nl } from "./words/nl";

const CATALOGUES: Readonly<Record<string, Readonly<Record<Word, string>>>> = { en, fr, nl };

export const language = document.documentElement.lang in CATALOGUES ? document.documentElement.lang : "en";
const catalogue = CATALOGUES[language] ?? en;

type Given = Readonly<Record<string, string | number>>;

/** A text by its key; `{name}` is filled in. */
export function t(word: Word, given: Given = {}): string {
  return catalogue[word].replace(/\{(\w+)\}/g, (_, name: string) => String(given[name] ?? ""));
}

/** The same for a key that is put together; null where nobody wrote it. */
export const say = (key: string, given: Given = {}): string | null => (key in catalogue ? t(key as Word, given) : null);

/** The text of a code such as `state.active`; the code itself, made readable, where nobody wrote one. */
export function said(kind: string, code: string | null | undefined): string {
  if (!code) return t("unknown");
  const key = `${kind}.${code}`;
  return key in catalogue ? catalogue[key as Word] : code.replaceAll("_", " ");
}

const counting = new Intl.NumberFormat(language);
const sharing = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 0 });
const writing = new Intl.DateTimeFormat(language, { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
const writingShort = new Intl.DateTimeFormat(language, { day: "numeric", month: "short", timeZone: "UTC" });
const writingMonth = new Intl.DateTimeFormat(language, { month: "long", year: "numeric", timeZone: "UTC" });
const countries = new Intl.DisplayNames(language, { type: "region", fallback: "code" });

const sizing = new Intl.NumberFormat(language, { style: "unit", unit: "megabyte", maximumFractionDigits: 1 });

/** A size in megabytes. */
export const bytes = (size: number): string => sizing.format(size / 1024 / 1024);
export const number = (value: number): string => counting.format(value);
// Cut, not rounded: 79.6 % must not show as "80 % reached".
export const share = (value: number): string => sharing.format(Math.floor(value * 100 + 1e-9) / 100);
export const day = (iso: string): string => writing.format(new Date(`${iso.slice(0, 10)}T00:00:00Z`));
export const shortDay = (iso: string): string => writingShort.format(new Date(`${iso.slice(0, 10)}T00:00:00Z`));
export const month = (iso: string): string => writingMonth.format(new Date(`${iso.slice(0, 10)}T00:00:00Z`));
/** In which languages the register writes, each in its own. */
export const SPOKEN = [["en", "English"], ["fr", "Français"], ["nl", "Nederlands"], ["de", "Deutsch"], ["es", "Español"]] as const;
/** Bands of the yearly revenue, upwards. */
export const BANDS = ["to_500k", "to_2_5m", "to_50m", "above_50m"] as const;
export const country = (code: string | null): string => (code ? (countries.of(code) ?? code) : t("unknown"));
const ordering = new Intl.Collator(language);
/** Countries by their names in the reader's language. */
export const byName = (one: string, other: string): number => ordering.compare(country(one), country(other));
/** How long a number of days is: in days, or in months from sixty on. */
export const span = (days: number): string => new Intl.NumberFormat(language, { style: "unit", unit: days < 60 ? "day" : "month", unitDisplay: "long" }).format(days < 60 ? days : Math.round(days / 30.4));
