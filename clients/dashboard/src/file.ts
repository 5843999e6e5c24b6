/** The file of a measure: on each ground what was told, what is lacking, and, when it is ripe, the decision itself. */
import { register, type Shapes } from "./api";
import { ask } from "./asking";
import { h } from "./dom";
import { acting, empty, loading, section, tell } from "./parts";
import { day, said, say, t } from "./words";

type Company = Shapes["Company"];
type Ground = Shapes["GroundAnswer"];

const MEASURES = new Set(["suspend", "terminate"]);

/** For officers, of a member: the grounds that hold, and those of which notices went out. */
export function file(company: Company): HTMLElement | null {
  const membership = company.membership_id;
  if (!membership || (company.state !== "active" && company.state !== "suspended")) return null;
  const place = section(
    t("file.title"),
    t("file.lead"),
    loading(async () => {
      const { data } = await register.get("/api/v1/companies/{id}/notice-file/", { params: { path: { id: company.id } } });
      const grounds = data.grounds.filter(({ holds, delivered_on: told }) => holds || told.length);
      if (!grounds.length) return empty(t("file.nothing"));
      return h("ul", { class: "findings" }, await Promise.all(grounds.map((ground) => line(ground, membership))));
    }),
  );
  place.id = "file";
  return place;
}

async function line(ground: Ground, membership: string): Promise<HTMLElement> {
  const { ground: code, holds, delivered_on: told, lacks, ripe_on: ripe } = ground;
  const facts = [told.length ? t("file.told", { days: told.map(day).join(", ") }) : t("file.told_nothing"), ripe && lacks.length ? t("file.ripe_on", { day: day(ripe) }) : ""].filter(Boolean);
  return h(
    "li",
    { class: holds === false ? "card" : lacks.length ? "card warm" : "card danger", "data-ground": code },
    h("h3", {}, said("ground", code)),
    h("p", { class: "helptext" }, facts.join(" ")),
    lacks.length ? h("ul", { class: "checks" }, lacks.map((lack) => h("li", { class: "no" }, say(`lack.${lack.code}`) ?? lack.message))) : await measures(code, membership),
  );
}

/** The measures that the reader may take on a ground that is ripe. */
async function measures(ground: Ground["ground"], membership: string): Promise<Node | null> {
  const path = { id: membership };
  const [{ etag }, { data: moves }] = await Promise.all([register.get("/api/v1/code-memberships/{id}/", { params: { path } }), register.get("/api/v1/code-memberships/{id}/moves/", { params: { path, query: { ground } } })]);
  const allowed = moves.filter(({ move, allowed: isAllowed }) => isAllowed && MEASURES.has(move));
  if (!allowed.length) return h("p", {}, t("file.for_secretariat"));
  return h(
    "div",
    { class: "actions" },
    allowed.map(({ move, url }) =>
      acting(said("move", move), async () => {
        const given = await ask(`${said("move", move)}: ${said("ground", ground)}`, [{ name: "text", label: t("file.text"), kind: "area" }], said("move", move));
        if (given === null) return;
        await register.send("POST", url, { reason: ground, ...given }, etag ?? "");
        tell(t("done", { what: said("move", move) }));
        location.reload();
      }),
    ),
  );
}
