/* Makes entries out of taps. An entry never changes: what was wrong is taken back by another. */

import { uuidv7 } from "../vendor/uuidv7.js";
import * as store from "./store.js";
import { seal } from "./vault.js";

const SCHEMA = 1;
const boot = uuidv7();

/* The instant as the phone's own clock has it, with how far that is from UTC. */
export function localInstant(date = new Date()) {
  const minutes = -date.getTimezoneOffset();
  const shifted = new Date(date.getTime() + minutes * 60_000).toISOString().slice(0, -1);
  const [hours, rest] = [Math.trunc(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  const two = (number) => String(number).padStart(2, "0");
  return `${shifted}${minutes < 0 ? "-" : "+"}${two(hours)}:${two(rest)}`;
}

/* Keep a handing over. "what" is said to the server, "personal" sealed until then, "shown" is
   what the list on the phone needs. Gives the entry once it is on the disk. */
export async function give(eventId, what, { personal, shown }) {
  const sealed = personal && await seal(personal);
  return keep(eventId, "issue", what, { personal: sealed, shown });
}

/* Take an entry back, by an entry of its own. */
export function takeBack(entry, reason) {
  return keep(entry.event_id, "void", { voids: entry.id, reason }, { voids: entry.id });
}

function keep(eventId, kind, what, more) {
  const id = uuidv7();
  const at = localInstant();
  const said = { id, kind, schema: SCHEMA, at, mono: Math.round(performance.now()), boot, event_id: eventId, ...what };
  return store.append(() => ({ id, kind, event_id: eventId, body: JSON.stringify(said), ...more, kept_at: Date.now() }));
}
