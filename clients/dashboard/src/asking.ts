/** A short form in a dialog: what only a person knows. */
import { fresh, h } from "./dom";
import { t } from "./words";

export interface Asked {
  readonly name: string;
  readonly label: string;
  readonly kind: "text" | "email" | "date" | "area" | "choice";
  readonly value?: string;
  readonly least?: string;
  readonly most?: string;
  /** Of a choice: value and text of each. */
  readonly options?: readonly (readonly [string, string])[];
}

/** What was filled in; null when the dialog was closed. */
export function ask(title: string, fields: readonly Asked[], send: string): Promise<Record<string, string> | null> {
  const id = fresh("ask");
  return new Promise((resolve) => {
    const controls = fields.map((field) => {
      const control = controlOf(field);
      control.value = field.value ?? "";
      return { field, control };
    });
    const form = h("form", { class: "stack dialog-body" }, controls.map(({ field, control }) => h("div", { class: "field" }, h("label", { for: control.id }, field.label), control)), h("div", { class: "actions" }, h("button", { class: "button small" }, send)));
    const dialog: HTMLDialogElement = h("dialog", { class: "rows asking", "aria-labelledby": id }, h("header", {}, h("h2", { id }, title), h("button", { type: "button", class: "close", "aria-label": t("close"), click: () => dialog.close() }, "✕")), form);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      resolve(Object.fromEntries(controls.map(({ field, control }) => [field.name, control.value])));
      dialog.close();
    });
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(null);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

function controlOf({ name, kind, least, most, options }: Asked): HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement {
  const id = fresh(name);
  if (kind === "area") return h("textarea", { id, required: true, maxlength: 500 });
  if (kind === "choice") return h("select", { id, required: true }, (options ?? []).map(([value, text]) => h("option", { value }, text)));
  return h("input", { id, type: kind, required: true, min: least, max: most, maxlength: kind === "date" ? null : 200 });
}
