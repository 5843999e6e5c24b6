/** Every page of the register: which one this is, the server says. */
import { page } from "./api";
import { company } from "./pages/company";
import { companies } from "./pages/companies";
import { desk } from "./pages/desk";
import { figures } from "./pages/figures";
import { finder } from "./pages/finder";
import { invitation } from "./pages/invitation";
import { overview } from "./pages/overview";
import { workspace } from "./pages/workspace";

const PAGES: Readonly<Record<string, () => (Node | null)[]>> = { overview, figures, finder, desk, companies, company, invitation, workspace };

const place = document.getElementById("page");
const show = PAGES[page.name];
if (place && show) {
  place.replaceChildren(...show().filter((part) => part !== null));
  if (location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView();
}
