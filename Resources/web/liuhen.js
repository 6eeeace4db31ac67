// Loaded on every page. Pages work without it; it moves the focus to errors, keeps a form from being sent twice,
// prints, and adds rows to tables without a round trip.

for (const element of document.querySelectorAll("[data-focus]")) {
  element.focus();
  break;
}

// A step carries its own id, so a second click changes nothing; the button says that the first one is under way.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  setTimeout(() => delete form.dataset.sent, 10000);
});
window.addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

for (const rows of document.querySelectorAll("[data-rows]")) {
  const name = rows.dataset.rows;
  const body = rows.querySelector("tbody");
  const button = rows.querySelector("button[name='add-rows']");
  if (!body || !button) continue;
  button.type = "button";
  button.addEventListener("click", () => {
    const number = body.rows.length;
    const row = body.rows[number - 1].cloneNode(true);
    row.cells[0].textContent = String(number + 1);
    for (const control of row.querySelectorAll("input, textarea, select")) {
      control.name = control.name.replace(/\.\d+\.([^.]+)$/, `.${number}.$1`);
      const label = control.getAttribute("aria-label");
      if (label) control.setAttribute("aria-label", label.replace(/第\d+/, `第${number + 1}`));
      if (control instanceof HTMLSelectElement) control.selectedIndex = 0;
      else control.value = "";
    }
    body.append(row);
    const first = row.querySelector("select, input, textarea");
    if (first) first.focus();
  });
}

// Text areas grow with their text.
const grow = (area) => {
  area.style.height = "auto";
  area.style.height = `${area.scrollHeight + 2}px`;
};
document.addEventListener("input", (event) => {
  if (event.target instanceof HTMLTextAreaElement) grow(event.target);
});
for (const area of document.querySelectorAll("textarea")) if (area.value) grow(area);
