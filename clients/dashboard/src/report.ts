/** The yearly report, section by section, saved while it is written; a change by somebody else is shown, never lost. */
import { page, ProblemError, register, type Shapes } from "./api";
import { fresh, h } from "./dom";
import { acting, badge, empty, loading, section, tell } from "./parts";
import { day, said, share, t } from "./words";

type Section = Shapes["ReportSectionAnswer"];
type Question = Shapes["AnsweredQuestionAnswer"];
type Answers = Record<string, unknown>;

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
  const { data } = await register.get("/api/v1/reports/{id}/", { params: { path: { id } } });
  const isOpen = data.state === "draft" || data.state === "returned";
  const status = h("div", { class: "report-status", "aria-live": "polite" });
  const look = async (): Promise<void> => void status.replaceChildren(await state(id, isOpen));
  await look();
  const tabs = h("div", { class: "sections", role: "tablist", "aria-label": t("report.sections") });
  const body = h("div", { class: "card section-body", role: "tabpanel", tabindex: -1 });
  const show = (code: string): void => {
    for (const tab of tabs.querySelectorAll("button")) {
      tab.setAttribute("aria-selected", String(tab.value === code));
      tab.tabIndex = tab.value === code ? 0 : -1;
    }
    body.replaceChildren(loading(() => part(id, code, isOpen, look)));
  };
  const parts = data.sections ?? [];
  const { data: criteria } = await register.get("/api/v1/criteria/");
  const named = (at: number): string => criteria.results.find((row) => row.number === at + 1)?.name ?? t("report.section", { n: at + 1 });
  parts.forEach(({ code }, at) => tabs.append(h("button", { type: "button", role: "tab", value: code, click: () => show(code) }, `${at + 1} ${named(at)}`)));
  tabs.addEventListener("keydown", (event) => {
    const all = [...tabs.querySelectorAll("button")];
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    const next = all[(all.indexOf(document.activeElement as HTMLButtonElement) + step + all.length) % all.length];
    if (step && next) {
      next.focus();
      next.click();
    }
  });
  show(parts[0]?.code ?? "");
  return h("div", { class: "report" }, h("p", { class: "facts" }, h("strong", {}, String(data.year)), badge(said("report", data.state), isOpen ? "warm" : "good"), data.due_on ? h("span", {}, t("report.due", { day: day(data.due_on) })) : null), status, tabs, body);
}

