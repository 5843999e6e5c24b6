/** The reader's choice of light or dark, kept in this browser; applied before anything is drawn. */
const KEPT = "theme";
const root = document.documentElement;

function kept(): string {
  try {
    return localStorage.getItem(KEPT) ?? "auto";
  } catch {
    return "auto"; // a browser that keeps nothing follows its system
  }
}

function use(choice: string): void {
  if (choice === "light" || choice === "dark") root.dataset["theme"] = choice;
  else delete root.dataset["theme"];
}

use(kept());
addEventListener("storage", ({ key }) => key === KEPT && use(kept()));
document.addEventListener("DOMContentLoaded", () => {
  for (const choice of document.querySelectorAll<HTMLSelectElement>("select.theme")) {
    choice.value = root.dataset["theme"] ?? "auto";
    choice.hidden = false;
    choice.addEventListener("change", () => {
      use(choice.value);
      try {
        localStorage.setItem(KEPT, choice.value);
      } catch {
        // For this page alone, then.
      }
    });
  }
});

export {};
