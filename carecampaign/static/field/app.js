/* The volunteer's page: an event chosen and made ready, one tap for each handing over. */

import { uuidv7 } from "../vendor/uuidv7.js";
import { give, localInstant, takeBack } from "./entries.js";
import * as feedback from "./feedback.js";
import * as people from "./people.js";
import * as sender from "./sender.js";
import * as store from "./store.js";
import { countOf, latest, leftOf } from "./tally.js";
import { canSeal, seal, unseal } from "./vault.js";

const REPEAT_MS = 700;
const LATEST = 5;
const REFRESH_MS = 60_000;
const LATE_MS = 15 * 60_000;
const VERY_LATE_MS = 2 * 3_600_000;

const words = JSON.parse(document.getElementById("words").textContent);
const $ = (id) => document.getElementById(id);
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_all, name) => values[name]);
const hour = (instant) => new Date(instant).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });

let event = null;
let entries = [];
let lastTap = { key: "", at: 0 };

/* Screens */

function open(name) {
  for (const screen of document.querySelectorAll("[data-screen]")) {
    screen.hidden = screen.dataset.screen !== name;
  }
  if (name !== "log") document.querySelector(`[data-screen="${name}"] h1`)?.focus();
}

/* The events this phone may log at: from the server, else those it keeps. */
async function listEvents() {
  const answer = await ask("/v/events");
  if (answer) {
    await sender.followEpoch(answer.epoch);
    if (answer.phone) await store.keepFact("phone_id", answer.phone.id);
    return answer.events;
  }
  return (await store.allEvents()).map(({ event: facts }) => facts);
}

async function chooseEvent() {
  const events = await listEvents();
  const wanted = Number(new URLSearchParams(location.search).get("event") ?? await store.fact("event"));
  const only = events.find(({ id }) => id === wanted) ?? (events.length === 1 ? events[0] : null);
  if (only) return openEvent(only.id);
  $("events").replaceChildren(...events.map(eventButton));
  $("no-events").hidden = events.length > 0;
  open("choose");
  return undefined;
}

function eventButton(facts) {
  const element = feedback.button("", "button--wide", () => openEvent(facts.id));
  const place = document.createElement("strong");
  place.textContent = facts.place;
  element.append(place, document.createElement("br"), [facts.held_on, facts.starts_at, facts.campaign].filter(Boolean).join(" · "));
  return element;
}

async function openEvent(id) {
  await store.keepFact("event", id);
  await refresh(id);
  event = await store.event(id);
  if (!event) {
    feedback.show("refused", words.not_ready, [feedback.button(words.retry, "", () => openEvent(id))]);
    open("choose");
    return;
  }
  await people.know(await unseal(event.people) ?? []);
  setUp();
  await show();
  open("log");
}

