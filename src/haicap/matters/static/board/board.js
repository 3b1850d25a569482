// Printing is the one thing here that a page cannot offer without a script; so the script brings the button out.
"use strict";

for (const button of document.querySelectorAll("button[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
