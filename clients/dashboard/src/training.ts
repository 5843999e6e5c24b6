/** Ticking off who was trained, by the company's own references: no name is asked for, none is kept. */
import { page, register, type Shapes } from "./api";
import { fresh, h } from "./dom";
import { badge, empty, loading, section, tell } from "./parts";
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
  if (!people.length) return h("div", { class: "card" }, head, empty(t("training.nobody"), t("training.nobody_more")));
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
  return form;
}

const status = (person: Person): string => said("training", person.status) + (person.status === "valid" && person.status_until ? ` ${t("until", { day: day(person.status_until) })}` : "");
