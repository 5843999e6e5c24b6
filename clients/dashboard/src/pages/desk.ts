/** The desk of an officer: who needs them today, what leaves in the coming weeks, and how the book stands. */
import { board } from "../board";
import { bringing } from "../bringing";
import { calendar } from "../calendar";
import { h } from "../dom";
import { loading, section } from "../parts";
import { t } from "../words";
import { worklist } from "../worklist";

export function desk(): Node[] {
  return [
    h("header", { class: "page-head" }, h("h1", {}, t("desk.title")), h("p", { class: "lead" }, t("desk.lead"))),
    section(t("worklist.title"), t("worklist.lead"), worklist()),
    section(t("calendar.title"), t("calendar.lead"), h("div", { class: "card" }, loading(calendar, { tall: true }))),
    section(t("bring.title"), t("bring.lead"), bringing()),
    section(t("board.title"), t("board.lead"), board()),
  ];
}
