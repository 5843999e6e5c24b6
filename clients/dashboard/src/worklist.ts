/** Who needs the officer today: each line with why, and with what can be done about it at once. */
import { h } from "./dom";
import { empty } from "./parts";
import { t } from "./words";

export function worklist(): HTMLElement {
  return h("div", { class: "card" }, empty(t("worklist.none"), t("worklist.none_more")));
}
