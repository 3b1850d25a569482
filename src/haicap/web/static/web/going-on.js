// People go on when the server or the office's network goes in the middle of a form: it is sent only when the server
// answers, so that what was typed stays on the page, with the id of its entry: sent twice it is sent once.
// Nothing is kept in the browser.
"use strict";

(() => {
  const PATIENCE = 5000; // ms until no answer is an answer
  const AGAIN = 3000; // ms between two looks whether the server is back
  const { alive, gone, back } = document.body.dataset;
  if (!alive) return;
  let waiting = 0; // the timer of the next look, while the server is gone
  let typed = false;

  const answers = async () => {
    try {
      const options = { cache: "no-store", redirect: "error", signal: AbortSignal.timeout(PATIENCE) };
      return (await fetch(alive, options)).status === 204;
    } catch {
      return false;
    }
  };

  const sends = (form) => form.getAttribute("method")?.toLowerCase() === "post" && !form.target;

  function say(form, text, kind) {
    const known = document.querySelector("p.server");
    const line = known || document.createElement("p");
    line.className = `server toast ${kind}`;
    line.setAttribute("role", "alert");
    line.textContent = text;
    if (known && known.closest("form") === form) return;
    const actions = form.querySelector(".actions");
    if (actions) actions.before(line); else form.append(line);
  }

  function lost(form) {
    say(form, gone, "warning");
    form.querySelector("p.server").scrollIntoView({ block: "nearest" });
    if (!waiting) waiting = setTimeout(look, AGAIN, form);
  }

  async function look(form) {
    waiting = 0;
    if (!(await answers())) waiting = setTimeout(look, AGAIN, form);
    else say(form, back, "success");
  }

  async function send(form, submitter) {
    const there = await answers();
    form.removeAttribute("aria-busy");
    if (!there) return lost(form);
    clearTimeout(waiting);
    waiting = 0;
    typed = false;
    form.dataset.sure = "yes";
    form.requestSubmit(submitter);
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!sends(form) || event.defaultPrevented) return;
    if (form.dataset.sure) return delete form.dataset.sure;
    event.preventDefault();
    send(form, event.submitter);
  });
  document.addEventListener("input", () => { typed = true; });
  for (const name of ["htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(name, (event) => {
      const form = event.target.closest("form");
      if (form && sends(form)) lost(form);
    });
  }
  window.addEventListener("beforeunload", (event) => {
    if (waiting && typed) event.preventDefault(); // the page is the only place where it is
  });
})();
