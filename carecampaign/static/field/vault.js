/* What is personal lies on the phone under a key that nobody can read out of the browser.

   Browsers offer it over https (and on this very machine) only; elsewhere nothing personal is
   kept but what waits to be sent. */

import { fact, keepFact } from "./store.js";

const KEY = "vault";
const ALGORITHM = { name: "AES-GCM", length: 256 };

export const canSeal = () => Boolean(globalThis.crypto?.subtle);

async function key() {
  const kept = await fact(KEY);
  if (kept) return kept;
  const made = await crypto.subtle.generateKey(ALGORITHM, false, ["encrypt", "decrypt"]);
  await keepFact(KEY, made);
  return made;
}

/* Seal a value that JSON can say; without a key it is marked as open. */
export async function seal(value) {
  const text = JSON.stringify(value);
  if (!canSeal()) return { open: text };
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const bytes = new TextEncoder().encode(text);
  return { iv, bytes: await crypto.subtle.encrypt({ ...ALGORITHM, iv }, await key(), bytes) };
}

/* Give back what was sealed; undefined for nothing. */
export async function unseal(sealed) {
  if (!sealed) return undefined;
  if (sealed.open !== undefined) return JSON.parse(sealed.open);
  const bytes = await crypto.subtle.decrypt(
    { ...ALGORITHM, iv: sealed.iv }, await key(), sealed.bytes,
  );
  return JSON.parse(new TextDecoder().decode(bytes));
}
