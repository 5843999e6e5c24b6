/** Accepting an invitation: its secret stands behind the `#`, where no server and no log sees it. */
import { register } from "../api";
import { fresh, h } from "../dom";
import { empty, loading } from "../parts";
import { language, t } from "../words";

const LEAST = 12;

export function invitation(): Node[] {
  const token = location.hash.slice(1);
  if (!token) return [empty(t("invitation.none"))];
  const id = fresh("password");
  const password = h("input", { id, type: "password", required: true, minlength: LEAST, autocomplete: "new-password" });
  const out = h("div", { "aria-live": "polite" });
  const form = h("form", { class: "card stack narrow-card" }, h("div", { class: "field" }, h("label", { for: id }, t("invitation.password")), password), h("div", { class: "actions" }, h("button", { class: "button" }, t("invitation.accept"))), out);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    out.replaceChildren(
      loading(async () => {
        await register.post("/api/v1/invitations/accept/", { body: { token, password: password.value, language: language === "fr" || language === "nl" ? language : "en", zone } });
        form.replaceChildren(h("p", { role: "status" }, t("invitation.done")), h("p", {}, h("a", { class: "button", href: "/sign-in/" }, t("hero.sign_in"))));
        return null;
      }),
    );
  });
  return [h("div", {}, h("header", { class: "page-head" }, h("h1", {}, t("invitation.title")), h("p", { class: "lead" }, t("invitation.lead"))), form)];
}