/* Ask the server; null when it cannot be reached, or somebody else answers in its place. */
async function ask(url) {
  try {
    const response = await fetch(url, { headers: { Accept: "application/json" }, redirect: "manual", cache: "no-store" });
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}

/* Fetch what the event needs off-line. Names are kept sealed, or not at all. */
async function refresh(id) {
  const asked = Date.now();
  const answer = await ask(`/v/events/${id}.json`);
  if (!answer) return;
  await sender.followEpoch(answer.epoch);
  const names = answer.people ?? [];
  await store.keepEvent({
    ...answer,
    id,
    people: names.length && canSeal() ? await seal(names) : null,
    counted_at: asked,
    stock_at: asked,
    ready_at: asked,
  });
  if (event?.id === id) {
    event = await store.event(id);
    await people.know(names);
    await show();
  }
}

/* What the phone keeps of an event goes when its time is over and nothing of it waits. */
async function wipe() {
  for (const kept of await store.allEvents()) {
    const waits = (await store.entriesOf(kept.id)).some(({ state }) => state === "waiting");
    const isOver = kept.event.state === "closed" || Date.parse(kept.wipe_at) < Date.now();
    if (isOver && !waits && kept.people) await store.keepEvent({ ...kept, people: null });
    if (Date.parse(kept.wipe_at) < Date.now() && !waits) await store.dropEvent(kept.id);
  }
}

/* The screen that logs */

function setUp() {
  $("place").textContent = event.event.place;
  $("when").textContent = [event.event.held_on, event.event.campaign].join(" · ");
  $("things").replaceChildren(...event.things.map((it, index) => chip("item", it.item_id, it.name, index === 0)));
  $("things-box").hidden = event.things.length < 2;
  showChoice();
  $("groups").replaceChildren(...event.groups.map(groupButton));
  $("by-name").hidden = !event.asks.named;
  people.setUp(event, { words, fill, hour, show: showPerson, log: logPerson, close: () => open("log") });
}

function chip(name, value, label, isChecked) {
  const element = $("chip").content.cloneNode(true).firstElementChild;
  const input = element.querySelector("input");
  Object.assign(input, { name, value, checked: isChecked });
  input.addEventListener("change", showChoice);
  element.querySelector("span").textContent = label;
  return element;
}

function groupButton(group, index) {
  const element = $("group").content.cloneNode(true).firstElementChild;
  element.dataset.group = group.id;
  element.querySelector("[data-part=name]").textContent = group.name;
  if (index < 9) element.setAttribute("aria-keyshortcuts", String(index + 1));
  element.addEventListener("click", () => tapGroup(group));
  return element;
}

/* What the next tap says, in words: the choice itself stays folded away. */
function showChoice() {
  const item = thing();
  const said = [item?.name ?? "–", `× ${together()}`, $("further").checked && words.further];
  $("chosen").textContent = said.filter(Boolean).join(" ");
  if (event) show();
}

function backToOne() {
  $("other").value = "";
  $("further").checked = false;
  document.querySelector('input[name="together"][value="1"]').checked = true;
  $("choice").open = false;
  showChoice();
}

const chosen = (name) => document.querySelector(`input[name="${name}"]:checked`)?.value;
const thing = () => event.things.find((it) => String(it.item_id) === chosen("item")) ?? event.things[0];

function together() {
  const typed = Number.parseInt($("other").value, 10);
  return typed > 0 ? Math.min(typed, 10_000) : Number(chosen("together") ?? 1);
}

/* The thumb of a frozen hand hits twice; two people in one second are "+2". */
function isRepeat(key) {
  const now = performance.now();
  const isSame = lastTap.key === key && now - lastTap.at < REPEAT_MS;
  if (!isSame) lastTap = { key, at: now };
  return isSame;
}

async function tapGroup(group) {
  const item = thing();
  if (!item || isRepeat(`${group.id} ${item.item_id}`)) return;
  const count = together();
  const isFurther = $("further").checked;
  await log(
    { item_id: item.item_id, group_id: group.id, quantity: count, head_count: isFurther ? 0 : count },
    { label: group.name },
  );
  backToOne();
}

/* Keep a handing over, then say so: "saved" only when it is on the disk. */
async function log(what, { label, personal } = {}) {
  const left = leftOf(event, entries, what.item_id);
  const shown = {
    at: localInstant(),
    item_id: what.item_id,
    quantity: what.quantity,
    head_count: what.head_count,
    group_id: what.group_id,
    person_id: what.person_id,
  };
  try {
    await give(event.id, what, { personal, shown });
  } catch {
    feedback.show("refused", words.not_saved, [feedback.button(words.close, "", feedback.hide)]);
    return false;
  }
  await show();
  const count = what.head_count || what.quantity;
  if (left < what.quantity) {
    feedback.show("warning", words.beyond_stock, [feedback.button(words.close, "", feedback.hide)]);
  } else {
    feedback.show("saved", fill(words.saved, { who: label, count }));
  }
  sender.send();
  return true;
}

async function logPerson(person, more) {
  const item = thing();
  const what = { item_id: item.item_id, quantity: 1, head_count: 1, group_id: person.group_id, ...more.said };
  if (person.person_id) what.person_id = person.person_id;
  const isLogged = await log(what, { label: person.name, personal: more.personal });
  if (isLogged) open("log");
  return isLogged;
}

function showPerson() {
  open("people");
  people.begin(entries);
}

async function undo(entry) {
  if (isRepeat(entry.id)) return;
  try {
    await takeBack(entry, words.undo_reason);
  } catch {
    feedback.show("refused", words.not_taken_back, [feedback.button(words.close, "", feedback.hide)]);
    return;
  }
  await show();
  feedback.show("saved", words.taken_back);
  sender.send();
}

async function show() {
  entries = await store.entriesOf(event.id);
  const item = thing();
  const count = countOf(event, entries);
  const left = item ? leftOf(event, entries, item.item_id) : 0;
  $("left").textContent = item ? Math.max(0, left) : "–";
  $("left-label").textContent = item ? fill(words.left, { item: item.name }) : words.nothing;
  $("left-box").classList.toggle("counter--empty", left <= 0);
  $("count").textContent = count.all;
  for (const element of $("groups").children) {
    element.querySelector("[data-part=count]").textContent = count.groups[element.dataset.group] ?? 0;
  }
  $("not-open").hidden = event.event.state === "open";
  $("not-open").textContent = words[`is_${event.event.state}`] ?? "";
  const lines = await Promise.all(latest(entries, LATEST).map(entryLine));
  $("entries").replaceChildren(...lines);
  $("no-entries").hidden = lines.length > 0;
  await showUndo(latest(entries, 1)[0]);
  await showStatus();
}

async function nameOf(entry) {
  if (entry.shown.person_id) return people.nameOf(entry.shown.person_id) ?? words.somebody;
  if (entry.personal) return (await unseal(entry.personal))?.new_person?.name ?? words.somebody;
  return event.groups.find(({ id }) => id === entry.shown.group_id)?.name ?? "";
}

async function entryLine(entry) {
  const line = $("entry").content.cloneNode(true).firstElementChild;
  const set = (part, text) => { line.querySelector(`[data-part=${part}]`).textContent = text; };
  set("at", hour(entry.shown.at));
  set("who", await nameOf(entry));
  set("count", entry.shown.head_count ? `+${entry.shown.head_count}` : "");
  set("what", event.things.find((it) => it.item_id === entry.shown.item_id)?.name ?? "");
  line.classList.toggle("entry--waiting", entry.state === "waiting");
  line.classList.toggle("entry--flagged", Boolean(entry.flags?.length) || entry.code === "quarantined");
  set("state", entry.state === "waiting" ? words.on_phone : words[entry.code] ?? words.sent);
  line.querySelector("button").addEventListener("click", () => undo(entry));
  return line;
}

async function showUndo(entry) {
  $("undo-bar").hidden = !entry;
  if (!entry) return;
  $("undo-what").textContent = `${hour(entry.shown.at)} ${await nameOf(entry)}`;
  $("undo").onclick = () => undo(entry);
}

/* In words what waits and what was sent; never a symbol alone. */
async function showStatus() {
  const waits = await store.countWaiting();
  const oldest = waits ? (await store.waiting(1))[0] : null;
  const age = oldest ? Date.now() - oldest.kept_at : 0;
  const sent = entries.filter(({ state }) => state === "sent");
  const last = Math.max(0, ...sent.map((entry) => entry.sent_at));
  const text = [fill(words.waits, { count: waits }), fill(words.was_sent, { count: sent.length })];
  if (last) text.push(fill(words.last, { at: hour(last) }));
  $("status").textContent = text.join(" · ");
  $("status").className = `status ${age > VERY_LATE_MS ? "status--bad" : age > LATE_MS ? "status--late" : ""}`;
  const trouble = waits ? sender.troubleNow() : null;
  $("trouble").hidden = !trouble;
  $("trouble-words").textContent = trouble ? fill(words[trouble], { count: waits }) : "";
  $("sign-in").hidden = trouble !== "signed_out";
  $("leave").disabled = waits > 0;
  $("leave-why").hidden = waits === 0;
  const ready = event && fill(canSeal() || !event.asks.named ? words.ready : words.ready_without_names, { at: hour(event.ready_at) });
  $("ready").textContent = ready || "";
}

/* What the server said about entries stays until somebody has read it. */
async function afterSending(answer) {
  if (!event) return;
  event = await store.event(event.id) ?? event;
  await show();
  const doubtful = answer?.results?.filter(({ code }) => !["created", "duplicate", "retry"].includes(code)) ?? [];
  if (doubtful.length && !feedback.isShown("refused")) {
    feedback.show("warning", fill(words.doubtful, { count: doubtful.length }), [feedback.button(words.close, "", feedback.hide)]);
  }
  if (!(await store.countWaiting())) updateNow();
}

/* The phone's own matters: hand, sound, the queue as a file, leaving */

async function setUpPreferences() {
  for (const [name, fallback] of [["hand", "right"], ["sound", "on"]]) {
    const value = await store.fact(name) ?? fallback;
    document.documentElement.dataset[name] = value;
    for (const input of document.querySelectorAll(`input[name="${name}"]`)) {
      input.checked = input.value === value;
      input.addEventListener("change", () => {
        document.documentElement.dataset[name] = input.value;
        store.keepFact(name, input.value);
      });
    }
  }
}

async function saveQueue() {
  const kept = (await store.allEntries()).filter(({ state }) => state === "waiting");
  const said = await Promise.all(kept.map(async (entry) => (
    { ...JSON.parse(entry.body), seq: entry.seq, ...(await unseal(entry.personal)) }
  )));
  const content = { format: "carecampaign-queue", version: 1, phone_id: await store.fact("phone_id"), entries: said };
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([JSON.stringify(content)], { type: "application/json" }));
  link.download = `carecampaign-${localInstant().slice(0, 16).replaceAll(":", "")}.json`;
  link.click();
  URL.revokeObjectURL(link.href);
}

