// Keys and courtesy. Every page works without it; nothing is kept in the browser.
"use strict";

const typing = (element) => element.matches("input, select, textarea, [contenteditable]");

// j and k walk through the links that open a row; any other single key belongs to the element that names it
// in aria-keyshortcuts. WCAG 2.1.4: the person can switch single keys off (menu), then the body says so.
function walk(step) {
  const links = [...document.querySelectorAll("a.open")].filter((link) => link.offsetParent !== null);
  const here = links.indexOf(document.activeElement);
  const next = links[here < 0 ? (step > 0 ? 0 : links.length - 1) : here + step];
  if (next) next.focus();
}

function key(event) {
  if (event.key === "Escape") return shut(null);
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (document.body.dataset.keys === "off") return;
  const name = event.key.toLowerCase();
  if (name === "j" || name === "k") return walk(name === "j" ? 1 : -1);
  const named = [...document.querySelectorAll("[aria-keyshortcuts]")]
    .find((element) => element.getAttribute("aria-keyshortcuts").toLowerCase() === name);
  if (!named) return;
  event.preventDefault();
  if (typing(named)) named.select(); else named.click();
}

function shut(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (menu === except) continue;
    if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
    menu.open = false;
  }
}

// The server takes a second submission as the first; this only spares the person the doubt.
function once(event) {
  if (event.target.getAttribute("aria-busy") === "true") return event.preventDefault();
  if (event.target.method === "post" && !event.defaultPrevented) event.target.setAttribute("aria-busy", "true");
}

function again() {
  for (const form of document.querySelectorAll("form[aria-busy]")) form.removeAttribute("aria-busy");
}

function closable(toast) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "×";
  button.setAttribute("aria-label", toast.dataset.close);
  button.addEventListener("click", () => toast.remove());
  toast.append(button);
}

document.addEventListener("keydown", key);
document.addEventListener("submit", once);
document.addEventListener("click", (event) => shut(event.target.closest("details.menu")));
window.addEventListener("pageshow", again);
for (const toast of document.querySelectorAll(".toast[data-close]")) closable(toast);
const current = document.querySelector(".nav a[aria-current]");
if (current && current.offsetParent) current.closest(".nav > div").scrollLeft = current.offsetLeft - 16;
const wrong = document.querySelector(".errors");
if (wrong && !wrong.closest(".sample")) wrong.focus();
