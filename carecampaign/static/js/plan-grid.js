/* Makes the grid of events quicker: a spreadsheet pastes into it, and rows come without a page. */
"use strict";

(() => {
  const form = document.querySelector("[data-plan-grid]");
  if (!form) return;
  const most = Number(form.dataset.planGrid);
  const body = form.querySelector("tbody");
  const addRows = form.querySelector("[name=add_rows]");
  const rowsAtOnce = 5;

  const cellsOf = (row) => [...row.querySelectorAll("input")];

  function addRow() {
    const last = body.rows[body.rows.length - 1];
    const number = body.rows.length;
    const row = last.cloneNode(true);
    row.querySelectorAll(".field__errors").forEach((error) => error.remove());
    for (const input of cellsOf(row)) {
      const name = input.name.replace(/^cell-\d+-/, `cell-${number}-`);
      Object.assign(input, { name, id: name, value: "" });
      input.ariaLabel = input.ariaLabel.replace(/\d+/, number + 1);
      input.classList.remove("is-invalid");
      input.removeAttribute("aria-invalid");
      input.removeAttribute("aria-describedby");
    }
    last.after(row);
    return row;
  }

  function rowAt(number) {
    while (body.rows.length <= number && body.rows.length < most) addRow();
    return body.rows[number];
  }

  function paste(event) {
    const text = event.clipboardData.getData("text/plain").replace(/\r\n?/g, "\n").replace(/\n$/, "");
    if (!event.target.matches("input") || !/[\t\n]/.test(text)) return;
    event.preventDefault();
    const first = event.target.closest("tr").sectionRowIndex;
    const column = cellsOf(event.target.closest("tr")).indexOf(event.target);
    text.split("\n").forEach((line, down) => {
      const row = rowAt(first + down);
      if (!row) return;
      line.split("\t").forEach((value, across) => {
        const input = cellsOf(row)[column + across];
        if (input) input.value = value.trim();
      });
    });
    event.target.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function onAdd(event) {
    event.preventDefault();
    const first = body.rows.length;
    for (let number = 0; number < rowsAtOnce; number += 1) rowAt(first + number);
    addRows.disabled = body.rows.length >= most;
    if (body.rows[first]) cellsOf(body.rows[first])[0].focus();
  }

  form.addEventListener("paste", paste);
  addRows.addEventListener("click", onAdd);
})();
