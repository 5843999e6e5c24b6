/** The world: a value for each country, and a mark for those that a second value picks out. */
import * as Plot from "@observablehq/plot";
import { feature, mesh } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import world from "world-atlas/countries-110m.json";
import { COUNTRY_OF } from "./countries";

const topology = world as unknown as Topology<{ countries: GeometryCollection<{ name: string }> }>;
const shapes = feature(topology, topology.objects.countries).features.filter(({ id }) => String(id) !== "010");
const borders = mesh(topology, topology.objects.countries, (one, other) => one !== other);
// Without the empty south.
const ROOM = { type: "MultiPoint", coordinates: [[-168, 0], [180, 0], [0, 80], [0, -56]] } as const;
const SHADES = ["var(--map-1)", "var(--map-2)", "var(--map-3)"];

/** In which of the three shades a value is drawn; the map's legend names them. */
export const shadeOf = (value: number, steps: readonly [number, number]): number => (value < steps[0] ? 0 : value < steps[1] ? 1 : 2);

interface Drawing {
  readonly steps: readonly [number, number];
  readonly told: (code: string, value: number) => string;
  /** What a click on a country with a value does, or Enter; the arrow keys go from one to the next. */
  readonly open: (code: string) => void;
}

export function worldMap(values: ReadonlyMap<string, number>, { steps, told, open }: Drawing): (width: number) => Element {
  const of = (shape: { id?: string | number | undefined }): { code: string; value: number } => {
    const code = COUNTRY_OF.get(String(shape.id).padStart(3, "0")) ?? "";
    return { code, value: values.get(code) ?? 0 };
  };
  return (width) => {
    const picture = Plot.plot({
      className: "plot",
      style: { background: "transparent", fontFamily: "inherit", overflow: "visible" },
      width,
      height: Math.round(width * 0.44),
      projection: { type: "equal-earth", domain: ROOM, inset: 2 },
      marks: [
        Plot.geo(shapes, {
          fill: (shape: (typeof shapes)[number]) => {
            const { value } = of(shape);
            return value > 0 ? SHADES[shadeOf(value, steps)] : "var(--map-0)";
          },
          title: (shape: (typeof shapes)[number]) => {
            const { code, value } = of(shape);
            return code ? told(code, value) : shape.properties.name;
          },
        }),
        Plot.geo(borders, { stroke: "var(--surface)", strokeWidth: 0.6, pointerEvents: "none" }),
      ],
    });
    const paths = [...picture.querySelectorAll<SVGPathElement>('g[aria-label="geo"]')].find((marks) => marks.childElementCount === shapes.length)?.children ?? [];
    makeButtons([...paths].map((path, at) => ({ path: path as SVGPathElement, ...of(shapes[at] ?? {}) })).filter(({ value }) => value > 0), told, open);
    // Names of its groups say nothing where each country has its own.
    for (const marks of picture.querySelectorAll("g[aria-label]")) marks.removeAttribute("aria-label");
    return picture;
  };
}

interface Land {
  readonly path: SVGPathElement;
  readonly code: string;
  readonly value: number;
}

/** One stop of the keyboard for all countries, in the order of their names. */
function makeButtons(lands: readonly Land[], told: Drawing["told"], open: Drawing["open"]): void {
  const inOrder = lands.toSorted((one, other) => told(one.code, one.value).localeCompare(told(other.code, other.value), document.documentElement.lang));
  inOrder.forEach(({ path, code, value }, at) => {
    path.setAttribute("role", "button");
    path.setAttribute("aria-label", told(code, value));
    path.setAttribute("tabindex", at ? "-1" : "0");
    path.classList.add("land");
    path.addEventListener("click", () => open(code));
    path.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key] ?? 0;
      const next = inOrder[(at + step + inOrder.length) % inOrder.length]?.path;
      if (event.key === "Enter" || event.key === " ") open(code);
      else if (!step || !next) return;
      else {
        path.setAttribute("tabindex", "-1");
        next.setAttribute("tabindex", "0");
        next.focus();
      }
      event.preventDefault();
    });
  });
}
