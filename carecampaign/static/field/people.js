/* Handing out by name: found among the eligible, asked what the campaign asks, then logged. */

import * as feedback from "./feedback.js";
import { readCards } from "./cards.js";
import { signature } from "./signature.js";
import { servedAt } from "./tally.js";

const MOST_FOUND = 8;

const $ = (id) => document.getElementById(id);
const plain = (text) => text.normalize("NFKC").toLowerCase().replace(/\s+/g, "");

let known = [];
let event = null;
let entries = [];
let page = null;
let pad = null;
let chosen = null;

/* Only in memory: on the disk the list is sealed. */
export async function know(list) {
  known = list.map((person) => ({ ...person, keys: [person.name, person.pinyin, person.initials].map((key) => plain(key ?? "")) }));
}

export const nameOf = (id) => known.find(({ person_id: own }) => own === id)?.name;

export function setUp(opened, tools) {
  event = opened;
  page = tools;
  const { occupations = [], notice, signature: isSigned } = event.asks;
  $("new-occupation").replaceChildren(...occupations.map(({ id, name }) => new Option(name, id)));
  $("notice").hidden = !notice;
  $("notice-text").textContent = notice?.text ?? "";
  $("consents").replaceChildren(...(notice?.consents ?? []).map(consentLine));
  $("signature-box").hidden = !isSigned;
}

function consentLine({ kind, words, is_required: isRequired }) {
  const element = $("consent").content.cloneNode(true).firstElementChild;
  Object.assign(element.querySelector("input"), { name: kind, required: isRequired });
  element.querySelector("span").textContent = words;
  return element;
}

export function begin(all) {
  entries = all;
  $("people-search").value = "";
  showFound();
  step("find");
  $("people-search").focus();
}

function step(name) {
  for (const part of document.querySelectorAll("[data-step]")) part.hidden = part.dataset.step !== name;
}

function find(text) {
  const wanted = plain(text);
  if (!wanted) return [];
  return known.filter(({ keys }) => keys.some((key) => key.includes(wanted))).slice(0, MOST_FOUND);
}

function showFound() {
  const text = $("people-search").value;
  const found = find(text);
  $("people-found").replaceChildren(...found.map(personButton));
  $("people-none").hidden = found.length > 0 || !text.trim();
}

function personButton(person) {
  const element = feedback.button("", "button--wide", () => choose(person));
  const name = document.createElement("strong");
  name.textContent = person.name;
  element.append(name);
  const served = servedAt(person, entries);
  const more = [person.employer, served && page.fill(page.words.served, { at: page.hour(served) })].filter(Boolean).join(" · ");
  if (more) element.append(document.createElement("br"), more);
  element.classList.toggle("button--warning", Boolean(served));
  return element;
}

/* Somebody found: "already served" is said before anything is handed over. */
function choose(person) {
  chosen = person;
  const served = servedAt(person, entries);
  $("person-name").textContent = person.name;
  $("person-served").hidden = !served;
  $("person-served").textContent = served ? page.fill(page.words.served_before, { at: page.hour(served) }) : "";
  $("person-give").textContent = served ? page.words.given_all_the_same : page.words.hand_out;
  $("proxy").open = false;
  $("proxy").querySelectorAll("input").forEach((input) => { input.value = ""; });
  step("person");
  startPad();
}

async function startPad() {
  if (!event.asks.signature) return;
  pad ??= await signature($("signature"));
  pad.clear();
}

function proxy() {
  const [name, relation, reason] = ["proxy-name", "proxy-relation", "proxy-reason"].map((id) => $(id).value.trim());
  return name ? { name, relation, reason } : undefined;
}

/* What the campaign asks for beside the name; null when something of it is missing. */
function evidence() {
  const collected = proxy();
  if ($("proxy").open && !(collected?.name && collected.relation)) {
    feedback.show("warning", page.words.proxy_missing);
    return null;
  }
  const personal = {};
  if (collected) personal.proxy = collected;
  if (event.asks.signature && pad && !pad.isEmpty()) personal.signature = pad.image();
  return personal;
}

async function giveToChosen() {
  const personal = evidence();
  if (!personal) return;
  const more = Object.keys(personal).length ? personal : undefined;
  await page.log(chosen, { said: {}, personal: more });
}

/* Somebody who is not on the list: as little as needed, with the notice first. */
async function addNew(submit) {
  submit.preventDefault();
  const form = submit.target;
  const given = [...$("consents").querySelectorAll("input:checked")].map(({ name }) => name);
  const occupation = event.asks.occupations.find(({ id }) => String(id) === form.elements.occupation.value);
  const person = { name: form.elements.name.value.trim(), group_id: occupation?.group_id };
  const personal = {
    ...evidence(),
    new_person: {
      name: person.name,
      occupation_id: occupation?.id,
      employer: form.elements.employer.value.trim(),
      ...(event.asks.notice ? { consents: { version: event.asks.notice.version, given } } : {}),
    },
  };
  if (await page.log(person, { said: {}, personal })) form.reset();
}

/* A card: the person where the list knows it, else the code goes along and the server looks. */
async function useCard(code) {
  const digest = await cardHash(code);
  const [, id] = event.cards?.find(([hash]) => hash === digest) ?? [];
  const person = known.find(({ person_id: own }) => own === id);
  if (person) choose(person);
  else feedback.show("warning", page.words.card_unknown);
}

async function cardHash(code) {
  if (!globalThis.crypto?.subtle) return null;
  const bytes = new TextEncoder().encode(code.trim().replace(/^.*\/c\//, "").replaceAll("-", "").toUpperCase());
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...digest.slice(0, 8)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

$("people-search").addEventListener("input", showFound);
$("person-give").addEventListener("click", giveToChosen);
$("person-back").addEventListener("click", () => step("find"));
$("people-new").addEventListener("click", () => { step("new"); startPad(); });
$("new-form").addEventListener("submit", addNew);
$("new-back").addEventListener("click", () => step("find"));
$("signature-clear").addEventListener("click", () => pad?.clear());
$("card-typed").addEventListener("submit", (submit) => { submit.preventDefault(); useCard($("card-code").value); });
$("card-scan").addEventListener("click", () => readCards($("card-video"), useCard, () => feedback.show("warning", page.words.no_camera)));
$("people-close").addEventListener("click", () => page.close());
