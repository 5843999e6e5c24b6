/** The yearly report, section by section, saved while it is written; a change by somebody else is shown, never lost. */
import { ProblemError, register, type Shapes } from "./api";
import { h } from "./dom";
import { acting, badge, empty, loading, section, tell } from "./parts";
import { field, readable, type Question } from "./questions";
import { day, said, share, t } from "./words";

type Section = Shapes["ReportSectionAnswer"];
/** What waits to be saved. */
interface Unsaved {
  readonly answers: Readonly<Record<string, unknown>>;
  readonly comments: Readonly<Record<string, string>>;
}
const NOTHING: Unsaved = { answers: {}, comments: {} };
const merged = (one: Unsaved, other: Unsaved): Unsaved => ({ answers: { ...one.answers, ...other.answers }, comments: { ...one.comments, ...other.comments } });
const isThere = ({ answers, comments }: Unsaved): boolean => Object.keys(answers).length + Object.keys(comments).length > 0;

const SAVE_AFTER = 900;

export function report(company: Shapes["Company"]): HTMLElement {
  const place = section(t("report.title"), t("report.lead"), loading(() => chosen(company)));
  place.id = "report";
  return place;
}

async function chosen(company: Shapes["Company"]): Promise<Node> {
  const [{ data: years }, { data: reports }] = await Promise.all([register.get("/api/v1/reporting-years/", { params: { query: { page_size: 100 } } }), register.get("/api/v1/reports/", { params: { query: { company: [company.id], page_size: 100 } } })]);
  const asked = Number(new URLSearchParams(location.search).get("year"));
  const open = years.results.map(({ year }) => year).toSorted((one, other) => other - one);
  const year = open.includes(asked) ? asked : open.find((one) => reports.results.some((row) => row.year === one && row.state !== "published" && row.state !== "accepted")) ?? open[0];
  if (!year || !company.member_since) return empty(t("report.none"), t("report.none_more"));
  const begun = reports.results.find((row) => row.year === year);
  if (begun) return writing(begun.id);
  return h("div", { class: "card calm" }, h("p", { class: "big" }, t("report.not_begun", { year })), acting(t("report.begin"), async () => { await register.post("/api/v1/reports/", { body: { company: company.id, year } }); location.reload(); }, ""));
}

async function writing(id: string): Promise<Node> {
  const [{ data }, { data: whole }] = await Promise.all([register.get("/api/v1/reports/{id}/", { params: { path: { id } } }), register.get("/api/v1/reports/{id}/preview/", { params: { path: { id } } })]);
  const isOpen = data.state === "draft" || data.state === "returned";
  const status = h("div", { class: "report-status", "aria-live": "polite" });
  const tabs = h("div", { class: "sections", role: "tablist", "aria-label": t("report.sections") });
  const body = h("div", { class: "card section-body", role: "tabpanel", tabindex: -1 });
  const look = async (): Promise<void> => void status.replaceChildren(await state(id, isOpen, whole.sections, show));
  const show = (code: string, question?: string): void => {
    for (const tab of tabs.querySelectorAll("button")) {
      tab.setAttribute("aria-selected", String(tab.value === code));
      tab.tabIndex = tab.value === code ? 0 : -1;
    }
    body.replaceChildren(
      loading(async () => {
        const shown = await part(id, code, isOpen, look);
        if (question) queueMicrotask(() => goTo(body, question));
        return shown;
      }),
    );
  };
  whole.sections.forEach(({ code, title }, at) => tabs.append(h("button", { type: "button", role: "tab", value: code, click: () => show(code) }, `${at + 1} ${title}`)));
  tabs.addEventListener("keydown", (event) => {
    const all = [...tabs.querySelectorAll("button")];
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    const next = all[(all.indexOf(document.activeElement as HTMLButtonElement) + step + all.length) % all.length];
    if (step && next) {
      next.focus();
      next.click();
    }
  });
  await look();
  show(whole.sections[0]?.code ?? "");
  return h("div", { class: "report" }, h("p", { class: "facts" }, h("strong", {}, String(data.year)), badge(said("report", data.state), isOpen ? "warm" : "good"), data.due_on ? h("span", {}, t("report.due", { day: day(data.due_on) })) : null), status, tabs, body);
}

/** Where a question is answered, or its comment where that is what is wanted. */
function goTo(body: HTMLElement, question: string): void {
  const place = body.querySelector<HTMLElement>(`[data-question="${question}"]`);
  place?.querySelector("details.comment")?.setAttribute("open", "");
  place?.scrollIntoView({ block: "center" });
  place?.querySelector<HTMLElement>("input, textarea")?.focus();
}

