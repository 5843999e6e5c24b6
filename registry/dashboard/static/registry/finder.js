/* Where do I report? Asks for countries alone, never for what happened. */
import { element, fill, isSafeLink, word } from "./parts.js";
import { read } from "./reading.js";

/** Fill the lists of countries and answer the form on the page itself. */
export function startFinder(part, places) {
  const form = part.querySelector("form");
  const found = part.querySelector('[data-slot="found"]');
  places.then((names) => {
    const sorted = [...names].sort(([, one], [, other]) => one.localeCompare(other, document.documentElement.lang));
    for (const list of form.querySelectorAll("select")) {
      list.append(...sorted.map(([code, name]) => element("option", { value: code }, [name])));
    }
  }, (error) => fill(found, () => Promise.reject(error)));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const asked = Object.fromEntries(new FormData(form));
    fill(found, async (into) => {
      const { choices } = await read("reporting-channels/find/", asked);
      into.replaceChildren(element("ol", { class: "lines" }, choices.map(line)));
      return choices.length;
    });
  });
}

function line(choice) {
  const name = choice.channel?.display ?? word("police");
  const number = choice.contact?.startsWith("tel:");
  const label = number ? `${word("call")} ${choice.contact.slice(4)}` : name;
  return element("li", { class: choice.reason === "immediate_danger" ? "urgent" : "" }, [
    element("p", { class: "why" }, [choice.reason_text]),
    isSafeLink(choice.contact) ? element("a", { href: choice.contact, rel: "noreferrer" }, [label]) : element("strong", {}, [label]),
    choice.what_it_takes && !number ? element("p", { class: "helptext" }, [`${word("takes")} ${choice.what_it_takes}`]) : "",
  ]);
}
