/* Sends what waits, oldest first, until the server has acknowledged each of it. */

import { uuidv7 } from "../vendor/uuidv7.js";
import * as store from "./store.js";
import { unseal } from "./vault.js";

const MOST_AT_ONCE = 100;
const PATIENCE_MS = 20_000;
const EVERY_MS = 15_000;
const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 5 * 60_000;
const KEPT_MS = 72 * 3_600_000;

/* Why sending stopped: "offline", "signed_out", or null while all is well. */
let trouble = null;
let pause = 0;
let notBefore = 0;
let size = MOST_AT_ONCE;
let isSending = false;
let tell = () => {};

export const troubleNow = () => trouble;

/* Begin: "changed" is called with what the server said, after each of its answers. */
export function start(changed) {
  tell = changed;
  setInterval(send, EVERY_MS);
  addEventListener("online", sendNow);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) sendNow(); });
  sendNow();
}

/* At a person's wish, or with the network back: without waiting any longer. */
export function sendNow() {
  notBefore = 0;
  return send();
}

/* Of all tabs one sends at a time. */
export async function send() {
  if (isSending || Date.now() < notBefore) return;
  isSending = true;
  try {
    if (navigator.locks) {
      await navigator.locks.request("carecampaign-sender", { ifAvailable: true }, (lock) => lock && drain());
    } else {
      await drain();
    }
  } finally {
    isSending = false;
  }
}

async function drain() {
  for (;;) {
    const entries = await store.waiting(size);
    if (!entries.length) return;
    let answer;
    try {
      answer = await post(entries);
    } catch (error) {
      if (error instanceof TooMuch && size > 1) {
        size = Math.ceil(size / 2);
        continue;
      }
      trouble = error instanceof SignedOut ? "signed_out" : "offline";
      rest();
      tell(null);
      return;
    }
    trouble = null;
    pause = 0;
    const isAllTaken = await take(entries, answer);
    tell(answer);
    if (!isAllTaken) {
      rest();
      return;
    }
  }
}

/* Twice as long each time, and never all phones at the same moment. */
function rest() {
  pause = Math.min(LONGEST_PAUSE_MS, pause ? pause * 2 : FIRST_PAUSE_MS);
  notBefore = Date.now() + pause * (0.75 + Math.random() / 2);
}

class SignedOut extends Error {}
class TooMuch extends Error {}

async function post(entries) {
  const batchId = uuidv7();
  const said = {
    protocol: 1,
    batch_id: batchId,
    phone_id: await store.fact("phone_id"),
    sent_at: new Date().toISOString(),
    queue_length: await store.countWaiting(),
    entries: await Promise.all(entries.map(whole)),
  };
  const response = await fetch("/api/v1/sync", {
    method: "POST",
    redirect: "manual",
    cache: "no-store",
    signal: AbortSignal.timeout(PATIENCE_MS),
    headers: {
      "Content-Type": "application/json",
      Accept: "application/json",
      "X-CareCampaign": "phone",
    },
    body: JSON.stringify(said),
  });
  if (response.type === "opaqueredirect" || [401, 403].includes(response.status)) throw new SignedOut();
  if (response.status === 413) throw new TooMuch();
  if (!response.ok) throw new Error(`status ${response.status}`);
  // A network's own sign-in page answers 200 as well: only our own answer counts.
  const answer = await response.json();
  if (answer.batch_id !== batchId || !Array.isArray(answer.results)) throw new Error("not ours");
  return answer;
}

/* The entry as it goes out: what is personal is opened for it only now. */
async function whole(entry) {
  return { ...JSON.parse(entry.body), seq: entry.seq, ...(await unseal(entry.personal)) };
}

/* Note what was taken; say whether that is all of what was sent. */
async function take(entries, answer) {
  const sent = new Set(entries.map(({ id }) => id));
  const taken = answer.results.filter(({ id, code }) => sent.has(id) && code !== "retry");
  const now = Date.now();
  await store.noteAnswers(Object.fromEntries(taken.map((it) => [it.id, it])), now);
  await store.forgetSent(now - KEPT_MS);
  await followEpoch(answer.epoch, now);
  for (const [id, stock] of Object.entries(answer.stock ?? {})) {
    await store.changeEvent(Number(id), (kept) => ({
      ...kept,
      stock_at: now,
      things: kept.things.map((it) => ({ ...it, on_hand: stock[it.item_id] ?? it.on_hand })),
    }));
  }
  return taken.length === entries.length;
}

/* A server that was set back to a backup gets again what it may have lost. */
export async function followEpoch(epoch, now = Date.now()) {
  const before = await store.fact("epoch");
  if (before !== undefined && before !== epoch) await store.sendAgain(now - KEPT_MS);
  if (before !== epoch) await store.keepFact("epoch", epoch);
}
