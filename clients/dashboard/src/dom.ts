/** Making elements: text is always text, never markup. */
type Child = Node | string | number | null | undefined | false | readonly Child[];
type Attributes = Readonly<Record<string, string | number | boolean | null | undefined | ((event: Event) => void)>>;

export function h<Tag extends keyof HTMLElementTagNameMap>(tag: Tag, attributes: Attributes = {}, ...children: Child[]): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name, value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...nodes(children));
  return element;
}

function nodes(children: readonly Child[]): (Node | string)[] {
  return children.flatMap((child): (Node | string)[] => {
    if (child === null || child === undefined || child === false) return [];
    if (typeof child === "number") return [String(child)];
    if (typeof child === "string" || child instanceof Node) return [child];
    return nodes(child);
  });
}

let numbers = 0;
/** An id that no other element has. */
export const fresh = (stem: string): string => `${stem}-${(numbers += 1)}`;

const LINKS = new Set(["https:", "http:", "tel:", "mailto:"]);
/** Whether an address that the register holds may become a link. */
export function isSafeLink(address: string | null | undefined): address is string {
  try {
    return Boolean(address) && LINKS.has(new URL(address ?? "").protocol);
  } catch {
    return false;
  }
}