/* Leave this phone as it was found; only when nothing waits. */
async function leave() {
  if (await store.countWaiting()) return;
  for (const kept of await store.allEvents()) await store.dropEvent(kept.id);
  await store.dropFact("vault");
  await store.dropFact("event");
  $("leave-form").submit();
}

/* A newer page takes over only when nothing waits any more. */
let newer = null;

function updateNow() {
  newer?.postMessage("take over");
}

async function install() {
  if (!("serviceWorker" in navigator)) {
    $("no-worker").hidden = false;
    return;
  }
  const registration = await navigator.serviceWorker.register("/v/sw.js", { scope: "/v/" });
  const offer = async (worker) => {
    newer = worker;
    if (!(await store.countWaiting())) updateNow();
  };
  if (registration.waiting) offer(registration.waiting);
  navigator.serviceWorker.ready.then(({ active }) => whenIdle(() => active.postMessage("idle")));
  registration.addEventListener("updatefound", () => {
    const coming = registration.installing;
    coming.addEventListener("statechange", () => {
      if (coming.state === "installed" && navigator.serviceWorker.controller) offer(coming);
    });
  });
}

const whenIdle = globalThis.requestIdleCallback ?? ((work) => setTimeout(work, 3_000));

function listen() {
  $("by-name").addEventListener("click", showPerson);
  $("choice").addEventListener("input", showChoice);
  $("other-event").addEventListener("click", async () => { await store.dropFact("event"); history.replaceState(null, "", "/v/"); location.reload(); });
  $("send-now").addEventListener("click", sender.sendNow);
  $("trouble-again").addEventListener("click", sender.sendNow);
  $("save-queue").addEventListener("click", saveQueue);
  $("leave").addEventListener("click", leave);
  $("own").addEventListener("click", () => open("own"));
  for (const back of document.querySelectorAll("[data-back]")) back.addEventListener("click", () => open(event ? "log" : "choose"));
  document.addEventListener("keydown", (press) => {
    const isTyping = press.target.closest("input, select, textarea");
    const index = Number(press.key) - 1;
    if (isTyping || press.ctrlKey || press.metaKey || press.altKey || !event || $("log").hidden) return;
    if (index >= 0 && index < event.groups.length) tapGroup(event.groups[index]);
  });
}

async function keepAwake() {
  try {
    await navigator.wakeLock?.request("screen");
  } catch {
    // It saves its battery: nothing lost.
  }
}

async function begin() {
  listen();
  try {
    if (!(await store.fact("phone_id"))) await store.keepFact("phone_id", uuidv7());
    await setUpPreferences();
  } catch {
    feedback.show("refused", words.keeps_nothing);
    return;
  }
  navigator.storage?.persist?.();
  install().catch(() => { $("no-worker").hidden = false; });
  sender.start(afterSending);
  await wipe();
  await chooseEvent();
  setInterval(() => { if (event && !document.hidden) refresh(event.id); }, REFRESH_MS);
  setInterval(() => { if (event) showStatus(); }, REFRESH_MS);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) keepAwake(); });
  keepAwake();
}

begin();
