// People go on when the server or the office's network goes in the middle of a form: it is sent only when the server
// answers, so that what was typed stays on the page, with the id of its entry: sent twice it is sent once.
// What was to be sent goes by itself when the server is back, unless somebody has typed on meanwhile.
// Nothing is kept in the browser.
"use strict";

(() => {
  const PATIENCE = 5000; // ms until no answer is an answer
  const AGAIN = 3000; // ms between two looks whether the server is back
  const { alive, gone, held, back } = document.body.dataset;
  if (!alive) return;
  let waiting = 0; // the timer of the next look, while the server is gone
  let typed = false;
  let unsent = null; // the button whose form waits for the server; null where none does

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
    say(form, unsent ? held : gone, "warning");
    form.querySelector("p.server").scrollIntoView({ block: "nearest" });
    if (!waiting) waiting = setTimeout(look, AGAIN, form);
  }

  async function look(form) {
    waiting = -1; // one look at a time
    if (!(await answers())) waiting = setTimeout(look, AGAIN, form);
    else if (unsent) go(...unsent);
    else welcome(form);
  }

  function welcome(form) {
    waiting = 0;
    say(form, back, "success");
    form.dispatchEvent(new Event("change")); // a draft that could not be kept is kept now
  }

  async function send(form, submitter) {
    const there = await answers();
    form.removeAttribute("aria-busy");
    if (there) return go(form, submitter);
    unsent = [form, submitter];
    lost(form);
  }

  function go(form, submitter) {
    if (waiting > 0) clearTimeout(waiting);
    waiting = 0;
    unsent = null;
    typed = false;
    form.dataset.sure = "yes";
    form.requestSubmit(submitter);
    delete form.dataset.sure; // the browser found a field wanting, and sent nothing
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!sends(form) || event.defaultPrevented || form.dataset.sure) return;
    event.preventDefault();
    send(form, event.submitter);
  });
  document.addEventListener("input", (event) => {
    typed = true;
    if (!unsent || event.target.form !== unsent[0]) return;
    unsent = null; // it is not what was to be sent any more
    say(event.target.form, gone, "warning");
  });
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
