/** Ticking off who was trained, by the company's own references: no name is asked for, none is kept. */
import { page, register, type Shapes } from "./api";
import { fresh, h } from "./dom";
import { waitFor } from "@the-code-register/client";
import { acting, badge, empty, loading, section, tell } from "./parts";
import { day, number, said, share, t } from "./words";

type Person = Shapes["Staff"];
const TONES: Readonly<Record<string, string>> = { valid: "good", in_grace: "warm", lapsed: "danger", never_trained: "danger" };

export function roll(company: Shapes["Company"]): HTMLElement {
  const into = h("div", {});
  const show = (): void => into.replaceChildren(loading(() => list(company, show)));
  show();
  return section(t("training.title"), t("training.lead"), into);
}

async function list(company: Shapes["Company"], again: () => void): Promise<Node> {
  const query = { company: [company.id], page_size: 500 };
  const [{ data: staff }, { data: courses }, { data: covered }] = await Promise.all([register.get("/api/v1/staff/", { params: { query } }), register.get("/api/v1/courses/", { params: { query: { page_size: 100 } } }), register.get("/api/v1/training/coverage/", { params: { query: { company: company.id } } })]);
  const total = covered.total;
  const head = h("p", { class: "facts" }, total.value === null ? t("training.unknown") : h("strong", { class: "big" }, share(Number(total.value))), total.value === null ? null : h("span", {}, t("training.of", { part: number(total.numerator.value ?? 0), whole: number(total.denominator.value ?? 0) })), covered.target_share ? h("span", {}, `${t("target")} ${share(Number(covered.target_share))}`) : null);
  const people = staff.results.filter(({ left_on, reference }) => reference !== null && (!left_on || left_on >= page.day));
  if (!people.length) return h("div", { class: "card" }, head, empty(t("training.nobody"), t("training.nobody_more")), upload(company, again));
  const ids = { course: fresh("course"), on: fresh("on") };
  const course = h("select", { id: ids.course, required: true }, courses.results.map((row) => h("option", { value: row.code }, row.name ?? row.code)));
  const on = h("input", { id: ids.on, type: "date", required: true, max: page.day, value: page.day });
  const out = h("div", { "aria-live": "polite" });
  const form: HTMLFormElement = h(
    "form",
    { class: "card stack" },
    head,
    h("div", { class: "filters" }, h("div", { class: "field" }, h("label", { for: ids.course }, t("training.course")), course), h("div", { class: "field" }, h("label", { for: ids.on }, t("training.on")), on)),
    h("fieldset", {}, h("legend", {}, t("training.who")), h("ul", { class: "people" }, people.map((person) => h("li", {}, h("label", {}, h("input", { type: "checkbox", name: "who", value: person.reference ?? "" }), h("code", {}, person.reference ?? ""), h("span", {}, said("role", person.role)), person.status ? badge(status(person), TONES[person.status] ?? "quiet") : null))))),
    h("div", { class: "actions" }, h("button", { class: "button" }, t("training.record"))),
    out,
  );
  const all = h("div", { class: "stack" }, form, h("details", { class: "card" }, h("summary", {}, t("roster.title")), upload(company, again)));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const who = new FormData(form).getAll("who").map(String);
    if (!who.length) return tell(t("training.nobody_ticked"), "danger");
    out.replaceChildren(
      loading(async () => {
        const { data } = await register.post("/api/v1/completions/", { body: who.map((reference) => ({ reference, course: course.value, completed_on: on.value, company: company.id })) });
        const faulty = data.filter(({ status: result }) => result === "error");
        if (faulty.length) return h("ul", { class: "notice failed" }, faulty.map(({ index, errors }) => h("li", {}, h("code", {}, who[index] ?? ""), " ", errors.map(({ message }) => message).join(" "))));
        tell(t("training.recorded", { count: number(data.length) }));
        again();
        return null;
      }),
    );
  });
  return all;
}

const status = (person: Person): string => said("training", person.status) + (person.status === "valid" && person.status_until ? ` ${t("until", { day: day(person.status_until) })}` : "");

const ENDED = new Set<Shapes["RosterState"]>(["planned", "done", "failed", "aborted", "undone"]);

/** A list of staff as a file: what it would do is shown first, and written when somebody says so. */
function upload(company: Shapes["Company"], again: () => void): HTMLElement {
  const id = fresh("file");
  const file = h("input", { id, type: "file", accept: ".csv,.xlsx,.jsonl", required: true });
  const out = h("div", { "aria-live": "polite" });
  const form = h("form", { class: "stack" }, h("p", { class: "helptext" }, t("roster.columns")), h("div", { class: "field" }, h("label", { for: id }, t("roster.file")), file), h("div", { class: "actions" }, h("button", { class: "button small" }, t("roster.send"))), out);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const chosen = file.files?.[0];
    if (!chosen) return;
    out.replaceChildren(
      loading(async () => {
        const body = new FormData();
        body.set("file", chosen);
        body.set("company", company.id);
        const { data } = await register.post("/api/v1/rosters/", { body: {}, bodySerializer: () => body });
        return planned(await settled(data.id), again);
      }),
    );
  });
  return form;
}

const settled = (id: string): Promise<Shapes["Roster"]> => waitFor(async () => (await register.get("/api/v1/rosters/{id}/", { params: { path: { id } } })).data, ({ state }) => ENDED.has(state));

function planned(roster: Shapes["Roster"], again: () => void): Node {
  if (roster.state === "failed") return h("p", { class: "notice failed" }, t("roster.failed"), " ", roster.failure?.message ?? "");
  const counts = Object.entries(roster.counts ?? {}).filter((pair): pair is [string, number] => typeof pair[1] === "number" && pair[1] > 0);
  const write = acting(t("roster.confirm"), async () => {
    const path = { id: roster.id };
    const { etag } = await register.get("/api/v1/rosters/{id}/", { params: { path } });
    await register.post("/api/v1/rosters/{id}/confirm/", { params: { path, header: { "If-Match": etag ?? "" } }, body: {} });
    const done = await settled(roster.id);
    tell(done.state === "done" ? t("roster.done") : t("roster.failed"), done.state === "done" ? "good" : "danger");
    again();
  }, "");
  return h("div", { class: "notice" }, h("p", {}, h("strong", {}, t("roster.would", { count: number(roster.row_count) }))), h("ul", {}, counts.map(([name, count]) => h("li", {}, `${said("roster_count", name)}: ${number(count)}`))), write);
}
