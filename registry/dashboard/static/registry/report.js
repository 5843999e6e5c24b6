/* Where the link of a reminder leads: the annual report of one company and year. */
import { element, fill, word } from "./parts.js";
import { read } from "./reading.js";

/** Show the state of the report that the address names; nothing without company and year. */
export function showReport(part, asked) {
  const [company, year] = [asked.get("company"), asked.get("year")];
  if (!company || !/^\d{4}$/.test(year ?? "")) return;
  part.hidden = false;
  part.querySelector('[data-slot="year"]').textContent = year;
  fill(part.querySelector('[data-slot="state"]'), async (into) => {
    try {
      const { results } = await read("reports/", { company, year });
      into.replaceChildren(...(results.length ? summary(results[0]) : [element("p", {}, [word("no-report")])]));
    } catch (error) {
      if (error.status !== 401 && error.status !== 403) throw error;
      const back = `/accounts/login/?next=${encodeURIComponent(location.pathname + location.search)}`;
      into.replaceChildren(element("p", {}, [element("a", { class: "button", href: back }, [word("sign-in")])]));
    }
  });
}

function summary(report) {
  const share = `${Math.round(Number(report.completeness_share) * 100)} % ${word("complete")}`;
  const due = report.due_on ? `${word("due")} ${report.due_on}` : "";
  return [
    element("p", {}, [element("strong", {}, [report.company.display]), ` · ${report.state} · ${share} · ${due}`]),
    element("p", {}, [element("a", { href: `/api/v1/reports/${report.id}/preview/` }, [word("open")])]),
  ];
}
