/* Small parts of a page: elements, words of the page's language, and the three states of what is read. */

const words = document.getElementById("words").content;

/** A word of the page, in its language. */
export const word = (name) => words.querySelector(`[data-word="${name}"]`)?.textContent ?? name;

/** A part of the page by its name. */
export const region = (name) => document.querySelector(`[data-part="${name}"]`);

/** An element with attributes and children; text is text, never markup. */
export function element(tag, attributes = {}, children = []) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children.filter((child) => child !== "" && child !== null));
  return made;
}

/** A copy of one of the page's templates. */
export const copyOf = (id) => document.getElementById(id).content.firstElementChild.cloneNode(true);

/** Only what a reader may follow: a web address or a telephone number. */
export const isSafeLink = (text) => /^(https?:\/\/|tel:)/.test(text ?? "");

/**
 * Fill a place: `show` reads and draws. Answers 0 for nothing to show; a failure offers to try again.
 */
export async function fill(into, show) {
  into.setAttribute("aria-busy", "true");
  try {
    if ((await show(into)) === 0) into.replaceChildren(copyOf("word-empty"));
  } catch (error) {
    console.error(error);
    const failed = copyOf("word-failed");
    failed.querySelector("button").addEventListener("click", () => {
      into.replaceChildren(element("p", { class: "waiting" }, [word("reading")]));
      fill(into, show);
    });
    into.replaceChildren(failed);
    for (const waiting of document.querySelectorAll(".tiles .waiting")) waiting.textContent = "–";
  } finally {
    into.setAttribute("aria-busy", "false");
  }
}
