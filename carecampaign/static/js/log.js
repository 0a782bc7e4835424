/* The volunteer's page: one tap, one message, "saved" only after the server said so. */
import { uuidv7 } from "../vendor/uuidv7.js";

const REPEAT_MS = 700;
const PATIENCE_MS = 8000;
const LATEST = 5;

const page = document.getElementById("log");
const form = document.getElementById("tap-form");
const feedback = document.getElementById("feedback");
const entries = document.getElementById("entries");
const undoBar = document.getElementById("undo-bar");
const words = page && JSON.parse(document.getElementById("log-words").textContent);
const shelf = page && `taps-of-event-${page.dataset.event}`;

let isBusy = false;
let lastTap = { key: "", at: 0 };

const fill = (text, count) => text.replace("{count}", count);
const part = (element, name) => element.querySelector(`[data-part="${name}"]`);

/* What the server did not answer yet stays on the phone, under the id it was made with. */

function kept() {
  try {
    return JSON.parse(localStorage.getItem(shelf)) ?? [];
  } catch {
    return [];
  }
}

function keepOnly(messages) {
  try {
    if (messages.length) localStorage.setItem(shelf, JSON.stringify(messages));
    else localStorage.removeItem(shelf);
  } catch {
    // A private window may keep nothing; the banner still says what was not saved.
  }
}

const keep = (message) => keepOnly([...kept().filter(({ id }) => id !== message.id), message]);
const drop = (id) => keepOnly(kept().filter((message) => message.id !== id));

/* Banner */

function button(label, className, onClick) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = `btn ${className}`;
  element.textContent = label;
  element.addEventListener("click", onClick);
  return element;
}

function show(kind, message, buttons = []) {
  const banner = document.getElementById(`banner-${kind}`).content.cloneNode(true);
  part(banner, "message").textContent = message;
  part(banner, "buttons").append(...buttons);
  feedback.replaceChildren(banner);
  // What the server said when the page came is about an older entry.
  document.querySelectorAll("[data-flash]").forEach((flash) => flash.remove());
}

const close = () => button(words.close, "btn-outline-secondary", () => feedback.replaceChildren());

function showNotSaved(error) {
  const count = kept().length;
  const again = error instanceof SignedOut
    ? button(words.to_sign_in, "btn-primary", () => location.reload())
    : button(words.retry, "btn-primary", sendKept);
  show("refused", count ? `${error.message} ${fill(words.kept, count)}` : error.message, [
    again,
    button(words.discard, "btn-outline-secondary", () => {
      keepOnly([]);
      feedback.replaceChildren();
    }),
  ]);
}

/* Talking to the server */

class NotSaved extends Error {}
class SignedOut extends NotSaved {}

async function post(url, options) {
  let response;
  try {
    response = await fetch(url, {
      method: "POST",
      redirect: "manual",
      signal: AbortSignal.timeout(PATIENCE_MS),
      ...options,
      headers: {
        Accept: "application/json",
        "X-CSRFToken": form.elements.csrf_token.value,
        ...options.headers,
      },
    });
  } catch {
    throw new NotSaved(words.not_saved);
  }
  // Without its session the server answers by a redirect, or does not know the token (400).
  const isSignedOut = response.type === "opaqueredirect" || [400, 401].includes(response.status);
  if (isSignedOut) throw new SignedOut(words.sign_in);
  if (response.status === 403 || response.status === 404) throw new NotSaved(words.not_yours);
  if (![200, 409, 422].includes(response.status)) throw new NotSaved(words.not_saved);
  try {
    return await response.json();
  } catch {
    throw new NotSaved(words.not_saved);
  }
}

async function send(message) {
  keep(message);
  const answer = await post(form.dataset.tap, {
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(message),
  });
  const isOurs = answer.id === message.id || answer.outcome === "invalid";
  if (!isOurs) throw new NotSaved(words.not_saved);
  drop(message.id);
  return answer;
}

/* What an answer changes on the page */

function showFigures({ stock = [], groups = [], totals = {} }) {
  for (const { item_id: item, on_hand: left } of stock) {
    const counter = page.querySelector(`[data-stock="${item}"] .tap-counter__figure`);
    if (counter) counter.textContent = left;
  }
  for (const counter of page.querySelectorAll("[data-group]")) {
    const group = groups.find((one) => String(one.group_id) === counter.dataset.group);
    counter.textContent = group?.person_times ?? 0;
  }
  for (const counter of page.querySelectorAll("[data-total]")) {
    counter.textContent = totals[counter.dataset.total];
  }
}

function addEntry(entry) {
  if (!entry || entries.querySelector(`[data-entry="${entry.id}"]`)) return;
  const line = document.getElementById("entry-template").content.cloneNode(true);
  const row = line.querySelector("[data-entry]");
  row.dataset.entry = entry.id;
  row.classList.toggle("entry--flagged", entry.is_flagged);
  part(row, "at").textContent = entry.at;
  part(row, "who").textContent = entry.who;
  part(row, "head_count").textContent = entry.head_count ? fill(words.together, entry.head_count) : "";
  part(row, "item").textContent = entry.item;
  part(row, "quantity").textContent = fill(words.quantity, entry.quantity);
  const undo = row.querySelector("form");
  undo.elements.handout_id.value = entry.id;
  undo.elements.void_id.value = uuidv7();
  entries.prepend(line);
  while (entries.children.length > LATEST) entries.lastElementChild.remove();
  showNewest();
}

