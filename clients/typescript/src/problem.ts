import type { components } from "./schema.js";

/** What the register answers when it refuses: RFC 9457, with a code that never changes. */
export type Problem = components["schemas"]["Problem"];

/** A refusal as an exception. Branch on `code`; show `message`. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";

  constructor(
    readonly problem: Problem,
    readonly response: Response,
  ) {
    super(problem.detail || problem.title);
  }

  get status(): number {
    return this.response.status;
  }

  get code(): string {
    return this.problem.code;
  }

  /** Seconds to wait, where the register says so (409 while the same request runs, 429, 503). */
  get retryAfter(): number | null {
    const seconds = Number(this.response.headers.get("Retry-After") ?? "");
    return seconds > 0 ? seconds : null;
  }

  /** The current tag, when somebody else changed the row first (412). */
  get currentTag(): string | null {
    return this.response.headers.get("ETag");
  }

  /** The faults of one field, by its JSON pointer, such as `/country`. */
  at(pointer: string): readonly string[] {
    return (this.problem.errors ?? []).filter((fault) => fault.pointer === pointer).map((fault) => fault.message);
  }
}

/** The problem of a refused response; one made up where something between here and the register answered. */
export async function problemOf(response: Response): Promise<Problem> {
  try {
    const body: unknown = await response.clone().json();
    if (typeof body === "object" && body !== null && "code" in body) return body as Problem;
  } catch {
    // Not JSON: a proxy's page.
  }
  const title = response.statusText || `HTTP ${response.status}`;
  return { type: "about:blank", title, status: response.status, detail: title, code: "unreadable", request_id: "", errors: [] };
}
