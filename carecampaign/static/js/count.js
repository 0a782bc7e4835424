// What was typed while counting stays, also when the phone loses the page before it is saved.
const form = document.querySelector("[data-count]");
const field = form?.querySelector("[name=counted]");

if (field) {
  const key = `count:${form.dataset.count}`;
  if (field.value === "") field.value = sessionStorage.getItem(key) ?? "";
  field.addEventListener("input", () => sessionStorage.setItem(key, field.value));
  field.focus();
  field.select();
}
