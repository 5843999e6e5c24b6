/** Who needs the officer today: each line with why, and with what can be done about it at once. */
import { daysFrom, page, register, type Shapes } from "./api";
import { ask, type Asked } from "./asking";
import { decideClaim } from "./claim";
import { h } from "./dom";
import { acting, badge, empty, loading, tell } from "./parts";
import { SPOKEN, country, day, language, number, said, say, span, t } from "./words";

type Work = Shapes["WorkAnswer"];
const PRESSING = 100;
const SNOOZE_DAYS = 14;
const LONGEST_SNOOZE = 90;

export function worklist(): HTMLElement {
  const into = h("div", {});
  const show = (kind?: Shapes["WorkKind"]): void => into.replaceChildren(loading(() => read(show, kind), { tall: true }));
  show();
  return h("div", { class: "card" }, into);
}

async function read(show: (kind?: Shapes["WorkKind"]) => void, kind?: Shapes["WorkKind"]): Promise<Node> {
  const { data } = await register.get("/api/v1/worklist/", { params: { query: { page_size: 25, ...(kind ? { kind: [kind] } : {}) } } });
  if (!data.results.length) return empty(t("worklist.none"), t("worklist.none_more"));
  const kinds = h("div", { class: "kinds", role: "group", "aria-label": t("worklist.kinds") }, data.kinds.map((one) => h("button", { type: "button", class: "plain", "aria-pressed": String(one.kind === kind), click: () => show(one.kind === kind ? undefined : one.kind) }, `${say(`work.${one.kind}`) ?? one.reason} `, h("b", {}, number(one.count)))));
  const nudgeable = data.results.filter(isNudge);
  return h("div", {}, h("p", { class: "helptext" }, t("worklist.count", { count: number(data.count) })), kinds, kind && nudgeable.length > 1 ? h("div", { class: "actions" }, acting(t("worklist.nudge_all", { count: number(nudgeable.length) }), () => nudge(nudgeable, () => show(kind)), "small")) : null, kind === "certificate_due" && data.results.length > 1 ? h("div", { class: "actions" }, acting(t("worklist.issue_all"), () => issueAll(() => show(kind)), "small")) : null, h("ul", { class: "work" }, data.results.map((work) => line(work, () => show(kind)))), data.next ? h("p", { class: "helptext" }, t("more_rows")) : null);
}

function line(work: Work, again: () => void): HTMLElement {
  const why = work.call.instead_of_nudge;
  const facts = [why ? t("worklist.no_reminder", { why: said("nudge", why) }) : "", work.age_days ? t("worklist.since", { time: span(work.age_days) }) : "", work.due_on ? `${t("due")} ${day(work.due_on)}` : "", work.category ? `${said("category", work.category)}, ${country(work.country)}` : country(work.country)].filter(Boolean);
  return h(
    "li",
    { "data-kind": work.kind },
    h("h3", {}, work.company ? h("a", { href: `/companies/${work.company.id}/` }, work.name) : work.name, badge(say(`work.${work.kind}`) ?? work.reason, work.weight >= PRESSING ? "danger" : "warm")),
    h("p", {}, facts.join(" · ")),
    h("div", { class: "actions" }, step(work, again), acting(t("worklist.snooze"), () => snooze(work, again), "small quiet")),
  );
}

/** The next step, ready to take: with what a person adds, and with the tag of what it is based on. */
function step(work: Work, again: () => void): HTMLElement {
  const { method, url, body, fill_in, tag_from, instead_of_nudge: why } = work.call;
  const label = why ? (say(`instead.${why}`) ?? t("instead.call")) : (say(`step.${work.kind}`) ?? work.call.label);
  if (isNudge(work)) return acting(label, () => nudge([work], again));
  if (!work.company) return acting(label, () => decideClaim(work.item.slice(work.item.indexOf(":") + 1), again));
  if (method !== "POST") return h("a", { class: "button small", href: `/companies/${work.company.id}/` }, label);
  return acting(label, async () => {
    const fields = fill_in.map(asked);
    const added = fields.length ? await ask(`${label}: ${work.name}`, fields, label) : {};
    if (added === null) return;
    const tag = tag_from ? (await register.follow(tag_from)).etag : null;
    await register.send("POST", url, body === null && !fields.length ? undefined : { ...body, ...added }, tag ?? undefined);
    tell(t("done", { what: `${label}, ${work.name}` }));
    again();
  });
}

const AREAS = new Set(["text", "reason", "summary"]);

/** What a person adds to a call, by the name of its field. */
function asked(name: string): Asked {
  const label = said("fill_in", name);
  if (name.endsWith("_on")) return { name, label, kind: "date", value: page.day };
  if (name === "language") return { name, label, kind: "choice", options: SPOKEN, value: language };
  return { name, label, kind: AREAS.has(name) ? "area" : name === "email" ? "email" : "text" };
}

const isNudge = ({ call }: Work): boolean => call.url === "/api/v1/worklist/nudge/";

/** Remind the companies by mail, and say of each that gets none why not. */
async function nudge(works: readonly Work[], again: () => void): Promise<void> {
  const { data } = await register.post("/api/v1/worklist/nudge/", { body: works.map(({ item }) => ({ item })) });
  const planned = data.filter(({ is_planned }) => is_planned);
  if (planned.length === 1) tell(t("worklist.nudged", { name: works[planned[0]?.index ?? 0]?.name ?? "" }));
  else if (planned.length) tell(t("worklist.nudged_many", { count: number(planned.length) }));
  for (const { index, code } of data.filter(({ is_planned }) => !is_planned)) tell(`${works[index]?.name ?? ""}: ${said("nudge", code)}`, "danger");
  again();
}

/** Issue every certificate that is due: as many as may be at once, and say how many are left. */
async function issueAll(again: () => void): Promise<void> {
  const { data } = await register.post("/api/v1/certificates/issue-due/", { body: {} });
  tell(t("worklist.issued", { count: number(data.issued), left: number(data.due) }));
  again();
}

async function snooze(work: Work, again: () => void): Promise<void> {
  const added = await ask(
    t("worklist.snooze_title", { name: work.name }),
    [
      { name: "until", label: t("worklist.until"), kind: "date", value: daysFrom(page.day, SNOOZE_DAYS), least: daysFrom(page.day, 1), most: daysFrom(page.day, LONGEST_SNOOZE) },
      { name: "reason", label: t("worklist.reason"), kind: "area" },
    ],
    t("worklist.snooze"),
  );
  if (added === null) return;
  await register.post("/api/v1/worklist/snooze/", { body: { item: work.item, until: added["until"] ?? "", reason: added["reason"] ?? "" } });
  tell(t("worklist.snoozed", { day: day(added["until"] ?? page.day) }));
  again();
}
