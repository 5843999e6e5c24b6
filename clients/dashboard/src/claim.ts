/** A claim of a signature of long ago: who says what, whom it may mean and by which source, and the decision. */
import { register, type Shapes } from "./api";
import { ask } from "./asking";
import { fresh, h, isSafeLink } from "./dom";
import { acting, empty, openDialog, tell } from "./parts";
import { country, day, said, t } from "./words";

type Claim = Shapes["SignatoryClaim"];
type Likely = Shapes["LikelySignatory"];
/** Why a claim means nobody: the claimant is told the reason, so it is one of these. */
const REASONS = ["not_the_same_company", "no_say_in_it", "nothing_known", "made_twice"] as const;

/** Show the claim in a dialog, with what is recorded beside it; `again` when it was decided. */
export async function decideClaim(id: string, again: () => void): Promise<void> {
  const path = { id };
  const [{ data: claim, etag }, { data: likely }] = await Promise.all([register.get("/api/v1/signatory-claims/{id}/", { params: { path } }), register.get("/api/v1/signatory-claims/{id}/candidates/", { params: { path } })]);
  const tag = etag ? { "If-Match": etag } : {};
  const decided = (text: string): void => {
    dialog.close();
    tell(text);
    again();
  };
  const accept = acting(t("claim.accept"), async () => {
    const chosen = dialog.querySelector<HTMLInputElement>("input[type=radio]:checked");
    if (!chosen) return tell(t("claim.choose"), "danger");
    await register.post("/api/v1/signatory-claims/{id}/accept/", { params: { path, header: tag }, body: { membership: chosen.value } });
    decided(t("claim.accepted", { name: claim.name }));
  });
  const decline = acting(t("claim.decline"), async () => {
    const said = await ask(t("claim.decline_title", { name: claim.name }), [{ name: "reason", label: t("claim.why"), kind: "choice", options: REASONS.map((reason) => [reason, t(`claim.reason.${reason}`)] as const), value: REASONS[0] }], t("claim.decline"));
    if (said === null) return;
    await register.post("/api/v1/signatory-claims/{id}/decline/", { params: { path, header: tag }, body: { reason: said["reason"] ?? "" } });
    decided(t("claim.declined", { name: claim.name }));
  }, "small quiet");
  const dialog = openDialog(`${t("claim.title")}: ${claim.name}`, [told(claim), recorded(likely)], h("div", { class: "actions" }, likely.length ? accept : null, decline));
}

/** What the claimant says. */
function told(claim: Claim): HTMLElement {
  const rows = [
    [t("claim.company"), `${claim.name}, ${country(claim.country)}`],
    [t("claim.since"), claim.since || t("unknown")],
    [t("claim.role"), claim.role],
    [t("claim.domain"), claim.email_domain || t("unknown")],
    [t("claim.made_on"), day(claim.created_at)],
  ];
  return h("dl", { class: "facts-list" }, rows.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))));
}

/** Whom it may mean, the likeliest first, each with where that was read; the only one is chosen already. */
function recorded(likely: readonly Likely[]): HTMLElement {
  if (!likely.length) return empty(t("claim.nobody"), t("claim.nobody_more"));
  const name = fresh("signatory");
  const choices = likely.map(({ membership, since, since_basis, source, confidence }, at) =>
    h(
      "label",
      { class: "choice" },
      h("input", { type: "radio", name, value: membership.id, checked: likely.length === 1 && at === 0 }),
      h("span", {}, h("strong", {}, membership.display), h("br"), [since, since_basis, confidence && said("confidence", confidence)].filter(Boolean).join(" · "), h("br"), t("claim.source"), " ", sourceOf(source)),
    ),
  );
  return h("fieldset", { class: "field" }, h("legend", {}, t("claim.means")), h("div", { class: "choices" }, choices));
}

/** Addresses in a source become links. */
const sourceOf = (source: string): (Node | string)[] => source.split(/(\s+)/).map((word) => (isSafeLink(word) ? h("a", { href: word, rel: "noreferrer", target: "_blank" }, word) : word));
