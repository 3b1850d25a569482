// The intake form by keyboard: Enter goes to the next field, Ctrl+Enter sends. Without it Tab and the button do.
"use strict";

const AROUND = "input:not([type=hidden]), select, textarea, button.primary";

function stops(form) {
  return [...form.querySelectorAll(AROUND)].filter((it) =>
    !it.disabled && it.offsetParent !== null && !it.closest("#alike, details:not([open])") &&
    (it.type !== "radio" || it.checked || !form.querySelector(`input[name="${it.name}"]:checked`)));
}

function onward(form, here) {
  const all = stops(form);
  const next = all[all.findIndex((it) => it === here || (it.type === "radio" && it.name === here.name)) + 1];
  if (next) next.focus();
}

function pressed(event) {
  const form = event.target.closest("form.intake");
  if (!form || event.key !== "Enter" || event.isComposing) return;
  if (event.ctrlKey || event.metaKey) {
    event.preventDefault();
    form.requestSubmit(form.querySelector("button.primary"));
  } else if (event.target.matches("input, select")) {
    event.preventDefault();
    onward(form, event.target);
  }
}

// Who gives no name has none: what was typed is taken out, and nothing more can be typed.
function nameless(box) {
  for (const person of document.querySelectorAll(`fieldset[data-nameless="${box.name}"]`)) {
    person.disabled = box.checked;
    if (box.checked) for (const input of person.querySelectorAll("input")) input.value = "";
  }
}

document.addEventListener("keydown", pressed);
document.addEventListener("change", (event) => { if (event.target.name === "anonymous") nameless(event.target); });
const box = document.querySelector("input[name=anonymous]");
if (box) nameless(box);
