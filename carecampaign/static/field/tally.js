/* What the figures are as far as this phone knows: what the server said, and what it cannot know. */

/* Entries that the server's figures of this moment do not hold yet. */
const isBeyond = (entry, at) => entry.state === "waiting" || entry.sent_at > at;

const isIssue = ({ kind }) => kind === "issue";

/* Signed by kind: a void takes back what it voids. */
function* effects(entries, at) {
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  for (const entry of entries) {
    if (!isBeyond(entry, at)) continue;
    const shown = isIssue(entry) ? entry.shown : byId.get(entry.voids)?.shown;
    if (shown) yield { ...shown, sign: isIssue(entry) ? 1 : -1 };
  }
}

/* Give what is left of a thing; it may be below nothing: then more went out than the books have. */
export function leftOf(event, entries, itemId) {
  const thing = event.things.find((it) => it.item_id === itemId);
  let left = thing?.on_hand ?? 0;
  for (const { item_id: item, quantity, sign } of effects(entries, event.stock_at)) {
    if (item === itemId) left -= sign * quantity;
  }
  return left;
}

/* Give the person-times of all, and of each group. */
export function countOf(event, entries) {
  const count = { all: event.count.person_times, groups: { ...event.count.by_group } };
  for (const { group_id: group, head_count: heads, sign } of effects(entries, event.counted_at)) {
    count.all += sign * heads;
    count.groups[group] = (count.groups[group] ?? 0) + sign * heads;
  }
  return count;
}

/* When somebody was served last, as far as is known here: an instant, or null. */
export function servedAt(person, entries) {
  const voided = new Set(entries.map((entry) => entry.voids));
  const here = entries.findLast((it) => it.shown?.person_id === person.person_id && !voided.has(it.id));
  return here?.shown.at ?? person.served_at;
}

/* The latest entries that stand, newest first. */
export function latest(entries, most) {
  const voided = new Set(entries.map((entry) => entry.voids));
  return entries.filter((it) => isIssue(it) && !voided.has(it.id)).slice(-most).reverse();
}
