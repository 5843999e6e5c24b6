/** The clients' common scenario against a running server; prints what it saw as one JSON object. */
import { ProblemError, Register, waitFor } from "../src/index.js";

declare const process: { readonly env: Readonly<Record<string, string | undefined>> };

const given = (name: string): string => process.env[name] ?? fail(`${name} is not set.`);
const baseUrl = given("URL");
const lcr = new Register({ baseUrl, token: given("LCR"), language: "en" });
const editor = new Register({ baseUrl, token: given("EDITOR"), language: "fr" });
const company = given("COMPANY");

/** The refusal of a call that must be refused. */
async function refused(call: Promise<unknown>): Promise<ProblemError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof ProblemError) return error;
    throw error;
  }
  return fail("Nothing was refused.");
}

async function companies(): Promise<string[]> {
  const names: string[] = [];
  for await (const row of lcr.rows("/api/v1/companies/", { page_size: 2, ordering: "name" })) names.push(row.name);
  return names;
}

async function report(): Promise<Record<string, unknown>> {
  const { data: begun } = await editor.post("/api/v1/reports/", { body: { company, year: 2025 } });
  const id = begun.id;
  const answers = JSON.parse(given("ANSWERS")) as Record<string, Record<string, unknown>>;
  for (const [section, values] of Object.entries(answers)) {
    const path = { id, section };
    const { etag } = await editor.get("/api/v1/reports/{id}/sections/{section}/", { params: { path } });
    await editor.patch("/api/v1/reports/{id}/sections/{section}/", {
      params: { path, header: { "If-Match": etag ?? "" } },
      body: { answers: values },
    });
  }
  const first = await editor.get("/api/v1/reports/{id}/", { params: { path: { id } } });
  const stale = await refused(
    editor.post("/api/v1/reports/{id}/submit/", { params: { path: { id }, header: { "If-Match": '"999-0123456789abcdef"' } } }),
  );
  const untagged = await refused(editor.send("POST", `/api/v1/reports/${id}/submit/`)); // no type forgets the tag
  const submit = () =>
    editor.post("/api/v1/reports/{id}/submit/", { params: { path: { id }, header: { "If-Match": first.etag ?? "" } } });
  const { data: handedIn, etag } = await submit();
  const again = await refused(
    editor.post("/api/v1/reports/{id}/submit/", { params: { path: { id }, header: { "If-Match": etag ?? "" } } }),
  );
  return { state: handedIn.state, stale: [stale.status, stale.code], untagged: [untagged.status, untagged.code], again: [again.status, again.code] };
}

async function roster(): Promise<Record<string, unknown>> {
  const rows = JSON.parse(given("ROSTER")) as Record<string, unknown>[];
  const { data: sent } = await editor.post("/api/v1/rosters/", { body: { rows, confirms_itself: true } });
  const look = async () => (await editor.get("/api/v1/rosters/{id}/", { params: { path: { id: sent.id } } })).data;
  const seen = await waitFor(look, ({ state }) => ["done", "failed", "planned"].includes(state), { every: 0.2 });
  return { state: seen.state, rows: seen.row_count };
}

async function refusals(): Promise<Record<string, unknown>> {
  const header = { "Idempotency-Key": "once-and-not-otherwise" };
  const faulty = await refused(lcr.post("/api/v1/companies/", { body: { name: "X", country: "NL", category: "hotel" } }));
  const absent = await refused(lcr.get("/api/v1/companies/{id}/", { params: { path: { id: crypto.randomUUID() } } }));
  const stranger = await refused(new Register({ baseUrl, token: "cr_nobody" }).get("/api/v1/companies/"));
  const forbidden = await refused(editor.get("/api/v1/audit/"));
  const busy = await refused(lcr.get("/api/v1/awards/"));
  await lcr.post("/api/v1/companies/", { params: { header }, body: { name: "Hôtel Fictif Neuf (DEMO)", country: "BE", category: "hotel" } });
  const reused = await refused(
    lcr.post("/api/v1/companies/", { params: { header }, body: { name: "Hôtel Fictif Dix (DEMO)", country: "BE", category: "hotel" } }),
  );
  const invited = () => new Register({ baseUrl }).post("/api/v1/invitations/accept/", { body: { token: "ci_nobody", password: "a long sentence of nobody" } });
  let throttled = await refused(invited());
  for (let tries = 0; throttled.status !== 429 && tries < 20; tries += 1) throttled = await refused(invited());
  return {
    faulty: [faulty.status, faulty.code, faulty.problem.errors?.map((fault) => [fault.pointer, fault.code])],
    absent: [absent.status, absent.code],
    stranger: stranger.status,
    forbidden: forbidden.status,
    reused: [reused.status, reused.code],
    busy: [busy.status, busy.code, busy.retryAfter],
    throttled: [throttled.status, (throttled.retryAfter ?? 0) > 0],
  };
}

async function rotation(): Promise<Record<string, unknown>> {
  const { data: me } = await editor.get("/api/v1/me/");
  const { data: issued } = await editor.post("/api/v1/tokens/{id}/rotate/", { params: { path: { id: me.token_id ?? "" } } });
  const renewed = new Register({ baseUrl, token: issued.token });
  const { data: same } = await renewed.get("/api/v1/me/");
  return { same_user: same.user_id === me.user_id, another_token: same.token_id !== me.token_id };
}

function fail(message: string): never {
  throw new Error(message);
}

console.log(JSON.stringify({ companies: await companies(), report: await report(), roster: await roster(), refusals: await refusals(), rotation: await rotation() }));
