/* What stays on the phone: entries until the server has them, and what an event needs off-line.

   "entries"  by id: what was tapped, in the order of "seq"; state "waiting" or "sent"
   "events"   by id: the working set of an event, as the server gave it
   "facts"    by key: this phone's id, the last seq, the epoch, the key for what is personal */

const NAME = "carecampaign-phone";
const VERSION = 1;

let opening = null;

function open() {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      const entries = request.result.createObjectStore("entries", { keyPath: "id" });
      entries.createIndex("state", ["state", "seq"]);
      entries.createIndex("event", ["event_id", "seq"]);
      request.result.createObjectStore("events", { keyPath: "id" });
      request.result.createObjectStore("facts");
    };
    request.onsuccess = () => {
      // Another tab has a newer page: let it go on, this one opens anew when it is used.
      request.result.onversionchange = () => { request.result.close(); opening = null; };
      request.result.onclose = () => { opening = null; };
      resolve(request.result);
    };
    request.onerror = () => reject(request.error);
  });
  opening.catch(() => { opening = null; });
  return opening;
}

/* Do work in one transaction; what it gives is given once everything is on the disk. */
async function within(stores, mode, work) {
  const database = await open();
  const transaction = database.transaction(stores, mode, { durability: "strict" });
  return new Promise((resolve, reject) => {
    let given;
    transaction.oncomplete = () => resolve(given);
    transaction.onabort = () => reject(transaction.error ?? new Error("aborted"));
    const give = (value) => { given = value; };
    try {
      work(...stores.map((name) => transaction.objectStore(name)), give);
    } catch (error) {
      transaction.abort();
      reject(error);
    }
  });
}

const read = (stores, work) => within(stores, "readonly", work);
const write = (stores, work) => within(stores, "readwrite", work);

/* Go on with what was read; what fails there undoes the whole transaction. */
function then(request, use) {
  request.onsuccess = () => {
    try {
      use(request.result);
    } catch {
      request.transaction.abort();
    }
  };
}

/* Facts */

export const fact = (key) => read(["facts"], (facts, give) => then(facts.get(key), give));
export const keepFact = (key, value) => write(["facts"], (facts) => facts.put(value, key));
export const dropFact = (key) => write(["facts"], (facts) => facts.delete(key));

/* Entries */

/* Keep what was tapped under the next number; "make" gives it for that number. */
export function append(make) {
  return write(["entries", "facts"], (entries, facts, give) => {
    then(facts.get("seq"), (last = 0) => {
      const entry = { ...make(last + 1), seq: last + 1, state: "waiting" };
      facts.put(last + 1, "seq");
      entries.add(entry);
      give(entry);
    });
  });
}

const FIRST_TO_LAST = (first) => IDBKeyRange.bound([first, 0], [first, Infinity]);

/* The oldest entries that wait, at most so many. */
export const waiting = (most) => read(["entries"], (entries, give) => {
  then(entries.index("state").getAll(FIRST_TO_LAST("waiting"), most), give);
});

export const countWaiting = () => read(["entries"], (entries, give) => {
  then(entries.index("state").count(FIRST_TO_LAST("waiting")), give);
});

export const entriesOf = (eventId) => read(["entries"], (entries, give) => {
  then(entries.index("event").getAll(FIRST_TO_LAST(eventId)), give);
});

export const allEntries = () => read(["entries"], (entries, give) => {
  then(entries.index("state").getAll(), (rows) => give(rows.sort((a, b) => a.seq - b.seq)));
});

/* Note what the server said of entries: {id: {code, flags}}; "sent" ones no longer wait. */
export function noteAnswers(answers, at) {
  return write(["entries"], (entries) => {
    for (const [id, { code, flags }] of Object.entries(answers)) {
      then(entries.get(id), (entry) => {
        if (entry) entries.put({ ...entry, state: "sent", sent_at: at, code, flags });
      });
    }
  });
}

/* Let go of what the server has had for so long; the rest waits again where it has forgotten. */
export function forgetSent(before) {
  return eachSent((entry, entries) => { if (entry.sent_at < before) entries.delete(entry.id); });
}

export function sendAgain(since) {
  return eachSent((entry, entries) => {
    if (entry.sent_at >= since) entries.put({ ...entry, state: "waiting" });
  });
}

function eachSent(use) {
  return write(["entries"], (entries) => {
    then(entries.index("state").getAll(FIRST_TO_LAST("sent")), (rows) => {
      rows.forEach((row) => use(row, entries));
    });
  });
}

/* Events */

export const keepEvent = (event) => write(["events"], (events) => events.put(event));
export const event = (id) => read(["events"], (events, give) => then(events.get(id), give));
export const allEvents = () => read(["events"], (events, give) => then(events.getAll(), give));
export const dropEvent = (id) => write(["events"], (events) => events.delete(id));

/* Change the working set that is kept, as it is by then. */
export const changeEvent = (id, change) => write(["events"], (events) => {
  then(events.get(id), (kept) => { if (kept) events.put(change(kept)); });
});
