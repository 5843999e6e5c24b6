/** One question of a report as a field, by the kind of its answer. What is left open stays unknown, never zero. */
import { page, type Shapes } from "./api";
import { fresh, h } from "./dom";
import { filePlace, formOf } from "./sending";
import { number, share, t } from "./words";

export type Question = Shapes["AnsweredQuestionAnswer"];

export interface Asking {
  readonly report: string;
  readonly isOpen: boolean;
  readonly answered: (code: string, value: unknown) => void;
  readonly commented: (code: string, text: string) => void;
}

/** The field of a question, with what was answered a year before and room to say why it differs. */
export function field(question: Question, asking: Asking): HTMLElement {
  const place = answering(question, asking);
  place.dataset["question"] = question.code;
  if (question.last_year !== null) place.append(h("p", { class: "helptext" }, t("report.last_year", { value: readable(question, question.last_year) })), why(question, asking));
  return place;
}

/** An answer in words. */
export function readable(question: Question, value: unknown): string {
  if (value === null || value === undefined) return "–";
  if (typeof value === "boolean") return t(value ? "yes" : "no");
  if (typeof value === "number") return question.kind === "share" ? share(value) : number(value);
  const named = (code: unknown): string => question.options.find((option) => option.code === code)?.text ?? String(code);
  if (Array.isArray(value)) return value.map(named).join(", ") || "–";
  if (typeof value === "object") return Object.entries(value).map(([code, count]) => `${named(code)}: ${String(count)}`).join(", ");
  return named(value);
}

const needed = (question: Question): HTMLElement | null => (question.is_required ? null : h("span", { class: "helptext" }, ` ${t("optional")}`));
const labelOf = (question: Question): string => question.text + (question.unit ? ` (${question.unit})` : "");

function answering(question: Question, asking: Asking): HTMLElement {
  if (question.kind === "yes_no") return yesNo(question, asking);
  if (question.kind === "choice") return choice(question, asking);
  if (question.kind === "counts") return counts(question, asking);
  if (question.kind === "file") return file(question, asking);
  const id = fresh(question.code);
  const help = fresh("help");
  const more = question.help ? h("p", { class: "helptext", id: help }, question.help) : null;
  const shared = { id, disabled: !asking.isOpen, "aria-describedby": more ? help : null };
  const value = question.value === null ? "" : String(question.value);
  const control = question.kind === "text" ? h("textarea", shared, value) : h("input", { ...shared, ...LIMITS[question.kind](question), value });
  control.addEventListener("input", () => asking.answered(question.code, control.value === "" ? null : question.kind === "text" || question.kind === "date" ? control.value : Number(control.value)));
  return h("div", { class: "field" }, h("label", { for: id }, labelOf(question), needed(question)), more, control);
}

const LIMITS: Readonly<Record<"number" | "share" | "date", (question: Question) => Record<string, string | number>>> = {
  number: ({ decimals }) => ({ type: "number", min: 0, step: decimals ? 10 ** -decimals : 1 }),
  share: () => ({ type: "number", min: 0, max: 1, step: 0.01 }),
  date: () => ({ type: "date", max: page.day }),
};

/** Several controls of one question. */
function together(question: Question, ...content: (Node | null)[]): HTMLElement {
  const help = fresh("help");
  return h("fieldset", { class: "field", "aria-describedby": question.help ? help : null }, h("legend", {}, labelOf(question), needed(question)), question.help ? h("p", { class: "helptext", id: help }, question.help) : null, content);
}

function yesNo(question: Question, { isOpen, answered }: Asking): HTMLElement {
  const name = fresh("yes");
  const option = (value: boolean, text: string): HTMLElement => h("label", { class: "choice" }, h("input", { type: "radio", name, disabled: !isOpen, checked: question.value === value, change: () => answered(question.code, value) }), h("span", {}, text));
  return together(question, h("div", { class: "choices" }, option(true, t("yes")), option(false, t("no"))));
}

function choice(question: Question, { isOpen, answered }: Asking): HTMLElement {
  const { value, is_multiple: isMany } = question;
  const chosen = new Set(Array.isArray(value) ? value.map(String) : value === null ? [] : [String(value)]);
  const name = fresh("choice");
  const options = question.options.map(({ code, text }) => {
    const box = h("input", { type: isMany ? "checkbox" : "radio", name, disabled: !isOpen, checked: chosen.has(code) });
    box.addEventListener("change", () => {
      if (!isMany) return answered(question.code, code);
      if (box.checked) chosen.add(code);
      else chosen.delete(code);
      answered(question.code, chosen.size ? [...chosen] : null);
    });
    return h("label", { class: "choice" }, box, h("span", {}, text));
  });
  return together(question, h("div", { class: "choices" }, options));
}

/** A whole number for each option: one left open is unknown, one that was counted and is none says 0. */
function counts(question: Question, { isOpen, answered }: Asking): HTMLElement {
  const given = new Map<string, number>(Object.entries((question.value ?? {}) as Record<string, number>));
  const options = question.options.map(({ code, text }) => {
    const id = fresh(code);
    const control = h("input", { id, type: "number", min: 0, step: 1, disabled: !isOpen, value: given.get(code) ?? "" });
    control.addEventListener("input", () => {
      if (control.value === "") given.delete(code);
      else given.set(code, Number(control.value));
      answered(question.code, given.size ? Object.fromEntries(given) : null);
    });
    return h("div", { class: "count" }, h("label", { for: id }, text), control);
  });
  return together(question, h("div", { class: "counts" }, options));
}

/** A document that is sent to the report first and named by its id then. */
function file(question: Question, { report, isOpen, answered }: Asking): HTMLElement {
  const place = together(question);
  const there = h("div", { class: "sent" });
  const show = (id: string | null, name = t("file.there")): void =>
    there.replaceChildren(
      ...(id
        ? [h("a", { href: `/api/v1/reports/${report}/files/${id}/`, download: "" }, name), isOpen ? h("button", { type: "button", class: "plain", click: () => { answered(question.code, null); show(null); } }, t("file.remove")) : ""]
        : []),
    );
  show(typeof question.value === "string" ? question.value : null);
  place.append(there);
  if (isOpen) {
    place.append(
      filePlace({
        label: t("file.choose"),
        send: async (register, chosen) => {
          const { data } = await register.post("/api/v1/reports/{id}/files/", { params: { path: { id: report } }, body: {}, bodySerializer: () => formOf({ file: chosen }) });
          answered(question.code, data.id);
          show(data.id, chosen.name);
        },
      }),
    );
  }
  return place;
}

/** Why a figure is far from last year's: closed until somebody wants to say it. */
function why(question: Question, { isOpen, commented }: Asking): HTMLElement {
  const id = fresh("why");
  const control = h("textarea", { id, maxlength: 1000, disabled: !isOpen }, question.comment);
  control.addEventListener("input", () => control.value.trim() && commented(question.code, control.value));
  return h("details", { class: "comment", open: question.comment !== "" }, h("summary", {}, t("report.comment")), h("label", { class: "visually-hidden", for: id }, `${t("report.comment")}: ${question.text}`), control);
}
