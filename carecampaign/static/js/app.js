/* Makes forms and lists faster; everything works without this file too. */
"use strict";

(() => {
  const RESTORE_AFTER_MS = 10000;
  const dirtyForms = new Set();

  const isPost = (form) => form.method === "post";
  const submitButtons = (form) => form.querySelectorAll("button[type=submit], input[type=submit]");

  /* Questions before a form is sent */

  function ask(question, onYes) {
    const dialog = document.getElementById("confirm-dialog");
    dialog.querySelector(".confirm-dialog__question").textContent = question;
    dialog.returnValue = "no";
    dialog.addEventListener("close", () => dialog.returnValue === "yes" && onYes(), { once: true });
    dialog.showModal();
  }

  function confirmFirst(event) {
    const form = event.target;
    const question = event.submitter?.dataset.confirm ?? form.dataset.confirm;
    if (!question || form.dataset.confirmed) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    ask(question, () => {
      form.dataset.confirmed = "yes";
      form.requestSubmit(event.submitter);
    });
  }

  /* One click, one request */

  function release(form) {
    delete form.dataset.sent;
    delete form.dataset.confirmed;
    submitButtons(form).forEach((button) => { button.disabled = false; });
  }

  function sendOnce(event) {
    const form = event.target;
    const isHtmx = form.matches("[hx-post], [data-hx-post]");
    if (event.defaultPrevented || !isPost(form) || isHtmx || "noGuard" in form.dataset) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    dirtyForms.delete(form);
    // Later, because a disabled button's own name and value would not be sent.
    setTimeout(() => submitButtons(form).forEach((button) => { button.disabled = true; }));
    // An answer that is a download leaves this page standing.
    setTimeout(() => release(form), RESTORE_AFTER_MS);
  }

  /* Lines of a form */

  function renumber(row, prefix, index) {
    const pattern = new RegExp(`(^|\\s)${prefix}-\\d+`, "g");
    for (const element of row.querySelectorAll("[id], [name], [for], [aria-describedby]")) {
      for (const attribute of ["id", "name", "for", "aria-describedby"]) {
        const value = element.getAttribute(attribute);
        if (value) element.setAttribute(attribute, value.replace(pattern, `$1${prefix}-${index}`));
      }
    }
  }

  function clearLine(row) {
    row.querySelectorAll(".field__errors").forEach((error) => error.remove());
    for (const control of row.querySelectorAll("input, select, textarea")) {
      control.classList.remove("is-invalid");
      control.removeAttribute("aria-invalid");
      if (control.type === "checkbox") control.checked = false;
      else if (control.tagName === "SELECT") control.selectedIndex = 0;
      else control.value = "";
    }
  }

  function addLine(lines) {
    const rows = [...lines.querySelectorAll("[data-line]")];
    const prefix = lines.dataset.lines;
    const used = [...lines.querySelectorAll("[name]")].map((control) =>
      Number(control.name.slice(prefix.length + 1).split("-")[0]));
    const row = rows.at(-1).cloneNode(true);
    clearLine(row);
    renumber(row, prefix, Math.max(...used) + 1);
    rows.at(-1).after(row);
    row.querySelector("input:not([type=hidden]), select, textarea")?.focus();
    limitLines(lines);
  }

  function removeLine(button) {
    const lines = button.closest("[data-lines]");
    const row = button.closest("[data-line]");
    if (lines.querySelectorAll("[data-line]").length === 1) clearLine(row);
    else row.remove();
    lines.querySelector("[data-line-add]").focus();
    limitLines(lines);
  }

  function limitLines(lines) {
    const most = Number(lines.dataset.linesMax ?? Infinity);
    lines.querySelector("[data-line-add]").disabled = lines.querySelectorAll("[data-line]").length >= most;
  }

  /* Tables as cards on a phone: each cell carries the words of its column's heading. */

  function labelCells(table) {
    const labels = [...table.tHead.rows[0].cells].map((cell) => cell.textContent.trim());
    table.setAttribute("role", "table");
    for (const row of table.rows) {
      row.setAttribute("role", "row");
      let column = 0;
      for (const cell of row.cells) {
        const inHead = row.parentElement === table.tHead;
        cell.setAttribute("role", inHead ? "columnheader" : cell.tagName === "TH" ? "rowheader" : "cell");
        const isAction = cell.classList.contains("row-actions");
        if (!inHead && !isAction && cell.colSpan === 1) cell.dataset.label ??= labels[column] ?? "";
        column += cell.colSpan;
      }
    }
    table.dataset.stacked = "";
  }

  function enhance(root) {
    root.querySelectorAll("table[data-stack]").forEach(labelCells);
    for (const lines of root.querySelectorAll("[data-lines]")) {
      lines.querySelectorAll("[data-line-add], [data-line-remove]").forEach((button) => { button.hidden = false; });
      if (lines.querySelector("[data-line-add]")) limitLines(lines);
    }
  }

  function onClick(event) {
    const target = event.target.closest("[data-line-add], [data-line-remove], [data-dismiss]");
    if (target?.matches("[data-line-add]")) addLine(target.closest("[data-lines]"));
    else if (target?.matches("[data-line-remove]")) removeLine(target);
    else if (target) target.closest("[data-flash]").remove();
    for (const menu of document.querySelectorAll("details[data-menu][open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  }

  function onKey(event) {
    const menu = event.key === "Escape" && document.querySelector("details[data-menu][open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  }

  function onChange(event) {
    const sendsItself = event.target.matches("select[data-autosubmit], form[data-autosubmit] select");
    if (sendsItself) event.target.form.requestSubmit();
  }

  function onInput(event) {
    const form = event.target.closest("form[data-dirty-guard]");
    if (form) dirtyForms.add(form);
  }

  document.addEventListener("submit", confirmFirst);
  document.addEventListener("submit", sendOnce);
  document.addEventListener("click", onClick);
  document.addEventListener("keydown", onKey);
  document.addEventListener("change", onChange);
  document.addEventListener("input", onInput);
  document.addEventListener("htmx:after:swap", () => enhance(document));
  // Back from the next page out of the browser's cache: the buttons must work again.
  window.addEventListener("pageshow", (event) => event.persisted && document.querySelectorAll("form").forEach(release));
  window.addEventListener("beforeunload", (event) => dirtyForms.size && event.preventDefault());

  enhance(document);
  document.querySelector("main [aria-invalid=true]")?.focus();
})();
