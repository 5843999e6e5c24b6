/* Reads the API of this register: JSON, in the page's language, with the log-in of this browser if there is one. */

const API = "/api/v1/";
const PAGE_SIZE = 500;

/** What stands at `path` (below the API, or a whole address of it). Throws the problem that the API names. */
export async function read(path, parameters = {}) {
  const address = new URL(path.startsWith("/") ? path : API + path, location.origin);
  for (const [name, value] of Object.entries(parameters)) if (value) address.searchParams.set(name, value);
  const answer = await fetch(address, { headers: { Accept: "application/json", "Accept-Language": document.documentElement.lang } });
  const body = await answer.json();
  if (!answer.ok) throw Object.assign(new Error(body.detail ?? answer.statusText), { status: answer.status });
  return body;
}

/** Every row of a list, page after page. */
export async function readAll(path, parameters = {}) {
  const rows = [];
  let page = await read(path, { page_size: PAGE_SIZE, ...parameters });
  rows.push(...page.results);
  while (page.next) {
    page = await read(page.next);
    rows.push(...page.results);
  }
  return rows;
}
