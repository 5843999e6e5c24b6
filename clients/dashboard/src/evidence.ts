/** The plan as the company works through it: what is done, and the document or link that shows it. */
import { page, register, type Shapes } from "./api";
import { fresh, h, isSafeLink } from "./dom";
import { acting, badge, empty, loading, section, tell } from "./parts";
import { filePlace, formOf } from "./sending";
import { day, said, t } from "./words";

type Action = Shapes["PlanAction"];
type Evidence = Shapes["PlanEvidence"];

const STATES: readonly Action["state"][] = ["open", "done", "verified"];

export function evidence(membership: string): HTMLElement {
  const into = h("div", {});
  const show = (open?: string): void => into.replaceChildren(loading(() => list(membership, show, open)));
  show();
  const place = section(t("evidence.title"), t("evidence.lead"), into);
  place.id = "plan";
  return place;
}

async function list(membership: string, again: (open: string) => void, open?: string): Promise<Node> {
  const query = { membership: [membership], page_size: 500 };
  const [{ data: actions }, { data: found }] = await Promise.all([register.get("/api/v1/plan-actions/", { params: { query: { ...query, ordering: "due_on" } } }), register.get("/api/v1/plan-evidence/", { params: { query } })]);
  if (!actions.results.length) return empty(t("evidence.none"));
  const shown = Map.groupBy(found.results, ({ action }) => action.id);
  // What is still to do comes first; each by its day.
  const inOrder = actions.results.toSorted((one, other) => STATES.indexOf(one.state) - STATES.indexOf(other.state));
  return h("ul", { class: "plan" }, inOrder.map((action) => line(action, shown.get(action.id) ?? [], () => again(action.id), action.id === open)));
}

function line(action: Action, shown: readonly Evidence[], again: () => void, isOpen: boolean): HTMLElement {
  const isLate = action.state === "open" && action.due_on < page.day;
  const facts = h("span", { class: "facts" }, badge(said("action", action.state), action.state === "open" ? (isLate ? "danger" : "quiet") : "good"), h("span", {}, `${t("due")} ${day(action.due_on)}`), shown.length ? h("span", {}, t("evidence.count", { count: shown.length })) : null);
  return h(
    "li",
    { class: "card", "data-action": action.id },
    h(
      "details",
      { open: isOpen },
      h("summary", {}, h("strong", {}, action.title), facts),
      h("div", { class: "stack" }, shown.length ? h("ul", { class: "dated" }, shown.map((one) => piece(one, action, again))) : null, action.state === "verified" ? null : adding(action, again), action.state === "open" ? h("div", { class: "actions" }, finished(action, again)) : null),
    ),
  );
}

function piece(one: Evidence, action: Action, again: () => void): HTMLElement {
  const name = one.title || (one.document?.name ?? one.link);
  const way = one.document ? h("a", { href: `/api/v1/plan-evidence/${one.id}/file/`, download: "" }, name) : isSafeLink(one.link) ? h("a", { href: one.link, rel: "noreferrer" }, name) : h("span", {}, one.redacted_at ? t("evidence.redacted") : name);
  const remove = acting(t("evidence.remove_short"), async () => {
    await register.delete("/api/v1/plan-evidence/{id}/", { params: { path: { id: one.id } } });
    tell(t("evidence.removed"));
    again();
  }, "small quiet");
  remove.setAttribute("aria-label", t("evidence.remove", { name }));
  return h("li", {}, way, h("time", { datetime: one.added_at }, day(one.added_at)), action.state === "verified" || one.redacted_at ? null : remove);
}

/** A document, or a link to what is published. */
function adding(action: Action, again: () => void): HTMLElement {
  const id = fresh("link");
  const address = h("input", { id, type: "url", required: true, maxlength: 500, pattern: "https://.*", placeholder: "https://" });
  const out = h("div", { "aria-live": "polite" });
  const form = h("form", { class: "stack" }, h("div", { class: "field" }, h("label", { for: id }, t("evidence.address")), address), h("div", { class: "actions" }, h("button", { class: "button small quiet" }, t("evidence.link"))), out);
  const added = (): void => {
    tell(t("evidence.added"));
    again();
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    out.replaceChildren(
      loading(async () => {
        await register.post("/api/v1/plan-evidence/", { body: { action: action.id, link: address.value } });
        added();
        return null;
      }),
    );
  });
  const file = filePlace({
    label: t("evidence.add", { title: action.title }),
    send: async (sending, chosen) => {
      await sending.post("/api/v1/plan-evidence/", { body: { action: action.id }, bodySerializer: () => formOf({ action: action.id, file: chosen }) });
      added();
    },
  });
  return h("div", { class: "stack" }, file, h("details", {}, h("summary", {}, t("evidence.link")), form));
}

function finished(action: Action, again: () => void): HTMLButtonElement {
  const button = acting(t("evidence.done"), async () => {
    const path = { id: action.id };
    const { etag } = await register.get("/api/v1/plan-actions/{id}/", { params: { path } });
    await register.post("/api/v1/plan-actions/{id}/done/", { params: { path, header: { "If-Match": etag ?? "" } }, body: { done_on: page.day } });
    tell(t("done", { what: action.title }));
    again();
  });
  button.setAttribute("aria-label", t("evidence.is_done", { title: action.title }));
  return button;
}
