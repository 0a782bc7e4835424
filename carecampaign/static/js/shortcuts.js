/* Keys for the buttons and links of a page that name one; the page works without this file. */
"use strict";

(() => {
  const isTyping = (element) =>
    element.matches("input:not([type=radio], [type=checkbox]), select, textarea, [contenteditable]");

  // Whoever turned the keys of lists off wants none here either.
  function areOn() {
    try {
      return localStorage.getItem("list-keys-off") === null;
    } catch {
      return true;
    }
  }

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
    if (isTyping(event.target) || document.querySelector("dialog[open]") || !areOn()) return;
    const key = event.key.toLowerCase();
    const wanted = [...document.querySelectorAll("[data-shortcut]")].find((one) => one.dataset.shortcut === key);
    if (!wanted) return;
    event.preventDefault();
    wanted.click();
  });
})();
