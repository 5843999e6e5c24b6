/** Files on their way to the register: which are taken, how far one is, and what was wrong with it. */
import { ProblemError, Register } from "@the-code-register/client";
import { fresh, h } from "./dom";
import { bytes, language, share, t } from "./words";

/** As the register tells them by their content; it is the one that decides. */
const ENDINGS = ["pdf", "png", "jpg", "jpeg", "webp", "docx", "xlsx", "pptx", "odt", "ods", "odp"];
const MOST = 10 * 1024 * 1024;

/** The register, telling how much of what is sent has left: `fetch` cannot. */
function telling(progress: (part: number) => void): Register {
  return new Register({ baseUrl: location.origin, language, fetch: (request) => sent(request, progress) });
}

async function sent(request: Request, progress: (part: number) => void): Promise<Response> {
  const content = await request.blob();
  return new Promise((resolve, reject) => {
    const call = new XMLHttpRequest();
    call.open(request.method, request.url);
    call.responseType = "blob";
    for (const [name, value] of request.headers) call.setRequestHeader(name, value);
    call.upload.addEventListener("progress", ({ loaded, total }) => progress(total ? loaded / total : 0));
    call.addEventListener("load", () => resolve(new Response(call.response as Blob, { status: call.status, headers: headersOf(call) })));
    call.addEventListener("error", () => reject(new TypeError("The register did not answer.")));
    call.send(content);
  });
}

const headersOf = (call: XMLHttpRequest): [string, string][] =>
  call
    .getAllResponseHeaders()
    .trim()
    .split(/[\r\n]+/)
    .map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trim()]);

export interface Sending {
  readonly label: string;
  /** Sends the file; what it answers is shown when it is there. */
  readonly send: (register: Register, file: File) => Promise<void>;
}

/** A place for one file: chosen or dropped, measured before it leaves, sent with its progress, refused in words. */
export function filePlace({ label, send }: Sending): HTMLElement {
  const ids = { file: fresh("file"), help: fresh("help") };
  const input = h("input", { id: ids.file, type: "file", accept: ENDINGS.map((ending) => `.${ending}`).join(), "aria-describedby": ids.help });
  const out = h("div", { class: "sending", role: "status" });
  const place = h("div", { class: "field drop" }, h("label", { for: ids.file }, label), input, h("p", { class: "helptext", id: ids.help }, t("file.allowed", { endings: ENDINGS.join(", "), size: bytes(MOST) })), out);
  const refuse = (text: string): void => {
    input.setAttribute("aria-invalid", "true");
    out.replaceChildren(h("p", { class: "notice failed" }, text));
  };
  const take = async (file: File): Promise<void> => {
    input.removeAttribute("aria-invalid");
    const fault = faultOf(file);
    if (fault) return refuse(fault);
    const meter = h("progress", { max: 1, value: 0, "aria-label": t("file.sending", { name: file.name }) });
    const words = h("span", {}, t("file.sending", { name: file.name }));
    out.replaceChildren(h("div", { class: "meter" }, h("div", {}, meter, words)));
    const progress = (part: number): void => {
      meter.value = part;
      words.textContent = part < 1 ? `${t("file.sending", { name: file.name })} ${share(part)}` : t("file.reading");
    };
    input.disabled = true;
    try {
      await send(telling(progress), file);
      out.replaceChildren();
      input.value = "";
    } catch (error) {
      refuse(error instanceof ProblemError ? [error.message, ...(error.problem.errors ?? []).map(({ message }) => message)].join(" ") : t("failed"));
    } finally {
      input.disabled = false;
    }
  };
  input.addEventListener("change", () => input.files?.[0] && void take(input.files[0]));
  place.addEventListener("dragover", (event) => event.preventDefault());
  place.addEventListener("drop", (event) => {
    event.preventDefault();
    const file = event.dataTransfer?.files[0];
    if (file) void take(file);
  });
  return place;
}

/** What is wrong with a file as far as its name and size tell; it need not travel to be refused. */
function faultOf({ name, size }: File): string {
  if (!ENDINGS.includes(name.slice(name.lastIndexOf(".") + 1).toLowerCase())) return t("file.not_allowed", { endings: ENDINGS.join(", ") });
  if (size > MOST) return t("file.too_large", { size: bytes(MOST) });
  return size ? "" : t("file.empty");
}

/** A form of a file and more. */
export function formOf(fields: Readonly<Record<string, string | File>>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return form;
}
