/* The keys of a list, and short addresses; every list works without this file. */
"use strict";

(() => {
  const OFF = "list-keys-off";
  const table = document.querySelector("table[data-rows]");
  const help = document.getElementById("list-keys");

  /* A filter left empty asks for nothing, and need not stand in the address. */
  document.addEventListener("formdata", (event) => {
    if (event.target.method !== "get") return;
    for (const [name, value] of [...event.formData]) {
      if (value === "" && event.formData.getAll(name).length === 1) event.formData.delete(name);
    }
  });

  if (!table || !help) return;

  const rows = [...table.tBodies[0].rows];
  rows.forEach((row) => {
    row.tabIndex = -1;
    row.dataset.row = "";
  });

  // A browser that keeps nothing has the keys on.
  function areOn() {
    try {
      return localStorage.getItem(OFF) === null;
    } catch {
      return true;
    }
  }

  function turn(isOn) {
    try {
      if (isOn) localStorage.removeItem(OFF);
      else localStorage.setItem(OFF, "yes");
    } catch { /* Then they stay on. */ }
  }

  const isTyping = (element) => element.matches("input, select, textarea, [contenteditable]");
  const currentRow = () => document.activeElement.closest("tr[data-row]");

  function step(by) {
    const row = rows[rows.indexOf(currentRow()) + by] ?? (currentRow() ? null : rows[0]);
    row?.focus();
    row?.scrollIntoView({ block: "nearest" });
  }

  function showKeys() {
    help.querySelector("[data-keys-on]").checked = areOn();
    help.showModal();
  }

  function openRow(event) {
    const link = event.target.matches("tr[data-row]") && event.target.querySelector("a[href]");
    if (!link) return false;
    link.click();
    return true;
  }

  const keys = {
    "/": () => {
      const filter = document.querySelector(".filter-bar :is(input:not([type=hidden], [type=checkbox]), select)");
      filter?.focus();
      return Boolean(filter);
    },
    "?": () => { showKeys(); return true; },
    j: () => { step(1); return true; },
    k: () => { step(-1); return true; },
  };
  const keysOfARow = {
    ArrowDown: keys.j,
    ArrowUp: keys.k,
    Enter: openRow,
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
    if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
    const act = currentRow() && keysOfARow[event.key] ? keysOfARow[event.key] : areOn() && keys[event.key];
    if (act && act(event)) event.preventDefault();
  });

  help.querySelector("[data-keys-on]").addEventListener("change", (event) => turn(event.target.checked));
  for (const button of document.querySelectorAll("[data-keys-open]")) {
    button.hidden = false;
    button.addEventListener("click", showKeys);
  }
})();