/** How complete it is, what is wanting, and handing it in. */
async function state(id: string, isOpen: boolean): Promise<Node> {
  const { data } = await register.get("/api/v1/reports/{id}/check/", { params: { path: { id } } });
  const done = Number(data.completeness_share);
  const meter = h("progress", { max: 1, value: done, "aria-label": t("report.complete", { share: share(done) }) });
  const wanting = data.findings.filter(({ level }) => level === "error");
  return h(
    "div",
    { class: "meter" },
    h("div", {}, meter, h("span", {}, t("report.complete", { share: share(done) }))),
    wanting.length && isOpen ? h("details", {}, h("summary", {}, t("report.wanting", { count: wanting.length })), h("ul", {}, wanting.map(({ message, question }) => h("li", {}, h("code", {}, question), " ", message)))) : null,
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
  let unsaved: Answers = {};
  const saved = h("p", { class: "saved", role: "status" }, told);
  const place = h("div", {});
  const save = async (): Promise<void> => {
    const sending = unsaved;
    unsaved = {};
    saved.textContent = t("report.saving");
    try {
      const answer = await register.patch("/api/v1/reports/{id}/sections/{section}/", { params: { path, header: { "If-Match": tag } }, body: { answers: sending } });
      tag = answer.etag ?? "";
      saved.textContent = t("report.saved");
      if (asked(answer.data) !== asked(read.data)) {
        // An answer brought questions or took some away: show those that are asked now, and stay where the writer was.
        const at = document.activeElement?.closest<HTMLElement>("[data-question]")?.dataset["question"];
        place.replaceChildren(await part(id, code, isOpen, changed, t("report.saved")));
        place.querySelector<HTMLElement>(`[data-question="${at ?? ""}"] :is(input:checked, input:not([type=radio]), textarea)`)?.focus();
      }
      await changed();
    } catch (error) {
      unsaved = { ...sending, ...unsaved };
      if (error instanceof ProblemError && error.status === 412) return conflict(sending);
      saved.textContent = error instanceof ProblemError ? [error.message, ...(error.problem.errors ?? []).map(({ message }) => message)].join(" ") : t("report.not_saved");
    }
  };
  /** Somebody else saved first: show theirs beside ours, and let the writer choose. */
  const conflict = async (ours: Answers): Promise<void> => {
    const theirs = await register.get("/api/v1/reports/{id}/sections/{section}/", { params: { path } });
    const differing = theirs.data.questions.filter((question) => question.code in ours && question.value !== ours[question.code]);
    tag = theirs.etag ?? "";
    if (!differing.length) return save();
    saved.replaceChildren(
      h("span", { class: "notice failed" }, t("report.conflict"), h("ul", {}, differing.map((question) => h("li", {}, question.text, ": ", h("strong", {}, String(question.value ?? "–"))))), acting(t("report.keep_mine"), save), acting(t("report.take_theirs"), async () => { unsaved = {}; place.replaceChildren(await part(id, code, isOpen, changed)); }, "small quiet")),
    );
  };
  const change = (question: string, value: unknown): void => {
    unsaved[question] = value;
    saved.textContent = t("report.unsaved");
    clearTimeout(waiting);
    waiting = window.setTimeout(() => void save(), SAVE_AFTER);
  };
  addEventListener("beforeunload", (event) => Object.keys(unsaved).length && event.preventDefault());
  place.append(h("h3", {}, read.data.title), h("div", { class: "questions" }, read.data.questions.filter(({ is_asked }) => is_asked).map((question) => {
    const field = ask(question, isOpen, change);
    field.dataset["question"] = question.code;
    return field;
  })), saved);
  return place;
}

const asked = (part: Section): string => part.questions.filter(({ is_asked }) => is_asked).map(({ code }) => code).join();

function ask(question: Question, isOpen: boolean, change: (code: string, value: unknown) => void): HTMLElement {
  const id = fresh(question.code);
  const help = fresh("help");
  const told = (value: unknown): void => change(question.code, value);
  const shared = { id, disabled: !isOpen, "aria-describedby": question.help ? help : null };
  const label = question.text + (question.unit ? ` (${question.unit})` : "");
  const more = question.help ? h("p", { class: "helptext", id: help }, question.help) : null;
  if (question.kind === "yes_no") {
    const name = fresh("yes");
    const option = (value: boolean, text: string): HTMLElement => h("label", { class: "choice" }, h("input", { type: "radio", name, disabled: !isOpen, checked: question.value === value, change: () => told(value) }), h("span", {}, text));
    return h("fieldset", { class: "field" }, h("legend", {}, label, needed(question)), more, h("div", { class: "choices" }, option(true, t("yes")), option(false, t("no"))));
  }
  if (question.options.length) {
    const chosen = new Set(Array.isArray(question.value) ? question.value.map(String) : question.value === null ? [] : [String(question.value)]);
    const isMany = Array.isArray(question.value) || question.code.endsWith("s");
    const name = fresh("choice");
    return h(
      "fieldset",
      { class: "field" },
      h("legend", {}, label, needed(question)),
      more,
      h(
        "div",
        { class: "choices" },
        question.options.map((option) => {
          const box = h("input", { type: isMany ? "checkbox" : "radio", name, disabled: !isOpen, checked: chosen.has(option.code) });
          box.addEventListener("change", () => {
            if (!isMany) return told(option.code);
            if (box.checked) chosen.add(option.code);
            else chosen.delete(option.code);
            told([...chosen]);
          });
          return h("label", { class: "choice" }, box, h("span", {}, option.text));
        }),
      ),
    );
  }
  const value = question.value === null ? "" : String(question.value);
  const control =
    question.kind === "text"
      ? h("textarea", { ...shared }, value)
      : h("input", { ...shared, type: question.kind === "date" ? "date" : "number", min: question.kind === "date" ? null : 0, step: question.kind === "share" ? "0.01" : null, max: question.kind === "share" ? 1 : question.kind === "date" ? page.day : null, value });
  control.addEventListener("input", () => told(control.value === "" ? null : question.kind === "number" ? Number(control.value) : control.value));
  return h("div", { class: "field" }, h("label", { for: id }, label, needed(question)), more, control);
}

const needed = (question: Question): HTMLElement | null => (question.is_required ? null : h("span", { class: "helptext" }, ` ${t("optional")}`));
