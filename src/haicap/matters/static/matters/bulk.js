// The choice of many matters: tick all of the page at once, and show only what the chosen act asks.
(() => {
  const all = document.querySelector("th.tick input");
  if (all) {
    const rows = [...document.querySelectorAll("td.tick input")];
    all.hidden = false;
    all.addEventListener("change", () => rows.forEach((row) => { row.checked = all.checked; }));
  }
  const form = document.querySelector("form.bulk");
  if (form) {
    const show = () => {
      const chosen = form.querySelector("input[name=act]:checked");
      form.querySelectorAll(".for").forEach((part) => { part.hidden = !chosen || part.dataset.act !== chosen.value; });
    };
    form.addEventListener("change", show);
    show();
  }
})();