/** How complete it is, what is wanting with a way there, and handing it in. */
async function state(id: string, isOpen: boolean, sections: readonly Section[], show: (section: string, question: string) => void): Promise<Node> {
  const { data } = await register.get("/api/v1/reports/{id}/check/", { params: { path: { id } } });
  const done = Number(data.completeness_share);
  const meter = h("progress", { max: 1, value: done, "aria-label": t("report.complete", { share: share(done) }) });
  const wanting = data.findings.filter(({ level }) => level === "error");
  const line = ({ question, message }: (typeof wanting)[number]): HTMLElement => {
    const of = sections.find(({ questions }) => questions.some(({ code }) => code === question));
    const text = of?.questions.find(({ code }) => code === question)?.text ?? question;
    return h("li", {}, of ? h("button", { type: "button", class: "plain", click: () => show(of.code, question) }, text) : text, " ", message);
  };
  return h(
    "div",
    { class: "meter" },
    h("div", {}, meter, h("span", {}, t("report.complete", { share: share(done) }))),
    wanting.length && isOpen ? h("details", {}, h("summary", {}, t("report.wanting", { count: wanting.length })), h("ul", {}, wanting.map(line))) : null,
    isOpen && data.is_ready
      ? acting(t("report.hand_in"), async () => {
          const { etag } = await register.get("/api/v1/reports/{id}/", { params: { path: { id } } });
          await register.post("/api/v1/reports/{id}/submit/", { params: { path: { id }, header: { "If-Match": etag ?? "" } } });
          tell(t("report.handed_in"));
          location.reload();
        }, "")
      : null,
  );
}

async function part(id: string, code: string, isOpen: boolean, changed: () => Promise<void>, told = ""): Promise<Node> {
  const path = { id, section: code };
  const read = await register.get("/api/v1/reports/{id}/sections/{section}/", { params: { path } });
  let tag = read.etag ?? "";
  let waiting = 0;
  let unsaved = NOTHING;
  let known = read.data.questions;
  let running = Promise.resolve();
  const saved = h("p", { class: "saved", role: "status" }, told);
  const place = h("div", {});
  // One after the other: the tag of the next is the answer of the last.
  const save = (): Promise<void> => (running = running.then(store));
  const store = async (): Promise<void> => {
    if (!isThere(unsaved)) return;
    const sending = unsaved;
    unsaved = NOTHING;
    saved.textContent = t("report.saving");
    try {
      const answer = await register.patch("/api/v1/reports/{id}/sections/{section}/", { params: { path, header: { "If-Match": tag } }, body: sending });
      tag = answer.etag ?? "";
      known = answer.data.questions;
      if (!isThere(unsaved)) saved.textContent = t("report.saved");
      if (!isThere(unsaved) && asked(known) !== asked(read.data.questions)) {
        // An answer brought questions or took some away: show those that are asked now, and stay where the writer was.
        const at = document.activeElement?.closest<HTMLElement>("[data-question]")?.dataset["question"];
        place.replaceChildren(await part(id, code, isOpen, changed, t("report.saved")));
        place.querySelector<HTMLElement>(`[data-question="${at ?? ""}"] :is(input:checked, input:not([type=radio]), textarea)`)?.focus();
      }
      await changed();
    } catch (error) {
      unsaved = merged(sending, unsaved);
      if (error instanceof ProblemError && error.status === 412) return conflict(unsaved);
      saved.textContent = error instanceof ProblemError ? [error.message, ...(error.problem.errors ?? []).map(({ message }) => message)].join(" ") : t("report.not_saved");
    }
  };
  /** Somebody else saved first: show theirs beside ours, and let the writer choose. */
  const conflict = async (ours: Unsaved): Promise<void> => {
    const theirs = await register.get("/api/v1/reports/{id}/sections/{section}/", { params: { path } });
    const before = new Map(known.map((question) => [question.code, question.value]));
    const differing = theirs.data.questions.filter(({ code, value }) => code in ours.answers && !isSame(value, before.get(code)) && !isSame(value, ours.answers[code]));
    tag = theirs.etag ?? "";
    known = theirs.data.questions;
    if (!differing.length) return store();
    const line = (question: Question): HTMLElement => h("li", {}, question.text, " ", h("strong", {}, readable(question, question.value)), " ", t("report.yours", { value: readable(question, ours.answers[question.code]) }));
    saved.replaceChildren(
      h("span", { class: "notice failed" }, t("report.conflict"), h("ul", {}, differing.map(line)), acting(t("report.keep_mine"), save), acting(t("report.take_theirs"), async () => { unsaved = NOTHING; place.replaceChildren(await part(id, code, isOpen, changed)); }, "small quiet")),
    );
  };
  const change = (more: Partial<Unsaved>): void => {
    unsaved = merged(unsaved, { ...NOTHING, ...more });
    saved.textContent = t("report.unsaved");
    clearTimeout(waiting);
    waiting = window.setTimeout(() => void save(), SAVE_AFTER);
  };
  const asking = { report: id, isOpen, answered: (question: string, value: unknown) => change({ answers: { [question]: value } }), commented: (question: string, text: string) => change({ comments: { [question]: text } }) };
  addEventListener("beforeunload", (event) => isThere(unsaved) && event.preventDefault());
  place.append(h("h3", {}, read.data.title), h("div", { class: "questions" }, read.data.questions.filter(({ is_asked }) => is_asked).map((question) => field(question, asking))), saved);
  return place;
}

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one ?? null) === JSON.stringify(other ?? null);
const asked = (questions: readonly Question[]): string => questions.filter(({ is_asked }) => is_asked).map(({ code }) => code).join();
