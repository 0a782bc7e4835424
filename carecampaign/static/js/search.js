/* The search box: suggestions by arrow keys, and told to who cannot see them. Enter works without. */
"use strict";

(() => {
  const find = (selector) => document.querySelector(selector);
  const box = find("[data-search-box]");
  const field = box?.querySelector("[data-search]");
  const suggestions = box?.querySelector("[data-search-suggestions]");

  function announce() {
    const found = find("#found");
    const status = find("[data-search-status]");
    if (found && status) status.textContent = found.dataset.summary.trim();
  }

  function show() {
    suggestions.hidden = !field.value.trim() || !suggestions.firstElementChild;
  }

  function hide() {
    suggestions.hidden = true;
  }

  function step(event) {
    const stops = [field, ...suggestions.querySelectorAll("a")].filter((stop) => stop.offsetParent);
    const here = stops.indexOf(document.activeElement);
    const next = stops.at((here + (event.key === "ArrowDown" ? 1 : -1)) % stops.length);
    event.preventDefault();
    next.focus();
  }

  function onKey(event) {
    if (event.isComposing || suggestions.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") step(event);
    if (event.key !== "Escape") return;
    event.preventDefault();
    hide();
    field.focus();
  }

  document.addEventListener("htmx:after:swap", () => {
    announce();
    if (box?.contains(document.activeElement)) show();
  });
  if (!box) return;
  box.addEventListener("keydown", onKey);
  box.addEventListener("focusin", show);
  box.addEventListener("focusout", (event) => box.contains(event.relatedTarget) || hide());
  field.addEventListener("input", () => field.value.trim() || hide());
})();
