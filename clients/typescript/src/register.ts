import createClient, { type Client, type FetchResponse, type MaybeOptionalInit, type Middleware } from "openapi-fetch";
import type { MediaType, PathsWithMethod, RequiredKeysOf } from "openapi-typescript-helpers";
import { ProblemError, problemOf } from "./problem.js";
import type { paths } from "./schema.js";

type Verb = "get" | "post" | "put" | "patch" | "delete";
type Init<Path extends keyof paths, V extends Verb> = MaybeOptionalInit<paths[Path], V>;
// Optional where nothing has to be said.
type InitParam<I> = RequiredKeysOf<I> extends never ? [init?: I & Record<string, unknown>] : [init: I & Record<string, unknown>];
// The inference of openapi-fetch's own methods, with what a refusal would add taken away: a refusal is thrown.
type Data<Path extends keyof paths, V extends Verb> = paths[Path][V] extends Record<string | number, unknown>
  ? NonNullable<FetchResponse<paths[Path][V], object, MediaType>["data"]>
  : never;

/** A good answer: its content, and the headers that a caller goes on with. */
export interface Answer<T> {
  readonly data: T;
  /** Send it back as `If-Match`, so that nobody's change is overwritten. */
  readonly etag: string | null;
  readonly response: Response;
}

export interface RegisterOptions {
  /** Where the register is, such as `https://register.example`; the page's own origin when left out. */
  readonly baseUrl?: string;
  /** A bearer token; without one the browser's log-in is used. */
  readonly token?: string;
  /** Language of answers and messages, such as `fr`. */
  readonly language?: string;
  readonly fetch?: (request: Request) => Promise<Response>;
}

/** Paths whose answer is one page of rows. */
type Listed = {
  [Path in PathsWithMethod<paths, "get">]: Data<Path, "get"> extends { results: readonly unknown[]; next: string | null } ? Path : never;
}[PathsWithMethod<paths, "get">];
type RowOf<Path extends Listed> = Data<Path, "get"> extends { results: readonly (infer Row)[] } ? Row : never;

/** The register as one caller sees it. Every path and every body is checked against the contract. */
export class Register {
  readonly #http: Client<paths>;

  constructor(options: RegisterOptions = {}) {
    this.#http = createClient<paths>({
      baseUrl: options.baseUrl ?? "",
      ...(options.fetch ? { fetch: options.fetch } : {}),
    });
    this.#http.use(manners(options));
  }

  get<Path extends PathsWithMethod<paths, "get">, I extends Init<Path, "get">>(path: Path, ...init: InitParam<I>): Promise<Answer<Data<Path, "get">>> {
    return this.#ask("get", path, init);
  }

  post<Path extends PathsWithMethod<paths, "post">, I extends Init<Path, "post">>(path: Path, ...init: InitParam<I>): Promise<Answer<Data<Path, "post">>> {
    return this.#ask("post", path, init);
  }

  put<Path extends PathsWithMethod<paths, "put">, I extends Init<Path, "put">>(path: Path, ...init: InitParam<I>): Promise<Answer<Data<Path, "put">>> {
    return this.#ask("put", path, init);
  }

  patch<Path extends PathsWithMethod<paths, "patch">, I extends Init<Path, "patch">>(path: Path, ...init: InitParam<I>): Promise<Answer<Data<Path, "patch">>> {
    return this.#ask("patch", path, init);
  }

  delete<Path extends PathsWithMethod<paths, "delete">, I extends Init<Path, "delete">>(path: Path, ...init: InitParam<I>): Promise<Answer<Data<Path, "delete">>> {
    return this.#ask("delete", path, init);
  }

  /** The rows of a list, page after page: `for await (const company of register.rows("/api/v1/companies/"))`. */
  async *rows<Path extends Listed>(path: Path, query: NonNullable<paths[Path]["get"]["parameters"]["query"]> = {}): AsyncGenerator<RowOf<Path>, void, undefined> {
    let cursor: string | null = null;
    do {
      const asked = { params: { query: cursor === null ? query : { ...query, cursor } } };
      const { data } = await this.#ask("get", path, [asked]);
      const page = data as unknown as { results: RowOf<Path>[]; next: string | null };
      yield* page.results;
      cursor = page.next && new URL(page.next, "http://next.invalid").searchParams.get("cursor");
    } while (cursor !== null);
  }

  /** What an address leads to that the register itself gave: the `rows` of a figure, a `Location`. */
  async follow<T>(address: string): Promise<Answer<T>> {
    const call = this.#http.request as (verb: string, path: string) => Promise<{ data?: unknown; response: Response }>;
    const { data, response } = await call("get", address);
    return { data: data as T, etag: response.headers.get("ETag"), response };
  }

  /** A change at an address that the register itself gave, such as the `url` of a move. */
  async send(method: "POST" | "PATCH" | "PUT" | "DELETE", address: string, body?: unknown, tag?: string): Promise<Answer<unknown>> {
    const call = this.#http.request as (verb: string, path: string, init: object) => Promise<{ data?: unknown; response: Response }>;
    const { data, response } = await call(method.toLowerCase(), address, { body, ...(tag ? { headers: { "If-Match": tag } } : {}) });
    return { data, etag: response.headers.get("ETag"), response };
  }

  async #ask<Path extends keyof paths, V extends Verb>(verb: V, path: Path, init: readonly unknown[]): Promise<Answer<Data<Path, V>>> {
    // One loose call behind the exact signatures above.
    const call = this.#http.request as (verb: string, path: string, ...init: readonly unknown[]) => Promise<{ data?: unknown; response: Response }>;
    const { data, response } = await call(verb, path, ...init);
    return { data: data as Data<Path, V>, etag: response.headers.get("ETag"), response };
  }
}

const UNSAFE = new Set(["POST", "PUT", "PATCH", "DELETE"]);

/** Says who calls and in which language, makes a repeated request harmless, and throws what was refused. */
function manners({ token, language }: RegisterOptions): Middleware {
  return {
    onRequest({ request }) {
      if (token) request.headers.set("Authorization", `Bearer ${token}`);
      if (language) request.headers.set("Accept-Language", language);
      if (UNSAFE.has(request.method)) {
        if (!request.headers.has("Idempotency-Key")) request.headers.set("Idempotency-Key", crypto.randomUUID());
        const proof = token ? null : crossSiteProof();
        if (proof) request.headers.set("X-CSRFToken", proof);
      }
      return request;
    },
    async onResponse({ response }) {
      if (response.status >= 400) throw new ProblemError(await problemOf(response), response);
    },
  };
}

/** What a browser's log-in sends along with a change: the value of the register's own cookie. */
function crossSiteProof(): string | null {
  if (typeof document === "undefined") return null;
  return /(?:^|;\s*)csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? null;
}