/* The bar at the foot takes back the newest entry: by the same message as the entry's button. */
function showNewest() {
  const newest = entries.firstElementChild;
  const undo = newest?.querySelector("form");
  document.getElementById("no-entries").hidden = Boolean(newest);
  undoBar.hidden = !undo;
  if (!undo) return;
  part(undoBar, "at").textContent = part(newest, "at").textContent;
  part(undoBar, "who").textContent = `${part(newest, "who").textContent} ${part(newest, "head_count").textContent}`;
  for (const name of ["handout_id", "void_id"]) {
    undoBar.querySelector("form").elements[name].value = undo.elements[name].value;
  }
}

function showAnswer(message, answer) {
  if (answer.outcome === "created" || answer.outcome === "flagged") {
    if (answer.outcome === "created") show("saved", answer.message);
    else show("warning", answer.message, [close()]);
    showFigures(answer);
    addEntry(answer.entry);
    backToOne();
  } else if (answer.outcome === "refused") {
    showFigures(answer);
    // What was refused is remembered under its id, so that this is a message of its own.
    const given = () => tap({ ...message, id: uuidv7(), already_given: true });
    const alreadyGiven = button(words.given, "btn-outline-secondary", given);
    show("refused", answer.message, [alreadyGiven, close()]);
  } else {
    show("refused", answer.message, [close()]);
  }
}

/* Taps */

async function whileBusy(source, work) {
  if (isBusy) return;
  isBusy = true;
  source?.setAttribute("aria-busy", "true");
  form.querySelectorAll(".tap-button").forEach((one) => one.setAttribute("aria-disabled", "true"));
  try {
    await work();
  } catch (error) {
    if (!(error instanceof NotSaved)) throw error;
    showNotSaved(error);
  } finally {
    isBusy = false;
    source?.removeAttribute("aria-busy");
    form.querySelectorAll(".tap-button").forEach((one) => one.removeAttribute("aria-disabled"));
  }
}

function tap(message, source) {
  return whileBusy(source, async () => showAnswer(message, await send(message)));
}

function sendKept() {
  return whileBusy(null, async () => {
    for (const message of kept()) showAnswer(message, await send(message));
  });
}

function quantity() {
  const typed = Number.parseInt(form.elements.other_quantity.value, 10);
  return typed > 0 ? typed : Number(form.elements.quantity.value);
}

function readForm(groupId) {
  const count = quantity();
  const message = {
    id: uuidv7(),
    group_id: Number(groupId),
    item_id: Number(form.elements.item_id.value),
    quantity: count,
    head_count: form.elements.is_further?.checked ? 0 : count,
    happened_at: new Date().toISOString(),
  };
  if (form.elements.already_given) message.already_given = true;
  return message;
}

function isRepeat(key) {
  const now = Date.now();
  const again = lastTap.key === key && now - lastTap.at < REPEAT_MS;
  if (!again) lastTap = { key, at: now };
  return again;
}

function onTap(event) {
  event.preventDefault();
  const source = event.submitter ?? form.querySelector(".tap-button[name=group_id]");
  if (isBusy || isRepeat(source.value)) return;
  tap(readForm(source.value), source);
}

/* Undo */

async function onUndo(event) {
  const undo = event.target;
  if (!undo.matches("[data-undo]")) return;
  event.preventDefault();
  await whileBusy(null, async () => {
    let answer;
    try {
      answer = await post(undo.action, { body: new FormData(undo) });
    } catch {
      show("refused", words.still_counts, [close()]);
      return;
    }
    if (answer.outcome !== "voided" || answer.id !== undo.elements.void_id.value) {
      show("refused", answer.message ?? words.still_counts, [close()]);
      return;
    }
    entries.querySelector(`[data-entry="${undo.elements.handout_id.value}"]`)?.remove();
    showNewest();
    showFigures(answer);
    show("saved", answer.message);
  });
}

/* Choices */

function showChoices() {
  const item = form.elements.item_id.value;
  for (const counter of page.querySelectorAll("[data-stock]")) {
    counter.hidden = counter.dataset.stock !== item;
  }
  // Beside a package a further item is the rule; the package itself is never one.
  const further = form.querySelector("[data-further]");
  if (further) further.hidden = further.dataset.further === item;
  if (further?.hidden) form.elements.is_further.checked = false;
  const isFurther = form.elements.is_further?.checked;
  for (const plus of page.querySelectorAll("[data-plus]")) {
    plus.textContent = isFurther ? fill(words.quantity, quantity()) : fill(words.together, quantity());
  }
  const persons = new URL(page.querySelector("[data-persons]").href);
  persons.searchParams.set("item", item);
  page.querySelector("[data-persons]").href = persons;
}

function backToOne() {
  form.querySelector("[name=quantity]").checked = true;
  form.elements.other_quantity.value = "";
  if (form.elements.is_further) form.elements.is_further.checked = false;
  showChoices();
}

if (page) {
  form.addEventListener("submit", onTap);
  form.addEventListener("input", showChoices);
  for (const place of [entries, undoBar]) place.addEventListener("submit", onUndo);
  window.addEventListener("online", sendKept);
  // The browser may bring back what was chosen when the page is reloaded.
  showChoices();
  showNewest();
  sendKept();
}
