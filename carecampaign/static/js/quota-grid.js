/* Keeps the totals of the quota grid in step while numbers are typed; the server sums again. */
"use strict";

(() => {
  const form = document.querySelector("[data-quota-grid]");
  if (!form) return;
  const format = new Intl.NumberFormat(document.documentElement.lang);
  const valueOf = (input) => Number(input.value.replaceAll(",", "")) || 0;
  const sum = (inputs) => [...inputs].reduce((total, input) => total + valueOf(input), 0);

  function show(cell, total) {
    cell.textContent = format.format(total + Number(cell.dataset.elsewhere ?? 0));
  }

  form.addEventListener("input", (event) => {
    const column = event.target.dataset.column;
    if (!column) return;
    const row = event.target.closest("tr");
    show(row.querySelector("[data-row-total]"), sum(row.querySelectorAll("[data-column]")));
    show(form.querySelector(`[data-column-total="${column}"]`), sum(form.querySelectorAll(`[data-column="${column}"]`)));
    show(form.querySelector("[data-grand-total]"), sum(form.querySelectorAll("[data-column]")));
  });
})();
